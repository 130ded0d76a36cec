"""The inbox: tallies that are what they list, and what to do next."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

import pytest

from domain.actor import SYSTEM
from domain.affair.decide import SOURCES
from domain.clock import SHANGHAI
from domain.commands import PublishLine, RenameUnit
from domain.organisation import OrganisationUnit
from tests.web.district import (
    AREA,
    AREA_2,
    CITY_MANAGEMENT,
    COMMUNITY,
    FOUNDED,
    NEIGHBOURS,
    THEIR_AREA,
    District,
    at,
    persuading,
    told,
)
from tests.web.test_pages import Seen, number_of
from web.places import MOST, offered
from workflows.loading import FOLDER, load
from workflows.organisation import Organisation
from workflows.publication import defined
from workflows.rights import Scope

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


def ruler(district: District, by: str, query: str) -> dict[str, tuple[str, int]]:
    """Where each tick leads, and the number beside it."""
    html = district.page(by, query).text
    found = re.findall(r'<li><a href="([^"]*)"[^>]*><b>(\w+) <span[^>]*>(\d+)</span></b>', html)
    return {line: (unescape(address), int(number)) for address, line, number in found}


@pytest.mark.parametrize(
    "query",
    [
        "/",
        "/?show=all",
        "/?show=ended",
        "/?due=late",
        "/?due=today",
        "/?due=new",
        "/?due=visit",
        "/?whose=mine",
        "/?line=CG&state=onsite",
        "/?source=phone",
        "/?line=MZ",
    ],
)
def test_a_tick_tells_how_many_the_list_has_that_it_leads_to(
    fresh: District, busy: dict[str, str], query: str
) -> None:
    second_line(fresh)
    for matter in ("CG01", "MZ01"):
        fresh.registered(matter=matter, source="phone", occurred_at=at("07-25 11:00").isoformat())

    for account in ("linxiaohe", "zhoumin", "gaoyuan", "wanglei", "hansong", "zhenglan", "jumin"):
        ticks = ruler(fresh, account, query)
        assert ticks.keys() == {"CG", "MZ"}
        for address, number in ticks.values():
            assert number == len(listed(fresh, account, address)), (account, address)


def test_a_tick_says_its_number_in_words(fresh: District, busy: dict[str, str]) -> None:
    second_line(fresh)
    fresh.registered(matter="MZ01", occurred_at=at("07-25 11:00").isoformat())

    def named(query: str) -> list[str]:
        """What is read out of the links, without what is only for the eye."""
        html = fresh.page("zhoumin", query).text
        (found,) = re.findall(r'<ol class="ruler">(.*?)</ol>', html, re.DOTALL)
        links = re.findall(r"<a [^>]*>(.*?)</a>", found)
        told_ = [re.sub(r'<span aria-hidden="true">\d+</span>', "", link) for link in links]
        return [" ".join(re.sub("<[^>]*>", " ", link).split()) for link in told_]

    assert named("/") == ["MZ 民政救助 1 件", "CG 城市管理 5 件"]
    assert named("/?lang=en") == ["MZ Social assistance 1 affair", "CG Urban management 5 affairs"]


# --- where it came from, and where it is ---------------------------------------------------------


def test_a_list_is_narrowed_to_how_affairs_came_in(fresh: District, busy: dict[str, str]) -> None:
    called = fresh.registered(source="phone", occurred_at=at("07-25 11:00").isoformat())["number"]

    assert listed(fresh, "zhoumin", "/?source=phone") == [called]
    assert called not in listed(fresh, "zhoumin", "/?source=hall")
    assert len(listed(fresh, "zhoumin", "/?source=hall")) == 5
    html = fresh.page("zhoumin", "/?source=phone&due=late").text
    assert '<a class="chip" href="/?due=late"><span class="vh">移除筛选：</span>来源：电话 ' in html
    assert '<option value="phone" selected>电话</option>' in html
    assert re.findall(r'<option value="(\w+)"', chooser(html, "source")) == list(SOURCES)


@pytest.mark.parametrize("address", ["/?source=fax", "/?source=PHONE", "/?colour=red"])
def test_a_source_that_there_is_not_is_refused(district: District, address: str) -> None:
    assert district.page("zhoumin", address).status_code == 422


def test_a_list_is_narrowed_to_an_area_or_a_whole_community(
    fresh: District, busy: dict[str, str]
) -> None:
    first = set(busy.values())

    assert set(listed(fresh, "zhoumin", f"/?area={AREA}")) == first
    assert len(listed(fresh, "zhoumin", f"/?area={AREA_2}")) == 1
    assert len(listed(fresh, "gaoyuan", f"/?area={COMMUNITY}")) == len(first) + 1
    assert set(listed(fresh, "gaoyuan", f"/?area={AREA}&due=late")) == {busy["late"]}
    html = fresh.page("zhoumin", f"/?area={AREA}").text
    assert '<a class="chip" href="/"><span class="vh">移除筛选：</span>片区：第一片区 ' in html


@pytest.mark.parametrize(
    ("account", "places"),
    [
        ("zhoumin", [AREA, AREA_2]),
        ("gaoyuan", [COMMUNITY, AREA, AREA_2, NEIGHBOURS, THEIR_AREA]),
        ("liheng", [COMMUNITY, AREA, AREA_2, NEIGHBOURS, THEIR_AREA]),
        # Of one area, or of what one was given, there is nothing to choose.
        ("linxiaohe", []),
        ("sunping", []),
        ("hansong", []),
        ("jumin", []),
    ],
)
def test_the_areas_within_reach_are_offered_and_no_others(
    district: District, account: str, places: list[str]
) -> None:
    html = district.page(account, "/").text

    assert re.findall(r'<option value="([^"]+)"', chooser(html, "area")) == places
    for place in (COMMUNITY, AREA, AREA_2, NEIGHBOURS, THEIR_AREA):
        reached = place in places or (account, place) in {
            ("zhoumin", COMMUNITY),
            ("linxiaohe", AREA),
            ("sunping", NEIGHBOURS),
            ("sunping", THEIR_AREA),
        }
        status = district.page(account, f"/?area={place}").status_code
        assert status == (200 if reached else 404), place


def test_a_place_beyond_reach_answers_as_one_that_is_not_there(district: District) -> None:
    def told_of(code: str) -> str:
        answer = district.page("zhoumin", f"/?area={code}")
        assert answer.status_code == 404
        return re.sub("[0-9a-f]{8}-[0-9a-f-]{27}", "", answer.text).replace(code, "")

    foreign = told_of(THEIR_AREA)
    for code in ("370103008009-01", "370103008", "370103009"):
        assert told_of(code) == foreign
    assert district.page("zhoumin", f"/?area={CITY_MANAGEMENT}").status_code == 404


def test_of_many_communities_only_the_chosen_one_shows_its_areas() -> None:
    units = [unit("370103", "district", ""), unit("370103008", "street", "370103")]
    for number in range(1, MOST + 2):
        code = f"370103008{number:03d}"
        units += [unit(code, "community", "370103008"), unit(f"{code}-01", "area", code)]
    scope = Scope(prefix="370103", account="liheng")

    def codes(count: int, chosen: str) -> list[str]:
        known = {one.code: one for one in units[: 2 + 2 * count]}
        groups = offered(Organisation(known), scope, chosen)
        return [code for _, places in groups for code, _ in places if "-" in code]

    assert len(codes(MOST, "")) == MOST
    assert codes(MOST + 1, "") == []
    for chosen in ("370103008003", "370103008003-01"):
        assert codes(MOST + 1, chosen) == ["370103008003-01"]


def unit(code: str, kind: str, parent: str) -> OrganisationUnit:
    """A unit that bears its code for a name."""
    names = ((FOUNDED.date(), code),)
    return OrganisationUnit(code=code, kind=kind, parent=parent, lines=(), names=names)


def chooser(html: str, name: str) -> str:
    """The choices of a filter, without the one that asks nothing; empty where it is not there."""
    found = re.findall(rf'<select id="f-{name}".*?</option>(.*?)</select>', html, re.DOTALL)
    return str(found[0]) if found else ""


def test_a_choice_that_is_not_offered_survives_the_form(district: District) -> None:
    html = district.page("linxiaohe", f"/?area={AREA}&line=CG").text

    assert f'<input type="hidden" name="area" value="{AREA}">' in html
    assert 'name="area"' not in district.page("linxiaohe", "/").text


def second_line(district: District) -> None:
    """Another line is in force."""
    house = district.house
    told_ = defined(load(FOLDER / "MZ" / "2011.yaml"))
    house.desk.run(PublishLine(command_id=house.new_id(), by=SYSTEM, occurred_at=FOUNDED, **told_))
    house.reference.refresh()


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
