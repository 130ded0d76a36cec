"""Registration: what is asked, what is refused, what becomes of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from domain.affair import decide
from domain.affair.commands import NIL
from domain.affair.decide import SOURCES, WISHES
from domain.errors import FieldInvalid, FieldMissing, Malformed, Refusal
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
    told = {clock.name: clock.due_at for clock in a_scrap_heap().affair.clocks if clock.running}

    assert told == {"acceptance": at("07-26 00:00"), "deemed": at("07-30 00:00")}


def test_what_names_people_is_personal_and_closed_in_print() -> None:
    (event,) = a_scrap_heap().events

    assert (event.summary.clear, event.applicant.clear) == ("小区门口堆放废品", "张桂芬")
    assert "张桂芬" not in repr(event)
    assert "13800001234" not in repr(event)


def test_what_is_left_out_is_none() -> None:
    (event,) = a_scrap_heap(contact_wish="none", applicant="", telephone="", address="").events

    assert (event.applicant, event.telephone, event.address) == (None, None, None)


@pytest.mark.parametrize(
    "given",
    [
        {"telephone": "13800001234"},
        {"address": "2号楼"},
        {"origin_id": UUID(int=7)},
        {"subject": UUID(int=7)},
    ],
)
def test_who_may_be_contacted_can_be_reached(given: dict[str, Any]) -> None:
    unreached: dict[str, Any] = {"telephone": "", "address": " "}
    with pytest.raises(Malformed) as refused:
        a_scrap_heap(**unreached)

    assert refused.value.field == "telephone"
    assert a_scrap_heap(**unreached | given).events


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (
            {"applicant": "", "record": {"filed_on_behalf": True, "behalf_ground": "卧床"}},
            "applicant",
        ),
        ({"record": {"filed_on_behalf": True}}, "behalf_ground"),
        ({"record": {"filed_on_behalf": "yes", "behalf_ground": " "}}, "behalf_ground"),
    ],
)
def test_who_files_for_somebody_says_for_whom_and_why(given: dict[str, Any], missing: str) -> None:
    with pytest.raises(FieldMissing) as refused:
        a_scrap_heap(**given)

    assert refused.value.field == missing


@pytest.mark.parametrize(
    "given",
    [
        {"record": {"filed_on_behalf": True, "behalf_ground": "卧床"}},
        {"record": {"filed_on_behalf": False}},
        {"contact_wish": "anonymous", "record": {"filed_on_behalf": True, "behalf_ground": "受托"}},
    ],
)
def test_who_says_so_or_files_for_nobody_else_registers(given: dict[str, Any]) -> None:
    assert a_scrap_heap(**given).events


@pytest.mark.parametrize(
    "given", [{"applicant": "张桂芬"}, {"telephone": "13800001234"}, {"address": "2号楼"}]
)
def test_who_wishes_to_be_unknown_is_not_written_down(given: dict[str, Any]) -> None:
    (event,) = a_scrap_heap(contact_wish="anonymous").events

    with pytest.raises(Malformed) as refused:
        a_scrap_heap(contact_wish="anonymous", **given)

    assert [refused.value.field] == list(given)
    assert (event.applicant, event.telephone, event.address) == (None, None, None)


@pytest.mark.parametrize(
    "telephone",
    [
        "13800001234",
        "19912345678",
        "138 0000 1234",
        "138-0000-1234",
        "+8613800001234",
        "+86 138 0000 1234",
        "86-13800001234",
        "008613800001234",
        "0531-82345678",
        "053182345678",
        "0531 8234 5678",
        "(0531)82345678",
        "82345678",
        "8234-5678",
        "0543-3256789",
        "010-62345678",
        "021 62345678",
        "+86-531-82345678",
        "+86 (0531) 82345678",
        "0531-82345678-801",
        "0531-82345678转801",
        "82345678 ext. 12",
    ],
)
def test_a_telephone_is_a_mobile_or_a_landline_as_it_is_told(telephone: str) -> None:
    (event,) = a_scrap_heap(telephone=telephone).events

    assert event.telephone.clear == telephone


@pytest.mark.parametrize(
    "telephone",
    [
        "none",
        "—",
        "没有",
        " ",
        "1",
        "门卫室2号",
        "110",
        "12345",
        "400-810-1234",
        "12345678",
        "02345678",
        "12800001234",
        "1380000123",
        "138000012345",
        "138 0000 1234 转 8",
        "0138-2345678",
        "531-82345678",
        "(0531-82345678",
        "0531)82345678",
        "0531--82345678",
        "0531-82345678-",
        "0531-82345678-1234567",
        "0531-1234567",
        "+85291234567",
        "13800001234 13900005678",
        "13800001234/13900005678",
        "13800001234\n",
        "13800001234 ",
        "１３８００００１２３４",
        "٠٥٣١٨٢٣٤٥٦٧٨",
        "11010519491231002X",
        "+86",
    ],
)
def test_what_is_no_number_of_a_household_is_no_telephone(telephone: str) -> None:
    with pytest.raises(Malformed) as refused:
        a_scrap_heap(telephone=telephone)

    assert refused.value.field == "telephone"
    assert "0531-82345678" in refused.value.because


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
