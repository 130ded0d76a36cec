"""Limits counted by hand: what a vector says, and the limits of a line that have none."""

import calendar
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import pytest
from _pytest.mark.structures import ParameterSet

from tests.builders import lines
from tests.workflows.limits.starting import CALENDAR, begun, instant, told
from workflows.clockspec import ClockSpec
from workflows.limits import Case, Timing, timings
from workflows.line import REDO
from workflows.machine import CompiledLine

Named = tuple[str, str]
"""A clock and one of its limits: `("disposal", "4 wh")`."""


class Vector(NamedTuple):
    """A limit of a clock, from what starts it to where it ends, both counted by hand.

    limit: as `limits_of` tells it. starts, given: as `starting.begun` takes them. at, warned:
    instants. due: a last day, or an instant. more: by how many units it is then extended.
    """

    clock: str
    limit: str
    starts: str
    at: str
    warned: str
    due: str
    matters: tuple[str, ...]
    more: int
    given: Mapping[str, Any]

    def found(self, line: CompiledLine, matter: str) -> tuple[str, str]:
        """When the line warns, and when it is due. Raises KeyError where the clock is still."""
        changes = begun(line, self.starts, self.at, matter=matter, **self.given)
        change = {change.name: change for change in changes}[self.clock]
        assert change.due_at is not None
        assert change.warn_at is not None
        if not self.more:
            return instant(change.warn_at), told(change.due_at)
        due = CALENDAR.extended(change.due_at, self.more, change.unit)
        return instant(due.warn_at), told(due.at)


def counted(
    clock: str,
    limit: str,
    starts: str,
    *moments: tuple[str, str, str],
    matters: str = "",
    more: int = 0,
    **given: Any,
) -> list[Vector]:
    """Vectors of one limit: when it starts, when it warns, when it is due.

    matters: those they hold for, parted by spaces; all that have the limit, where none is named.
    """
    named = tuple(matters.split())
    return [Vector(clock, limit, starts, *one, named, more, given) for one in moments]


def cases(code: str, vectors: Iterable[Vector]) -> list[ParameterSet]:
    """Each vector of a line with each matter it holds for, by the version of its day."""
    return [
        pytest.param(line, matter, vector, id=f"{matter}-{vector.clock}-{vector.at}")
        for line, matter, vector in _holding(code, vectors)
    ]


def without_a_vector(code: str, vectors: Iterable[Vector]) -> list[str]:
    """The limits of each matter and version of a line that nobody counted, by name."""
    seen = {
        (line.version, matter, vector.clock, vector.limit)
        for line, matter, vector in _holding(code, vectors)
    }
    return [
        f"{line.line} {line.version} {matter} {clock}: {limit}"
        for line in lines.of(code)
        for matter in line.spec.matters
        for clock, limit in limits_of(line, matter)
        if (line.version, matter, clock, limit) not in seen
    ]


def of_no_limit(code: str, vectors: Iterable[Vector]) -> list[str]:
    """The vectors of a line that hold for nothing, or not for a matter that they name."""
    found = []
    for vector in vectors:
        holds = {matter for _, matter, _ in _holding(code, [vector])}
        if not holds or not holds.issuperset(vector.matters):
            found.append(f"{code} {vector.clock}: {vector.limit} from {vector.at}")
    return found


def _holding(code: str, vectors: Iterable[Vector]) -> Iterator[tuple[CompiledLine, str, Vector]]:
    for vector in vectors:
        day, named = date.fromisoformat(vector.at[:10]), (vector.clock, vector.limit)
        (line,) = (line for line in lines.of(code) if _in_force(line, day))
        limited = [matter for matter in line.spec.matters if named in limits_of(line, matter)]
        for matter in limited:
            if matter in (vector.matters or limited):
                yield line, matter, vector


def _in_force(line: CompiledLine, day: date) -> bool:
    valid = line.spec.valid
    return valid.since <= day and (valid.to is None or day <= valid.to)


# --- the limits of a line ----------------------------------------------------------------------


def limits_of(line: CompiledLine, matter: str) -> list[Named]:
    """Every limit of every clock that can run in an affair of a matter.

    `5 wd`; `half of 5 wd`, at least as long as the clock's own; `by valid_until`, a day or an
    instant that is recorded; `by June 30`; `15 wd more`, the most it can be extended by.
    """
    reached = _reached(line, matter)
    return [
        (timing.spec.name, limit)
        for timing in timings(line.spec, matter)
        if _starts(line, matter, timing.spec, reached)
        for limit in _limits(line, matter, timing)
    ]


def _limits(line: CompiledLine, matter: str, timing: Timing) -> list[str]:
    spec = timing.spec
    found = [f"half of {case.limit.count} {case.limit.unit}" for case in _counting(timing.halved)]
    own = _counting(timing.cases)
    found = found or [f"{case.limit.count} {case.limit.unit}" for case in own]
    if spec.extension:
        found += [f"{spec.extension} {case.limit.unit} more" for case in own]
    if spec.until is not None:
        found.append(f"by {calendar.month_name[spec.until.month]} {spec.until.day}")
    if spec.due_field in _asked(line, matter, spec):
        found.append(f"by {spec.due_field}")
    return found


def _counting(cases: tuple[Case, ...]) -> list[Case]:
    """Those up to the first that always holds: what stands behind it never counts."""
    always = next((n for n, case in enumerate(cases) if not case.when), len(cases))
    return list(cases[: always + 1])


def _asked(line: CompiledLine, matter: str, spec: ClockSpec) -> set[str]:
    """What is recorded in a matter where the clock starts, or when it is registered."""
    runs_in, names = line.spec.states_of(spec.runs_in), set(line.registered_with(matter))
    for way in line.steps.values():
        entered = way.to in runs_in or way.id in spec.starts_on
        reopened = way.kind == "reopen" and "reopened" in spec.starts_on
        if matter in way.forms and (entered or reopened):
            names |= way.forms[matter].own.names
    return names


def _starts(line: CompiledLine, matter: str, spec: ClockSpec, reached: frozenset[str]) -> bool:
    """Whether something that an affair of the matter can come to lets the clock run."""
    if _barred(line, matter, spec.name):
        return False
    if line.spec.states_of(spec.runs_in) & reached:
        return True
    return any(_happens(line, matter, happening, reached) for happening in spec.starts_on)


def _happens(line: CompiledLine, matter: str, happening: str, reached: frozenset[str]) -> bool:
    entry = happening.removeprefix("entry:")
    way = line.entries.get(entry) if entry != happening else line.steps.get(happening)
    if way is None:
        return True
    return matter in way.forms and bool(way.sources & reached)


def _barred(line: CompiledLine, matter: str, clock: str) -> bool:
    """Whether a rule of its own keeps a clock from ever running in a matter."""
    match clock:
        case "return_visit":
            return line.return_visit_exempt(matter)
        case "deemed":
            return not line.deemed_acceptance
        case "reopened":
            return not line.spec.redo_targets(matter)
        case "suspension":
            return not _reached(line, matter) & frozenset(line.spec.suspendable)
        case "emergency_entry":
            return "grade" not in line.registered_with(matter)
        case _:
            return False


def _reached(line: CompiledLine, matter: str) -> frozenset[str]:
    """The states that an affair of the matter can come to."""
    reached, found = frozenset[str](), frozenset((line.initial,))
    while found - reached:
        reached |= found
        ways = [w for w in line.steps.values() if matter in w.forms and w.sources & reached]
        found = frozenset(w.to for w in ways if w.to != REDO)
    return reached
