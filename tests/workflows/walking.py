"""An affair of any line on its way through the real decider: what is open is done, what falls due
is fired, and a way is found from wherever it stands to an end.
"""

import heapq
from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, NamedTuple

from domain.actor import SYSTEM, Actor, Role
from domain.affair import decide
from domain.affair.commands import NIL, Act, Expire, RecordEntry, Register, TakeStep
from domain.affair.evolve import project
from domain.affair.state import ENDS, Affair
from domain.clock import Clock, ClockKind
from domain.errors import Refusal
from domain.offering import Offering, Place, place_of
from domain.offering import evolve as of_offering
from domain.record import NOTHING, Kind
from tests.builders import lines
from tests.workflows.holding import Where
from tests.workflows.scenes import AFFAIR, CALENDAR, OTHER, Scene, sample
from tests.workflows.searching import found, plainly
from workflows.booking import Booking
from workflows.guards import Ask
from workflows.machine import CompiledLine
from workflows.ways import Way, fields_of

COMMUNITY, AREA = "370103008001", "370103008001-01"
UNITS = ("370103008/cg", "370103/cg", COMMUNITY)
EXITS = ("X7", "X8", "X9", "X10")
"""Without them, or everything could be brought to an end."""

HELPING = (
    *("request_answer", "receive_answer", "joint_done", "return_visit", "resume"),
    *("supervise", "answer_supervision"),
)
"""The actions without which some step stays shut."""

WAITS = tuple(timedelta(days=days) for days in (1, 8, 31, 100, 370))
FAR = 5_000
"""Affairs that are looked at on the way to an end."""


class Deed(NamedTuple):
    """A step, an entry or an action that somebody may do now."""

    way: Way
    by: Actor


@dataclass
class Real(Scene):
    """An affair that is there: of this scene only what is recorded now can be changed."""

    there: Affair | None = None

    def affair(self) -> Affair:
        assert self.there is not None
        return self.there

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Real) and self.record == other.record

    __hash__ = None  # type: ignore[assignment]  # it is changed, like any scene


