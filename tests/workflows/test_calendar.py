"""The working calendar against the law's vectors and against a walk minute by minute."""

import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, seed, settings
from hypothesis import strategies as st

from adapters import calendars
from domain.clock import Due, Unit
from domain.line import CalendarImported
from domain.ports import Calendar
from tests.workflows.minutes import BEIJING, DAY, MINUTE, WD, WH, D, H, Walk
from workflows.calendar import COUNT_MOST, WorkingCalendar, YearTable

SHIPPED = calendars.seed(
    calendars.seeded_years(), by="policy", occurred_at=datetime(2011, 1, 1, tzinfo=UTC)
)
SEEDED = WorkingCalendar.of(SHIPPED)

RANDOM = int(os.environ.get("TENLINES_TEST_SEED") or secrets.randbits(32))


@pytest.fixture(autouse=True)
def tell_the_seed() -> None:
    """Shown with a failure, so that the same examples can be tried again."""
    print(f"TENLINES_TEST_SEED={RANDOM}")


def holds(
    *strategies: st.SearchStrategy[Any], examples: int = 100
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A property, tried on examples drawn from the seed that is told."""

    def made(test: Callable[..., None]) -> Callable[..., None]:
        tried = settings(max_examples=examples, deadline=None)(given(*strategies)(test))
        return seed(RANDOM)(tried)

    return made


def at(text: str) -> datetime:
    """An instant told in Beijing time."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def last_day(due: Due) -> date:
    """The last day in time, as pages show it."""
    return (due.at.astimezone(BEIJING) - MINUTE).date()


# --- what the law and the story say ----------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "count", "unit", "last"),
    [
        ("2011-09-30 09:00", 5, WD, "2011-10-12"),  # 8 and 9 October are worked
        ("2025-09-26 09:00", 5, WD, "2025-10-10"),  # 28 September is worked
        ("2026-02-13 09:00", 3, WD, "2026-02-25"),
        ("2011-08-03 09:00", 60, D, "2011-10-08"),  # 2 October rolls
        ("2011-07-26 09:00", 3, WD, "2011-07-29"),
        ("2011-07-22 10:30", 1, WD, "2011-07-25"),  # a Friday's step has Monday
        ("2011-07-23 10:30", 1, WD, "2011-07-25"),
        ("2011-07-22 23:59", 1, D, "2011-07-25"),
        ("2011-10-07 10:00", 1, D, "2011-10-08"),  # a made-up Saturday is worked
        ("2011-12-30 10:00", 1, WD, "2011-12-31"),
        ("2011-12-31 10:00", 1, WD, "2012-01-04"),
        ("2012-02-28 10:00", 1, D, "2012-02-29"),
    ],
)
def test_a_limit_ends_at_24_00_of_its_last_day(
    start: str, count: int, unit: Unit, last: str
) -> None:
    due = SEEDED.due(at(start), count, unit)

    assert last_day(due) == date.fromisoformat(last)
    assert due.at == at(f"{last} 00:00") + DAY


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        ("2011-07-25 08:50", 4, WH, "2011-07-25 14:00"),
        ("2011-07-25 09:00", 7, WH, "2011-07-25 17:00"),
        ("2011-07-25 12:30", 4, WH, "2011-07-25 17:00"),
        ("2011-07-25 16:30", 1, WH, "2011-07-26 09:30"),
        ("2011-07-25 17:00", 1, WH, "2011-07-26 10:00"),
        ("2011-07-25 10:15:30", 2, WH, "2011-07-25 13:15:30"),
        ("2011-07-22 18:00", 3, WH, "2011-07-25 12:00"),
        ("2011-07-23 10:00", 8, WH, "2011-07-26 10:00"),
        ("2011-09-30 16:00", 2, WH, "2011-10-08 10:00"),
        ("2011-07-22 10:30", 24, H, "2011-07-23 10:30"),
    ],
)
def test_a_limit_in_hours_ends_at_the_instant(start: str, count: int, unit: Unit, end: str) -> None:
    assert SEEDED.due(at(start), count, unit).at == at(end)


