"""The limits of 民政救助, counted by hand from the calendars.

2011: 1 to 7 October off, 8 and 9 October worked. 2012: 22 to 28 January off, 29 January worked.
2025: 1 to 8 October off, 28 September and 11 October worked. 2026: 15 to 23 February off, 14 and
28 February worked; 4 to 6 April and 1 to 5 May off, 9 May worked.
"""

from datetime import timedelta

import pytest

from domain.clock import ClockKind
from domain.errors import FieldInvalid, StepNotOpen
from tests.builders.lived import moment
from tests.builders.relief import NEW, OLD, REMEDIES, Played, earlier, granted
from tests.workflows.scenes import PHOTO
from workflows.machine import CompiledLine


@pytest.mark.parametrize(
    ("line", "at", "due"),
    [
        # Thirty days: a plain end, one on a Sunday, in the holidays, in the Spring Festival.
        (OLD, "2011-07-25 14:00", "2011-08-24"),
        (OLD, "2011-07-15 09:00", "2011-08-15"),
        (OLD, "2011-09-05 09:00", "2011-10-08"),
        (OLD, "2011-12-23 09:00", "2012-01-29"),
        # Thirty working days: over Qingming, over National Day, over Spring Festival.
        (NEW, "2026-03-02 14:00", "2026-04-14"),
        (NEW, "2025-09-15 09:00", "2025-10-31"),
        (NEW, "2026-01-19 09:00", "2026-03-06"),
    ],
)
def test_the_whole_counts_from_acceptance(line: CompiledLine, at: str, due: str) -> None:
    told = Played(line).accepted(at)

    assert told.due("total") == due
    clock = told.now.clock("total")
    assert clock is not None
    assert clock.kind is ClockKind.TOTAL


@pytest.mark.parametrize(
    ("accepted", "due"),
    [("2026-03-02 14:00", "2026-05-08"), ("2026-03-04 09:00", "2026-05-11")],
)
def test_today_it_is_extended_by_fifteen_working_days_at_most(accepted: str, due: str) -> None:
    told = Played(NEW).accepted(accepted)
    more = {"clock": "total", "reason": "外地核实", "applicant_told": True}

    with pytest.raises(FieldInvalid) as refused:
        told.act("extend", "SL", "2026-03-20 09:00", count="16", **more)
    told.act("extend", "SL", "2026-03-20 09:00", count="15", **more)

    assert refused.value.field == "count"
    assert told.due("total") == due


def test_in_2011_nobody_extends_it() -> None:
    told = Played(OLD).accepted("2011-07-25 14:00")
    more = {"clock": "total", "count": "1", "reason": "外地核实", "applicant_told": True}

    with pytest.raises(FieldInvalid):
        told.act("extend", "SL", "2011-08-01 09:00", **more)


@pytest.mark.parametrize(
    ("line", "at", "due"),
    [
        (OLD, "2011-08-04 09:00", "2011-08-11"),
        # The seventh day is a Saturday, or lies in the holidays.
        (OLD, "2011-08-06 09:00", "2011-08-15"),
        (OLD, "2011-09-27 09:00", "2011-10-08"),
        (NEW, "2026-03-19 09:00", "2026-03-26"),
        (NEW, "2026-02-10 09:00", "2026-02-24"),
    ],
)
def test_a_notice_stands_seven_full_days(line: CompiledLine, at: str, due: str) -> None:
    told = Played(line).noticing(at)
    over = moment(f"{due} 00:00") + timedelta(days=1)

    with pytest.raises(StepNotOpen) as refused:
        told.step("B14", "SC", f"{over - timedelta(minutes=1):%Y-%m-%d %H:%M}")

    assert told.due("notice") == due
    assert refused.value.because == "notice_days_passed"
    assert told.step("B14", "SC", f"{over:%Y-%m-%d %H:%M}").now.standing.state == "submitted"


@pytest.mark.parametrize(
    ("line", "posted", "submitted", "due"),
    [
        # Submitted at once, or days after the notice has ended: the days count from its end.
        (OLD, "2011-08-04 09:00", "2011-08-12 09:00", "2011-08-25"),
        (OLD, "2011-08-04 09:00", "2011-08-19 09:00", "2011-08-25"),
        (OLD, "2011-09-27 09:00", "2011-10-09 09:00", "2011-10-20"),
        # The notice ends on Thursday 26 March; 27; 30 to 3 April are 6; 7 to 10 are 10.
        (NEW, "2026-03-19 09:00", "2026-03-27 09:00", "2026-04-10"),
        (NEW, "2026-03-19 09:00", "2026-04-08 09:00", "2026-04-10"),
        (NEW, "2026-02-10 09:00", "2026-02-25 09:00", "2026-03-09"),
    ],
)
def test_the_district_confirms_within_ten_working_days_after_the_notice(
    line: CompiledLine, posted: str, submitted: str, due: str
) -> None:
    told = Played(line).noticing(posted).step("B14", "SC", submitted)

    assert told.due("confirming") == due
    granted(told, submitted)
    assert told.stopped("confirming")


