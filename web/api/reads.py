"""Looking at masked values of an affair in clear: written down first, then answered once."""

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from domain.commands import Reveal
from domain.errors import FieldInvalid
from web import answers as a
from web.api import PREFIX
from web.api.direct import Call, CallOfNew, DirectRoute
from web.api.requests import Revealing
from web.api.routes import AffairKey, key_of, problems, standing
from web.entrance import reach
from web.reveal import Hidden, hidden, look, noted
from web.telling import Teller
from web.words import words_of
from workflows.rights import REVEAL, VIEW

router = APIRouter(prefix=PREFIX, tags=["affairs"], route_class=DirectRoute)


@router.post(
    "/affairs/{affair}/reveal",
    response_model=a.Revealed,
    responses={
        200: {"description": "The look is recorded, and these are the values."},
        **problems(400, 401, 403, 404, 409, 413, 415, 422, 500, 503),
    },
)
async def reveal(affair: AffairKey, body: Revealing, call: CallOfNew) -> Response:
    """Look at masked values in clear. Who looked at which fields, when and why is recorded before
    anything is answered. Sent again with the same `Idempotency-Key` within a minute, it is the
    same look; later it is 409."""
    with noted(call.office, call.who):
        row, there = await run_in_threadpool(_there, call, affair)
        if any(field not in there for field in body.fields):
            named = ", ".join(there) or "none"
            raise FieldInvalid("reveal", "fields", f"one of {named}")
        office = call.office
        asked = Reveal(
            command_id=call.command or office.new_id(),
            by=call.who.actor,
            occurred_at=office.now(),
            affair_id=row.affair_id,
            fields=tuple(body.fields),
            reason=body.reason,
            note=body.note,
        )
        written = await look(office, call.who, asked)
    told = a.Revealed(
        affair_id=row.affair_id,
        number=row.number,
        command_id=asked.command_id,
        position=written.position,
        recorded_at=written.recorded_at,
        repeated=written.repeated,
        values=[
            a.RevealedValue(field=field, version=one.version, value=one.clear)
            for field in written.fields
            for one in there.get(field, ())
        ],
    )
    return Response(told.model_dump_json(), media_type="application/json")


def _there(call: Call, key: str) -> tuple[Any, Hidden]:
    """The affair, and what can be looked at. Raises NotAllowed, NotFound."""
    office = call.office
    standing(office, call.who, REVEAL, key)
    row = office.affair(reach(call.who, VIEW), key_of(key))
    teller = Teller(office, words_of("zh"), call.who.actor)
    line = office.line_version(row.line, row.line_version)
    return row, hidden(teller, line, office.life(row.affair_id))