@pytest.mark.parametrize(
    ("start", "count", "unit", "warn"),
    [
        ("2011-07-22 10:30", 1, WD, "2011-07-25 09:00"),
        ("2011-07-25 10:30", 5, WD, "2011-07-29 09:00"),  # the 4th of 5
        ("2011-07-25 10:30", 6, WD, "2011-08-01 09:00"),  # 4.8: the 5th
        ("2011-08-03 09:00", 60, D, "2011-09-20 09:00"),  # the 48th of 60
        ("2011-07-25 09:00", 5, D, "2011-07-29 09:00"),
        ("2011-09-25 09:00", 10, D, "2011-10-08 09:00"),  # the 8th is a holiday
        ("2011-07-25 08:50", 5, WH, "2011-07-25 14:00"),
        ("2011-07-25 10:00", 10, H, "2011-07-25 18:00"),
    ],
)
def test_the_warning_comes_when_four_fifths_are_reached(
    start: str, count: int, unit: Unit, warn: str
) -> None:
    assert SEEDED.due(at(start), count, unit).warn_at == at(warn)


def test_working_days_of_five_months_of_2011() -> None:
    ends = [date(2011, month, 1) - DAY for month in range(7, 13)]

    found = [SEEDED.working_days_between(start, end) for start, end in pairwise(ends)]

    assert found == [21, 23, 21, 18, 22]


def test_handling_from_friday_to_tuesday_takes_two_working_days() -> None:
    friday, tuesday = date(2011, 7, 22), date(2011, 7, 26)

    assert SEEDED.working_days_between(friday, tuesday) == 2
    assert SEEDED.working_days_between(friday, friday) == 0
    assert SEEDED.working_days_between(tuesday, friday) == 0


@pytest.mark.parametrize(
    ("due", "paused", "until", "unit", "moved"),
    [
        # Friday and Monday stood still.
        ("2011-07-26 00:00", "2011-07-21 15:00", "2011-07-25 10:00", WD, "2011-07-28 00:00"),
        # Over the weekend alone, nothing stood still in working days.
        ("2011-07-26 00:00", "2011-07-22 15:00", "2011-07-24 10:00", WD, "2011-07-26 00:00"),
        # 4 days from Thursday the 28th: Monday.
        ("2011-07-29 00:00", "2011-07-21 15:00", "2011-07-25 10:00", D, "2011-08-02 00:00"),
        # 2 days from Thursday the 28th: Saturday, so Monday.
        ("2011-07-29 00:00", "2011-07-21 15:00", "2011-07-23 10:00", D, "2011-08-02 00:00"),
        ("2011-07-25 17:00", "2011-07-25 09:30", "2011-07-25 13:30", WH, "2011-07-26 12:00"),
        ("2011-07-25 17:00", "2011-07-25 12:00", "2011-07-25 13:00", WH, "2011-07-25 17:00"),
        ("2011-07-25 17:00", "2011-07-25 12:00", "2011-07-25 13:00", H, "2011-07-25 18:00"),
        # Paused on the last day, resumed on Saturday: Monday is left.
        ("2011-07-22 00:00", "2011-07-21 10:00", "2011-07-23 10:00", WD, "2011-07-26 00:00"),
        # Late before the pause: late.
        ("2011-07-22 00:00", "2011-07-22 00:00", "2011-07-29 10:00", WD, "2011-07-22 00:00"),
        # No time between.
        ("2011-07-26 00:00", "2011-07-25 10:00", "2011-07-25 09:00", WD, "2011-07-26 00:00"),
    ],
)
def test_a_suspended_limit_moves_by_what_stood_still(
    due: str, paused: str, until: str, unit: Unit, moved: str
) -> None:
    assert SEEDED.moved(at(due), at(paused), at(until), unit).at == at(moved)


