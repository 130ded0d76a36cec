"""The Chinese words of a line for what can be done, and what they name in it."""

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from domain.affair.commands import Act, Command, RecordEntry, TakeStep
from workflows.machine import CompiledLine
from workflows.ways import Way

VERB = "(?:办理|记录|提出|作出|决定)"
"""May stand before what is done."""


class Deed(NamedTuple):
    """What can be done with an affair: a step, an entry or an action, by its id."""

    kind: Literal["step", "entry", "action"]
    id: str


def ways(line: CompiledLine) -> Iterator[tuple[Deed, Way]]:
    """All that a line knows to do, a step before an entry before an action."""
    yield from ((Deed("step", id_), way) for id_, way in line.steps.items())
    yield from ((Deed("entry", id_), way) for id_, way in line.entries.items())
    yield from ((Deed("action", id_), way) for id_, way in line.actions.items())


def way(line: CompiledLine, done: Deed) -> Way:
    """What the line says of it."""
    found = {"step": line.steps, "entry": line.entries, "action": line.actions}
    return found[done.kind][done.id]


def label(line: CompiledLine, done: Deed) -> str:
    """Its Chinese name."""
    return way(line, done).spec.label.zh


def named(line: CompiledLine, text: str, *, apart: bool = False) -> list[Deed]:
    """What a text means in a line: steps of that name before an entry before an action; more
    than one where several steps share a name.

    apart: the action of all lines is meant, where a step of the line bears its name.
    """
    words = (text, re.sub(f"^{VERB}", "", text))
    for word in words:
        known = [done for done, way in ways(line) if way.spec.label.zh == word]
        for kind in ("action",) if apart else ("step", "entry", "action"):
            if found := [done for done in known if done.kind == kind]:
                return found
    return []


def deed(
    line: CompiledLine, text: str, *, apart: bool = False, matter: str = "", state: str = ""
) -> Deed:
    """What a text means for an affair of `matter` in `state`; of several steps of one name, the
    one that fits it."""
    found = named(line, text, apart=apart)
    assert found, f"{line.line} {line.version} does not know {text}"

    def fits(done: Deed) -> tuple[bool, bool]:
        known = way(line, done)
        return matter in known.forms, state in known.sources

    return max(found, key=fits)


def state(line: CompiledLine, text: str) -> str:
    """The state of that name."""
    found = [code for code, label in line.states.items() if label.zh == text]
    assert found, f"{line.line} {line.version} has no state {text}"
    return found[0]


def command(done: Deed, **asked: Any) -> Command:
    """The command that asks for it. asked: what every such command carries, and its record."""
    match done.kind:
        case "step":
            return TakeStep(**asked, step=done.id)
        case "entry":
            return RecordEntry(**asked, entry=done.id)
        case "action":
            return Act(**asked, action=done.id)
