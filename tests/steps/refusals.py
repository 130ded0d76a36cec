"""Why something was refused, in the words of the office."""

from __future__ import annotations

import re
from typing import NamedTuple

from pytest_bdd import parsers, then

from domain import errors
from domain.affair.commands import Act, TakeStep
from domain.errors import Refusal
from tests.steps import labels
from tests.steps.world import World


class Why(NamedTuple):
    """The kinds of refusal it may be, and what its reason begins with; none for any."""

    kind: type[Refusal] | tuple[type[Refusal], ...]
    because: str | tuple[str, ...] = ()


STEP, ACTION = errors.StepNotOpen, errors.NotPermittedNow
REASONS: dict[str, Why] = {
    # the procedure
    "该事项的状态不允许": Why((STEP, ACTION), "state"),
    "不是该岗位的职责": Why((STEP, ACTION), "role"),
    "还没有劝导未果的记录": Why(STEP, "entries_at_least"),
    "已经劝导三次": Why(STEP, "steps_fewer_than"),
    "处置人不得核查自己的处置": Why(STEP, "actor_is_not"),
    "派遣已超过四个工作时": Why(STEP, "time_in_state_at_most"),
    "还有协办没有完成": Why(STEP, "no_open_joint_task"),
    # referral, joint work, supervision
    "前一次转办还没有答复": Why(ACTION, "not: referral_open"),
    "转办的不是该单位": Why(ACTION, "referred to "),
    "没有待签收的转办": Why(ACTION, "referral_open"),
    "没有说明是哪一件协办": Why(ACTION, "name one open task"),
    "没有未完成的协办": Why(ACTION, "not: no_open_joint_task"),
    "已经到区一级": Why(ACTION, "already at the district"),
    "该事项没有可以请求的核查": Why(ACTION, "matter_in"),
    "没有待反馈的督办": Why(ACTION, "no order is open"),
    # time
    "该期限已经延期一次": Why(ACTION, "disposal was extended once"),
    "该期限已经到期": Why(ACTION, "disposal is due already"),
    "该期限没有在计时": Why(ACTION, "no running clock checking"),
    "该阶段不得挂起": Why(ACTION, "suspendable"),
    "正在挂起": Why((STEP, ACTION), "not_suspended"),
    "没有挂起": Why(ACTION, "not: not_suspended"),
    "发生的时间不对": Why(errors.NotAfterTheLast),
    # return visits and reopening
    "经办人不得办理": Why((STEP, ACTION), "actor_is_not"),
    "不在应当回访的时候": Why(ACTION, "any_of: clock_running"),
    "没有认定应否重办": Why(ACTION, "any_of: not: field_is, field_is"),
    "评价不是满意": Why(STEP, "rating_at_least"),
    "评价不是不满意": Why(STEP, "rating_at_most"),
    "没有认定应当重办": Why(STEP, "finding_is"),
    "应当重办而没有重办": Why(
        STEP,
        "any_of: finding_is, not: redo_possible, all_of: reopened_at_least, supervision_reported",
    ),
    "联系的次数、天数或时段不够": Why(STEP, "any_of: contact_attempts"),
    "已经重办两次": Why(STEP, "reopened_fewer_than"),
    "结案已超过三十日": Why(STEP, "days_since_closing_at_most"),
    # intake and ends
    "没有写明诉求": Why(errors.Malformed, "say in one line what is asked"),
    "没有这个事项": Why((errors.Malformed, errors.NotFound)),
    "登记已超过五个工作日": Why(STEP, "time_since_registered_at_most"),
    "已经告知过一次": Why(STEP, "entries_fewer_than"),
    "没有告知过补正": Why(STEP, "entries_at_least"),
    "终止原因与所填不符": Why(
        STEP, ("any_of: not: field_is, field_given", "any_of: field_is, not: field_given")
    ),
    "告知补正不满三十日或已经补正": Why(
        STEP, "any_of: not: field_is, all_of: time_since_entry_at_least, entries_fewer_than"
    ),
    # rights and the log
    "该岗位没有这项权限": Why(errors.NotAllowed),
    "不在职责范围内": Why(errors.NotFound),
    "这一请求已用于别的办理": Why(errors.CommandReused),
    "当天已经走访过这一户": Why(errors.ClaimHeld),
}


@then(parsers.re("被拒绝，因为(?P<why>.+)"))
def refused(world: World, why: str) -> None:
    """It was refused for this reason, and nothing was stored."""
    refusal = world.refused()
    if why.startswith("缺少"):
        assert isinstance(refusal, errors.FieldMissing), repr(refusal)
        assert label_of(refusal.step, refusal.field) == why.removeprefix("缺少")
    elif why.endswith("填写不当"):
        assert isinstance(refusal, errors.FieldInvalid), repr(refusal)
        assert label_of(refusal.step, refusal.field) == why.removesuffix("填写不当")
    elif flag := re.fullmatch("没有确认“(.+)”", why):
        assert isinstance(refusal, STEP | ACTION), repr(refusal)
        assert refusal.because == "field_true"
        assert flag.group(1) in flags_of(world)
    else:
        assert why in REASONS, f"{why}: one of {', '.join(REASONS)}; it was {refusal!r}"
        wanted = REASONS[why]
        codes = (wanted.because,) if isinstance(wanted.because, str) else wanted.because
        assert isinstance(refusal, wanted.kind), repr(refusal)
        assert not codes or getattr(refusal, "because", "").startswith(codes), repr(refusal)


def label_of(deed: str, field: str) -> str:
    """What the line calls a field of a deed."""
    line = labels.line()
    ways = (*line.steps.items(), *line.entries.items(), *line.actions.items())
    (way,) = (way for id_, way in ways if id_ == deed)
    specs = next(iter(way.forms.values())).behalf.specs
    return next(spec.label.zh for spec in specs if spec.name == field)


def flags_of(world: World) -> list[str]:
    """The flags that were asked for and not set, by their labels."""
    asked = world.command
    assert isinstance(asked, TakeStep | Act)
    deed = asked.step if isinstance(asked, TakeStep) else asked.action
    return [label_of(deed, name) for name, value in asked.record.items() if value is False]
