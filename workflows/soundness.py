"""Soundness of a line: can every affair of every matter get through, and come to an end?

Asked per matter, and without X8 to X10 (withdrawal, termination, deemed acceptance), which would
make everything trivially sound. Guards count as if they could hold, but for those that the matter
alone decides.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from domain.actor import Role
from domain.affair.state import ENDS
from domain.clock import ClockKind
from domain.errors import FieldInvalid, FieldMissing
from domain.record import ATTACHED, Kind
from workflows import ways
from workflows.bookable import faults_of_places
from workflows.clockspec import NONE, ClockSpec, TimerSpec
from workflows.faults import Fault, Faults, Route, asking_of, near, numbered
from workflows.fields import FieldSpec
from workflows.guards import Guard
from workflows.line import ARCHIVED, REDO, Line, for_matter
from workflows.reading import LONGEST, MOST
from workflows.references import faults_of_names

__all__ = ["Fault", "faults_of"]

TRIVIAL = ("X8", "X9", "X10")
_SIZED = (Kind.TEXT, Kind.NOTE, Kind.PERSON, Kind.NUMBER, Kind.MONEY, *ATTACHED, Kind.UNITS)
_NOBODY = UUID(int=0)


def faults_of(line: Line) -> Faults:
    """Everything that is wrong with a line; names first, and walks only where names are right."""
    found = [
        *faults_of_names(line),
        *_doubled(line),
        *_faults_of_fields(line),
        *faults_of_places(line),
    ]
    yield from found
    if not found:
        yield from _Walk(line).faults()


class Edge(NamedTuple):
    """A step of one matter, from one state to another."""

    source: str
    to: str
    step: str
    action: str


class _Walk:
    """The procedure as a graph, one for each matter."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.steps = ways.steps(line)
        self.actions = ways.actions(line)
        self.edges = {matter: tuple(self._edges(matter)) for matter in line.matters}
        self.reached = {
            matter: reachable({line.initial}, [(e.source, e.to) for e in edges])
            for matter, edges in self.edges.items()
        }

    def faults(self) -> Faults:
        yield from self._states()
        for matter in self.line.matters:
            yield from self._ends(matter)
            yield from self._ambiguous(matter)
            yield from self._accepted(matter)
            yield from self._redo(matter)
        yield from self._steps()
        yield from self._clocks()
        yield from self._timers()

    def _edges(self, matter: str) -> Iterator[Edge]:
        for way in self.steps.values():
            guards = (*way.before, *way.after)
            if way.id in TRIVIAL or matter not in way.forms or never(guards, matter):
                continue
            targets = self.line.redo_targets(matter) if way.to == REDO else (way.to,)
            for source in sorted(way.sources):
                yield from (Edge(source, to, way.id, way.action) for to in targets)

    # --- states --------------------------------------------------------------------------------

    def _states(self) -> Faults:
        everywhere = set().union(*self.reached.values())
        for state in self.line.states:
            if state not in everywhere:
                wrong = f"no affair can come to `{state}`"
                yield Fault(("states", state), wrong, f"write a step with `to: {state}`")

    def _ends(self, matter: str) -> Faults:
        back = [(edge.to, edge.source) for edge in self.edges[matter]]
        ending = reachable(set(ENDS), back)
        for state in sorted(self.reached[matter] - ending - {ARCHIVED}):
            route: Route = ("states", state)
            if state not in self.line.states:
                route = ("common", *route)
            wrong = f"from `{state}` an affair of {matter} cannot come to an end"
            remedy = f"write a step from `{state}` that leads on, for {matter}"
            yield Fault(route, wrong, remedy)

    def _ambiguous(self, matter: str) -> Faults:
        seen: dict[tuple[str, str], str] = {}
        for edge in self.edges[matter]:
            first = seen.setdefault((edge.source, edge.action), edge.step)
            if first != edge.step:
                wrong = (
                    f"{edge.step} and {first} are both `{edge.action}` "
                    f"from `{edge.source}` for {matter}"
                )
                remedy = "write another `action`, or `matters` that tell them apart"
                yield Fault((*self._route(edge.step), "action"), wrong, remedy)

    def _accepted(self, matter: str) -> Faults:
        reached = self.reached[matter]
        accepting = (e for e in self.edges[matter] if e.step in self.line.accepted_on)
        if not any(edge.source in reached for edge in accepting):
            wrong = f"no step accepts an affair of {matter}"
            yield Fault(("matters", matter), wrong, "write such a step and name it in accepted_on")

    def _redo(self, matter: str) -> Faults:
        for state in self.line.redo_targets(matter):
            if state not in self.line.states or state not in self.reached[matter]:
                route: Route = ("matters", matter, "redo")
                if self.line.matters[matter].redo is None:
                    route = ("redo",)
                wrong = f"an affair of {matter} cannot return to `{state}`"
                remedy = near("", sorted(self.reached[matter] & set(self.line.states)))
                yield Fault(route, wrong, remedy)

    # --- steps ---------------------------------------------------------------------------------

    def _steps(self) -> Faults:
        taken = {
            edge.step
            for matter, edges in self.edges.items()
            for edge in edges
            if edge.source in self.reached[matter]
        }
        for spec in self.line.transitions:
            if spec.id not in taken:
                wrong = f"{spec.id} can be taken for no matter"
                remedy = "write a `from` that its matters can come to, or leave the step out"
                yield Fault((*self._route(spec.id), "from"), wrong, remedy)

    def _route(self, step: str) -> Route:
        for at, spec in enumerate(self.line.transitions):
            if spec.id == step:
                return ("transitions", at)
        at = next(n for n, spec in enumerate(self.line.common.transitions) if spec.id == step)
        return ("common", "transitions", at)

    # --- clocks and timers ---------------------------------------------------------------------

    def _clocks(self) -> Faults:
        firing = {timer.clock for timer in self.line.all_timers()}
        for route, clock in numbered(self.line, "clocks"):
            for matter in self.line.matters:
                limited = clock.limit or any(for_matter(c.matters, matter) for c in clock.limits)
                due = (clock.due_field or clock.until) is not None and not clock.limits
                if for_matter(clock.matters, matter) and not limited and not due:
                    wrong = f"clock `{clock.name}` has no limit for {matter}"
                    remedy = f"write `- {{matters: [{matter}], count: 3, unit: wd}}` in its limits"
                    yield Fault((*route, "limits"), wrong, remedy)
            if clock.kind is ClockKind.TIMER and clock.name not in firing:
                remedy = f"write `timers: [{{clock: {clock.name}, fires: …}}]`"
                yield Fault(route, f"timer `{clock.name}` fires nothing", remedy)

    def _timers(self) -> Faults:
        clocks = {clock.name: clock for clock in self.line.all_clocks()}
        for route, timer in numbered(self.line, "timers"):
            clock = clocks.get(timer.clock)
            if clock is None:
                wrong = f"no clock `{timer.clock}`"
                yield Fault((*route, "clock"), wrong, near(timer.clock, clocks))
            elif clock.kind is not ClockKind.TIMER:
                wrong = f"clock `{clock.name}` is {clock.kind}, not a timer"
                yield Fault((*route, "clock"), wrong, f"write `kind: timer` for `{clock.name}`")
            elif timer.fires != NONE:
                yield from self._timer(route, timer, clock)
            elif timer.record:
                wrong = f"timer `{clock.name}` fires nothing"
                yield Fault((*route, "record"), wrong, "leave `record` out")

    def _timer(self, route: Route, timer: TimerSpec, clock: ClockSpec) -> Faults:
        way = self.steps.get(timer.fires) or self.actions.get(timer.fires)
        here = (*route, "fires")
        if way is None:
            wrong = f"no step or action `{timer.fires}`"
            yield Fault(here, wrong, near(timer.fires, (*self.steps, *self.actions)))
            return
        if Role.SYS not in way.by:
            wrong = f"{way.id} is not taken by the system"
            yield Fault(here, wrong, f"write SYS among the `by` of {way.id}")
        for matter in self.line.matters:
            if not for_matter(clock.matters, matter):
                continue
            if matter not in way.forms:
                wrong = f"timer `{clock.name}` has no way out for {matter}: {way.id} is not for it"
                yield Fault(here, wrong, f"write {matter} in the `matters` of {way.id}")
                continue
            for state in sorted(
                (self._running(clock, matter) & self.reached[matter]) - way.sources
            ):
                wrong = f"timer `{clock.name}` has no way out: {way.id} is not open in `{state}`"
                yield Fault(here, wrong, f"write `{state}` in the `from` of {way.id}")
            try:
                way.forms[matter].own.read(timer.record, _NOBODY)
            except (FieldMissing, FieldInvalid) as refusal:
                wrong = f"timer `{clock.name}`: {refusal}"
                yield Fault(here, wrong, f"write `record: {{{refusal.field}: …}}` beside it")

    # The states in which a clock of one matter surely runs: its set, or where it has just started.
    def _running(self, clock: ClockSpec, matter: str) -> frozenset[str]:
        states = set(self.line.states_of(clock.runs_in))
        for happening in clock.starts_on:
            if happening == "register":
                states.add(self.line.initial)
            elif happening.startswith("state:"):
                states.add(happening.removeprefix("state:"))
            states |= {edge.to for edge in self.edges[matter] if edge.step == happening}
        return frozenset(states)


