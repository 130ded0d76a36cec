"""Sessions and venues with their places, for those who run them and those who want one."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.log import Recorded
from domain.offering import (
    OfferingCancelled,
    OfferingOpened,
    OfferingResized,
    PlaceAwaited,
    PlaceLeft,
    PlaceOffered,
    PlaceTaken,
)
from projections.view import Lifecycle, View


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingRow:
    """An offering. held, kept, waiting: places that are taken; that are kept for an answer; how
    many wait for one, those for whom one is kept left out. version: of its stream.
    """

    offering_id: UUID
    matter: str
    unit: str
    title: str
    venue: str
    capacity: int
    standby: int
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    held: int
    kept: int
    waiting: int
    version: int

    @property
    def free(self) -> int:
        """Places that nobody has and that are kept for nobody."""
        return max(0, self.capacity - self.held - self.kept)


offerings = View[OfferingRow](
    "offerings",
    Lifecycle.INLINE,
    OfferingRow,
    key=("offering_id",),
    indexes=(("starts_at",),),
)


@offerings.on(OfferingOpened)
def opened(_: OfferingRow | None, event: OfferingOpened, seen: Recorded) -> OfferingRow:
    """Places can be asked for."""
    return OfferingRow(
        offering_id=seen.stream_id,
        matter=event.matter,
        unit=event.unit,
        title=event.title,
        venue=event.venue,
        capacity=event.capacity,
        standby=event.standby,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        cancelled=False,
        held=0,
        kept=0,
        waiting=0,
        version=seen.version,
    )


@offerings.on(OfferingResized)
def resized(row: OfferingRow, event: OfferingResized, seen: Recorded) -> OfferingRow:
    """Another number of places."""
    return replace(row, capacity=event.capacity, standby=event.standby, version=seen.version)


@offerings.on(OfferingCancelled)
def cancelled(row: OfferingRow, _: OfferingCancelled, seen: Recorded) -> OfferingRow:
    """It will not take place."""
    return replace(row, cancelled=True, version=seen.version)


@offerings.on(PlaceAwaited, PlaceOffered, PlaceTaken, PlaceLeft)
def moved(
    row: OfferingRow,
    event: PlaceAwaited | PlaceOffered | PlaceTaken | PlaceLeft,
    seen: Recorded,
) -> OfferingRow:
    """Who has a place, or waits for one, moved on."""
    counts = {"held": row.held, "offered": row.kept, "waiting": row.waiting}
    had, has = "none", "none"
    match event:
        case PlaceAwaited():
            has = "waiting"
        case PlaceOffered():
            had, has = "waiting", "offered"
        case PlaceTaken(had=had):
            has = "held"
        case PlaceLeft(had=had):
            pass
    for hold, by in ((had, -1), (has, 1)):
        if hold in counts:
            counts[hold] += by
    return replace(
        row,
        held=counts["held"],
        kept=counts["offered"],
        waiting=counts["waiting"],
        version=seen.version,
    )
