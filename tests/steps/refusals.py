"""Why something was refused, in the words of the office."""

from __future__ import annotations

from typing import NamedTuple

from pytest_bdd import parsers, then

from domain import errors
from domain.errors import Refusal
from tests.steps import labels
from tests.steps.world import World


class Why(NamedTuple):
    """A kind of refusal, and the code of its reason; an empty one for any."""

    kind: type[Refusal]
    because: str = ""


STEP, ACTION = errors.StepNotOpen, errors.NotPermittedNow
REASONS: dict[str, Why] = {
    "该事项的状态不允许": Why(STEP, "state"),
    "不是该岗位的职责": Why(STEP, "role"),
    "还没有劝导未果的记录": Why(STEP, "entries_at_least"),
    "已经劝导三次": Why(STEP, "steps_fewer_than"),
    "处置人不得核查自己的处置": Why(STEP, "actor_is_not"),
    "经办人不得办理": Why(STEP, "actor_is_not"),
    "派遣已超过四个工作时": Why(STEP, "time_in_state_at_most"),
    "还有协办没有完成": Why(STEP, "no_open_joint_task"),
}


@then(parsers.re("被拒绝，因为(?P<why>.+)"))
def refused(world: World, why: str) -> None:
    """It was refused for this reason, and nothing was stored."""
    refusal = world.refused()
    if why.startswith("缺少"):
        assert isinstance(refusal, errors.FieldMissing), repr(refusal)
        assert label_of(refusal.step, refusal.field) == why.removeprefix("缺少")
        return
    assert why in REASONS, f"{why}: one of {', '.join(REASONS)} or 缺少…; it was {refusal!r}"
    wanted = REASONS[why]
    assert isinstance(refusal, wanted.kind), repr(refusal)
    assert wanted.because in ("", getattr(refusal, "because", "")), repr(refusal)


def label_of(deed: str, field: str) -> str:
    """What the line calls a field of a deed."""
    line = labels.line()
    ways = (*line.steps.items(), *line.entries.items(), *line.actions.items())
    (way,) = (way for id_, way in ways if id_ == deed)
    specs = next(iter(way.forms.values())).behalf.specs
    return next(spec.label.zh for spec in specs if spec.name == field)
