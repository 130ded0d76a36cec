"""Whatever happens to affairs, nobody is told anywhere of one whose page would refuse them.

Lives by chance: affairs of several places, some of a restricted matter, are given to people and
units, referred, lent out, signed in, refused, recused from. After each history the page of every
affair is asked for by everybody; its answer is the truth that all else is held against.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from adapters.queries import Queries
from adapters.relations import Relations
from adapters.tallies import Tallies
from domain.actor import SYSTEM
from domain.commands import PublishLine
from tests.web.district import (
    AREA,
    AREA_2,
    CITY_MANAGEMENT,
    COMMUNITY,
    FOUNDED,
    NEIGHBOURS,
    NOW,
    PEOPLE,
    SANITATION,
    THEIR_AREA,
    doing,
    registration,
)
from tests.web.matrix import (
    DIRECTORS,
    DISTRICT_2,
    MORE_PEOPLE,
    NOBODY,
    RIGHTS,
    STREET_2,
    World,
    made,
)
from web.pages.tallies import KEYS
from workflows.loading import FOLDER, load
from workflows.publication import defined
from workflows.rights import EVERYWHERE

OPEN_TO_ALL, RESTRICTED = "CG01", "CG02"
PLACES = (AREA, AREA_2, THEIR_AREA, STREET_2, DISTRICT_2)
GIVEN_TO = ("linxiaohe", "chenyan", "suqing", "renhe", "zhenglan", "gaoyuan", "sunping", "hansong")
ASKED = (SANITATION, CITY_MANAGEMENT, COMMUNITY, NEIGHBOURS, "370103008")
ANSWERING = ("hansong", "zhenglan", "zhoumin", "sunping", "gaoyuan")
"""Who answers for each of the units asked."""
DISTRICT = "370103"
MIDNIGHT = NOW.replace(hour=0, minute=0) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Chance:
    """Something that somebody tries with one of the affairs. It may be refused."""

    deed: str
    affair: int
    by: int
    to: int


CHANCES = st.builds(
    Chance,
    deed=st.sampled_from(
        ("register", "assign", "assign", "recuse", "refer", "sign_in", "refuse_referral",
         "open_joint", "joint_done")
    ),
    affair=st.integers(0, 2),
    by=st.integers(0, 4),
    to=st.integers(0, 7),
)  # fmt: skip
BIRTHS = st.tuples(st.sampled_from(PLACES), st.sampled_from((OPEN_TO_ALL, RESTRICTED)))
FEW = settings(
    max_examples=15,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The district of the matrix, in which only assigned staff may know of one matter."""
    with made(tmp_path_factory.mktemp("visibility")) as found:
        house, line = found.district.house, load(FOLDER / "CG.yaml")
        hidden = line.matters[RESTRICTED].model_copy(update={"restricted": True})
        changed = {"matters": {**line.matters, RESTRICTED: hidden}, "version": "2011.99"}
        house.desk.run(
            PublishLine(
                command_id=house.new_id(),
                by=SYSTEM,
                occurred_at=FOUNDED,
                **defined(line.model_copy(update=changed)),
            )
        )
        house.reference.refresh()
        yield found


class Lives:
    """A few affairs of one resident, of one origin, and what happened to them."""

    def __init__(self, world: World) -> None:
        self.world, self.subject = world, str(uuid4())
        self.numbers: list[str] = []
        self.ids: list[UUID] = []
        self.places: list[str] = []

    def born(self, area: str, matter: str) -> None:
        """One more, that came from the first, if whoever takes it in may look at that."""
        # The supervisor sees the whole district: what came from elsewhere is told by nobody else.
        by = "liheng" if area.startswith(DISTRICT) else DIRECTORS[area]
        told = registration(area=area, matter=matter, subject=self.subject)
        if self.numbers and shown(self.world, by, self.numbers[:1]):
            told["origin_id"] = str(self.ids[0])
        answer = self.world.ask(by, "POST", "/api/v1/affairs", json=told)
        assert answer.status_code == 201, answer.text
        self.numbers.append(answer.json()["number"])
        self.ids.append(UUID(answer.json()["affair_id"]))
        self.places.append(area)

    def goes_on(self, chance: Chance) -> None:
        """Try it. Whatever the answer is, it is one."""
        at = chance.affair % len(self.ids)
        director, unit = DIRECTORS[self.places[at]], ASKED[chance.to % len(ASKED)]
        given = GIVEN_TO[chance.to]
        by: str = director
        record: dict[str, Any] = {}
        match chance.deed:
            case "register":
                if len(self.ids) < 3:
                    matter = (OPEN_TO_ALL, RESTRICTED)[chance.to % 2]
                    self.born(PLACES[chance.by], matter)
                return
            case "assign":
                # What somebody was given they do not take themselves.
                by = "gaoyuan" if chance.by % 2 else director
                record = {"account": given, "reason": "分工"}
            case "recuse":
                by, record = given, {"recusal_ground": "relatives"}
            case "refer":
                record = {"unit": unit, "reason": "职责所在"}
            case "sign_in" | "joint_done":
                by = ANSWERING[chance.by]
            case "refuse_referral":
                by, record = ANSWERING[chance.by], {"reason": "不属本单位职责"}
            case "open_joint":
                record = {"unit": unit}
        path = f"/api/v1/affairs/{self.ids[at]}/actions/{chance.deed}"
        answer = self.world.ask(by, "POST", path, json=doing("07-25 16:00", **record))
        assert answer.status_code < 500, answer.text


