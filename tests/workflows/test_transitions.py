"""Every step, entry and action of every line and version: taken where it is open, for each of its
roles, matters and states, and refused for each guard, role, state, matter and missing field that
stands in the way. Generated from the files; the numbers are printed.

What all lines share is proved in full on one line, in which every rule can say no; of the others,
what a line makes of it: its states, its matters, and the guards that ask the line itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from domain.actor import Role
from domain.errors import FieldInvalid, FieldMissing, NotPermittedNow, Refusal, StepNotOpen
from domain.record import Record
from tests.builders import lines
from tests.workflows.holding import TABLE, Where, changes
from tests.workflows.scenes import AFFAIR, CALENDAR, CG, Scene
from tests.workflows.searching import bare, everywhere, found
from workflows.fields import Label
from workflows.guards import VOCABULARY, Guard, all_compiled
from workflows.line import QuestionSpec, RedoRule
from workflows.loading import COMMON, FOLDER, line_files
from workflows.machine import CompiledLine
from workflows.ways import Way

Note = Callable[[str, object], None]

# As the file stands, CG always has a state to return to, never bars a withdrawal and asks no
# other unit. The same line with rules that can fail shows that these guards are asked.
STRICT = CompiledLine(
    CG.spec.model_copy(
        update={
            "redo": (RedoRule(to="dispatched", when=({"step_taken": ["G5", "G8"]},)),),
            "withdrawal_barred": ({"step_taken": ["G14"]},),
            "questions": (QuestionSpec(name="ownership", label=Label(zh="权属", en="Owner")),),
        }
    )
)
# A line may say that nobody is taken for accepted; no scene can change that.
UNDEEMED = CompiledLine(STRICT.spec.model_copy(update={"deemed_acceptance": False}))

OF_THE_LINE = (
    *("redo_possible", "withdrawal_open", "deemed_acceptance", "suspendable"),
    *("question_left", "return_visit_exempt"),
)
"""Guards that ask the line itself: one line may never refuse by them."""

OF_THE_PLACE = (
    *("matter_in", "state_in", "suspendable"),
    *("withdrawal_open", "redo_possible", "deemed_acceptance"),
)
"""Guards that may leave out a matter or a state for good."""


class Case(NamedTuple):
    """A step, an entry or an action of a line."""

    line: CompiledLine
    way: Way


def named(case: Case) -> str:
    return f"{case.line.line}-{case.line.version}-{case.way.id}"


def every(line: CompiledLine) -> list[Way]:
    return [*line.steps.values(), *line.entries.values(), *line.actions.values()]


def own(line: CompiledLine) -> list[Way]:
    """What the line's own file says."""
    ids = {step.id for step in line.spec.transitions} | {one.name for one in line.spec.entries}
    return [way for way in every(line) if way.id in ids]


def shared(line: CompiledLine) -> list[Way]:
    """What the rules of all lines say."""
    mine = own(line)
    return [way for way in every(line) if way not in mine]


OWN = [Case(line, way) for line in lines.versions() for way in own(line)]
SHARED = [Case(STRICT, way) for way in shared(STRICT)]


# --- asking ------------------------------------------------------------------------------------


def asked(where: Where, scene: Scene) -> Any:
    """Ask the line for it, as a decider would."""
    common: dict[str, Any] = {"by": scene.actor, "record": scene.record, "subject": AFFAIR}
    common |= {"at": scene.at, "calendar": CALENDAR, "place": scene.place}
    line, way = where.line, where.way
    match way.kind:
        case "entry":
            return line.entry(way.id, scene.affair(), **common)
        case "action":
            return line.action(way.id, scene.affair(), **common)
        case _:
            return line.require(way.id, scene.affair(), **common)


def refusal(where: Where, scene: Scene) -> Refusal | None:
    try:
        asked(where, scene)
    except (StepNotOpen, NotPermittedNow, FieldMissing) as refused:
        return refused
    return None


def because(where: Where, scene: Scene) -> str:
    refused = refusal(where, scene)
    return getattr(refused, "because", repr(refused))


