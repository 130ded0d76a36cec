"""Sessions and venues as pages: those to come, one of them with who has a place and who waits, and
the forms by which one is opened, resized and cancelled.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.clock import local_day
from domain.errors import CommandReused, NotAllowed, NotFound, Refusal, VersionMismatch
from domain.offering import Offering
from projections.offerings import OfferingRow
from web.api.conditions import made_for
from web.assigning import Outcome
from web.ending import TICKED, Ending, ending_of, ticks
from web.entrance import OfficeOf, Visitor
from web.language import language_of
from web.offering_forms import DEEDS, Deal, Deed, check, deal_of, openable, opening, over
from web.offerings import PAST, Running
from web.pages.assignments import Result, because
from web.pages.frame import render
from web.ports import Office
from web.posted import COMMAND, TOKEN, VERSION, Posted, posted
from web.refusals import kind_of
from web.telling import Teller
from web.words import Words, clock_time, words_of
from workflows.booking import RUN
from workflows.rights import NOWHERE, VIEW, scope_of

router = APIRouter(include_in_schema=False)

DRAW_AGAIN = "draw-again"
"""The button that only draws the form again, in another language."""

Matter = Annotated[str, Query(pattern=r"^([A-Z]{2}[0-9]{2})?$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A session as it is told.

    standing: cancelled, over, begun, full or open. taken: places held or kept for an answer.
    left: places for whoever asks now. share: of the places, in hundredths.
    """

    id: UUID
    title: str
    matter: str
    unit: str
    venue: str
    iso: str
    when: str
    standing: str
    capacity: int
    taken: int
    left: int
    standby: int
    waiting: int
    share: int


@router.get("/offerings")
def offerings(
    request: Request,
    who: Visitor,
    office: OfficeOf,
    show: Annotated[Literal["coming", "past"], Query()] = "coming",
) -> Response:
    """The sessions within reach: those to come, the next one first; or those that are over or were
    cancelled, the latest first."""
    words, now = words_of(language_of(request)), office.now()
    running = Running(office, who, words)
    coming = show == "coming"
    found = [
        row
        for row in running.listed(now if coming else now - PAST)
        if (row.ends_at > now and not row.cancelled) == coming
    ]
    tell = _Telling(office, words)
    return render(
        request,
        "offerings.html",
        who,
        show=show,
        rows=[tell.row(row) for row in (found if coming else reversed(found))],
        runs=scope_of(who.actor, RUN) != NOWHERE and bool(openable(running)),
    )


@router.get("/offerings/new")
def new(request: Request, who: Visitor, office: OfficeOf, matter: Matter = "") -> Response:
    """The form of a new session. matter: whose affairs are to take its places."""
    running = Running(office, who, words_of(language_of(request)))
    return _drawn(request, running, opening(running, matter=matter), office.new_id())


@router.post("/offerings/new")
async def open_one(
    request: Request, who: Visitor, office: OfficeOf, matter: Matter = ""
) -> Response:
    """Open a session. A form that is wrong comes back with its input."""
    sent, words = await posted(request), words_of(language_of(request))
    running = Running(office, who, words)
    made = made_for(sent.id(COMMAND), "offering", who.actor.account)
    assert made is not None
    deal = await run_in_threadpool(opening, running, made, matter)
    return await _act(request, running, deal, sent)


@router.get("/offerings/{offering}")
def offering(
    offering: UUID,
    request: Request,
    who: Visitor,
    office: OfficeOf,
    do: Annotated[Literal["resize", "cancel"] | None, Query()] = None,
    done: Annotated[Deed | Literal["again"] | None, Query()] = None,
    tick: Annotated[Literal["all"] | None, Query()] = None,
) -> Response:
    """A session: who has a place, who waits in which order, and what happened to it. do: the form
    of a deed. done: what was done just now. tick: all who are to be let go."""
    words = words_of(language_of(request))
    running = Running(office, who, words)
    if do is not None:
        deal = deal_of(running, do, offering)
        check(deal, office.now())
        return _drawn(request, running, deal, office.new_id())
    found, _ = running.one(offering)
    ending = ending_of(running, offering, found)
    return _session(request, running, offering, ending, done=done or "", ticked=tick)


def _session(
    request: Request,
    running: Running,
    offering: UUID,
    ending: Ending | None,
    *,
    status: int = 200,
    done: str = "",
    ticked: Collection[str] | None = None,
    command_id: UUID | None = None,
) -> Response:
    """The page of a session. ending: by which those who have a place are let go. ticked: of them,
    by their numbers, or `all`; command_id: of the form that was sent."""
    office, who, words = running.office, running.who, running.words
    found, _ = running.one(offering)
    story, earlier = running.story(offering)
    changes = running.runs(found) and not over(found, office.now())
    held = running.held(found)
    return render(
        request,
        "offering.html",
        who,
        status=status,
        one=_Telling(office, words).offering(offering, found),
        held=held,
        form=ending.form if ending and held.held.shown else None,
        step=words.label(ending.way.spec.label) if ending else "",
        law=ending.way.spec.law or "" if ending else "",
        ticked=[one.number for one in held.held.shown] if ticked == "all" else ticked or (),
        hidden={COMMAND: command_id or office.new_id()},
        reason=running.reason(offering) if found.cancelled else "",
        story=story,
        earlier=earlier,
        deeds=[deed for deed in DEEDS if deed != "open"] if changes else [],
        done=done,
    )


@router.post("/offerings/{offering}")
async def act(
    offering: UUID,
    request: Request,
    who: Visitor,
    office: OfficeOf,
    do: Annotated[Literal["resize", "cancel", "end"], Query()],
) -> Response:
    """Give a session another size, cancel it, or let go of those who had a place in it."""
    sent, words = await posted(request), words_of(language_of(request))
    running = Running(office, who, words)
    if do == "end":
        return await run_in_threadpool(_end, request, running, offering, sent)
    deal = await run_in_threadpool(deal_of, running, do, offering)
    return await _act(request, running, deal, sent)


