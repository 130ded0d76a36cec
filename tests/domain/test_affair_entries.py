"""Entries: written down without moving on, by the same guards as steps."""

from __future__ import annotations

from domain.affair.events import EntryRecorded
from domain.errors import FieldInvalid, FieldMissing, NameUnknown, StepNotOpen
from tests.builders.affairs import FRONT_DESK, STREET_OFFICER, WORKER, a_scrap_heap, at, persuading


def test_an_attempt_is_recorded_apart_and_the_affair_stays() -> None:
    given = persuading()

    event = given.writes(WORKER, "persuasion", result="ineffective").event()

    assert isinstance(event, EntryRecorded)
    assert event.record.text("result") == "ineffective"
    assert given.given(event, now=given.now).affair.standing.state == "persuading"


def test_an_entry_of_another_state_is_refused() -> None:
    given = a_scrap_heap().verified_onsite()

    refusal = given.writes(WORKER, "persuasion", result="ineffective").is_refused()

    assert isinstance(refusal, StepNotOpen)
    assert (refusal.step, refusal.because) == ("persuasion", "state")


def test_an_entry_by_another_role_is_refused() -> None:
    refusal = persuading().writes(STREET_OFFICER, "persuasion", result="effective").is_refused()

    assert isinstance(refusal, StepNotOpen)
    assert refusal.because == "role"


def test_an_unknown_entry_is_refused() -> None:
    refusal = persuading().writes(WORKER, "rating").is_refused()

    assert isinstance(refusal, NameUnknown)
    assert (refusal.what, refusal.key) == ("entry", "rating")


def test_an_entry_without_its_field_is_refused() -> None:
    refusal = persuading().writes(WORKER, "persuasion").is_refused()

    assert isinstance(refusal, FieldMissing)
    assert (refusal.step, refusal.field) == ("persuasion", "result")


def test_an_entry_with_a_strange_choice_is_refused() -> None:
    refusal = persuading().writes(WORKER, "persuasion", result="perhaps").is_refused()

    assert isinstance(refusal, FieldInvalid)


def test_what_is_missing_is_told_within_five_working_days() -> None:
    given = a_scrap_heap()

    in_time = given.writes(
        FRONT_DESK, "supplement_notice", "07-29 23:59", missing_list="照片"
    ).event()

    assert in_time.occurred_at == at("07-29 23:59")


def test_after_five_working_days_nothing_more_may_be_asked_for() -> None:
    refusal = (
        a_scrap_heap()
        .writes(FRONT_DESK, "supplement_notice", "07-30 00:00", missing_list="照片")
        .is_refused()
    )

    assert isinstance(refusal, StepNotOpen)
    assert refusal.because == "time_since_registered_at_most"


def test_what_is_missing_is_told_once() -> None:
    given = a_scrap_heap().entry(FRONT_DESK, "supplement_notice", missing_list="照片")

    refusal = given.writes(FRONT_DESK, "supplement_notice", missing_list="位置").is_refused()

    assert isinstance(refusal, StepNotOpen)
    assert refusal.because == "entries_fewer_than"
