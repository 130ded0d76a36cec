"""Affairs of line CG, played through the real decider: each step finds the clocks of the last."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from domain.actor import SYSTEM, Actor, Role
from domain.affair import decide
from domain.affair.commands import Act, Expire, RecordEntry, Register, TakeStep
from domain.affair.decide import Facts
from domain.affair.evolve import evolve
from domain.affair.state import Affair
from domain.clock import SHANGHAI, local_day
from tests.workflows.scenes import CALENDAR, CG, PHOTO
from workflows.calendar import WorkingCalendar
from workflows.machine import CompiledLine
from workflows.ways import Option

AFFAIR = UUID("0197f3b2-0000-7000-8000-000000000001")
NOW = datetime(2012, 7, 31, tzinfo=UTC)
SPOT = {"place": "116.99,36.65"}
AFTER = {"after_photos": [PHOTO]}
PRAISED = {"outcome": "reached", "rating": 5, "solved": "yes"}
CHECKS = ("documents_complete", "authentic", "integral", "usable", "safe")


def day(text: str) -> datetime:
    """`07-22 10:30` of 2011, Jinan."""
    return datetime.strptime(f"2011-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def who(role: str, account: str = "") -> Actor:
    if role == "SYS":
        return SYSTEM
    unit = "370103008/cg" if role == "SC" else "370103008001"
    return Actor(account=account or role.lower(), role=Role(role), unit=unit)


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
            telephone="" if wish == "anonymous" else "13800001234",
            contact_wish=wish,
        )
        return self._take(decide.register(command, self.facts))

    def step(self, step: str, role: str, at: str, account: Any = "", **record: Any) -> Self:
        given = self._given(role, at, by=who(role, account))
        command = TakeStep(**given, affair_id=AFFAIR, step=step, record=record)
        return self._take(decide.take_step(self.now, command, self.facts))

    def act(self, action: str, role: str, at: str, **record: Any) -> Self:
        command = Act(**self._given(role, at), affair_id=AFFAIR, action=action, record=record)
        return self._take(decide.act(self.now, command, self.facts))

    def entry(self, entry: str, role: str, at: str, **record: Any) -> Self:
        command = RecordEntry(**self._given(role, at), affair_id=AFFAIR, entry=entry, record=record)
        return self._take(decide.record_entry(self.now, command, self.facts))

    def taken(self, option: Option, by: Actor, at: datetime, record: dict[str, object]) -> Self:
        """Whatever was offered, done."""
        given: dict[str, Any] = {"command_id": AFFAIR, "by": by, "occurred_at": at}
        given |= {"affair_id": AFFAIR, "record": record}
        match option.kind:
            case "entry":
                command = RecordEntry(**given, entry=option.step)
                return self._take(decide.record_entry(self.now, command, self.facts))
            case "action":
                acted = Act(**given, action=option.step)
                return self._take(decide.act(self.now, acted, self.facts))
            case _:
                step = TakeStep(**given, step=option.step)
                return self._take(decide.take_step(self.now, step, self.facts))

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
