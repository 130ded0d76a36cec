"""Why something was refused, in the words of the office."""

from __future__ import annotations

import re

from pytest_bdd import parsers, then

from adapters.demo import deeds
from domain import errors
from domain.affair.commands import Act, RecordEntry, Register, TakeStep, deed_of
from domain.clock import local_day
from tests.steps import reasons
from tests.steps.reasons import Why
from tests.steps.world import World
from web.reasons import in_the_way
from web.words import Words
from workflows.machine import CompiledLine

STEP, ACTION = errors.StepNotOpen, errors.NotPermittedNow
REASONS: dict[str, Why] = {
    # the procedure; a line has more of its own in tests/steps/reasons.py
    "该事项的状态不允许": Why((STEP, ACTION), "state"),
    "不是该岗位的职责": Why((STEP, ACTION), "role"),
    "还有协办没有完成": Why(STEP, "no_open_joint_task"),
    # referral, joint work, supervision
    "前一次转办还没有答复": Why(ACTION, "not: referral_open"),
    "转办的不是该单位": Why(ACTION, "referred_to_actor"),
    "没有待签收的转办": Why(ACTION, "referral_open"),
    "没有说明是哪一件协办": Why(ACTION, "name one open task"),
    "那是别的单位的协办": Why(ACTION, "the task of another unit"),
    "没有未完成的协办": Why(ACTION, "not: no_open_joint_task"),
    "已经到区一级": Why(ACTION, "level_above"),
    "该事项没有可以请求的核查": Why(ACTION, "matter_in"),
    "没有写明更正哪一项": Why(ACTION, "nothing to correct is named"),
    "没有待反馈的督办": Why(ACTION, "supervision_open"),
    "没有待批准的督办": Why(ACTION, "supervision_proposed"),
    "已经提请过督办": Why(ACTION, "not: supervision_proposed"),
    "提请人不得批准自己的提请": Why(ACTION, "actor_is_not"),
    # assignment and recusal
    "已经回避": Why(errors.MustRecuse),
    "该岗位不能责令他人回避": Why(ACTION, "any_of: actor_named, actor_role_is"),
    "对方已经回避": Why(ACTION, "郑岚 was recused already"),
    # time
    "该期限已经延期一次": Why(ACTION, ("disposal was extended once", "clock_extendable")),
    "该期限已经到期": Why(ACTION, ("disposal is due already", "clock_extendable")),
    "该期限没有在计时": Why(ACTION, "no running clock checking"),
    "该阶段不得挂起": Why(ACTION, "suspendable"),
    "六十日的中止期限已用完": Why(ACTION, "suspension_left"),
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
    "要求匿名的不得写明是谁": Why(errors.Malformed, "left empty"),
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
    # units
    "该单位已经撤销": Why(errors.FieldInvalid, "a unit that was not closed"),
    "那时单位已经撤销": Why(errors.FieldInvalid, "2011-07-22 or earlier"),
    "下级单位还没有撤销": Why(errors.FieldInvalid, "370103008001-01 below it"),
    "那天不是该片区的社区工作者": Why(errors.FieldInvalid, "a worker of this area"),
    "早于设立之日": Why(errors.FieldInvalid, "2011-07-01 or later"),
    "代码已经用过": Why(errors.FieldInvalid, "a code that no unit has yet"),
    # accounts
    "不得办理自己的账号": Why(errors.NotForOneself),
    "这两个角色不得由一个账号同日担任": Why(errors.RolesApart),
    "没有别人长期担任这一角色": Why(errors.LastOfItsRole),
    "该账号已停用": Why(ACTION, "the account is closed"),
    "角色与单位不符": Why(errors.FieldInvalid, "for this role"),
    "代理人不在相邻单位担任同一角色": Why(ACTION, "a deputy holds the same role"),
    "代理最多六十天": Why(errors.FieldInvalid, "at most 60 days"),
    "代理人不得再委托代理": Why(ACTION, "a deputy has no deputy"),
    "该角色不得代理": Why(ACTION, "nobody stands in"),
    # sessions
    "不是社区、街道或本区": Why(errors.FieldInvalid, "a community, a street office"),
    "开始的时间已经过去": Why(errors.FieldInvalid, "in the future"),
    "名额少于已占用的两个": Why(errors.FieldInvalid, "a number from 2 to"),
    "候补少于正在候补的两人": Why(errors.FieldInvalid, "a number from 2 to"),
    # versions of lines
    "没有这份草案": Why(errors.NotFound),
    "该版本已经发布": Why(errors.FieldInvalid, "2011.1 is published already"),
    "读过之后又有改动": Why(errors.VersionMismatch),
    "施行日期已过": Why(errors.FieldInvalid, "2011-08-02 or later: what has happened"),
    "草案走不通": Why(errors.LineInvalid),
    # rights and the log
    "该岗位没有这项权限": Why(errors.NotAllowed),
    "不是该事项的承办人": Why(errors.NotAllowed),
    "没有说明查看事由": Why(errors.FieldMissing),
    "不在职责范围内": Why(errors.NotFound),
    "这一请求已用于别的办理": Why(errors.CommandReused),
    "当天已经走访过这一户": Why(errors.ClaimHeld),
}


