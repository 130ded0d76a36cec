"""Versions of a line: which there are, what one says differently, what it would have changed, and
how it comes into force.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.clock import local_day
from domain.commands import PublishDraft
from domain.errors import FieldInvalid, Malformed, NotFound, NotPermittedNow, VersionMismatch
from web import differing, versions
from web.api.texts import Instant
from web.deadlines import clock_name
from web.entrance import OfficeOf, Visitor, reach
from web.language import language_of
from web.pages.frame import render
from web.ports import Office, SignedIn
from web.posted import form_of
from web.reasons import sentence
from web.telling import Teller
from web.trials import Trial
from web.trying import closed_because
from web.words import Words, words_of
from workflows.drafting import PUBLISH, begun_before
from workflows.machine import CompiledLine
from workflows.publication import Drafted, covered
from workflows.rights import scope_of
from workflows.trial import Moved

router = APIRouter(include_in_schema=False)

Code = Annotated[str, Path(max_length=16)]
Version = Annotated[str, Path(max_length=64)]


@dataclass(frozen=True, slots=True)
class Shown:
    """A version as it is listed. draft: which one it is, 0 where it is published."""

    code: str
    version: str
    address: str
    since: str
    until: str
    by: str
    when: str
    note: str = ""
    draft: int = 0


@dataclass(frozen=True, slots=True)
class TriedRow:
    """An affair under a draft, in words."""

    number: str
    unreadable: bool
    moved: Sequence[str]
    late: str
    closed: Sequence[str]


class Sent(BaseModel):
    """What the form of a publication sends: as it was drawn, so that sent twice it acts once."""

    model_config = ConfigDict(extra="forbid")

    command_id: UUID
    asked_at: Instant
    draft: Annotated[int, Field(ge=1, le=1_000_000)]


@router.get("/procedures/{code}/versions")
def all_versions(
    code: Code,
    request: Request,
    who: Visitor,
    office: OfficeOf,
    done: Annotated[Literal["publish"] | None, Query()] = None,
) -> Response:
    """What was published of a line, and, for whoever may read them, what is drafted."""
    words = words_of(language_of(request))
    published = office.line_versions(code)
    drafts = office.drafts.all(code) if may_read(who) else []
    if not published and not drafts:
        raise NotFound("line", code)
    spec = (
        office.line_version(code, published[-1].version) if published else drafts[-1].line()
    ).spec
    standing = versions.standing(office, code, local_day(office.now()))
    teller = Teller(office, words)
    return render(
        request,
        "versions.html",
        who,
        code=code,
        name=words.label(spec.names),
        done=done,
        in_force=standing.version if standing else "",
        versions=[
            Shown(
                code,
                one.version,
                address(code, one.version),
                words.day(one.valid_from),
                words.day(one.valid_to) if one.valid_to else "",
                teller.staff(one.by),
                words.moment(one.occurred_at),
            )
            for one in reversed(published)
        ],
        drafts=[shown(one, teller, words) for one in drafts],
        reads=may_read(who),
        moves=may_publish(who),
    )


@router.get("/procedures/{code}/versions/{version}")
def one_version(
    code: Code,
    version: Version,
    request: Request,
    who: Visitor,
    office: OfficeOf,
    old: Annotated[str, Query(max_length=64)] = "",
    start: Annotated[str, Query(alias="from", max_length=10)] = "",
    end: Annotated[str, Query(alias="to", max_length=10)] = "",
    done: Annotated[Literal["draft"] | None, Query()] = None,
) -> Response:
    """What a version or a draft says differently from the one in force, or from `old`; with days,
    what it would have changed of the affairs registered on them."""
    return _page(request, who, office, _Asked(code, version, old, start, end, done=done or ""))


@router.post("/procedures/{code}/versions/{version}")
async def publish(
    code: Code,
    version: Version,
    request: Request,
    who: Visitor,
    office: OfficeOf,
    sent: Annotated[Sent, Depends(form_of(Sent))],
) -> Response:
    """Put the draft in force that was shown; one that was changed since is shown anew."""
    reach(who, PUBLISH)
    words = words_of(language_of(request))
    try:
        await office.run(
            PublishDraft(
                command_id=sent.command_id,
                by=who.actor,
                occurred_at=sent.asked_at,
                code=code,
                version=version,
                draft=sent.draft,
            )
        )
    except VersionMismatch:
        wrong = words("version.changed")
    except (FieldInvalid, NotPermittedNow) as refusal:
        wrong = sentence(refusal.because, words)
    else:
        await run_in_threadpool(office.refresh)
        return RedirectResponse(f"/procedures/{code}/versions?done=publish", 303)
    asked = _Asked(code, version, wrong=wrong)
    return await run_in_threadpool(_page, request, who, office, asked)


# --- the page ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    code: str
    version: str
    old: str = ""
    start: str = ""
    end: str = ""
    wrong: str = ""
    done: str = ""


def _page(request: Request, who: SignedIn, office: Office, asked: _Asked) -> Response:
    words, today = words_of(language_of(request)), local_day(office.now())
    code = asked.code
    line = versions.version_named(office, who, code, asked.version)
    published = {one.version for one in office.line_versions(code)}
    draft = None if asked.version in published else office.drafts.get(code, asked.version)
    old = (
        versions.version_named(office, who, code, asked.old)
        if asked.old
        else versions.standing(office, code, today)
    )
    tried, wrong_day = _tried(office, who, line, asked, words)
    spec, teller = line.spec, Teller(office, words)
    return render(
        request,
        "version.html",
        who,
        status=422 if asked.wrong or wrong_day else 200,
        code=code,
        name=words.label(spec.names),
        version=line.version,
        done=asked.done,
        old=old.version if old else "",
        since=words.day(spec.valid.since),
        until=words.day(spec.valid.to) if spec.valid.to else "",
        draft=shown(draft, teller, words) if draft else None,
        others=sorted(published - {line.version}),
        differences=differing.told(old.spec, spec, words) if old else [],
        covers=[
            (one.version, words.day(one.valid_from))
            for one in covered(office.line_versions(code), spec.valid.since, spec.valid.to)
        ]
        if draft
        else [],
        stands_in_the_way=_in_the_way(office, who, draft, today, words) if draft else "",
        reads=may_read(who),
        publishes=draft is not None and may_publish(who),
        moves=draft is None and may_publish(who),
        start=asked.start,
        end=asked.end,
        tried=tried,
        rows=[_row(one, line, words) for one in tried.shown] if tried else [],
        wrong=asked.wrong,
        wrong_day=wrong_day,
        command_id=office.new_id(),
        asked_at=office.now().isoformat(),
    )


def _in_the_way(office: Office, who: SignedIn, draft: Drafted, today: date, words: Words) -> str:
    """Why the reader may not publish it as it stands; else empty."""
    event = draft.event
    if event.by == who.actor.account:
        return sentence("whoever drafted a version does not publish it", words)
    begun = begun_before(event.valid_from, today, office.line_versions(event.code))
    return words("version.begun", because=sentence(begun, words)) if begun else ""


def _tried(
    office: Office, who: SignedIn, line: CompiledLine, asked: _Asked, words: Words
) -> tuple[versions.TriedMany | None, str]:
    if not (asked.start or asked.end):
        return None, ""
    try:
        start, end = date.fromisoformat(asked.start), date.fromisoformat(asked.end)
    except ValueError:
        return None, words("version.days.wrong")
    try:
        return versions.tried(office, who, line, start, end), ""
    except Malformed:
        return None, words("version.days.order")


def _row(one: Trial, line: CompiledLine, words: Words) -> TriedRow:
    found = one.found
    if found is None:
        return TriedRow(one.affair.number, True, (), "", ())
    late = {(True, True): "both", (True, False): "was", (False, True): "would"}
    key = late.get((found.was_late, found.would_be_late))
    return TriedRow(
        one.affair.number,
        False,
        deadlines(found.moved, line, words),
        words(f"version.late.{key}") if key else "",
        [
            words("list.pair", key=closed.name, value=closed_because(closed.because, words))
            for closed in found.closed
        ],
    )


# --- what its neighbours ask too ---------------------------------------------------------------


def may_read(who: SignedIn) -> bool:
    """Whether somebody reads drafts."""
    return any(scope_of(who.actor, right).prefix is not None for right in versions.READERS)


def may_publish(who: SignedIn) -> bool:
    """Whether somebody publishes, and moves running affairs."""
    return scope_of(who.actor, PUBLISH).prefix is not None


def shown(draft: Drafted, teller: Teller, words: Words) -> Shown:
    """A draft as it is listed."""
    event = draft.event
    return Shown(
        event.code,
        event.version,
        address(event.code, event.version),
        words.day(event.valid_from),
        words.day(event.valid_to) if event.valid_to else "",
        teller.staff(event.by),
        words.moment(event.occurred_at),
        event.note,
        draft.revision,
    )


def address(code: str, version: str) -> str:
    """The page of a version."""
    return f"/procedures/{quote(code)}/versions/{quote(version)}"


def deadlines(moved: Sequence[Moved], line: CompiledLine, words: Words) -> list[str]:
    """Each deadline that would be another, in words."""

    def told(at: datetime | None) -> str:
        return words.deadline(at) if at else words("version.no_deadline")

    return [
        words(
            "version.moved",
            clock=clock_name(line, one.clock, words),
            was=told(one.was),
            now=told(one.would_be),
        )
        for one in moved
    ]
