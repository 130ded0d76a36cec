"""Registration: what is asked, what is refused, what becomes of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from domain.affair import decide
from domain.affair.commands import NIL
from domain.affair.decide import SOURCES, WISHES
from domain.errors import FieldInvalid, Malformed, Refusal
from tests.builders.affairs import AFFAIR, FRIDAY, WORKER, a_scrap_heap, at, facts, registration


def refusal(**given: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        decide.register(registration(**given), facts(FRIDAY))
    return refused.value


def test_an_affair_begins_in_the_first_state_of_its_line() -> None:
    affair = a_scrap_heap().affair

    assert affair.standing.state == "registered"
    assert (affair.identity.line, affair.identity.matter) == ("CG", "CG01")
    assert affair.identity.accepted_at is None
    assert affair.standing.assignee == WORKER.account
    assert affair.standing.lead_unit == affair.identity.community
    assert affair.standing.level == "community"


def test_the_clock_of_acceptance_starts() -> None:
    (clock,) = a_scrap_heap().affair.clocks

    assert (clock.name, clock.due_at, clock.running) == ("acceptance", at("07-26 00:00"), True)


def test_what_names_people_is_personal_and_closed_in_print() -> None:
    (event,) = a_scrap_heap().events

    assert (event.summary.clear, event.applicant.clear) == ("小区门口堆放废品", "张桂芬")
    assert "张桂芬" not in repr(event)
    assert "13800001234" not in repr(event)


def test_what_is_left_out_is_none() -> None:
    (event,) = a_scrap_heap(applicant="", telephone="", address="").events

    assert (event.applicant, event.telephone, event.address) == (None, None, None)


def test_the_applicant_is_a_subject_of_their_own_the_affair_where_nobody_is_known() -> None:
    person = UUID(int=7)

    known, unknown = a_scrap_heap(subject=person), a_scrap_heap()

    assert known.affair.identity.subject == known.events[0].telephone.subject == person
    assert known.events[0].summary.subject == AFFAIR
    assert unknown.events[0].applicant.subject == AFFAIR


def test_where_it_came_from_is_kept() -> None:
    (event,) = a_scrap_heap(source="visit", origin_id=UUID(int=9)).events
    (from_the_hall,) = a_scrap_heap(source="hall").events

    assert (event.source, event.origin_id) == ("visit", UUID(int=9))
    assert from_the_hall.origin_id == NIL


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_is_accepted(source: str) -> None:
    assert a_scrap_heap(source=source).events[0].source == source


@pytest.mark.parametrize("wish", WISHES)
def test_every_wish_is_accepted(wish: str) -> None:
    assert a_scrap_heap(contact_wish=wish).affair.identity.contact_wish == wish


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("source", {"source": "pigeon"}),
        ("contact_wish", {"contact_wish": "maybe"}),
        ("summary", {"summary": ""}),
        ("summary", {"summary": " \u3000\n"}),
        ("matter", {"matter": "CG99"}),
    ],
)
def test_a_value_that_is_none_is_refused_by_name(field: str, given: dict[str, Any]) -> None:
    refused = refusal(**given)

    assert isinstance(refused, Malformed)
    assert refused.field == field


def test_the_fields_of_the_matter_are_read() -> None:
    (event,) = a_scrap_heap(record={"place": "116.99,36.63"}).events

    assert event.record.text("place") == "116.99,36.63"


@pytest.mark.parametrize("record", [{"place": "at the gate"}, {"colour": "red"}])
def test_a_record_of_another_shape_is_refused(record: dict[str, object]) -> None:
    assert isinstance(refusal(record=record), FieldInvalid)