def shown(world: World, account: str, numbers: list[str]) -> set[str]:
    """Of these affairs, those whose page lets the account look."""
    found = set()
    for number in numbers:
        answer = world.ask(account, "GET", f"/affairs/{number}")
        assert answer.status_code in (200, 403, 404)
        if answer.status_code == 200:
            found.add(number)
    return found


def named(text: str) -> set[str]:
    """The numbers of affairs in a page."""
    return set(re.findall(r"CG-2011-\d{4}", text))


def everybody(world: World) -> list[str]:
    """All accounts of those whose role may look at affairs, and an administrator."""
    return [
        one for one in world.district.tokens if one not in (NOBODY.account, "mengzhu", "anning")
    ]


# --- the property --------------------------------------------------------------------------------


@FEW
@given(births=st.lists(BIRTHS, min_size=1, max_size=2), deeds=st.lists(CHANCES, max_size=12))
def test_nobody_is_told_of_what_their_page_refuses(
    world: World, births: list[tuple[str, str]], deeds: list[Chance]
) -> None:
    lives = Lives(world)
    for area, matter in births:
        lives.born(area, matter)
    for deed in deeds:
        lives.goes_on(deed)
    world.district.follow()
    for account in everybody(world):
        holds(world, account, lives)


# What forgets whose question it answers, and an account that would then be told too much.
LEAKS: tuple[tuple[type, str, str], ...] = (
    (Queries, "worklist", "zhoumin"),
    (Queries, "affair", "zhoumin"),
    (Queries, "unassigned", "zhoumin"),
    (Queries, "_known", "bailu"),
    (Tallies, "__call__", "zhoumin"),
    (Relations, "of", "zhoumin"),
)


