"""Corrections: which event they name, what of it, and whose the corrected values are."""

from __future__ import annotations

import pytest

from domain.affair.events import Corrected
from domain.errors import FieldInvalid, NotPermittedNow
from domain.personal import Personal
from tests.builders.affairs import (
    AFFAIR,
    ANOTHER,
    DIRECTOR,
    SANITATION,
    WORKER,
    Case,
    a_scrap_heap,
    at,
)


def onsite() -> Case:
    return a_scrap_heap().verified_onsite()


def test_a_correction_leaves_the_wrong_record_and_shows_the_right_one() -> None:
    given = onsite()

    after = given.act(WORKER, "correct", of_version="2", why="记成了北门", place="116.9,36.6")

    assert isinstance(after.events[-1], Corrected)
    assert after.events[-1].of_version == 2
    assert after.events[: len(given.events)] == given.events
    assert (given.affair.facts["place"], after.affair.facts["place"]) == (
        "116.99217,36.63458",
        "116.9,36.6",
    )


@pytest.mark.parametrize("version", ["0", "1.5", "-1", "two"])
def test_a_correction_names_a_version(version: str) -> None:
    refusal = onsite().does(WORKER, "correct", of_version=version, why="记错").is_refused()

    assert isinstance(refusal, FieldInvalid)
    assert refusal.field == "of_version"


@pytest.mark.parametrize("version", ["3", "4"])
def test_a_correction_names_an_event_that_is_there_and_holds_a_record(version: str) -> None:
    warned = onsite().expires("onsite", "yellow", "07-25 20:00").happened()
    given = onsite().given(*warned, now=at("07-25 20:00"))

    refusal = given.does(WORKER, "correct", of_version=version, why="记错").is_refused()

    assert isinstance(refusal, FieldInvalid)
    assert refusal.because == "an event of this affair that holds a record"


def test_a_correction_is_not_corrected_but_its_event_once_more() -> None:
    given = onsite().act(WORKER, "correct", of_version="2", why="记成了北门", place="116.9,36.6")

    refusal = given.does(WORKER, "correct", of_version="3", why="记错", place="1,1").is_refused()
    again = given.act(WORKER, "correct", of_version="2", why="又错了", place="116.8,36.6")

    assert isinstance(refusal, FieldInvalid)
    assert again.affair.facts["place"] == "116.8,36.6"


def test_a_correction_names_what_its_event_could_hold() -> None:
    wrong = onsite().does(WORKER, "correct", of_version="2", why="记错", category="rubble")
    missing = onsite().act(WORKER, "correct", of_version="2", why="漏记", note="东侧还有一堆")

    refusal = wrong.is_refused()
    assert isinstance(refusal, FieldInvalid)
    assert (refusal.field, refusal.because) == ("category", "not recorded by that event")
    assert missing.events[-1].record.get("note") == Personal(AFFAIR, clear="东侧还有一堆")


def test_a_correction_of_nothing_is_none() -> None:
    refusal = onsite().does(WORKER, "correct", of_version="2", why="记错").is_refused()

    assert isinstance(refusal, NotPermittedNow)
    assert refusal.because == "nothing to correct is named"


def test_an_entry_and_an_action_are_corrected_by_their_own_fields() -> None:
    given = onsite().act(DIRECTOR, "refer", unit=SANITATION, reason="归环卫")

    assert given.does(WORKER, "correct", of_version="3", why="记错", reason="归物业").happened()
    assert given.does(WORKER, "correct", of_version="3", why="记错", place="1,1").is_refused()


def test_what_stands_beside_the_record_of_a_registration_stays_with_its_person() -> None:
    right = {"summary": "南门外堆放废品", "telephone": "13900005678", "address": "2号楼"}
    given = a_scrap_heap(subject=ANOTHER)

    after = given.act(WORKER, "correct", of_version="1", why="记错", **right)

    record = after.events[-1].record
    assert record.get("summary") == Personal(AFFAIR, clear="南门外堆放废品")
    assert record.get("telephone") == Personal(ANOTHER, clear="13900005678")
    assert record.get("address") == Personal(ANOTHER, clear="2号楼")
    assert not set(right) & set(after.affair.facts)


def test_what_stands_beside_a_registration_belongs_to_no_other_event() -> None:
    refusal = onsite().does(WORKER, "correct", of_version="2", why="记错", telephone="1")

    assert isinstance(refusal.is_refused(), FieldInvalid)
