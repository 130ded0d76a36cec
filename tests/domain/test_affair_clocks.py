"""Deadlines of an affair: extended once, suspended and resumed, warned of, fired."""

from __future__ import annotations

from typing import Any

import pytest

from domain.affair.events import Extended, Resumed, StepTaken, Supervised, Suspended, Warned
from domain.clock import Clock
from domain.errors import FieldInvalid, NotPermittedNow, StepNotOpen
from tests.builders.affairs import (
    CITY_MANAGEMENT,
    DIRECTOR,
    FRONT_DESK,
    PASSED,
    SANITATION,
    STREET_LEADER,
    STREET_OFFICER,
    WORKER,
    Case,
    Outcome,
    a_scrap_heap,
    at,
    handling,
    persuading,
    resolved,
)


def because(outcome: Outcome) -> str:
    refusal = outcome.is_refused()
    assert isinstance(refusal, NotPermittedNow | StepNotOpen), repr(refusal)
    return refusal.because


def clock(given: Case, name: str) -> Clock:
    found = given.affair.clock(name)
    assert found is not None
    return found


LONGER: dict[str, Any] = {
    "clock": "disposal",
    "count": "2",
    "reason": "车辆待修",
    "applicant_told": True,
}

# --- extension ---------------------------------------------------------------------------------


def test_a_deadline_is_moved_by_its_own_unit() -> None:
    after = handling().act(STREET_LEADER, "extend", **LONGER)

    assert isinstance(after.events[-1], Extended)
    assert clock(after, "disposal").due_at == at("07-28 00:00")
    assert clock(after, "disposal").extended


@pytest.mark.parametrize(
    ("given", "when", "record", "told"),
    [
        ("twice", "", {}, "clock_extendable"),
        ("once", "07-26 00:00", {}, "clock_extendable"),
        ("once", "", {"clock": "checking"}, "no running clock checking"),
        ("once", "", {"clock": "onsite"}, "no running clock onsite"),
        ("once", "", {"applicant_told": False}, "field_true"),
    ],
)
def test_once_before_it_is_due_and_the_applicant_told(
    given: str, when: str, record: dict[str, Any], told: str
) -> None:
    affair = handling()
    if given == "twice":
        affair = affair.act(STREET_LEADER, "extend", **LONGER)

    outcome = affair.does(STREET_LEADER, "extend", when, **{**LONGER, **record})

    assert because(outcome) == told


@pytest.mark.parametrize("count", ["0", "-1", "1.5", "many", "5000"])
def test_an_extension_counts_in_whole_units(count: str) -> None:
    refusal = handling().does(STREET_LEADER, "extend", **{**LONGER, "count": count}).is_refused()

    assert isinstance(refusal, FieldInvalid)
    assert refusal.field == "count"


def test_the_instant_before_it_is_due_is_early_enough() -> None:
    assert handling().does(STREET_LEADER, "extend", "07-25 23:59", **LONGER).happened()


# --- suspension --------------------------------------------------------------------------------


def enforcing_with_a_total() -> Case:
    """Reopened and in enforcement: a clock runs that suspension can move."""
    return resolved().later("07-25 09:00").reopened().handling().enforcing()


def test_the_clocks_stand_still_and_go_on_by_as_much() -> None:
    given = enforcing_with_a_total()
    due = clock(given, "reopened").due_at

    still = given.later("07-26 10:00").act(STREET_LEADER, "suspend", cause="court")
    again = still.later("07-28 10:00").act(STREET_LEADER, "resume")

    assert isinstance(still.events[-1], Suspended)
    assert not clock(still, "reopened").running
    assert still.affair.standing.suspended_at == at("07-26 10:00")
    assert isinstance(again.events[-1], Resumed)
    assert again.events[-1].days_working == 2
    assert clock(again, "reopened").running
    assert (due, clock(again, "reopened").due_at) == (at("07-29 00:00"), at("08-02 00:00"))
    assert again.affair.standing.suspended_days_working == 2
    assert again.affair.standing.suspended_at is None


def test_nothing_goes_on_while_it_stands_still_but_an_end() -> None:
    given = enforcing_with_a_total().act(STREET_LEADER, "suspend", cause="court")

    assert because(given.takes(STREET_OFFICER, "G15", enforcement_outcome="已拆")) == (
        "not_suspended"
    )
    assert given.takes(FRONT_DESK, "X8", request="撤回").event().to == "withdrawn"
    assert given.takes(DIRECTOR, "X9", ground="death", reason="已注销").event().to == "terminated"


def test_only_what_the_line_lets_stand_still() -> None:
    assert because(handling().does(STREET_LEADER, "suspend", cause="court")) == "suspendable"