@then(parsers.re("被拒绝，因为(?P<why>.+)"))
def refused(world: World, why: str) -> None:
    """It was refused for this reason, and nothing was stored.

    The reason is a kind that stands above or in the line's own table, or just what the page says.
    """
    refusal = world.refused()
    line = line_of(world)
    own = reasons.REASONS.get(line.line, {}) if line else {}
    wanted = own.get(why) or REASONS.get(why)
    if wanted is not None:
        codes = (wanted.because,) if isinstance(wanted.because, str) else wanted.because
        assert isinstance(refusal, wanted.kind), repr(refusal)
        assert not codes or getattr(refusal, "because", "").startswith(codes), repr(refusal)
    elif why.startswith("缺少"):
        assert isinstance(refusal, errors.FieldMissing), repr(refusal)
        assert label_of(world, refusal.step, refusal.field) == why.removeprefix("缺少")
    elif why.endswith("填写不当"):
        assert isinstance(refusal, errors.FieldInvalid), repr(refusal)
        assert label_of(world, refusal.step, refusal.field) == why.removesuffix("填写不当")
    elif flag := re.fullmatch("没有确认“(.+)”", why):
        assert isinstance(refusal, STEP | ACTION), repr(refusal)
        assert refusal.because == "field_true"
        assert flag.group(1) in flags_of(world)
    else:
        assert isinstance(refusal, STEP | ACTION), f"{why}: it was {refusal!r}"
        shown = in_the_way(refusal, Words("zh")).removesuffix("。")
        assert shown == why.removesuffix("。"), f"{refusal!r}, as the page says: {shown}"


def line_of(world: World) -> CompiledLine | None:
    """The line of what was asked for; None where there is none, as for units and accounts."""
    if not isinstance(world.command, Register):
        return world.line if world.affairs else None
    try:
        day = local_day(world.clock.at)
        return world.house.reference.lines.in_force(world.command.matter[:2], day)
    except errors.NotFound:
        return None


def label_of(world: World, deed: str, field: str) -> str:
    """What the line calls a field of a deed, or of the registration."""
    line, command = line_of(world), world.command
    assert line is not None, deed
    if isinstance(command, Register):
        specs = line.matter(command.matter).fields
    else:
        (way,) = (way for done, way in deeds.ways(line) if done.id == deed)
        form = way.forms.get(world.page().matter) or next(iter(way.forms.values()))
        specs = form.behalf.specs
    return next(spec.label.zh for spec in specs if spec.name == field)


def flags_of(world: World) -> list[str]:
    """The flags that were asked for and not set, by their labels."""
    asked = world.command
    assert isinstance(asked, TakeStep | Act | RecordEntry)
    deed = deed_of(asked)
    return [label_of(world, deed, name) for name, value in asked.record.items() if value is False]
