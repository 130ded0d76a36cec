"""For each guard of the vocabulary: how a scene can be changed so that it holds, and so that it
fails. One table, filled by a module for each topic, which is found by itself; a guard that is not
in it fails a test.

What the matter, the state, the role or the line itself decides cannot be changed: such a guard
holds or fails as it stands, and has no change for the other case.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from itertools import islice, product
from pkgutil import iter_modules
from typing import Any

from domain.actor import Role
from tests.workflows.scenes import NOON, Scene
from workflows.fields import FieldSpec
from workflows.guards import Guard
from workflows.machine import CompiledLine
from workflows.ways import Way

Change = Callable[[Scene], None]
Changes = Sequence[Change]
Ways = tuple[Changes, Changes]
"""What makes a guard hold, and what makes it fail."""

MOST = 200
"""Combinations of changes that are tried for one guard."""

LONG_AGO, JUST_NOW = NOON - timedelta(days=2000), NOON - timedelta(minutes=1)
SOON, GONE = timedelta(days=1), -timedelta(minutes=1)


@dataclass(frozen=True)
class Where:
    """A step, entry or action of a line, and what a scene of it cannot change."""

    line: CompiledLine
    way: Way
    matter: str
    state: str
    role: Role

    @property
    def guards(self) -> tuple[Guard, ...]:
        """All that must hold."""
        return (*self.way.before, *self.way.after)

    def field(self, name: str) -> FieldSpec | None:
        """What is asked for now under that name."""
        specs = self.way.reader(self.matter, self.role).specs
        return next((spec for spec in specs if spec.name == name), None)

    def choices(self, name: str) -> list[str]:
        """What a field can hold, wherever the line asks for it."""
        known: list[str] = []
        for way in (*self.line.steps.values(), *self.line.entries.values()):
            for form in way.forms.values():
                known += (c for spec in form.own.specs if spec.name == name for c in spec.choices)
        return list(dict.fromkeys(known))


def changes(guard: Guard, where: Where) -> Ways:
    """What makes it hold, and what makes it fail, in a scene of `where`."""
    return TABLE[guard.name](where, guard.parameter)


# --- what a change is --------------------------------------------------------------------------


def setting(**values: Any) -> Change:
    """Sets attributes of the scene."""

    def change(scene: Scene) -> None:
        for name, value in values.items():
            setattr(scene, name, value)

    return change


def working(**values: Any) -> Change:
    """Changes the work that was done."""

    def change(scene: Scene) -> None:
        scene.work = replace(scene.work, **values)

    return change


def calling(name: str, *args: Any, times: int = 1, **kwargs: Any) -> Change:
    """Calls one of the scene's own methods."""

    def change(scene: Scene) -> None:
        for _ in range(times):
            getattr(scene, name)(*args, **kwargs)

    return change


def together(*parts: Change) -> Change:
    """One after another."""

    def change(scene: Scene) -> None:
        for part in parts:
            part(scene)

    return change


def each_way(parts: Sequence[Changes]) -> Changes:
    """One change of each, in every combination."""
    return [together(*chosen) for chosen in islice(product(*parts), MOST)]


AS_IT_IS: Change = together()


def given(holds: bool) -> Ways:
    """It holds, or fails, and no scene can change that."""
    return ([AS_IT_IS], []) if holds else ([], [AS_IT_IS])


def telling(where: Where, name: str, value: object) -> Changes:
    """Records a field: now where the step asks for it, before where it does not. None is nothing.

    No change where it cannot be told: the step asks for it in other matters, or needs it.
    """
    if name not in where.way.asked:
        text = ("yes" if value else "no") if isinstance(value, bool) else value

        def before(scene: Scene) -> None:
            scene.facts.pop(name, None)
            if text is not None:
                scene.facts[name] = str(text)

        return [before]
    spec = where.field(name)
    if spec is None:
        return [AS_IT_IS] if value is None else []
    if value is None and spec.required:
        return []

    def now(scene: Scene) -> None:
        scene.record.pop(name, None)
        if value is not None:
            scene.record[name] = value

    return [now]


def told_each(where: Where, parts: Mapping[str, Sequence[object]]) -> Changes:
    """Records each of these fields as one of its values, in every combination."""
    return each_way(
        [
            [change for value in values for change in telling(where, name, value)]
            for name, values in parts.items()
        ]
    )


# --- the table ---------------------------------------------------------------------------------

TABLE: dict[str, Callable[[Where, Any], Ways]] = {}


def entered(*names: str) -> Callable[[Callable[[Where, Any], Ways]], Callable[[Where, Any], Ways]]:
    """Enter what is known of these guards in the table."""

    def enter(known: Callable[[Where, Any], Ways]) -> Callable[[Where, Any], Ways]:
        TABLE.update(dict.fromkeys(names, known))
        return known

    return enter


# --- combinations ---------------------------------------------------------------------------


def _of(parts: Sequence[Guard], where: Where) -> tuple[list[Changes], list[Changes]]:
    known = [changes(part, where) for part in parts]
    return [holds for holds, _ in known], [fails for _, fails in known]


def all_hold(parts: Sequence[Guard], where: Where) -> Ways:
    """All of them, and any one of them not."""
    holds, fails = _of(parts, where)
    one_fails = [
        together(rest, fail)
        for at, failing in enumerate(fails)
        for fail in failing
        for rest in each_way([*holds[:at], *holds[at + 1 :]]) or [AS_IT_IS]
    ]
    return each_way(holds), one_fails


def any_holds(parts: Sequence[Guard], where: Where) -> Ways:
    """One of them, and none."""
    holds, fails = _of(parts, where)
    return [change for some in holds for change in some], each_way(fails)


@entered("all_of")
def _all_of(where: Where, parts: Any) -> Ways:
    return all_hold(parts, where)


@entered("any_of")
def _any_of(where: Where, parts: Any) -> Ways:
    return any_holds(parts, where)


@entered("not")
def _not(where: Where, parts: Any) -> Ways:
    holds, fails = any_holds(parts, where)
    return fails, holds


# --- the vocabulary, by topic --------------------------------------------------------------------

for _topic in iter_modules(__path__):
    import_module(f"{__name__}.{_topic.name}")
