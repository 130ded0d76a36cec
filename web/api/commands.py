"""Commands on affairs: register, take a step, write an entry, act. Stored durably when answered."""

import re
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from domain.affair.commands import Act, RecordEntry, Register, TakeStep
from domain.errors import Malformed
from domain.log import Receipt
from web.answers import AffairStored
from web.api import PREFIX
from web.api.conditions import etag, made_for
from web.api.direct import Call, CallOf, CallOfNew, DirectRoute
from web.api.requests import Doing, Registration
from web.api.routes import WRITING, AffairKey, Documented, affair_id, problems
from web.entrance import reach
from workflows.rights import STEPS, right_of

router = APIRouter(prefix=PREFIX, tags=["affairs"], route_class=DirectRoute)

NAME = r"^[A-Za-z][A-Za-z0-9_]{0,39}$"
Name = Annotated[str, Path(pattern=NAME)]
_NAME = re.compile(NAME)

HEADERS: Mapping[str, object] = {
    "ETag": {"description": "The version of the affair now.", "schema": {"type": "string"}},
    "Preference-Applied": {
        "description": "`wait`, where the following views hold the command.",
        "schema": {"type": "string"},
    },
}
STORED: Documented = {
    200: {"description": "Stored; or stored before, and this is the first answer."}
    | {"headers": HEADERS},
    **problems(*WRITING),
}


@router.post(
    "/affairs",
    status_code=201,
    response_model=AffairStored,
    responses={
        201: {
            "description": "Registered.",
            "headers": {
                **HEADERS,
                "Location": {"description": "The affair.", "schema": {"type": "string"}},
            },
        },
        200: {
            "description": "Registered before by the same command; the first answer.",
            "model": AffairStored,
            "headers": HEADERS,
        },
        **problems(*(status for status in WRITING if status != 412)),
    },
)
async def register(
    body: Registration,
    call: CallOfNew,
) -> Response:
    """Enter a request. It gets its number, and the worker of its area."""
    reach(call.who, "register_affair")
    if not body.community and not body.area:
        raise Malformed("area", "needed where no community is named")
    made = made_for(call.command, "affair", call.who.actor.account) or call.office.new_id()
    receipt = await call.office.run(
        Register(
            command_id=call.command or call.office.new_id(),
            by=call.who.actor,
            occurred_at=body.occurred_at,
            affair_id=made,
            matter=body.matter,
            source=body.source,
            community=body.community,
            area=body.area,
            summary=body.summary,
            applicant=body.applicant,
            subject=body.subject,
            telephone=body.telephone,
            address=body.address,
            contact_wish=body.contact_wish,
            origin_id=body.origin_id,
            record=body.record,
        )
    )
    answer = await _stored(call, receipt, made, 200 if receipt.repeated else 201)
    answer.headers["Location"] = f"{PREFIX}/affairs/{made}"
    return answer


@router.post("/affairs/{affair}/steps/{step}", response_model=AffairStored, responses=STORED)
async def take_step(
    affair: AffairKey,
    step: Name,
    body: Doing,
    call: CallOf,
) -> Response:
    """Take a step of the procedure, such as `G8`."""
    id_ = await affair_id(call, STEPS, affair)
    receipt = await call.office.run(
        TakeStep(
            command_id=call.command or call.office.new_id(),
            by=call.who.actor,
            occurred_at=body.occurred_at,
            expected_version=call.expected,
            affair_id=id_,
            step=named("step", step),
            record=body.record,
        )
    )
    return await _stored(call, receipt, id_)


@router.post("/affairs/{affair}/entries/{entry}", response_model=AffairStored, responses=STORED)
async def record_entry(
    affair: AffairKey,
    entry: Name,
    body: Doing,
    call: CallOf,
) -> Response:
    """Write something down without moving on, such as an attempt at persuasion."""
    id_ = await affair_id(call, (right_of("entry"),), affair)
    receipt = await call.office.run(
        RecordEntry(
            command_id=call.command or call.office.new_id(),
            by=call.who.actor,
            occurred_at=body.occurred_at,
            expected_version=call.expected,
            affair_id=id_,
            entry=named("entry", entry),
            record=body.record,
        )
    )
    return await _stored(call, receipt, id_)


@router.post("/affairs/{affair}/actions/{action}", response_model=AffairStored, responses=STORED)
async def act(
    affair: AffairKey,
    action: Name,
    body: Doing,
    call: CallOf,
) -> Response:
    """Act without a change of state: refer, sign in, suspend, record a return visit and so on."""
    id_ = await affair_id(call, (right_of("action", action),), affair)
    receipt = await call.office.run(
        Act(
            command_id=call.command or call.office.new_id(),
            by=call.who.actor,
            occurred_at=body.occurred_at,
            expected_version=call.expected,
            affair_id=id_,
            action=named("action", action),
            record=body.record,
        )
    )
    return await _stored(call, receipt, id_)


def named(field: str, name: str) -> str:
    """The name of a step, entry or action, if it can be one. Raises Malformed."""
    if not _NAME.fullmatch(name):
        raise Malformed(field, "a name")
    return name


async def _stored(call: Call, receipt: Receipt, id_: UUID, status: int = 200) -> Response:
    affair, version = call.office.standing(id_)
    stored = AffairStored(
        command_id=receipt.command_id,
        position=receipt.last,
        version=receipt.versions.get(id_, version),
        recorded_at=receipt.recorded_at,
        repeated=receipt.repeated,
        affair_id=id_,
        number=affair.identity.number,
    )
    headers = {"ETag": etag(stored.version)}
    if call.patience and await run_in_threadpool(call.office.wait, receipt.last, call.patience):
        headers["Preference-Applied"] = "wait"
    return Response(stored.model_dump_json(), status, headers, "application/json")
