"""What if: the story's affair under drafts of its line."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.demo.cast import CITY_MANAGEMENT
from domain.affair.evolve import project
from domain.affair.under import under
from domain.log import Recorded
from tests.adapters.worker.office import DIRECTOR, PLACE, STREET_OFFICER, office
from tests.web.district import png
from tests.workflows.scenes import CALENDAR, CG, NOON
from workflows.line import Line
from workflows.machine import CompiledLine
from workflows.trial import NO_MATTER, NO_STATE, NO_STEP, Closed, tried


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> list[Recorded]:
    """All that happened to a scrap heap, from its registration to the check."""
    place = tmp_path_factory.mktemp("trial")
    with office(f"sqlite:///{place}/log.db", place) as desk:
        affair = desk.registered()
        photos = [str(desk.house.attachments.put(affair, "现场.png", png()).id)]
        desk.take(affair, "G1", {"place": PLACE})
        desk.take(affair, "G4", by=DIRECTOR)
        desk.run(desk.persuasion(affair))
        desk.until("07-25 08:50")
        desk.take(affair, "G8", by=DIRECTOR)
        desk.take(affair, "G9", {"lead_unit": CITY_MANAGEMENT}, by=STREET_OFFICER)
        desk.take(affair, "G12", by=STREET_OFFICER)
        desk.until("07-25 15:30")
        desk.take(affair, "G13", {"after_photos": photos}, by=STREET_OFFICER)
        desk.until("07-26 09:00")
        desk.take(affair, "G16")
        return desk.history(affair)


def drafted(**changes: Any) -> CompiledLine:
    return CompiledLine(CG.spec.model_copy(update={"version": "2011.9", **changes}))


def without(steps: tuple[str, ...]) -> Line:
    kept = tuple(one for one in CG.spec.transitions if one.id not in steps)
    return CG.spec.model_copy(update={"transitions": kept})


def limited(clock: str, **limit: Any) -> CompiledLine:
    clocks = tuple(
        one.model_copy(update={"limit": one.limit.model_copy(update=limit)})
        if one.name == clock and one.limit
        else one
        for one in CG.spec.clocks
    )
    return drafted(clocks=clocks)


def test_under_its_own_version_nothing_would_be_otherwise(past: list[Recorded]) -> None:
    found = tried(past, CG, CALENDAR, NOON)

    assert (found.moved, found.closed) == ((), ())
    assert not found.differs


def test_the_clocks_decided_anew_are_those_that_were_recorded(past: list[Recorded]) -> None:
    events = [seen.event for seen in past]

    was = project(None, events)
    assert was is not None
    assert under(events, CG, CALENDAR).clocks == was.clocks


def test_a_longer_limit_moves_its_deadline_alone(past: list[Recorded]) -> None:
    found = tried(past, limited("checking", count=3), CALENDAR, NOON)

    (moved,) = found.moved
    assert moved.clock == "checking"
    assert moved.was is not None
    assert moved.would_be is not None
    assert (moved.would_be - moved.was).days == 2
    assert not found.closed


def test_a_shorter_limit_would_have_made_it_late(past: list[Recorded]) -> None:
    found = tried(past, limited("checking", count=0, unit="h"), CALENDAR, NOON)

    assert (found.was_late, found.would_be_late) == (False, True)


def test_a_step_that_is_gone_would_not_have_been_open(past: list[Recorded]) -> None:
    draft = CompiledLine(without(("G8",)))

    closed = tried(past, draft, CALENDAR, NOON).closed

    assert [(one.name, one.because) for one in closed] == [("G8", NO_STEP)]


def test_a_role_that_may_no_more_would_have_been_refused(past: list[Recorded]) -> None:
    steps = tuple(
        one.model_copy(update={"by": ("SUP",)}) if one.id == "G16" else one
        for one in CG.spec.transitions
    )

    closed = tried(past, drafted(transitions=steps), CALENDAR, NOON).closed

    assert [(one.name, one.because) for one in closed] == [("G16", "role")]


def test_a_field_that_was_not_asked_for_then_is_missing(past: list[Recorded]) -> None:
    asked = next(f for one in CG.spec.transitions if one.id == "G3" for f in one.fields)
    steps = tuple(
        one.model_copy(update={"fields": (*one.fields, asked)}) if one.id == "G4" else one
        for one in CG.spec.transitions
    )

    closed = tried(past, drafted(transitions=steps), CALENDAR, NOON).closed

    assert [(one.name, one.because) for one in closed] == [("G4", "field: before_photos")]


@pytest.mark.parametrize(("matter", "because"), [("CG01", NO_MATTER)])
def test_a_matter_that_is_gone_cannot_be_tried(
    past: list[Recorded], matter: str, because: str
) -> None:
    matters = {code: one for code, one in CG.spec.matters.items() if code != matter}

    found = tried(past, drafted(matters=matters), CALENDAR, NOON)

    (closed,) = found.closed
    assert isinstance(closed, Closed)
    assert (closed.name, closed.because) == (matter, because)
    assert because != NO_STATE
