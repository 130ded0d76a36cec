"""Versions of lines before they are in force: drafted, compared, tried, published; and running
affairs moved to them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from domain.clock import local_day
from domain.commands import DraftLine, PublishDraft
from domain.errors import NotFound
from domain.line import draft_of, version_of
from domain.log import Receipt
from web import answers as a
from web import differing, versions
from web.api import PREFIX
from web.api.direct import Call, CallOf, CallOfNew, DirectRoute
from web.api.requests import (
    DifferencesQuery,
    DraftPublication,
    DraftText,
    MigrationQuery,
    MigrationRequest,
    TrialQuery,
)
from web.api.routes import READING, WRITING, problems
from web.entrance import Caller, OfficeOf, reach, reach_any
from web.language import language_of
from web.ports import Office
from web.reasons import sentence
from web.telling import Teller
from web.trials import Trial
from web.trying import closed_because
from web.words import Words, words_of
from workflows.drafting import DRAFT, PUBLISH
from workflows.line import Line
from workflows.loading import read_draft
from workflows.machine import CompiledLine
from workflows.publication import covered, defined
from workflows.trial import Moved

router = APIRouter(prefix=PREFIX, tags=["lines"])
writing = APIRouter(prefix=PREFIX, tags=["lines"], route_class=DirectRoute)

Code = Annotated[str, Path(pattern=r"^[A-Z]{2}$")]
Version = Annotated[str, Path(max_length=40)]


@router.get("/drafts", responses=problems(401, 403, 422, 500, 503))
def drafts(request: Request, who: Caller, office: OfficeOf) -> a.LineDrafts:
    """What is drafted and not published."""
    reach_any(who, versions.READERS)
    teller = Teller(office, words_of(language_of(request)))
    return a.LineDrafts(
        items=[
            a.LineDraft(
                code=one.event.code,
                version=one.event.version,
                draft=one.revision,
                valid_from=one.event.valid_from,
                valid_to=one.event.valid_to,
                note=one.event.note,
                by=teller.person(one.event.by),
                occurred_at=one.event.occurred_at,
            )
            for one in office.drafts.all()
        ]
    )


@router.get("/lines/{code}/differences", responses=problems(*READING))
def differences(
    code: Code,
    query: Annotated[DifferencesQuery, Query()],
    request: Request,
    who: Caller,
    office: OfficeOf,
) -> a.Differences:
    """What one version says differently from another, in words and with its law. Versions that
    were published are public knowledge; drafts are for whoever drafts or publishes."""
    new = versions.version_named(office, who, code, query.new)
    if query.old is not None:
        old = versions.version_named(office, who, code, query.old)
    elif (found := versions.standing(office, code, local_day(office.now()))) is not None:
        old = found
    else:
        raise NotFound("line", code)
    told = differing.told(old.spec, new.spec, words_of(language_of(request)))
    return a.Differences(
        code=code,
        old=old.version,
        new=new.version,
        items=[a.Difference(**asdict(one)) for one in told],
    )


@router.get("/lines/{code}/versions/{version}/trial", responses=problems(*READING))
def trial(
    code: Code,
    version: Version,
    query: Annotated[TrialQuery, Query()],
    request: Request,
    who: Caller,
    office: OfficeOf,
) -> a.LineTrial:
    """What if: the latest affairs that were registered on these days, under a draft or a version.
    Sums of all; of those that would be otherwise the ones that the asker may view."""
    reach_any(who, versions.READERS)
    line = versions.version_named(office, who, code, version)
    found = versions.tried(office, who, line, query.start, query.end)
    words = words_of(language_of(request))
    return a.LineTrial(
        code=code,
        version=version,
        registered=found.registered,
        **asdict(found.sums),
        affairs=[_tried(one, words) for one in found.shown],
    )


@router.get("/lines/{code}/versions/{version}/migration", responses=problems(*READING))
def migration(
    code: Code,
    version: Version,
    query: Annotated[MigrationQuery, Query()],
    request: Request,
    who: Caller,
    office: OfficeOf,
) -> a.LineMigration:
    """A dry run: what would become of the running affairs that the asker may view, if they went on
    under a published version."""
    reach(who, PUBLISH)
    line = office.line_version(code, version)
    found = versions.moves(office, who, line, query.since or "")
    return _moves(line, found, words_of(language_of(request)))


@writing.post(
    "/drafts",
    status_code=201,
    response_model=a.LineStored,
    responses={
        200: {"description": "Drafted before by the same command.", "model": a.LineStored},
        **problems(*(status for status in WRITING if status != 404)),
    },
)
async def draft(body: DraftText, call: CallOf) -> Response:
    """Draft a version from the text of its file; drafted again, it takes the earlier one's place.
    Every fault of the text is told, with its line and what to write instead."""
    reach(call.who, DRAFT)
    line = await run_in_threadpool(read_draft, body.text)
    receipt = await call.office.run(
        DraftLine(
            command_id=call.command or call.office.new_id(),
            by=call.who.actor,
            occurred_at=body.occurred_at,
            expected_version=call.expected,
            note=body.note,
            **defined(line),
        )
    )
    return await _stored(call, receipt, line, draft_of(line.code, line.version))


@writing.post(
    "/lines/{code}/versions/{version}/publication",
    status_code=201,
    response_model=a.LineStored,
    responses={
        200: {"description": "Published before by the same command.", "model": a.LineStored},
        **problems(*WRITING),
    },
)
async def publication(
    code: Code, version: Version, body: DraftPublication, call: CallOfNew
) -> Response:
    """Put a draft in force, by another person than who drafted it, exactly as it was read."""
    reach(call.who, PUBLISH)
    receipt = await call.office.run(
        PublishDraft(
            command_id=call.command or call.office.new_id(),
            by=call.who.actor,
            occurred_at=body.occurred_at,
            code=code,
            version=version,
            draft=body.draft,
        )
    )
    await run_in_threadpool(call.office.refresh)
    line = call.office.line_version(code, version).spec
    return await _stored(call, receipt, line, version_of(code, version))


@router.post(
    "/lines/{code}/versions/{version}/migration",
    responses=problems(*(status for status in WRITING if status not in (409, 412))),
)
def migrate(
    code: Code,
    version: Version,
    body: MigrationRequest,
    request: Request,
    who: Caller,
    office: OfficeOf,
) -> a.LineMigration:
    """Have running affairs go on under a published version, each by a command of its own with the
    reason. What cannot move is told with why, and spoils no other; asked again, only what is left
    is moved."""
    reach(who, PUBLISH)
    line = office.line_version(code, version)
    found = versions.moved(office, who, line, body.reason, body.since)
    return _moves(line, found, words_of(language_of(request)))


# --- how it is told ----------------------------------------------------------------------------


def _moves(line: CompiledLine, found: versions.Moves, words: Words) -> a.LineMigration:
    return a.LineMigration(
        code=line.line,
        version=line.version,
        move=len(found.moves) - found.staying,
        stay=found.staying,
        left=found.left,
        affairs=[
            a.MovedAffair(
                number=one.affair.number,
                from_version=one.version,
                moved=_moved(one.found.moved),
                because=sentence(one.found.because, words) if one.found.because else "",
            )
            for one in found.moves
        ],
    )


def _tried(one: Trial, words: Words) -> a.TriedAffair:
    found = one.found
    return a.TriedAffair(
        number=one.affair.number,
        unreadable=found is None,
        moved=_moved(found.moved) if found else [],
        closed=[
            a.ClosedStep(
                version=closed.version,
                name=closed.name,
                at=closed.at,
                because=closed_because(closed.because, words),
            )
            for closed in (found.closed if found else ())
        ],
        was_late=found is not None and found.was_late,
        would_be_late=found is not None and found.would_be_late,
    )


def _moved(moved: Iterable[Moved]) -> list[a.MovedDeadline]:
    return [a.MovedDeadline(clock=one.clock, was=one.was, would_be=one.would_be) for one in moved]


async def _stored(call: Call, receipt: Receipt, line: Line, stream: object) -> Response:
    await run_in_threadpool(call.office.refresh)
    stored = a.LineStored(
        command_id=receipt.command_id,
        position=receipt.last,
        version=next((v for at, v in receipt.versions.items() if at == stream), 1),
        recorded_at=receipt.recorded_at,
        repeated=receipt.repeated,
        line=line.code,
        line_version=line.version,
        covers=_covers(call.office, line),
    )
    status = 200 if receipt.repeated else 201
    return Response(stored.model_dump_json(), status, media_type="application/json")


def _covers(office: Office, line: Line) -> Sequence[str]:
    others = [one for one in office.line_versions(line.code) if one.version != line.version]
    return [one.version for one in covered(others, line.valid.since, line.valid.to)]
