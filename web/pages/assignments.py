"""Who is given which affairs: what waits for somebody, and many given to one colleague at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import CommandReused, FieldInvalid, NotFound, Refusal, Unreadable
from projections.affair_page import AffairPageRow
from web.api.routes import key_of
from web.api.texts import Line, Note
from web.assigning import MOST, Assignment, Outcome, carried_out
from web.colleagues import offered, resource_of_row
from web.deadlines import Deadline, Watch
from web.entrance import OfficeOf, Visitor, reach
from web.language import language_of
from web.pages.frame import render
from web.pages.worklist import shortened
from web.ports import Office, SignedIn
from web.posted import form_of
from web.problems import problem_of
from web.reasons import sentence
from web.telling import Teller
from web.words import Words, words_of
from workflows.machine import CompiledLine
from workflows.rights import ASSIGN, VIEW, Resource, scope_of

router = APIRouter(include_in_schema=False)

_Affair = Annotated[Line, StringConstraints(min_length=1, max_length=64)]


class Sent(BaseModel):
    """What the form of this page, and the bar of the inbox, send. affair: numbers or ids."""

    model_config = ConfigDict(extra="forbid")

    command_id: UUID
    affair: Annotated[list[_Affair], Field(max_length=MOST)] = []
    account: Annotated[Line, StringConstraints(max_length=64)] = ""
    reason: Note = ""
    draw_again: Literal["", "yes"] = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An affair that can be given. title, state: empty where it is restricted to others."""

    number: str
    line: str
    line_name: str
    title: str
    state: str
    deadline: Deadline
    known: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one. address: empty where the reader may not look at it."""

    number: str
    address: str
    done: bool
    words: str


@router.get("/assignments")
def waiting(request: Request, who: Visitor, office: OfficeOf) -> Response:
    """What the reader may assign and nobody is assigned to; of what is restricted its number,
    line and deadline."""
    return _page(request, office, who, _waiting(office, who))


@router.post("/assignments")
async def assign(
    who: Visitor, sent: Annotated[Sent, Depends(form_of(Sent))], request: Request, office: OfficeOf
) -> Response:
    """Give the chosen affairs to the chosen colleague and say what became of each; or draw the
    form again where one of both is missing."""
    reach(who, ASSIGN)
    if sent.draw_again or not sent.affair or not sent.account:
        return await run_in_threadpool(_again, request, office, who, sent)
    return await run_in_threadpool(_assigned, request, office, who, sent)


# --- the form ----------------------------------------------------------------------------------


def _rows(office: Office, who: SignedIn, keys: Iterable[str]) -> list[AffairPageRow]:
    """The affairs that are meant and may be assigned, each once; the others are left out."""
    scope = reach(who, ASSIGN)
    rows: dict[UUID, AffairPageRow] = {}
    for key in keys:
        try:
            row = office.affair(scope, key_of(key))
        except NotFound:
            continue
        rows[row.affair_id] = row
    return list(rows.values())


def _waiting(office: Office, who: SignedIn) -> list[AffairPageRow]:
    found = office.unassigned(reach(who, ASSIGN))
    return _rows(office, who, (str(one.id) for one in found))


def _again(request: Request, office: Office, who: SignedIn, sent: Sent) -> Response:
    """What was chosen, all of it still chosen; where nothing was, what waits for somebody."""
    words = words_of(language_of(request))
    errors = []
    if not sent.affair:
        errors.append(("affairs", words("assign.missing.affair")))
    if not sent.account:
        errors.append(("assign-to", words("assign.missing.account")))
    rows = _rows(office, who, sent.affair) if sent.affair else _waiting(office, who)
    return _page(request, office, who, rows, sent, errors)


def _page(
    request: Request,
    office: Office,
    who: SignedIn,
    rows: Sequence[AffairPageRow],
    sent: Sent | None = None,
    errors: Sequence[tuple[str, str]] = (),
) -> Response:
    words = words_of(language_of(request))
    return render(
        request,
        "assignments.html",
        who,
        status=422 if errors else 200,
        items=_items(office, who, words, rows),
        chosen=bool(sent and sent.affair),
        errors=errors,
        people=offered(office, who, words, rows),
        command_id=sent.command_id if sent else office.new_id(),
        account=sent.account if sent else "",
        reason=sent.reason if sent else "",
    )


def _items(
    office: Office, who: SignedIn, words: Words, rows: Iterable[AffairPageRow]
) -> list[Item]:
    watch, teller = Watch(office.now(), office.calendar, words), Teller(office, words, who.actor)
    seen = scope_of(who.actor, VIEW)
    items = []
    for row in rows:
        line = _line(office, row)
        # Of what is restricted, whoever is not assigned is shown number, line and deadline.
        known = seen.covers(_resource(row))
        summary = teller.opened(row.affair_id).field("summary", row.summary) if known else ""
        items.append(
            Item(
                number=row.number,
                line=row.line,
                line_name=words.label(line.spec.names) if line else row.line,
                title=shortened(summary),
                state=(words.label(line.states[row.state]) if line else row.state) if known else "",
                deadline=watch.of_row(row, line),
                known=known,
            )
        )
    return items


# One line that cannot be read hides no affair of another.
def _line(office: Office, row: AffairPageRow) -> CompiledLine | None:
    try:
        return office.line_version(row.line, row.line_version)
    except Unreadable:
        return None


# --- what became of them -----------------------------------------------------------------------


def _assigned(request: Request, office: Office, who: SignedIn, sent: Sent) -> Response:
    words = words_of(language_of(request))
    asked = Assignment(
        affairs=list(dict.fromkeys(sent.affair)),
        account=sent.account,
        reason=sent.reason,
        occurred_at=office.now(),
        command_id=sent.command_id,
    )
    results = [_result(office, who, words, sent, one) for one in carried_out(office, who, asked)]
    return render(
        request,
        "assigned.html",
        who,
        results=results,
        done=sum(one.done for one in results),
        name=Teller(office, words).staff(sent.account),
    )


def _result(office: Office, who: SignedIn, words: Words, sent: Sent, outcome: Outcome) -> Result:
    answer, name = outcome.answer, Teller(office, words).staff(sent.account)
    number, address, assignee = outcome.key, "", ""
    if outcome.affair_id is not None:
        try:
            row = office.affair(reach(who, ASSIGN), outcome.affair_id)
        except NotFound as gone:
            answer = gone if isinstance(answer, Refusal) else answer
        else:
            number, assignee = row.number, row.assignee
            if scope_of(who.actor, VIEW).covers(_resource(row)):
                address = f"/affairs/{row.number}"
    # Sent twice: the first stands, if it is what is asked for now.
    if isinstance(answer, CommandReused) and assignee == sent.account:
        return Result(number, address, True, words("assign.done.again", name=name))
    if not isinstance(answer, Refusal):
        return Result(number, address, True, words("assign.done", name=name))
    return Result(number, address, False, because(answer, words))


def because(refusal: Refusal, words: Words) -> str:
    """Why one of several was refused."""
    match refusal:
        case CommandReused():
            return words("assign.reused")
        case FieldInvalid(field="account"):
            return words("form.wrong", label=words("assign.to"),
                         because=sentence(refusal.because, words))  # fmt: skip
        case _:
            return problem_of(refusal, words).detail


def _resource(row: AffairPageRow) -> Resource:
    people = (row.assignee,) if row.assignee else ()
    return replace(resource_of_row(row), people=people, restricted=row.restricted)
