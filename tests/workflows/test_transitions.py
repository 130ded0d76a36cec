"""Every step, entry and action of line CG: taken once where it is open, and refused for each
guard, role and state that does not hold. Generated from the file; the counts are printed.
"""

from dataclasses import replace
from typing import Any

import pytest
import yaml

from domain.actor import Role
from domain.errors import FieldMissing, NotPermittedNow, Refusal, StepNotOpen
from domain.record import Record
from tests.workflows.scenes import AFFAIR, CALENDAR, CG, Scene, bare, scenes
from workflows.guards import Guard
from workflows.line import RedoRule
from workflows.loading import COMMON, FOLDER
from workflows.machine import CompiledLine
from workflows.ways import Way

# As the file stands, CG always has a state to return to and never bars a withdrawal. The same
# line with rules that can fail shows that these two guards are asked.
STRICT = CompiledLine(
    CG.spec.model_copy(
        update={
            "redo": (RedoRule(to="dispatched", when=({"step_taken": ["G5", "G8"]},)),),
            "withdrawal_barred": ({"step_taken": ["G14"]},),
        }
    )
)
OF_THE_LINE = ("redo_possible", "withdrawal_open")
EVERY = [*CG.steps.values(), *CG.entries.values(), *CG.actions.values()]
# CG asks no other unit, so there is no question that could be put.
WAYS = [way for way in EVERY if way.forms]


def named(way: Way) -> str:
    return way.id


def asked(line: CompiledLine, way: Way, scene: Scene) -> Any:
    """Ask the line for it, as a decider would."""
    common: dict[str, Any] = {"by": scene.actor, "record": scene.record, "subject": AFFAIR}
    common |= {"at": scene.at, "calendar": CALENDAR}
    match way.kind:
        case "entry":
            return line.entry(way.id, scene.affair(), **common)
        case "action":
            return line.action(way.id, scene.affair(), **common)
        case _:
            return line.require(way.id, scene.affair(), **common)


def refusal(line: CompiledLine, way: Way, scene: Scene) -> Refusal | None:
    try:
        asked(line, way, scene)
    except (StepNotOpen, NotPermittedNow, FieldMissing) as refused:
        return refused
    return None


def because(line: CompiledLine, way: Way, scene: Scene) -> str:
    refused = refusal(line, way, scene)
    return getattr(refused, "because", "") if refused else ""


def opened(way: Way, role: Role) -> Scene:
    """A scene in which the step is open to this role."""
    found = next((s for s in scenes(CG, way, role) if refusal(CG, way, s) is None), None)
    assert found is not None, f"no scene in which {way.id} is open to {role}"
    return found


def roles(way: Way) -> list[Role]:
    return [role for role in Role if role in way.by or role in way.behalf]


def guards(way: Way) -> tuple[Guard, ...]:
    return (*way.before, *way.after)


@pytest.mark.parametrize("way", WAYS, ids=named)
def test_it_is_open_to_each_of_its_roles(way: Way) -> None:
    for role in roles(way):
        taken = asked(CG, way, opened(way, role))

        record = taken if isinstance(taken, Record) else taken.record
        wanted = {f.name for f in way.reader("CG01", role).specs if f.required}
        assert wanted <= {field.name for field in record}


@pytest.mark.parametrize("way", WAYS, ids=named)
def test_it_is_refused_to_every_other_role(way: Way) -> None:
    scene = bare(CG, way, roles(way)[0])

    for role in set(Role) - set(roles(way)):
        assert because(CG, way, replace(scene, role=role)) == "role"


@pytest.mark.parametrize("way", WAYS, ids=named)
def test_it_is_refused_in_every_other_state(way: Way) -> None:
    scene = bare(CG, way, roles(way)[0])

    for state in set(CG.states) - way.sources:
        assert because(CG, way, replace(scene, state=state)) == "state"


@pytest.mark.parametrize("way", WAYS, ids=named)
def test_it_is_refused_for_each_guard_that_does_not_hold(way: Way) -> None:
    for guard in guards(way):
        line = STRICT if guard.name in OF_THE_LINE else CG
        same = {**line.steps, **line.entries, **line.actions}[way.id]
        failing = guards(same)[guards(way).index(guard)]

        tried = {because(line, same, s) for s in scenes(line, same, roles(way)[0], failing)}

        assert guard.title in tried, f"{way.id}: nothing was refused by {guard.title}"


@pytest.mark.parametrize("way", WAYS, ids=named)
def test_it_is_refused_without_each_field_that_must_be_recorded(way: Way) -> None:
    for role in (roles(way)[0], roles(way)[-1]):
        scene = opened(way, role)
        for field in way.reader(scene.matter, role).specs:
            if field.required:
                less = {k: v for k, v in scene.record.items() if k != field.name}

                refused = refusal(CG, way, replace(scene, record=less))

                assert isinstance(refused, FieldMissing)
                assert refused.field == field.name


def test_only_what_asks_another_unit_is_not_offered() -> None:
    assert [way.id for way in EVERY if way not in WAYS] == ["request_answer", "receive_answer"]


def test_as_many_are_tested_as_stand_in_the_files() -> None:
    files = [_plainly("CG.yaml"), _plainly(COMMON)]
    steps = [step for file in files for step in file["transitions"]]
    states = sum(len(file["states"]) for file in files)
    counted = {
        "transitions": len(steps),
        "roles refused": sum(16 - len(_roles(step)) for step in steps),
        "states refused": sum(states - _sources(step, files) for step in steps),
        "guards refused": sum(_guards(step) for step in steps),
    }

    tested = {
        "transitions": len(CG.steps),
        "roles refused": sum(len(set(Role)) - len(roles(w)) for w in CG.steps.values()),
        "states refused": sum(len(CG.states) - len(w.sources) for w in CG.steps.values()),
        "guards refused": sum(len(guards(w)) for w in CG.steps.values()),
    }

    print(f"CG: {', '.join(f'{n} {what}' for what, n in tested.items())}")
    assert tested == counted


def _plainly(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return read


def _roles(step: dict[str, Any]) -> set[str]:
    return set(step["by"]) | ({"FD", "SC"} if "RES" in step["by"] else set())


def _sources(step: dict[str, Any], files: list[dict[str, Any]]) -> int:
    match step["from"]:
        case "open":
            return len(files[0]["states"])
        case "ended":
            return 4
        case _:
            return 1


# What the file says of the step itself, besides the rules of every step and of its goal.
def _guards(step: dict[str, Any]) -> int:
    ever: bool = step["id"] not in ("X7", "X8", "X9")
    return len(list(step.get("when", ()))) + ever + int(step["to"] == "resolved")
