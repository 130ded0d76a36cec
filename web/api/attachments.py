"""Photos and papers of an affair: told by their content, sealed before they are kept."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from domain.actor import Role
from domain.errors import Malformed, MediaTypeWrong, NotFound
from domain.personal import Erased
from projections.affair_page import AffairPageRow
from web.answers import AttachmentStored
from web.api import PREFIX
from web.api.routes import AffairKey, problems, standing
from web.entrance import Caller, OfficeOf, reach
from web.file_names import FileNames
from web.inside import Life, attached, outside, shown
from web.ports import Office, SignedIn
from web.posted import read
from web.telling import Teller
from web.words import words_of
from workflows.machine import CompiledLine
from workflows.rights import Scope

router = APIRouter(prefix=PREFIX, tags=["attachments"])

FORM, FILE = "multipart/form-data", "file"

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


@router.post(
    "/affairs/{affair}/attachments",
    status_code=201,
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 500, 503),
    openapi_extra=_FORM,
)
async def keep(
    affair: AffairKey, request: Request, who: Caller, office: OfficeOf
) -> AttachmentStored:
    """Hand in a photo or a paper: JPEG, PNG, PDF or plain text, at most 10 MiB.

    Its id goes into a field of photos, where it is a picture, or of papers. Handed in twice it is
    kept twice.
    """
    affair_id, _, _ = await run_in_threadpool(standing, office, who, "work_affair", affair)
    name, content = await _uploaded(request)
    paper = await run_in_threadpool(office.keep, affair_id, name, content)
    return AttachmentStored(
        id=paper.id, affair_id=affair_id, media_type=paper.media_type, size=paper.size
    )


@router.get(
    "/attachments/{attachment}",
    response_class=Response,
    responses={
        200: {
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in ("image/jpeg", "image/png", "application/pdf", "text/plain")
            }
        },
        **problems(401, 403, 404, 410, 422, 500, 503),
    },
)
def content(attachment: Annotated[UUID, Path()], who: Caller, office: OfficeOf) -> Response:
    """A photo or a paper of an affair within the asker's reach."""
    return served(office, who, attachment)


def served(office: Office, who: SignedIn, attachment: UUID) -> Response:
    """The content with its headers; 410 where it was erased. Raises NotAllowed, NotFound."""
    scope = reach(who, "view_affair")
    paper = office.paper(attachment)
    row = _within(office, scope, paper.subject, attachment)
    reader, life = who.actor.role, office.life(row.affair_id)
    line = office.line_version(row.line, row.line_version)
    if outside(reader) and attachment in _inside(life, line, reader):
        raise NotFound("attachment", attachment)
    data = office.content(attachment)
    if isinstance(data, Erased):
        raise HTTPException(410)
    # As the pages show it: whoever keeps the file keeps no more than they were shown.
    names = FileNames(Teller(office, words_of("zh"), who.actor), reader, line, life)
    name = "" if isinstance(paper.name, Erased) else names.shown(paper.name, "")
    kind = "inline" if paper.media_type.startswith("image/") else "attachment"
    return Response(
        data,
        media_type=paper.media_type,
        headers={
            "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(name, safe='')}",
            # Nothing in it runs, whatever it says it is.
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        },
    )


def _within(office: Office, scope: Scope, affair_id: UUID, attachment: UUID) -> AffairPageRow:
    try:
        return office.affair(scope, affair_id)
    except NotFound:
        raise NotFound("attachment", attachment) from None


# Those that only records name which stay inside.
def _inside(life: Life, line: CompiledLine, reader: Role) -> set[UUID]:
    return {*attached(life)} - {*attached(shown(life, line, reader))}


# Not FastAPI's own form: it lets large files lie in clear in the folder for temporary ones.
async def _uploaded(request: Request) -> tuple[str, bytes]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise MediaTypeWrong(FORM)
    sent = await read(request, files=1)
    sent.check({FILE}, filled={FILE})
    if sent.text(FILE):
        raise Malformed(FILE, "a file, not a text")
    if FILE not in sent.files:
        raise Malformed(FILE, "empty")
    return sent.files[FILE][0]
