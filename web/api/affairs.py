"""Reading affairs: the list, one of them, its history, its state at a moment, what is open."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.affair.evolve import project
from domain.errors import NotFound, Unreadable
from domain.log import Recorded
from projections.affair_page import AffairPageRow
from projections.worklist import Wanted, WorklistRow
from web import answers as a
from web import inside
from web.api import PREFIX
from web.api.conditions import etag, unchanged
from web.api.requests import StateQuery, WorklistQuery
from web.api.routes import READING, AffairKey, key_of, problems, standing
from web.entrance import Caller, OfficeOf, reach
from web.inside import Life, outside, shown
from web.language import language_of
from web.options import options_of
from web.ports import Office, SignedIn
from web.telling import Teller, plain
from web.words import words_of
from workflows.rights import Scope

router = APIRouter(prefix=PREFIX, tags=["affairs"])

_OPEN = {"true": True, "false": False, "all": None}


@router.get("/affairs", responses=problems(401, 403, 422, 500, 503))
def worklist(
    query: Annotated[WorklistQuery, Query()], request: Request, who: Caller, office: OfficeOf
) -> a.Affairs:
    """Affairs within the asker's reach, those due first. Follow `next` for more."""
    scope = reach(who, "view_affair")
    listing = office.worklist(
        scope,
        Wanted(
            line=query.line or "",
            state=query.state or "",
            area=query.area or "",
            assignee=query.assignee or "",
            number=query.number or "",
            open=_OPEN[query.open],
            to_visit=query.to_visit,
            due_before=query.due_before,
            cursor=_cursor(query.cursor),
            limit=query.limit,
        ),
    )
    teller = Teller(office, words_of(language_of(request)), who.actor)
    return a.Affairs(
        items=[teller.summary(_in_list(office, scope, row, who)) for row in listing.rows],
        next=":".join(map(str, listing.next)) if listing.next else None,
    )


@router.get(
    "/affairs/{affair}",
    response_model=a.AffairDetail,
    responses={
        200: {
            "headers": {"ETag": {"description": "Its version.", "schema": {"type": "string"}}},
        },
        304: {"description": "At the version in If-None-Match still."},
        **problems(*READING),
    },
)
def affair(
    affair: AffairKey,
    request: Request,
    who: Caller,
    office: OfficeOf,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """An affair with its facts."""
    row = office.affair(reach(who, "view_affair"), key_of(affair))
    headers = {"ETag": etag(row.version, stale=row.affair_id in office.stale())}
    if unchanged(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    told = Teller(office, words_of(language_of(request)), who.actor).detail(_told(office, row, who))
    return JSONResponse(told.model_dump(mode="json"), headers=headers)


@router.get("/affairs/{affair}/history", responses=problems(*READING))
def history(affair: AffairKey, request: Request, who: Caller, office: OfficeOf) -> a.History:
    """Every event of an affair in order: what, who, when it happened and when it was recorded."""
    row = office.affair(reach(who, "view_affair"), key_of(affair))
    teller = Teller(office, words_of(language_of(request)), who.actor)
    line = office.line_version(row.line, row.line_version)
    return a.History(
        affair_id=row.affair_id,
        number=row.number,
        version=row.version,
        items=[teller.entry(seen, line) for seen in _shown(office, row, who)],
    )


@router.get("/affairs/{affair}/state", responses=problems(*READING))
def state(
    affair: AffairKey, query: Annotated[StateQuery, Query()], who: Caller, office: OfficeOf
) -> a.State:
    """The affair as it was at one moment, as it was known at another. 404 where it was not yet."""
    row = office.affair(reach(who, "view_affair"), key_of(affair))
    life = office.life(row.affair_id, query.as_of, query.as_known_at)
    seen: list[Recorded] = []
    for event in life:
        if not isinstance(event, Recorded):
            raise event.refusal
        seen.append(event)
    folded = project(None, (event.event for event in seen))
    if folded is None:
        raise NotFound("affair", affair)
    line = office.line_version(row.line, row.line_version)
    told = plain(inside.standing(folded, life, line, who.actor.role), "state", None)
    if outside(who.actor.role):
        # What others did with it, and what for.
        del told["work"]
    return a.State(
        affair_id=row.affair_id,
        number=row.number,
        as_of=query.as_of,
        as_known_at=query.as_known_at,
        version=shown(seen, line, who.actor.role)[-1].version,
        state=told,
    )


@router.get("/affairs/{affair}/options", responses=problems(*READING))
def options(affair: AffairKey, request: Request, who: Caller, office: OfficeOf) -> a.Options:
    """What is open to the asker now, and what is not and why."""
    id_, standing_now, version = standing(office, who, "view_affair", affair)
    return options_of(office, who, id_, standing_now, version, words_of(language_of(request)))


def _shown(office: Office, row: AffairPageRow, who: SignedIn) -> Life:
    line = office.line_version(row.line, row.line_version)
    return shown(office.life(row.affair_id), line, who.actor.role)


def _told(office: Office, row: AffairPageRow, who: SignedIn) -> AffairPageRow:
    if not outside(who.actor.role):
        return row
    line = office.line_version(row.line, row.line_version)
    return inside.told(row, office.life(row.affair_id), line, who.actor.role)


# One that cannot be read must not hide the others.
def _in_list(office: Office, scope: Scope, row: WorklistRow, who: SignedIn) -> WorklistRow:
    if not outside(who.actor.role):
        return row
    try:
        return _told(office, office.affair(scope, row.affair_id), who)
    except Unreadable:
        return replace(row, last_at=row.registered_at)


def _cursor(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    due, _, position = text.partition(":")
    return int(due), int(position)
