"""Reactions: what an event of one affair makes for another."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from domain.actor import Role
from domain.affair import events as e
from domain.affair.evolve import evolve
from domain.affair.state import Affair
from domain.personal import Personal
from domain.record import NOTHING, Field, Kind, Record
from tests.builders import lines
from tests.workflows.scenes import NOON, PHOTO, Scene
from tests.workflows.small import small
from workflows.loading import FOLDER, load
from workflows.machine import CompiledLine
from workflows.reactions import Reaction, reactions_for

SMALL_LINE = CompiledLine(small())
BEFORE = Scene(matter="ZA01", state="repairing", role=Role.CW, closed_at=None).affair()
HAZARD = Reaction(
    id="hazard",
    command="register",
    line="ZZ",
    matter="ZZ01",
    name="",
    summary="维修时发现隐患",
    record={"source_line": "ZA", "grade": "urgent"},
)
COMMON: dict[str, Any] = {"by": "cw", "occurred_at": NOON}


def hazard(grade: str) -> e.EntryRecorded:
    record = Record((Field("grade", Kind.CHOICE, grade),))
    return e.EntryRecorded(entry="hazard", record=record, clocks=(), **COMMON)


def ended() -> e.StepTaken:
    return e.StepTaken(
        step="S5",
        action="give_up",
        left="repairing",
        to="terminated",
        record=NOTHING,
        marks=(),
        line_version="",
        level="",
        lead_unit="",
        handled_days_working=None,
        clocks=(),
        **COMMON,
    )


def made(event: Any, line: CompiledLine = SMALL_LINE, before: Affair = BEFORE) -> list[Reaction]:
    return reactions_for(line, event, before, evolve(before, event))


def test_a_hazard_registers_an_affair_of_another_line() -> None:
    assert made(hazard("urgent")) == [HAZARD]


def test_a_guard_keeps_a_reaction_from_happening() -> None:
    assert made(hazard("usual")) == []


def test_the_end_of_a_child_is_told_to_the_affair_it_came_from() -> None:
    told = Reaction(
        id="answer",
        command="entry",
        line="",
        matter="",
        name="child_ended",
        summary="",
        record={},
    )

    # Once by its own rule, once by that of all lines.
    assert made(ended()) == [told, replace(told, id="child_ended")]


def test_it_may_open_an_affair_of_the_matter_that_was_chosen() -> None:
    spec = SMALL_LINE.spec
    (rule,) = (one for one in spec.reactions if one.id == "hazard")
    make = rule.make.model_copy(update={"line": None, "matter": None, "matter_from": "grade"})
    chosen = rule.model_copy(update={"make": make})
    line = CompiledLine(spec.model_copy(update={"reactions": (chosen,)}))

    (reaction,) = made(hazard("urgent"), line)

    assert (reaction.line, reaction.matter) == ("ur", "urgent")


@pytest.mark.parametrize("line", lines.of("XF"), ids=["2011", "current"])
def test_an_order_of_the_hotline_goes_to_a_matter_of_another_line(line: CompiledLine) -> None:
    (child,) = (one for one in line.spec.entries if one.name == "child_affair")
    choices = child.fields[0].choices
    known = {
        matter: (spec.zh, spec.en)
        for other in lines.versions()
        for matter, spec in other.spec.matters.items()
        if other.line != "XF"
    }

    # What is reviewed of its own accord, and what has been done away with, no caller asks for.
    assert set(known) - set(choices) == {"MZ05", "JS04"}
    assert {matter: (label.zh, label.en) for matter, label in choices.items()} == {
        matter: label for matter, label in known.items() if matter in choices
    }


def test_asked_twice_it_says_the_same() -> None:
    assert made(hazard("urgent")) == made(hazard("urgent"))


def test_what_is_copied_may_have_been_recorded_before() -> None:
    line = CompiledLine(small("on: [entry:hazard]", "on: [S4]"))
    before = replace(BEFORE, facts={"grade": "urgent"})
    event = replace(ended(), step="S4", to="waiting")

    assert made(event, line, before) == [HAZARD]


EVENTS: list[tuple[Any, str]] = [
    (e.Referred(unit="u", record=NOTHING, clocks=(), **COMMON), "refer"),
    (e.Escalated(level="street", unit="u", record=NOTHING, clocks=(), **COMMON), "escalate"),
    (
        e.AnswerRequested(question="appraisal", unit="u", record=NOTHING, clocks=(), **COMMON),
        "question:appraisal",
    ),
    (
        e.AnswerReceived(question="appraisal", record=NOTHING, clocks=(), **COMMON),
        "answer:appraisal",
    ),
    (
        e.ReturnVisitRecorded(
            outcome="reached",
            solved="yes",
            rating=5,
            finding="none",
            time_band="morning",
            comment=None,
            record=NOTHING,
            clocks=(),
            **COMMON,
        ),
        "return_visit:reached",
    ),
    (
        e.Reopened(
            step="X2", left="resolved", to="repairing", round=1, record=NOTHING, clocks=(), **COMMON
        ),
        "reopened",
    ),
    (replace(ended(), step="S1", marks=("accepted",), to="waiting"), "accepted"),
    (replace(ended(), step="S4", marks=("clock_stop",), to="waiting"), "clock_stop"),
    (
        e.Merged(
            into=UUID(PHOTO), left="repairing", to="terminated", record=NOTHING, clocks=(), **COMMON
        ),
        "X9",
    ),
    (
        e.Archived(step="X7", left="closed", retention="10", record=NOTHING, clocks=(), **COMMON),
        "state:archived",
    ),
    (ended(), "ended"),
]


@pytest.mark.parametrize(("event", "happening"), EVENTS, ids=[name for _, name in EVENTS])
def test_every_happening_can_have_a_reaction(event: Any, happening: str) -> None:
    unguarded = "on: [entry:hazard]\n    when:\n      - field_is: {grade: urgent}"
    line = CompiledLine(small(unguarded, f'on: ["{happening}"]'))

    assert "hazard" in [reaction.id for reaction in made(event, line)]
    assert "hazard" not in [reaction.id for reaction in made(hazard("usual"), line)]


def test_a_registration_can_have_a_reaction() -> None:
    line = CompiledLine(small("on: [entry:hazard]", "on: [register]"))
    scene = Scene(matter="ZA01", state="registered", role=Role.CW, closed_at=None)
    after = replace(scene.affair(), facts={"grade": "urgent"})
    event = registered(NOON)

    assert [r.id for r in reactions_for(line, event, None, after)] == ["hazard"]


def registered(at: datetime) -> e.Registered:
    return e.Registered(
        number="ZA-2011-0001",
        line="ZA",
        matter="ZA01",
        line_version="2011.1",
        state="registered",
        source="visit",
        origin_id=UUID(int=0),
        community="370103008001",
        area="370103008001-01",
        assignee="",
        restricted=False,
        contact_wish="contact",
        summary=Personal(UUID(int=1), clear="水管漏水"),
        applicant=None,
        telephone=None,
        address=None,
        record=NOTHING,
        clocks=(),
        by="cw",
        occurred_at=at,
    )


def test_urban_management_has_no_reaction_of_its_own() -> None:
    line = CompiledLine(load(FOLDER / "CG.yaml"))

    assert reactions_for(line, hazard("urgent"), BEFORE, BEFORE) == []
