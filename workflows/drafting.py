"""Handlers of versions of lines: drafted by one person, published by another, and only sound ones.

A draft binds nobody. An append-only log keeps what it is given: what is not sound is refused
before it becomes an event.
"""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from domain.clock import local_day
from domain.commands import DraftLine, PublishDraft, PublishLine
from domain.errors import (
    FieldInvalid,
    NotAfterTheLast,
    NotFound,
    NotPermittedNow,
    VersionMismatch,
)
from domain.line import LineDrafted, LinePublished, draft_of, line_of, version_of
from domain.log import NEW, Claim
from workflows.decision import Decision
from workflows.desk import Desk, Handler, zoned
from workflows.line import Line
from workflows.loading import publishable
from workflows.rights import Resource, authorise

DRAFT, PUBLISH = "draft_line", "publish_line"
"""Rows of the matrix."""

LONGEST_NOTE = 500


def draft_line(desk: Desk, command: DraftLine) -> Decision:
    """Put a version forward, or another text in its place.

    Raises LineInvalid, FieldInvalid, VersionMismatch where the asker had read another draft.
    """
    authorise(command.by, DRAFT, Resource(), command.code)
    _said(DRAFT, command, publishable(command.definition))
    note = command.note.strip()
    if not note or len(note) > LONGEST_NOTE or not note.isprintable():
        raise FieldInvalid(DRAFT, "note", f"one line of 1 to {LONGEST_NOTE} characters")
    _unpublished(desk, DRAFT, command.code, command.version)
    stream = draft_of(command.code, command.version)
    before = desk.history(stream, 0)
    if command.expected_version not in (None, len(before)):
        _changed(desk, command, len(before))
    event = LineDrafted(
        code=command.code,
        version=command.version,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        definition=command.definition,
        note=note,
        by=command.by.account,
        occurred_at=_happened(desk, command.occurred_at),
    )
    return Decision(
        stream_id=stream,
        version=len(before),
        events=[event],
        correlation_id=line_of(command.code),
        # Published meanwhile, it is decided anew.
        rests_on=((version_of(command.code, command.version), NEW),),
    )


def publish_draft(desk: Desk, command: PublishDraft) -> Decision:
    """Put a drafted version in force, exactly as whoever publishes it has read it.

    Raises NotFound, VersionMismatch, NotPermittedNow, FieldInvalid, LineInvalid.
    """
    authorise(command.by, PUBLISH, Resource(), command.code)
    stream = draft_of(command.code, command.version)
    recorded = desk.history(stream, 0)
    if not recorded:
        raise NotFound("draft", f"{command.code} {command.version}")
    _unpublished(desk, PUBLISH, command.code, command.version)
    if command.draft != len(recorded):
        raise VersionMismatch(stream, command.draft, len(recorded), recorded[command.draft :])
    draft: LineDrafted = recorded[-1].event
    if draft.by == command.by.account:
        raise NotPermittedNow(PUBLISH, "whoever drafted a version does not publish it")
    publishable(draft.definition)
    if begun := begun_before(
        draft.valid_from, local_day(desk.now()), desk.reference.lines.publications(draft.code)
    ):
        raise FieldInvalid(PUBLISH, "valid_from", begun)
    at = _happened(desk, command.occurred_at)
    return _published(
        draft.code,
        draft.version,
        LinePublished(
            code=draft.code,
            version=draft.version,
            valid_from=draft.valid_from,
            valid_to=draft.valid_to,
            definition=draft.definition,
            by=command.by.account,
            occurred_at=at,
        ),
        rests_on=((stream, len(recorded)),),
    )


def publish_line(desk: Desk, command: PublishLine) -> Decision:
    """Put a version in force that nobody drafted, where a district is founded. A version is
    published once, and only a sound one.

    Raises LineInvalid, FieldInvalid.
    """
    authorise(command.by, PUBLISH, Resource(), command.code)
    _said(PUBLISH, command, publishable(command.definition))
    _unpublished(desk, PUBLISH, command.code, command.version)
    return _published(
        command.code,
        command.version,
        LinePublished(
            code=command.code,
            version=command.version,
            valid_from=command.valid_from,
            valid_to=command.valid_to,
            definition=command.definition,
            by=command.by.account,
            occurred_at=zoned("occurred_at", command.occurred_at),
        ),
    )


def begun_before(valid_from: date, today: date, published: Iterable[LinePublished]) -> str:
    """Why a version may not be published any more that is in force from `valid_from`; else empty.

    What happened under another version would be judged by this one after the fact. The first
    version of a line has none before it.
    """
    if valid_from >= today or not any(True for _ in published):
        return ""
    return f"{today} or later: what has happened is not judged anew"


# --- what they share -----------------------------------------------------------------------------


def _said(deed: str, command: DraftLine | PublishLine, line: Line) -> None:
    said = (line.code, line.version, line.valid.since, line.valid.to)
    if said != (command.code, command.version, command.valid_from, command.valid_to):
        raise FieldInvalid(deed, "definition", "of this code, version and validity")


def _unpublished(desk: Desk, deed: str, code: str, version: str) -> None:
    try:
        desk.reference.lines.version(code, version)
    except NotFound:
        return
    raise FieldInvalid(deed, "version", f"{version} is published already")


def _changed(desk: Desk, command: DraftLine, actual: int) -> None:
    expected, stream = command.expected_version or 0, draft_of(command.code, command.version)
    raise VersionMismatch(stream, expected, actual, desk.history(stream, expected))


def _happened(desk: Desk, occurred_at: datetime) -> datetime:
    at, now = zoned("occurred_at", occurred_at), desk.now()
    if at > now:
        raise NotAfterTheLast(at, None, now)
    return at


def _published(
    code: str, version: str, event: LinePublished, *, rests_on: tuple[tuple[UUID, int], ...] = ()
) -> Decision:
    stream = version_of(code, version)
    return Decision(
        stream_id=stream,
        version=NEW,
        events=[event],
        claims=(Claim(name=f"line/{code}/{version}", stream_id=stream),),
        correlation_id=line_of(code),
        rests_on=rests_on,
    )


HANDLERS: dict[type, Handler] = {
    DraftLine: draft_line,
    PublishDraft: publish_draft,
    PublishLine: publish_line,
}