def test_after_a_suspension_the_warning_comes_at_four_fifths_of_what_remains() -> None:
    moved = SEEDED.moved(at("2011-08-09"), at("2011-07-21 15:00"), at("2011-07-26 10:00"), WD)

    # 3 working days stood still: 11 August; 12 remain after 26 July, the 10th is 9 August.
    assert moved.at == at("2011-08-12")
    assert moved.warn_at == at("2011-08-09 09:00")


def test_a_limit_resumed_on_its_last_day_warns_at_once() -> None:
    until = at("2011-07-25 10:00")

    moved = SEEDED.moved(at("2011-07-23"), at("2011-07-22 10:00"), until, WD)

    assert moved == Due(at("2011-07-26"), until, "2011.1")


@pytest.mark.parametrize(
    ("due", "count", "unit", "extended"),
    [
        ("2011-07-26 00:00", 1, WD, "2011-07-27 00:00"),
        ("2011-10-09 00:00", 30, D, "2011-11-08 00:00"),
        ("2011-07-25 17:00", 2, WH, "2011-07-26 11:00"),
        ("2011-07-25 17:00", 2, H, "2011-07-25 19:00"),
        ("2011-07-26 00:00", 0, WD, "2011-07-26 00:00"),
    ],
)
def test_an_extension_counts_on_from_the_old_due_day(
    due: str, count: int, unit: Unit, extended: str
) -> None:
    assert SEEDED.extended(at(due), count, unit).at == at(extended)


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("count", [0, -1])
def test_a_limit_of_nothing_is_due_at_once(unit: Unit, count: int) -> None:
    start = at("2011-10-01 03:00")

    assert SEEDED.due(start, count, unit) == Due(start, start, "")


@pytest.mark.parametrize("unit", Unit)
def test_a_count_beyond_every_law_is_cut_and_not_refused(unit: Unit) -> None:
    start = at("2100-12-31 16:59")

    assert SEEDED.due(start, 10**30, unit) == SEEDED.due(start, COUNT_MOST, unit)
    assert SEEDED.extended(start, 10**30, unit).at > start


@pytest.mark.parametrize(
    ("time", "band"),
    [
        ("00:00", "morning"),
        ("11:59:59", "morning"),
        ("12:00", "afternoon"),
        ("17:59", "afternoon"),
        ("18:00", "evening"),
        ("23:59", "evening"),
    ],
)
def test_a_day_has_three_bands(time: str, band: str) -> None:
    assert SEEDED.time_band(at(f"2011-07-25 {time}").astimezone(UTC)) == band


# --- years, versions, zones ------------------------------------------------------------------


def test_the_version_names_the_years_that_were_counted_through() -> None:
    assert SEEDED.due(at("2011-12-29 10:00"), 1, WD).calendar == "2011.1"
    assert SEEDED.due(at("2011-12-31 10:00"), 1, WD).calendar == "2011.1+2012.1"
    assert SEEDED.due(at("2010-12-31 10:00"), 400, D).calendar == "2010.1+2011.1+2012.1"
    assert SEEDED.due(at("2011-12-31 16:00"), 2, WH).calendar == "2011.1+2012.1"
    assert SEEDED.due(at("2011-12-31 16:00"), 48, H).calendar == ""
    assert SEEDED.extended(at("2012-01-01 00:00"), 1, WD).calendar == "2011.1+2012.1"
    moved = SEEDED.moved(at("2012-01-05"), at("2011-12-30 10:00"), at("2012-01-04 10:00"), WD)
    assert moved.calendar == "2011.1+2012.1"


def test_where_a_year_is_missing_weekdays_alone_count_and_the_version_says_so() -> None:
    without_2012 = WorkingCalendar.of(table for table in SHIPPED if table.year != 2012)
    start = at("2011-12-30 10:00")

    due = without_2012.due(start, 3, WD)

    # 31 December 2011 is worked by the table; 2 and 3 January 2012 are taken for worked.
    assert (last_day(due), due.calendar) == (date(2012, 1, 3), "2011.1+2012?")
    assert without_2012.due(start, 1, WD).calendar == "2011.1"
    assert without_2012.due(at("2012-09-28 10:00"), 5, D).calendar == "2012?"
    assert without_2012.due(at("2012-12-28 10:00"), 5, D).calendar == "2012+2013.1?"
    assert without_2012.due(start, 99, H).calendar == ""
    assert without_2012.is_working(date(2012, 10, 1))
    assert not without_2012.is_working(date(2012, 9, 29))