@dataclass(frozen=True)
class Walk:
    """How far it has come. Nothing here is changed: each deed makes another."""

    line: CompiledLine
    at: datetime
    affair: Affair
    events: tuple[Any, ...] = ()
    deeds: int = 0
    offering: Offering | None = None

    @property
    def matter(self) -> str:
        return self.affair.identity.matter

    @property
    def state(self) -> str:
        return self.affair.standing.state

    @property
    def place(self) -> Place | None:
        """What it has of the offering that it names."""
        return place_of(self.offering, AFFAIR) if self.offering else None

    def facts(self, at: datetime) -> decide.Facts:
        return decide.Facts(procedure=self.line, calendar=CALENDAR, now=at, place=self.place)

    def after(self, events: list[Any], at: datetime) -> "Walk":
        affair = project(self.affair, events)
        assert affair is not None
        return replace(
            self,
            at=at,
            affair=affair,
            events=(*self.events, *events),
            deeds=self.deeds + 1,
            offering=self._moved(events),
        )

    # Its place moves with it, as the desk stores it.
    def _moved(self, events: list[Any]) -> Offering | None:
        offering, places = self.offering, self.line.places
        if offering is None or places is None or self.place is None:
            return None
        booked = Booking(places, AFFAIR, OTHER, offering, 1, NIL, 0, self.place)
        for beside in booked.moved(self.affair, events, ""):
            for event in beside.events if beside.stream_id == OTHER else ():
                offering = of_offering(offering, event)
        return offering

    def freed(self) -> "Walk":
        """Whoever had the place gave it up."""
        if self.offering is None:
            return self
        mine = tuple(one for one in self.offering.holders if one == AFFAIR)
        return replace(self, offering=replace(self.offering, holders=mine))

    def told(self) -> str:
        """What happened, in short, to play it again by hand."""
        named = ("step", "entry", "clock", "question", "unit")
        words = ("".join(str(getattr(one, name, "")) for name in named) for one in self.events)
        kinds = (type(one).__name__ for one in self.events)
        return " ".join(told or kind for told, kind in zip(words, kinds, strict=True))

    # --- time ----------------------------------------------------------------------------------

    def until(self, at: datetime) -> "Walk":
        """Time goes on; what falls due by then is fired in its order, as the sweeper does."""
        walk = self
        while (next_ := min(walk._due(at), default=None, key=lambda due: due[0])) is not None:
            moment, colour, clock = next_
            command = Expire(
                command_id=AFFAIR,
                by=SYSTEM,
                occurred_at=moment,
                affair_id=AFFAIR,
                clock=clock.name,
                colour=colour,
                due_at=clock.due_at,
            )
            events = decide.expire(walk.affair, command, walk.facts(max(moment, walk.at)))
            assert events, f"{clock.name} {colour} decided nothing"
            walk = walk.after(events, max(moment, walk.at))
        return replace(walk, at=at)._promoted()

    # A place that is free is kept for the first who waits, as the worker does.
    def _promoted(self) -> "Walk":
        places, offering = self.line.places, self.offering
        if offering is None or places is None or places.offer is None:
            return self
        if offering.next != AFFAIR or self.at >= offering.starts_at:
            return self
        return self.done(Deed(self.line.entries[places.offer], SYSTEM), {})

    def _due(self, at: datetime) -> Iterator[tuple[datetime, str, Clock]]:
        for clock in self.affair.clocks:
            if clock.running and not clock.provisional:
                timer = clock.kind is ClockKind.TIMER
                for moment, colour in (
                    ((clock.due_at, "timer"),)
                    if timer
                    else ((clock.warn_at, "yellow"), (clock.due_at, "red"))
                ):
                    seen = (clock.name, colour, clock.due_at)
                    if moment <= at and seen not in self.affair.work.warned:
                        yield moment, colour, clock

    # --- what can be done ----------------------------------------------------------------------

    def ways(self, *, all_: bool = False) -> Iterator[Way]:
        """What the affair's state leaves open; helping actions alone, or all."""
        line = self.line
        actions = line.actions if all_ else {name: line.actions[name] for name in HELPING}
        for way in (*line.steps.values(), *line.entries.values(), *actions.values()):
            if self.state in way.sources and self.matter in way.forms:
                yield way

    def open(self, way: Way) -> Iterator[Deed]:
        """It for each role to which it is open: done by somebody new, or else by who registered."""
        for role in Role:
            if role is Role.SYS or (role not in way.by and role not in way.behalf):
                continue
            unit = "" if role is Role.RES else self.affair.work.referral or self._lends(way)
            for account in (f"{role.lower()}-{self.deeds}", self.affair.identity.registered_by):
                by = Actor(account=account, role=role, unit=unit)
                if not way.in_the_way(self._ask(by)):
                    yield Deed(way, by)
                    break

    # Each joint unit ends its own task.
    def _lends(self, way: Way) -> str:
        undone = (one.unit for one in self.affair.work.joint if not one.done)
        return next(undone, "370103008/cg") if way.id == "joint_done" else "370103008/cg"

    def shut(self, way: Way) -> int:
        """How many guards are in the way before anything is recorded, whoever comes."""
        role = next(role for role in Role if role in way.by)
        ask = self._ask(Actor(account=f"new-{self.deeds}", role=role))
        return sum(not guard.holds(ask) for guard in way.before)

    def _ask(self, by: Actor) -> Ask:
        return Ask(self.affair, by, NOTHING, self.at, CALENDAR, self.line, place=self.place)

    def record(self, deed: Deed) -> dict[str, object] | None:
        """What lets it pass; None where nothing that is recorded now would."""
        where = Where(self.line, deed.way, self.matter, self.state, deed.by.role)
        scene = Real(
            matter=self.matter,
            state=self.state,
            role=deed.by.role,
            account=deed.by.account,
            unit=deed.by.unit,
            at=self.at,
            record=plainly(where, self.at),
            registered_at=self.affair.identity.registered_at,
            there=self.affair,
            place=self.place,
        )
        open_ = found(where, start=scene)
        return open_.record if open_ else None

    def done(self, deed: Deed, record: dict[str, object]) -> "Walk":
        """It, done. Raises what the decider refuses with."""
        asked: dict[str, Any] = {
            "command_id": AFFAIR,
            "by": deed.by,
            "occurred_at": self.at,
            "affair_id": AFFAIR,
            "record": record,
        }
        facts, name = self.facts(self.at), deed.way.id
        match deed.way.kind:
            case "entry":
                events = decide.record_entry(self.affair, RecordEntry(**asked, entry=name), facts)
            case "action":
                events = decide.act(self.affair, Act(**asked, action=name), facts)
            case _:
                events = decide.take_step(self.affair, TakeStep(**asked, step=name), facts)
        return self.after(events, self.at)


