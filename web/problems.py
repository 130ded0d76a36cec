"""From refusals to answers: one table, as `application/problem+json` (RFC 9457) or as a page.

The answer says what stands in the way and nothing of how the house is built. Something that is
not there and something outside the asker's reach get the same answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain import errors as e
from domain.errors import Refusal
from domain.log import Recorded
from web import telling
from web.invalid import problems_of
from web.language import language_of
from web.reasons import reason, sentence
from web.words import Words, words_of

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2
SINCE_MOST = 50
"""Events that are told of what changed meanwhile."""


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


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that says no. code: of the refusal; facts: what it names, ready for JSON."""

    code: str
    status: int
    title: str
    detail: str
    facts: Mapping[str, Any]
    headers: Mapping[str, str]

    def body(self) -> dict[str, Any]:
        """As RFC 9457 has it, the facts as further members."""
        return {
            "type": f"urn:tenlines:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.facts,
        }


def kind_of(refusal: type[Refusal]) -> Kind:
    """The row of a refusal, or of its nearest ancestor that has one."""
    return next(TABLE[kind] for kind in refusal.__mro__ if kind in TABLE)


def problem_of(refusal: Refusal, words: Words, since: Sequence[Mapping[str, Any]] = ()) -> Problem:
    """The answer to a refusal. since: what changed meanwhile, told under the mask policy."""
    kind = kind_of(type(refusal))
    facts = {name: _plain(getattr(refusal, name)) for name in kind.facts if name != "since"}
    if "since" in kind.facts:
        facts["since"] = list(since)
    told = {**facts, **_told(refusal, facts, words)}
    title, detail = (
        (kind.zh, kind.detail_zh) if words.language == "zh" else (kind.en, kind.detail_en)
    )
    return Problem(
        code=refusal.code,
        status=kind.status,
        title=title,
        detail=detail.format(**told) or title,
        facts=facts,
        headers={"Retry-After": str(RETRY_SECONDS)} if kind.retry else {},
    )


def http_problem(error: HTTPException, words: Words) -> Problem:
    """The answer to what is no refusal of the house: no such route, wrong method, too large."""
    code, key = HTTP_CODES.get(error.status_code, ("refused", "refused"))
    return Problem(
        code=code,
        status=error.status_code,
        title=words(f"problem.{key}"),
        detail=words(f"problem.{key}.detail"),
        facts={},
        headers=error.headers or {},
    )


HTTP_CODES = {
    400: ("unreadable-request", "unreadable_request"),
    401: ("not-signed-in", "not_signed_in"),
    403: ("forbidden", "forbidden"),
    404: ("not-found", "not_found"),
    405: ("method-not-allowed", "method_not_allowed"),
    410: ("erased", "erased"),
    413: ("too-large", "too_large"),
    415: ("unsupported-media-type", "unsupported"),
    500: ("unexpected", "unexpected"),
    503: ("unavailable", "unavailable"),
}
"""What answers of HTTP's own are called."""


def enter(app: FastAPI) -> None:
    """Have the application answer every refusal by this table. Lookup follows the MRO."""
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_refused)


def refused(request: Request, error: Exception) -> Response:
    """Answer a refusal. Not asynchronous: what changed meanwhile is opened to be told."""
    assert isinstance(error, Refusal)
    words = words_of(language_of(request))
    since: list[dict[str, Any]] = []
    if isinstance(error, e.VersionMismatch):
        teller = telling.Teller(request.app.state.office, words)
        since = [
            teller.entry(seen).model_dump(mode="json")
            for seen in error.since[-SINCE_MOST:]
            if isinstance(seen, Recorded)
        ]
    return answer(request, problem_of(error, words, since))


def invalid(request: Request, error: Exception) -> Response:
    """Answer a request that is not of the form asked for: 422, each field named."""
    assert isinstance(error, RequestValidationError)
    words = words_of(language_of(request))
    errors = problems_of(error.errors(), words)
    first = errors[0]
    return answer(
        request,
        Problem(
            code=e.Malformed.code,
            status=422,
            title=words("problem.malformed"),
            detail=words("problem.malformed.detail", **first),
            facts={"field": first["field"], "because": first["because"], "errors": errors},
            headers={},
        ),
    )


def http_refused(request: Request, error: Exception) -> Response:
    """Answer what HTTP itself refuses."""
    assert isinstance(error, HTTPException)
    if error.status_code < HTTPStatus.BAD_REQUEST:
        return Response(status_code=error.status_code, headers=error.headers)
    return answer(request, http_problem(error, words_of(language_of(request))))


def answer(request: Request, problem: Problem) -> Response:
    """As JSON to programs, as a page to people."""
    if not wants_page(request):
        return JSONResponse(
            problem.body(), problem.status, dict(problem.headers), media_type=MEDIA_TYPE
        )
    page: Response = request.app.state.problem_page(request, problem)
    return page


MACHINES = ("/api/", "/healthz", "/readyz", "/metrics")


def wants_page(request: Request) -> bool:
    """Whether a person asks, and no program."""
    return not request.url.path.startswith(MACHINES)


def _plain(value: object) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case tuple():
            return [
                dict(zip(("file", "line", "wrong", "remedy"), fault, strict=True))
                for fault in value
            ]
        case _:
            return value


def _told(refusal: Refusal, facts: Mapping[str, Any], words: Words) -> dict[str, str]:
    told: dict[str, str] = {}
    if "because" in facts:
        told["because"] = reason(str(facts["because"]), words)
    if "action" in facts and words.has(f"right.{facts['action']}"):
        told["action"] = words(f"right.{facts['action']}")
    if isinstance(refusal, e.NotAfterTheLast):
        told |= {
            name: words.moment(value)
            if isinstance(value := getattr(refusal, name), datetime)
            else words("time.any")
            for name in facts
        }
    if isinstance(refusal, e.LineInvalid):
        told["count"] = str(len(refusal.faults))
    if isinstance(refusal, e.FieldInvalid | e.Malformed | e.AttachmentRefused):
        told["because"] = sentence(refusal.because, words)
    return told
