"""What was done, and what is still open."""

from typing import Any

from domain.affair.state import Joint
from tests.workflows.holding import (
    JUST_NOW,
    LONG_AGO,
    Change,
    Ways,
    Where,
    calling,
    entered,
    setting,
    together,
    working,
)
from tests.workflows.scenes import THEY, Scene


def _without(*steps: str, entry: str = "") -> Change:
    def change(scene: Scene) -> None:
        scene.steps = [done for done in scene.steps if done.step not in steps]
        scene.entries = [noted for noted in scene.entries if noted.entry != entry]

    return change


@entered("entries_at_least")
def _entries(where: Where, wanted: Any) -> Ways:
    facts = {name: values[0] for name, values in wanted.where.items()}
    other = dict.fromkeys(facts, "another")
    none = _without(*wanted.steps, entry=wanted.entry)
    enough = calling("noted", wanted.entry, times=wanted.count, **facts)
    fewer = [together(none, calling("noted", wanted.entry, times=wanted.count - 1, **facts)), none]
    if other:
        fewer.append(together(none, calling("noted", wanted.entry, times=wanted.count, **other)))
    return [enough], fewer


@entered("entries_fewer_than")
def _few_entries(where: Where, wanted: Any) -> Ways:
    holds, fails = _entries(where, wanted)
    steps = [calling("done", step, times=wanted.count) for step in wanted.steps]
    return fails, [*holds, *steps]


@entered("time_since_entry_at_least")
def _since_entry(where: Where, since: Any) -> Ways:
    none = _without(entry=since.entry)

    def noted(**when: Any) -> Change:
        return together(none, calling("noted", since.entry, **when))

    return [noted(at=LONG_AGO)], [none, noted(at=JUST_NOW)]


@entered("steps_at_least")
def _steps(where: Where, wanted: Any) -> Ways:
    facts = {name: values[0] for name, values in wanted.where.items()}
    none = _without(*wanted.steps)
    enough = [calling("done", step, times=wanted.count, **facts) for step in wanted.steps]
    first = wanted.steps[0]
    fewer = [together(none, calling("done", first, times=wanted.count - 1, **facts)), none]
    if facts:
        fewer.append(together(none, calling("done", first, times=wanted.count)))
    return enough, fewer


@entered("steps_fewer_than")
def _few_steps(where: Where, wanted: Any) -> Ways:
    holds, fails = _steps(where, wanted)
    return fails, holds


@entered("step_taken")
def _taken(where: Where, steps: Any) -> Ways:
    return [calling("done", step) for step in steps], [_without(*steps)]


@entered("step_never_taken")
def _never(where: Where, steps: Any) -> Ways:
    holds, fails = _taken(where, steps)
    return fails, holds


@entered("no_open_joint_task")
def _joint(where: Where, bare: Any) -> Ways:
    closed, left = Joint(1, "370103008/hw", done=True), Joint(2, "370103008/cg")
    return [working(joint=(closed,))], [working(joint=(closed, left))]


@entered("no_open_question")
def _no_question(where: Where, bare: Any) -> Ways:
    asked = where.line.questions(where.matter) or ("means_check",)
    return [working(questions=())], [working(questions=asked[:1])]


@entered("answer_received")
def _answered(where: Where, questions: Any) -> Ways:
    return [working(answers=tuple(questions), questions=())], [working(answers=())]


@entered("referral_open")
def _referral(where: Where, bare: Any) -> Ways:
    return [working(referral="370103008/cg")], [working(referral="")]


@entered("referred_to_actor")
def _referred(where: Where, bare: Any) -> Ways:
    asked = working(referral="370103008/cg")
    mine, theirs = setting(unit="370103008/cg"), setting(unit="370103008/hw")
    return [together(asked, mine)], [together(asked, theirs)]


@entered("supervision_proposed")
def _proposed(where: Where, bare: Any) -> Ways:
    return [working(proposed_by=THEY)], [working(proposed_by="")]


@entered("supervision_open")
def _ordered(where: Where, bare: Any) -> Ways:
    answered = working(orders=1, orders_answered=1)
    return [working(orders=1, orders_answered=0)], [answered, working(orders=0, orders_answered=0)]


@entered("supervision_reported")
def _reported(where: Where, bare: Any) -> Ways:
    return [working(orders=1, orders_answered=1)], [
        working(orders=0, orders_answered=0),
        working(orders=2, orders_answered=1),
    ]