def begun(
    line: CompiledLine, matter: str, at: datetime, wish: str = "contact", *, full: bool = False
) -> Walk:
    """A new affair, with what its form must say. full: others have the place that it asks for."""
    spec = line.matter(matter)
    role = next(iter(spec.opened_by), Role.CW)
    specs = fields_of(line.spec, spec.fields, matter)
    record = {one.name: sample(one, at) for one in specs if one.required}
    offering = None
    if filled := line.filled(matter):
        begins = at + timedelta(days=5)
        offering = Offering(
            matter=matter,
            unit=COMMUNITY,
            title="课堂",
            venue="活动室",
            capacity=1,
            standby=1,
            starts_at=begins,
            ends_at=begins + timedelta(hours=2),
            holders=(OTHER,) if full else (),
        )
        record |= {name: getattr(offering, of).isoformat() for name, of in filled.items()}
    command = Register(
        command_id=AFFAIR,
        by=Actor(account="registrar", role=role, unit=AREA),
        occurred_at=at,
        affair_id=AFFAIR,
        matter=matter,
        source="hall",
        community=COMMUNITY,
        area=AREA,
        summary="小区门口堆放废品",
        telephone="" if wish == "anonymous" else "13800001234",
        contact_wish=wish,
        record=record,
    )
    facts = decide.Facts(procedure=line, calendar=CALENDAR, now=at)
    events = decide.register(command, facts)
    affair = project(None, events)
    assert affair is not None
    return Walk(line, at, affair, tuple(events), offering=offering)


# --- the way to an end ---------------------------------------------------------------------------


@cache
def distances(line: CompiledLine, matter: str) -> dict[str, int]:
    """Steps from each state to the affair's closing, whatever stands in the way."""
    far = {"closed": 0}
    ways = [way for id_, way in line.steps.items() if id_ not in EXITS and matter in way.forms]
    for _ in line.states:
        for way in ways:
            if way.to in far:
                for state in way.sources:
                    far[state] = min(far.get(state, far[way.to] + 1), far[way.to] + 1)
    return far


def to_an_end(walk: Walk, *, closing: bool = False, far_most: int = FAR) -> Walk | None:
    """The affair at an end, within the rules, by whoever may; None where no way is found.

    closing: at its closing, and at no other end. far_most: affairs that are looked at.
    """
    ends = ("closed",) if closing else ENDS
    far, number = distances(walk.line, walk.matter), count()
    known: set[object] = set()
    heap: list[tuple[int, int, int, Walk]] = [(0, next(number), 0, walk)]
    while heap and len(known) < far_most:
        _, _, cost, here = heapq.heappop(heap)
        if here.state in ends:
            return here
        for after in _children(here):
            if (sign := _sign(after)) not in known and after.state in (*far, *ends):
                known.add(sign)
                ahead = 3 * far[after.state] + _shut(after, far) if after.state in far else 0
                heapq.heappush(heap, (2 * ahead + cost + 1, next(number), cost + 1, after))
    return None


# Of the steps that lead nearer, the one that least stands in the way of.
def _shut(walk: Walk, far: dict[str, int]) -> int:
    nearer = [
        way
        for way in walk.ways()
        if way.kind == "step" and way.id not in EXITS and far.get(way.to, 99) < far[walk.state]
    ]
    return min((walk.shut(way) for way in nearer), default=0)


# What some guard may ask for: two affairs that agree in it go on alike.
def _sign(walk: Walk) -> object:
    work, now = walk.affair.work, walk.affair.standing
    asked = lines.deciding(walk.line)

    def told(facts: Mapping[str, str]) -> object:
        return frozenset((name, value) for name, value in facts.items() if name in asked)

    return (
        (now.state, now.round, now.suspended_at is None, now.level),
        bisect(WAITS, walk.at - now.entered_at),
        told(walk.affair.facts),
        frozenset((done.step, done.round, told(done.facts)) for done in work.steps),
        frozenset((noted.entry, noted.round, told(noted.facts)) for noted in work.entries),
        (frozenset(work.questions), frozenset(work.answers), work.referral),
        frozenset(joint.unit for joint in work.joint if not joint.done),
        walk.affair.visits[-1:],
    )


def _children(walk: Walk) -> Iterator[Walk]:
    for way in walk.ways():
        if way.id in EXITS:
            continue
        for deed in walk.open(way):
            plain = walk.record(deed)
            if plain is not None:
                done = [_tried(walk, deed, record) for record in _records(walk, deed, plain)]
                yield from (one for one in done if one is not None)
                break
    for time in WAITS:
        yield walk.until(walk.at + time)


def _records(walk: Walk, deed: Deed, plain: dict[str, object]) -> Iterator[dict[str, object]]:
    """What lets it pass; the same with all that may be told; and with each other choice."""
    yield plain
    specs = deed.way.reader(walk.matter, deed.by.role).specs
    told = {one.name: sample(one, walk.at) for one in specs if one.name != "merged_into"}
    yield {**told, **plain}
    for one in specs:
        for choice in one.choices:
            if plain.get(one.name) != choice:
                yield {**plain, one.name: choice}
        if one.kind is Kind.UNIT:
            yield from ({**plain, one.name: unit} for unit in UNITS)


def _tried(walk: Walk, deed: Deed, record: dict[str, object]) -> Walk | None:
    try:
        return walk.done(deed, record).until(walk.at + timedelta(minutes=1))
    except Refusal:
        return None
