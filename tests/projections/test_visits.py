"""Visits to households as figures."""

from __future__ import annotations

from projections.visits import visit_facts
from tests.projections.histories import AREA, Log
from tests.projections.memory import Memory


def test_a_counted_visit_counts_on_its_local_day_and_for_no_line() -> None:
    log = Log()
    log.visit("07-22 00:10")

    assert Memory(visit_facts, log.recorded).tally == {("visits", "2011-07-22", "", AREA): 1}


def test_a_visit_that_does_not_count_has_its_row_only() -> None:
    log = Log()
    visit = log.visit("07-22 09:40", outcome="not_home", counted=False)

    memory = Memory(visit_facts, log.recorded)

    assert memory.rows[(visit,)].outcome == "not_home"
    assert memory.tally == {}
