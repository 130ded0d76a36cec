"""Clocks: from what happens to an affair to what its deadlines become.

A clock starts on entering the states it runs in, or on a named happening, and anew each time.
It stops on leaving those states, on a named happening, and at the latest when the affair ends;
one that starts with the end, when it is archived. Stage clocks stop besides when the affair is
resolved, total clocks also at a clock stop. Where one happening both stops and starts a clock,
it starts anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from domain.affair.evolve import facts_of
from domain.affair.state import ENDS, Affair, Identity, Standing
from domain.clock import ClockChange, ClockKind, Due, Unit, change_of, end_of, local_day
from domain.ports import Calendar
from domain.record import Record, Value
from workflows.clockspec import ClockSpec, Limit
from workflows.guards import Ask, Guard, all_compiled
from workflows.line import ARCHIVED, RESOLVED, Line, for_matter
from workflows.moments import told

CLOCK_STOP = "clock_stop"
OVER = frozenset((*ENDS, ARCHIVED))


@dataclass(frozen=True, slots=True)
class Case:
    """A limit, and where it counts."""

    when: tuple[Guard, ...]
    limit: Limit


@dataclass(frozen=True, slots=True)
class Timing:
    """A clock of one matter, made ready to run. halved: the line's own limit, by case. lasting:
    the registration asks for its `due_field`."""

    spec: ClockSpec
    runs_in: frozenset[str]
    starts_on: frozenset[str]
    stops_on: frozenset[str]
    when: tuple[Guard, ...]
    cases: tuple[Case, ...]
    halved: tuple[Case, ...] = ()
    lasting: bool = False

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

    # What the registration recorded holds for the whole affair; what a step did, for itself.
    def _named(self, ask: Ask) -> Value | None:
        field = self.spec.due_field
        if field is None:
            return None
        named = ask.record.get(field)
        if named is None and self.lasting:
            return told(ask.affair.facts.get(field, ""))
        return named

    # The unit is what a suspension or an extension will count in.
    def _due(self, ask: Ask) -> tuple[Due, Unit] | None:
        limit, half = _fitting(self.cases, ask), _fitting(self.halved, ask)
        if limit is not None and self.spec.less_suspended:
            left = max(0, limit.count - ask.affair.standing.suspended_days)
            limit = Limit(count=left, unit=limit.unit)
        named = self._named(ask)
        unit = limit.unit if limit else Unit.DAY
        assert ask.calendar is not None
        if isinstance(named, datetime):
            return _until(ask.at, named.astimezone(UTC)), unit
        if isinstance(named, date):
            return _day_named(ask.at, named, ask.calendar), unit
        if (until := self.spec.until) is not None:
            day = date(local_day(ask.at).year + until.years, until.month, until.day)
            end = end_of(day)
            return Due(end, max(ask.at, end - timedelta(days=until.warn)), ""), Unit.DAY
        start = ask.at
        if self.spec.after is not None:
            start = _counted(self.spec.after, start, ask.calendar).at - datetime.resolution
        dues = [] if limit is None else [(_counted(limit, start, ask.calendar), limit.unit)]
        if half is not None:
            less = Limit(count=(half.count + 1) // 2, unit=half.unit)
            dues.append((_counted(less, ask.at, ask.calendar), half.unit))
        return max(dues, key=lambda due: due[0].at) if dues else None


def timings(line: Line, matter: str) -> tuple[Timing, ...]:
    """The clocks of a matter, in the order of the file. Raises conditions.Unknown."""
    specs = [spec for spec in line.all_clocks() if for_matter(spec.matters, matter)]
    own = next((spec for spec in specs if spec.name in line.line_limit), None)
    return tuple(
        Timing(
            spec=spec,
            runs_in=line.states_of(spec.runs_in),
            starts_on=frozenset(spec.starts_on),
            stops_on=frozenset(spec.stops_on),
            when=all_compiled(spec.when),
            cases=_cases(spec, matter),
            halved=_cases(own, matter) if own and spec.half_line_limit else (),
            lasting=any(field.name == spec.due_field for field in line.matters[matter].fields),
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
        lasting = "ended" in timing.starts_on
        starts = starts and not (timing.spec.once and ask.affair.clock(timing.spec.name))
        start = timing.started(ask) if starts and (lasting or not over) else None
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
        return _until(at, end_of(local_day(at)))
    return calendar.due(at, limit.count, limit.unit)


# A day that somebody names is not moved. But which days of a year without a table are worked
# nobody knows yet, so that nothing is late by one of them, named or counted (domain reference 6).
def _day_named(at: datetime, day: date, calendar: Calendar) -> Due:
    due = _until(at, end_of(day))
    return due if calendar.knows(day.year) else replace(due, calendar=f"{day.year}?")


# No working day was counted, so no table was needed.
def _until(at: datetime, due: datetime) -> Due:
    return Due(due, min(due, at + (due - at) * 4 / 5), "")


SILENT = (
    *("supervise", "propose_supervision", "confirm_supervision", "decline_supervision"),
    *("answer_supervision", "remind", "assign", "recuse", "correct"),
)
"""Actions whose events tell of no clocks."""

# Actions that clocks tell apart by what is recorded: action, word, field.
TOLD_APART = (
    ("request_answer", "question", "question"),
    ("receive_answer", "answer", "question"),
    ("return_visit", "return_visit", "outcome"),
)
