"""What is counted of appends: only what was stored, each in its bucket."""

from __future__ import annotations

from contextlib import closing

import pytest

from adapters.event_store import EventLog
from adapters.event_store.measures import Histogram
from domain.errors import Conflict
from tests.adapters.event_store.commands import command, now


def test_a_value_on_a_bound_counts_below_it() -> None:
    counted = Histogram((1, 2))

    for value in (0.5, 1, 1.5, 2, 3):
        counted.add(value)

    assert counted.up_to() == [(1, 2), (2, 4), (float("inf"), 5)]
    assert counted.total == 8


def test_a_batch_counts_once_with_its_commands_and_a_refusal_not_at_all(
    database_url: str,
) -> None:
    with closing(EventLog(database_url, now=now)) as log:
        log.create()
        one = command()
        log.append(one)

        log.append_many([command(), command(), command()])
        log.append(one)
        refused = command(stream_id=one.drafts[0].stream_id)
        with pytest.raises(Conflict):
            log.append(refused)

        assert log.measures.commands.up_to()[:3] == [(1, 1), (2, 1), (4, 2)]
        assert log.measures.commands.total == 4
        assert log.measures.seconds.up_to()[-1][1] == 2
