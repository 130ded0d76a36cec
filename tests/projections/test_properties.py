"""What holds for any history: views agree with replay, and sums with their parts."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from domain.affair.evolve import project
from domain.affair.state import ENDS, Affair
from projections.affair_page import affair_page
from projections.due import due
from projections.satisfaction import affair_facts
from projections.view import Key
from projections.visits import visit_facts
from tests.projections.histories import Log, story
from tests.projections.lives import logs
from tests.projections.memory import Memory

MANY = settings(max_examples=150, deadline=None)

PARTS = (
    ("accepted", "volume"),
    ("accepted_ended", "accepted"),
    ("accepted_referred", "accepted"),
    ("accepted_single_handed", "accepted"),
    ("on_time", "due"),
    ("satisfied", "rated"),
    ("first_satisfied", "first_rated"),
    ("visit_made", "visit_due"),
)


def affairs_of(log: Log) -> dict[Key, Affair]:
    """Each affair by replay."""
    streams: dict[Key, list[Any]] = {}
    for seen in log.recorded:
        streams.setdefault((seen.stream_id,), []).append(seen.event)
    replayed = {key: project(None, events) for key, events in streams.items()}
    return {key: affair for key, affair in replayed.items() if affair is not None}


@MANY
@given(logs())
def test_the_page_says_what_replay_says(log: Log) -> None:
    pages = Memory(affair_page, log.recorded).rows

    for key, affair in affairs_of(log).items():
        page, standing, identity = pages[key], affair.standing, affair.identity
        running = {clock.name: clock.due_at for clock in affair.clocks if clock.running}
        assert (page.state, page.entered_at, page.last_at) == (
            standing.state,
            standing.entered_at,
            standing.last_at,
        )
        assert (page.level, page.lead_unit, page.round) == (
            standing.level,
            standing.lead_unit,
            standing.round,
        )
        assert page.suspended == (standing.suspended_at is not None)
        assert page.closed_at == standing.closed_at
        assert page.open == (standing.state not in (*ENDS, "archived"))
        assert (page.accepted_at, page.line_version) == (
            identity.accepted_at,
            identity.line_version,
        )
        assert page.referral == affair.work.referral
        assert page.questions == affair.work.questions
        assert (page.orders, page.orders_answered) == (
            affair.work.orders,
            affair.work.orders_answered,
        )
        assert {clock.name: clock.due_at for clock in page.clocks} == running
        assert {fact.name: fact.text for fact in page.facts} == affair.facts
        assert page.visits == len(affair.visits)
        assert (page.assignee, page.assigned_at is not None) == (
            standing.assignee,
            bool(standing.assignee),
        )
        assert page.recused == affair.work.recused
        assert page.proposed_by == affair.work.proposed_by


@MANY
@given(logs())
def test_the_page_and_the_due_table_know_the_same_clocks(log: Log) -> None:
    pages = Memory(affair_page, log.recorded).rows
    rows = Memory(due, log.recorded).rows

    running = {
        key: (row.due_at, row.warn_at, row.provisional)
        for key, row in rows.items()
        if not row.paused
    }

    assert {
        (*key, clock.name): (clock.due_at, clock.warn_at, clock.provisional)
        for key, page in pages.items()
        for clock in page.clocks
    } == running


@MANY
@given(logs())
def test_differences_add_up_to_the_tallies_of_the_rows(log: Log) -> None:
    memory = Memory(affair_facts, log.recorded)

    whole: Counter[Key] = Counter()
    for row in memory.rows.values():
        assert memory.view.tally is not None
        whole.update(memory.view.tally(row))

    assert memory.tally == whole
    assert all(number > 0 for number in whole.values())


@MANY
@given(logs())
def test_no_part_is_more_than_its_whole(log: Log) -> None:
    memory = Memory(affair_facts, log.recorded)

    for part, whole in PARTS:
        for (measure, *cell), number in memory.tally.items():
            if measure == part:
                assert number <= memory.tally[(whole, *cell)], (part, whole, cell)


@MANY
@given(logs())
def test_at_most_one_final_rating_an_affair_and_not_when_unreachable(log: Log) -> None:
    memory = Memory(affair_facts, log.recorded)

    for row in memory.rows.values():
        assert memory.view.tally is not None
        counts = memory.view.tally(row)
        final = sum(n for (measure, *_), n in counts.items() if measure in ("rated", "unreachable"))
        assert final <= 1


def test_visits_add_up() -> None:
    log = Log()
    for day in range(1, 9):
        log.visit(f"07-0{day} 09:00", counted=day != 4)

    assert Memory(visit_facts, log.recorded).sums() == {"visits": 7}


@pytest.mark.parametrize("view", [affair_facts, visit_facts], ids=lambda view: view.name)
def test_half_a_log_counts_no_later_than_it_goes(view: Any) -> None:
    log = story()
    for cut in range(len(log.recorded)):
        memory = Memory(view, log.recorded[:cut])
        last = max((s.event.occurred_at for s in log.recorded[:cut]), default=None)
        for measure, day, *_ in memory.tally:
            assert last is not None
            # Only deadlines lie ahead.
            ahead = 4 if measure in ("due", "on_time", "visit_due", "visit_made") else 0
            assert day <= (last + timedelta(days=ahead)).date().isoformat()