def test_not_twice_and_not_without() -> None:
    given = enforcing_with_a_total()
    still = given.act(STREET_LEADER, "suspend", cause="court")

    assert because(still.does(STREET_LEADER, "suspend", cause="court")) == "not_suspended"
    assert because(given.does(STREET_LEADER, "resume")) == "not: not_suspended"


def test_after_sixty_days_it_goes_on_by_itself() -> None:
    given = (
        enforcing_with_a_total().later("07-27 10:00").act(STREET_LEADER, "suspend", cause="court")
    )

    warned, resumed = given.expires("suspension", "timer", "09-30 09:00").happened()

    assert (type(warned), type(resumed)) == (Warned, Resumed)
    assert resumed.occurred_at == warned.occurred_at == at("09-27 00:00")


def suspended_before(days: str) -> Case:
    """Since 07-26 10:00 its clocks stood still until this day, and run again."""
    given = (
        enforcing_with_a_total().later("07-26 10:00").act(STREET_LEADER, "suspend", cause="court")
    )
    return given.later(f"{days} 10:00").act(STREET_LEADER, "resume")


def test_a_further_suspension_gets_what_is_left_of_the_sixty_days() -> None:
    given = suspended_before("09-04")
    due = clock(given, "reopened").due_at

    still = given.later("09-05 10:00").act(STREET_LEADER, "suspend", cause="appraisal")

    # 40 days are used; of the 20 that are left the last is Sunday 25, so Monday is its end.
    assert given.affair.standing.suspended_days == 40
    assert clock(still, "suspension").due_at == at("09-27 00:00")
    late = still.later("09-29 10:00").act(STREET_LEADER, "resume")
    assert late.affair.standing.suspended_days == 60
    in_time = still.later("09-25 10:00").act(STREET_LEADER, "resume")
    assert clock(late, "reopened").due_at == clock(in_time, "reopened").due_at > due


def test_nothing_is_left_to_suspend_when_sixty_days_are_used() -> None:
    given = suspended_before("09-24")

    assert given.affair.standing.suspended_days == 60
    assert because(given.does(STREET_LEADER, "suspend", cause="court")) == "suspension_left"


def test_a_new_round_may_be_suspended_anew() -> None:
    given = suspended_before("09-24").step(STREET_OFFICER, "G15", enforcement_outcome="已清")
    given = given.passed().reopened().handling().enforcing()

    still = given.later("10-10 10:00").act(STREET_LEADER, "suspend", cause="court")

    assert clock(still, "suspension").due_at == at("12-10 00:00")


def test_what_ends_while_it_stands_still_counts_no_more_than_was_left() -> None:
    given = suspended_before("09-04")
    given = given.later("09-05 10:00").act(STREET_LEADER, "suspend", cause="appraisal")

    died = {"ground": "death", "reason": "已注销"}
    resumed = given.later("10-14 09:00").act(STREET_LEADER, "resume")

    still = given.takes(DIRECTOR, "X9", "10-14 10:00", **died).event()
    again = resumed.takes(DIRECTOR, "X9", "10-14 10:00", **died).event()

    assert still.handled_days_working == again.handled_days_working


def test_suspended_days_are_no_days_of_handling() -> None:
    given = enforcing_with_a_total()
    given = given.later("07-26 10:00").act(STREET_LEADER, "suspend", cause="court")
    given = given.later("07-28 10:00").act(STREET_LEADER, "resume")

    after = given.later("07-29 10:00").step(STREET_OFFICER, "G15", enforcement_outcome="已清")
    after = after.passed()

    # Monday to Friday are four days, of which two stood still.
    assert after.events[-1].handled_days_working == 2


def test_archiving_that_is_late_is_answered_for_and_then_done() -> None:
    given = resolved().closed()
    yellow = given.expires("archiving", "yellow", "2012-06-21 09:00").event()
    red, order = given.expires("archiving", "red", "2012-07-02 09:00").happened()
    given = given.given(yellow, red, order, now=at("2012-07-02 09:00"))

    answered = given.act(DIRECTOR, "answer_supervision", report="材料已齐，即日归档")
    archived = answered.step(FRONT_DESK, "X7", **PASSED)

    assert (yellow.occurred_at, red.occurred_at) == (at("2012-06-21 00:00"), at("2012-07-01 00:00"))
    assert isinstance(order, Supervised)
    assert answered.affair.work.orders_answered == answered.affair.work.orders == 1
    assert not clock(archived, "archiving").running
    assert because(archived.does(DIRECTOR, "answer_supervision", report="已归档")) == "state"


# --- warnings and timers -----------------------------------------------------------------------


