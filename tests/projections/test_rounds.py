"""When a round was due, and whether it ended in time."""

from __future__ import annotations

from domain.affair import events as e
from domain.clock import ClockKind
from projections.satisfaction import affair_facts
from tests.projections.histories import Case, Log, change, stopped
from tests.projections.memory import Memory

TOTAL = ClockKind.TOTAL


def in_time(case: Case) -> dict[str, int]:
    """{due day: 1 where in time, else 0}."""
    found = Memory(affair_facts, case.log.recorded).measured()
    return {day: found.get("on_time", {}).get(day, 0) for day in found.get("due", {})}


def staged(first: str = "07-26 00:00", calendar: str = "2011.1") -> Case:
    """An accepted affair in its first stage."""
    return Log().affair().accepted(clocks=(change("first", due=first, calendar=calendar),))


def whole(due: str = "08-20 00:00") -> Case:
    """An accepted affair with a total limit and a stage."""
    clocks = (change("first", due="07-26 00:00"), change("whole", due=due, kind=TOTAL))
    return Log().affair().accepted(clocks=clocks)


def test_an_affair_that_goes_on_is_due_and_not_in_time() -> None:
    assert in_time(staged()) == {"2011-07-25": 0}


def test_it_is_due_with_its_last_stage() -> None:
    case = staged()

    case.step(
        "G4",
        "persuading",
        "07-25 09:00",
        clocks=(stopped("first"), change("second", due="07-29 00:00")),
    )
    assert in_time(case) == {"2011-07-28": 0}

    case.resolved("07-28 23:59", clocks=(stopped("second"),))
    assert in_time(case) == {"2011-07-28": 1}


def test_one_late_stage_makes_the_round_late() -> None:
    case = staged()
    case.step(
        "G4",
        "persuading",
        "07-26 00:00",
        clocks=(stopped("first"), change("second", due="07-29 00:00")),
    )

    assert in_time(case.resolved("07-27 09:00", clocks=(stopped("second"),))) == {"2011-07-28": 0}


def test_a_limit_in_hours_is_due_on_its_own_day() -> None:
    assert in_time(staged("07-25 13:50")) == {"2011-07-25": 0}


def test_a_stage_that_still_runs_at_the_end_is_judged_by_the_end() -> None:
    assert in_time(staged().resolved("07-26 00:00")) == {"2011-07-25": 0}
    assert in_time(staged().resolved("07-25 23:59")) == {"2011-07-25": 1}


def test_the_total_limit_alone_decides_where_there_is_one() -> None:
    case = whole().resolved("08-19 09:00", clocks=(stopped("first"), stopped("whole", TOTAL)))

    assert in_time(case) == {"2011-08-19": 1}


def test_the_total_limit_missed_is_late() -> None:
    case = whole().step("B5", "surveying", "07-25 09:00", clocks=(stopped("first"),))

    case.resolved("08-20 00:00", clocks=(stopped("whole", TOTAL),))

    assert in_time(case) == {"2011-08-19": 0}


def test_of_several_total_limits_the_longest_says_when_and_each_may_be_late() -> None:
    clocks = (
        change("whole", due="08-20 00:00", kind=TOTAL),
        change("decide", due="08-06 00:00", kind=TOTAL),
    )
    case = Log().affair().accepted(clocks=clocks)
    case.step("M12", "investigating", "08-06 09:00", clocks=(stopped("decide", TOTAL),))

    assert in_time(case.resolved("08-10 09:00")) == {"2011-08-19": 0}


def test_promises_and_timers_are_late_for_nobody() -> None:
    case = staged()
    clocks = (
        change("promised", due="07-23 00:00", kind=ClockKind.PROMISE),
        change("renewal", due="07-23 00:00", kind=ClockKind.TIMER),
    )
    case.then(e.EntryRecorded, "07-22 11:00", entry="told", clocks=clocks)

    case.resolved("07-25 09:00", clocks=(stopped("first"),))

    assert in_time(case) == {"2011-07-25": 1}


def test_a_stage_started_anew_keeps_that_an_earlier_run_was_late() -> None:
    case = staged("07-23 00:00")

    case.step("G11", "filed", "07-25 09:00", clocks=(change("first", due="07-29 00:00"),))
    case.resolved("07-26 09:00", clocks=(stopped("first"),))

    assert in_time(case) == {"2011-07-28": 0}


def test_an_extension_moves_the_due_day() -> None:
    case = staged()
    case.then(
        e.Extended,
        "07-25 09:00",
        clock="first",
        clocks=(change("first", "extended", "08-02 00:00"),),
    )

    assert in_time(case.resolved("08-01 09:00", clocks=(stopped("first"),))) == {"2011-08-01": 1}