def never(guards: Iterable[Guard], matter: str) -> bool:
    """Whether the matter alone already keeps these guards from holding."""
    return any(decided(guard, matter) is False for guard in guards)


def decided(guard: Guard, matter: str) -> bool | None:
    """True or False where the matter alone decides, None where more must be known."""
    if guard.name == "matter_in":
        return matter in guard.parameter
    if guard.predicate.names != "guard":
        return None
    parts = [decided(part, matter) for part in guard.parameter]
    match guard.name:
        case "all_of":
            return False if False in parts else None if None in parts else True
        case "any_of":
            return True if True in parts else None if None in parts else False
        case _:
            return False if True in parts else None if None in parts else True


def reachable(start: set[str], edges: Iterable[tuple[str, str]]) -> set[str]:
    """The states that the edges lead to from `start`, itself among them."""
    reached, ahead = set(start), list(start)
    onward: dict[str, list[str]] = {}
    for source, to in edges:
        onward.setdefault(source, []).append(to)
    while ahead:
        for to in onward.get(ahead.pop(), ()):
            if to not in reached:
                reached.add(to)
                ahead.append(to)
    return reached


def _doubled(line: Line) -> Faults:
    for key, name in (
        ("transitions", "id"),
        ("entries", "name"),
        ("actions", "name"),
        ("clocks", "name"),
        ("questions", "name"),
        ("timers", "clock"),
        ("reactions", "id"),
    ):
        seen: Counter[str] = Counter()
        # The common ones first: where a line uses a name again, the line is at fault.
        for route, one in sorted(numbered(line, key), key=lambda r: r[0][0] != "common"):
            seen[getattr(one, name)] += 1
            if seen[getattr(one, name)] > 1:
                wrong = f"{name} `{getattr(one, name)}` is used twice in {key}"
                yield Fault((*route, name), wrong, "write another")