@pytest.mark.parametrize(
    ("line", "at", "due"),
    [
        (OLD, "2011-08-26 10:00", "2011-08-31"),
        (OLD, "2011-09-29 10:00", "2011-10-09"),
        (NEW, "2026-03-10 10:00", "2026-03-13"),
        (NEW, "2026-02-13 10:00", "2026-02-25"),
    ],
)
@pytest.mark.parametrize("step", ["B10", "B17"])
def test_a_refusal_is_told_in_three_working_days(
    line: CompiledLine, at: str, due: str, step: str
) -> None:
    told = Played(line)
    if step == "B10":
        told.proposed(at, "ineligible").step("B10", "SL", at, **REMEDIES)
    else:
        told.submitted(at).step("B17", "DL", at, **REMEDIES)

    assert told.due("refusal_told") == due
    told.entry("decision_told", "CW", at, means="in_person")
    assert told.stopped("refusal_told")


def test_a_cut_is_told_in_three_working_days_and_a_raise_needs_no_telling() -> None:
    cut = Played(NEW, "MZ05").submitted("2026-03-19 10:00", "cut")
    granted(cut, "2026-03-19 10:00", remedies_told=True)
    raised = granted(Played(NEW, "MZ05").submitted("2026-03-19 10:00", "raise"), "2026-03-19 10:00")

    assert cut.due("cut_told") == "2026-03-24"
    assert raised.now.clock("cut_told") is None


@pytest.mark.parametrize(
    ("line", "at", "due"),
    [
        (OLD, "2011-10-01 09:00", "2011-10-02 09:00"),
        (NEW, "2026-03-02 20:30", "2026-03-03 20:30"),
    ],
)
def test_urgent_aid_is_due_in_24_hours_from_when_it_was_called_urgent(
    line: CompiledLine, at: str, due: str
) -> None:
    later = earlier(at, hours=-12)
    called = Played(line, "MZ03").registered(at, urgent=True)
    found = Played(line, "MZ03").registered(earlier(at, hours=12))
    papers = {"materials_complete": True, "receipt": "7", "staff_relation": "none"}

    assert called.due("urgent_aid") == due
    # Accepted twelve hours later, it is due when it was.
    assert called.step("B1", "SC", later, urgent=True, **papers).due("urgent_aid") == due
    assert found.step("B1", "SC", at, urgent=True, **papers).due("urgent_aid") == due


@pytest.mark.parametrize(
    ("line", "at", "due"),
    [
        (OLD, "2011-09-29 09:00", "2011-10-18"),
        (NEW, "2026-03-03 09:10", "2026-03-17"),
        (NEW, "2026-02-12 09:00", "2026-03-04"),
    ],
)
def test_paperwork_follows_aid_in_ten_working_days(line: CompiledLine, at: str, due: str) -> None:
    told = Played(line, "MZ03").accepted(at, urgent=True)

    told.step("B3", "SL", at, amount="1500", street_ceiling="1500")

    assert told.stopped("urgent_aid")
    assert told.due("regularising") == due
    assert told.step("B4", "SC", at, papers=[PHOTO]).stopped("regularising")


@pytest.mark.parametrize(
    ("line", "granted_at", "at", "due"),
    [
        (OLD, "2011-08-26 09:00", "2011-08-29 10:00", "2011-09-13"),
        (NEW, "2026-03-26 09:00", "2026-03-30 10:00", "2026-04-21"),
    ],
)
def test_done_again_it_takes_half_the_time(
    line: CompiledLine, granted_at: str, at: str, due: str
) -> None:
    told = granted(Played(line).submitted(granted_at), granted_at)
    low = {"outcome": "reached", "rating": "1", "solved": "no", "finding": "rework_due"}
    told.act("return_visit", "FD", at, **low)

    told.step("X2", "SUP", at, reason="人口未算全")

    assert told.now.standing.state == "surveying"
    assert told.due("reopened") == due
