"""What the worklist shows of an affair, event by event."""

from __future__ import annotations

import pytest

from domain.affair import events as e
from domain.clock import ClockKind
from domain.record import Kind
from projections.standing import RunningClock
from projections.worklist import WorklistRow, worklist
from tests.projections.histories import (
    COMMUNITY,
    NIL,
    SANITATION,
    STREET,
    ZHANG,
    Case,
    Log,
    at,
    change,
    person,
    recorded,
    stopped,
    story,
)
from tests.projections.memory import Memory


def row_of(case: Case) -> WorklistRow:
    row = Memory(worklist, case.log.recorded).rows[(case.id,)]
    assert isinstance(row, WorklistRow)
    return row


def test_a_new_affair_is_open_and_its_community_leads() -> None:
    case = Log().affair(clocks=(change("acceptance", due="07-26 00:00"),))

    row = row_of(case)

    assert (row.affair_id, row.number, row.line, row.matter) == (
        case.id,
        "CG-2011-0001",
        "CG",
        "CG01",
    )
    assert row.open
    assert (row.state, row.entered_at, row.last_at) == (
        "registered",
        at("07-22 10:05"),
        at("07-22 10:05"),
    )
    assert (row.level, row.lead_unit, row.assignee) == ("community", COMMUNITY, "linxiaohe")
    assert (row.due_at, row.due_clock) == (at("07-26 00:00"), "acceptance")
    assert (row.subject, row.summary) == (ZHANG, person("废品堆在大门口"))
    assert (row.version, row.position, row.round) == (1, 1, 0)
    assert not row.to_visit


def test_nobody_named_is_no_subject() -> None:
    assert row_of(Log().affair(applicant=None)).subject is None


def test_the_story_ends_archived_at_the_street_with_nothing_due() -> None:
    (row,) = Memory(worklist, story().recorded).rows.values()

    assert (row.state, row.open, row.level, row.lead_unit) == ("archived", False, "street", STREET)
    assert (row.due_at, row.due_clock, row.clocks, row.units) == (None, "", (), ())
    assert (row.version, row.last_at) == (14, at("2012-06-15 10:00"))


@pytest.mark.parametrize("end", ["closed", "not_accepted", "withdrawn", "terminated"])
def test_an_ended_affair_leaves_the_lists_but_keeps_its_row(end: str) -> None:
    row = row_of(Log().affair().step("X8", end, "07-23 09:00"))

    assert (row.state, row.open) == (end, False)


def test_a_merged_affair_is_shut() -> None:
    other = Log().affair().id

    row = row_of(Log().affair().then(e.Merged, "07-23 09:00", into=other, to="terminated"))

    assert (row.state, row.open) == ("terminated", False)


def test_a_reopened_affair_is_open_again_and_not_to_visit() -> None:
    case = Log().affair().accepted().resolved("07-26 09:00").step("X3", "closed", "07-28 09:00")

    row = row_of(case.reopened("08-01 09:00", step="X6"))

    assert (row.open, row.state, row.round) == (True, "dispatched", 1)
    assert row.entered_at == at("08-01 09:00")
    assert not row.to_visit


def test_the_earliest_running_clock_is_due_but_never_a_timer() -> None:
    case = Log().affair(
        clocks=(
            change("whole", due="08-20 00:00", kind=ClockKind.TOTAL),
            change("stage", due="07-26 00:00"),
            change("renewal", due="07-24 00:00", kind=ClockKind.TIMER),
        )
    )
    assert row_of(case).due_clock == "stage"

    case.step("G2", "next", "07-25 09:00", clocks=(stopped("stage"),))

    row = row_of(case)
    assert (row.due_clock, row.due_at) == ("whole", at("08-20 00:00"))
    assert row.clocks == (
        RunningClock("whole", "total", at("08-20 00:00"), at("08-19 00:00"), False),
        RunningClock("renewal", "timer", at("07-24 00:00"), at("07-23 00:00"), False),
    )


