"""What an affair waits for besides its next step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.clock import SHANGHAI
from domain.record import NOTHING
from tests.builders import lines
from tests.workflows.scenes import CALENDAR
from tests.workflows.walking import UNITS, Walk, begun
from workflows.conditions import Ask
from workflows.due import due, failing, is_next

MONDAY = datetime(2021, 7, 19, 10, 5, tzinfo=SHANGHAI)


def waited_for(walk: Walk) -> Mapping[str, Any]:
    """What is due, asked of nobody in particular."""
    line = walk.line
    by = next(walk.open(line.actions["remind"])).by
    ask = Ask(walk.affair, by, NOTHING, walk.at, CALENDAR, line)
    ahead = [
        way
        for way in line.steps.values()
        if walk.state in way.sources and is_next(line, way.id, walk.state)
    ]
    return due(line, ask, [guard for way in ahead for guard in failing(way, ask)])


def test_to_ask_another_unit_is_due_until_it_was_asked_where_a_step_waits_for_the_answer() -> None:
    walk = begun(lines.of("MZ")[-1], "MZ01", MONDAY)
    assert "request_answer" not in waited_for(walk)

    deed = next(walk.open(walk.line.steps["B1"]))
    walk = walk.done(deed, walk.record(deed) or {})
    assert "request_answer" in waited_for(walk)

    deed = next(walk.open(walk.line.actions["request_answer"]))
    walk = walk.done(deed, {**(walk.record(deed) or {}), "unit": UNITS[0]})
    assert "request_answer" not in waited_for(walk)
