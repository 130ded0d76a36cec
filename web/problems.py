"""From refusals to answers: one table, as `application/problem+json` (RFC 9457) or as a page.

The answer says what stands in the way and nothing of how the house is built. Something that is
not there and something outside the asker's reach get the same answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from domain import errors as e
from domain.errors import Refusal
from domain.log import Recorded
from web import telling
from web.entrance import reader_of
from web.inside import since
from web.invalid import problems_of
from web.language import language_of
from web.reasons import in_the_way, lack, reason, sentence
from web.refusals import kind_of
from web.words import Words, words_of
from workflows.chinese import in_chinese

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2
SINCE_MOST = 50
"""Events that are told of what changed meanwhile."""


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


def problem_of(refusal: Refusal, words: Words, since: Sequence[Mapping[str, Any]] = ()) -> Problem:
    """The answer to a refusal. since: what changed meanwhile, told under the mask policy."""
    kind = kind_of(type(refusal))
    facts = {name: _plain(getattr(refusal, name)) for name in kind.facts if name != "since"}
    if isinstance(refusal, e.LineInvalid):
        facts["faults"] = faults_of(refusal, words)
    if isinstance(refusal, e.StepNotOpen | e.NotPermittedNow):
        facts["missing"] = [lack(one) for one in refusal.missing]
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


def faults_of(refusal: e.LineInvalid, words: Words) -> list[dict[str, Any]]:
    """Each fault of a line file, in words."""

    def told(english: str) -> str:
        return english if words.language == "en" else in_chinese(english)

    return [
        {"file": file, "line": line, "wrong": told(wrong), "remedy": told(remedy)}
        for file, line, wrong, remedy in refusal.faults
    ]


def http_problem(error: HTTPException, words: Words) -> Problem:
    """The answer to what is no refusal of the house: no such route, wrong method, too large."""
    code, key = HTTP_CODES.get(error.status_code, ("refused", "refused"))
    detail, wait = words(f"problem.{key}.detail"), (error.headers or {}).get("Retry-After")
    if error.status_code == HTTPStatus.TOO_MANY_REQUESTS and wait:
        detail += words("problem.too_many.wait", seconds=wait)
    return Problem(
        code=code,
        status=error.status_code,
        title=words(f"problem.{key}"),
        detail=detail,
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
    429: ("too-many", "too_many"),
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
    changed: list[dict[str, Any]] = []
    if isinstance(error, e.VersionMismatch) and (reader := reader_of(request)) is not None:
        office = request.app.state.office
        teller = telling.Teller(office, words, reader)
        changed = [
            teller.entry(seen).model_dump(mode="json")
            for seen in since(office, error, reader)[-SINCE_MOST:]
            if isinstance(seen, Recorded)
        ]
    return answer(request, problem_of(error, words, changed))


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
    problem = http_problem(error, words_of(language_of(request)))
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        problem = replace(problem, headers={"Allow": ", ".join(sorted(_methods(request)))})
    return answer(request, problem)


# Each method of an address may be a route of its own, which knows nothing of the others.
def _methods(request: Request) -> set[str]:
    there = (r for r in request.app.routes if r.matches(request.scope)[0] is not Match.NONE)
    return {method for route in there for method in getattr(route, "methods", None) or ()}


def answer(request: Request, problem: Problem) -> Response:
    """As JSON to programs, as a page to people."""
    if not wants_page(request):
        return JSONResponse(
            problem.body(), problem.status, dict(problem.headers), media_type=MEDIA_TYPE
        )
    page: Response = request.app.state.problem_page(request, problem)
    return page


WATCHERS = ("/healthz", "/readyz", "/metrics")
"""What looks after the process."""
MACHINES = ("/api/", *WATCHERS)


def wants_page(request: Request) -> bool:
    """Whether a person asks, and no program."""
    path: str = request.scope["path"]
    return not path.startswith(MACHINES)


def _plain(value: object) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value


def _told(refusal: Refusal, facts: Mapping[str, Any], words: Words) -> dict[str, str]:
    told: dict[str, str] = {}
    if "because" in facts:
        told["because"] = reason(str(facts["because"]), words)
    if isinstance(refusal, e.StepNotOpen | e.NotPermittedNow):
        told["because"] = in_the_way(refusal, words)
    if "action" in facts and words.has(f"right.{facts['action']}"):
        told["action"] = words(f"right.{facts['action']}")
    for name in ("action", "step"):
        if words.has(f"deed.{facts.get(name)}"):
            told[name] = words(f"deed.{facts[name]}")
    if isinstance(refusal, e.RolesApart | e.LastOfItsRole):
        told |= {name: words(f"role.{role}") for name, role in facts.items()}
    if isinstance(refusal, e.NotPermittedNow) and words.has(f"action.{refusal.action}"):
        told["action"] = words(f"action.{refusal.action}")
    if isinstance(refusal, e.NameUnknown):
        told["what"] = words(f"name.{refusal.what}")
    if isinstance(refusal, e.FormTooLong):
        told["what"] = words.counted(f"form.parts.{refusal.what}", refusal.most)
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
