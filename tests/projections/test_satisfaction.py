"""How affairs count: every measure by its day."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from domain.affair import events as e
from domain.clock import ClockKind
from projections.satisfaction import affair_facts
from tests.projections.histories import (
    AREA,
    COMMUNITY,
    SANITATION,
    STREET,
    Case,
    Log,
    change,
    stopped,
    story,
)
from tests.projections.memory import Memory


def measured(case: Case) -> dict[str, dict[str, int]]:
    return Memory(affair_facts, case.log.recorded).measured()


def sums(case: Case) -> dict[str, int]:
    return Memory(affair_facts, case.log.recorded).sums()


def test_the_story_counts_as_the_domain_reference_says() -> None:
    assert Memory(affair_facts, story().recorded).measured() == {
        "volume": {"2011-07-22": 1},
        "accepted": {"2011-07-22": 1},
        "accepted_ended": {"2011-07-22": 1},
        "accepted_referred": {"2011-07-22": 1},
        "due": {"2011-07-26": 1},
        "on_time": {"2011-07-26": 1},
        "visit_due": {"2011-07-29": 1},
        "visit_made": {"2011-07-29": 1},
        "rated": {"2011-07-27": 1},
        "satisfied": {"2011-07-27": 1},
        "first_rated": {"2011-07-27": 1},
        "first_satisfied": {"2011-07-27": 1},
        "resolved": {"2011-07-26": 1},
        "handled_count": {"2011-07-26": 1},
        "handled_days": {"2011-07-26": 2},
    }


def test_a_count_belongs_to_line_and_area_or_else_to_the_community() -> None:
    log = Log()
    log.affair("CG-2011-0001").accepted()
    log.affair("MZ-2011-0001", area="").accepted()

    tally = Memory(affair_facts, log.recorded).tally

    assert tally["volume", "2011-07-22", "CG", AREA] == 1
    assert tally["volume", "2011-07-22", "MZ", COMMUNITY] == 1


def test_an_affair_that_was_never_accepted_counts_nowhere() -> None:
    case = Log().affair(clocks=(change("acceptance", due="07-26 00:00"),))
    case.step("M6", "diverted", "07-23 09:00").resolved("07-25 09:00", None).asked("07-26 09:00", 1)

    assert measured(case) == {}


def test_reopening_adds_nothing_to_the_volume() -> None:
    case = Log().affair().accepted().resolved("07-26 09:00").asked("07-27 09:00", 2)

    case.reopened("07-28 09:00").step("G10", "onsite", "07-29 09:00", marks=("accepted",))

    assert measured(case)["volume"] == {"2011-07-22": 1}


@pytest.mark.parametrize(
    "leave",
    [
        lambda case: case.step("X8", "withdrawn", "07-28 09:00"),
        lambda case: case.step("G0", "not_accepted", "07-28 09:00"),
        lambda case: case.then(e.Merged, "07-28 09:00", into=UUID(int=9), to="terminated"),
    ],
    ids=["withdrawn", "not accepted", "merged"],
)
def test_what_is_outside_counts_in_the_volume_alone(leave: Callable[[Case], Case]) -> None:
    case = Log().affair(clocks=(change("stage", due="07-26 00:00"),)).accepted()
    case.resolved("07-26 09:00", clocks=(stopped("stage"),)).asked("07-27 09:00", 2)
    case.reopened("07-27 11:00")

    leave(case)

    assert measured(case) == {"volume": {"2011-07-22": 1}}


@pytest.mark.parametrize(
    "went_on",
    [
        lambda case: case.then(e.Referred, "07-25 09:00", unit=STREET),
        lambda case: case.then(e.Escalated, "07-25 09:00", level="street", unit=STREET),
        lambda case: case.step("G8", "filed", "07-25 09:00", level="street"),
        lambda case: case.step("M3", "forwarded", "07-25 09:00", marks=("referred",)),
    ],
    ids=["offered", "escalated", "moved to the street", "marked"],
)
def test_what_leaves_the_community_is_referred(went_on: Callable[[Case], Case]) -> None:
    counted = sums(went_on(Log().affair().accepted()))

    assert counted["accepted_referred"] == 1
    assert "accepted_single_handed" not in counted


def test_a_unit_of_the_same_community_is_no_referral_out_of_it() -> None:
    counted = sums(Log().affair().accepted().then(e.Referred, "07-25 09:00", unit=AREA))

    assert "accepted_referred" not in counted
    assert counted["accepted_single_handed"] == 1


def test_joint_work_is_neither_referred_nor_single_handed() -> None:
    case = Log().affair().accepted()
    assert sums(case)["accepted_single_handed"] == 1

    counted = sums(case.then(e.JointOpened, "07-22 11:00", task=1, unit=SANITATION))

    assert "accepted_single_handed" not in counted
    assert "accepted_referred" not in counted


def test_an_affair_has_ended_with_its_first_clock_stop_and_stays_so() -> None:
    case = Log().affair("LB-2011-0001").accepted()
    assert "accepted_ended" not in sums(case)

    case.step("C3", "in_service", "07-25 09:00", marks=("clock_stop",), handled_days_working=1)
    assert sums(case)["accepted_ended"] == 1
    assert "resolved" not in sums(case)

    case.resolved("08-25 09:00", None).asked("08-26 09:00", 1).reopened("08-27 09:00")
    assert sums(case)["accepted_ended"] == 1
    assert measured(case)["handled_days"] == {"2011-07-25": 1}


def test_a_terminated_affair_has_ended() -> None:
    case = Log().affair().accepted().step("X9", "terminated", "07-26 09:00", handled_days_working=2)

    assert sums(case)["accepted_ended"] == 1
    assert measured(case)["handled_count"] == {"2011-07-26": 1}


def test_an_instant_affair_was_handled_once_in_no_days() -> None:
    case = Log().affair()
    case.step("E15", "resolved", "07-22 10:10", marks=("accepted",), handled_days_working=0)

    counted = sums(case)

    assert counted["handled_count"] == 1
    assert "handled_days" not in counted
    assert "due" not in counted


def test_the_last_rating_of_the_latest_round_speaks_for_the_affair() -> None:
    case = Log().affair().accepted().resolved("07-26 09:00").asked("07-27 09:00", 1)
    found = measured(case)
    assert found["rated"] == {"2011-07-27": 1}
    assert "satisfied" not in found

    case.reopened("07-28 09:00")
    assert "rated" not in measured(case)
    assert measured(case)["first_rated"] == {"2011-07-27": 1}

    case.resolved("08-01 09:00").asked("08-02 09:00", 3)
    found = measured(case)
    assert found["rated"] == found["satisfied"] == {"2011-08-02": 1}
    assert found["first_rated"] == {"2011-07-27": 1}
    assert "first_satisfied" not in found
    assert found["resolved"] == {"2011-07-26": 1, "2011-08-01": 1}
    assert found["reopened"] == {"2011-07-28": 1}


def test_each_round_has_its_visit() -> None:
    case = Log().affair().accepted().resolved("07-26 09:00").asked("07-27 09:00", 1)
    case.reopened("07-28 09:00").resolved("08-01 09:00")

    found = measured(case)

    assert found["visit_due"] == {"2011-07-29": 1, "2011-08-04": 1}
    assert found["visit_made"] == {"2011-07-29": 1}


def test_an_attempt_is_no_visit_until_the_affair_is_closed_for_it() -> None:
    case = Log().affair().accepted().resolved("07-26 09:00")
    for day in ("07-27 09:00", "07-28 19:00", "07-29 09:00"):
        case.missed(day)
    assert "visit_made" not in measured(case)
    assert "unreachable" not in measured(case)

    case.step("X4", "closed", "07-30 09:00")
    found = measured(case)
    assert found["visit_made"] == {"2011-07-29": 1}
    assert found["unreachable"] == {"2011-07-30": 1}
    assert "rated" not in found


def test_a_refused_visit_is_made_but_neither_rated_nor_unreachable() -> None:
    case = Log().affair().accepted().resolved("07-26 09:00").missed("07-27 09:00", "refused")

    found = measured(case.step("X4", "closed", "07-27 09:10"))

    assert found["visit_made"] == {"2011-07-29": 1}
    assert "unreachable" not in found
    assert "rated" not in found


def test_an_exempt_visit_is_not_due() -> None:
    case = Log().affair(contact_wish="anonymous").accepted().resolved("07-26 09:00")

    found = measured(case.step("X5", "closed", "07-26 09:01"))

    assert "visit_due" not in found
    assert "visit_made" not in found
    assert found["resolved"] == {"2011-07-26": 1}


def test_a_service_is_visited_twice_but_rated_once() -> None:
    visit = change("return_visit", due="07-30 00:00", kind=ClockKind.PROMISE)
    case = Log().affair("YL-2011-0001").accepted()
    case.step(
        "K12",
        "serving",
        "07-26 09:00",
        marks=("clock_stop",),
        handled_days_working=2,
        clocks=(visit,),
    )
    case.asked("07-27 09:00", 4).resolved("11-20 09:00", None).asked("11-21 09:00", 2)

    found = measured(case)

    assert found["visit_due"] == found["visit_made"] == {"2011-07-29": 1, "2011-11-23": 1}
    assert found["rated"] == {"2011-11-21": 1}
    assert found["first_satisfied"] == {"2011-07-27": 1}
    assert "satisfied" not in found


def test_a_visit_whose_clock_starts_anew_before_it_is_made_only_moves() -> None:
    case = Log().affair().accepted().resolved("07-26 09:00").missed("07-27 09:00")

    case.then(
        e.EntryRecorded,
        "07-28 09:00",
        entry="agreed",
        clocks=(change("return_visit", due="08-03 00:00", kind=ClockKind.PROMISE),),
    )

    assert measured(case)["visit_due"] == {"2011-08-02": 1}
