"""An offering: a session 活动场次 or a venue 场地 with places, and those who wait for one 候补.

Who holds a place, and who waits in which order, is told by this one stream: of two who want the
last place, one is first. An affair takes its place in the same transaction in which it moves.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.errors import FieldInvalid, NoPlaceLeft
from domain.personal import Personal
from domain.topics import event

Hold = Literal["none", "waiting", "offered", "held"]
"""What an affair has of an offering: nothing, a rank in the queue, a place kept for its answer, or
a place."""

MOST = 10_000
"""Places, and ranks of the queue, that an offering can have."""
LONGEST = 80
"""Characters of a title or a venue."""


@event("offering.opened.v1")
class OfferingOpened:
    """Places can be asked for.

    matter: whose affairs may take one, such as WT01. unit: who runs it, a community or above.
    title, venue: what it is called and where it is; they name nobody.
    capacity: places. standby: how many may wait once they are taken.
    starts_at, ends_at: from when until when it is used.
    """

    matter: str
    unit: str
    title: str
    venue: str
    capacity: int
    standby: int
    starts_at: datetime
    ends_at: datetime
    by: str
    occurred_at: datetime


@event("offering.resized.v1")
class OfferingResized:
    """It has another number of places, or of ranks to wait in."""

    capacity: int
    standby: int
    by: str
    occurred_at: datetime


@event("offering.cancelled.v1")
class OfferingCancelled:
    """It will not take place: nobody is given a place any more."""

    reason: Personal
    by: str
    occurred_at: datetime


@event("offering.place_awaited.v1")
class PlaceAwaited:
    """An affair stands at the end of the queue."""

    affair_id: UUID
    by: str
    occurred_at: datetime


@event("offering.place_offered.v1")
class PlaceOffered:
    """A place is kept for the first of the queue until it has answered."""

    affair_id: UUID
    by: str
    occurred_at: datetime


@event("offering.place_taken.v1")
class PlaceTaken:
    """An affair has a place. had: what it had before, nothing or a place kept for it."""

    affair_id: UUID
    had: str
    by: str
    occurred_at: datetime


@event("offering.place_left.v1")
class PlaceLeft:
    """An affair gave up what it had: its place, its rank, or the place kept for it."""

    affair_id: UUID
    had: str
    by: str
    occurred_at: datetime


@event("attendance.missed.v1")
class Missed:
    """A place was taken and not used 爽约; a stream of its own for each resident.

    occurred_at: when what was missed was over.
    """

    affair_id: UUID
    by: str
    occurred_at: datetime


@event("attendance.excused.v1")
class Excused:
    """What counted as missed does so no more."""

    affair_id: UUID
    by: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """An offering as it stands. waiting: in order; offered: those of them a place is kept for."""

    matter: str
    unit: str
    title: str
    venue: str
    capacity: int
    standby: int
    starts_at: datetime
    ends_at: datetime
    cancelled: bool = False
    holders: tuple[UUID, ...] = ()
    waiting: tuple[UUID, ...] = ()
    offered: tuple[UUID, ...] = ()

    @property
    def used(self) -> int:
        """Places that somebody holds or that are kept for somebody."""
        return len(self.holders) + len(self.offered)

    @property
    def queued(self) -> int:
        """How many wait, those for whom a place is kept left out."""
        return len(self.waiting) - len(self.offered)

    @property
    def free(self) -> int:
        """Places that nobody holds and that are kept for nobody."""
        return max(0, self.capacity - self.used)

    @property
    def next(self) -> UUID | None:
        """Whom a free place is offered to: the first of the queue with none kept for it."""
        if self.cancelled or not self.free:
            return None
        return next((one for one in self.waiting if one not in self.offered), None)

    def hold(self, affair_id: UUID) -> Hold:
        """What an affair has of it."""
        if affair_id in self.holders:
            return "held"
        if affair_id in self.offered:
            return "offered"
        return "waiting" if affair_id in self.waiting else "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What an affair may know of the offering that it asks a place of.

    left: a place is there for it now. first: one is free, and it is the first to wait for it.
    standby_left: there is a rank to wait in. barred_until: until then its resident gets no place.
    """

    hold: Hold
    left: bool
    first: bool
    standby_left: bool
    cancelled: bool
    barred_until: datetime | None = None