def roles(way: Way) -> list[Role]:
    return [role for role in Role if role in way.by or role in way.behalf]


# --- open --------------------------------------------------------------------------------------


def opened(wheres: Iterable[Where]) -> Scene | None:
    """The first scene in which it is open, asked of the line and recorded as it wants."""
    for where in wheres:
        scene = found(where)
        if scene is not None:
            taken = asked(where, scene)
            record = taken if isinstance(taken, Record) else taken.record
            wanted = {
                f.name for f in where.way.reader(scene.matter, scene.role).specs if f.required
            }
            assert wanted <= {field.name for field in record}
            return scene
    return None


def open_somewhere(line: CompiledLine, way: Way) -> tuple[Where, Scene]:
    for where in everywhere(line, way):
        if (scene := found(where)) is not None:
            return where, scene
    raise AssertionError(f"{line.line} {line.version}: no scene in which {way.id} is open")


def check_open(line: CompiledLine, way: Way) -> int:
    """To each of its roles, in each of its matters and states; how many were tried."""
    told = f"{line.line} {line.version}: {way.id} is never open"
    for role in roles(way):
        assert opened(everywhere(line, way, roles=(role,))), f"{told} to {role}"
    for matter in matters(line, way):
        assert opened(everywhere(line, way, matters=(matter,))), f"{told} in {matter}"
    for state in states(line, way):
        assert opened(everywhere(line, way, states=(state,))), f"{told} from {state}"
    return len(roles(way)) + len(matters(line, way)) + len(states(line, way))


def matters(line: CompiledLine, way: Way) -> list[str]:
    """Those that it is for: a guard may leave out some that have a form."""
    return [m for m in way.forms if any(fits(one) for one in everywhere(line, way, matters=(m,)))]


def states(line: CompiledLine, way: Way) -> list[str]:
    """Those that it leaves: a guard may leave out some of many."""
    return [s for s in way.sources if any(fits(one) for one in everywhere(line, way, states=(s,)))]


def fits(where: Where) -> bool:
    """Whether no guard asks for another matter or state."""
    asking = (guard for guard in where.guards if guard.name in OF_THE_PLACE)
    return all(changes(guard, where)[0] for guard in asking)


# --- refused -----------------------------------------------------------------------------------


def check_others(line: CompiledLine, way: Way) -> int:
    """Refused to every other role, in every other state and matter, and to who was recused."""
    where, scene = open_somewhere(line, way)
    others = set(Role) - set(roles(way))
    for role in others:
        assert because(where, replace(scene, role=role)) == "role", role
    elsewhere = set(line.states) - way.sources
    for state in elsewhere:
        assert because(where, replace(scene, state=state)) == "state", state
    strange = set(line.spec.matters) - set(way.forms)
    for matter in strange:
        assert because(where, replace(scene, matter=matter)) == "matter_in", matter
    out = replace(scene, work=replace(scene.work, recused=(scene.account,)))
    assert because(where, out) == "recused"
    return len(others) + len(elsewhere) + len(strange) + 1


def check_guard(line: CompiledLine, way: Way, guard: Guard) -> int:
    """Refused for this guard alone, in every matter in which it can fail; in how many it was."""
    refused = 0
    for matter in way.forms:
        for where in everywhere(line, way, matters=(matter,)):
            scene = found(where, failing=guard)
            if scene is not None:
                assert because(where, scene) == guard.title
                refused += 1
                break
    return refused


def check_fields(line: CompiledLine, way: Way) -> int:
    """Refused without each field that must be recorded, by its own roles and on behalf."""
    refused = 0
    for role in dict.fromkeys((roles(way)[0], roles(way)[-1])):
        for matter in matters(line, way):
            for where in everywhere(line, way, roles=(role,), matters=(matter,)):
                if (scene := found(where)) is not None:
                    refused += _without_each(where, scene)
                    break
    return refused