def test_a_deadline_that_rolls_into_a_missing_year_is_provisional() -> None:
    only_2022 = WorkingCalendar.of(table for table in SHIPPED if table.year == 2022)

    due = only_2022.due(at("2022-12-30 10:00"), 1, D)

    assert (last_day(due), due.calendar) == (date(2023, 1, 2), "2022.1+2023?")


def test_a_missed_deadline_stays_final_when_a_later_year_is_missing() -> None:
    only_2022 = WorkingCalendar.of(table for table in SHIPPED if table.year == 2022)
    due_at = at("2022-12-30")

    moved = only_2022.moved(due_at, at("2023-01-04 09:00"), at("2023-01-09 09:00"), WD)

    assert moved == Due(due_at, due_at, "2022.1")


def test_a_later_import_of_a_year_replaces_the_earlier() -> None:
    first = a_table(2027, "2027.1")
    second = a_table(2027, "2027.2", off=[date(2027, 10, 1)])

    calendar = WorkingCalendar([first, second])

    assert calendar == WorkingCalendar([second])
    assert calendar.due(at("2027-09-30 10:00"), 1, WD).calendar == "2027.2"
    assert not calendar.is_working(date(2027, 10, 1))
    assert WorkingCalendar([second, first]).is_working(date(2027, 10, 1))


def a_table(year: int, version: str, off: list[date] | None = None) -> YearTable:
    return YearTable(year, version, frozenset(off or ()), frozenset())


def test_the_summer_time_of_1986_to_1991_shifts_nothing() -> None:
    start = datetime(1988, 7, 1, 0, 0, tzinfo=UTC)

    # 08:00 in Beijing, where clocks on the wall showed 09:00.
    assert SEEDED.due(start, 1, WH).at == datetime(1988, 7, 1, 2, 0, tzinfo=UTC)
    assert SEEDED.due(start, 1, WD).at == at("1988-07-05")
    assert SEEDED.time_band(datetime(1988, 7, 1, 3, 30, tzinfo=UTC)) == "morning"


@pytest.mark.parametrize("year", [1900, 1999, 2000, 2001, 2100])
@pytest.mark.parametrize("unit", Unit)
def test_two_centuries_are_safe(year: int, unit: Unit) -> None:
    first, last = at(f"{year}-01-01 00:00"), at(f"{year}-12-31 23:59:59.999999")

    for start in (first, last):
        due = SEEDED.due(start, 30, unit)
        assert start < due.warn_at < due.at
        assert SEEDED.extended(due.at, 30, unit).at > due.at
        assert SEEDED.moved(due.at, start, start + DAY, unit).at >= due.at


def test_it_answers_in_utc_whatever_the_zone_it_was_asked_in() -> None:
    start = at("2011-07-22 10:30")
    zones = [UTC, BEIJING, timezone(timedelta(hours=-11)), timezone(timedelta(hours=14))]

    for unit in Unit:
        dues = [SEEDED.due(start.astimezone(zone), 3, unit) for zone in zones]
        dues += [
            SEEDED.moved(due.at.astimezone(zone), start, start, unit)
            for zone, due in zip(zones, dues, strict=True)
        ]
        assert len({due.at for due in dues}) == 1
        assert all(due.at.tzinfo is UTC and due.warn_at.tzinfo is UTC for due in dues)


