"""The dated working calendar: when a limit ends, when to warn, what suspension adds.

Beijing time throughout: a fixed +08:00, so that the summer time of 1986 to 1991 shifts nothing.
Times given carry any zone; times returned are UTC. A day worked is a weekday that is no holiday,
or a weekend day made up for one (调休); in a year without a table, weekdays alone are worked and
the version ends with `?`.

How a limit of `count` units ends (民法典 第二百零一条、第二百零三条; the starting day is excluded):

wd  at 24:00 of the count-th working day
d   at 24:00 of the count-th day, or of the next working day where that one is not worked
wh  when so many working hours (09:00–12:00, 13:00–17:00) have passed, to the microsecond
h   when so many hours have passed

The warning comes when four fifths are reached: for wd and d at 09:00 of the day on which they
are, or of the next working day where that one is not worked; for wh and h at that very instant.
It lies after the start and before the end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple, Self

from domain.clock import Due, Unit
from domain.line import CalendarImported

# No law counts further, and no sum leaves the years that a datetime can hold: 109 years of days.
COUNT_MOST = 40_000

# Microseconds, from midnight or of length.
_HOUR = 3_600_000_000
_MINUTE = 60_000_000
_MORNING, _NOON, _AFTERNOON, _EVENING = 9 * _HOUR, 12 * _HOUR, 13 * _HOUR, 17 * _HOUR
_BEFORE_NOON = _NOON - _MORNING
_WORKED = _BEFORE_NOON + _EVENING - _AFTERNOON

_OFFSET = timedelta(hours=8)
_INSTANT = timedelta.resolution
_EPOCH = date(2000, 1, 1).toordinal()
_EPOCH_MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC) - _OFFSET
_EPOCH_OPENING = _EPOCH_MIDNIGHT + timedelta(hours=9)


@dataclass(frozen=True, slots=True)
class YearTable:
    """What weekdays do not tell of a year: weekdays off, weekend days worked.

    version: of the table, the year and its revision, such as `2011.1`.
    """

    year: int
    version: str
    holidays: frozenset[date]
    workdays: frozenset[date]

    @classmethod
    def of(cls, event: CalendarImported) -> Self:
        """The table that was imported."""
        return cls(event.year, event.version, frozenset(event.holidays), frozenset(event.workdays))


class _Year(NamedTuple):
    """A year made ready to count in.

    first: ordinal of 1 January. days: ordinals of the working days.
    until: for each day of the year, how many working days there are up to and with it.
    """

    first: int
    days: tuple[int, ...]
    until: tuple[int, ...]
    version: str
    known: bool


@lru_cache(maxsize=256)
def _counted(
    year: int, version: str, known: bool, holidays: frozenset[date], workdays: frozenset[date]
) -> _Year:
    first = date(year, 1, 1).toordinal()
    days: list[int] = []
    until: list[int] = []
    for ordinal in range(first, date(year, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        if day in workdays or (day.weekday() < 5 and day not in holidays):
            days.append(ordinal)
        until.append(len(days))
    return _Year(first, tuple(days), tuple(until), version, known)


@cache
def _weekdays(year: int) -> _Year:
    return _counted(year, str(year), False, frozenset(), frozenset())


# A day as it is counted: its ordinal and its year.
_Day = tuple[int, int]


@dataclass(frozen=True, init=False, repr=False)
class WorkingCalendar:
    """Counts limits by the tables it was built from (`domain.ports.Calendar`).

    Immutable, shared between threads; of two tables for a year the later one counts. Meant for
    1900 to 2100. Counts below 0 are taken as 0 and above 40,000 as 40,000, so nothing refuses.
    """

    tables: Mapping[int, YearTable]
    _years: Mapping[int, _Year] = field(compare=False)

    def __init__(self, tables: Iterable[YearTable] = ()) -> None:
        kept = {table.year: table for table in tables}
        years = {
            year: _counted(year, table.version, True, table.holidays, table.workdays)
            for year, table in kept.items()
        }
        object.__setattr__(self, "tables", MappingProxyType(kept))
        object.__setattr__(self, "_years", years)

    @classmethod
    def of(cls, events: Iterable[CalendarImported]) -> Self:
        """The calendar after these imports, in the order of the log."""
        return cls(YearTable.of(event) for event in events)

    def __repr__(self) -> str:
        return f"WorkingCalendar({'+'.join(t.version for t in self.tables.values())})"

    # --- limits --------------------------------------------------------------------------

    def due(self, start: datetime, count: int, unit: Unit) -> Due:
        """When a limit of `count` units that starts at `start` ends; of 0 units, at once.

        The version names every year from the start's to the due day's; it is empty where no
        table was needed (hours, or a count of 0).
        """
        start = _utc(start)
        if count <= 0:
            return Due(start, start, "")
        count = min(count, COUNT_MOST)
        if unit is Unit.HOUR:
            return Due(start + timedelta(hours=count), start + timedelta(minutes=count * 48), "")
        local = start + _OFFSET
        if unit is Unit.WORKING_HOUR:
            at, year = self._worked(local, count * _HOUR)
            warn_at, _ = self._worked(local, count * 48 * _MINUTE)
            return Due(at, warn_at, self._version(local.year, year))
        last, warned = self._days((local.toordinal(), local.year), count, unit)
        return Due(
            _midnight(last[0] + 1),
            _opening(warned[0]),
            self._version(local.year, last[1]),
        )

    def moved(self, due_at: datetime, paused_at: datetime, until: datetime, unit: Unit) -> Due:
        """Where a deadline lies after standing still from `paused_at` to `until`.

        It moves by what was suspended: the working days, or days, after the day of `paused_at`
        up to and with that of `until`, then rolled as a new limit is; or the working time, or
        time, between. A deadline still open at the pause is not before the end of the day of
        `until`, or of the next working day; one missed before the pause stays where it was.
        The warning: four fifths of what then remains, counted from `until`.
        """
        due_at, paused_at, until = _utc(due_at), _utc(paused_at), _utc(until)
        if until <= paused_at or due_at <= paused_at:
            return self._taken_up(due_at, until, unit, _due_day(due_at).year)
        if unit is Unit.HOUR:
            at = due_at + (until - paused_at)
        elif unit is Unit.WORKING_HOUR:
            stood = self._work_between(paused_at, until)
            at = self._worked(due_at + _OFFSET, stood)[0] if stood else due_at
        else:
            at = self._day_moved(due_at, paused_at, until, unit)
        return self._taken_up(at, until, unit, (paused_at + _OFFSET).year)

    def extended(self, due_at: datetime, count: int, unit: Unit) -> Due:
        """A deadline moved by `count` more units: a limit that starts on the old due day.

        Hours count on from the old instant. The warning: four fifths of the extension.
        """
        due_at = _utc(due_at)
        if count <= 0 or unit in (Unit.HOUR, Unit.WORKING_HOUR):
            return self.due(due_at, count, unit)
        return self.due(due_at - _INSTANT, count, unit)

    # --- days and times ------------------------------------------------------------------

    def knows(self, year: int) -> bool:
        """Whether there is a table of the year."""
        return year in self.tables

    def is_working(self, day: date) -> bool:
        """Whether offices are open on `day`; weekdays alone where its year has no table."""
        return self._is_working(day.toordinal(), day.year)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; 0 where `end` is not later."""
        if end <= start:
            return 0
        first = self._year(start.year)
        total = -first.until[start.toordinal() - first.first]
        for between in range(start.year, end.year):
            total += len(self._year(between).days)
        last = self._year(end.year)
        return total + last.until[end.toordinal() - last.first]

    def working_minutes_between(self, a: datetime, b: datetime) -> int:
        """Whole working minutes from `a` to `b`; 0 where `b` is not later."""
        return self._work_between(_utc(a), _utc(b)) // _MINUTE

    def time_band(self, at: datetime) -> str:
        """morning (until 12:00), afternoon (until 18:00) or evening, in Beijing time."""
        hour = (_utc(at) + _OFFSET).hour
        return "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"

    # --- counting ------------------------------------------------------------------------

    def _year(self, year: int) -> _Year:
        return self._years.get(year) or _weekdays(year)

    def _version(self, first: int, last: int) -> str:
        if first == last:
            year = self._year(first)
            return year.version if year.known else f"{year.version}?"
        years = [self._year(year) for year in range(first, last + 1)]
        missing = "" if all(year.known for year in years) else "?"
        return "+".join(year.version for year in years) + missing

    def _is_working(self, ordinal: int, year: int) -> bool:
        table = self._year(year)
        at = ordinal - table.first
        return table.until[at] > (table.until[at - 1] if at else 0)

    def _nth(self, day: _Day, count: int) -> _Day:
        """The count-th working day after `day`."""
        ordinal, year = day
        table = self._year(year)
        rank = table.until[ordinal - table.first] + count
        while rank > len(table.days):
            rank -= len(table.days)
            year += 1
            table = self._year(year)
        return (table.days[rank - 1], year)

    def _rolled(self, ordinal: int, year: int) -> _Day:
        """This day where it is worked, else the next that is."""
        day = (ordinal, year)
        return day if self._is_working(ordinal, year) else self._nth(day, 1)

    def _days(self, day: _Day, count: int, unit: Unit) -> tuple[_Day, _Day]:
        """The last day of a limit of `count` (at least 1) wd or d, and the day of its warning."""
        fifths = (4 * count + 4) // 5
        if unit is Unit.WORKING_DAY:
            return self._nth(day, count), self._nth(day, fifths)
        last, warned = day[0] + count, day[0] + fifths
        return (
            self._rolled(last, date.fromordinal(last).year),
            self._rolled(warned, date.fromordinal(warned).year),
        )

    def _worked(self, local: datetime, work: int) -> tuple[datetime, int]:
        """When `work` microseconds (at least 1) have been worked from `local`, and its year."""
        day = (local.toordinal(), local.year)
        opened = self._is_working(*day)
        # The last moment of a day worked belongs to that day: 17:00, not 09:00 of the next.
        days, rest = divmod(work - 1 + (_worked_by(local) if opened else 0), _WORKED)
        rest += 1
        if days or not opened:
            day = self._nth(day, days if opened else days + 1)
        since = _MORNING + rest if rest <= _BEFORE_NOON else _MORNING + rest + _AFTERNOON - _NOON
        return _midnight(day[0]) + timedelta(microseconds=since), day[1]

    def _work_between(self, a: datetime, b: datetime) -> int:
        """Microseconds worked from `a` to `b`, both UTC; 0 where `b` is not later."""
        if b <= a:
            return 0
        a, b = a + _OFFSET, b + _OFFSET
        total = self.working_days_between(a.date(), b.date()) * _WORKED
        if self.is_working(a.date()):
            total += _WORKED - _worked_by(a)
        if self.is_working(b.date()):
            total -= _WORKED - _worked_by(b)
        return total

    def _day_moved(
        self, due_at: datetime, paused_at: datetime, until: datetime, unit: Unit
    ) -> datetime:
        paused, back, last = (
            (paused_at + _OFFSET).date(),
            (until + _OFFSET).date(),
            _due_day(due_at),
        )
        days = unit is Unit.DAY
        stood = (back - paused).days if days else self.working_days_between(paused, back)
        moved = (last.toordinal(), last.year)
        if stood:
            moved, _ = self._days(moved, stood, unit)
        # Paused on the last day and resumed on a day off: without this, late at once.
        if moved[0] < back.toordinal():
            moved = self._rolled(back.toordinal(), back.year)
        return due_at if moved[0] == last.toordinal() else _midnight(moved[0] + 1)

    def _taken_up(self, at: datetime, until: datetime, unit: Unit, first: int) -> Due:
        """The end `at` of a limit that runs again from `until`; `first` year that was counted."""
        last, today = _due_day(at), (until + _OFFSET).date()
        version = "" if unit is Unit.HOUR else self._version(first, last.year)
        if at <= until:
            return Due(at, at, version)
        if unit is Unit.HOUR:
            return Due(at, until + (at - until) * 4 // 5, version)
        if unit is Unit.WORKING_HOUR:
            fifths = self._work_between(until, at) * 4 // 5
            return Due(at, self._worked(until + _OFFSET, fifths)[0] if fifths else until, version)
        days = unit is Unit.DAY
        left = (last - today).days if days else self.working_days_between(today, last)
        if left == 0:
            return Due(at, until, version)
        _, warned = self._days((today.toordinal(), today.year), left, unit)
        return Due(at, min(_opening(warned[0]), at), version)


def _utc(at: datetime) -> datetime:
    # Important: without a zone, the zone of this machine would slip in.
    assert at.tzinfo is not None, at
    return at.astimezone(UTC)


def _midnight(ordinal: int) -> datetime:
    """00:00 in Beijing of the day with this ordinal."""
    return _EPOCH_MIDNIGHT + timedelta(ordinal - _EPOCH)


def _opening(ordinal: int) -> datetime:
    return _EPOCH_OPENING + timedelta(ordinal - _EPOCH)


def _due_day(due_at: datetime) -> date:
    """The last day in time, for an end at 24:00 the day before; `due_at` in UTC."""
    return (due_at - _INSTANT + _OFFSET).date()


def _worked_by(local: datetime) -> int:
    """Microseconds worked on a working day by this time of the day."""
    at = local.hour * _HOUR + local.minute * _MINUTE + local.second * 1_000_000 + local.microsecond
    if at <= _NOON:
        return max(at - _MORNING, 0)
    return _BEFORE_NOON + min(max(at - _AFTERNOON, 0), _EVENING - _AFTERNOON)
