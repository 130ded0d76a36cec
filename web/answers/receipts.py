"""Receipts: what was stored, and where."""

from datetime import datetime
from uuid import UUID

from web.answers.base import Answer


class Stored(Answer):
    """The receipt of a command. `position` is that of its last event, `version` that of the
    stream now. `repeated`: the same command was stored before, and this is its first answer."""

    command_id: UUID
    position: int
    version: int
    recorded_at: datetime
    repeated: bool


class AffairStored(Stored):
    """The receipt of a command on an affair."""

    affair_id: UUID
    number: str


class VisitStored(Stored):
    """The receipt of a visit."""

    visit_id: UUID


class AttachmentStored(Answer):
    """A kept photo or paper; its id is what a record of photos names."""

    id: UUID
    affair_id: UUID
    media_type: str
    size: int
