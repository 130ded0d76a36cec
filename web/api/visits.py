"""Visits to households."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from domain.commands import RecordVisit
from domain.errors import Malformed
from web.answers import VisitStored
from web.api import PREFIX
from web.api.conditions import made_for
from web.api.direct import CallOfNew, DirectRoute
from web.api.requests import VisitRecord
from web.api.routes import WRITING, problems
from web.entrance import reach

router = APIRouter(prefix=PREFIX, tags=["visits"], route_class=DirectRoute)


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
async def record_visit(body: VisitRecord, call: CallOfNew) -> Response:
    """Enter a visit. A household has at most one counted visit a day."""
    reach(call.who, "record_visit")
    for account in body.visitors:
        if not call.office.accounts.knows(account):
            raise Malformed("visitors", f"accounts that are known; {account} is none")
    made = made_for(call.command, "visit", call.who.actor.account) or call.office.new_id()
    receipt = await call.office.run(
        RecordVisit(
            command_id=call.command or call.office.new_id(),
            by=call.who.actor,
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
    if call.patience and await run_in_threadpool(call.office.wait, receipt.last, call.patience):
        headers["Preference-Applied"] = "wait"
    status = 200 if receipt.repeated else 201
    return Response(stored.model_dump_json(), status, headers, "application/json")
