"""Affairs, said in words: `a_scrap_heap().verified_onsite().persuading()`.

Each word plays its command through the decider, ten minutes after the one before, by whoever
usually does it. What comes of `when` is asked with `happened` and `is_refused`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from adapters import calendars
from domain.actor import SYSTEM, Actor, Role
from domain.affair import decide
from domain.affair.commands import Act, Command, Expire, RecordEntry, Register, TakeStep
from domain.affair.decide import Facts
from domain.affair.evolve import evolve, project
from domain.affair.state import Affair
from domain.clock import SHANGHAI
from domain.errors import Refusal
from domain.organisation import OrganisationUnit
from tests.builders.asking import Asked
from workflows.calendar import WorkingCalendar
from workflows.loading import FOLDER, load
from workflows.machine import CompiledLine

CG = CompiledLine(load(FOLDER / "CG.yaml"))
CALENDAR = WorkingCalendar.of(
    calendars.seed((2011, 2012), by="SYS", occurred_at=datetime(2011, 7, 1, 8, 30, tzinfo=SHANGHAI))
)

COMMUNITY, AREA = "370103008001", "370103008001-01"
CITY_MANAGEMENT, SANITATION = "370103008/cg", "370103008/hw"

UNITS = {
    code: OrganisationUnit(code, kind, parent, (), ((date(2011, 7, 1), code),))
    for code, kind, parent in (
        ("370103", "district", ""),
        ("370103/cg", "department", "370103"),
        ("370103008", "street", "370103"),
        (CITY_MANAGEMENT, "department", "370103008"),
        ("370103008/ga", "department", "370103008"),
        (SANITATION, "provider", "370103008"),
        (COMMUNITY, "community", "370103008"),
        (AREA, "area", COMMUNITY),
    )
}

RESIDENT = Actor(account="zhangguifen", role=Role.RES)
WORKER = Actor(account="linxiaohe", role=Role.CW, unit=AREA)
DIRECTOR = Actor(account="zhoumin", role=Role.CD, unit=COMMUNITY)
FRONT_DESK = Actor(account="suqing", role=Role.FD, unit=COMMUNITY)
STREET_OFFICER = Actor(account="zhenglan", role=Role.SC, unit=CITY_MANAGEMENT, lines=("CG",))
STREET_LEADER = Actor(account="gaoyuan", role=Role.SL, unit="370103008")
PROVIDER = Actor(account="hansong", role=Role.SRV, unit=SANITATION)
DISTRICT_OFFICER = Actor(account="luocheng", role=Role.DO, unit="370103", lines=("CG",))
SUPERVISOR = Actor(account="liheng", role=Role.SUP, unit="370103")

AUDITOR = Actor(account="bailu", role=Role.AUD, unit="370103")
COLLEAGUES = (
    *(WORKER, DIRECTOR, FRONT_DESK, STREET_OFFICER, STREET_LEADER, PROVIDER),
    *(DISTRICT_OFFICER, SUPERVISOR),
)
STAFF = {**{actor.account: True for actor in COLLEAGUES}, AUDITOR.account: False}
"""Who is known to the register: may they work on the affair?"""

AFFAIR = UUID("01314fb1-2a48-7c31-9d0f-5b7a1c2e3f40")
ANOTHER = UUID("01314fb1-2a48-7c31-9d0f-5b7a1c2e3f41")
COMMAND = UUID("01314fb1-2a48-7c31-9d0f-5b7a1c2e3f42")
PHOTO = "01314fb1-2a48-7c31-9d0f-5b7a1c2e3f43"

APART = timedelta(minutes=10)


def at(told: str) -> datetime:
    """`07-22 10:05` of 2011, in Shanghai; or with the year before."""
    whole = told if len(told) > len("07-22 10:05") else f"2011-{told}"
    return datetime.strptime(whole, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


FRIDAY = at("07-22 10:00")
"""2011-07-22, when the story begins."""

SATISFIED = {"outcome": "reached", "rating": "5", "solved": "yes"}
REWORK_DUE = {"outcome": "reached", "rating": "1", "solved": "no", "finding": "rework_due"}
EXPLAINED = {"outcome": "reached", "rating": "2", "solved": "partly", "finding": "lawfully_done"}
PASSED: dict[str, Any] = dict.fromkeys(
    ("documents_complete", "authentic", "integral", "usable", "safe"), True
)


def facts(now: datetime, *, procedure: CompiledLine = CG, corrected: Any = None) -> Facts:
    """What a decision at this moment may know."""
    return Facts(
        procedure=procedure,
        calendar=CALENDAR,
        now=now,
        assignee=WORKER.account,
        corrected=corrected,
        units=UNITS,
        staff=STAFF,
    )


Kind = Callable[..., Command]

DECIDERS: dict[type, Any] = {
    TakeStep: decide.take_step,
    RecordEntry: decide.record_entry,
    Act: decide.act,
    Expire: decide.expire,
}


@dataclass(frozen=True)
class Outcome:
    """What a command has come to: events, or a refusal."""

    events: tuple[Any, ...] = ()
    refusal: Refusal | None = None

    def happened(self) -> tuple[Any, ...]:
        """Its events."""
        assert self.refusal is None, repr(self.refusal)
        return self.events

    def event(self) -> Any:
        """Its only event."""
        (event,) = self.happened()
        return event

    def is_refused(self) -> Refusal:
        """The refusal."""
        assert self.refusal is not None, f"it happened: {self.events}"
        assert not self.events
        return self.refusal


@dataclass(frozen=True)
class Case:
    """An affair so far: its events, the state they fold to, and the time of the last one."""

    events: tuple[Any, ...]
    now: datetime
    affair: Affair = field(repr=False)
    line: CompiledLine = field(default=CG, repr=False)

    # --- the words ---------------------------------------------------------------------------

    def verified_onsite(self) -> Self:
        """G1: accepted."""
        return self.step(WORKER, "G1", place="116.99217,36.63458")

    def persuading(self) -> Self:
        """G4: the first attempt has begun."""
        return self.step(WORKER, "G4")

    def persuaded_in_vain(self) -> Self:
        """The attempt has failed."""
        return self.entry(WORKER, "persuasion", result="ineffective")

    def filed(self) -> Self:
        """G8: brought to the street."""
        return self.step(WORKER, "G8")

    def dispatched(self) -> Self:
        """G9: to the street's city management."""
        return self.step(STREET_OFFICER, "G9", lead_unit=CITY_MANAGEMENT)

    def handling(self) -> Self:
        """G12: signed in."""
        return self.step(STREET_OFFICER, "G12")

    def enforcing(self) -> Self:
        """G14: by order."""
        return self.step(STREET_OFFICER, "G14", order_number="2011-12", rights_told=True)

    def reported_done(self) -> Self:
        """G13: to be checked."""
        return self.step(STREET_OFFICER, "G13", after_photos=[PHOTO])

    def passed(self) -> Self:
        """G16: resolved."""
        return self.step(WORKER, "G16")

    def fixed_locally(self) -> Self:
        """G3: resolved without the street."""
        return self.step(WORKER, "G3", before_photos=[PHOTO], after_photos=[PHOTO])

    def rated(self, **record: object) -> Self:
        """A return visit by the front desk."""
        return self.act(FRONT_DESK, "return_visit", **record)

    def closed(self) -> Self:
        """X1: the resident is satisfied."""
        return self.rated(**SATISFIED).step(FRONT_DESK, "X1")

    def reopened(self) -> Self:
        """X2: the resident is not."""
        return self.rated(**REWORK_DUE).step(SUPERVISOR, "X2", reason="西侧又堆了起来")

    # --- the ways ----------------------------------------------------------------------------

    def later(self, now: datetime | str) -> Self:
        """Time goes on until then."""
        moment = at(now) if isinstance(now, str) else now
        assert moment >= self.now
        return replace(self, now=moment - APART)

    def step(self, by: Actor, step: str, **record: object) -> Self:
        """A step has been taken."""
        return self._then(TakeStep, by, record, step=step)

    def entry(self, by: Actor, entry: str, **record: object) -> Self:
        """An entry has been written."""
        return self._then(RecordEntry, by, record, entry=entry)

    def act(self, by: Actor, action: str, **record: object) -> Self:
        """An action has been done."""
        return self._then(Act, by, record, action=action)

    def _then(self, kind: Kind, by: Actor, record: Mapping[str, object], **what: str) -> Self:
        now = self.now + APART
        asked = kind(**asks(by, now), affair_id=AFFAIR, record=record, **what)
        return self.given(*self.when(asked, now=now).happened(), now=now)

    def given(self, *events: Any, now: datetime) -> Self:
        """These have happened too."""
        affair = project(self.affair, events)
        assert affair is not None
        return replace(self, events=(*self.events, *events), now=now, affair=affair)

    # --- the question ------------------------------------------------------------------------

    def when(self, command: Command, *, now: datetime | None = None) -> Outcome:
        """Decide a command; what is refused changes nothing."""
        before = self.affair
        try:
            known = facts(
                now or command.occurred_at,
                procedure=self.line,
                corrected=self._named(getattr(command, "record", {}).get("of_version")),
            )
            events = DECIDERS[type(command)](self.affair, command, known)
        except Refusal as refusal:
            assert self.affair == before == project(None, self.events)
            return Outcome(refusal=refusal)
        # Whatever was decided can be folded.
        project(self.affair, events)
        return Outcome(events=tuple(events))

    # As the handler of a correction loads it.
    def _named(self, version: object) -> Any:
        told = str(version)
        return dict(enumerate(self.events, 1)).get(int(told)) if told.isdecimal() else None

    def takes(self, by: Actor, step: str, when: datetime | str = "", **record: object) -> Outcome:
        """Somebody takes a step now."""
        return self._asked(TakeStep, by, when, record, step=step)

    def writes(self, by: Actor, entry: str, when: datetime | str = "", **record: object) -> Outcome:
        """Somebody writes an entry now."""
        return self._asked(RecordEntry, by, when, record, entry=entry)

    def does(self, by: Actor, action: str, when: datetime | str = "", **record: object) -> Outcome:
        """Somebody does an action now."""
        return self._asked(Act, by, when, record, action=action)

    def expires(
        self, clock: str, colour: str, now: datetime | str, due_at: datetime | None = None
    ) -> Outcome:
        """The sweeper comes by."""
        known = self.affair.clock(clock)
        moment = at(now) if isinstance(now, str) else now
        due = due_at or (known.due_at if known else moment)
        asked = Expire(
            **asks(SYSTEM, due), affair_id=AFFAIR, clock=clock, colour=colour, due_at=due
        )
        return self.when(asked, now=moment)

    def _asked(
        self,
        kind: Kind,
        by: Actor,
        when: datetime | str,
        record: Mapping[str, object],
        **what: str,
    ) -> Outcome:
        moment = at(when) if isinstance(when, str) and when else when or self.now + APART
        assert isinstance(moment, datetime)
        return self.when(kind(**asks(by, moment), affair_id=AFFAIR, record=record, **what))


