"""A step, an entry or an action as a form: drawn, checked, carried out by the API's own command."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.actor import Role
from domain.clock import local_day
from domain.errors import (
    CommandReused,
    FormStale,
    NotAllowed,
    NotFound,
    Refusal,
    VersionMismatch,
)
from domain.log import Recorded
from domain.record import Kind as FieldKind
from web.colleagues import colleagues, without
from web.conditions import conditions_of
from web.confirmation import AGAIN
from web.deadlines import Watch
from web.deeds import NAMED, Deed, Kind, deed_of, meant
from web.entrance import OfficeOf, Visitor, reach
from web.filling import Filling, moment, put
from web.forms import OCCURRED, OCCURRED_INPUT, Drawer, Form, Groups, Kept, minute, units_of
from web.inside import inside, shown
from web.language import language_of
from web.pages.frame import render
from web.pages.rows import tag_of
from web.ports import Office, Paper, SignedIn
from web.posted import COMMAND, TOKEN, VERSION, typed
from web.refusals import kind_of
from web.tasks import narrowed
from web.telling import Teller
from web.timeline import Moment, Storyteller
from web.words import Words, words_of
from workflows.rights import VIEW, resource_of

router = APIRouter(include_in_schema=False)


async def _kind(kind: Annotated[str, Path()]) -> Kind:
    found = next((one for one in NAMED if one == kind), None)
    if found is None:
        raise HTTPException(404)
    return found


KindOf = Annotated[Kind, Depends(_kind)]
Key = Annotated[str, Path(max_length=64)]
Name = Annotated[str, Path(max_length=64)]

OF_VERSION = "of_version"
"""The field of a correction that names the record, which its address names before."""
HANDED_ON = ("refer", "escalate")
"""Actions whose unit is to lead."""
ACCOUNT = FieldKind.ACCOUNT
DRAW_AGAIN = "draw-again"
"""The button that only draws the form again, in another language."""
SHARED = {OCCURRED_INPUT, COMMAND, DRAW_AGAIN, TOKEN, VERSION}


@router.get("/affairs/{affair}/{kind}/{name}")
def draw(
    affair: Key, kind: KindOf, name: Name, request: Request, who: Visitor, office: OfficeOf
) -> Response:
    """The form of what is open to the reader. Raises the refusals of the API where it is not."""
    deed = deed_of(office, who, affair, kind, name)
    if deed.refusal:
        raise deed.refusal
    words = words_of(language_of(request))
    if deed.corrects and not _corrected(request):
        return _choose(request, office, who, deed, words)
    form = _form(request, deed, who, office, words)
    form.controls[-1].typed = minute(office.now())
    return _page(request, office, who, deed, form, office.new_id())


@router.post("/affairs/{affair}/{kind}/{name}")
async def do(
    affair: Key, kind: KindOf, name: Name, request: Request, who: Visitor, office: OfficeOf
) -> Response:
    """Do it, or draw the form again with everything typed and what is wrong."""
    sent, ours = await typed(request)
    words = words_of(language_of(request))
    deed = await run_in_threadpool(deed_of, office, who, affair, kind, name)
    form = await run_in_threadpool(_form, request, deed, who, office, words)
    form.check(sent, SHARED)
    command_id, drawn = sent.id(COMMAND), sent.version()
    if deed.refusal and drawn == deed.version:
        raise deed.refusal
    filling = filling_of(office, who, deed.row.affair_id, words)
    record = await run_in_threadpool(filling.fill, form, sent)
    told = moment(record.get(OCCURRED_INPUT, ""))
    at = meant(told, deed.affair) if told else None
    filling.check(form, record, deed.row.affair_id, at, deed.affair.identity.registered_at)
    record.pop(OCCURRED_INPUT, None)
    if not ours:
        form.top.insert(0, ("", words("form.other_sign_in")))
        return await run_in_threadpool(
            _again, request, office, who, deed, form, command_id, drawn, kind_of(FormStale).status
        )
    try:
        if form.errors or at is None or sent.text(DRAW_AGAIN):
            status = 422 if form.errors else 200
        else:
            await office.run(deed.command(who, command_id, drawn, at, record))
            # The first of what it recorded: some steps record more.
            return await run_in_threadpool(_done, office, who, deed, str(drawn + 1))
    except (NotFound, NotAllowed):
        raise
    except CommandReused:
        # Sent twice, and the second time with another copy of a file: the first stands.
        return await run_in_threadpool(_done, office, who, deed, AGAIN)
    except Refusal as refusal:
        status = kind_of(type(refusal)).status
        # What changed meanwhile is told by itself.
        if not isinstance(refusal, VersionMismatch):
            put(form, refusal, words, deed.way.after)
    return await run_in_threadpool(
        _again, request, office, who, deed, form, command_id, drawn, status
    )


@router.get("/handed-on")
def handed_on(
    request: Request,
    who: Visitor,
    number: Annotated[str, Query(pattern=r"^[A-Z]{2}-[0-9]{4}-[0-9]{4,9}$")],
) -> Response:
    """It was done, and the affair is out of the reader's view: a joint task that has ended, or
    an affair taken in for others."""
    return render(request, "handed_on.html", who, number=number)


def _form(request: Request, deed: Deed, who: SignedIn, office: Office, words: Words) -> Form:
    today = local_day(office.now())
    leads = units_of(office.organisation, today, areas=False)
    units = leads if deed.way.id in HANDED_ON else units_of(office.organisation, today)
    specs = narrowed(
        deed.way.reader(deed.row.matter, who.actor.role).specs, office, who, deed, words
    )
    if deed.corrects:
        # Of all that could be corrected, what the record in question can hold.
        told = _corrected(request)
        held = next((held for seen, held in _records(office, deed) if str(seen) == told), ())
        specs = tuple(spec for spec in specs if spec.required or spec.name in held)
    people = _people(office, words, deed) if any(s.kind is ACCOUNT for s in specs) else ()
    drawer = Drawer(words, units, leads, people)
    form = drawer.form(specs)
    if (named := form.of(OF_VERSION)) is not None and deed.corrects:
        named.typed = _corrected(request)
    form.controls.append(drawer.control(OCCURRED, OCCURRED_INPUT))
    return form


def _people(office: Office, words: Words, deed: Deed) -> Groups:
    """Whom the deed can be about: those who may work on the affair and were not recused. It is
    not given to who has it; who has it can be recused, wherever they work now."""
    assignee, recused = deed.affair.standing.assignee, deed.affair.work.recused
    found = colleagues(office, words, [resource_of(deed.affair)], (assignee,))
    return without(found, (*recused, assignee) if deed.way.id == "assign" else recused)


def _corrected(request: Request) -> str:
    """Which record is to be corrected, as the address says it."""
    return request.query_params.get(OF_VERSION, "")[:9]


def _records(office: Office, deed: Deed) -> list[tuple[int, frozenset[str]]]:
    """The records that can be corrected, by version, with the fields that they can hold."""
    found = [
        (seen.version, deed.line.holdable(seen.event, deed.row.matter))
        for seen in office.life(deed.row.affair_id)
        if isinstance(seen, Recorded)
    ]
    return [(version, held) for version, held in found if held]


def _choose(request: Request, office: Office, who: SignedIn, deed: Deed, words: Words) -> Response:
    """The records of an affair that can be corrected, to choose one."""
    there = {version for version, _ in _records(office, deed)}
    moments = _moments(office, who, deed, words)
    return render(
        request,
        "records.html",
        who,
        number=deed.row.number,
        name=words.label(deed.way.spec.label),
        address=f"/affairs/{deed.row.number}/{deed.kind}/{deed.way.id}?{OF_VERSION}=",
        moments=[moment for moment in moments if moment.version in there],
    )


def _moments(office: Office, who: SignedIn, deed: Deed, words: Words) -> Sequence[Moment]:
    life, line = office.life(deed.row.affair_id), deed.line
    teller = Teller(office, words, who.actor)
    storyteller = Storyteller(teller, words, line, deed.row.matter, inside(life, line))
    return storyteller.tell(shown(life, line, who.actor.role), deed.row.community).moments


def filling_of(office: Office, who: SignedIn, affair_id: UUID, words: Words) -> Filling:
    """What reads the form of an affair."""

    def known(id_: UUID) -> Kept | None:
        paper = office.paper(id_)
        return _kept(paper) if paper.subject == affair_id else None

    def keep(name: str, content: bytes) -> Kept:
        return _kept(office.keep(affair_id, name, content))

    def number(told: str) -> UUID:
        return office.affair(reach(who, VIEW), told).affair_id

    return Filling(words, keep, known, number)


def _kept(paper: Paper) -> Kept:
    return Kept(paper.id, str(paper.name), paper.media_type.startswith("image/"))


def _again(
    request: Request,
    office: Office,
    who: SignedIn,
    deed: Deed,
    form: Form,
    command_id: UUID,
    drawn: int,
    status: int,
) -> Response:
    """The form with all that was typed. Where the affair has moved on it says what changed and
    by whom, and is drawn from the affair as it stands now."""
    words = words_of(language_of(request))
    deed = deed_of(office, who, str(deed.row.affair_id), deed.kind, deed.way.id)
    since: list[Moment] = []
    if drawn != deed.version:
        status = 412
        stale = words("form.stale", drawn=drawn, version=deed.version)
        form.top.insert(0, ("since", stale))
        since = [one for one in _moments(office, who, deed, words) if one.version > drawn]
        if deed.refusal:
            put(form, deed.refusal, words)
    return _page(request, office, who, deed, form, command_id, since, status)


def _page(
    request: Request,
    office: Office,
    who: SignedIn,
    deed: Deed,
    form: Form,
    command_id: UUID,
    since: Sequence[Moment] = (),
    status: int = 200,
) -> Response:
    words, row, line, spec = words_of(language_of(request)), deed.row, deed.line, deed.way.spec
    watch = Watch(office.now(), office.calendar, words)
    deadlines = watch.of_affair(deed.affair, line)
    first = deadlines[0] if deadlines else watch.of_row(row, line)
    states = line.states
    return render(
        request,
        "step.html",
        who,
        status=status,
        form=form,
        hidden={COMMAND: command_id, VERSION: deed.version},
        since=since,
        row=row,
        title=Teller(office, words, who.actor).opened(row.affair_id).field("summary", row.summary),
        line_name=words.label(line.spec.names),
        matter_name=words.label(line.matter(row.matter)),
        state_name=words.label(states[row.state]),
        tag=tag_of(row, first),
        deadline=first,
        name=words.label(spec.label),
        id=deed.way.id,
        query=f"?{OF_VERSION}={quote(_corrected(request))}" if deed.corrects else "",
        kind=deed.kind,
        to=words.label(states[deed.to]) if deed.to and deed.to != row.state else "",
        by=words.listed(
            words(f"role.{role.value}")
            for role in Role
            if role in deed.way.by | deed.way.behalf and role is not Role.SYS
        ),
        limits=[f"{name} {limit}" for name, limit in deed.limits(words)],
        depends=conditions_of(line, words).asked(deed.way.after),
        law=spec.law or line.spec.law or "",
        internal=getattr(spec, "internal", False),
    )


def _done(office: Office, who: SignedIn, deed: Deed, told: str) -> Response:
    return to_affair(office, who, deed.row.affair_id, deed.row.number, told)


def to_affair(office: Office, who: SignedIn, affair_id: UUID, number: str, told: str) -> Response:
    """On to the affair, which says what happened; elsewhere where it is out of view now."""
    try:
        office.affair(reach(who, VIEW), affair_id)
    except NotFound:
        return RedirectResponse(f"/handed-on?number={number}", 303)
    return RedirectResponse(f"/affairs/{number}?done={told}", 303)