def test_a_suspended_affair_has_nothing_due_until_it_is_resumed() -> None:
    case = Log().affair(clocks=(change("stage", due="07-26 00:00"),))
    case.then(e.Suspended, "07-25 09:00", clocks=(change("stage", "paused"),))

    row = row_of(case)
    assert (row.suspended, row.due_at, row.clocks) == (True, None, ())

    case.then(
        e.Resumed,
        "07-28 09:00",
        days_working=3,
        clocks=(change("stage", "resumed", "07-29 00:00", calendar="2011.1?"),),
    )

    row = row_of(case)
    assert (row.suspended, row.due_at) == (False, at("07-29 00:00"))
    assert row.clocks[0].provisional


def test_an_extension_moves_the_day() -> None:
    case = Log().affair(clocks=(change("stage", due="07-26 00:00"),))

    case.then(
        e.Extended,
        "07-25 09:00",
        clock="stage",
        clocks=(change("stage", "extended", "08-02 00:00"),),
    )

    assert row_of(case).due_at == at("08-02 00:00")


def test_a_referral_is_open_until_it_is_signed_in_or_refused() -> None:
    case = Log().affair().then(e.Referred, "07-25 09:00", unit=STREET)
    row = row_of(case)
    assert (row.referral, row.units, row.lead_unit) == (STREET, (STREET,), COMMUNITY)

    case.then(e.ReferralRefused, "07-25 10:00", unit=STREET)
    row = row_of(case)
    assert (row.referral, row.units, row.lead_unit) == ("", (), COMMUNITY)

    case.then(e.Referred, "07-25 11:00", unit=STREET).then(e.SignedIn, "07-25 12:00", unit=STREET)
    row = row_of(case)
    assert (row.referral, row.units, row.lead_unit) == ("", (), STREET)


def test_a_referral_lapses_when_the_affair_is_resolved_or_ends() -> None:
    def referred() -> Case:
        return Log().affair().then(e.Referred, "07-25 09:00", unit=STREET)

    going_on = row_of(referred().step("G4", "persuading", "07-25 10:00"))
    assert (going_on.referral, going_on.units) == (STREET, (STREET,))
    for ended in (
        referred().resolved("07-25 10:00"),
        referred().step("X9", "terminated", "07-25 10:00"),
        referred().then(e.Merged, "07-25 10:00", into=NIL, left="registered", to="terminated"),
    ):
        row = row_of(ended)
        assert (row.referral, row.units, row.lead_unit) == ("", (), COMMUNITY)


def test_a_unit_stays_assigned_while_one_of_its_tasks_is_open() -> None:
    case = Log().affair()
    for task in (1, 2):
        case.then(e.JointOpened, "07-22 11:00", task=task, unit=SANITATION)

    case.then(e.JointDone, "07-22 16:00", task=1, unit=SANITATION)
    assert row_of(case).units == (SANITATION,)

    case.then(e.JointDone, "07-22 17:00", task=2, unit=SANITATION)
    assert row_of(case).units == ()


def test_an_escalation_moves_level_and_lead() -> None:
    row = row_of(Log().affair().then(e.Escalated, "07-25 09:00", level="street", unit=STREET))

    assert (row.level, row.lead_unit) == ("street", STREET)


def test_a_resolved_affair_is_to_be_visited_until_somebody_was_reached_or_refused() -> None:
    case = Log().affair().accepted().resolved("07-26 09:00")
    assert row_of(case).to_visit
    assert row_of(case).due_clock == "return_visit"

    case.missed("07-27 09:00")
    assert row_of(case).to_visit

    case.missed("07-28 19:00", "refused")
    assert not row_of(case).to_visit


def test_a_service_is_visited_when_it_starts_and_again_when_it_ends() -> None:
    visit = change("return_visit", due="07-30 00:00", kind=ClockKind.PROMISE)
    case = Log().affair("YL-2011-0001").accepted()
    case.step("K12", "serving", "07-26 09:00", marks=("clock_stop",), clocks=(visit,))
    assert row_of(case).to_visit

    case.asked("07-27 09:00").step("K15", "paused", "08-20 09:00")
    assert not row_of(case).to_visit

    case.resolved("11-20 09:00", None)
    assert row_of(case).to_visit


