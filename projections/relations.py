"""Which affairs have to do with one another: one row for each that came from something, names
an applicant who is known elsewhere, or goes on in another affair."""

from dataclasses import dataclass, replace
from uuid import UUID

from domain.affair.commands import NIL
from domain.affair.events import Merged, Registered
from domain.log import Recorded
from projections.view import Lifecycle, View


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRow:
    """subject: whose affair it is, where that is told apart from the affair itself.

    origin: the visit, message or affair it came from. merged_into: the affair it goes on in.
    """

    affair_id: UUID
    subject: UUID | None
    origin: UUID | None
    merged_into: UUID | None


relations = View[RelationRow](
    "relations",
    Lifecycle.FOLLOWING,
    RelationRow,
    indexes=(("subject",), ("origin",), ("merged_into",)),
)


@relations.on(Registered)
def registered(_: RelationRow | None, event: Registered, seen: Recorded) -> RelationRow | None:
    """Where it came from and whose it is; no row where nothing can be found by it."""
    subject = event.applicant.subject if event.applicant else None
    row = RelationRow(
        affair_id=seen.stream_id,
        subject=None if subject == seen.stream_id else subject,
        origin=None if event.origin_id == NIL else event.origin_id,
        merged_into=None,
    )
    return row if row.subject or row.origin else None


@relations.on(Merged)
def merged(row: RelationRow | None, event: Merged, seen: Recorded) -> RelationRow:
    """Where it goes on."""
    if row is None:
        row = RelationRow(affair_id=seen.stream_id, subject=None, origin=None, merged_into=None)
    return replace(row, merged_into=event.into)
