"""What forms offer to choose: units under street and community, people by name and post; and a
form that is drawn again, in another language, with all that was typed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import httpx2
import pytest

from domain.clock import local_day
from domain.commands import CloseUnit
from domain.organisation import OrganisationUnit
from tests.web.district import (
    AREA,
    AREA_2,
    CITY_MANAGEMENT,
    COMMUNITY,
    NEIGHBOURS,
    NOW,
    SANITATION,
    THEIR_AREA,
    District,
    at,
    persuading,
    told,
)
from tests.web.forms import Browser, Page
from web.forms import units_of
from workflows.organisation import Organisation

SINCE, DAY = date(2011, 7, 1), date(2011, 7, 25)


def organisation(*told_: tuple[str, str, str, date | None]) -> Organisation:
    """Units, each (code, kind, parent, last day), named after their codes."""
    units = {
        code: OrganisationUnit(
            code=code,
            kind=kind,
            parent=parent,
            lines=(),
            names=((SINCE, f"{kind}{code}"),),
            valid_to=until,
        )
        for code, kind, parent, until in told_
    }
    return Organisation(units)


# --- units -------------------------------------------------------------------------------------


def test_units_stand_under_their_street_and_their_community(district: District) -> None:
    groups = units_of(district.house.reference.organisation, local_day(NOW))

    assert [(heading, [code for code, _ in choices]) for heading, choices in groups] == [
        ("市中区", ["370103"]),
        ("二七新村街道", ["370103008", CITY_MANAGEMENT, SANITATION]),
        ("二七新村街道·建新社区", [COMMUNITY, AREA, AREA_2]),
        ("二七新村街道·郎茂山社区", [NEIGHBOURS, THEIR_AREA]),
    ]


def test_who_may_lead_is_no_area(district: District) -> None:
    groups = units_of(district.house.reference.organisation, local_day(NOW), areas=False)

    assert [(heading, [code for code, _ in choices]) for heading, choices in groups] == [
        ("市中区", ["370103"]),
        ("二七新村街道", ["370103008", CITY_MANAGEMENT, SANITATION, COMMUNITY, NEIGHBOURS]),
    ]


def test_a_closed_unit_is_offered_up_to_its_last_day() -> None:
    units = organisation(
        ("1", "district", "", None), ("11", "street", "1", DAY), ("111", "community", "11", DAY)
    )

    def offered(on: date) -> list[str]:
        return [code for _, choices in units_of(units, on) for code, _ in choices]

    assert offered(DAY) == ["1", "11", "111"]
    assert offered(date(2011, 7, 26)) == ["1"]


def test_a_unit_whose_street_was_closed_is_offered_by_itself() -> None:
    units = organisation(
        ("1", "district", "", None), ("11", "street", "1", SINCE), ("111", "community", "11", None)
    )

    assert units_of(units, DAY) == [
        ("district1", [("1", "district1")]), ("community111", [("111", "community111")])
    ]  # fmt: skip


def test_forms_leave_out_areas_where_a_lead_is_asked_for_and_what_is_closed(
    fresh: District,
) -> None:
    number = persuading(fresh)
    fresh.done("linxiaohe", number, "entries/persuasion", "07-22 16:00", result="ineffective")
    fresh.done("zhoumin", number, "steps/G8", "07-25 08:50")
    fresh.clock.at = at("07-26 09:00")
    fresh.house.desk.run(
        CloseUnit(
            command_id=fresh.house.new_id(),
            by=fresh.house.people.posts("shilei", DAY)[0],
            occurred_at=at("07-25 16:20"),
            code=THEIR_AREA,
            valid_to=DAY,
        )
    )
    fresh.house.reference.refresh()

    dispatch = Browser(fresh, "zhenglan").look(f"/affairs/{number}/steps/G9")
    refer = Browser(fresh, "zhoumin").look(f"/affairs/{number}/actions/refer")
    joint = Browser(fresh, "zhoumin").look(f"/affairs/{number}/actions/open_joint")

    assert CITY_MANAGEMENT in dispatch.options["lead_unit"]
    assert AREA not in dispatch.options["lead_unit"]
    assert AREA in dispatch.options["joint_units"]
    assert AREA not in refer.options["unit"]
    assert COMMUNITY in refer.options["unit"]
    assert AREA in joint.options["unit"]
    assert THEIR_AREA not in joint.options["unit"]


# --- people ------------------------------------------------------------------------------------


def offered(page: Page) -> set[str]:
    """The accounts to choose from."""
    return {account for account in page.options["account"] if account}


def test_an_affair_is_assigned_to_somebody_chosen_by_name_and_post(fresh: District) -> None:
    number = fresh.registered()["number"]
    browser = Browser(fresh, "zhoumin")
    page = browser.look(f"/affairs/{number}/actions/assign")

    assert "苏青 前台" in page.text
    # Not who has it already, nor who may not work there.
    assert {"suqing", "zhoumin", "zhenglan"} <= offered(page)
    assert not {"linxiaohe", "chenyan", "wanglei", "bailu", "shilei", "jumin"} & offered(page)

    wrong = browser.send(page, reason="轮班")
    assert wrong.errors == [("#f-account", "请选择承办人")]
    assert "已办：指派" in browser.send(wrong, account="suqing").text


def test_an_account_that_was_not_offered_is_refused_beside_the_field(fresh: District) -> None:
    number = fresh.registered()["number"]
    browser = Browser(fresh, "zhoumin")

    page = browser.send(browser.look(f"/affairs/{number}/actions/assign"), account="wanglei")

    assert page.status == 422
    assert page.errors == [("#f-account", "承办人：应为可以办理本事务的账号")]


def test_who_was_recused_is_offered_no_more_and_who_has_it_can_be_recused(
    fresh: District,
) -> None:
    number = fresh.registered()["number"]
    browser = Browser(fresh, "zhoumin")
    page = browser.look(f"/affairs/{number}/actions/recuse")
    assert {"linxiaohe", "suqing"} <= offered(page)
    assert "不选即本人" in page.text

    browser.send(page, account="linxiaohe", recusal_ground="relatives")

    for action in ("assign", "recuse"):
        page = browser.look(f"/affairs/{number}/actions/{action}")
        assert "linxiaohe" not in offered(page)
        assert "suqing" in offered(page)


# --- the same form in another language ---------------------------------------------------------


def again(browser: Browser, page: Page, **filled: str) -> httpx2.Response:
    """Press the button that shows the form in the other language."""
    (name, value) = next(
        pressed for words, pressed in page.buttons.items() if words.startswith("Show this form")
    )
    found = re.search(r'formaction="([^"]*)"', page.answer.text)
    assert found
    return browser.district.client.post(
        found.group(1).replace("&amp;", "&"),
        data={**page.values, **filled, name: value},
        headers=browser.headers,
        follow_redirects=False,
    )


def test_a_step_form_that_was_wrong_changes_language_and_keeps_what_was_typed(
    fresh: District,
) -> None:
    number = fresh.registered()["number"]
    browser = Browser(fresh, "linxiaohe")
    first = browser.look(f"/affairs/{number}/steps/G1")
    assert "English" in first.links
    assert not any(words.startswith("Show") for words in first.buttons)

    page = browser.send(first, place="这里", note="占道三米")
    assert "English" not in page.links
    answer = again(browser, page, place="116.99,36.65")
    english = Page("linxiaohe", answer)

    assert answer.headers["content-language"] == "en"
    assert "lang=en" in answer.headers["set-cookie"]
    assert answer.status_code == 200
    assert english.values["note"] == ["占道三米"]
    assert english.values["place"] == ["116.99,36.65"]
    # It only draws.
    history = fresh.api("linxiaohe", "GET", f"/affairs/{number}/history").json()["items"]
    assert len(history) == 1


def test_intake_and_its_check_change_language_and_keep_what_was_typed(fresh: District) -> None:
    browser = Browser(fresh, "linxiaohe")
    form = browser.look("/affairs/new?matter=CG01")

    wrong = browser.send(form, own__summary="门口堆放")
    english = Page("linxiaohe", again(browser, wrong))
    assert english.values["own-summary"] == ["门口堆放"]
    assert "Check" in english.text

    asked: dict[str, Any] = {
        "own__summary": "门口堆放",
        "own__applicant": "张桂芬",
        "own__telephone": "13812341234",
        "own__source": "hall",
        "own__unit": AREA,
    }
    check = browser.send(form, **asked)
    assert check.status == 200
    english = Page("linxiaohe", again(browser, check))
    assert english.values["own-summary"] == ["门口堆放"]
    assert "Register" in english.text


def test_a_unit_s_form_changes_language_and_keeps_what_was_typed(fresh: District) -> None:
    browser = Browser(fresh, "shilei")
    form = browser.look(f"/units/{COMMUNITY}?do=rename")

    wrong = browser.send(form, name="新名", valid_from="何时")
    answer = again(browser, wrong)
    english = Page("shilei", answer)

    assert wrong.status == 422
    assert answer.status_code == 200
    assert english.values["name"] == ["新名"]
    assert fresh.house.reference.organisation.unit(COMMUNITY).names[-1][1] == "建新社区"


# --- what can be done at any time --------------------------------------------------------------


def stages(district: District) -> list[str]:
    """Affairs in which everything is in the way of something; their numbers."""
    asked = persuading(district)
    district.done("zhoumin", asked, "actions/refer", "07-22 11:00", unit=CITY_MANAGEMENT,
                  reason="转办")  # fmt: skip
    held = persuading(district)
    district.done("zhoumin", held, "actions/open_joint", "07-22 11:00", unit=SANITATION)
    district.done("gaoyuan", held, "actions/supervise", "07-22 11:10", reason="拖延")
    kept_out = persuading(district)
    district.done("linxiaohe", kept_out, "actions/recuse", "07-22 11:00", recusal_ground="other")
    proposed = persuading(district)
    district.done("zhenglan", proposed, "actions/propose_supervision", "07-22 11:00", reason="拖延")
    return [asked, held, kept_out, proposed, told(district)]


@pytest.mark.parametrize("account", ["linxiaohe", "suqing", "zhoumin", "zhenglan", "gaoyuan",
                                     "hansong", "luocheng", "hemei", "liheng"])  # fmt: skip
def test_whatever_is_offered_at_any_time_is_open(fresh: District, account: str) -> None:
    numbers, browser = stages(fresh), Browser(fresh, account)
    found = 0
    for number in numbers:
        answer = browser.look(f"/affairs/{number}")
        for link in answer.links.values():
            if re.fullmatch(rf"/affairs/{number}/(entries|actions|steps)/\w+", link):
                found += 1
                assert browser.look(link).status == 200, link
    assert found