def test_a_time_without_zone_is_a_mistake_of_the_caller() -> None:
    naive = datetime(2011, 7, 22, 10, 30)  # noqa: DTZ001
    aware = naive.replace(tzinfo=UTC)
    calls: list[Callable[[], object]] = [
        lambda: SEEDED.due(naive, 1, WD),
        lambda: SEEDED.moved(naive, aware, aware, WD),
        lambda: SEEDED.moved(aware, naive, aware, WD),
        lambda: SEEDED.moved(aware, aware, naive, WD),
        lambda: SEEDED.extended(naive, 1, WD),
        lambda: SEEDED.working_minutes_between(naive, aware),
        lambda: SEEDED.working_minutes_between(aware, naive),
        lambda: SEEDED.time_band(naive),
    ]

    for call in calls:
        with pytest.raises(AssertionError):
            call()


def test_a_calendar_cannot_be_changed() -> None:
    calendar: Calendar = SEEDED

    with pytest.raises(FrozenInstanceError):
        calendar.tables = {}  # type: ignore[attr-defined]  # refused here
    with pytest.raises(TypeError):
        SEEDED.tables[2011] = a_table(2011, "2011.2")  # type: ignore[index]  # refused here


def test_threads_share_one_calendar() -> None:
    fresh = WorkingCalendar()
    starts = [at("2110-01-01 10:30") + DAY * n for n in range(400)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda start: fresh.due(start, 300, WD), starts * 4))

    assert found == [WorkingCalendar().due(start, 300, WD) for start in starts] * 4


def test_a_first_of_january_can_be_worked() -> None:
    assert WorkingCalendar().is_working(date(2027, 1, 1))
    assert WorkingCalendar([a_table(2027, "2027.1")]).is_working(date(2027, 1, 1))
    assert not WorkingCalendar().is_working(date(2028, 1, 1))


def test_a_deadline_of_an_older_table_is_answered_all_the_same() -> None:
    thursday = at("2011-07-28 15:00")
    later_off = WorkingCalendar([a_table(2011, "2011.2", off=[date(2011, 7, 29)])])

    # The last day, a Friday when it was counted, is a holiday by now; no day stood still.
    moved = later_off.moved(at("2011-07-30"), thursday, thursday + MINUTE, D)

    assert moved == Due(at("2011-07-30"), at("2011-07-30"), "2011.2")


@pytest.mark.parametrize("unit", [WD, D, WH])
def test_a_deadline_at_an_odd_instant_stays_there_where_nothing_stood_still(unit: Unit) -> None:
    due_at, noon = at("2011-07-25 12:30"), at("2011-07-25 12:10")

    moved = SEEDED.moved(due_at, noon, noon + MINUTE, unit)

    assert moved == Due(due_at, noon + MINUTE, "2011.1")


# --- against the walk -------------------------------------------------------------------------


def tables_of(year: int) -> st.SearchStrategy[YearTable]:
    days = [date(year, 1, 1) + DAY * n for n in range(365)]
    weekdays = [day for day in days if day.weekday() < 5]
    weekends = [day for day in days if day.weekday() >= 5]
    return st.builds(
        YearTable,
        st.just(year),
        st.sampled_from([f"{year}.1", f"{year}.2"]),
        st.frozensets(st.sampled_from(weekdays), max_size=60),
        st.frozensets(st.sampled_from(weekends), max_size=20),
    )


REAL = [YearTable.of(event) for event in SHIPPED if 2010 <= event.year <= 2012]
TABLES = st.one_of(
    st.just(REAL),
    st.tuples(tables_of(2010), tables_of(2011), tables_of(2012)).map(list),
    # 2011 is missing.
    st.tuples(tables_of(2010), tables_of(2012)).map(list),
)
MINUTES = st.integers(0, 700 * 1440).map(lambda n: at("2010-02-01 00:00") + MINUTE * n)
# Close to the turns, where mistakes live.
TURNS = st.builds(
    lambda day, turn, minutes: at("2010-02-01") + DAY * day + MINUTE * (turn * 60 + minutes),
    st.integers(0, 700),
    st.sampled_from([0, 9, 12, 13, 17, 24]),
    st.integers(-2, 2),
)
STARTS = st.one_of(MINUTES, TURNS)
LIMITS = st.one_of(
    st.tuples(st.integers(1, 15), st.just(WD)),
    st.tuples(st.integers(1, 30), st.just(D)),
    st.tuples(st.integers(1, 60), st.just(WH)),
    st.tuples(st.integers(1, 200), st.just(H)),
)
GAPS = st.one_of(st.integers(1, 3000), st.integers(1, 30_000)).map(lambda n: MINUTE * n)
UNITS = st.sampled_from(list(Unit))


