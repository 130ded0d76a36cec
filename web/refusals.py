"""How each refusal is answered: its status, and what it says in both languages."""

from dataclasses import dataclass

from domain import errors as e
from domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class Kind:
    """How a refusal is answered. detail: a sentence filled from the facts, which are told too."""

    status: int
    zh: str
    en: str
    detail_zh: str = ""
    detail_en: str = ""
    facts: tuple[str, ...] = ()
    retry: bool = False


TABLE: dict[type[Refusal], Kind] = {
    Refusal: Kind(409, "不能办理", "Refused"),
    e.Malformed: Kind(
        422,
        "填写有误",
        "Malformed",
        "{field}：{because}",
        "{field}: {because}",
        ("field", "because"),
    ),
    e.NotFound: Kind(
        404,
        "没有找到",
        "Not found",
        "没有这项内容，或者不在您的权限范围内。",
        "There is no such thing, or it lies outside your reach.",
    ),
    e.NotAllowed: Kind(
        403,
        "没有权限",
        "Not allowed",
        "您的角色没有这项权限：{action}。",
        "Your role has no right to do this: {action}.",
        ("action", "role"),
    ),
    e.StepNotOpen: Kind(
        409,
        "现在不能办这一步",
        "Step not open",
        "{step} 现在不能办：{because}",
        "{step} is not open: {because}",
        ("step", "because"),
    ),
    e.FieldMissing: Kind(
        422,
        "缺少必填项",
        "Field missing",
        "{step} 须填 {field}。",
        "{step} needs {field}.",
        ("step", "field"),
    ),
    e.FieldInvalid: Kind(
        422,
        "填写有误",
        "Field invalid",
        "{step} 的 {field}：{because}",
        "{field} of {step}: {because}",
        ("step", "field", "because"),
    ),
    e.NotAfterTheLast: Kind(
        422,
        "发生时间不对",
        "Time out of order",
        "发生时间 {occurred_at} 应在 {earliest} 与 {latest} 之间。",
        "{occurred_at} does not lie between {earliest} and {latest}.",
        ("occurred_at", "earliest", "latest"),
    ),
    e.NotPermittedNow: Kind(
        409,
        "现在不能这样做",
        "Not possible now",
        "{action} 现在不能办：{because}",
        "{action} is not possible now: {because}",
        ("action", "because"),
    ),
    e.Conflict: Kind(
        409,
        "别人先办了",
        "Somebody was faster",
        "同一时间有人办了别的，请再试一次。",
        "Somebody else acted at the same moment; try again.",
        ("expected", "actual"),
        retry=True,
    ),
    e.VersionMismatch: Kind(
        412,
        "您看到的已不是最新",
        "Changed meanwhile",
        "您看的是第 {expected} 条之后的样子，现在已到第 {actual} 条。",
        "You had read version {expected}; it is version {actual} now.",
        ("expected", "actual", "since"),
    ),
    e.ClaimHeld: Kind(
        409,
        "已有同样的记录",
        "Held already",
        "同样的内容已经登记过。",
        "The same has been entered already.",
    ),
    e.CommandReused: Kind(
        409,
        "命令编号已用于另一请求",
        "Command id reused",
        "命令编号 {command_id} 已用于另一请求，请换一个。",
        "Command id {command_id} was used for another request; take a fresh one.",
        ("command_id",),
    ),
    e.LineInvalid: Kind(
        422,
        "条线文件有误",
        "Line invalid",
        "条线文件有 {count} 处错误。",
        "The line file has {count} faults.",
        ("faults",),
    ),
    e.CalendarMissing: Kind(
        409,
        "缺少工作日历",
        "Calendar missing",
        "没有 {year} 年的工作日历，请管理员先导入。",
        "There is no working-day table for {year}; an administrator has to import it.",
        ("year",),
    ),
    e.AttachmentRefused: Kind(
        422,
        "附件未收",
        "Attachment refused",
        "附件未收：{because}",
        "The attachment was refused: {because}",
        ("because",),
    ),
    e.Unreadable: Kind(
        500,
        "有一条记录无法读取",
        "A record cannot be read",
        "有一条记录（{topic}，第 {version} 条）无法读取，已停放待查；其他事务不受影响。",
        "A record ({topic}, version {version}) cannot be read and is set aside; other affairs "
        "go on.",
        ("topic", "version"),
    ),
    e.StorageUnavailable: Kind(
        503,
        "暂时不能保存",
        "Storage unavailable",
        "数据库暂时不可用，没有保存任何内容，请稍后再试。",
        "The database cannot be used now and nothing was stored; try again later.",
        retry=True,
    ),
    e.OutcomeUnknown: Kind(
        503,
        "结果未知",
        "Outcome unknown",
        "提交时连接中断，不知道是否已保存；请用同一命令编号 {command_id} 再提交一次。",
        "The connection was lost while committing; ask again with command id {command_id}.",
        ("command_id",),
        retry=True,
    ),
}
"""Every refusal there is; one that is not named is answered as its nearest ancestor."""


def kind_of(refusal: type[Refusal]) -> Kind:
    """The row of a refusal, or of its nearest ancestor that has one."""
    return next(TABLE[kind] for kind in refusal.__mro__ if kind in TABLE)
