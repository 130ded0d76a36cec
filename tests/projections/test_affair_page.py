"""What the page of an affair shows beside its story."""

from __future__ import annotations

from uuid import UUID

from domain.affair import events as e
from domain.record import Kind
from projections.affair_page import AffairPageRow, Fact, JointTask, affair_page
from tests.projections.histories import (
    NIL,
    SANITATION,
    STREET,
    Case,
    Log,
    at,
    person,
    recorded,
    story,
)
from tests.projections.memory import Memory


def page_of(case: Case) -> AffairPageRow:
    page = Memory(affair_page, case.log.recorded).rows[(case.id,)]
    assert isinstance(page, AffairPageRow)
    return page


def test_the_story_is_told_by_its_facts() -> None:
    log = story()

    page = Memory(affair_page, log.recorded).only()

    assert (page.source, page.origin_id) == ("visit", log.recorded[0].stream_id)
    assert (page.state, page.level, page.lead_unit) == ("archived", "street", STREET)
    assert page.accepted_at == at("07-22 10:30")
    assert page.resolved_at == at("07-26 09:00")
    assert page.closed_at == at("07-27 10:01")
    assert (page.archived_at, page.retention) == (at("2012-06-15 10:00"), "10")
    assert page.line_version == "2011.2"
    assert page.joint == (JointTask(1, SANITATION, True),)
    assert (page.last_rating, page.last_solved, page.last_outcome) == (5, "yes", "reached")
    assert (page.first_rating, page.visits, page.attempts) == (5, 1, 0)
    assert page.facts == (
        Fact("location", "117.000923,36.675807"),
        Fact("arrived_at", "2011-07-22T02:20:00+00:00"),
        Fact("result", "ineffective"),
    )
    assert page.photos == (UUID(int=0xF0), UUID(int=0xF1), UUID(int=0xFA))


def test_a_new_page_says_no_more_than_the_registration() -> None:
    case = Log().affair(telephone=None, record=recorded(("place", Kind.TEXT, "南门")))

    page = page_of(case)

    assert (page.applicant, page.telephone) == (person("张敏", "1/applicant"), None)
    assert (page.origin_id, page.line_version) == (NIL, "2011.1")
    assert (page.accepted_at, page.resolved_at, page.closed_at) == (None, None, None)
    assert (page.last_rating, page.first_rating, page.visits) == (0, 0, 0)
    assert page.facts == (Fact("place", "南门"),)


def test_the_latest_value_of_a_fact_is_shown_and_no_personal_one() -> None:
    case = Log().affair(record=recorded(("grade", Kind.CHOICE, "blue")))

    case.then(
        e.EntryRecorded,
        "07-22 11:00",
        entry="look",
        record=recorded(
            ("grade", Kind.CHOICE, "red"),
            ("note", Kind.NOTE, person("王某堆放")),
            ("danger", Kind.FLAG, True),
        ),
    )

    assert page_of(case).facts == (Fact("grade", "red"), Fact("danger", "yes"))


def test_acceptance_is_the_first_and_pins_the_version() -> None:
    case = Log().affair().accepted().step("G10", "onsite", "07-23 09:00", marks=("accepted",))
    page = page_of(case)
    assert (page.accepted_at, page.line_version) == (at("07-22 10:30"), "2011.2")

    case.then(
        e.ProcedureMigrated,
        "08-01 09:00",
        from_version="2011.2",
        to_version="2012.1",
        state="onsite",
    )
    assert page_of(case).line_version == "2012.1"


def test_a_reopened_affair_is_neither_resolved_nor_closed_but_keeps_its_ratings() -> None:
    case = Log().affair().accepted().resolved("07-26 09:00").missed("07-27 09:00")
    case.asked("07-27 19:00", 1, solved="no", finding="rework_due").reopened("07-28 09:00")

    page = page_of(case)
    assert (page.resolved_at, page.closed_at, page.attempts) == (None, None, 0)
    assert (page.first_rating, page.last_rating, page.last_finding) == (1, 1, "rework_due")
    assert page.visits == 2

    case.step("G17", "dispatched", "07-29 09:00", action="rework").resolved("07-30 09:00")
    case.asked("07-31 09:00", 4)

    page = page_of(case)
    assert (page.reworks, page.first_rating, page.last_rating) == (1, 1, 4)
    assert page.resolved_at == at("07-30 09:00")


def test_a_merged_affair_says_where_it_goes_on() -> None:
    other = UUID(int=0xA777)

    page = page_of(Log().affair().then(e.Merged, "07-23 09:00", into=other, to="terminated"))

    assert (page.merged_into, page.closed_at, page.open) == (other, at("07-23 09:00"), False)


def test_questions_and_orders_stand_until_they_are_answered() -> None:
    case = Log().affair()
    for question in ("means_check", "opinion"):
        case.then(e.AnswerRequested, "07-23 09:00", question=question, unit=STREET)
    case.then(e.Supervised, "07-23 10:00", order=1)
    page = page_of(case)
    assert page.questions == ("means_check", "opinion")
    assert (page.orders, page.orders_answered) == (1, 0)

    case.then(e.AnswerReceived, "07-24 09:00", question="means_check")
    case.then(e.SupervisionAnswered, "07-24 10:00", order=1)
    page = page_of(case)
    assert page.questions == ("opinion",)
    assert (page.orders, page.orders_answered) == (1, 1)


def test_a_corrected_registration_is_shown_sealed() -> None:
    right = person("13900005678")

    page = page_of(
        Log()
        .affair()
        .then(
            e.Corrected,
            "07-25 09:00",
            of_version=1,
            record=recorded(("telephone", Kind.PERSON, right), ("area", Kind.UNIT, "x")),
        )
    )

    assert page.telephone == right
    assert page.applicant == person("张敏", "1/applicant")


def test_who_was_recused_stays_so_and_a_proposal_waits_for_a_person() -> None:
    case = Log().affair()
    case.then(e.Recused, "07-25 09:00", account="linxiaohe", ground="relatives")
    case.then(e.Recused, "07-25 09:10", account="zhenglan", ground="other")
    case.then(e.SupervisionProposed, "07-25 09:20", by="luocheng")

    page = page_of(case.then(e.Supervised, "07-25 10:00", order=1, clock="stage"))
    assert page.recused == ("linxiaohe", "zhenglan")
    assert page.proposed_by == "luocheng"

    assert page_of(case.then(e.Supervised, "07-25 11:00", order=2, clock="")).proposed_by == ""