@holds(TABLES, STARTS, LIMITS, examples=300)
def test_a_limit_ends_where_the_walk_ends(
    tables: list[YearTable], start: datetime, limit: tuple[int, Unit]
) -> None:
    due = WorkingCalendar(tables).due(start, *limit)

    assert (due.at, due.warn_at) == Walk(tables).due(start, *limit)


@holds(TABLES, STARTS, GAPS, LIMITS, st.integers(0, 100), examples=300)
def test_a_suspended_limit_moves_as_the_walk_does(
    tables: list[YearTable], start: datetime, gap: timedelta, limit: tuple[int, Unit], share: int
) -> None:
    calendar, unit = WorkingCalendar(tables), limit[1]
    due_at = calendar.due(start, *limit).at.astimezone(BEIJING)
    paused = start + (due_at - start - MINUTE) // MINUTE * share // 100 * MINUTE
    until = paused + gap

    moved = calendar.moved(due_at, paused, until, unit)

    end, warn = Walk(tables).moved(due_at, paused, until, unit)
    assert moved.at == end
    # Four fifths of what remains need not be whole minutes; the walk steps past them.
    assert warn - MINUTE < moved.warn_at <= warn


@holds(TABLES, STARTS, LIMITS, st.integers(1, 12), examples=300)
def test_an_extension_is_a_walk_from_the_old_due_day(
    tables: list[YearTable], start: datetime, limit: tuple[int, Unit], more: int
) -> None:
    calendar, unit = WorkingCalendar(tables), limit[1]
    due_at = calendar.due(start, *limit).at.astimezone(BEIJING)
    counts_from = due_at - MINUTE if unit in (WD, D) else due_at

    extended = calendar.extended(due_at, more, unit)

    assert (extended.at, extended.warn_at) == Walk(tables).due(counts_from, more, unit)


@holds(TABLES, STARTS, GAPS, examples=300)
def test_days_and_minutes_between_are_those_the_walk_meets(
    tables: list[YearTable], a: datetime, gap: timedelta
) -> None:
    calendar, walk, b = WorkingCalendar(tables), Walk(tables), a + gap
    days = [a.date() + DAY * n for n in range(1, (b.date() - a.date()).days + 1)]

    assert calendar.working_minutes_between(a, b) == walk.open_minutes(a, b)
    assert calendar.working_days_between(a.date(), b.date()) == sum(map(walk.works, days))
    assert [calendar.is_working(day) for day in days] == [walk.works(day) for day in days]
    assert calendar.working_minutes_between(b, a) == 0


# --- what always holds -----------------------------------------------------------------------

INSTANTS = st.builds(
    lambda start, micros: start + timedelta(microseconds=micros),
    STARTS,
    st.integers(0, 59_999_999),
)


@holds(TABLES, INSTANTS, INSTANTS, LIMITS)
def test_who_starts_later_is_not_due_earlier(
    tables: list[YearTable], a: datetime, b: datetime, limit: tuple[int, Unit]
) -> None:
    calendar = WorkingCalendar(tables)
    earlier, later = (calendar.due(start, *limit) for start in sorted([a, b]))

    assert earlier.at <= later.at
    assert earlier.warn_at <= later.warn_at


@holds(TABLES, INSTANTS, UNITS, st.integers(0, 300), st.integers(0, 300))
def test_a_longer_limit_does_not_end_earlier(
    tables: list[YearTable], start: datetime, unit: Unit, a: int, b: int
) -> None:
    calendar = WorkingCalendar(tables)
    shorter, longer = (calendar.due(start, count, unit) for count in sorted([a, b]))

    assert shorter.at <= longer.at
    assert shorter.warn_at <= longer.warn_at