def _faults_of_fields(line: Line) -> Faults:
    first: dict[str, FieldSpec] = {}
    for route, fields in asking_of(line):
        seen = set()
        for at, field in enumerate(fields):
            here = (*route, at)
            if field.name in seen:
                yield Fault(here, f"`{field.name}` is asked for twice", "write it once")
            seen.add(field.name)
            known = first.setdefault(field.name, field)
            if field.kind is not known.kind:
                wrong = f"`{field.name}` is {field.kind} here and {known.kind} elsewhere"
                yield Fault((*here, "kind"), wrong, "write one kind, or another name")
            yield from _faults_of_field(here, field)


def _faults_of_field(here: Route, field: FieldSpec) -> Faults:
    chosen = bool(field.choices) or field.choices_from is not None
    if chosen is not (field.kind is Kind.CHOICE):
        remedy = "write `kind: choice` with `choices: {yes: {zh: 是, en: Yes}}`, or neither"
        yield Fault(here, f"`{field.name}` is {field.kind}", remedy)
    dated = field.from_today or field.next_month or field.within_days is not None
    if dated and field.kind not in (Kind.DATE, Kind.INSTANT):
        remedy = "write `kind: date`, or leave from_today, next_month and within_days out"
        yield Fault(here, f"`{field.name}` is no date", remedy)
    if field.past and field.kind is not Kind.INSTANT:
        remedy = "write `kind: instant`, or leave past out"
        yield Fault(here, f"`{field.name}` is no instant", remedy)
    if field.form is not None and field.kind is not Kind.PERSON:
        yield Fault(
            here, f"`{field.name}` is no person's", "write `kind: person`, or leave form out"
        )
    sized = field.min is not None or field.max is not None
    if sized and field.kind not in _SIZED:
        yield Fault(here, f"`{field.name}` has no size", "leave min and max out")
    least, most = _room(field)
    if sized and least is not None and most is not None and most < least:
        wrong = f"`{field.name}`: {most} is less than {least}"
        if field.max == most:
            yield Fault((*here, "max"), wrong, f"write {least} or more")
        else:
            yield Fault((*here, "min"), wrong, f"write {most} or less")


def _room(field: FieldSpec) -> tuple[int | None, int | None]:
    """The least and the most that can be filled in, as the field is read."""
    match field.kind:
        case Kind.NUMBER:
            return field.min, field.max
        case Kind.MONEY:
            return field.min or 0, field.max
        case Kind.TEXT | Kind.NOTE | Kind.PERSON:
            return max(field.min or 1, 1), min(LONGEST if field.max is None else field.max, LONGEST)
        case _:
            return max(field.min or 1, 1), MOST if field.max is None else field.max