def _without_each(where: Where, scene: Scene) -> int:
    required = [f for f in where.way.reader(scene.matter, scene.role).specs if f.required]
    for field in required:
        less = {name: value for name, value in scene.record.items() if name != field.name}
        refused = refusal(where, replace(scene, record=less))
        assert isinstance(refused, FieldMissing), field.name
        assert refused.field == field.name
    return len(required)


@pytest.mark.parametrize("case", [*OWN, *SHARED], ids=named)
def test_it_is_open_to_its_roles_in_its_matters_and_states(
    case: Case, record_property: Note
) -> None:
    record_property("scenes open", check_open(*case))


@pytest.mark.parametrize("case", [*OWN, *SHARED], ids=named)
def test_it_is_refused_to_others_and_elsewhere_and_with_a_field_missing(
    case: Case, record_property: Note
) -> None:
    record_property("refusals", check_others(*case) + check_fields(*case))


@pytest.mark.parametrize("case", [*OWN, *SHARED], ids=named)
def test_it_is_refused_for_each_guard_that_does_not_hold(case: Case, record_property: Note) -> None:
    line, way = case
    refused = {}
    for number, guard in enumerate((*way.before, *way.after)):
        refused[number, guard.title] = check_guard(line, way, guard)

    record_property("refusals", sum(refused.values()))
    idle = [title for (_, title), count in refused.items() if not count]
    assert [title for title in idle if not set(_names(title)) & set(OF_THE_LINE)] == []


def _names(title: str) -> list[str]:
    return title.replace(":", ",").replace(" ", "").split(",")


# --- what a line makes of the rules of all lines -------------------------------------------------


@pytest.mark.parametrize("line", lines.versions(), ids=lambda line: f"{line.line}-{line.version}")
def test_the_rules_of_all_lines_fit_the_line(line: CompiledLine, record_property: Note) -> None:
    taken = refused = 0
    for way in shared(line):
        if way.forms:
            for matter in matters(line, way):
                assert opened(everywhere(line, way, matters=(matter,))), (way.id, matter)
            for state in states(line, way):
                assert opened(everywhere(line, way, states=(state,))), (way.id, state)
            taken += len(matters(line, way)) + len(states(line, way))
            for guard in (*way.before, *way.after):
                if guard.name in OF_THE_LINE:
                    times = check_guard(line, way, guard)
                    assert times or not _can_fail(line, guard.name), (way.id, guard.title)
                    refused += times
    record_property("scenes open", taken)
    record_property("refusals", refused)


def _can_fail(line: CompiledLine, guard: str) -> bool:
    spec = line.spec
    return {
        "withdrawal_open": bool(spec.withdrawal_barred),
        "deemed_acceptance": not spec.deemed_acceptance,
        "suspendable": bool(set(spec.states) - set(spec.suspendable)),
        "redo_possible": any(
            matter.redo is None and spec.redo and all(rule.when for rule in spec.redo)
            for matter in spec.matters.values()
        ),
    }.get(guard, False)


def test_a_line_that_takes_nobody_for_accepted_says_so() -> None:
    assert refused_by(UNDEEMED, "deemed_acceptance") == {"X10"}


def test_every_guard_that_asks_the_line_is_seen_to_refuse() -> None:
    assert refused_by(STRICT, "redo_possible") == {"X2", "X6"}
    assert refused_by(STRICT, "withdrawal_open") == {"X8"}
    assert refused_by(STRICT, "suspendable") == {"suspend"}
    assert refused_by(STRICT, "question_left") == {"request_answer"}


def refused_by(line: CompiledLine, name: str) -> set[str]:
    """What one guard of the line itself is seen to refuse."""
    return {
        way.id
        for way in shared(line)
        for guard in (*way.before, *way.after)
        if guard.name == name and check_guard(line, way, guard)
    }


