"""A clock that lets itself be extended only where its own guards hold."""

from datetime import timedelta
from typing import Any

import pytest

from domain.actor import Role
from domain.errors import FieldInvalid, NotPermittedNow
from tests.workflows.scenes import AFFAIR, CALENDAR, CG, Scene
from workflows.clockspec import Guards
from workflows.machine import CompiledLine
from workflows.soundness import faults_of

PERSUADED: dict[str, Any] = {"entry": "persuasion", "where": {"result": "effective"}, "count": 1}
TOLD = {"zh": "对方同意，才能延期。", "en": "It is extended only where they agree."}


def extended_when(*guards: dict[str, Any], extension: int | None = None) -> CompiledLine:
    written: Guards = guards
    return CompiledLine(
        CG.spec.model_copy(
            update={
                "clocks": tuple(
                    clock.model_copy(update={"extends_when": written, "extension": extension})
                    if clock.name == "disposal"
                    else clock
                    for clock in CG.spec.clocks
                )
            }
        )
    )


def handling(**changes: Any) -> Scene:
    told = Scene(matter="CG01", state="handling", role=Role.SL, **changes)
    told.clock("disposal", due=timedelta(days=1))
    told.clock("checking", due=timedelta(days=1))
    return told


def extend(line: CompiledLine, told: Scene, clock: str = "disposal", count: int = 2) -> str:
    record = {"clock": clock, "count": count, "reason": "天气", "applicant_told": True}
    return line.action(
        "extend",
        told.affair(),
        by=told.actor,
        record=record,
        at=told.at,
        calendar=CALENDAR,
        subject=AFFAIR,
    ).text("count")


def test_it_is_extended_where_its_guards_hold() -> None:
    line = extended_when({"entries_at_least": PERSUADED})
    told = handling()
    told.noted("persuasion", result="effective")

    assert extend(line, told) == "2"


def test_it_is_not_extended_where_they_do_not_hold_and_the_line_says_why() -> None:
    line = extended_when({"entries_at_least": PERSUADED, "told": TOLD})
    told = handling()
    told.noted("persuasion", result="ineffective")

    with pytest.raises(NotPermittedNow) as refused:
        extend(line, told)

    assert refused.value.because == "entries_at_least"
    assert refused.value.own == (TOLD["zh"], TOLD["en"])
    assert [one.guard for one in refused.value.missing] == ["entries_at_least"]


def test_other_clocks_do_not_ask_for_it() -> None:
    line = extended_when({"entries_at_least": PERSUADED})

    assert extend(line, handling(), clock="checking") == "2"


def test_it_may_ask_who_extends() -> None:
    line = extended_when({"actor_role_is": ["SL"]})
    told = handling()

    assert extend(line, told) == "2"
    told.role = Role.CD
    with pytest.raises(NotPermittedNow, match="actor_role_is"):
        extend(line, told)


def test_its_bound_counts_besides() -> None:
    line = extended_when({"actor_role_is": ["SL"]}, extension=1)

    with pytest.raises(FieldInvalid, match="1 or less"):
        extend(line, handling())


def test_a_guard_of_it_that_cannot_hold_is_told() -> None:
    line = extended_when({"entries_at_least": {"entry": "persuaded", "count": 1}})

    faults = list(faults_of(line.spec))

    assert [(fault.route[2], fault.wrong) for fault in faults] == [
        ("extends_when", "no entry `persuaded`")
    ]
