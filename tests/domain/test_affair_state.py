"""Replay: what a state keeps, who counts as a handler, and that evolve never says no."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import pytest

from domain.affair.events import ProcedureMigrated, Warned
from domain.affair.evolve import evolve, facts_of, project
from domain.personal import Personal
from domain.record import NOTHING, Field, Kind, Record
from tests.builders.affairs import (
    DIRECTOR,
    FRONT_DESK,
    PASSED,
    PHOTO,
    REWORK_DUE,
    SATISFIED,
    STREET_OFFICER,
    SUPERVISOR,
    WORKER,
    Case,
    a_scrap_heap,
    at,
    checking,
    handling,
    resolved,
)


def handlers(given: Case) -> set[str]:
    return set(given.affair.handlers())


# --- handlers ----------------------------------------------------------------------------------


def test_whoever_registered_is_no_handler() -> None:
    assert handlers(a_scrap_heap()) == set()


def test_whoever_took_a_step_of_the_line_is_one() -> None:
    assert handlers(a_scrap_heap().verified_onsite()) == {WORKER.account}
    assert handlers(handling()) == {WORKER.account, STREET_OFFICER.account}


def test_rating_closing_and_archiving_make_nobody_a_handler() -> None:
    given = resolved().rated(**SATISFIED).step(FRONT_DESK, "X1").step(FRONT_DESK, "X7", **PASSED)

    assert handlers(given) == handlers(resolved()) == {WORKER.account, STREET_OFFICER.account}


def test_entries_and_actions_make_nobody_a_handler() -> None:
    given = (
        a_scrap_heap().verified_onsite().act(DIRECTOR, "escalate", unit="370103008", reason="大")
    )

    assert handlers(given) == {WORKER.account}


def test_handlers_are_counted_anew_after_a_reopening() -> None:
    given = resolved().reopened()

    assert handlers(given) == set()
    assert handlers(given.handling()) == {STREET_OFFICER.account}


def test_whoever_decided_to_reopen_is_no_handler() -> None:
    given = resolved().rated(**REWORK_DUE).step(SUPERVISOR, "X2", reason="又堆了起来")

    assert SUPERVISOR.account not in handlers(given)


def test_the_work_to_be_checked_has_its_own_actors() -> None:
    affair = checking().affair

    assert affair.actors_of(("G12", "G13", "G14", "G15")) == {STREET_OFFICER.account}
    assert affair.actors_of(("G1",)) == {WORKER.account}
    assert affair.actors_of(("G15",)) == set()


def test_the_work_to_be_checked_is_the_one_of_this_round() -> None:
    given = resolved().reopened()

    assert given.affair.actors_of(("G12", "G13")) == set()
    assert handling().affair.actors_of(("G12",)) == {STREET_OFFICER.account}


# --- rounds ------------------------------------------------------------------------------------


def test_a_round_begins_with_nothing_done_in_it() -> None:
    given = resolved().closed().step(DIRECTOR, "X6", new_facts="又来了", evidence=[PHOTO])

    standing = given.affair.standing
    assert (standing.round, standing.handled, standing.closed_at) == (1, False, None)
    assert standing.reopened_at == given.now
    assert standing.suspended_days_working == 0
    assert given.affair.last_visit() is None


def test_the_last_visit_is_the_one_of_this_round() -> None:
    given = resolved().rated(outcome="unreachable").rated(**SATISFIED)

    visit = given.affair.last_visit()

    assert visit is not None
    assert (visit.outcome, visit.rating) == ("reached", 5)


def test_what_was_accepted_stays_accepted() -> None:
    given = resolved().reopened()

    assert given.affair.identity.accepted_at == resolved().affair.identity.accepted_at


# --- facts -------------------------------------------------------------------------------------


def test_facts_are_text_and_none_of_them_personal() -> None:
    record = Record(
        (
            Field("place", Kind.PLACE, "116.99,36.63"),
            Field("rights_told", Kind.FLAG, True),
            Field("outside_scope", Kind.FLAG, False),
            Field("count", Kind.NUMBER, Decimal("2")),
            Field("joint_units", Kind.UNITS, ("370103008/hw", "370103008/ga")),
            Field("held_at", Kind.INSTANT, at("07-22 14:00")),
            Field("due", Kind.DATE, at("07-29 00:00").date()),
            Field("note", Kind.NOTE, Personal(UUID(int=1), clear="张桂芬说")),
            Field("who", Kind.PERSON, Personal(UUID(int=1), clear="张桂芬")),
            Field("photos", Kind.PHOTOS, (UUID(PHOTO),)),
        )
    )

    assert facts_of(record) == {
        "place": "116.99,36.63",
        "rights_told": "yes",
        "outside_scope": "no",
        "count": "2",
        "joint_units": "370103008/hw,370103008/ga",
        "held_at": "2011-07-22T06:00:00+00:00",
        "due": "2011-07-29",
    }


def test_the_latest_fact_counts() -> None:
    given = a_scrap_heap(record={"place": "116.0,36.0"})

    assert given.affair.facts["place"] == "116.0,36.0"
    assert given.verified_onsite().affair.facts["place"] == "116.99217,36.63458"


# --- replay ------------------------------------------------------------------------------------


def test_replay_in_parts_is_replay_at_once() -> None:
    events = resolved().closed().events

    for middle in range(1, len(events)):
        assert project(project(None, events[:middle]), events[middle:]) == project(None, events)


def test_replay_leaves_the_state_before_as_it_was() -> None:
    given = handling()
    before, kept = given.affair, replace(given.affair)

    given.reported_done()

    assert before == kept


def test_an_affair_begins_with_its_registration() -> None:
    with pytest.raises(AssertionError, match="registration"):
        evolve(None, handling().events[-1])


def test_nothing_is_made_of_nothing() -> None:
    assert project(None, []) is None


@pytest.mark.parametrize(("to", "entered"), [("onsite", False), ("filed", True)])
def test_a_move_to_another_version_keeps_the_place_or_names_another(to: str, entered: bool) -> None:
    given = a_scrap_heap().verified_onsite()
    later: datetime = at("07-23 09:00")
    event = ProcedureMigrated(
        from_version="2011.1",
        to_version="2012.1",
        state=to,
        record=NOTHING,
        clocks=(),
        by="mengzhu",
        occurred_at=later,
    )

    affair = evolve(given.affair, event)

    assert (affair.identity.line_version, affair.standing.state) == ("2012.1", to)
    assert (affair.standing.entered_at == later) == entered


def test_a_warning_is_remembered() -> None:
    given = a_scrap_heap()
    due = at("07-26 00:00")

    affair = evolve(
        given.affair,
        Warned(clock="acceptance", colour="yellow", due_at=due, by="SYS", occurred_at=due),
    )

    assert affair.work.warned == (("acceptance", "yellow", due),)
