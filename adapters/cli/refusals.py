"""Every refusal as one line for a person at a terminal; a faulty line file as one line a fault."""

from pydantic import ValidationError

from adapters.cli.words import language
from domain import errors as e
from domain.errors import Refusal
from workflows.chinese import in_chinese
from workflows.shapes import in_words

# Kind of refusal: the sentence in Chinese and in English, filled from its attributes; `told` is
# the refusal's own text.
SENTENCES: dict[type[Refusal], tuple[str, str]] = {
    Refusal: ("未办理：{told}", "refused: {told}"),
    e.Malformed: ("{field} 不正确：{because}", "{field} is not right: {because}"),
    e.NotFound: ("找不到{what} {key}", "there is no {what} {key}"),
    e.NameUnknown: (
        "条线 {line} 没有 {key}，有：{known}",
        "line {line} has no {what} {key}; it has {known}",
    ),
    e.MediaTypeWrong: ("内容类型应为 {expected}", "the content type has to be {expected}"),
    e.FormTooLong: ("表单内容太多，至多 {most}", "{told}"),
    e.NotAllowed: ("{role} 无权进行 {action}", "{role} may not {action}"),
    e.SignInRefused: ("账号、密码或验证码不正确", "account, password or code is not right"),
    e.SignInOver: ("登录已经结束", "the sign-in has ended"),
    e.FactorMissing: ("本账号没有第二重验证", "the account has no second factor"),
    e.TooManyTries: ("尝试次数过多，请等 {minutes} 分钟", "{told}"),
    e.InvitationOver: ("邀请已用过、已过期或不存在", "the invitation is over"),
    e.NoRoleToday: ("{account} 今天没有角色", "{told}"),
    e.FormStale: ("页面已过时", "the form is out of date"),
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
    e.NotForOneself: ("不得对本人的账号进行 {action}", "{told}"),
    e.RolesApart: ("{role} 与 {held} 不得由同一账号同日担任", "{told}"),
    e.LastOfItsRole: ("没有其他账号长期担任 {role}，请先授予他人", "{told}"),
    e.MustRecuse: ("{account} 已在这件事务中回避", "{account} was recused from this affair"),
    e.Conflict: (
        "{stream_id} 已被他人更新到第 {actual} 版（您读到的是第 {expected} 版）",
        "{stream_id} has moved on to version {actual} (you had read {expected})",
    ),
    e.ClaimHeld: ("{name} 已被 {holder} 占用", "{name} is held by {holder}"),
    e.NoPlaceLeft: ("{offering} 没有名额，候补也已满", "{offering} has no place left"),
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
    e.DistrictInUse: (
        "{place} 正被其他进程（{holders}）使用或替换；请先停止 tenlines serve、worker 等进程",
        "{told}",
    ),
    e.MasterKeyMissing: (
        "主密钥 {path} 不在，请放回原处；没有它无法读取个人信息，也不会另建新的",
        "{told}",
    ),
    e.PlaceUnusable: (
        "不能使用 {place}：{because}；没有办理，也没有保存任何内容",
        "{place} cannot be used: {because}; nothing was done or stored",
    ),
    e.MasterKeyWrong: (
        "主密钥 {path} 不是本辖区所用的那一把，请放回正确的主密钥后重新启动",
        "{told}",
    ),
    e.StorageUnavailable: (
        "数据库暂不可用，没有保存任何内容：{told}",
        "the database cannot be used now, nothing was stored: {told}",
    ),
    e.ViewOutdated: (
        "视图 {view} 为第 {stored} 版，本程序为第 {ours} 版；请先执行 tenlines rebuild --outdated",
        "{told}",
    ),
    e.OutcomeUnknown: (
        "提交时连接中断，结果未知；请用同一命令编号 {command_id} 再试",
        "the connection was lost while committing; ask again with command id {command_id}",
    ),
}

NOUNS = {
    "account": "账号",
    "affair": "事务",
    "attachment": "附件",
    "draft": "草案",
    "file of a copy": "备份文件",
    "grant": "授权",
    "line": "条线",
    "log": "辖区数据",
    "matter": "事项",
    "offering": "场次",
    "session": "登录",
    "unit": "单位",
    "version": "版本",
    "view": "视图",
}
"""What cannot be found, in Chinese."""

Fault = tuple[str, int, str, str]


def in_language(one: Fault) -> Fault:
    """A fault in the terminal's language."""
    (file, line, wrong, remedy), here = one, language()
    return (file, line, told(wrong, here), told(remedy, here))


def told(english: str, language: str) -> str:
    """A short English sentence in `language`, zh or en."""
    return in_chinese(english) if language == "zh" else english


def faults_told(error: ValidationError) -> str:
    """What is wrong with a file or with settings, place by place, in the terminal's language."""
    here = language()
    return "; ".join(
        f"{'.'.join(map(str, what['loc']))}: {told(wrong, here)} ({told(remedy, here)})"
        for what in error.errors(include_url=False)[:10]
        for wrong, remedy in [in_words(what, what["loc"], ())]
    )


def fault(file: str, line: int, wrong: str, remedy: str) -> str:
    """A fault of a file: where, what, what to write instead. Line 0 is no line."""
    return f"{file}:{line}: {wrong} ({remedy})" if line else f"{file}: {wrong} ({remedy})"


def sentence(refusal: Refusal, language: str) -> str:
    """What to tell a person in `language`, zh or en. One line, but for the faults of a file."""
    if isinstance(refusal, e.LineInvalid):
        return "\n".join(
            fault(file, line, told(wrong, language), told(remedy, language))
            for file, line, wrong, remedy in refusal.faults
        )
    kind = next(kind for kind in type(refusal).__mro__ if kind in SENTENCES)
    template = SENTENCES[kind][0 if language == "zh" else 1]
    facts = {**vars(refusal), "told": str(refusal)}
    if language == "zh" and "what" in facts:
        facts["what"] = NOUNS.get(str(facts["what"]), facts["what"])
    if isinstance(refusal, e.StepNotOpen | e.NotPermittedNow) and refusal.own:
        facts["because"] = refusal.own[language == "en"]
    elif "because" in facts:
        facts["because"] = told(str(facts["because"]), language)
    return " ".join(template.format(**facts).split())