def test_while_its_clock_stands_still_nothing_is_due() -> None:
    case = whole()
    paused = (change("first", "paused"), change("whole", "paused", kind=TOTAL))
    case.then(e.Suspended, "07-25 09:00", clocks=paused)
    assert in_time(case) == {}

    resumed = (
        change("first", "resumed", "09-26 00:00"),
        change("whole", "resumed", "10-20 00:00", TOTAL),
    )
    case.then(e.Resumed, "09-25 09:00", days_working=44, clocks=resumed)
    assert in_time(case) == {"2011-10-19": 0}

    case.resolved("10-19 09:00", clocks=(stopped("first"), stopped("whole", TOTAL)))
    assert in_time(case) == {"2011-10-19": 1}


def test_what_is_terminated_while_suspended_is_judged_by_the_suspension() -> None:
    case = staged().then(e.Suspended, "07-25 09:00", clocks=(change("first", "paused"),))

    case.step("X9", "terminated", "09-01 09:00", clocks=(stopped("first"),))

    assert in_time(case) == {"2011-07-25": 1}


def test_between_stages_nothing_is_due_unless_one_was_late() -> None:
    met = staged().step("G14", "enforcing", "07-25 09:00", clocks=(stopped("first"),))
    missed = staged().step("G14", "enforcing", "07-26 09:00", clocks=(stopped("first"),))

    assert in_time(met) == {}
    assert in_time(missed) == {"2011-07-25": 0}


def test_a_stage_that_starts_after_the_clock_stop_is_not_judged() -> None:
    case = staged()
    case.step(
        "C3",
        "in_service",
        "07-25 09:00",
        marks=("clock_stop",),
        handled_days_working=1,
        clocks=(stopped("first"), change("contact", due="08-01 00:00")),
    )

    case.step("C9", "placed", "08-10 09:00", clocks=(stopped("contact"),))

    assert in_time(case) == {"2011-07-25": 1}


def test_a_clock_of_that_name_after_the_clock_stop_does_not_move_the_due_day() -> None:
    case = staged()
    case.step(
        "C3",
        "in_service",
        "07-25 09:00",
        marks=("clock_stop",),
        handled_days_working=1,
        clocks=(stopped("first"),),
    )
    again = (change("first", due="08-01 00:00"),)
    case.then(e.EntryRecorded, "07-26 09:00", entry="contact", clocks=again)

    longer = (change("first", "extended", "08-11 00:00"),)
    case.then(e.Extended, "07-27 09:00", clock="first", clocks=longer)

    assert in_time(case) == {"2011-07-25": 1}


def test_a_provisional_clock_has_no_final_effect_until_it_is_recorded_anew() -> None:
    case = staged(calendar="2011.1?")
    assert in_time(case) == {}

    case.then(
        e.ClocksRecounted, "07-25 09:00", clocks=(change("first", "recounted", "07-27 00:00"),)
    )
    assert in_time(case) == {"2011-07-26": 0}


def test_a_clock_that_stands_still_makes_nothing_due_when_it_is_recorded_anew() -> None:
    case = staged(calendar="2011?")
    still = change("first", "paused", calendar="2011?")
    case.then(e.Suspended, "07-23 09:00", clocks=(still,))

    again = change("first", "recounted", "07-27 00:00")
    case.then(e.ClocksRecounted, "07-25 09:00", clocks=(again,))
    assert in_time(case) == {}

    on = change("first", "resumed", "08-02 00:00")
    case.then(e.Resumed, "07-28 09:00", days_working=4, clocks=(on,))
    assert in_time(case) == {"2011-08-01": 0}


def test_a_clock_that_was_stopped_while_provisional_makes_nothing_due() -> None:
    case = staged(calendar="2011?").resolved("07-25 09:00", clocks=(stopped("first"),))

    assert in_time(case) == {}


def test_each_reopening_has_its_own_due_day() -> None:
    case = staged().resolved("07-26 09:00", clocks=(stopped("first"),)).asked("07-27 09:00", 1)

    case.reopened("07-28 09:00", clocks=(change("first", due="08-03 00:00"),))
    assert in_time(case) == {"2011-07-25": 0, "2011-08-02": 0}

    case.resolved("08-02 09:00", clocks=(stopped("first"),))
    assert in_time(case) == {"2011-07-25": 0, "2011-08-02": 1}


def test_a_round_without_limits_is_never_due() -> None:
    assert in_time(Log().affair().accepted().resolved("07-26 09:00")) == {}
