"""Which affairs have to do with one another: only those by which something can be found."""

from __future__ import annotations

from uuid import UUID

from domain.affair.events import Merged, Registered, StepTaken
from domain.personal import Personal
from projections.relations import relations
from tests.projections.histories import Log
from tests.projections.memory import Memory

VISIT, OTHER, RESIDENT = UUID(int=7), UUID(int=8), UUID(int=9)


def test_what_came_from_somewhere_says_from_where() -> None:
    log = Log()
    affair = log.affair(origin_id=VISIT, applicant=None)

    row = Memory(relations, log.recorded).rows[(affair.id,)]

    assert (row.origin, row.subject, row.merged_into) == (VISIT, None, None)


def test_an_applicant_of_its_own_leads_nowhere_and_a_known_one_does() -> None:
    log = Log()
    known = log.affair(applicant=Personal(RESIDENT, sealed=b"x", origin="1/applicant"))
    own = UUID(int=0xA001)
    log.affair("CG-2011-0002", applicant=Personal(own, sealed=b"x", origin="1/applicant"))
    log.affair("CG-2011-0003", applicant=None)

    row = Memory(relations, log.recorded).only()

    assert (row.affair_id, row.subject) == (known.id, RESIDENT)


def test_what_was_merged_says_into_what_and_has_a_row_from_then_on() -> None:
    log = Log()
    affair = log.affair(applicant=None)
    before = Memory(relations, log.recorded).rows
    affair.then(Merged, "07-22 11:00", into=OTHER, left="onsite", to="terminated")

    assert before == {}
    assert Memory(relations, log.recorded).only().merged_into == OTHER


def test_no_step_touches_it() -> None:
    assert set(relations.handlers) == {Registered, Merged}
    assert StepTaken not in relations.handlers
