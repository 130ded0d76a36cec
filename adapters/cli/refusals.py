"""Every refusal as one line for a person at a terminal; a faulty line file as one line a fault."""

from domain import errors as e
from domain.errors import Refusal

# Kind of refusal: the sentence in Chinese and in English, filled from its attributes; `told` is
# the refusal's own text.
SENTENCES: dict[type[Refusal], tuple[str, str]] = {
    Refusal: ("未办理：{told}", "refused: {told}"),
    e.Malformed: ("{field} 不正确：{because}", "{field} is not right: {because}"),
    e.NotFound: ("找不到 {what} {key}", "there is no {what} {key}"),
    e.NotAllowed: ("{role} 无权进行 {action}", "{role} may not {action}"),
    e.StepNotOpen: ("步骤 {step} 现在不能办理：{because}", "step {step} is not open: {because}"),
    e.FieldMissing: ("{step} 缺少必填项 {field}", "{step} needs {field}"),
    e.FieldInvalid: (
        "{step} 的 {field} 不正确，应为：{because}",
        "{field} of {step} is not right, wanted: {because}",
    ),
    e.NotAfterTheLast: (
        "发生时间 {occurred_at} 不在 {earliest} 与 {latest} 之间",
        "{occurred_at} does not lie between {earliest} and {latest}",
    ),
    e.NotPermittedNow: ("现在不能进行 {action}：{because}", "{action} is not possible: {because}"),
    e.Conflict: (
        "{stream_id} 已被他人更新到第 {actual} 版（您读到的是第 {expected} 版）",
        "{stream_id} has moved on to version {actual} (you had read {expected})",
    ),
    e.ClaimHeld: ("{name} 已被 {holder} 占用", "{name} is held by {holder}"),
    e.CommandReused: (
        "命令编号 {command_id} 已用于另一请求",
        "command id {command_id} was used for another request",
    ),
    e.CalendarMissing: (
        "没有 {year} 年的工作日历，请先导入",
        "there is no working-day table for {year}; import it first",
    ),
    e.AttachmentRefused: ("附件 {name} 未收：{because}", "attachment {name} refused: {because}"),
    e.Unreadable: (
        "事件无法读取：{topic}（{stream_id} 第 {version} 版）：{because}",
        "an event cannot be read: {topic} ({stream_id}, version {version}): {because}",
    ),
    e.StorageUnavailable: (
        "数据库暂不可用，没有保存任何内容：{told}",
        "the database cannot be used now, nothing was stored: {told}",
    ),
    e.OutcomeUnknown: (
        "提交时连接中断，结果未知；请用同一命令编号 {command_id} 再试",
        "the connection was lost while committing; ask again with command id {command_id}",
    ),
}

FAULT = "{file}:{line}: {wrong} ({remedy})"


def sentence(refusal: Refusal, language: str) -> str:
    """What to tell a person in `language`, zh or en. One line, but for the faults of a file."""
    if isinstance(refusal, e.LineInvalid):
        return "\n".join(
            FAULT.format(file=file, line=line, wrong=wrong, remedy=remedy)
            for file, line, wrong, remedy in refusal.faults
        )
    kind = next(kind for kind in type(refusal).__mro__ if kind in SENTENCES)
    template = SENTENCES[kind][0 if language == "zh" else 1]
    return " ".join(template.format(**vars(refusal), told=str(refusal)).split())
