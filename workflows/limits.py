"""Clocks: from what happens to an affair to what its deadlines become.

A clock starts on entering the states it runs in, or on a named happening, and anew each time.
It stops on leaving those states, on a named happening, and at the latest when the affair ends.
Stage clocks stop besides when the affair is resolved, total clocks also at a clock stop. Where
one happening both stops and starts a clock, it starts anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.affair.evolve import facts_of
from domain.affair.state import ENDS, Affair, Identity, Standing
from domain.clock import SHANGHAI, ClockChange, ClockKind, Due, Unit, change_of, local_day
from domain.ports import Calendar
from domain.record import Record
from workflows.guards import Ask, Guard, all_compiled
from workflows.line import ARCHIVED, RESOLVED, ClockSpec, Limit, Line, for_matter

CLOCK_STOP = "clock_stop"
OVER = frozenset((*ENDS, ARCHIVED))


@dataclass(frozen=True, slots=True)
class Case:
    """A limit, and where it counts."""

    when: tuple[Guard, ...]
    limit: Limit


@dataclass(frozen=True, slots=True)
class Timing:
    """A clock of one matter, made ready to run. halved: the line's own limit, by case."""

    spec: ClockSpec
    runs_in: frozenset[str]
    starts_on: frozenset[str]
    stops_on: frozenset[str]
    when: tuple[Guard, ...]
    cases: tuple[Case, ...]
    halved: tuple[Case, ...] = ()

    def started(self, ask: Ask) -> ClockChange | None:
        """Its start, None where its guards or its limits do not fit the affair."""
        if not all(guard.holds(ask) for guard in self.when):
            return None
        found = self._due(ask)
        if found is None:
            return None
        due, unit = found
        return ClockChange(
            name=self.spec.name,
            change="started",
            kind=self.spec.kind,
            unit=unit,
            started_at=ask.at,
            due_at=due.at,
            warn_at=due.warn_at,
            calendar=due.calendar,
        )

    # The unit is what a suspension or an extension will count in.
    def _due(self, ask: Ask) -> tuple[Due, Unit] | None:
        limit, half = _fitting(self.cases, ask), _fitting(self.halved, ask)
        named = ask.record.get(self.spec.due_field) if self.spec.due_field else None
        unit = limit.unit if limit else Unit.DAY
        if isinstance(named, datetime):
            return _until(ask.at, named.astimezone(UTC)), unit
        if isinstance(named, date):
            return _until(ask.at, _end_of(named)), unit
        assert ask.calendar is not None
        dues = [] if limit is None else [(_counted(limit, ask.at, ask.calendar), limit.unit)]
        if half is not None:
            less = Limit(count=(half.count + 1) // 2, unit=half.unit)
            dues.append((_counted(less, ask.at, ask.calendar), half.unit))
        return max(dues, key=lambda due: due[0].at) if dues else None


def timings(line: Line, matter: str) -> tuple[Timing, ...]:
    """The clocks of a matter, in the order of the file. Raises conditions.Unknown."""
    specs = [spec for spec in line.all_clocks() if for_matter(spec.matters, matter)]
    own = next((spec for spec in specs if spec.name == line.line_limit), None)
    return tuple(
        Timing(
            spec=spec,
            runs_in=line.states_of(spec.runs_in),
            starts_on=frozenset(spec.starts_on),
            stops_on=frozenset(spec.stops_on),
            when=all_compiled(spec.when),
            cases=_cases(spec, matter),
            halved=_cases(own, matter) if own and spec.half_line_limit else (),
        )
        for spec in specs
    )


def changes(
    clocks: Iterable[Timing], ask: Ask, happened: frozenset[str], leaves: str, enters: str
) -> tuple[ClockChange, ...]:
    """What the clocks become when `happened` takes the affair from `leaves` to `enters`.

    ask: the affair before it, and the record that came with it.
    """
    moved = leaves != enters
    over = moved and enters in OVER
    stopped: list[ClockChange] = []
    started: list[ClockChange] = []
    known = set()
    for timing in clocks:
        known.add(timing.spec.name)
        starts = bool(timing.starts_on & happened) or (
            moved and enters in timing.runs_in and leaves not in timing.runs_in
        )
        start = timing.started(ask) if starts and not over else None
        if start is not None:
            started.append(start)
            continue
        clock = ask.affair.clock(timing.spec.name)
        if (
            clock is not None
            and clock.stopped_at is None
            and (over or _stops(timing, happened, leaves, enters))
        ):
            stopped.append(change_of(clock, "stopped", None))
    if over:
        # An affair moved to a version without them may still run clocks of an older one.
        stopped += [
            change_of(clock, "stopped", None)
            for clock in ask.affair.clocks
            if clock.stopped_at is None and clock.name not in known
        ]
    return (*stopped, *started)


def _stops(timing: Timing, happened: frozenset[str], leaves: str, enters: str) -> bool:
    if timing.stops_on & happened:
        return True
    if leaves != enters:
        if timing.runs_in and enters not in timing.runs_in:
            return True
        if enters == RESOLVED and timing.spec.kind in (ClockKind.STAGE, ClockKind.TOTAL):
            return True
    return timing.spec.kind is ClockKind.TOTAL and CLOCK_STOP in happened


def unborn(line: str, matter: str, state: str, record: Record, at: datetime) -> Affair:
    """An affair in the moment before its registration, for guards that read its record."""
    return Affair(
        identity=Identity(
            number="",
            line=line,
            matter=matter,
            line_version="",
            community="",
            area="",
            restricted=False,
            contact_wish="",
            registered_by="",
            registered_at=at,
            subject=None,
        ),
        standing=Standing(state=state, entered_at=at, last_at=at),
        facts=facts_of(record),
    )


def _cases(spec: ClockSpec, matter: str) -> tuple[Case, ...]:
    found = [
        Case(all_compiled(case.when), case)
        for case in spec.limits
        if for_matter(case.matters, matter)
    ]
    return (*found, *([Case((), spec.limit)] if spec.limit else []))


def _fitting(cases: tuple[Case, ...], ask: Ask) -> Limit | None:
    return next((c.limit for c in cases if all(guard.holds(ask) for guard in c.when)), None)


def _counted(limit: Limit, at: datetime, calendar: Calendar) -> Due:
    if limit.count == 0 and limit.unit in (Unit.DAY, Unit.WORKING_DAY):
        return _until(at, _end_of(local_day(at)))
    return calendar.due(at, limit.count, limit.unit)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)


# No working day was counted, so no table was needed.
def _until(at: datetime, due: datetime) -> Due:
    return Due(due, min(due, at + (due - at) * 4 / 5), "")
