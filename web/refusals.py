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
    e.NameUnknown: Kind(
        404,
        "没有这个名称",
        "Unknown name",
        "条线 {line} 没有{what} {key}；有：{known}。",
        "Line {line} has no {what} {key}; it has {known}.",
        ("what", "key", "line", "known"),
    ),
    e.MediaTypeWrong: Kind(
        415,
        "格式不支持",
        "Unsupported media type",
        "请在 Content-Type 头中写明 {expected}，并按此格式提交。",
        "Send the body as {expected}, and say so in the Content-Type header.",
        ("expected",),
    ),
    e.FormTooLong: Kind(
        413,
        "表单内容太多",
        "The form holds too much",
        "一张表单至多带{what}。请返回上一页，分几次提交。",
        "One form holds at most {what}. Go back and send it in several parts.",
        ("what", "most"),
    ),
    e.NotAllowed: Kind(
        403,
        "没有权限",
        "Not allowed",
        "您的角色没有这项权限：{action}。",
        "Your role has no right to do this: {action}.",
        ("action", "role"),
    ),
    e.SignInRefused: Kind(
        401,
        "登录未成功",
        "Not signed in",
        "账号、密码或验证码不正确。",
        "Account, password or code is not right.",
    ),
    e.SignInOver: Kind(
        401,
        "请重新登录",
        "Sign in again",
        "登录已经结束或中断，请重新登录。",
        "The sign-in has ended or was interrupted; sign in again.",
    ),
    e.FactorMissing: Kind(
        403,
        "缺少第二重验证",
        "No second factor",
        "工作人员登录时须出示第二重验证。还没有的，请向管理员申请重新邀请；刚设好的，请退出后重新登录。",
        "Staff show a second factor when they sign in. If there is none yet, ask an administrator "
        "to invite you anew; if it was set up just now, sign out and in again.",
    ),
    e.TooManyTries: Kind(
        429,
        "尝试次数过多",
        "Too many tries",
        "尝试次数过多，请等 {minutes} 分钟后再试。",
        "Too many tries; wait {minutes} min and try again.",
        ("minutes",),
    ),
    e.InvitationOver: Kind(
        410,
        "邀请已失效",
        "Invitation over",
        "邀请已用过、已过期或不存在，请向管理员索取新的邀请。",
        "The invitation was used, is too old or does not exist; ask an administrator for another.",
    ),
    e.NoRoleToday: Kind(
        403,
        "今天没有角色",
        "No role today",
        "登录时所用的角色今天已不再有效。",
        "The role of this sign-in is no longer in force today.",
    ),
    e.FormStale: Kind(
        403,
        "页面已过时",
        "The page is out of date",
        "这一页是为另一次登录或另一个角色打开的，没有保存任何内容；请重新打开后再提交。",
        "The page was drawn for another sign-in or another role and nothing was stored; open it "
        "again and send it then.",
    ),
    e.StepNotOpen: Kind(
        409,
        "现在不能办这一步",
        "Step not open",
        "{step} 现在不能办：{because}",
        "{step} is not open: {because}",
        ("step", "because", "missing"),
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
        ("action", "because", "missing"),
    ),
    e.NotForOneself: Kind(
        403,
        "不能办自己的账号",
        "Not for oneself",
        "{action}：不得对本人的账号办理，请由他人办。",
        "{action}: nobody does this for their own account; somebody else has to.",
        ("action",),
    ),
    e.RolesApart: Kind(
        409,
        "角色不得兼任",
        "Roles apart",
        "{role} 与 {held} 不得由同一账号在同一天担任。",
        "{role} and {held} are never held by one account on one day.",
        ("role", "held"),
    ),
    e.LastOfItsRole: Kind(
        409,
        "不能没有这个角色",
        "Last of its role",
        "没有其他账号长期担任 {role}，请先授予他人。",
        "Nobody else holds {role} without a last day; grant it to another first.",
        ("role",),
    ),
    e.MustRecuse: Kind(
        409,
        "应当回避",
        "Must recuse",
        "{account} 已在这件事务中回避，不能承办、不能回访，也不能被指派。",
        "{account} was recused from this affair: no work on it, no return visit, no assignment.",
        ("account",),
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
    e.NoPlaceLeft: Kind(
        409,
        "没有名额",
        "No place left",
        "“{offering}”没有名额，候补也已满。",
        "{offering} has no place, and nobody more may wait for one.",
        ("offering",),
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
        ("field", "because"),
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
    e.DistrictInUse: Kind(
        503,
        "正在使用或替换",
        "In use",
        "辖区数据正被使用或替换，没有保存任何内容，请稍后再试。",
        "The district is in use or being replaced and nothing was stored; try again later.",
        retry=True,
    ),
    e.PlaceUnusable: Kind(
        503,
        "暂时不能保存",
        "Storage unavailable",
        "存放数据的地方暂时不可用，没有保存任何内容，请稍后再试。",
        "The place of the data cannot be used now and nothing was stored; try again later.",
        retry=True,
    ),
    e.MasterKeyMissing: Kind(
        503,
        "主密钥不在",
        "Master key missing",
        "主密钥不在，没有保存任何内容，请告知管理员。",
        "The master key is missing and nothing was stored; tell an administrator.",
    ),
    e.MasterKeyWrong: Kind(
        503,
        "主密钥不对",
        "Master key wrong",
        "主密钥不是本辖区所用的那一把，没有保存任何内容，请告知管理员。",
        "The master key is not this district's and nothing was stored; tell an administrator.",
    ),
    e.StorageUnavailable: Kind(
        503,
        "暂时不能保存",
        "Storage unavailable",
        "数据库暂时不可用，没有保存任何内容，请稍后再试。",
        "The database cannot be used now and nothing was stored; try again later.",
        retry=True,
    ),
    e.ViewOutdated: Kind(
        503,
        "系统正在升级",
        "Being upgraded",
        "系统正在升级，没有保存任何内容，请稍后再试。",
        "The district is being upgraded and nothing was stored; try again later.",
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