def place_of(offering: Offering, affair_id: UUID, barred_until: datetime | None = None) -> Place:
    """What `affair_id` may know. Whoever waits comes before whoever asks now."""
    hold, waiting = offering.hold(affair_id), offering.queued
    going = not offering.cancelled
    return Place(
        hold=hold,
        left=going and (hold == "offered" or (hold == "none" and offering.free > waiting)),
        first=offering.next == affair_id,
        standby_left=going and hold == "none" and waiting < offering.standby,
        cancelled=offering.cancelled,
        barred_until=barred_until,
    )


def evolve(offering: Offering | None, event: Any) -> Offering:
    """The offering after `event`. Never refuses."""
    if isinstance(event, OfferingOpened):
        return Offering(
            matter=event.matter,
            unit=event.unit,
            title=event.title,
            venue=event.venue,
            capacity=event.capacity,
            standby=event.standby,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
        )
    assert offering is not None, "an offering begins with its opening"
    match event:
        case OfferingResized(capacity=capacity, standby=standby):
            return replace(offering, capacity=capacity, standby=standby)
        case OfferingCancelled():
            return replace(offering, cancelled=True)
        case PlaceAwaited(affair_id=one):
            return replace(offering, waiting=(*offering.waiting, one))
        case PlaceOffered(affair_id=one):
            return replace(offering, offered=(*offering.offered, one))
        case PlaceTaken(affair_id=one):
            left = _without(offering, one)
            return replace(left, holders=(*left.holders, one))
        case PlaceLeft(affair_id=one):
            return _without(offering, one)
        case _:
            return offering


def moved(
    offering: Offering, affair_id: UUID, to: Hold, *, by: str, at: datetime
) -> tuple[Any, ...]:
    """What happens when an affair comes to have `to` of the offering. Raises NoPlaceLeft.

    What has begun is not given to anybody else: its places stay with whoever has them.
    """
    place = place_of(offering, affair_id)
    if place.hold == to or (to == "none" and at >= offering.starts_at):
        return ()
    told: dict[str, Any] = {"affair_id": affair_id, "by": by, "occurred_at": at}
    match to:
        case "held":
            if not place.left:
                raise NoPlaceLeft(offering.title)
            return (PlaceTaken(had=place.hold, **told),)
        case "waiting":
            if not place.standby_left:
                raise NoPlaceLeft(offering.title)
            return (PlaceAwaited(**told),)
        case "offered":
            if not place.first:
                raise NoPlaceLeft(offering.title)
            return (PlaceOffered(**told),)
        case "none":
            return (PlaceLeft(had=place.hold, **told),)


def resized(offering: Offering, capacity: int, standby: int, *, by: str, at: datetime) -> Any:
    """Another number of places. Raises FieldInvalid: nobody loses what they have by it."""
    return OfferingResized(
        capacity=sized("resize_offering", "capacity", capacity, max(1, offering.used)),
        standby=sized("resize_offering", "standby", standby, offering.queued),
        by=by,
        occurred_at=at,
    )


def sized(deed: str, name: str, number: int, least: int) -> int:
    """A number of places or ranks. Raises FieldInvalid."""
    if not least <= number <= MOST:
        raise FieldInvalid(deed, name, f"a number from {least} to {MOST}")
    return number


def attendance_of(subject: UUID) -> UUID:
    """The stream that tells what a resident missed."""
    return uuid5(NAMESPACE_URL, f"tenlines:attendance/{subject}")


def missed(events: list[Any]) -> dict[UUID, datetime]:
    """What counts as missed: affair to when it was over."""
    found: dict[UUID, datetime] = {}
    for one in events:
        if isinstance(one, Missed):
            found[one.affair_id] = one.occurred_at
        elif isinstance(one, Excused):
            found.pop(one.affair_id, None)
    return found


class Bar(Protocol):
    """Whoever misses so many within so many days gets no place for so many days after."""

    @property
    def misses(self) -> int: ...
    @property
    def within_days(self) -> int: ...
    @property
    def days(self) -> int: ...


def barred_until(events: list[Any], bar: Bar, at: datetime) -> datetime | None:
    """Until when a resident gets no place, None where they may have one at `at`."""
    told = sorted(missed(events).values())
    last = None
    for first, end in zip(told, told[bar.misses - 1 :], strict=False):
        if end - first <= timedelta(days=bar.within_days):
            last = end + timedelta(days=bar.days)
    return last if last is not None and last > at else None


def _without(offering: Offering, affair_id: UUID) -> Offering:
    return replace(
        offering,
        holders=tuple(one for one in offering.holders if one != affair_id),
        waiting=tuple(one for one in offering.waiting if one != affair_id),
        offered=tuple(one for one in offering.offered if one != affair_id),
    )
