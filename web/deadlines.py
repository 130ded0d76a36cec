"""Deadlines in words: how long still, how long late, until when; never by colour alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from domain.affair.state import Affair
from domain.clock import Clock, ClockKind, local_day
from domain.ports import Calendar
from projections.standing import RunningClock
from projections.worklist import WorklistRow
from web.conditions import Conditions, limit_words
from web.words import Words
from workflows.machine import CompiledLine
from workflows.promised import promised


class Deadline(NamedTuple):
    """A deadline as it is shown.

    kind: late, today, ok or stop. share: per cent of the time used, None where not known.
    iso: the day it ends, or the instant where it ends within a day.
    """

    kind: str
    name: str
    words: str
    until: str
    iso: str
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """What deadlines are told with: the present moment, the working days, the language."""

    now: datetime
    calendar: Calendar
    words: Words
    _told: dict[tuple[datetime, bool], tuple[str, str, str, str]] = field(default_factory=dict)

    def of_row(self, row: WorklistRow, line: CompiledLine | None) -> Deadline:
        """The deadline of an affair in a list."""
        if row.due_at is None:
            return self._none(row.suspended, row.entered_at)
        clock = next(clock for clock in row.clocks if clock.name == row.due_clock)
        return self._running(clock, clock_name(line, clock.name, self.words), None)

    def of_affair(self, affair: Affair, line: CompiledLine) -> list[Deadline]:
        """Every clock of an affair that can fall due or stands still, the first due first."""
        shown = [c for c in affair.clocks if c.stopped_at is None and c.kind is not ClockKind.TIMER]
        return [
            self._clock(clock, clock_name(line, clock.name, self.words))
            for clock in sorted(shown, key=lambda clock: (not clock.running, clock.due_at))
        ]

    def standing_still(self, affair: Affair) -> Deadline:
        """What is shown where no clock is."""
        standing = affair.standing
        return self._none(standing.suspended_at is not None, standing.entered_at)

    def _clock(self, clock: Clock, name: str) -> Deadline:
        if clock.paused_at is not None:
            return Deadline(
                "stop",
                name,
                self.words("due.stopped"),
                self.words("due.since", day=self.words.day(clock.paused_at)),
                local_day(clock.paused_at).isoformat(),
            )
        whole = (clock.due_at - clock.started_at).total_seconds()
        used = (self.now - clock.started_at).total_seconds()
        share = max(0, min(100, round(100 * used / whole))) if whole > 0 else 100
        return self._running(clock, name, share)

    def _running(self, clock: Clock | RunningClock, name: str, share: int | None) -> Deadline:
        # Much of a list falls due at the same few moments.
        key = clock.due_at, clock.provisional
        if key not in self._told:
            self._told[key] = self._tell(*key)
        kind, words, until, iso = self._told[key]
        return Deadline(kind, name, words, until, iso, share)

    def _tell(self, due_at: datetime, provisional: bool) -> tuple[str, str, str, str]:
        kind, words = self._left(due_at)
        if provisional:
            # Without the year's calendar nothing is late for good.
            kind, words = "stop", self.words("due.provisional")
        return kind, words, self.words.deadline(due_at), _iso(due_at)

    def _left(self, due_at: datetime) -> tuple[str, str]:
        today, last = local_day(self.now), local_day(due_at - timedelta(microseconds=1))
        if due_at <= self.now:
            days = self.calendar.working_days_between(last, today)
            return "late", self.words("due.late", days=days) if days else self.words("due.late.now")
        if last == today:
            return "today", self.words("due.today")
        days = self.calendar.working_days_between(today, last)
        return "ok", self.words("due.left", days=days) if days else self.words("due.weekend")

    def _none(self, suspended: bool, since: datetime) -> Deadline:
        if suspended:
            return Deadline("stop", "", self.words("due.stopped"), "", "")
        return Deadline("stop", "", self.words("due.none"), "", "")


@lru_cache(maxsize=1_024)
def clock_name(line: CompiledLine | None, name: str, words: Words) -> str:
    """What a line calls a clock."""
    spec = line.clock(name) if line else None
    return words.label(spec.label) if spec else name


def limits_promised(line: CompiledLine, matter: str, words: Words) -> list[str]:
    """What a line promises of a matter, in words: `处置 1 个工作日`, and where it only counts."""
    conditions = Conditions(line.spec, words)
    told = []
    for clock, limit, when in promised(line, matter):
        name, length = words.label(clock.label), limit_words(limit, words)
        limited = words("limit.of", name=name, limit=length)
        if where := words("list.semicolon").join(conditions.cases(when)):
            limited = words("conditions.named", words=limited, named=where)
        told.append(limited)
    return told


def limits_on_entering(
    line: CompiledLine, matter: str, state: str, words: Words
) -> Iterable[tuple[str, str]]:
    """The clocks that run in a state, with their limits in words: (处置, 1 个工作日)."""
    for spec in line.spec.all_clocks():
        if state not in spec.runs_in or spec.kind is ClockKind.TIMER:
            continue
        if spec.matters and matter not in spec.matters:
            continue
        limit = spec.limit or next(
            (
                case
                for case in spec.limits
                if not case.when and (not case.matters or matter in case.matters)
            ),
            None,
        )
        if limit is not None:
            yield words.label(spec.label), limit_words(limit, words)


def _iso(due_at: datetime) -> str:
    return local_day(due_at - timedelta(microseconds=1)).isoformat()
