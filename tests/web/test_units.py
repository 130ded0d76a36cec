"""Units: the tree and their lives, and the changes that an administrator and a director make."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import httpx2
import pytest

from domain.account.commands import GrantRole
from domain.actor import SYSTEM, Role
from domain.affair.commands import Command
from domain.commands import AssignArea, CloseUnit, RegisterUnit
from domain.errors import FieldInvalid, NotAllowed, NotFound, Refusal
from tests.web.district import (
    AREA,
    AREA_2,
    CITY_MANAGEMENT,
    COMMUNITY,
    FOUNDED,
    PEOPLE,
    THEIR_AREA,
    UNITS,
    District,
    at,
    doing,
    persuading,
    registration,
)
from tests.web.test_door import ORIGIN
from tests.web.test_pages import Seen
from workflows.rights import matrix

TODAY = date(2011, 7, 25)


@pytest.mark.parametrize("account", [entry.account for entry in PEOPLE])
def test_everybody_may_read_the_organisation(district: District, account: str) -> None:
    for path in ("/units", f"/units/{COMMUNITY}", f"/units/{CITY_MANAGEMENT}"):
        assert district.page(account, path).status_code == 200


def test_the_tree_shows_each_unit_but_the_areas_of_a_community(district: District) -> None:
    text = Seen(district.page("zhoumin", "/units").text).text

    for code, kind, name, _ in UNITS:
        assert (f"{name} {code}" in " ".join(text.split())) == (kind != "area")
    assert "我的单位" in text


def test_a_unit_shows_its_names_and_its_people_over_time(fresh: District) -> None:
    send(fresh, "shilei", AREA, "rename", name="东片区", valid_from="2011-07-20")
    holding(fresh, "chenyan", AREA)
    send(fresh, "zhoumin", AREA, "assign", worker="chenyan", valid_from="2011-08-01")

    text = " ".join(Seen(fresh.page("zhoumin", f"/units/{AREA}").text).text.split())

    assert "2011年7月20日东片区2011年7月1日第一片区" in text
    assert "2011年8月1日陈砚2011年7月1日林晓禾" in text
    assert "负责人林晓禾" in text


def test_there_is_no_page_of_a_unit_that_is_not_there(district: District) -> None:
    for code in ("370199", "x" * 64, "370103008/none"):
        assert district.page("shilei", f"/units/{code}").status_code == 404


# --- who may -----------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", PEOPLE, ids=lambda entry: entry.account)
@pytest.mark.parametrize("do", ["register", "rename", "assign", "close"])
def test_forms_are_for_the_administrator_and_a_director_in_the_own_community(
    district: District, entry: Any, do: str
) -> None:
    def answered(code: str) -> int:
        return district.page(entry.account, f"/units/{code}?do={do}").status_code

    def offered(code: str) -> bool:
        return f"?do={do}" in district.page(entry.account, f"/units/{code}").text

    allowed = matrix()["register_unit"]
    code, theirs = (COMMUNITY, "370103008002") if do == "register" else (AREA, THEIR_AREA)
    if entry.role.value not in allowed:
        assert (answered(code), answered(theirs)) == (403, 403)
    elif entry.role.value == "CD":
        own, other = (code, theirs) if entry.account == "zhoumin" else (theirs, code)
        assert (answered(own), answered(other)) == (200, 404)
    else:
        assert (answered(code), answered(theirs)) == (200, 200)
    for one in (code, theirs):
        assert offered(one) == (answered(one) == 200)


@pytest.mark.parametrize("do", ["rename", "close"])
def test_a_director_changes_areas_and_not_the_community(district: District, do: str) -> None:
    assert district.page("zhoumin", f"/units/{COMMUNITY}?do={do}").status_code == 403
    assert send(district, "zhoumin", COMMUNITY, do, **GOOD[do]).status_code == 403


@pytest.mark.parametrize("do", ["register", "rename", "assign", "close"])
def test_what_may_not_be_drawn_may_not_be_sent(district: District, do: str) -> None:
    code = COMMUNITY if do == "register" else AREA
    head = district.house.log.head()

    assert send(district, "linxiaohe", code, do, **GOOD[do]).status_code == 403
    assert send(district, "sunping", code, do, **GOOD[do]).status_code == 404
    assert district.house.log.head() == head


def test_a_form_of_another_site_changes_nothing(district: District) -> None:
    answer = send(district, "shilei", AREA, "close", origin="http://elsewhere", **GOOD["close"])

    assert answer.status_code == 403


def test_only_an_area_is_handed_over_and_nothing_stands_below_it(district: District) -> None:
    assert district.page("shilei", f"/units/{COMMUNITY}?do=assign").status_code == 404
    assert district.page("shilei", f"/units/{AREA}?do=register").status_code == 404


# --- what is changed ---------------------------------------------------------------------------

GOOD = {
    "register": {"kind": "area", "code": f"{COMMUNITY}-03", "name": "第三片区",
                 "valid_from": "2011-07-25"},
    "rename": {"name": "新名", "valid_from": "2011-07-25"},
    "assign": {"worker": "chenyan", "valid_from": "2011-07-25"},
    "close": {"valid_to": "2011-07-31"},
}  # fmt: skip


def test_a_director_enters_an_area_and_hands_it_over(fresh: District) -> None:
    entered = send(fresh, "zhoumin", COMMUNITY, "register", **GOOD["register"])

    assert entered.status_code == 303
    assert entered.headers["location"] == f"/units/{COMMUNITY}-03?done=register"
    page = Seen(fresh.page("zhoumin", entered.headers["location"]).text).text
    assert "已登记。" in page
    assert "无人负责" in page
    holding(fresh, "chenyan", f"{COMMUNITY}-03")
    assert send(fresh, "zhoumin", f"{COMMUNITY}-03", "assign", **GOOD["assign"]).status_code == 303
    assert "陈砚" in fresh.page("zhoumin", f"/units/{COMMUNITY}").text


def test_an_administrator_enters_a_department_with_its_lines(fresh: District) -> None:
    answer = send(
        fresh, "shilei", "370103008", "register", kind="department", code="370103008/ms",
        name="民生科", valid_from="2011-07-25", lines=["CG"],
    )  # fmt: skip

    assert answer.status_code == 303
    assert fresh.house.reference.organisation.unit("370103008/ms").lines == ("CG",)


@pytest.mark.parametrize("worker", ["chenyan", "suqing", "zhangjun"])
def test_an_area_is_handed_to_a_worker_of_it_and_nobody_else(fresh: District, worker: str) -> None:
    sent = {"worker": worker, "valid_from": "2011-07-25"}

    refused = send(fresh, "zhoumin", AREA, "assign", **sent)

    assert refused.status_code == 422
    assert Seen(refused.text).text.count("应为当日在该片区担任社区工作者的人") == 2
    assert fresh.house.reference.organisation.worker(AREA, TODAY) == "linxiaohe"


def test_an_error_names_its_field(district: District) -> None:
    refused = send(district, "shilei", AREA, "assign", worker="", valid_from="2011-06-30")

    assert Seen(refused.text).text.count("从哪一天起：应为 2011-07-01 或更晚") == 2


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\ufeff"])
def test_a_name_with_a_sign_that_nobody_sees_is_refused(district: District, sign: str) -> None:
    told = f"名称：含有看不见的字符 U+{ord(sign):04X}"
    for code, do in ((COMMUNITY, "register"), (AREA, "rename")):
        refused = send(district, "zhoumin", code, do, **{**GOOD[do], "name": f"第三{sign}片区"})

        assert refused.status_code == 422
        assert refused.text.count(told) == 2
        assert f'value="第三{sign}片区"' in refused.text


def test_a_code_is_written_in_plain_digits(district: District) -> None:
    refused = send(
        district,
        "zhoumin",
        COMMUNITY,
        "register",
        **{**GOOD["register"], "code": f"{COMMUNITY}-０３"},
    )

    assert refused.status_code == 422


def test_who_can_be_given_an_area_is_offered(fresh: District) -> None:
    holding(fresh, "chenyan", AREA)

    form = fresh.page("zhoumin", f"/units/{AREA}?do=assign").text

    offered = re.findall(r'<option value="(\w+)" label="([^"]*)">', form)
    assert offered == [("linxiaohe", "林晓禾"), ("chenyan", "陈砚")]


def test_an_area_left_without_anybody_waits_for_a_worker(fresh: District) -> None:
    send(fresh, "zhoumin", AREA, "assign", worker="", valid_from="2011-07-25")

    assert fresh.house.reference.organisation.worker(AREA, TODAY) == ""
    assert fresh.house.reference.organisation.worker(AREA, date(2011, 7, 24)) == "linxiaohe"


def test_sent_twice_a_form_acts_once(fresh: District) -> None:
    drawn = fields(fresh, "zhoumin", AREA, "rename") | GOOD["rename"]

    first, second = (post(fresh, "zhoumin", AREA, "rename", drawn) for _ in range(2))

    assert first.status_code == second.status_code == 303
    assert len(fresh.house.reference.organisation.unit(AREA).names) == 2


@pytest.mark.parametrize(
    ("code", "do", "sent", "field", "because"),
    [
        (
            COMMUNITY,
            "register",
            {"code": "370103008002-03"},
            "code",
            f"应以上级代码 {COMMUNITY} 开头",
        ),
        (COMMUNITY, "register", {"code": AREA}, "code", "应为没有用过的代码"),
        (COMMUNITY, "register", {"name": " "}, "name", "应为单位名称"),
        (COMMUNITY, "register", {"valid_from": "明天"}, "valid_from", "历上没有这一天"),
        (AREA, "rename", {"name": ""}, "name", "应为单位名称"),
        (AREA, "rename", {"valid_from": "2011-06-30"}, "valid_from", "2011-07-01 或更晚"),
        (AREA, "assign", {"valid_from": "2011-06-30"}, "valid_from", "2011-07-01 或更晚"),
        (AREA, "close", {"valid_to": "2011-06-30"}, "valid_to", "2011-07-01 或更晚"),
        (COMMUNITY, "close", {}, "valid_to", f"下级单位 {AREA} 还没有撤销"),
    ],
)
def test_a_form_that_is_wrong_comes_back_with_its_input(
    district: District, code: str, do: str, sent: dict[str, str], field: str, because: str
) -> None:
    head = district.house.log.head()

    answer = send(district, "shilei", code, do, **{**GOOD[do], **sent})

    seen = Seen(answer.text)
    assert answer.status_code == 422
    assert answer.text.partition("<title>")[2].startswith("错误：")
    assert seen.text.count(because) == 2, "beside the field and in the summary"
    assert f'href="#{field}"' in answer.text
    wrong = next(one for one in seen.all("input") if one.get("id") == field)
    assert wrong["aria-invalid"] == "true"
    for name, value in {**GOOD[do], **sent}.items():
        assert name == "kind" or f'value="{value}"' in answer.text
    assert district.house.log.head() == head


@pytest.mark.parametrize(
    "sent",
    [{"more": "1"}, {"command_id": "1"}, {"asked_at": "2011-07-25T10:00"}, {"name": "x" * 201},
     {"name": "a\x00"}],
)  # fmt: skip
def test_what_no_form_of_ours_sends_is_refused(district: District, sent: dict[str, str]) -> None:
    assert send(district, "shilei", AREA, "rename", **{**GOOD["rename"], **sent}).status_code == 422


# --- a unit that is closed ---------------------------------------------------------------------


def test_after_its_last_day_nothing_new_is_entered_for_a_unit(fresh: District) -> None:
    assert send(fresh, "zhoumin", AREA, "close", valid_to="2011-07-22").status_code == 303

    before = registering(fresh, "07-22 23:50")
    after = registering(fresh, "07-23 00:10")

    assert before.status_code == 201
    assert after.status_code == 422
    assert after.json()["field"] == "area"
    assert "已撤销" in fresh.page("zhoumin", f"/units/{COMMUNITY}").text


def test_an_affair_that_is_open_goes_on_in_a_unit_that_is_closed(fresh: District) -> None:
    affair = persuading(fresh)
    send(fresh, "zhoumin", AREA, "close", valid_to="2011-07-23")

    fresh.done("zhoumin", affair, "entries/persuasion", "07-25 09:00", result="ineffective")
    fresh.done("zhoumin", affair, "steps/G8", "07-25 09:10")

    assert "已立案" in fresh.page("zhoumin", f"/affairs/{affair}").text


def test_a_closed_department_is_asked_for_nothing_more(fresh: District) -> None:
    affair = persuading(fresh)
    send(fresh, "shilei", CITY_MANAGEMENT, "close", valid_to="2011-07-23")

    answer = fresh.api(
        "zhoumin", "POST", f"/affairs/{affair}/actions/refer",
        json=doing("07-25 09:00", unit=CITY_MANAGEMENT, reason="归口"),
    )  # fmt: skip

    assert answer.status_code == 422
    assert answer.json()["field"] == "unit"


@pytest.mark.parametrize(
    ("kind", "command", "field"),
    [
        (
            AssignArea,
            {"code": AREA, "worker": "chenyan", "valid_from": date(2011, 8, 1)},
            "valid_from",
        ),
        (CloseUnit, {"code": AREA, "valid_to": date(2011, 7, 31)}, "valid_to"),
        (AssignArea, {"code": COMMUNITY, "worker": "a", "valid_from": TODAY}, "code"),
    ],
)
def test_what_does_not_fit_a_units_life_is_refused(
    fresh: District, kind: type[Command], command: dict[str, Any], field: str
) -> None:
    run(fresh, CloseUnit, code=AREA, valid_to=date(2011, 7, 31))

    with pytest.raises(FieldInvalid) as caught:
        run(fresh, kind, **command)

    assert caught.value.field == field


def test_the_day_of_a_closing_can_be_corrected(fresh: District) -> None:
    run(fresh, CloseUnit, code=AREA, valid_to=date(2011, 7, 20))
    run(fresh, CloseUnit, code=AREA, valid_to=date(2011, 7, 31))

    assert fresh.house.reference.organisation.unit(AREA).valid_to == date(2011, 7, 31)
    assert registering(fresh, "07-23 00:10").status_code == 201


def test_a_community_ends_with_its_areas_and_nothing_grows_below_it(fresh: District) -> None:
    for code in (AREA, AREA_2, COMMUNITY):
        run(fresh, CloseUnit, code=code, valid_to=date(2011, 7, 31))

    with pytest.raises(FieldInvalid, match="parent: a unit that is not closed"):
        run(
            fresh, RegisterUnit, code=f"{COMMUNITY}-03", kind="area", name="x",
            parent=COMMUNITY, valid_from=TODAY,
        )  # fmt: skip
    assert "?do=register" not in fresh.page("shilei", f"/units/{COMMUNITY}").text


def test_a_unit_that_is_not_there_is_not_closed(fresh: District) -> None:
    with pytest.raises(NotFound):
        run(fresh, CloseUnit, code="370103008009", valid_to=TODAY)


@pytest.mark.parametrize(("account", "refusal"), [("linxiaohe", NotAllowed), ("sunping", NotFound)])
def test_only_who_may_closes_a_unit(fresh: District, account: str, refusal: type[Refusal]) -> None:
    (actor,) = fresh.house.people.posts(account, TODAY)

    with pytest.raises(refusal):
        run(fresh, CloseUnit, by=actor, code=AREA, valid_to=TODAY)


def run(district: District, command: type[Command], /, **asked: Any) -> None:
    standing = {"command_id": district.house.new_id(), "by": SYSTEM, "occurred_at": FOUNDED}
    district.house.desk.run(command(**{**standing, **asked}))
    district.house.reference.refresh()


def holding(district: District, account: str, area: str) -> None:
    """The security administrator makes somebody a worker of an area, too."""
    granted = {"role": Role.CW, "unit": area, "valid_from": date(2011, 7, 25)}
    run(district, GrantRole, account=account, occurred_at=district.clock.at, **granted)


def registering(district: District, when: str) -> httpx2.Response:
    sent = registration(occurred_at=at(when).isoformat())
    return district.api("linxiaohe", "POST", "/affairs", json=sent)


def fields(district: District, account: str, code: str, do: str) -> dict[str, Any]:
    """The hidden fields of a form as it was drawn; made up for whom none is drawn."""
    html = district.page(account, f"/units/{code}?do={do}").text
    hidden = dict(re.findall(r'type="hidden" name="([a-z_-]+)" value="([^"]*)"', html))
    made_up = {
        "command_id": str(district.house.new_id()),
        "asked_at": district.clock.at.isoformat(),
    }
    return made_up | hidden


def send(
    district: District, account: str, code: str, do: str, /, *, origin: str = ORIGIN["Origin"],
    **sent: Any,
) -> httpx2.Response:  # fmt: skip
    return post(district, account, code, do, fields(district, account, code, do) | sent, origin)


def post(
    district: District, account: str, code: str, do: str, sent: dict[str, Any],
    origin: str = ORIGIN["Origin"],
) -> httpx2.Response:  # fmt: skip
    return district.client.post(
        f"/units/{code}?do={do}",
        data=sent,
        headers={"Origin": origin, "Cookie": f"tenlines={district.cookies[account]}"},
        follow_redirects=False,
    )