def test_a_matter_without_return_visits_owes_none() -> None:
    case = Log().affair().accepted().step("G16", "resolved", "07-26 09:00")

    assert not row_of(case).to_visit


def test_what_goes_back_to_work_unvisited_is_not_to_be_visited() -> None:
    case = Log().affair().accepted().resolved("07-26 09:00")

    assert not row_of(case.reopened("07-27 09:00")).to_visit


@pytest.mark.parametrize("wish", ["anonymous", "none", "deceased", "no_reply"])
def test_who_may_not_be_asked_is_not_to_be_visited(wish: str) -> None:
    case = Log().affair(contact_wish=wish).accepted().resolved("07-26 09:00")

    assert not row_of(case).to_visit


def test_a_visit_clock_that_starts_as_the_affair_shuts_is_owed_to_nobody() -> None:
    visit = change("return_visit", due="07-30 00:00", kind=ClockKind.PROMISE)
    case = Log().affair().step("X9", "terminated", "07-26 09:00", clocks=(visit,))

    assert not row_of(case).to_visit


def test_closing_unreachable_ends_the_visits() -> None:
    case = Log().affair().accepted().resolved("07-26 09:00").missed("07-27 09:00")

    assert not row_of(case.step("X4", "closed", "07-30 09:00")).to_visit


def test_what_is_noted_moves_time_and_version_and_no_state() -> None:
    case = Log().affair().then(e.Reminded, "07-25 09:00").then(e.Supervised, "07-25 09:00", order=1)

    row = row_of(case)

    assert (row.state, row.entered_at) == ("registered", at("07-22 10:05"))
    assert (row.last_at, row.version, row.position) == (at("07-25 09:00"), 3, 3)


def test_a_correction_of_the_registration_is_shown() -> None:
    right = person("废品堆在南门外")
    case = Log().affair()

    case.then(
        e.Corrected, "07-25 09:00", of_version=2, record=recorded(("summary", Kind.NOTE, right))
    )
    assert row_of(case).summary == person("废品堆在大门口")

    case.then(
        e.Corrected, "07-25 09:10", of_version=1, record=recorded(("summary", Kind.NOTE, right))
    )
    assert row_of(case).summary == right


def test_a_migration_moves_the_state_only_where_it_says_another() -> None:
    case = Log().affair().accepted()
    versions = {"from_version": "2011.2", "to_version": "2012.1"}

    case.then(e.ProcedureMigrated, "08-01 09:00", state="onsite", **versions)
    assert row_of(case).entered_at == at("07-22 10:30")

    case.then(e.ProcedureMigrated, "08-02 09:00", state="verifying", **versions)
    assert (row_of(case).state, row_of(case).entered_at) == ("verifying", at("08-02 09:00"))


def test_it_is_assigned_since_its_registration_and_anew_since_then() -> None:
    case = Log().affair()
    row = row_of(case)
    assert (row.assignee, row.assigned_at) == ("linxiaohe", at("07-22 10:05"))

    row = row_of(case.then(e.Assigned, "07-25 09:00", account="suqing"))

    assert (row.assignee, row.assigned_at) == ("suqing", at("07-25 09:00"))
    nobody = row_of(Log().affair(assignee=""))
    assert (nobody.assignee, nobody.assigned_at) == ("", None)


def test_an_assignment_ends_with_another_lead_the_recusal_or_the_affair() -> None:
    def left(event: type, **given: object) -> tuple[str, object]:
        case = Log().affair().then(e.Assigned, "07-25 09:00", account="suqing")
        row = row_of(case.then(event, "07-25 10:00", **given))
        return row.assignee, row.assigned_at

    still = ("suqing", at("07-25 09:00"))
    assert left(e.SignedIn, unit=SANITATION) == ("", None)
    assert left(e.SignedIn, unit=COMMUNITY) == still
    assert left(e.Escalated, level="street", unit=STREET) == ("", None)
    assert left(e.Recused, account="suqing", ground="other") == ("", None)
    assert left(e.Recused, account="linxiaohe", ground="other") == still
    assert left(e.Merged, into=NIL, left="registered", to="terminated") == ("", None)
    assert left(e.Reminded) == still
