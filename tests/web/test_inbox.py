"""The inbox: tallies that are what they list, and what to do next."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from domain.actor import SYSTEM
from domain.clock import SHANGHAI
from domain.commands import PublishLine, RenameUnit
from tests.web.district import (
    AREA_2,
    CITY_MANAGEMENT,
    COMMUNITY,
    FOUNDED,
    THEIR_AREA,
    District,
    at,
    persuading,
    told,
)
from tests.web.test_pages import Seen, number_of
from workflows.loading import FOLDER, load
from workflows.publication import defined

TALLIES = ("late", "today", "new", "visit")


def tallies(district: District, by: str) -> dict[str, int]:
    """The four numbers as the page shows them."""
    html = district.page(by, "/").text
    return {key: int(count) for key, count in re.findall(r'data-live="(\w+)">(\d+)<', html)}


def listed(district: District, by: str, query: str) -> list[str]:
    """The numbers of the affairs in a list."""
    return number_of(district.page(by, query).text)


@pytest.fixture
def busy(fresh: District) -> dict[str, str]:
    """One affair for each tally, and some of others."""
    made = {
        "late": fresh.registered(occurred_at=at("07-20 09:00").isoformat())["number"],
        "today": fresh.registered(occurred_at=at("07-22 16:00").isoformat())["number"],
        "later": fresh.registered(occurred_at=at("07-25 09:00").isoformat())["number"],
        "moved": fresh.registered(occurred_at=at("07-25 10:00").isoformat())["number"],
    }
    fresh.registered(by="chenyan", area=AREA_2, occurred_at=at("07-20 09:00").isoformat())
    fresh.registered(by="wanglei", area=THEIR_AREA, occurred_at=at("07-20 09:00").isoformat())
    fresh.done("linxiaohe", made["moved"], "steps/G1", "07-25 10:30", place="116.99,36.65")
    return made


def test_a_tally_counts_what_it_leads_to(fresh: District, busy: dict[str, str]) -> None:
    for account in ("linxiaohe", "chenyan", "zhoumin", "gaoyuan", "wanglei", "hansong", "bailu"):
        counted = tallies(fresh, account)
        assert counted == {key: len(listed(fresh, account, f"/?due={key}")) for key in TALLIES}
    assert listed(fresh, "linxiaohe", "/?due=late") == [busy["late"]]
    assert listed(fresh, "linxiaohe", "/?due=today") == [busy["today"]]


def test_what_was_worked_on_is_not_new(fresh: District, busy: dict[str, str]) -> None:
    new = listed(fresh, "linxiaohe", "/?due=new")

    assert new == [busy["late"], busy["today"], busy["later"]]
    assert listed(fresh, "zhoumin", "/?due=new") == []


def test_what_was_just_assigned_is_new_whatever_was_done_before(
    fresh: District, busy: dict[str, str]
) -> None:
    fresh.done("zhoumin", busy["moved"], "actions/assign", "07-25 16:00", account="suqing")

    assert listed(fresh, "suqing", "/?due=new") == [busy["moved"]]
    assert tallies(fresh, "suqing")["new"] == 1


def test_a_return_visit_is_counted_while_it_is_owed(fresh: District) -> None:
    affair = fresh.registered()["number"]
    photo = fresh.photo("linxiaohe", affair)
    fresh.done("linxiaohe", affair, "steps/G1", "07-22 10:30", place="116.99,36.65")
    before = tallies(fresh, "suqing")["visit"]
    fresh.done("linxiaohe", affair, "steps/G2", "07-22 11:00", photos=[photo], note="查否")

    assert (before, tallies(fresh, "suqing")["visit"]) == (0, 1)
    assert listed(fresh, "suqing", "/?due=visit") == [affair]


def test_nothing_provisional_is_counted_as_late(fresh: District) -> None:
    fresh.clock.at = datetime(2013, 1, 2, 9, 0, tzinfo=SHANGHAI)
    fresh.registered(occurred_at=datetime(2012, 12, 31, 10, 5, tzinfo=SHANGHAI).isoformat())

    assert tallies(fresh, "linxiaohe")["late"] == 0
    assert tallies(fresh, "linxiaohe")["today"] == 0


@pytest.mark.parametrize("key", TALLIES)
def test_an_empty_tally_says_what_to_do_next(fresh: District, key: str) -> None:
    seen = Seen(fresh.page("linxiaohe", f"/?due={key}").text)

    (box,) = (found for tag, found in seen.tags if found.get("class") == "empty")
    assert box is not None
    assert "全部在办事务" in seen.text


@pytest.mark.parametrize(("account", "may"), [("linxiaohe", True), ("hansong", False)])
def test_who_may_register_is_led_to_the_form(district: District, account: str, may: bool) -> None:
    assert ('href="/affairs/new" aria-keyshortcuts="N"' in district.page(account, "/").text) == may


def test_what_another_unit_leads_is_ones_own_turn_where_it_waits_for_the_area(
    fresh: District,
) -> None:
    waiting, elsewhere = told(fresh), fresh.registered(by="chenyan", area=AREA_2)["number"]
    assert "林晓禾" in Seen(fresh.page("linxiaohe", f"/affairs/{waiting}").text).text

    assert waiting in listed(fresh, "linxiaohe", "/?whose=mine")
    assert elsewhere not in listed(fresh, "linxiaohe", "/?whose=mine")
    assert listed(fresh, "chenyan", "/?whose=mine") == [elsewhere]
    # It is assigned to nobody, and its director holds no area.
    assert listed(fresh, "zhenglan", "/?whose=mine") == []
    assert listed(fresh, "zhoumin", "/?whose=mine") == []


def test_what_waits_for_nobody_of_the_area_is_not_ones_own(fresh: District) -> None:
    handled = persuading(fresh)
    fresh.done("linxiaohe", handled, "entries/persuasion", "07-22 16:00", result="ineffective")
    fresh.done("zhoumin", handled, "steps/G8", "07-25 08:50")
    fresh.done("zhenglan", handled, "steps/G9", "07-25 09:20", lead_unit=CITY_MANAGEMENT)

    assert handled in listed(fresh, "linxiaohe", "/")
    assert handled not in listed(fresh, "linxiaohe", "/?whose=mine")


def test_a_state_that_two_lines_call_differently_is_offered_under_both_names(
    fresh: District,
) -> None:
    house = fresh.house
    for name in ("LB.yaml", "DJ.yaml"):
        house.desk.run(
            PublishLine(
                command_id=house.new_id(),
                by=SYSTEM,
                occurred_at=FOUNDED,
                **defined(load(FOLDER / name)),
            )
        )
    house.reference.refresh()

    def offered(query: str) -> str:
        html = fresh.page("zhoumin", query).text
        (found,) = re.findall(r'<option value="verifying"[^>]*>([^<]*)</option>', html)
        return str(found)

    assert offered("/") == "组织审核、核验"
    assert offered("/?line=DJ") == "组织审核"
    assert offered("/?line=LB") == "核验"


def test_a_row_that_is_kept_holds_no_title_and_is_of_one_language(fresh: District) -> None:
    number = fresh.registered(summary="大门口\N{OBJECT REPLACEMENT CHARACTER}的<废品>堆")["number"]
    for _ in range(2):
        html = fresh.page("linxiaohe", "/").text
        assert html.count("大门口\N{OBJECT REPLACEMENT CHARACTER}的&lt;废品&gt;堆</a>") == 1
        assert "已登记" in html

    fresh.done(
        "linxiaohe",
        number,
        "actions/correct",
        "07-22 16:00",
        of_version="1",
        why="写错",
        summary="大门口的积水",
    )
    corrected = fresh.page("linxiaohe", "/").text
    assert "大门口的积水</a>" in corrected
    assert "大门口\N{OBJECT REPLACEMENT CHARACTER}" not in corrected
    english = fresh.page("linxiaohe", "/?lang=en").text
    assert "大门口的积水</a>" in english
    assert "已登记" not in english


def test_a_row_that_is_kept_is_drawn_anew_where_anything_of_it_has_changed(
    fresh: District,
) -> None:
    number = fresh.registered()["number"]

    def row() -> str:
        html = fresh.page("zhoumin", "/").text
        (found,) = (part for part in html.split("<tr>") if number in part)
        return found.partition("</tr>")[0]

    assert row() == row()
    at_first = row()
    assert "林晓禾" in at_first
    assert "今天到期" in at_first

    house = fresh.house
    rename = RenameUnit(
        command_id=house.new_id(),
        by=SYSTEM,
        occurred_at=fresh.clock.at,
        code=COMMUNITY,
        name="建新南社区",
        valid_from=FOUNDED.date(),
    )
    house.desk.run(rename)
    house.reference.refresh()
    renamed = row()
    assert "建新南社区" in renamed
    assert "建新南社区" not in at_first

    fresh.clock.at = at("07-26 00:00")
    assert "今天到期" not in row()
    assert "逾期" in row()


def test_a_page_tells_an_affair_once_whatever_became_of_it_since_the_last_look(
    fresh: District,
) -> None:
    first, second = (fresh.registered()["number"] for _ in range(2))
    assert listed(fresh, "linxiaohe", "/") == [first, second]

    fresh.done("linxiaohe", first, "steps/G1", "07-22 10:30", place="116.99,36.65")

    html = fresh.page("linxiaohe", "/").text
    assert sorted(number_of(html)) == sorted([first, second])
    (moved,) = (part for part in html.split("<tr>") if first in part)
    assert "已登记" not in moved
