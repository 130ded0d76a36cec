"""The pages of an affair: the same 404 on each, masks, both languages, what cannot be read."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest

from tests.web.district import (
    AREA,
    CITY_MANAGEMENT,
    RESIDENT,
    SANITATION,
    TELEPHONE,
    THEIR_AREA,
    District,
    at,
    persuading,
    spoil,
    told,
)
from tests.web.test_pages import Seen

SUBPAGES = ("", "/timeline", "/materials", "/relations", "/history")


@pytest.fixture(scope="module")
def number(district: District) -> str:
    """The scrap heap up to the check of 25 July."""
    return told(district)


def text_of(district: District, path: str, by: str = "linxiaohe") -> str:
    """What a page says, spaces as people see them."""
    answer = district.page(by, path)
    assert answer.status_code == 200, answer.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


# --- rights and masks --------------------------------------------------------------------------


@pytest.mark.parametrize("page", SUBPAGES)
@pytest.mark.parametrize("account", ["wanglei", "chenyan", "hansong", "jumin"])
def test_every_page_of_a_foreign_affair_is_missing(
    district: District, number: str, page: str, account: str
) -> None:
    id_ = district.api("zhoumin", "GET", f"/affairs/{number}").json()["id"]
    for key in (number, id_):
        there = district.page(account, f"/affairs/{key}{page}")
        missing = district.page(account, f"/affairs/CG-1999-0001{page}")
        assert there.status_code == missing.status_code == 404
        assert there.text.replace(key, "") == missing.text.replace("CG-1999-0001", "")


@pytest.mark.parametrize("page", SUBPAGES)
@pytest.mark.parametrize("account", ["shilei", "anning", "mengzhu"])
def test_a_role_without_the_right_sees_no_page_of_an_affair(
    district: District, number: str, page: str, account: str
) -> None:
    for key in (number, "CG-1999-0001"):
        assert district.page(account, f"/affairs/{key}{page}").status_code == 403


@pytest.mark.parametrize("page", SUBPAGES)
def test_nobody_is_led_to_the_door_from_every_page(
    district: District, number: str, page: str
) -> None:
    answer = district.client.get(f"/affairs/{number}{page}", follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/signin?next=/affairs/{number}{page}"


@pytest.mark.parametrize("page", [*SUBPAGES, "/history?v=1", "/history?as_of=2011-07-22T11:00"])
@pytest.mark.parametrize("account", ["linxiaohe", "zhoumin", "gaoyuan", "liheng", "bailu"])
def test_no_page_of_an_affair_shows_a_person_in_clear(
    district: District, number: str, page: str, account: str
) -> None:
    answer = district.page(account, f"/affairs/{number}{page}")

    assert answer.status_code == 200
    assert RESIDENT not in answer.text
    assert TELEPHONE not in answer.text


@pytest.mark.parametrize("page", SUBPAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_says_what_it_is_and_is_reached_from_the_others(
    district: District, number: str, page: str, language: str
) -> None:
    answer = district.page(
        "linxiaohe", f"/affairs/{number}{page}", headers={"Accept-Language": language}
    )
    seen = Seen(answer.text)

    links = [found["href"] for found in seen.all("a")]
    assert [f"/affairs/{number}{other}" in links for other in SUBPAGES] == [True] * 5
    marked = [found["href"] for found in seen.all("a") if found.get("aria-current") == "page"]
    # The module, and the page.
    assert marked == ["/", f"/affairs/{number}{page}"]
    due = {
        "zh": ("还剩 1 个工作日", "2011年7月26日 24:00"),
        "en": ("Working days left: 1", "26 July"),
    }
    for words in due[language]:
        assert words in seen.text
    # On paper each page bears its number and as of when it was printed.
    head = re.search(r'<div class="print-only">(.*?)</div>', answer.text)
    assert head
    assert number in head.group(1)
    assert {"zh": "截至 2011年7月25日 16:10", "en": "As of 25 July"}[language] in head.group(1)


@pytest.mark.parametrize("query", ["colour=red", "show=some", "v=1"])
def test_a_timeline_takes_no_other_filter(district: District, number: str, query: str) -> None:
    assert district.page("linxiaohe", f"/affairs/{number}/timeline?{query}").status_code == 422


# --- overview and timeline ---------------------------------------------------------------------


def test_the_first_page_holds_the_latest_moments_and_leads_to_all(
    district: District, number: str
) -> None:
    html = district.page("linxiaohe", f"/affairs/{number}").text

    assert re.findall(r'<li id="v(\d+)"', html) == ["10", "9", "8", "7", "6"]
    assert "看全部 10 条记录" in html
    assert f'href="/affairs/{number}/timeline"' in html


def test_steps_that_lead_on_come_before_those_that_lead_back_or_out(fresh: District) -> None:
    def offered(by: str, number: str) -> list[str]:
        return re.findall(r'/steps/(\w+)" aria-', fresh.page(by, f"/affairs/{number}").text)[:2]

    assert offered("zhoumin", fresh.registered()["number"]) == ["G1", "G0"]
    number = persuading(fresh)
    fresh.done(
        "linxiaohe", number, "entries/persuasion", "07-22 16:00", result="ineffective", note="未果"
    )
    fresh.done("zhoumin", number, "steps/G8", "07-25 08:50")
    assert offered("zhenglan", number) == ["G9", "G10"]
    # To end it all is never what the page urges.
    html = fresh.page("zhoumin", f"/affairs/{number}").text
    assert re.findall(r'<a (.*?)href="[^"]*/steps/X9"', html) == [""]


def test_a_step_that_is_the_readers_own_leads_to_its_form(district: District, number: str) -> None:
    mine = district.page("linxiaohe", f"/affairs/{number}").text
    others = district.page("bailu", f"/affairs/{number}").text

    assert f'href="/affairs/{number}/steps/G16" aria-keyshortcuts="1"' in mine
    assert f'href="/affairs/{number}/actions/open_joint"' in mine
    assert "/steps/" not in others
    assert "/actions/" not in others


def test_of_several_joint_tasks_each_bears_the_number_by_which_it_is_ended(
    district: District,
) -> None:
    affair = persuading(district)
    page = f"/affairs/{affair}"
    district.done("zhoumin", affair, "actions/open_joint", "07-25 09:00", unit=SANITATION)
    alone = district.page("zhoumin", page).text
    district.done("zhoumin", affair, "actions/open_joint", "07-25 09:00", unit=CITY_MANAGEMENT)
    both = district.page("zhoumin", page).text

    assert re.findall(r"<dt>(协办.*?)</dt><dd>(\w+)", alone) == [("协办", "街道环卫所")]
    assert re.findall(r"<dt>(协办.*?)</dt><dd>(\w+)", both) == [
        ("协办 1", "街道环卫所"),
        ("协办 2", "街道城管科"),
    ]


def test_the_timeline_can_be_cut_to_what_is_public_or_internal(district: District) -> None:
    affair = persuading(district)
    district.done("gaoyuan", affair, "actions/supervise", "07-25 09:00", reason="拖得太久")
    page = f"/affairs/{affair}/timeline"

    def versions(query: str) -> list[str]:
        return re.findall(r'<li id="v(\d+)"', district.page("linxiaohe", page + query).text)

    assert versions("") == ["4", "3", "2", "1"]
    assert versions("?show=public") == ["3", "2", "1"]
    assert versions("?show=internal") == ["4"]


def test_a_timeline_with_nothing_of_a_kind_says_how_to_see_the_rest(district: District) -> None:
    quiet = persuading(district)

    assert "没有这类记录" in text_of(district, f"/affairs/{quiet}/timeline?show=internal")


# --- materials ---------------------------------------------------------------------------------


def test_the_materials_say_what_is_there_and_what_is_not(district: District, number: str) -> None:
    text = text_of(district, f"/affairs/{number}/materials")

    assert "现场照片 未见" in text
    assert "位置 已有 第 2 条" in text
    assert "gate.png 处置后照片 69 字节 郑岚 2011年7月25日 15:30 第 10 条" in text


def test_a_photo_of_the_place_counts_as_its_material(district: District) -> None:
    affair = district.registered()["number"]
    photo = district.photo("linxiaohe", affair)
    district.done(
        "linxiaohe", affair, "steps/G1", "07-22 10:30", place="116.99,36.65", photos=[photo]
    )

    assert "现场照片 已有 第 2 条" in text_of(district, f"/affairs/{affair}/materials")


def test_the_overview_calls_a_photo_what_it_was_handed_in_as(district: District) -> None:
    affair = district.registered()["number"]
    first, second, later = (district.photo("linxiaohe", affair) for _ in range(3))
    place = "116.99,36.65"
    district.done(
        "linxiaohe", affair, "steps/G1", "07-22 10:30", place=place, photos=[first, second]
    )
    district.done("linxiaohe", affair, "steps/G2", "07-22 10:40", photos=[later, first], note="否")

    html = district.page("linxiaohe", f"/affairs/{affair}").text.partition('id="files"')[2]
    named = re.findall(r'<a href="/attachments/([^"]*)">([^<]*)</a>', html)

    # A photo that is handed in twice is one photo.
    assert named == [(first, "现场照片 1"), (second, "现场照片 2"), (later, "现场照片 3")]


def test_what_only_has_to_be_archived_is_confirmed_as_such(fresh: District) -> None:
    number = fresh.registered()["number"]
    record = {"outside_scope": True, "reason": "不属于受理范围", "channel": "12345"}
    fresh.done("zhoumin", number, "steps/G0", "07-22 11:00", **record)

    told = text_of(fresh, f"/affairs/{number}?done=2")

    assert "只待归档，期限" in told
    assert "没有下一步了" not in told


def test_an_affair_without_papers_says_where_they_come_from(district: District) -> None:
    affair = district.registered()["number"]

    assert "还没有照片和材料" in text_of(district, f"/affairs/{affair}/materials")


# --- relations ---------------------------------------------------------------------------------


def test_merged_affairs_name_each_other(district: District) -> None:
    kept, doubled = district.registered(), district.registered()
    into = district.api("zhoumin", "GET", f"/affairs/{kept['number']}").json()["id"]
    district.done(
        "zhoumin",
        doubled["number"],
        "steps/X9",
        "07-25 16:00",
        ground="duplicate",
        reason="同一处",
        merged_into=into,
    )
    district.follow()

    assert f"已并入 小区南门外常年堆放废品，出入不便 {kept['number']}" in text_of(
        district, f"/affairs/{doubled['number']}/relations"
    )
    assert f"并入本事务的 小区南门外常年堆放废品，出入不便 {doubled['number']}" in text_of(
        district, f"/affairs/{kept['number']}/relations"
    )


def test_what_goes_on_out_of_reach_is_not_named(district: District) -> None:
    theirs = district.registered(by="wanglei", area=THEIR_AREA)["number"]
    ours = district.registered()["number"]
    into = district.api("sunping", "GET", f"/affairs/{theirs}").json()["id"]
    district.done(
        "gaoyuan",
        ours,
        "steps/X9",
        "07-25 16:00",
        ground="duplicate",
        reason="同一处",
        merged_into=into,
    )
    district.follow()

    within = text_of(district, f"/affairs/{ours}/relations", "gaoyuan")
    outside = district.page("linxiaohe", f"/affairs/{ours}/relations").text

    assert theirs in within
    assert theirs not in outside
    assert into not in outside
    assert "不在您的权限内" in outside


def test_the_same_applicant_is_found_as_far_as_the_reader_reaches(district: District) -> None:
    subject = str(uuid4())
    here = district.registered(subject=subject)["number"]
    there = district.registered(by="wanglei", area=THEIR_AREA, subject=subject)["number"]
    other = district.registered(subject=str(uuid4()))["number"]
    district.follow()

    near = text_of(district, f"/affairs/{here}/relations")
    far = text_of(district, f"/affairs/{here}/relations", "gaoyuan")

    assert "没有您可以看到的相关事务" in near
    assert there not in near
    assert "同一反映人的" in far
    assert there in far
    assert other not in far


def test_an_affair_tells_the_visit_that_it_came_from(district: District) -> None:
    visit = district.api(
        "linxiaohe",
        "POST",
        "/visits",
        json={
            "household": str(uuid4()),
            "area": AREA,
            "light": "green",
            "kind": "routine",
            "outcome": "met",
            "started_at": at("07-22 09:40").isoformat(),
            "ended_at": at("07-22 10:00").isoformat(),
        },
    ).json()["visit_id"]
    affair = district.registered(source="visit", origin_id=visit)["number"]
    district.follow()

    text = text_of(district, f"/affairs/{affair}/relations")

    assert "入户走访：2011年7月22日 09:40，林晓禾" in text


def test_supervision_is_told_with_its_reason(district: District) -> None:
    affair = persuading(district)
    before = text_of(district, f"/affairs/{affair}/relations")
    district.done("gaoyuan", affair, "actions/supervise", "07-25 09:00", reason="拖得太久")

    assert "没有督办" in before
    assert "拖得太久" in text_of(district, f"/affairs/{affair}/relations")


# --- history -----------------------------------------------------------------------------------


def changed(html: str) -> list[list[str]]:
    """The rows that are marked: what, before, after."""
    rows = re.findall(r'<tr class="chg">(.*?)</tr>', html, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)[:3] for row in rows]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


def test_a_record_is_shown_with_what_it_changed(district: District, number: str) -> None:
    html = district.page("linxiaohe", f"/affairs/{number}/history?v=8").text

    assert changed(html) == [
        ["状态", "已立案", "已派遣"],
        ["期限", "派遣 2011年7月25日 14:00", "处置 2011年7月26日 24:00"],
        ["主办", "二七新村街道", "街道城管科"],
    ]
    assert 'href="?v=7" rel="prev"' in html
    assert 'href="?v=9" rel="next"' in html


def test_a_record_says_what_it_is_in_words_before_its_technical_name(
    district: District, number: str
) -> None:
    page = text_of(district, f"/affairs/{number}/history?v=8")

    assert "类型 派遣 affair.step_taken.v1" in page


def test_the_history_begins_and_ends(district: District, number: str) -> None:
    first = district.page("linxiaohe", f"/affairs/{number}/history?v=1").text
    last = district.page("linxiaohe", f"/affairs/{number}/history").text

    assert 'rel="prev"' not in first
    assert ["状态", "—", "已登记"] in changed(first)
    assert 'rel="next"' not in last
    assert "第 10 条，到这一刻共 10 条" in last


def test_as_of_asks_what_was_so_and_as_known_at_what_was_known(fresh: District) -> None:
    affair = persuading(fresh)
    fresh.clock.at = at("07-26 09:00")
    fresh.done("linxiaohe", affair, "entries/persuasion", "07-25 17:00", result="ineffective")
    page = f"/affairs/{affair}/history"

    assert "共 4 条" in text_of(fresh, page)
    assert "共 2 条" in text_of(fresh, f"{page}?as_of=2011-07-22T10:40")
    # It happened by then, and nobody had written it down.
    assert "共 4 条" in text_of(fresh, f"{page}?as_of=2011-07-25T18:00")
    assert "共 3 条" in text_of(fresh, f"{page}?as_known_at=2011-07-25T18:00")
    assert "共 3 条" in text_of(
        fresh, f"{page}?as_of=2011-07-25T18:00&as_known_at=2011-07-25T18:00"
    )


def test_the_moment_stays_from_record_to_record(district: District, number: str) -> None:
    html = district.page("linxiaohe", f"/affairs/{number}/history?as_of=2011-07-25T09:30&v=7").text

    assert 'href="?as_of=2011-07-25T09%3A30&amp;v=6" rel="prev"' in html
    assert 'value="2011-07-25T09:30"' in html


def test_before_it_was_registered_there_is_nothing_to_show(district: District, number: str) -> None:
    text = text_of(district, f"/affairs/{number}/history?as_of=2011-07-01T08:00")

    assert "这一刻还没有这件事务" in text


@pytest.mark.parametrize(
    "wrong", ["yesterday", "2011-13-01T00:00", "0011-01-01T00:00", "9999-01-01"]
)
def test_a_moment_that_is_none_is_told_beside_its_field(
    district: District, number: str, wrong: str
) -> None:
    answer = district.page(
        "linxiaohe",
        f"/affairs/{number}/history?as_of={wrong}&as_known_at=2011-07-25T18:00",
    )

    assert answer.status_code == 422
    assert "<title>错误：" in answer.text
    assert answer.text.count("请填写年份在 1900 至 2100 之间") == 2
    assert '<a href="#as_of">' in answer.text
    assert f'value="{wrong}"' in answer.text
    assert 'value="2011-07-25T18:00"' in answer.text


@pytest.mark.parametrize("query", ["v=99", "as_of=2011-07-22T10:40&v=9"])
def test_a_record_that_is_not_there_is_missing(district: District, number: str, query: str) -> None:
    assert district.page("linxiaohe", f"/affairs/{number}/history?{query}").status_code == 404


# --- what cannot be read -----------------------------------------------------------------------


@pytest.mark.parametrize("page", [*SUBPAGES, "/history?v=2", "/history?v=1"])
def test_an_affair_with_a_spoilt_record_still_shows_what_is_known(
    fresh: District, page: str
) -> None:
    number = told(fresh)
    spoil(fresh, number)
    fresh.follow()

    text = text_of(fresh, f"/affairs/{number}{page}")

    assert "有一条记录无法读取" in text
    assert number in text
    assert "核查" in text
    assert "spoilt" not in text


def test_a_history_ends_before_what_cannot_be_read(fresh: District) -> None:
    number = told(fresh)
    spoil(fresh, number, 5)

    before = text_of(fresh, f"/affairs/{number}/history?v=4")
    after = text_of(fresh, f"/affairs/{number}/history?v=8")

    assert "下面只列到它之前的情况" not in before
    assert "下面只列到它之前的情况" in after
    assert "状态 劝导 劝导" in after


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", "归档期限 2012年6月30日 24:00"), ("en", "Archiving, until 30 June 2012, 24:00")],
)
def test_a_limit_that_ends_in_another_year_is_told_with_it(
    fresh: District, language: str, told: str
) -> None:
    number = str(fresh.registered()["number"])
    fresh.done("zhoumin", number, "steps/X9", "07-25 16:00", ground="moved_out", reason="搬走")

    for page in ("?", "/timeline?"):
        html = fresh.page("zhoumin", f"/affairs/{number}{page}lang={language}").text
        assert told in " ".join(Seen(html).text.split()), page
