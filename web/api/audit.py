"""The audit trail of the whole district, for whoever audits it."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from domain.errors import Malformed
from projections.audit import AuditRow
from web import answers as a
from web.api import PREFIX
from web.api.requests import AuditQuery
from web.api.routes import READING, key_of, known_unit, level, problems
from web.entrance import Caller, OfficeOf, reach
from web.language import language_of
from web.ports import AskedTrail
from web.telling import Teller
from web.words import words_of

router = APIRouter(prefix=PREFIX, tags=["audit"])


@router.get("/audit", responses=problems(*READING))
def audit(
    query: Annotated[AuditQuery, Query()], request: Request, who: Caller, office: OfficeOf
) -> a.Trail:
    """Who did what and when, the latest first. Follow `next` for more. 404 where `affair` is
    none within reach, or `unit` none at all; 503 where `after` was asked for and the trail has
    not come so far in five seconds."""
    scope = reach(who, "read_audit_trail")
    if query.start is not None and query.end is not None and query.end < query.start:
        raise Malformed("to", f"not before {query.start}")
    meant = office.affair(scope, key_of(query.affair)).affair_id if query.affair else None
    level(office, query.after)
    trail = office.audit(
        scope,
        AskedTrail(
            stream_id=meant,
            actor=query.actor or "",
            role=query.role or "",
            unit=known_unit(office, query.unit),
            kind=query.kind or "",
            start=query.start,
            end=query.end,
            before=int(query.cursor) if query.cursor else None,
            limit=query.limit,
        ),
    )
    teller = Teller(office, words_of(language_of(request)))
    return a.Trail(
        items=[_entry(row, trail.numbers.get(row.stream_id), teller) for row in trail.rows],
        next=str(trail.next) if trail.next else None,
    )


def _entry(row: AuditRow, number: str | None, teller: Teller) -> a.TrailEntry:
    return a.TrailEntry(
        position=row.position,
        stream_id=row.stream_id,
        affair=number,
        version=row.version,
        topic=row.topic,
        action=row.action,
        left=row.left,
        to=row.to,
        actor=teller.person(row.actor),
        role=row.role,
        unit=teller.unit(row.unit) if row.unit else None,
        command_id=row.command_id,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
    )
