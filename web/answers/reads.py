"""Masked values in clear, and who looked at them."""

from datetime import datetime
from uuid import UUID

from web.answers.base import Answer


class RevealedValue(Answer):
    """A value in clear. `version`: of the event that holds it."""

    field: str
    version: int
    value: str


class Revealed(Answer):
    """What a look shows. `position`: of its record. `repeated`: it was recorded before."""

    affair_id: UUID
    number: str
    command_id: UUID
    position: int
    recorded_at: datetime
    repeated: bool
    values: list[RevealedValue]
