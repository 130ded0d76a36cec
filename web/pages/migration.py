"""Running affairs that go on under another version: what would change, why some cannot, and then
done.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from web import versions
from web.api.texts import CodeOrNone, Line
from web.entrance import OfficeOf, Visitor, reach
from web.language import language_of
from web.pages.frame import render
from web.pages.versions import Code, Version, address, deadlines
from web.ports import Office, SignedIn
from web.posted import form_of
from web.reasons import sentence
from web.words import words_of
from workflows.drafting import PUBLISH
from workflows.machine import CompiledLine

router = APIRouter(include_in_schema=False)


class Sent(BaseModel):
    """What the form sends."""

    model_config = ConfigDict(extra="forbid")

    reason: Line = ""
    since: CodeOrNone = ""


@router.get("/procedures/{code}/versions/{version}/migration")
def dry_run(
    code: Code,
    version: Version,
    request: Request,
    who: Visitor,
    office: OfficeOf,
    since: Annotated[CodeOrNone, Query(alias="from")] = "",
) -> Response:
    """What would become of the running affairs that the reader may view."""
    reach(who, PUBLISH)
    line = office.line_version(code, version)
    return _page(request, who, office, line, Sent(since=since))


@router.post("/procedures/{code}/versions/{version}/migration")
async def moved(
    code: Code,
    version: Version,
    request: Request,
    who: Visitor,
    office: OfficeOf,
    sent: Annotated[Sent, Depends(form_of(Sent))],
) -> Response:
    """Move them, each by a command of its own. Sent twice, the second finds what is left."""
    reach(who, PUBLISH)
    line = office.line_version(code, version)
    done = bool(sent.reason.strip())
    return await run_in_threadpool(_page, request, who, office, line, sent, done=done, asked=True)


def _page(
    request: Request,
    who: SignedIn,
    office: Office,
    line: CompiledLine,
    sent: Sent,
    *,
    done: bool = False,
    asked: bool = False,
) -> Response:
    words = words_of(language_of(request))
    if done:
        found = versions.moved(office, who, line, sent.reason, sent.since)
    else:
        found = versions.moves(office, who, line, sent.since)
    wrong = words("migration.reason.missing") if asked and not done else ""
    return render(
        request,
        "migration.html",
        who,
        status=422 if wrong else 200,
        code=line.line,
        version=line.version,
        name=words.label(line.spec.names),
        back=address(line.line, line.version),
        done=done,
        since=sent.since,
        reason=sent.reason,
        wrong=wrong,
        moving=len(found.moves) - found.staying,
        staying=found.staying,
        left=found.left,
        rows=[
            (
                one.affair.number,
                one.version,
                deadlines(one.found.moved, line, words),
                sentence(one.found.because, words) if one.found.because else "",
            )
            for one in found.moves
        ],
    )
