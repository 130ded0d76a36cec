"""Clocks: the story's deadlines, and what starts, stops and restarts them.

Played through the real decider, so that the clocks of one step are what the next one finds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

import pytest

from domain.actor import SYSTEM, Actor, Role
from domain.affair import decide
from domain.affair.commands import Act, Expire, RecordEntry, Register, TakeStep
from domain.affair.decide import Facts
from domain.affair.evolve import evolve
from domain.affair.state import Affair
from domain.clock import SHANGHAI, ClockKind, Unit, local_day
from domain.record import Record
from tests.workflows.scenes import CALENDAR, CG, PHOTO
from workflows.calendar import WorkingCalendar
from workflows.machine import CompiledLine

AFFAIR = UUID("0197f3b2-0000-7000-8000-000000000001")
NOW = datetime(2012, 6, 30, tzinfo=UTC)
SPOT = {"place": "116.99,36.65"}
AFTER = {"after_photos": [PHOTO]}
PRAISED = {"outcome": "reached", "rating": 5, "solved": "yes"}
CHECKS = ("documents_complete", "authentic", "integral", "usable", "safe")


def day(text: str) -> datetime:
    """`07-22 10:30` of 2011, Jinan."""
    return datetime.strptime(f"2011-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def who(role: str) -> Actor:
    return SYSTEM if role == "SYS" else Actor(account=role.lower(), role=Role(role))


@dataclass
class Told:
    """An affair as it is played."""

    line: CompiledLine = CG
    calendar: WorkingCalendar = CALENDAR
    affair: Affair | None = None
    events: list[Any] = field(default_factory=list)

    def _given(self, role: str, at: str, **more: Any) -> dict[str, Any]:
        return {"command_id": AFFAIR, "by": who(role), "occurred_at": day(at)} | more

    def _take(self, events: list[Any]) -> Self:
        for event in events:
            self.affair = evolve(self.affair, event)
        self.events += events
        return self

    @property
    def now(self) -> Affair:
        assert self.affair is not None
        return self.affair

    @property
    def facts(self) -> Facts:
        return Facts(procedure=self.line, calendar=self.calendar, now=NOW)

    def registered(self, at: str, matter: str = "CG01", wish: str = "contact") -> Self:
        command = Register(
            **self._given("CW", at),
            affair_id=AFFAIR,
            matter=matter,
            source="visit",
            community="370103008001",
            area="370103008001-01",
            summary="小区门口堆放废品",
            contact_wish=wish,
        )
        return self._take(decide.register(command, self.facts))

    def step(self, step: str, role: str, at: str, **record: Any) -> Self:
        command = TakeStep(**self._given(role, at), affair_id=AFFAIR, step=step, record=record)
        return self._take(decide.take_step(self.now, command, self.facts))

    def act(self, action: str, role: str, at: str, **record: Any) -> Self:
        command = Act(**self._given(role, at), affair_id=AFFAIR, action=action, record=record)
        return self._take(decide.act(self.now, command, self.facts))

    def entry(self, entry: str, role: str, at: str, **record: Any) -> Self:
        command = RecordEntry(**self._given(role, at), affair_id=AFFAIR, entry=entry, record=record)
        return self._take(decide.record_entry(self.now, command, self.facts))

    def expired(self, clock: str, colour: str) -> Self:
        found = self.now.clock(clock)
        assert found is not None
        command = Expire(
            **self._given("SYS", "12-31 00:00"),
            affair_id=AFFAIR,
            clock=clock,
            colour=colour,
            due_at=found.due_at,
        )
        return self._take(decide.expire(self.now, command, self.facts))

    def running(self) -> dict[str, str]:
        """The clocks that run, and their last day or, within a day, their last instant."""
        return {clock.name: last(clock.due_at) for clock in self.now.clocks if clock.running}


def last(due_at: datetime) -> str:
    local = due_at.astimezone(SHANGHAI)
    if (local.hour, local.minute) == (0, 0):
        return f"{local_day(due_at - datetime.resolution):%m-%d}"
    return f"{local:%m-%d %H:%M}"


def onsite(matter: str = "CG01", **more: Any) -> Told:
    told = Told(**more).registered("07-22 10:05", matter)
    return told.step("G1", "CW", "07-22 10:30", **SPOT)


def filed(matter: str = "CG01", category: str = "piles") -> Told:
    filing = {"beyond_means": True, "category": category}
    return onsite(matter).step("G5", "CD", "07-25 08:50", **filing)


def dispatched(matter: str = "CG01", category: str = "piles", **more: Any) -> Told:
    return filed(matter, category).step("G9", "SC", "07-25 09:20", lead_unit="370103008/cg", **more)


def resolved(matter: str = "CG01") -> Told:
    told = dispatched(matter).step("G12", "SC", "07-25 09:40")
    return told.step("G13", "SC", "07-25 15:30", **AFTER).step("G16", "CW", "07-26 09:00")


def closed() -> Told:
    told = resolved().act("return_visit", "FD", "07-27 10:00", **PRAISED)
    return told.step("X1", "FD", "07-27 10:01")


def test_the_story_of_the_scrap_heap() -> None:
    told = Told().registered("07-22 10:05")
    seen = [told.running()]
    acts: list[Callable[[], Told]] = [
        lambda: told.step("G1", "CW", "07-22 10:30", **SPOT, photos=[PHOTO]),
        lambda: told.step("G4", "CD", "07-22 10:50"),
        lambda: told.act("open_joint", "CD", "07-22 10:50", unit="370103008/hw"),
        lambda: told.entry("persuasion", "CW", "07-22 16:00", result="ineffective"),
        lambda: told.act("joint_done", "CW", "07-22 16:00"),
        lambda: told.step("G8", "CD", "07-25 08:50"),
        lambda: told.step("G9", "SC", "07-25 09:20", lead_unit="370103008/cg"),
        lambda: told.step("G12", "SC", "07-25 09:40"),
        lambda: told.step("G13", "SC", "07-25 15:30", **AFTER),
        lambda: told.step("G16", "CW", "07-26 09:00"),
        lambda: told.act("return_visit", "FD", "07-27 10:00", **PRAISED),
        lambda: told.step("X1", "FD", "07-27 10:01"),
    ]
    for act in acts:
        act()
        seen.append(told.running())

    assert seen == [
        {"acceptance": "07-25"},
        {"onsite": "07-25"},
        *[{"persuading": "07-25"}] * 4,
        {"filed": "07-25 14:00"},
        *[{"disposal": "07-26"}] * 2,
        {"checking": "07-26"},
        {"return_visit": "07-29"},
        {},
        {},
    ]
    found = told.now.clock("onsite")
    assert found is not None
    assert found.due_at == datetime.fromisoformat("2011-07-26T00:00+08:00")
    assert told.now.identity.accepted_at == day("07-22 10:30")
    assert told.now.standing.level == "street"
    told.step("X7", "FD", "12-30 09:00", **dict.fromkeys(CHECKS, True))
    assert told.now.standing.state == "archived"
    assert told.events[-1].retention == "10"


@pytest.mark.parametrize(
    ("matter", "category", "due"),
    [
        ("CG01", "piles", "07-26"),
        ("CG01", "rubble", "07-27"),
        ("CG02", "garbage", "07-25 14:20"),
        ("CG03", "trading", "07-26"),
        ("CG04", "structures", "08-22"),
        ("CG05", "facilities", "08-01"),
        ("CG06", "noise", "07-28"),
    ],
)
def test_each_matter_has_its_own_limit_of_disposal(matter: str, category: str, due: str) -> None:
    assert dispatched(matter, category).running() == {"disposal": due}


def test_a_recorded_due_day_goes_before_the_limit() -> None:
    told = dispatched(due="2011-08-05")

    clock = told.now.clock("disposal")

    assert told.running() == {"disposal": "08-05"}
    assert clock is not None
    assert (clock.unit, clock.kind, clock.calendar) == (Unit.WORKING_DAY, ClockKind.STAGE, "")
    assert clock.started_at < clock.warn_at < clock.due_at


def test_the_second_attempt_does_not_prolong_persuading() -> None:
    told = onsite().step("G4", "CD", "07-22 10:50")
    again = {"held_at": "2011-07-25T09:00:00+08:00", "partners": "环卫", "result": "ineffective"}

    told.step("G6", "CW", "07-25 09:30", **again)

    assert told.running() == {"persuading": "07-25"}


def test_dispatching_again_and_rework_start_disposal_anew() -> None:
    told = dispatched(due="2011-08-05").step("G11", "SC", "07-25 10:00", reason="不属本科职责")
    assert told.running() == {"filed": "07-25 15:00"}

    told.step("G9", "SC", "07-25 11:00", lead_unit="370103008/zf").step("G12", "SC", "07-25 13:00")
    told.step("G13", "SC", "07-25 16:00", **AFTER).step("G17", "CW", "07-26 09:00", reason="未清净")

    assert told.running() == {"disposal": "07-27"}


def test_a_referral_is_signed_in_within_a_working_day() -> None:
    told = onsite().act("refer", "CW", "07-22 15:00", unit="370103008/cg", reason="属城管")
    assert told.running() == {"onsite": "07-25", "referral": "07-25"}

    told.act("sign_in", "SC", "07-25 09:00")

    assert told.running() == {"onsite": "07-25"}


def test_a_reopened_affair_has_a_clock_of_its_own() -> None:
    told = resolved()
    low = {"outcome": "reached", "rating": 1, "solved": "no", "finding": "rework_due"}
    told.act("return_visit", "FD", "07-27 10:00", **low)

    told.step("X2", "SUP", "07-27 11:00", reason="垃圾未清")

    assert told.now.standing.state == "dispatched"
    assert told.now.standing.round == 1
    assert told.running() == {"disposal": "07-28", "reopened": "08-01"}
    told.step("G12", "SC", "07-27 14:00").step("G13", "SC", "07-27 15:00", **AFTER)
    told.step("G16", "CW", "07-28 09:00")
    assert told.running() == {"return_visit": "08-02"}


@pytest.mark.parametrize(
    ("matter", "new_due", "due"),
    [
        ("CG01", None, "08-01"),
        ("CG02", None, "08-01"),
        ("CG04", None, "08-10"),
        ("CG05", None, "08-01"),
        ("CG04", "2011-07-29", "07-29"),
    ],
)
def test_the_reopened_limit_is_half_the_old_one_but_three_days(
    matter: str, new_due: str | None, due: str
) -> None:
    told = resolved(matter)
    low = {"outcome": "reached", "rating": 2, "solved": "partly", "finding": "rework_due"}
    told.act("return_visit", "FD", "07-27 10:00", **low)

    told.step("X2", "SUP", "07-27 11:00", reason="未清净", new_due=new_due)

    assert told.running()["reopened"] == due


def test_an_affair_never_filed_returns_to_the_site() -> None:
    told = onsite().step("G2", "CW", "07-22 11:00", photos=[PHOTO], note="未见堆放")
    low = {"outcome": "reached", "rating": 1, "solved": "no", "finding": "rework_due"}
    told.act("return_visit", "FD", "07-25 10:00", **low)

    told.step("X2", "CD", "07-25 11:00", reason="夜间堆放")

    assert told.now.standing.state == "onsite"
    assert told.running() == {"onsite": "07-26", "reopened": "07-28"}


def test_an_exempt_affair_is_closed_at_once_by_the_system() -> None:
    told = (
        Told().registered("07-22 10:05", wish="anonymous").step("G1", "CW", "07-22 10:30", **SPOT)
    )
    told.step("G3", "CW", "07-22 11:00", before_photos=[PHOTO], after_photos=[PHOTO])

    clock = told.now.clock("exempt")

    assert clock is not None
    assert (clock.kind, clock.due_at) == (ClockKind.TIMER, day("07-22 11:00"))
    assert told.now.clock("return_visit") is None
    told.expired("exempt", "timer")
    assert told.now.standing.state == "closed"
    assert told.running() == {}


def test_a_suspended_affair_stands_still_and_is_resumed_after_sixty_days() -> None:
    told = dispatched("CG04").step("G12", "SC", "07-25 09:40")
    rights = {"order_number": "城执〔2011〕1号", "rights_told": True}
    told.act("refer", "SC", "07-25 10:00", unit="370103/cg", reason="区级权限")
    told.step("G14", "SC", "07-25 10:00", **rights)

    told.act("suspend", "SL", "07-25 11:00", cause="court")
    assert told.running() == {"suspension": "09-23"}

    told.expired("suspension", "timer")
    assert told.now.standing.suspended_at is None
    assert told.running() == {"referral": "09-26"}


def test_every_clock_stops_when_the_affair_ends() -> None:
    told = dispatched().act("refer", "SC", "07-25 10:00", unit="370103/cg", reason="区级权限")
    assert set(told.running()) == {"disposal", "referral"}

    told.step("X8", "FD", "07-25 11:00", request="不再反映")

    assert told.running() == {}
    assert all(clock.stopped_at == day("07-25 11:00") for clock in told.now.clocks[-2:])


def test_a_refused_visit_is_no_longer_owed_and_an_unreachable_one_is() -> None:
    told = resolved().act("return_visit", "FD", "07-27 10:00", outcome="unreachable")
    assert told.running() == {"return_visit": "07-29"}

    told.act("return_visit", "FD", "07-27 15:00", outcome="refused")

    assert told.running() == {}


def test_new_facts_reopen_a_closed_affair() -> None:
    told = closed().step("X6", "CD", "08-26 10:00", new_facts="又见堆放", evidence=[PHOTO])

    assert told.now.standing.state == "dispatched"
    assert set(told.running()) == {"disposal", "reopened"}


def test_a_year_without_a_table_makes_clocks_provisional() -> None:
    told = onsite(calendar=WorkingCalendar())

    assert [c.calendar for c in told.now.clocks] == ["2011?", "2011?"]


def test_what_does_not_concern_clocks_changes_none() -> None:
    change = CG.clocks(
        onsite().now,
        matter="CG01",
        happening="remind",
        leaves="onsite",
        enters="onsite",
        record=Record(),
        at=day("07-22 12:00"),
        calendar=CALENDAR,
    )

    assert change == ()
