"""What falls due: the rows that the sweeper reads."""

from __future__ import annotations

from domain.affair import events as e
from domain.clock import ClockKind
from projections.due import due
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