@holds(TABLES, INSTANTS, UNITS, st.integers(1, 300))
def test_the_warning_lies_between_start_and_end(
    tables: list[YearTable], start: datetime, unit: Unit, count: int
) -> None:
    due = WorkingCalendar(tables).due(start, count, unit)

    assert start < due.warn_at < due.at


@holds(TABLES, INSTANTS, st.integers(1, 100))
def test_a_limit_in_working_hours_is_used_up_exactly_at_its_end(
    tables: list[YearTable], start: datetime, count: int
) -> None:
    calendar = WorkingCalendar(tables)
    due = calendar.due(start, count, WH)

    assert calendar.working_minutes_between(start, due.at) == count * 60
    assert calendar.working_minutes_between(start, due.at - timedelta.resolution) < count * 60


@holds(TABLES, INSTANTS, LIMITS, INSTANTS, INSTANTS, INSTANTS)
def test_suspension_saves_no_missed_deadline_and_loses_no_open_one(
    tables: list[YearTable],
    start: datetime,
    limit: tuple[int, Unit],
    paused: datetime,
    a: datetime,
    b: datetime,
) -> None:
    calendar, unit = WorkingCalendar(tables), limit[1]
    due_at = calendar.due(start, *limit).at
    sooner, later = sorted([a, b])
    assume(paused < sooner)

    moved = calendar.moved(due_at, paused, sooner, unit)
    moved_more = calendar.moved(due_at, paused, later, unit)

    if paused < due_at:
        assert max(due_at, sooner) < moved.at or (moved.at == due_at and sooner < due_at)
        assert sooner <= moved.warn_at < moved.at
        assert moved.at <= moved_more.at
    else:
        assert moved.at == moved.warn_at == due_at


@holds(TABLES, INSTANTS, LIMITS, st.integers(0, 60), st.integers(0, 60))
def test_an_extension_never_shortens(
    tables: list[YearTable], start: datetime, limit: tuple[int, Unit], a: int, b: int
) -> None:
    calendar, unit = WorkingCalendar(tables), limit[1]
    due_at = calendar.due(start, *limit).at
    less, more = (calendar.extended(due_at, count, unit).at for count in sorted([a, b]))

    assert due_at <= less <= more


@holds(INSTANTS, st.integers(1, 10), st.integers(1, 10))
def test_working_days_and_hours_can_be_counted_in_two_goes(
    start: datetime, first: int, then: int
) -> None:
    for unit in (WD, WH, H):
        halfway = SEEDED.due(start, first, unit).at

        assert SEEDED.extended(halfway, then, unit).at == SEEDED.due(start, first + then, unit).at


@holds(TABLES, INSTANTS, LIMITS)
def test_a_version_ends_with_a_question_mark_where_a_year_was_missing(
    tables: list[YearTable], start: datetime, limit: tuple[int, Unit]
) -> None:
    due = WorkingCalendar(tables).due(start, *limit)
    years = range(start.year, last_day(due).year + 1)
    missing = set(years) - {table.year for table in tables}

    assert due.calendar.endswith("?") == (limit[1] is not H and bool(missing))


def test_the_event_of_an_import_is_read_as_a_table() -> None:
    event = CalendarImported(
        year=2027,
        version="2027.1",
        holidays=(date(2027, 1, 1),),
        workdays=(date(2027, 1, 3),),
        source="a notice",
        by="policy",
        occurred_at=at("2026-11-10 10:00"),
    )

    calendar = WorkingCalendar.of([event])

    assert calendar == WorkingCalendar(
        [YearTable(2027, "2027.1", frozenset([date(2027, 1, 1)]), frozenset([date(2027, 1, 3)]))]
    )
    assert repr(calendar) == "WorkingCalendar(2027.1)"
    assert not calendar.is_working(date(2027, 1, 1))
    assert calendar.is_working(date(2027, 1, 3))
