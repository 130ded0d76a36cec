"""The place that an affair has of an offering: looked up before a decision, moved with it.

The events of the offering are stored together with those of the affair, so that of two who want
the last place one is decided anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain import offering as o
from domain.affair.commands import Command, Register
from domain.affair.events import EntryRecorded
from domain.affair.evolve import project
from domain.affair.state import Affair
from domain.clock import local_day
from domain.commands import CancelOffering, OpenOffering, ResizeOffering
from domain.errors import (
    FieldInvalid,
    Malformed,
    NotAfterTheLast,
    NotFound,
    NotPermittedNow,
    VersionMismatch,
)
from domain.log import NEW
from domain.personal import Personal
from domain.ports import Places, Procedure
from workflows.decision import Beside, Decision
from workflows.desk import Desk, Handler, zoned
from workflows.rights import Resource, authorise

RUN = "run_offerings"
"""The row of the matrix."""

RUNNING = ("community", "street", "district")
"""Kinds of units that run offerings: what they run is open to the communities below them."""


@dataclass(frozen=True, slots=True)
class Booking:
    """What an affair has of the offering that it names, and what its resident missed.

    version, attended: of the two streams.
    """

    places: Places
    affair_id: UUID
    offering_id: UUID
    offering: o.Offering
    version: int
    attendance_id: UUID
    attended: int
    place: o.Place

    @property
    def rests_on(self) -> tuple[tuple[UUID, int], ...]:
        """What the decision has read."""
        return ((self.offering_id, self.version), (self.attendance_id, self.attended))

    def moved(self, before: Affair, events: Sequence[Any], by: str) -> tuple[Beside, ...]:
        """What its own events do to the offering and to what its resident missed."""
        after = project(before, events)
        assert after is not None
        left, now = before.standing.state, after.standing.state
        at = after.standing.last_at
        told: dict[str, Any] = {"affair_id": self.affair_id, "by": by, "occurred_at": at}
        to: o.Hold = self.places.hold(now) if now != left else self.place.hold
        if any(isinstance(one, EntryRecorded) and one.entry == self.places.offer for one in events):
            to = "offered"
        of_offering = o.moved(self.offering, self.affair_id, to, by=by, at=at)
        of_resident: tuple[Any, ...] = ()
        missed = self.places.missed_in
        if now in missed and left not in missed:
            of_resident = (o.Missed(**told),)
        elif left in missed and now not in missed and to == "held":
            of_resident = (o.Excused(**told),)
        return tuple(
            Beside(stream, version, made)
            for stream, version, made in (
                (self.offering_id, self.version, of_offering),
                (self.attendance_id, self.attended, of_resident),
            )
            if made
        )


def booking(
    desk: Desk, procedure: Procedure, affair: Affair, affair_id: UUID, at: datetime
) -> Booking | None:
    """The booking of an affair, None where its line or the affair knows of no offering."""
    places = procedure.places
    named = affair.facts.get(places.field, "") if places else ""
    if places is None or not named:
        return None
    offering_id = UUID(named)
    offering, version = offering_of(desk, offering_id)
    attendance = o.attendance_of(affair.identity.subject or affair_id)
    seen = [one.event for one in desk.history(attendance, 0)]
    until = o.barred_until(seen, places.bar, zoned("occurred_at", at)) if places.bar else None
    return Booking(
        places,
        affair_id,
        offering_id,
        offering,
        version,
        attendance,
        len(seen),
        o.place_of(offering, affair_id, until),
    )


def offering_of(desk: Desk, offering_id: UUID) -> tuple[o.Offering, int]:
    """An offering and its version. Raises NotFound."""
    events = [seen.event for seen in desk.history(offering_id, 0)]
    if not events or not isinstance(events[0], o.OfferingOpened):
        raise NotFound("offering", offering_id)
    offering = None
    for event in events:
        offering = o.evolve(offering, event)
    assert offering is not None
    return offering, len(events)


def asked(desk: Desk, procedure: Procedure, command: Register, community: str) -> dict[str, Any]:
    """What a registration records, with what its offering tells. Raises FieldInvalid, Malformed
    where it names one that it cannot have.
    """
    record, places = dict(command.record), procedure.places
    filled = procedure.filled(command.matter)
    for name in filled:
        if name in record:
            raise FieldInvalid("register", name, "not asked for")
    named = record.get(places.field) if places else None
    if places is None or not named or not filled:
        return record
    wanted = "an offering of this matter that has not begun"
    try:
        offering, _ = offering_of(desk, UUID(str(named)))
    except (ValueError, NotFound):
        raise FieldInvalid("register", places.field, wanted) from None
    begun = offering.starts_at <= zoned("occurred_at", command.occurred_at)
    elsewhere = not community.startswith(offering.unit)
    if offering.matter != command.matter or offering.cancelled or begun or elsewhere:
        raise FieldInvalid("register", places.field, wanted)
    return record | {name: getattr(offering, of).isoformat() for name, of in filled.items()}


# --- who runs them ---------------------------------------------------------------------------


def open_offering(desk: Desk, command: OpenOffering) -> Decision:
    """Offer places. Raises Malformed, FieldInvalid, NotAfterTheLast."""
    authorise(command.by, RUN, Resource(area=command.unit, line=command.matter[:2]), command.unit)
    at = _when(desk, command)
    day = local_day(at)
    procedure = desk.reference.lines.ruling(command.matter[:2], day)
    if procedure.places is None or not procedure.filled(command.matter):
        raise Malformed("matter", "a matter whose affairs take places")
    unit = desk.reference.organisation.taking(command.unit, day, "open_offering", "unit")
    if unit.kind not in RUNNING:
        raise FieldInvalid("open_offering", "unit", "a community, a street office or the district")
    starts, ends = zoned("starts_at", command.starts_at), zoned("ends_at", command.ends_at)
    for name, text in (("title", command.title), ("venue", command.venue)):
        if not text.strip() or len(text) > o.LONGEST or not text.isprintable():
            raise FieldInvalid("open_offering", name, f"one line of 1 to {o.LONGEST} characters")
    if starts <= at:
        raise FieldInvalid("open_offering", "starts_at", "in the future")
    if ends <= starts:
        raise FieldInvalid("open_offering", "ends_at", "after its beginning")
    event = o.OfferingOpened(
        matter=command.matter,
        unit=command.unit,
        title=command.title.strip(),
        venue=command.venue.strip(),
        capacity=o.sized("open_offering", "capacity", command.capacity, 1),
        standby=o.sized("open_offering", "standby", command.standby, 0),
        starts_at=starts,
        ends_at=ends,
        by=command.by.account,
        occurred_at=at,
    )
    return _of(command.offering_id, NEW, event)


def resize_offering(desk: Desk, command: ResizeOffering) -> Decision:
    """Change how many places there are. Raises NotFound, FieldInvalid, NotPermittedNow, and
    VersionMismatch where the asker had read another version."""
    offering, version, at = _running(desk, command, "resize_offering")
    made = o.resized(offering, command.capacity, command.standby, by=command.by.account, at=at)
    return _of(command.offering_id, version, made)


def cancel_offering(desk: Desk, command: CancelOffering) -> Decision:
    """Cancel it; the affairs that have a place are ended by steps of their own."""
    _, version, at = _running(desk, command, "cancel_offering")
    if not command.reason.strip():
        raise Malformed("reason", "say in one line why")
    reason = Personal(command.offering_id, clear=command.reason.strip())
    event = o.OfferingCancelled(reason=reason, by=command.by.account, occurred_at=at)
    return _of(command.offering_id, version, event)


def _running(
    desk: Desk, command: ResizeOffering | CancelOffering, deed: str
) -> tuple[o.Offering, int, datetime]:
    offering, version = offering_of(desk, command.offering_id)
    resource = Resource(area=offering.unit, line=offering.matter[:2])
    authorise(command.by, RUN, resource, command.offering_id, what="offering")
    expected, at = command.expected_version, _when(desk, command)
    if expected is not None and expected != version:
        since = desk.history(command.offering_id, expected)
        raise VersionMismatch(command.offering_id, expected, version, since)
    if offering.cancelled or offering.starts_at <= max(at, desk.now()):
        raise NotPermittedNow(deed, "it has begun or is cancelled")
    return offering, version, at


def _when(desk: Desk, command: Command) -> datetime:
    at = zoned("occurred_at", command.occurred_at)
    if at > desk.now():
        raise NotAfterTheLast(at, None, desk.now())
    return at


def _of(offering_id: UUID, version: int, event: Any) -> Decision:
    return Decision(
        stream_id=offering_id, version=version, events=[event], correlation_id=offering_id
    )


HANDLERS: dict[type[Command], Handler] = {
    OpenOffering: open_offering,
    ResizeOffering: resize_offering,
    CancelOffering: cancel_offering,
}