async def _act(request: Request, running: Running, deal: Deal, sent: Posted) -> Response:
    office, who = running.office, running.who
    deal.form.check(sent, {TOKEN, COMMAND, VERSION, DRAW_AGAIN})
    command_id = sent.id(COMMAND)
    told, moved = deal.read(sent), False
    try:
        if deal.form.errors or sent.text(DRAW_AGAIN):
            status = 422 if deal.form.errors else 200
        else:
            drawn = None if deal.offering is None else sent.version()
            await office.run(deal.command(told, command_id, who.actor, office.now(), drawn))
            return _done(deal, deal.deed)
    except (NotFound, NotAllowed):
        raise
    except CommandReused:
        # Sent twice: the first stands.
        return _done(deal, "again")
    except Refusal as refusal:
        deal.put(refusal)
        status, moved = kind_of(type(refusal)).status, isinstance(refusal, VersionMismatch)
    return await run_in_threadpool(_drawn, request, running, deal, command_id, status, moved)


def _end(request: Request, running: Running, offering: UUID, sent: Posted) -> Response:
    ending = ending_of(running, offering, running.one(offering)[0])
    if ending is None:
        raise NotFound("offering", offering)
    form, words = ending.form, running.words
    form.check(sent, {TOKEN, COMMAND, DRAW_AGAIN}, {TICKED})
    command_id, ticked = sent.id(COMMAND), ticks(sent)
    record, at = ending.read(sent)
    if not ticked:
        form.top.append(("held", words("off.end.missing")))
    if form.errors or at is None or sent.text(DRAW_AGAIN):
        status = 422 if form.errors else 200
        return _session(
            request, running, offering, ending, status=status, ticked=ticked, command_id=command_id
        )
    outcomes = ending.carried_out(ticked, record, at, command_id)
    results = [_result(running, one) for one in outcomes]
    return render(
        request,
        "offering_ended.html",
        running.who,
        id=offering,
        title=running.one(offering)[0].title,
        step=words.label(ending.way.spec.label),
        results=results,
        done=sum(one.done for one in results),
    )


def _result(running: Running, outcome: Outcome) -> Result:
    words, number, address, state = running.words, outcome.key, "", ""
    try:
        row = running.office.affair(scope_of(running.who.actor, VIEW), outcome.affair_id or number)
    except NotFound:
        pass
    else:
        number, address = row.number, f"/affairs/{row.number}"
        line = running.office.line_version(row.line, row.line_version)
        state = words.label(line.states[row.state])
    if isinstance(outcome.answer, Refusal):
        return Result(number, address, False, because(outcome.answer, words))
    return Result(number, address, True, state)


def _done(deal: Deal, told: str) -> Response:
    return RedirectResponse(f"/offerings/{deal.offering_id}?done={told}", 303)


def _drawn(
    request: Request,
    running: Running,
    deal: Deal,
    command_id: UUID,
    status: int = 200,
    moved: bool = False,
) -> Response:
    """The form of a deed. moved: the session has changed since it was drawn first."""
    there, tell = deal.offering, _Telling(running.office, running.words)
    matter = deal.form.of("matter")
    return render(
        request,
        "offering_form.html",
        running.who,
        status=status,
        deed=deal.deed,
        form=deal.form,
        one=tell.offering(deal.offering_id, there) if there else None,
        back=f"/offerings/{deal.offering_id}" if there else "/offerings",
        action=f"/offerings/{deal.offering_id}?do={deal.deed}" if there else "/offerings/new",
        hidden={COMMAND: command_id, VERSION: deal.version or 0},
        nothing=matter is not None and not matter.choices,
        moved=moved,
    )


class _Telling:
    """Sessions in the reader's words."""

    def __init__(self, office: Office, words: Words) -> None:
        self._words, self._now = words, office.now()
        self._teller = Teller(office, words)
        self._matters = {
            code: words.label(matter)
            for line in office.lines_in_force(local_day(self._now))
            for code, matter in line.spec.matters.items()
        }

    def row(self, row: OfferingRow) -> Shown:
        """One of a list."""
        return self._shown(row.offering_id, row, row.held + row.kept, row.waiting)

    def offering(self, offering_id: UUID, offering: Offering) -> Shown:
        """One by itself."""
        return self._shown(offering_id, offering, offering.used, offering.queued)

    def _shown(self, id_: UUID, one: OfferingRow | Offering, taken: int, waiting: int) -> Shown:
        left = max(0, one.capacity - taken - waiting)
        return Shown(
            id=id_,
            title=one.title,
            matter=self._matters.get(one.matter, one.matter),
            unit=self._teller.unit_name(one.unit),
            venue=one.venue,
            iso=one.starts_at.isoformat(),
            when=self._when(one.starts_at, one.ends_at),
            standing=self._standing(one, left),
            capacity=one.capacity,
            taken=taken,
            left=left,
            standby=one.standby,
            waiting=waiting,
            share=min(100, 100 * taken // one.capacity),
        )

    def _standing(self, one: OfferingRow | Offering, left: int) -> str:
        if one.cancelled:
            return "cancelled"
        if one.ends_at <= self._now:
            return "over"
        if one.starts_at <= self._now:
            return "begun"
        return "open" if left else "full"

    def _when(self, starts: datetime, ends: datetime) -> str:
        words = self._words
        same = local_day(starts) == local_day(ends)
        until = clock_time(ends) if same else words.moment(ends)
        return words("off.when", since=words.moment(starts), until=until)