@pytest.mark.parametrize("line", lines.versions(), ids=lambda line: f"{line.line}-{line.version}")
def test_only_what_the_line_has_no_use_for_is_not_offered(line: CompiledLine) -> None:
    spec = line.spec
    nobody_asked = not any(line.questions(matter) for matter in spec.matters)
    nothing_again = not any(spec.redo_targets(matter) for matter in spec.matters)
    useless = [("request_answer", "receive_answer"), ("X2", "X6")]

    known = {id_ for ids, no in zip(useless, (nobody_asked, nothing_again), strict=True) if no
             for id_ in ids}  # fmt: skip

    assert {way.id for way in every(line) if not way.forms} == known


@pytest.mark.parametrize("line", lines.versions(), ids=lambda line: f"{line.line}-{line.version}")
def test_a_clock_is_extended_as_far_as_its_line_says_and_where_it_says_so(
    line: CompiledLine, record_property: Note
) -> None:
    refused = 0
    extend = line.actions["extend"]
    for matter, form in extend.forms.items():
        names = next(spec.choices for spec in form.own.specs if spec.name == "clock")
        for clock in (line.clock(name) for name in names):
            assert clock is not None
            own = all_compiled(clock.extends_when)
            # As if the clock's own guards were the action's: a scene is searched for all of them.
            way = replace(extend, before=(*extend.before, *own))
            most = clock.extension
            told = {"clock": clock.name, "count": most or 1}
            if most != 0:
                asked(*extending(line, way, matter, told))
            for guard in own:
                assert because(*extending(line, way, matter, told, guard)) == guard.title
            if most is not None:
                where, scene = extending(line, way, matter, told)
                scene.record["count"] = most + 1
                with pytest.raises(FieldInvalid):
                    asked(where, scene)
            refused += len(own) + (most is not None)
    record_property("refusals", refused)


def extending(
    line: CompiledLine, way: Way, matter: str, told: dict[str, object], failing: Guard | None = None
) -> tuple[Where, Scene]:
    """Whoever may extend it, in whatever state; or one for whom that guard alone is in the way."""
    for where in everywhere(line, way, matters=(matter,)):
        start = bare(where)
        start.record |= told
        if (scene := found(where, failing=failing, start=start)) is not None:
            return where, scene
    raise AssertionError(f"{line.line} {line.version} {matter}: {told}, {failing}")


# --- nothing is forgotten ------------------------------------------------------------------------


def test_every_guard_of_the_vocabulary_has_scenes() -> None:
    assert set(TABLE) == set(VOCABULARY)


def test_as_many_are_tested_as_stand_in_the_files() -> None:
    common, current = _plainly(FOLDER / COMMON), 0
    for file in map(_plainly, line_files()):
        code, version = file["code"], str(file["version"])
        cases = [way for line, way in OWN if (line.line, line.version) == (code, version)]
        steps = [way for way in cases if way.kind == "step"]
        counted = {
            "steps": len(file["transitions"]),
            "entries": len(file.get("entries", ())),
            "roles": sum(len(_roles(one)) for one in file["transitions"]),
            "guards": sum(_guards(one) for one in file["transitions"]),
        }

        tested = {
            "steps": len(steps),
            "entries": len(cases) - len(steps),
            "roles": sum(len(roles(way)) for way in steps),
            "guards": sum(len(way.before) + len(way.after) for way in steps),
        }

        print(f"{code} {version}: {', '.join(f'{n} {what}' for what, n in tested.items())}")
        assert tested == counted
        if "to" not in file["valid"]:
            current += len(steps)
    print(f"{current} line transitions in force, {len(common['transitions'])} of all lines")
    assert len(SHARED) == sum(len(common[key]) for key in ("transitions", "entries", "actions"))


def _plainly(path: Path) -> dict[str, Any]:
    # Written by others than the loader reads with; and in C, as there are many of them.
    read: dict[str, Any] = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    return read


def _roles(step: dict[str, Any]) -> set[str]:
    return set(step["by"]) | ({"FD", "SC"} if "RES" in step["by"] else set())


# What the file says of the step itself, besides the rules of every step and of its goal.
def _guards(step: dict[str, Any]) -> int:
    return len(list(step.get("when", ()))) + 1 + int(step["to"] == "resolved")
