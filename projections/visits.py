"""Visits to households as figures count them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.clock import local_day
from domain.log import Recorded
from domain.visit import VisitRecorded
from projections.view import Key, Lifecycle, View


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFactRow:
    """A visit. counted: for the household's light, at most one a day. by: account."""

    visit_id: UUID
    household: UUID
    area: str
    light: str
    kind: str
    outcome: str
    counted: bool
    findings: tuple[str, ...]
    by: str
    occurred_at: datetime
    recorded_at: datetime


def tally(row: VisitFactRow) -> dict[Key, int]:
    """Counted visits by local day; a visit belongs to no line."""
    if not row.counted:
        return {}
    return {("visits", local_day(row.occurred_at).isoformat(), "", row.area): 1}


visit_facts = View[VisitFactRow](
    "visit_facts",
    Lifecycle.FOLLOWING,
    VisitFactRow,
    key=("visit_id",),
    indexes=(("household", "occurred_at"),),
    tally=tally,
    version=2,
)


@visit_facts.on(VisitRecorded)
def recorded(_: VisitFactRow | None, event: VisitRecorded, seen: Recorded) -> VisitFactRow:
    """One row per visit; a second event of the stream would replace it."""
    return VisitFactRow(
        visit_id=seen.stream_id,
        household=event.household,
        area=event.area,
        light=event.light,
        kind=event.kind,
        outcome=event.outcome,
        counted=event.counted,
        findings=event.findings,
        by=event.by,
        occurred_at=event.occurred_at,
        recorded_at=seen.recorded_at,
    )
