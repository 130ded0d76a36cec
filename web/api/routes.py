"""What the routes of the API share: documented problems, and finding the affair meant."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from starlette.concurrency import run_in_threadpool

from domain.affair.state import Affair
from domain.errors import NotFound
from web.answers import ProblemAnswer
from web.api.direct import Call
from web.entrance import reach
from web.ports import Office, SignedIn
from web.problems import MEDIA_TYPE
from workflows.rights import authorise, resource_of

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
    415: "The body is not of the media type asked for.",
    422: "A field is missing, wrong or not known; `field` names it.",
    500: "A stored record cannot be read, or something nobody foresaw happened.",
    503: "The database cannot be used now, or the outcome of the command is not known. Ask again "
    "with the same Idempotency-Key.",
}
READING = (401, 403, 404, 422, 500, 503)
WRITING = (400, 401, 403, 404, 409, 412, 413, 422, 500, 503)


def problems(*statuses: int) -> Documented:
    """The problems that a route may answer with, for OpenAPI."""
    schema = {"$ref": f"#/components/schemas/{ProblemAnswer.__name__}"}
    return {
        status: {"description": _SAYS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


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


async def affair_id(call: Call, action: str, key: str) -> UUID:
    """The id of the affair meant. Raises NotAllowed, and NotFound for a number out of reach.

    An id is taken as it is: whoever carries the command out looks for the affair itself.
    """
    scope = reach(call.who, action)
    found = key_of(key)
    if isinstance(found, UUID):
        return found
    return (await run_in_threadpool(call.office.affair, scope, found)).affair_id


def standing(office: Office, who: SignedIn, action: str, key: str) -> tuple[UUID, Affair, int]:
    """The affair meant as it stands, and its version. Raises NotAllowed, NotFound."""
    scope = reach(who, action)
    found = key_of(key)
    id_ = found if isinstance(found, UUID) else office.affair(scope, found).affair_id
    affair, version = office.standing(id_)
    authorise(who.actor, action, resource_of(affair), key)
    return id_, affair, version


def known_unit(office: Office, code: str | None) -> str:
    """The code, if there is such a unit; empty for none. Raises NotFound."""
    if code is None:
        return ""
    if code not in office.organisation.units:
        raise NotFound("unit", code)
    return code
