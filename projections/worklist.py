"""What is to be done: one row per affair that ever was; the lists read the open ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from domain.affair.events import Corrected, Registered
from domain.changed import changed
from domain.log import Recorded
from domain.personal import Personal
from projections.own import Own
from projections.standing import LATER, Columns, StandingRow, begun, corrected, moved
from projections.view import Lifecycle, View


@dataclass(frozen=True, kw_only=True)
class WorklistRow(StandingRow):
    """An affair as a list shows it.

    subject: whose affair it is, None where nobody is named.
    source: how it came in, as its registration says.
    registered_by: account. restricted: only assigned staff may know of it.
    """

    number: str
    line: str
    matter: str
    community: str
    area: str
    source: str
    restricted: bool
    registered_by: str
    registered_at: datetime
    subject: UUID | None
    summary: Personal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is asked for; empty asks nothing.

    due_before, due_after: a running clock that ends earlier, later than that.
    new: only what was assigned to that account and has stood still since.
    mine: only what is somebody's own by one of these.
    cursor: where the last page ended. limit: rows at most.
    """

    line: str = ""
    state: str = ""
    source: str = ""
    community: str = ""
    area: str = ""
    assignee: str = ""
    number: str = ""
    open: bool | None = True
    to_visit: bool | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None
    new: str = ""
    mine: tuple[Own, ...] = ()
    cursor: tuple[int, int] | None = None
    limit: int = 50


OPEN = Wanted()
"""All that is open."""


class Alike(NamedTuple):
    """Open affairs that a new one may be a duplicate of: the latest few, and how many in all."""

    rows: Sequence[WorklistRow]
    total: int


worklist = View[WorklistRow](
    "worklist",
    Lifecycle.INLINE,
    WorklistRow,
    indexes=(("open", "area", "due_at"), ("open", "lead_unit", "due_at"), ("number",)),
    version=4,
)


def entered(event: Registered, seen: Recorded) -> Columns:
    """All columns of `WorklistRow` for a new affair."""
    return {
        **begun(event, seen),
        "number": event.number,
        "line": event.line,
        "matter": event.matter,
        "community": event.community,
        "area": event.area,
        "source": event.source,
        "restricted": event.restricted,
        "registered_by": event.by,
        "registered_at": event.occurred_at,
        "subject": event.applicant.subject if event.applicant else None,
        "summary": event.summary,
    }


@worklist.on(Registered)
def registered(_: WorklistRow | None, event: Registered, seen: Recorded) -> WorklistRow:
    """A new affair has its row."""
    return WorklistRow(**entered(event, seen))


@worklist.on(*LATER)
def went_on(row: WorklistRow | None, event: Any, seen: Recorded) -> WorklistRow:
    """Whatever happens to it moves its row."""
    assert row is not None, "an affair begins with its registration"
    columns = moved(row, event, seen)
    if type(event) is Corrected and (right := corrected(event).get("summary")) is not None:
        columns["summary"] = right
    return changed(row, columns)