@pytest.mark.parametrize(("where", "query", "account"), LEAKS, ids=str)
def test_a_query_without_scope_is_caught(
    world: World, where: type, query: str, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives = Lives(world)
    for area in (AREA, STREET_2, DISTRICT_2):
        lives.born(area, OPEN_TO_ALL)
    world.district.follow()
    holds(world, account, lives)
    honest = getattr(where, query)
    seen = shown(world, account, lives.numbers)

    def leaking(self: Any, scope: Any, *asked: Any) -> Any:
        return honest(self, EVERYWHERE, *asked)

    monkeypatch.setattr(where, query, leaking)
    if query == "affair":
        # The page itself then shows too much, and the list has less.
        assert shown(world, account, lives.numbers) > seen
    with pytest.raises(AssertionError):
        holds(world, account, lives)


def test_sums_hold_what_lies_within_the_reach_and_nothing_else(world: World) -> None:
    taken_on = doing("07-25 16:00", place="116.99,36.65", note="占道三米")
    for area in PLACES:
        lives = Lives(world)
        lives.born(area, OPEN_TO_ALL)
        path = f"/api/v1/affairs/{lives.ids[0]}/steps/G1"
        assert world.ask(DIRECTORS[area], "POST", path, json=taken_on).status_code == 200
    world.district.follow()

    community, district = (sums(world, one)["acceptance_volume"] for one in ("zhoumin", "liheng"))
    assert district["value"] > community["value"] > 0
    for entry in (*PEOPLE, *MORE_PEOPLE):
        reach = RIGHTS["statistics"].get(entry.role.value, "")
        length = {"A": 15, "K": 12, "T": 9, "D": 6}.get(reach.removesuffix("l"))
        if length is None:
            continue
        mine = sums(world, entry.account)
        if entry.lines not in ((), ("CG",)):
            assert mine["acceptance_volume"]["value"] in (0, None)
            continue
        cut = f"&unit={entry.unit[:length]}" + ("&line=CG" if entry.lines else "")
        assert mine == sums(world, "mengzhu", cut), entry.account


def sums(world: World, account: str, cut: str = "") -> dict[str, Any]:
    """The indicators of the month, as the account is told them."""
    path = f"/api/v1/statistics?from=2011-07-01&to=2011-07-31{cut}"
    found: dict[str, Any] = world.ask(account, "GET", path).json()["indicators"]
    return found


def holds(world: World, account: str, lives: Lives) -> None:
    """What the account is told anywhere is what the pages show it."""
    mine = set(lives.numbers)
    seen = shown(world, account, lives.numbers)
    listed = every(world, account)

    assert {row["number"] for row in listed} & mine == seen
    assert named(world.ask(account, "GET", "/?show=all").text) & mine <= seen
    assert found(world, account, lives.numbers) == seen
    assert live(world, account) == counted(account, listed)
    for query, rows in narrowed(listed):
        assert ruler(world, account, query) == Counter(row["line"] for row in rows), query
    for number in seen:
        related = named(world.ask(account, "GET", f"/affairs/{number}/relations").text)
        assert related <= seen
    for row in waiting(world, account):
        if row["number"] in mine - seen:
            # Of what is restricted an assigner is told this much, and may give it to somebody.
            assert row["restricted"]
            assert row.keys() == {"id", "number", "line", "due_at", "restricted"}
    assert traced(world, account, lives.ids) <= seen


def narrowed(
    listed: list[dict[str, Any]],
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Lists of the inbox, and what of all that the account is listed belongs there."""
    yield "/", [row for row in listed if row["open"]]
    yield "/?show=all", listed
    yield "/?show=ended", [row for row in listed if not row["open"]]
    # Whatever line is chosen, each has its own number.
    yield "/?show=all&line=MZ", listed
    yield (
        "/?show=all&state=registered&source=hall",
        [row for row in listed if row["state"] == "registered"],
    )
    yield "/?show=all&source=phone", []


def ruler(world: World, account: str, query: str) -> dict[str, int]:
    """How many the ruler of the inbox tells of each line that it has any of."""
    html = world.ask(account, "GET", query).text
    found = re.findall(r"<b>(\w+) <span[^>]*>(\d+)</span></b>", html)
    return {line: int(number) for line, number in found if number != "0"}


def every(world: World, account: str) -> list[dict[str, Any]]:
    """The whole list of the API."""
    items: list[dict[str, Any]] = []
    onward = ""
    while True:
        answer = world.ask(account, "GET", f"/api/v1/affairs?open=all&limit=200{onward}")
        if answer.status_code == 403:
            return []
        items += answer.json()["items"]
        if answer.json()["next"] is None:
            return items
        onward = f"&cursor={answer.json()['next']}"


def found(world: World, account: str, numbers: list[str]) -> set[str]:
    """Those that the search by number leads to."""
    asked = {one: world.ask(account, "GET", f"/find?number={one}") for one in numbers}
    return {one for one, answer in asked.items() if answer.status_code == 303}


def live(world: World, account: str) -> dict[str, int]:
    """What the account's stream would tell now; to have none tells as much as nothing."""
    if world.ask(account, "GET", "/live").status_code == 403:
        return dict.fromkeys(KEYS, 0)
    state = world.district.app.state
    who = state.office.porter.caller(world.district.tokens[account])
    told: dict[str, int] = asyncio.run(state.streams.counts(state.office, who))
    return told


def counted(account: str, listed: list[dict[str, Any]]) -> dict[str, int]:
    """The same, counted by hand over what the account is listed."""
    running = [row for row in listed if row["open"]]
    due = [moment(row["due_at"]) for row in running if row["due_at"]]
    mine = [row for row in running if row["assignee"] and row["assignee"]["account"] == account]
    return {
        "late": sum(at <= NOW for at in due),
        "today": sum(NOW < at <= MIDNIGHT for at in due),
        "new": sum(moment(row["entered_at"]) <= moment(row["assigned_at"]) for row in mine),
        "visit": sum(row["to_visit"] for row in running),
    }


def moment(text: str) -> datetime:
    """An instant of an answer."""
    return datetime.fromisoformat(text)


def waiting(world: World, account: str) -> list[dict[str, Any]]:
    """What the account could give to somebody."""
    answer = world.ask(account, "GET", "/api/v1/assignments")
    items: list[dict[str, Any]] = answer.json()["items"] if answer.status_code == 200 else []
    return items


def traced(world: World, account: str, ids: list[UUID]) -> set[str]:
    """The numbers that the audit trail tells of these affairs."""
    answer = world.ask(account, "GET", "/api/v1/audit?limit=200")
    if answer.status_code == 403:
        return set()
    rows = [row for row in answer.json()["items"] if UUID(row["stream_id"]) in ids]
    assert rows, "what happened is in the trail, whoever may know its number"
    return {row["affair"] for row in rows} - {None}
