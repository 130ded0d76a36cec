"""Whatever is asked, the decider answers with events or a refusal; replay never says no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from domain.affair import decide
from domain.affair.evolve import evolve, project
from domain.affair.state import Affair
from domain.errors import Refusal
from tests.builders.affairs import (
    DECIDERS,
    FRIDAY,
    a_scrap_heap,
    checking,
    facts,
    handling,
    persuading,
    registration,
    resolved,
)
from tests.builders.chances import commands, registrations

BEGUN = (
    a_scrap_heap(),
    a_scrap_heap(contact_wish="anonymous"),
    persuading(),
    handling(),
    handling().enforcing(),
    checking(),
    resolved(),
    resolved().closed(),
    resolved().reopened(),
)

LONG = settings(
    max_examples=200,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@settings(parent=LONG, max_examples=200)
@given(registrations(FRIDAY))
def test_a_registration_is_accepted_or_refused(asked: Any) -> None:
    try:
        events = decide.register(asked, facts(FRIDAY))
    except Refusal:
        return

    assert project(None, events) is not None


@LONG
@given(st.data())
def test_decide_only_ever_refuses_and_evolve_never_does(data: st.DataObject) -> None:
    begun = data.draw(st.sampled_from(BEGUN), label="begun")
    affair: Affair = begun.affair
    events, now = list(begun.events), begun.now
    for _ in range(data.draw(st.integers(1, 25), label="deeds")):
        now += timedelta(minutes=data.draw(st.sampled_from((0, 1, 30, 600, 3000)), label="later"))
        asked = data.draw(commands(now, affair.standing.state), label="command")
        kept = affair
        try:
            decided = DECIDERS[type(asked)](affair, asked, facts(now))
        except Refusal as refusal:
            note(f"refused: {refusal}")
            assert affair == kept
            continue
        for event in decided:
            affair = evolve(affair, event)
        events += decided

    assert project(None, events) == affair


@settings(parent=LONG, max_examples=60)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_a_summary_or_is_refused(summary: str, applicant: str) -> None:
    asked = registration(summary=summary, applicant=applicant)

    try:
        (event,) = decide.register(asked, facts(FRIDAY))
    except Refusal:
        assert not summary.strip()
        return

    assert event.summary.clear == summary
