"""Steps: what each kind becomes, and who stands in the way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.affair.events import Archived, Merged, Reopened, StepTaken
from domain.errors import FieldInvalid, FieldMissing, NameUnknown, StepNotOpen
from tests.builders.affairs import (
    ANOTHER,
    CITY_MANAGEMENT,
    COMMUNITY,
    DIRECTOR,
    FRONT_DESK,
    PASSED,
    PHOTO,
    REWORK_DUE,
    SANITATION,
    SATISFIED,
    STREET_OFFICER,
    SUPERVISOR,
    WORKER,
    Case,
    Outcome,
    a_scrap_heap,
    at,
    checking,
    handling,
    persuading,
    resolved,
)


def invalid(outcome: Outcome) -> tuple[str, str]:
    refusal = outcome.is_refused()
    assert isinstance(refusal, FieldInvalid), repr(refusal)
    return refusal.field, refusal.because


def because(outcome: Outcome) -> str:
    refusal = outcome.is_refused()
    assert isinstance(refusal, StepNotOpen), repr(refusal)
    return refusal.because


# --- the plain step ----------------------------------------------------------------------------


def test_a_step_moves_the_affair_and_says_from_where_to_where() -> None:
    given = a_scrap_heap()

    event = given.takes(WORKER, "G1", place="116.99,36.63").event()

    assert isinstance(event, StepTaken)
    assert (event.step, event.left, event.to) == ("G1", "registered", "onsite")
    assert event.record.text("place") == "116.99,36.63"
    assert event.by == WORKER.account


def test_acceptance_counts_once_and_pins_the_version() -> None:
    first = a_scrap_heap().verified_onsite()
    again = first.step(DIRECTOR, "G5", beyond_means=True, category="piles")
    again = again.step(STREET_OFFICER, "G10", missing_facts="废品归何人所有")

    assert first.affair.identity.accepted_at == first.now
    assert first.affair.identity.line_version == first.events[-1].line_version == "2011.1"
    assert again.affair.standing.state == "onsite"
    assert again.affair.identity.accepted_at == first.now


def test_a_step_that_counts_as_acceptance_names_the_version_only_the_first_time() -> None:
    accepted = [event.line_version for event in handling().events[1:] if hasattr(event, "marks")]

    assert accepted == ["2011.1", "", "", "", ""]


def test_filing_brings_it_to_the_street_and_sending_back_to_the_community() -> None:
    filed = persuading().persuaded_in_vain().filed()

    back = filed.step(STREET_OFFICER, "G10", missing_facts="废品归何人所有")

    assert filed.affair.standing.level == "street"
    assert "referred" in filed.events[-1].marks
    assert back.affair.standing.level == "community"
    assert back.affair.standing.lead_unit == COMMUNITY


def test_dispatch_says_whose_turn_it_is() -> None:
    given = persuading().persuaded_in_vain().filed()

    assert given.dispatched().affair.standing.lead_unit == CITY_MANAGEMENT


def test_dispatch_asks_the_joint_units_to_lend_a_hand() -> None:
    given = persuading().persuaded_in_vain().filed()

    after = given.step(
        STREET_OFFICER, "G9", lead_unit=CITY_MANAGEMENT, joint_units=[SANITATION, "370103008/ga"]
    )

    assert [(j.task, j.unit, j.done) for j in after.affair.work.joint] == [
        (1, SANITATION, False),
        (2, "370103008/ga", False),
    ]


@pytest.mark.parametrize(
    "unit", ["370103/cg", "370103", COMMUNITY, "370103008001-01", "370103009/cg"]
)
def test_a_street_dispatches_to_its_own_units(unit: str) -> None:
    given = persuading().persuaded_in_vain().filed()

    outcome = given.takes(STREET_OFFICER, "G9", lead_unit=unit)
    assert invalid(outcome) == ("lead_unit", "a unit of the street 370103008")


def test_what_was_escalated_is_dispatched_at_the_district() -> None:
    given = persuading().persuaded_in_vain().filed()
    given = given.act(STREET_OFFICER, "escalate", unit="370103/cg", reason="涉及两个街道")

    outcome = given.takes(STREET_OFFICER, "G9", lead_unit="370103/cg")

    assert outcome.happened()[0].lead_unit == "370103/cg"
    outcome = given.takes(STREET_OFFICER, "G9", lead_unit=CITY_MANAGEMENT)
    assert invalid(outcome) == ("lead_unit", "a unit of the district 370103")


def test_a_dispatch_asks_no_unit_that_leads_or_is_asked_already() -> None:
    given = persuading().act(WORKER, "open_joint", unit=SANITATION).persuaded_in_vain().filed()

    led, asked = (
        given.takes(STREET_OFFICER, "G9", lead_unit=CITY_MANAGEMENT, joint_units=[unit])
        for unit in (CITY_MANAGEMENT, SANITATION)
    )

    leads = "another unit than the one that leads"
    assert invalid(led) == ("joint_units", leads)
    still = f"another unit: the joint task of {SANITATION} is open"
    assert invalid(asked) == ("joint_units", still)


def test_dispatch_may_name_the_day() -> None:
    given = persuading().persuaded_in_vain().filed()

    event = given.takes(
        STREET_OFFICER, "G9", lead_unit=CITY_MANAGEMENT, due=date(2011, 7, 29)
    ).happened()[0]

    (started,) = (change for change in event.clocks if change.name == "disposal")
    assert started.due_at == at("07-30 00:00")


def again(result: str) -> dict[str, Any]:
    """What another attempt at persuasion records."""
    return {"held_at": at("07-22 10:20"), "partners": "环卫所", "result": result}


# --- what stands in the way --------------------------------------------------------------------


def test_filing_needs_a_failed_attempt_at_persuasion() -> None:
    assert because(persuading().takes(WORKER, "G8")) == "entries_at_least"


def test_an_effective_attempt_is_no_failed_one() -> None:
    given = persuading().entry(WORKER, "persuasion", result="effective")

    assert because(given.takes(WORKER, "G8")) == "entries_at_least"


def test_a_failed_attempt_of_the_round_before_does_not_count() -> None:
    given = resolved().rated(**REWORK_DUE).step(DIRECTOR, "X2", reason="又堆了起来")
    given = given.step(STREET_OFFICER, "G11", reason="不属城管")
    given = given.step(STREET_OFFICER, "G10", missing_facts="归属").persuading()

    assert because(given.takes(WORKER, "G8")) == "entries_at_least"


def test_each_attempt_counts_by_what_it_recorded_itself() -> None:
    given = persuading().step(WORKER, "G6", **again("ineffective"))
    given = given.step(WORKER, "G6", **again("effective"))

    assert given.takes(WORKER, "G8").event().to == "filed"


def test_attempts_that_all_worked_are_no_failed_ones() -> None:
    given = persuading().step(WORKER, "G6", **again("effective"))
    given = given.step(WORKER, "G6", **again("effective"))

    assert because(given.takes(WORKER, "G8")) == "entries_at_least"
    assert [done.facts.get("result") for done in given.affair.work.steps] == [
        None,
        None,
        "effective",
        "effective",
    ]


def test_three_attempts_are_the_most() -> None:
    given = persuading()
    given = given.step(WORKER, "G6", **again("ineffective"))
    given = given.step(WORKER, "G6", **again("ineffective"))

    assert because(given.takes(WORKER, "G6", **again("ineffective"))) == "steps_fewer_than"


def test_whoever_did_the_work_does_not_check_it() -> None:
    given = checking()
    also_supervisor = type(SUPERVISOR)(account=STREET_OFFICER.account, role=SUPERVISOR.role)

    assert because(given.takes(also_supervisor, "G16")) == "actor_is_not"
    assert because(given.takes(also_supervisor, "G17", reason="西侧仍有")) == "actor_is_not"
    assert given.takes(SUPERVISOR, "G16").happened()


def test_a_step_of_another_state_of_another_role() -> None:
    given = handling()

    assert because(given.takes(STREET_OFFICER, "G9", lead_unit=SANITATION)) == "state"
    assert because(given.takes(WORKER, "G13", after_photos=[PHOTO])) == "role"


def test_a_step_that_the_line_does_not_have() -> None:
    refusal = handling().takes(WORKER, "G99").is_refused()

    assert isinstance(refusal, NameUnknown)
    assert (refusal.what, refusal.key) == ("step", "G99")


def test_a_field_that_is_missing_is_named() -> None:
    refusal = handling().takes(STREET_OFFICER, "G13").is_refused()

    assert isinstance(refusal, FieldMissing)
    assert (refusal.step, refusal.field) == ("G13", "after_photos")


def test_a_field_that_nobody_asks_for_is_named() -> None:
    refusal = handling().takes(STREET_OFFICER, "G13", after_photos=[PHOTO], x="1").is_refused()

    assert isinstance(refusal, FieldInvalid)
    assert refusal.field == "x"


def test_the_role_is_told_before_a_missing_field_and_a_flag_after_it() -> None:
    given = handling()

    assert because(given.takes(FRONT_DESK, "G14")) == "role"
    assert isinstance(given.takes(STREET_OFFICER, "G14").is_refused(), FieldMissing)
    refused = given.takes(STREET_OFFICER, "G14", order_number="12", rights_told=False)
    assert because(refused) == "field_true"


def test_nothing_is_resolved_while_a_joint_task_is_open() -> None:
    given = persuading().act(WORKER, "open_joint", unit=SANITATION)

    assert because(given.takes(WORKER, "G7", after_photos=[PHOTO])) == "no_open_joint_task"
    done = given.act(WORKER, "joint_done")
    assert done.takes(WORKER, "G7", after_photos=[PHOTO]).event().to == "resolved"


# --- the ends of handling ----------------------------------------------------------------------


def test_handling_is_counted_in_working_days_after_the_day_of_acceptance() -> None:
    given = checking().later("07-26 09:00")

    event = given.takes(WORKER, "G16").event()

    assert event.handled_days_working == 2


def test_handling_ends_once_in_a_round() -> None:
    given = resolved()

    closed = given.closed()

    taken = [event for event in closed.events if isinstance(event, StepTaken)]
    assert [e.step for e in taken if e.handled_days_working is not None] == ["G16"]
    assert closed.affair.standing.handled


def test_a_later_round_is_counted_from_its_reopening() -> None:
    given = resolved().later("07-27 10:00").reopened()

    after = given.later("07-29 09:00").handling().reported_done().passed()

    assert after.events[-1].handled_days_working == 2


def test_what_was_never_accepted_is_not_counted() -> None:
    event = (
        a_scrap_heap()
        .takes(DIRECTOR, "G0", outside_scope=True, reason="室内漏水", channel="物业服务中心")
        .event()
    )

    assert (event.to, event.handled_days_working) == ("not_accepted", None)


def test_a_termination_ends_the_handling_and_a_withdrawal_does_not() -> None:
    given = a_scrap_heap().verified_onsite()

    ended = given.takes(DIRECTOR, "X9", ground="moved_out", reason="已迁出").event()
    withdrawn = given.takes(FRONT_DESK, "X8", request="对方已清走").event()

    assert (ended.to, ended.handled_days_working) == ("terminated", 0)
    assert (withdrawn.to, withdrawn.handled_days_working) == ("withdrawn", None)


@pytest.mark.parametrize("end", ["closed", "withdrawn", "terminated"])
def test_an_end_is_dated(end: str) -> None:
    begun = a_scrap_heap().verified_onsite()
    ends: dict[str, Case] = {
        "closed": resolved().closed(),
        "withdrawn": begun.step(FRONT_DESK, "X8", request="对方已清走"),
        "terminated": begun.step(DIRECTOR, "X9", ground="death", reason="户口已注销"),
    }

    given = ends[end]

    assert (given.affair.standing.state, given.affair.standing.closed_at) == (end, given.now)
    assert [clock.name for clock in given.affair.clocks if clock.running] == ["archiving"]


# --- the other kinds of step -------------------------------------------------------------------


def test_reopening_begins_a_round() -> None:
    given = resolved().rated(**REWORK_DUE)

    event = given.takes(DIRECTOR, "X2", reason="西侧又堆了起来").event()

    assert isinstance(event, Reopened)
    assert (event.step, event.left, event.to, event.round) == ("X2", "resolved", "dispatched", 1)


def test_what_was_never_filed_goes_back_to_the_site() -> None:
    given = a_scrap_heap().verified_onsite().fixed_locally().rated(**REWORK_DUE)

    assert given.takes(DIRECTOR, "X2", reason="又堆了起来").event().to == "onsite"


def test_a_closed_affair_is_reopened_on_new_facts_for_thirty_days() -> None:
    given = resolved().closed()
    new: dict[str, Any] = {"new_facts": "又回到门口", "evidence": [PHOTO]}

    in_time = given.takes(DIRECTOR, "X6", "08-22 23:59", **new).event()

    assert (in_time.to, in_time.left, in_time.round) == ("dispatched", "closed", 1)
    assert because(given.takes(DIRECTOR, "X6", "08-23 00:00", **new)) == (
        "days_since_closing_at_most"
    )


def test_a_duplicate_is_merged() -> None:
    given = a_scrap_heap().verified_onsite()

    event = given.takes(
        DIRECTOR, "X9", ground="duplicate", reason="同一处", merged_into=str(ANOTHER)
    ).event()
    after = given.given(event, now=given.now)

    assert isinstance(event, Merged)
    assert (event.into, event.left, event.to) == (ANOTHER, "onsite", "terminated")
    assert after.affair.standing.state == "terminated"
    assert after.affair.standing.closed_at == event.occurred_at


def test_the_archive_keeps_it_as_long_as_the_matter_says() -> None:
    given = resolved().closed()

    event = given.takes(FRONT_DESK, "X7", **PASSED).event()

    assert isinstance(event, Archived)
    assert (event.step, event.left, event.retention) == ("X7", "closed", "10")


def test_an_archived_affair_takes_no_step() -> None:
    given = resolved().closed().step(FRONT_DESK, "X7", **PASSED)

    assert because(given.takes(FRONT_DESK, "X7", **PASSED)) == "state"
    assert because(given.takes(FRONT_DESK, "X8", request="撤回")) == "state"


def test_satisfaction_is_asked_of_this_round() -> None:
    given = resolved().rated(**SATISFIED).step(FRONT_DESK, "X1")
    given = given.step(DIRECTOR, "X6", new_facts="又来了", evidence=[PHOTO])
    given = given.handling().reported_done().passed()

    assert because(given.takes(FRONT_DESK, "X1")) == "rating_at_least"
