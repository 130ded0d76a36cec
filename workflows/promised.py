"""The limits that a line promises of a matter, before anything is registered."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from domain.clock import ClockKind, Unit
from workflows.clockspec import ClockSpec, Limit
from workflows.guards import Guard, all_compiled
from workflows.line import REDO, for_matter
from workflows.machine import CompiledLine
from workflows.soundness import decided, never, reachable
from workflows.ways import Way


class Promise(NamedTuple):
    """A clock, its limit, and the guards that have to hold for it; none where it always counts."""

    clock: ClockSpec
    limit: Limit
    when: tuple[Guard, ...]


@lru_cache(maxsize=1_024)
def promised(line: CompiledLine, matter: str) -> tuple[Promise, ...]:
    """What the line's own clocks promise of a matter, in the order of the file.

    Left out are clocks of states and steps that no affair of the matter comes to, and what
    follows at once upon something recorded, which nobody waits for.
    """
    known = _Matter(line, matter)
    return tuple(one for clock in line.spec.clocks for one in known.promises(clock))


class _Matter:
    def __init__(self, line: CompiledLine, matter: str) -> None:
        self._line, self._matter = line, matter
        steps = [way for way in line.steps.values() if way.to and way.to != REDO]
        edges = ((at, way.to) for way in steps if self._there(way) for at in way.sources)
        self._reached = reachable({line.initial}, edges)

    def promises(self, clock: ClockSpec) -> Iterator[Promise]:
        """The limits of one clock, as far as they can count."""
        when = all_compiled(clock.when)
        if not for_matter(clock.matters, self._matter) or never(when, self._matter):
            return
        if not self._starts(clock):
            return
        for limit, own in self._limits(clock):
            instant = limit.count == 0 and limit.unit in (Unit.HOUR, Unit.WORKING_HOUR)
            if instant and clock.kind is ClockKind.TIMER and not clock.runs_in:
                continue
            open_ones = (one for one in (*when, *own) if decided(one, self._matter) is None)
            yield Promise(clock, limit, tuple(open_ones))

    def _limits(self, clock: ClockSpec) -> Iterator[tuple[Limit, tuple[Guard, ...]]]:
        for case in clock.limits:
            own = all_compiled(case.when)
            if for_matter(case.matters, self._matter) and not never(own, self._matter):
                yield case, own
                if not own:
                    return
        if clock.limit is not None:
            yield clock.limit, ()
        elif (most := self._most(clock.due_field)) is not None:
            yield Limit(count=most, unit=Unit.DAY), ()

    # How far ahead the day may lie that is written down.
    def _most(self, field: str | None) -> int | None:
        forms = (w.forms[self._matter] for w in self._line.steps.values() if self._there(w))
        specs = (spec for form in forms for spec in form.own.specs if spec.name == field)
        return next((spec.within_days for spec in specs if spec.within_days is not None), None)

    def _starts(self, clock: ClockSpec) -> bool:
        if self._line.spec.states_of(clock.runs_in) & self._reached:
            return True
        return any(self._happens(one) for one in clock.starts_on)

    def _happens(self, name: str) -> bool:
        entry = self._line.entries.get(name.removeprefix("entry:"))
        way = self._line.steps.get(name) or entry
        return way is None or (self._there(way) and bool(way.sources & self._reached))

    def _there(self, way: Way) -> bool:
        guards = (*way.before, *way.after)
        return self._matter in way.forms and not never(guards, self._matter)
