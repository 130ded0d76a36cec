"""Visits to households."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from domain.commands import RecordVisit
from web.answers import VisitStored
from web.api import PREFIX
from web.api.conditions import CommandId, Patience, made_for
from web.api.requests import VisitRecord
from web.api.routes import WRITING, problems
from web.entrance import Caller, OfficeOf, reach

router = APIRouter(prefix=PREFIX, tags=["visits"])


@router.post(
    "/visits",
    status_code=201,
    response_model=VisitStored,
    responses={
        200: {
            "description": "Recorded before by the same command; the first answer.",
            "model": VisitStored,
        },
        **problems(*(status for status in WRITING if status != 412)),
    },
)
async def record_visit(
    body: VisitRecord, who: Caller, office: OfficeOf, command: CommandId, patience: Patience
) -> Response:
    """Enter a visit. A household has at most one counted visit a day."""
    reach(who, "record_visit")
    made = made_for(command, "visit", who.actor.account) or office.new_id()
    receipt = await office.run(
        RecordVisit(
            command_id=command or office.new_id(),
            by=who.actor,
            occurred_at=body.started_at,
            visit_id=made,
            household=body.household,
            area=body.area,
            light=body.light,
            kind=body.kind,
            outcome=body.outcome,
            started_at=body.started_at,
            ended_at=body.ended_at,
            visitors=tuple(body.visitors),
            interviewee=body.interviewee,
            seen=body.seen,
            heard=body.heard,
            noted=body.noted,
            findings=tuple(body.findings),
            photos=tuple(body.photos),
            next_on=body.next_on,
        )
    )
    stored = VisitStored(
        command_id=receipt.command_id,
        position=receipt.last,
        version=receipt.versions.get(made, 1),
        recorded_at=receipt.recorded_at,
        repeated=receipt.repeated,
        visit_id=made,
    )
    headers: dict[str, str] = {}
    if patience and await run_in_threadpool(office.wait, receipt.last, patience):
        headers["Preference-Applied"] = "wait"
    return JSONResponse(stored.model_dump(mode="json"), 200 if receipt.repeated else 201, headers)
