"""Intake: which matters and places are offered, duplicates, checking, registering once."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from tests.web.district import (
    ADDRESS,
    AREA,
    AREA_2,
    COMMUNITY,
    RESIDENT,
    SUMMARY,
    TELEPHONE,
    THEIR_AREA,
    District,
    at,
    png,
    registration,
)
from tests.web.forms import Browser, Page
from workflows.rights import EVERYWHERE

NEW = "/affairs/new?matter=CG02"
CHECK, REGISTER, EDIT = "下一步：核对", "确认登记", "返回修改"
FILLED: dict[str, Any] = {
    "own__source": "hall",
    "own__summary": SUMMARY,
    "own__applicant": RESIDENT,
    "own__telephone": TELEPHONE,
    "own__address": ADDRESS,
}


@pytest.fixture
def worker(fresh: District) -> Browser:
    return Browser(fresh, "linxiaohe")


def checked(browser: Browser, **changes: Any) -> Page:
    """The page on which the answers are checked."""
    page = browser.send(browser.look(NEW), CHECK, **{**FILLED, **changes})
    assert page.errors == [], page.errors
    return page


def spoken(page: Page) -> str:
    return " ".join(page.text.split())


def affairs(district: District) -> int:
    """How many there are."""
    listed = district.api("liheng", "GET", "/affairs?open=all").json()
    return len(listed["items"])


# --- what is offered ---------------------------------------------------------------------------


def test_matters_are_told_by_line_with_their_materials_and_limits(worker: Browser) -> None:
    page = worker.look("/affairs/new")

    assert page.links["CG02 暴露垃圾与保洁"] == "/affairs/new?matter=CG02"
    assert "现场照片、位置" in page.text
    assert "处置 4 个工作小时" in page.text
    assert "处置 20 个工作日" in page.text


PLACES = [
    ("linxiaohe", {AREA}),
    ("suqing", {AREA, AREA_2, COMMUNITY}),
    ("renhe", {AREA, AREA_2, COMMUNITY}),
    ("zhenglan", {AREA, AREA_2, COMMUNITY, THEIR_AREA, "370103008002"}),
    ("wanglei", {THEIR_AREA}),
]


@pytest.mark.parametrize(("account", "places"), PLACES)
def test_the_places_offered_are_those_within_reach(
    district: District, account: str, places: set[str]
) -> None:
    page = Browser(district, account).look(NEW)

    assert set(page.options["own-unit"]) - {""} == places
    assert page.values["own-unit"] == ([*places] if len(places) == 1 else [""])


@pytest.mark.parametrize("account", ["hemei", "bailu", "shilei", "anning", "mengzhu", "hansong"])
def test_who_may_not_register_is_told_so(district: District, account: str) -> None:
    for path in ("/affairs/new", NEW):
        page = Browser(district, account).look(path)
        assert page.status == 403
        assert "没有权限" in page.text


@pytest.mark.parametrize(
    ("matter", "status"), [("CG99", 404), ("ZZ01", 404), ("cg01", 422), ("x", 422)]
)
def test_a_matter_that_is_none_is_not_found(district: District, matter: str, status: int) -> None:
    page = Browser(district, "linxiaohe").look(f"/affairs/new?matter={matter}")

    assert page.status == status


# --- filled in, checked, registered ------------------------------------------------------------


def test_answers_are_read_back_before_anything_is_stored(fresh: District, worker: Browser) -> None:
    page = checked(worker, own__summary="门口有垃圾\n第二天了", place="116.99，36.65")

    text = spoken(page)
    told = ("服务大厅", "第一片区", "门口有垃圾", "第二天了", RESIDENT, TELEPHONE, ADDRESS)
    for said in (*told, "照片没有填"):
        assert said in text
    assert affairs(fresh) == 0

    done = worker.send(page, REGISTER)
    assert "已登记，编号 CG-2011-0001。现在轮到您" in spoken(done)
    assert "期限 2011年7月26日 24:00" in spoken(done)
    affair = fresh.api("linxiaohe", "GET", "/affairs/CG-2011-0001").json()
    assert affair["matter"] == "CG02"
    assert affair["source"] == "hall"
    assert affair["area"]["code"] == AREA
    assert affair["summary"] == "门口有垃圾\n第二天了"
    assert affair["contact_wish"] == "contact"
    assert affair["facts"] == {"place": "116.99,36.65"}


def test_going_back_keeps_everything(fresh: District, worker: Browser) -> None:
    page = worker.look(NEW)
    check = worker.send(
        page, CHECK, files=[("photos", ("gate.png", png()))], **FILLED, place="116.99,36.65"
    )

    back = worker.send(check, EDIT)

    assert back.status == 200
    assert back.errors == []
    assert back.values["own-summary"] == [SUMMARY]
    assert back.values["own-applicant"] == [RESIDENT]
    assert back.values["own-source"] == ["hall"]
    (photo,) = back.values["photos.kept"]
    done = worker.send(worker.send(back, CHECK, own__source="phone"), REGISTER)
    affair = fresh.api("linxiaohe", "GET", "/affairs/CG-2011-0001").json()
    assert affair["source"] == "phone"
    assert affair["attachments"] == [photo]
    assert f"/attachments/{photo}" in done.links.values()


def test_a_community_without_area_can_be_chosen(fresh: District) -> None:
    desk = Browser(fresh, "suqing")

    desk.send(checked(desk, own__unit=COMMUNITY), REGISTER)

    affair = fresh.api("suqing", "GET", "/affairs/CG-2011-0001").json()
    assert affair["area"] is None
    assert affair["community"]["code"] == COMMUNITY


def test_who_takes_in_for_others_learns_the_number_and_no_more(fresh: District) -> None:
    mediator = Browser(fresh, "renhe")

    done = mediator.send(checked(mediator, own__unit=AREA), REGISTER)

    assert done.status == 200
    assert "已记录在 CG-2011-0001" in done.text
    assert mediator.look("/affairs/CG-2011-0001").status == 404


WRONG = [
    ({"own__summary": " "}, "#f-own-summary", "请填写反映内容"),
    ({"own__source": "reaction"}, "#f-own-source", "来源：应为下列之一"),
    ({"own__source": ""}, "#f-own-source", "请选择来源"),
    ({"own__unit": AREA_2}, "#f-own-unit", "请选择片区或社区"),
    ({"own__unit": ""}, "#f-own-unit", "请选择片区或社区"),
    ({"own__telephone": "没有"}, "#f-own-telephone", "电话：应为一个电话号码：手机，或座机如 0531"),
    (
        {"own__telephone": "12345"},
        "#f-own-telephone",
        "电话：应为一个电话号码：手机，或座机如 0531",
    ),
    ({"own__applicant": "一" * 201}, "#f-own-applicant", "反映人：至多 200 字"),
    ({"own__contact_wish": "anonymous"}, "#f-own-applicant", "反映人：居民要求匿名，此项应留空"),
    ({"own__occurred_at": "2011-07-25T16:11"}, "#f-own-occurred_at", "发生时间"),
    (
        {"own__occurred_at": "2011-06-30T09:00"},
        "#f-own-occurred_at",
        "反映时间：应不早于 2011-07-01：条线 CG 自该日起施行",
    ),
    ({"own__occurred_at": "刚才"}, "#f-own-occurred_at", "反映时间：应为日期和时间"),
    ({"place": "门口"}, "#f-place", "位置：应为经度和纬度"),
    ({"filed_on_behalf": "yes"}, "#f-behalf_ground", "请填写代办缘由"),
    (
        {"filed_on_behalf": "yes", "behalf_ground": "卧床", "own__applicant": ""},
        "#f-own-applicant",
        "请填写反映人",
    ),
]


UNREACHED = {"applicant": "", "telephone": "", "address": ""}


def test_who_may_be_contacted_can_be_reached_and_all_that_lacks_is_told_at_once(
    district: District,
) -> None:
    browser = Browser(district, "linxiaohe")
    left_out = {f"own__{name}": text for name, text in UNREACHED.items()}

    page = browser.send(
        browser.look(NEW), CHECK, **{**FILLED, **left_out, "filed_on_behalf": "yes"}
    )

    assert page.status == 422
    assert page.errors == [
        ("#f-own-applicant", "请填写反映人"),
        ("#f-own-telephone", "电话：居民可以联系的，要有电话；没有电话的，写明地址"),
        ("#f-behalf_ground", "请填写代办缘由"),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (UNREACHED, "telephone"),
        ({"record": {"filed_on_behalf": True}}, "behalf_ground"),
        ({"applicant": "", "record": {"filed_on_behalf": True}}, "applicant"),
    ],
)
def test_the_interface_says_the_same(
    district: District, changes: dict[str, Any], field: str
) -> None:
    answer = district.api("linxiaohe", "POST", "/affairs", json=registration(**changes))

    assert answer.status_code == 422
    assert answer.json()["field"] == field


@pytest.mark.parametrize(("changes", "where", "said"), WRONG)
def test_what_is_wrong_stands_beside_its_field_and_input_is_kept(
    district: District, changes: dict[str, Any], where: str, said: str
) -> None:
    browser = Browser(district, "linxiaohe")

    page = browser.send(browser.look(NEW), CHECK, **{**FILLED, **changes})

    assert page.status == 422
    assert page.title.startswith("错误：登记事务")
    ((address, words),) = page.errors
    assert address == where
    assert words.startswith(said)
    assert where[1:] in page.ids
    assert page.values["own-address"] == [ADDRESS]


def test_a_telephone_number_is_typed_as_people_type_it(fresh: District, worker: Browser) -> None:
    worker.send(checked(worker, own__telephone=" （０５３１）８２３４５６７８转801 "), REGISTER)

    row = fresh.house.queries.affair(EVERYWHERE, "CG-2011-0001")
    assert row.telephone is not None
    assert fresh.house.reveal(row.telephone, row.affair_id) == "(0531)82345678转801"


def test_a_telephone_field_says_what_it_takes(district: District) -> None:
    page = Browser(district, "linxiaohe").look(NEW)

    [(field, pattern)] = re.findall(
        r'(<input [^>]*type="tel" inputmode="tel" pattern="([^"]+)"[^>]*>)', page.answer.text
    )
    assert 'name="own-telephone"' in field
    for good in (TELEPHONE, "0531-82345678转801"):
        assert re.fullmatch(unescape(pattern), good)
    assert not re.fullmatch(unescape(pattern), "12345")


def test_registering_checks_anew(fresh: District, worker: Browser) -> None:
    page = checked(worker)
    page.values["own-summary"] = [""]

    refused = worker.send(page, REGISTER)

    assert refused.errors == [("#f-own-summary", "请填写反映内容")]
    assert affairs(fresh) == 0


def test_a_form_sent_twice_registers_once(fresh: District, worker: Browser) -> None:
    page = checked(worker)

    first, second = worker.post(page, REGISTER), worker.post(page, REGISTER)

    assert first.headers["location"] == second.headers["location"] == "/affairs/CG-2011-0001?done=1"
    assert affairs(fresh) == 1


def test_a_form_sent_again_with_other_answers_registers_nothing_more(
    fresh: District, worker: Browser
) -> None:
    page = checked(worker)
    worker.post(page, REGISTER)
    page.values["own-summary"] = ["另一件"]

    again = worker.send(page, REGISTER)

    assert "没有再办一次" in again.text
    assert affairs(fresh) == 1


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_intake_without_the_token_is_refused(fresh: District, worker: Browser, token: str) -> None:
    page = worker.look(NEW)

    assert worker.post(page, CHECK, **FILLED, form__token=token).status_code == 403
    assert worker.post(checked(worker), REGISTER, form__token=token).status_code == 403
    assert affairs(fresh) == 0


def test_an_input_that_was_not_asked_for_is_refused(district: District) -> None:
    browser = Browser(district, "linxiaohe")
    page = browser.look(NEW)
    page.values["own-origin_id"] = ["x"]

    assert browser.post(page, CHECK, **FILLED).status_code == 422


# --- duplicates --------------------------------------------------------------------------------


def test_an_open_affair_of_the_same_matter_and_place_is_shown_first(
    fresh: District, worker: Browser
) -> None:
    there = str(fresh.registered(matter="CG02")["number"])

    page = checked(worker)
    assert "三十天内有 1 件同类事务在办" in page.text
    assert page.links[f"{there}（在新窗口打开）"] == f"/affairs/{there}"

    refused = worker.send(page, REGISTER)
    assert refused.status == 422
    assert refused.title.startswith("错误：核对后登记")
    assert refused.errors == [("#apart", "请先确认不是同一件事")]
    assert affairs(fresh) == 1

    done = worker.send(refused, REGISTER, apart=there)
    assert "已登记，编号 CG-2011-0002" in done.text


def test_one_that_came_meanwhile_is_shown_too(fresh: District, worker: Browser) -> None:
    first = str(fresh.registered(matter="CG02")["number"])
    page = checked(worker)
    fresh.registered(matter="CG02")

    refused = worker.send(page, REGISTER, apart=first)

    assert refused.errors == [("#apart", "请先确认不是同一件事")]
    assert "三十天内有 2 件同类事务在办" in refused.text


def test_of_many_the_latest_five_are_shown_and_the_list_has_the_others(
    fresh: District, worker: Browser
) -> None:
    minutes = (11, 15, 12, 17, 13, 16, 14)
    numbers = [
        str(
            fresh.registered(matter="CG02", occurred_at=at(f"07-22 10:{one}").isoformat())["number"]
        )
        for one in minutes
    ]
    latest = [number for _, number in sorted(zip(minutes, numbers, strict=True), reverse=True)][:5]

    page = checked(worker)

    assert "三十天内有 7 件同类事务在办" in page.text
    shown = [words[:12] for words, address in page.links.items() if "/affairs/CG-" in address]
    assert shown == latest
    assert page.links["另有 2 件，见本条线的事务列表（在新窗口打开）"] == "/?line=CG"
    assert page.options["apart"] == [" ".join(latest)]
    assert set(numbers) <= set(worker.look("/?line=CG").text.split())

    done = worker.send(page, REGISTER, apart=" ".join(latest))
    assert "已登记，编号 CG-2011-0008" in done.text


def test_of_five_none_is_left_over(fresh: District, worker: Browser) -> None:
    for _ in range(5):
        fresh.registered(matter="CG02")

    assert "另有" not in checked(worker).text


@pytest.mark.parametrize(
    "other",
    [
        {"matter": "CG01"},
        {"area": AREA_2, "by": "chenyan"},
        {"area": THEIR_AREA, "by": "wanglei"},
        {"area": "", "community": COMMUNITY, "by": "suqing"},
    ],
)
def test_another_matter_or_place_is_no_duplicate(
    fresh: District, worker: Browser, other: dict[str, str]
) -> None:
    fresh.registered(**{"matter": "CG02", **other})

    assert "同类事务" not in checked(worker).text


def test_one_of_the_whole_community_is_told_to_whoever_chooses_it(fresh: District) -> None:
    fresh.registered("suqing", matter="CG02", area="", community=COMMUNITY)
    desk = Browser(fresh, "suqing")

    assert "三十天内有 1 件同类事务在办" in checked(desk, own__unit=COMMUNITY).text
    assert "同类事务" not in checked(desk, own__unit=AREA).text


def test_what_has_ended_or_is_long_ago_is_no_duplicate(fresh: District, worker: Browser) -> None:
    number = str(fresh.registered(matter="CG02")["number"])
    fresh.done("zhoumin", number, "steps/X9", "07-25 16:00", ground="moved_out", reason="搬走")
    assert "同类事务" not in checked(worker).text

    fresh.registered(matter="CG02")
    fresh.clock.at += timedelta(days=26)
    assert "三十天内有 1 件" in checked(worker).text
    fresh.clock.at += timedelta(days=2)
    assert "同类事务" not in checked(worker).text


def test_intake_is_in_english_too(fresh: District) -> None:
    fresh.registered(matter="CG02")
    browser = Browser(fresh, "linxiaohe", "en")

    page = browser.send(browser.look(NEW), "Next: check", **FILLED)

    assert "1 open affair of this matter and place" in page.text
    refused = browser.send(page, "Register")
    assert refused.title.startswith("Error: Check before you register")
    assert refused.errors == [("#apart", "Please confirm that it is another affair")]


@pytest.mark.parametrize(
    ("language", "button", "told"),
    [("zh", CHECK, "2011年7月22日 10:05"), ("en", "Next: check", "22 July 2011, 10:05")],
)
def test_a_time_is_read_back_as_the_page_tells_times(
    fresh: District, language: str, button: str, told: str
) -> None:
    browser = Browser(fresh, "linxiaohe", language)
    page = browser.look(NEW)

    check = browser.send(page, button, **FILLED, own__occurred_at="2011-07-22T10:05")

    assert f'<time datetime="2011-07-22T10:05:00+08:00">{told}</time>' in check.answer.text
    assert check.values["own-occurred_at"] == ["2011-07-22T10:05"]
