"""Looking at masked values of an affair in clear: a form that asks why, then the values, once."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from domain.commands import Reveal
from domain.errors import CommandReused
from domain.reads import NOTE_LONGEST
from domain.record import Kind
from web.api.routes import standing
from web.entrance import OfficeOf, Visitor
from web.forms import Drawer, Form, label_of
from web.pages.case import Case, case_of
from web.pages.frame import render
from web.ports import Office, SignedIn
from web.posted import COMMAND, TOKEN, Posted, posted
from web.refusals import kind_of
from web.reveal import Hidden, hidden, label, look, noted, refused
from workflows.fields import FieldSpec
from workflows.masks import policy
from workflows.rights import REVEAL, resource_of, scope_of

router = APIRouter(include_in_schema=False)

Key = Annotated[str, Path(max_length=64)]
DRAW_AGAIN = "draw-again"


@router.get("/affairs/{affair}/reveal")
def ask(affair: Key, request: Request, who: Visitor, office: OfficeOf) -> Response:
    """What can be looked at, still masked, and the form that asks why."""
    case, there = _case(request, who, office, affair)
    return _page(request, case, there, _form(case, there), office.new_id())


@router.post("/affairs/{affair}/reveal")
async def reveal(affair: Key, request: Request, who: Visitor, office: OfficeOf) -> Response:
    """The values, once it is written down who looks at which of them and why."""
    sent = await posted(request)
    with noted(office, who):
        case, there = await run_in_threadpool(_case, request, who, office, affair)
    form = await run_in_threadpool(_form, case, there)
    sent.check(form.inputs | {TOKEN, COMMAND, DRAW_AGAIN}, form.several)
    command_id, status = sent.id(COMMAND), 200
    _read(form, sent, case)
    if not sent.text(DRAW_AGAIN):
        if not form.errors:
            asked = Reveal(
                command_id=command_id,
                by=who.actor,
                occurred_at=office.now(),
                affair_id=case.row.affair_id,
                fields=tuple(form.controls[0].chosen),
                reason=form.controls[1].chosen[0],
                note=form.controls[2].typed,
            )
            try:
                with noted(office, who):
                    written = await look(office, who, asked)
                return await run_in_threadpool(_shown, request, case, there, written.fields)
            except CommandReused as refusal:
                status = kind_of(type(refusal)).status
                form.top.append(("", case.words("reveal.over")))
                command_id = office.new_id()
        else:
            status = 422
            await run_in_threadpool(refused, office, who, "no reason")
    return await run_in_threadpool(_page, request, case, there, form, command_id, status)


def _case(request: Request, who: SignedIn, office: Office, key: str) -> tuple[Case, Hidden]:
    """The affair, and what can be looked at. Raises NotAllowed, NotFound."""
    standing(office, who, REVEAL, key)
    case = case_of(request, who, office, key)
    return case, hidden(case.teller, case.line, case.life)


def may_reveal(case: Case) -> bool:
    """Whether the reader may look at what is masked of an affair."""
    if case.state is None:
        return False
    return scope_of(case.who.actor, REVEAL).covers(resource_of(case.state))


def _form(case: Case, there: Hidden) -> Form:
    words, row = case.words, case.row
    drawer = Drawer(words)
    which, why, note = (
        drawer.control(
            FieldSpec(
                name=name,
                kind=kind,
                label=label_of(f"reveal.{name}"),
                help=label_of(f"reveal.{name}.help"),
                required=name != "note",
                max=NOTE_LONGEST if name == "note" else None,
            )
        )
        for name, kind in (("fields", Kind.UNITS), ("reason", Kind.CHOICE), ("note", Kind.NOTE))
    )
    which.groups = [
        (
            "",
            [
                (
                    field,
                    words(
                        "list.pair",
                        key=label(field, words, case.line, row.matter),
                        value=words("list.semicolon").join(one.masked for one in values),
                    ),
                )
                for field, values in there.items()
            ],
        )
    ]
    why.groups = [("", [(code, words.label(one)) for code, one in policy().reasons.items()])]
    return Form([which, why, note])


def _read(form: Form, sent: Posted, case: Case) -> None:
    """What was sent; what is missing or wrong is beside its field."""
    which, why, note = form.controls
    for control in (which, why):
        texts = dict.fromkeys(sent.texts.get(control.input, ()))
        control.chosen = [text for text in texts if text in dict(control.choices)]
        if not control.chosen or len(control.chosen) != len(texts):
            control.error = case.words(f"reveal.missing.{control.spec.name}")
    note.typed = sent.text(note.input)
    explained = [code for code in why.chosen if policy().reasons[code].explain]
    if explained and not note.typed.strip():
        note.error = case.words("reveal.missing.note")
    if len(note.typed.strip()) > NOTE_LONGEST:
        note.error = case.words("reveal.long.note", most=NOTE_LONGEST)


def _page(
    request: Request,
    case: Case,
    there: Hidden,
    form: Form,
    command_id: UUID,
    status: int = 200,
) -> Response:
    return render(
        request,
        "reveal.html",
        case.who,
        status=status,
        row=case.row,
        title=case.title,
        form=form,
        there=bool(there),
        hidden={COMMAND: command_id},
    )


def _shown(request: Request, case: Case, there: Hidden, fields: Sequence[str]) -> Response:
    words = case.words
    return render(
        request,
        "revealed.html",
        case.who,
        row=case.row,
        title=case.title,
        values=[
            (label(field, words, case.line, case.row.matter), there[field])
            for field in fields
            if field in there
        ],
    )
