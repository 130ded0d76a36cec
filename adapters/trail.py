"""What the audit trail is asked for, and what it answers."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from projections.audit import AuditRow

PAGE = 50
"""Rows of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailWanted:
    """What the audit trail is asked for; empty asks nothing.

    unit: with those below it, whose codes begin with it. kind: of event, such as
    `affair.step_taken`, or all that happens to one thing, `affair`.
    start, end: days on which it was recorded, Asia/Shanghai, both included.
    before: the position the last page ended at.
    """

    stream_id: UUID | None = None
    actor: str = ""
    role: str = ""
    unit: str = ""
    kind: str = ""
    start: date | None = None
    end: date | None = None
    before: int | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Trail:
    """Rows, the latest first; of their affairs, where the asker may know them, the number, and the
    line with its version; and where the next page begins (None: nowhere)."""

    rows: list[AuditRow]
    numbers: dict[UUID, str]
    lines: dict[UUID, tuple[str, str]]
    next: int | None = None
