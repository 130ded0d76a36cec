"""Sessions and venues with places: read by whoever takes bookings, opened, resized and cancelled by
whoever runs them. Resized and cancelled at once; the worker goes through the queue.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.affair.commands import Command
from domain.clock import local_day
from domain.commands import CancelOffering, OpenOffering, ResizeOffering
from domain.errors import Malformed
from domain.log import Receipt
from domain.offering import Offering
from projections.offerings import OfferingRow
from web import answers as a
from web.answers import OfferingStored
from web.api import PREFIX
from web.api.commands import HEADERS
from web.api.conditions import etag, made_for, unchanged
from web.api.direct import Call, CallOf, CallOfNew, DirectRoute
from web.api.requests import OfferingEnd, OfferingRequest, OfferingSize, OfferingsQuery
from web.api.routes import READING, WRITING, Documented, known_unit, problems
from web.entrance import Caller, OfficeOf, reach
from web.language import language_of
from web.offerings import Places, Running
from web.ports import Office
from web.telling import Teller, name_of
from web.words import words_of
from workflows.booking import RUN

router = APIRouter(prefix=PREFIX, tags=["offerings"])
writing = APIRouter(prefix=PREFIX, tags=["offerings"], route_class=DirectRoute)

STORED: Documented = {
    200: {"description": "Stored; or stored before, and this is the first answer."}
    | {"headers": HEADERS},
    **problems(*WRITING),
}
Key = Annotated[UUID, Path(description="Id of the session.")]


@router.get("/offerings", responses=problems(*READING))
def offerings(
    query: Annotated[OfferingsQuery, Query()], request: Request, who: Caller, office: OfficeOf
) -> a.Offerings:
    """Sessions within the asker's reach that have not ended, the next one first: what is held
    there, and what a unit above holds for the people of all its communities."""
    unit = known_unit(office, query.unit)
    running = Running(office, who, words_of(language_of(request)))
    tell = _Telling(office, running)
    return a.Offerings(
        items=[
            a.Offering(**tell.row(row))
            for row in running.listed(query.since or office.now())
            if row.unit.startswith(unit)
            and query.matter in (None, row.matter)
            and (query.cancelled or not row.cancelled)
        ]
    )


@router.get(
    "/offerings/{offering}",
    response_model=a.OfferingDetail,
    responses={
        200: {"headers": {"ETag": {"description": "Its version.", "schema": {"type": "string"}}}},
        304: {"description": "At the version in If-None-Match still."},
        **problems(*READING),
    },
)
def offering(
    offering: Key,
    request: Request,
    who: Caller,
    office: OfficeOf,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """A session with who has a place and who waits in which order."""
    running = Running(office, who, words_of(language_of(request)))
    found, version = running.one(offering)
    headers = {"ETag": etag(version)}
    if unchanged(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    told = _Telling(office, running).detail(offering, found, version)
    return JSONResponse(told.model_dump(mode="json"), headers=headers)


@writing.post(
    "/offerings",
    status_code=201,
    response_model=OfferingStored,
    responses={
        201: {
            "description": "Open.",
            "headers": {
                **HEADERS,
                "Location": {"description": "The session.", "schema": {"type": "string"}},
            },
        },
        200: {
            "description": "Opened before by the same command; the first answer.",
            "model": OfferingStored,
            "headers": HEADERS,
        },
        **problems(*(status for status in WRITING if status != 412)),
    },
)
async def open_offering(body: OfferingRequest, call: CallOfNew) -> Response:
    """Open a session, whose places can be asked for from then on."""
    reach(call.who, RUN)
    made = made_for(call.command, "offering", call.who.actor.account) or call.office.new_id()
    asked = _asked(call, made, body.occurred_at)
    receipt = await call.office.run(
        OpenOffering(
            **asked,
            matter=body.matter,
            unit=body.unit,
            title=body.title,
            venue=body.venue,
            capacity=body.capacity,
            standby=body.standby,
            starts_at=body.starts_at,
            ends_at=body.ends_at,
        )
    )
    answer = await _stored(call, receipt, made, 200 if receipt.repeated else 201)
    answer.headers["Location"] = f"{PREFIX}/offerings/{made}"
    return answer


@writing.post("/offerings/{offering}/resize", response_model=OfferingStored, responses=STORED)
async def resize(offering: Key, body: OfferingSize, call: CallOf) -> Response:
    """Give a session another number of places: no fewer than are taken or kept for an answer."""
    reach(call.who, RUN)
    id_ = _id(offering)
    asked = _asked(call, id_, body.occurred_at)
    return await _run(
        call, id_, ResizeOffering(**asked, capacity=body.capacity, standby=body.standby)
    )


@writing.post("/offerings/{offering}/cancel", response_model=OfferingStored, responses=STORED)
async def cancel(offering: Key, body: OfferingEnd, call: CallOf) -> Response:
    """Cancel a session. Who waits is told by the system; the affairs of those who have a place are
    ended one by one, by a step of their own."""
    reach(call.who, RUN)
    id_ = _id(offering)
    asked = _asked(call, id_, body.occurred_at)
    return await _run(call, id_, CancelOffering(**asked, reason=body.reason))


router.routes.extend(writing.routes)


# A route that is served directly gets its path as it comes.
def _id(key: object) -> UUID:
    try:
        return UUID(str(key))
    except ValueError:
        raise Malformed("offering", "an id") from None


def _asked(call: Call, id_: UUID, at: Any) -> dict[str, Any]:
    return {
        "command_id": call.command or call.office.new_id(),
        "by": call.who.actor,
        "occurred_at": at,
        "expected_version": call.expected,
        "offering_id": id_,
    }


async def _run(call: Call, id_: UUID, command: Command) -> Response:
    return await _stored(call, await call.office.run(command), id_)


async def _stored(call: Call, receipt: Receipt, id_: UUID, status: int = 200) -> Response:
    version = receipt.versions.get(id_)
    if version is None:
        version = (await run_in_threadpool(call.office.offering, id_))[1]
    stored = OfferingStored(
        command_id=receipt.command_id,
        position=receipt.last,
        version=version,
        recorded_at=receipt.recorded_at,
        repeated=receipt.repeated,
        offering_id=id_,
    )
    headers = {"ETag": etag(stored.version)}
    if call.patience and await run_in_threadpool(call.office.wait, receipt.last, call.patience):
        headers["Preference-Applied"] = "wait"
    return Response(stored.model_dump_json(), status, headers, "application/json")


class _Telling:
    """Sessions as the API tells them."""

    def __init__(self, office: Office, running: Running) -> None:
        self._running, self._teller = running, Teller(office, running.words)
        self._matters = {
            code: name_of(matter)
            for line in office.lines_in_force(local_day(office.now()))
            for code, matter in line.spec.matters.items()
        }

    def row(self, row: OfferingRow) -> dict[str, Any]:
        """One of a list."""
        return {
            **self._shared(row),
            "id": row.offering_id,
            "held": row.held,
            "kept": row.kept,
            "waiting": row.waiting,
            "left": max(0, row.free - row.waiting),
            "version": row.version,
        }

    def detail(self, id_: UUID, offering: Offering, version: int) -> a.OfferingDetail:
        """One by itself."""
        held = self._running.held(offering)
        return a.OfferingDetail(
            **self._shared(offering),
            id=id_,
            held=held.held.count,
            kept=held.kept.count,
            waiting=held.waiting.count,
            left=max(0, offering.free - offering.queued),
            version=version,
            reason=self._running.reason(id_) if offering.cancelled else None,
            holders=_places(held.held),
            offered=_places(held.kept),
            queue=_places(held.waiting),
        )

    def _shared(self, one: OfferingRow | Offering) -> dict[str, Any]:
        return {
            "matter": one.matter,
            "matter_name": self._matters.get(one.matter),
            "unit": self._teller.unit(one.unit),
            "title": one.title,
            "venue": one.venue,
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "capacity": one.capacity,
            "standby": one.standby,
            "cancelled": one.cancelled,
        }


def _places(places: Places) -> a.PlacesHeld:
    return a.PlacesHeld(
        items=[
            a.PlaceHeld(
                rank=one.rank, affair_id=one.affair_id, number=one.number, applicant=one.name
            )
            for one in places.shown
        ],
        others=places.others,
    )
