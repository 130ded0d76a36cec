"""What the routes of the API share: documented problems, and finding the affair meant."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from domain.affair.state import Affair
from domain.errors import Malformed, NotFound
from web.answers import ProblemAnswer
from web.api.conditions import WAIT_SECONDS
from web.api.direct import Call
from web.entrance import reach, reach_any
from web.ports import Office, SignedIn
from web.problems import MEDIA_TYPE
from workflows.rights import ASSIGN, VIEW, authorise_affair, resource_of

Documented = dict[int | str, dict[str, Any]]

_SAYS = {
    400: "The body could not be read.",
    401: "No token, or one that nobody holds.",
    403: "The role has no right to this.",
    404: "There is no such thing, or it lies outside the asker's reach.",
    409: "It does not fit how things stand now: no such step is open, somebody was faster, the "
    "same has been entered already, or the command id was used for another request.",
    410: "Erased by law.",
    412: "The affair has moved on since the version in If-Match; `since` tells what changed.",
    413: "The body is too large.",
    429: "Too many requests of this kind in a short time; `Retry-After` tells how many seconds to "
    "wait.",
    415: "The body is not of the media type asked for.",
    422: "A field is missing, wrong or not known; `field` names it.",
    500: "A stored record cannot be read, or something nobody foresaw happened.",
    503: "The database cannot be used now, or the outcome of the command is not known. Ask again "
    "with the same Idempotency-Key.",
}
READING = (401, 403, 404, 422, 500, 503)
WRITING = (400, 401, 403, 404, 409, 412, 413, 415, 422, 500, 503)


def problems(*statuses: int) -> Documented:
    """The problems that a route may answer with, for OpenAPI: these, and that there were too many
    requests, which any may."""
    schema = {"$ref": f"#/components/schemas/{ProblemAnswer.__name__}"}
    found: Documented = {
        status: {"description": _SAYS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in (*statuses, 429)
    }
    found[429]["headers"] = {
        "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
    }
    return found


AffairKey = Annotated[
    str,
    Path(
        description="Number of the affair, such as `CG-2011-0001`, or its id.",
        max_length=64,
    ),
]


def key_of(text: str) -> UUID | str:
    """The id where the text is one, else the number as it stands."""
    try:
        return UUID(text)
    except ValueError:
        return text


async def affair_id(call: Call, rights: tuple[str, ...], key: str) -> UUID:
    """The id of the affair meant, for whoever may view it and has one of the rights anywhere.

    Raises NotAllowed, and NotFound for a number out of view. An id is taken as it is: whoever
    carries the command out looks for the affair itself.
    """
    reach_any(call.who, rights)
    # Whoever assigns names what is restricted, too: the number is what they are shown of it.
    scope = reach(call.who, ASSIGN if rights == (ASSIGN,) else VIEW)
    found = key_of(key)
    if isinstance(found, UUID):
        return found
    return (await run_in_threadpool(call.office.affair, scope, found)).affair_id


def standing(office: Office, who: SignedIn, action: str, key: str) -> tuple[UUID, Affair, int]:
    """The affair meant as it stands, and its version. Raises NotAllowed, NotFound."""
    reach(who, action)
    scope = reach(who, VIEW)
    found = key_of(key)
    id_ = found if isinstance(found, UUID) else office.affair(scope, found).affair_id
    affair, version = office.standing(id_)
    authorise_affair(who.actor, action, resource_of(affair), key)
    return id_, affair, version


def level(office: Office, position: int | None) -> None:
    """Wait until the following views hold the log up to a position; for None not at all.

    Raises Malformed where the log has not come so far, HTTPException 503 where they do not in time.
    """
    if position is None:
        return
    if position > office.head():
        raise Malformed("after", "a position that the log has")
    if not office.wait(position, WAIT_SECONDS):
        raise HTTPException(503, headers={"Retry-After": "2"})


def known_line(office: Office, code: str | None) -> str:
    """The code, if such a line was ever published; empty for none. Raises NotFound."""
    if code is None:
        return ""
    if code not in office.line_codes():
        raise NotFound("line", code)
    return code


def known_unit(office: Office, code: str | None) -> str:
    """The code, if there is such a unit; empty for none. Raises NotFound."""
    if code is None:
        return ""
    if code not in office.organisation.units:
        raise NotFound("unit", code)
    return code