def test_yellow_then_red_with_an_order() -> None:
    given = a_scrap_heap()

    yellow = given.expires("acceptance", "yellow", "07-25 09:00").event()
    given = given.given(yellow, now=given.now)
    red, order = given.expires("acceptance", "red", "07-26 00:00").happened()

    assert (yellow.colour, red.colour) == ("yellow", "red")
    assert isinstance(order, Supervised)
    assert (order.order, order.clock, order.by) == (1, "acceptance", "SYS")


@pytest.mark.parametrize(
    ("colour", "now"),
    [("yellow", "07-25 08:59"), ("red", "07-25 23:59"), ("yellow", "07-22 10:05")],
)
def test_nothing_is_said_too_early(colour: str, now: str) -> None:
    assert a_scrap_heap().expires("acceptance", colour, now).happened() == ()


def test_nothing_is_said_twice() -> None:
    given = a_scrap_heap()
    told = given.expires("acceptance", "red", "07-26 09:00").happened()

    again = given.given(*told, now=at("07-26 09:00")).expires("acceptance", "red", "07-26 10:00")

    assert again.happened() == ()


def test_nothing_is_said_of_a_clock_that_stopped_moved_or_never_was() -> None:
    stopped = a_scrap_heap().verified_onsite()
    moved = handling().act(STREET_LEADER, "extend", **LONGER)
    late = "07-30 09:00"

    assert stopped.expires("acceptance", "red", late).happened() == ()
    assert moved.expires("disposal", "red", late, due_at=at("07-26 00:00")).happened() == ()
    assert moved.expires("weather", "red", late).happened() == ()


def test_a_provisional_clock_warns_and_turns_nothing_red() -> None:
    given = a_scrap_heap(occurred_at=at("2012-12-31 10:00"))

    assert clock(given, "acceptance").provisional
    assert given.expires("acceptance", "yellow", at("2013-01-05 09:00")).happened()
    assert given.expires("acceptance", "red", at("2013-01-05 09:00")).happened() == ()


def test_a_clock_that_starts_again_warns_again() -> None:
    given = persuading().persuaded_in_vain().filed()
    warned = given.expires("filed", "red", "07-26 09:00").happened()
    given = given.given(*warned, now=at("07-26 09:00")).dispatched()

    back = given.step(STREET_OFFICER, "G11", reason="不属城管")

    assert back.expires("filed", "red", "07-29 09:00").happened()


def test_who_wishes_no_answer_is_not_asked() -> None:
    given = a_scrap_heap(contact_wish="anonymous").verified_onsite().fixed_locally()

    warned, closed = given.expires("exempt", "timer", given.now).happened()

    assert isinstance(warned, Warned)
    assert isinstance(closed, StepTaken)
    assert (closed.step, closed.to, closed.by) == ("X5", "closed", "SYS")


def test_a_timer_whose_step_is_not_open_has_nothing_to_do() -> None:
    given = a_scrap_heap(contact_wish="anonymous").verified_onsite().fixed_locally()
    closed = given.expires("exempt", "timer", given.now).happened()

    after = given.given(*closed, now=given.now)

    assert after.expires("exempt", "timer", after.now).happened() == ()


# --- which clock runs when ---------------------------------------------------------------------


def test_the_clocks_of_the_story() -> None:
    given = a_scrap_heap().later("07-22 10:30").verified_onsite()
    given = given.later("07-22 10:50").persuading().later("07-22 16:00").persuaded_in_vain()
    given = given.later("07-25 08:50").filed().later("07-25 09:20").dispatched()
    given = given.later("07-25 15:30").handling().reported_done().later("07-26 09:00").passed()

    told = {each.name: (each.due_at, each.running) for each in given.affair.clocks}

    assert told == {
        "acceptance": (at("07-26 00:00"), False),
        "deemed": (at("07-30 00:00"), False),
        "onsite": (at("07-26 00:00"), False),
        "persuading": (at("07-26 00:00"), False),
        "filed": (at("07-25 14:00"), False),
        "disposal": (at("07-27 00:00"), False),
        "checking": (at("07-27 00:00"), False),
        "return_visit": (at("07-30 00:00"), True),
    }


def test_rework_starts_the_disposal_anew() -> None:
    given = handling().reported_done().later("07-26 09:00")

    after = given.step(WORKER, "G17", reason="西侧仍有")

    assert clock(after, "disposal").started_at == at("07-26 09:00")
    assert clock(after, "disposal").due_at == at("07-28 00:00")


def test_signing_in_goes_on_with_the_same_clock() -> None:
    given = persuading().persuaded_in_vain().filed().dispatched()

    assert clock(given.handling(), "disposal") == clock(given, "disposal")


def test_a_referral_is_signed_in_within_a_working_day() -> None:
    given = persuading().act(DIRECTOR, "refer", unit=SANITATION, reason="由其管护")

    assert clock(given, "referral").due_at == at("07-26 00:00")
    assert CITY_MANAGEMENT not in given.affair.work.referral
