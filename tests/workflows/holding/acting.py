"""Who acts."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from domain.affair.state import Done, Noted
from tests.workflows.holding import Change, Ways, Where, entered, telling, together, working
from tests.workflows.scenes import THEY, Scene


@entered("actor_is_not")
def _is_not(where: Where, who: Any) -> Ways:
    return [_somebody_else], list(_being(where, who))


def _somebody_else(scene: Scene) -> None:
    scene.account = "somebody else"


def _being(where: Where, who: Any) -> Iterator[Change]:
    if who == "handler":
        yield from (_did("steps", step.id) for step in where.line.spec.transitions)
    elif who == "registrar":
        yield lambda scene: setattr(scene, "registered_by", scene.account)
    elif who == "proposer":
        yield lambda scene: working(proposed_by=scene.account)(scene)
    else:
        fields = ("investigators",) if isinstance(who, str) else who.fields
        if not isinstance(who, str):
            yield from (_did("steps", step) for step in who.steps)
            yield from (_did("entries", entry) for entry in who.entries)
        yield from (_named(where, name) for name in fields if telling(where, name, "somebody"))


# The last of that name was theirs; where there is none, there is one now.
def _did(what: str, name: str) -> Change:
    def change(scene: Scene) -> None:
        done: list[Done | Noted] = getattr(scene, what)
        for at in reversed(range(len(done))):
            if name in (getattr(done[at], "step", ""), getattr(done[at], "entry", "")):
                done[at] = replace(done[at], by=scene.account)
                return
        scene.done(name, by=scene.account) if what == "steps" else scene.noted(
            name, by=scene.account
        )

    return change


def _named(where: Where, name: str) -> Change:
    return lambda scene: together(*telling(where, name, scene.account))(scene)


@entered("actor_named")
def _actor_named(where: Where, names: Any) -> Ways:
    right = [_named(where, name) for name in names if telling(where, name, "somebody")]
    return [together(*right)], [c for name in names for c in telling(where, name, THEY)]
