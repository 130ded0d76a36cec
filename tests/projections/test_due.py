"""What falls due: the rows that the sweeper reads."""

from __future__ import annotations

from typing import Any

from domain.affair import events as e
from domain.clock import ClockKind
from projections.due import DueRow, due
from tests.projections.histories import Case, Log, at, change, stopped
from tests.projections.memory import Memory


def rows_of(case: Case) -> dict[str, tuple[object, str]]:
    memory = Memory(due, case.log.recorded)
    return {clock: (row.next_at, row.colour) for (_, clock), row in memory.rows.items()}


def test_a_running_clock_waits_for_its_warning_and_a_timer_for_its_end() -> None:
    case = Log().affair(
        clocks=(
            change("stage", due="07-26 00:00"),
            change("renewal", due="07-24 00:00", kind=ClockKind.TIMER),
        )
    )

    assert rows_of(case) == {
        "stage": (at("07-25 00:00"), "green"),
        "renewal": (at("07-24 00:00"), "green"),
    }


def test_after_yellow_comes_red_and_after_red_nothing() -> None:
    case = Log().affair(clocks=(change("stage", due="07-26 00:00"),))
    warning = {"clock": "stage", "due_at": at("07-26 00:00")}

    case.then(e.Warned, "07-25 00:00", colour="yellow", **warning)
    assert rows_of(case) == {"stage": (at("07-26 00:00"), "yellow")}

    case.then(e.Warned, "07-26 00:00", colour="red", **warning)
    assert rows_of(case) == {"stage": (None, "red")}


def test_a_provisional_clock_never_waits_for_red() -> None:
    case = Log().affair(clocks=(change("stage", due="07-26 00:00", calendar="2011.1?"),))

    case.then(e.Warned, "07-25 00:00", clock="stage", colour="yellow", due_at=at("07-26 00:00"))

    assert rows_of(case) == {"stage": (None, "yellow")}


def test_a_clock_that_stands_still_has_no_row() -> None:
    case = Log().affair(clocks=(change("stage", due="07-26 00:00"),))

    assert rows_of(case.step("G1", "onsite", "07-22 10:30", clocks=(stopped("stage"),))) == {}


def test_a_late_warning_of_an_earlier_deadline_changes_nothing() -> None:
    case = Log().affair(clocks=(change("stage", due="07-26 00:00"),))
    case.then(
        e.Extended,
        "07-22 11:00",
        clock="stage",
        clocks=(change("stage", "extended", "08-02 00:00"),),
    )

    case.then(e.Warned, "07-26 00:00", clock="stage", colour="red", due_at=at("07-26 00:00"))

    assert rows_of(case) == {"stage": (at("08-01 00:00"), "green")}


# --- a year that was missing -------------------------------------------------------------------


def provisional(**given: Any) -> Case:
    """Due on the 25th for all that is known: the year's table is missing."""
    values = {"due": "07-26 00:00", "calendar": "2011?", **given}
    return Log().affair(clocks=(change("stage", **values),))


def recounted(case: Case, due_at: str, calendar: str = "2011.1", when: str = "07-23 09:00") -> Case:
    again = change("stage", "recounted", due_at, calendar=calendar)
    return case.then(e.ClocksRecounted, when, clocks=(again,))


def row_of(case: Case) -> DueRow:
    row = Memory(due, case.log.recorded).only()
    assert isinstance(row, DueRow)
    return row


def warned(case: Case, colour: str, due_at: str = "07-26 00:00") -> Case:
    told = {"clock": "stage", "colour": colour, "due_at": at(due_at)}
    return case.then(e.Warned, "07-25 00:00", **told)


def test_a_provisional_clock_names_the_years_that_it_waits_for() -> None:
    assert row_of(provisional()).missing == "2011"
    assert row_of(provisional(calendar="2010.1+2011+2012?")).missing == "2011+2012"
    assert row_of(provisional(calendar="2011.1")).missing == ""


def test_a_clock_that_was_recounted_waits_for_its_new_end() -> None:
    row = row_of(recounted(provisional(), "07-29 00:00"))

    assert (row.due_at, row.next_at) == (at("07-29 00:00"), at("07-28 00:00"))
    assert (row.missing, row.provisional) == ("", False)


def test_what_is_due_at_another_time_is_warned_of_again() -> None:
    case = recounted(warned(provisional(), "yellow"), "07-29 00:00")

    assert rows_of(case) == {"stage": (at("07-28 00:00"), "green")}


def test_what_is_due_when_it_was_waits_for_red_after_its_yellow() -> None:
    case = recounted(warned(provisional(), "yellow"), "07-26 00:00")

    assert rows_of(case) == {"stage": (at("07-26 00:00"), "yellow")}


def test_a_clock_that_lacks_another_year_still_never_waits_for_red() -> None:
    case = warned(provisional(calendar="2011+2012?"), "yellow")

    row = row_of(recounted(case, "07-26 00:00", "2011.1+2012?"))

    assert (row.next_at, row.provisional, row.missing) == (None, True, "2012")


def test_a_timer_that_was_recounted_waits_for_its_end() -> None:
    timer = provisional(kind=ClockKind.TIMER)
    assert row_of(timer).next_at is None

    again = change("stage", "recounted", "07-28 00:00", ClockKind.TIMER)
    timer.then(e.ClocksRecounted, "07-23 09:00", clocks=(again,))

    assert row_of(timer).next_at == at("07-28 00:00")


def test_a_clock_that_stands_still_is_recounted_and_stands_still() -> None:
    still = change("stage", "paused", calendar="2011?")
    case = provisional().then(e.Suspended, "07-22 12:00", clocks=(still,))

    row = row_of(recounted(case, "07-29 00:00"))

    assert row.paused
    assert (row.next_at, row.due_at, row.missing) == (None, at("07-29 00:00"), "")


def test_a_clock_that_goes_on_to_the_same_instant_says_by_which_calendar() -> None:
    still = change("stage", "paused", calendar="2011?")
    case = provisional().then(e.Suspended, "07-22 12:00", clocks=(still,))

    again = change("stage", "resumed", "07-26 00:00", calendar="2011+2012?")
    row = row_of(case.then(e.Resumed, "07-22 13:00", days_working=0, clocks=(again,)))

    assert (row.paused, row.missing) == (False, "2011+2012")
