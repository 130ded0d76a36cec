"""Drafts: what is drafted of all lines, and the form by which policy staff draft a version."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.commands import DraftLine
from domain.errors import CommandReused, FieldInvalid, LineInvalid, Malformed
from web import versions
from web.api.requests import LONGEST_FILE
from web.api.texts import storable
from web.entrance import OfficeOf, Visitor, reach, reach_any
from web.language import language_of
from web.pages.frame import render
from web.pages.versions import address, shown
from web.ports import Office, SignedIn
from web.posted import COMMAND, TOKEN, Posted, posted
from web.problems import faults_of
from web.reasons import sentence
from web.telling import Teller
from web.words import Words, words_of
from workflows.drafting import DRAFT
from workflows.loading import read_draft
from workflows.publication import defined
from workflows.rights import scope_of

router = APIRouter(include_in_schema=False)

NAMES = {TOKEN, COMMAND, "asked-at", "file", "text", "note", "draw_again"}


@dataclass(frozen=True, slots=True)
class _Form:
    """What was sent, and what is wrong with it. errors: by field; faults: of the text."""

    text: str = ""
    note: str = ""
    command_id: str = ""
    asked_at: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)


@router.get("/drafts")
def drafts(request: Request, who: Visitor, office: OfficeOf) -> Response:
    """What is drafted and not published; for policy staff, with the form."""
    reach_any(who, versions.READERS)
    return _page(request, who, office, _Form())


@router.post("/drafts")
async def draft(request: Request, who: Visitor, office: OfficeOf) -> Response:
    """Draft a version from a file. One that is wrong comes back with every fault and its line,
    and with its text, to be put right where it stands."""
    reach(who, DRAFT)
    sent, words = await posted(request), words_of(language_of(request))
    sent.check(NAMES, filled={"file"})
    form = _form(sent, words)
    if form.errors or sent.text("draw_again"):
        return await run_in_threadpool(_page, request, who, office, form)
    try:
        line = await run_in_threadpool(read_draft, form.text)
        await office.run(
            DraftLine(
                command_id=sent.id(COMMAND),
                by=who.actor,
                occurred_at=_moment(form.asked_at),
                note=form.note,
                **defined(line),
            )
        )
    except LineInvalid as refusal:
        form.faults.extend(faults_of(refusal, words))
    except FieldInvalid as refusal:
        form.errors[refusal.field if refusal.field == "note" else "text"] = sentence(
            refusal.because, words
        )
    except CommandReused:
        form.errors["text"] = words("draft.sent_twice")
    else:
        await run_in_threadpool(office.refresh)
        return RedirectResponse(f"{address(line.code, line.version)}?done=draft", 303)
    return await run_in_threadpool(_page, request, who, office, form)


def _form(sent: Posted, words: Words) -> _Form:
    errors: dict[str, str] = {}
    text = sent.text("text")
    for _, content in sent.files.get("file", ()):
        try:
            text = content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            errors["file"] = words("draft.not_utf8")
    if "file" not in errors and not text.strip():
        errors["file"] = words("draft.missing")
    if len(text) > LONGEST_FILE:
        text, errors["file"] = "", words("draft.too_long")
    try:
        storable(text)
    except ValueError:
        text, errors["file"] = "", words("draft.not_text")
    note = sent.text("note").strip()
    if not note:
        errors["note"] = words("draft.note.missing")
    return _Form(text, note, sent.text(COMMAND), sent.text("asked-at"), errors)


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Malformed("asked-at", "a time with its zone") from None
    if at.tzinfo is None:
        raise Malformed("asked-at", "a time with its zone")
    return at


def _page(request: Request, who: SignedIn, office: Office, form: _Form) -> Response:
    words = words_of(language_of(request))
    teller = Teller(office, words)
    return render(
        request,
        "drafts.html",
        who,
        status=422 if form.errors or form.faults else 200,
        drafts=[shown(one, teller, words) for one in office.drafts.all()],
        may_draft=scope_of(who.actor, DRAFT).prefix is not None,
        form=form,
        # What was put right is another request.
        command_id=office.new_id() if form.faults or form.errors or not form.command_id
        else form.command_id,
        asked_at=form.asked_at or office.now().isoformat(),
    )  # fmt: skip