def asks(by: Actor, occurred_at: datetime) -> Asked:
    """What every command carries."""
    return {"command_id": COMMAND, "by": by, "occurred_at": occurred_at}


def registration(**given: Any) -> Register:
    """The request of the story."""
    asked: dict[str, Any] = {
        **asks(WORKER, FRIDAY),
        "affair_id": AFFAIR,
        "matter": "CG01",
        "source": "visit",
        "community": COMMUNITY,
        "area": AREA,
        "summary": "小区门口堆放废品",
        "applicant": "张桂芬",
        "telephone": "13800001234",
    }
    if given.get("contact_wish") == "anonymous":
        asked |= {"applicant": "", "telephone": ""}
    return Register(**{**asked, **given})


def a_scrap_heap(line: CompiledLine = CG, **given: Any) -> Case:
    """An affair that was just registered, 2011-07-22 10:00."""
    asked = registration(**given)
    (event,) = decide.register(asked, facts(asked.occurred_at, procedure=line))
    event = replace(event, number="CG-2011-0001")
    return Case(events=(event,), now=asked.occurred_at, affair=evolve(None, event), line=line)


def persuading() -> Case:
    """A first attempt at persuasion has begun."""
    return a_scrap_heap().verified_onsite().persuading()


def handling() -> Case:
    """The street's city management is at work."""
    return persuading().persuaded_in_vain().filed().dispatched().handling()


def checking() -> Case:
    """The street says that it is done."""
    return handling().reported_done()


def resolved() -> Case:
    """The community agrees that it is done."""
    return checking().passed()
