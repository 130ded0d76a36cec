"""Sessions and venues with places."""

from datetime import datetime
from uuid import UUID

from web.answers.base import Answer, Name, Unit
from web.answers.receipts import Stored


class Offering(Answer):
    """A session or a venue. `held`: places taken; `kept`: kept for the answer of who waited;
    `waiting`: how many wait besides; `left`: places for whoever asks now."""

    id: UUID
    matter: str
    matter_name: Name | None
    unit: Unit
    title: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    standby: int
    held: int
    kept: int
    waiting: int
    left: int
    cancelled: bool
    version: int


class Offerings(Answer):
    """Sessions within reach, the next one first."""

    items: list[Offering]


class PlaceHeld(Answer):
    """An affair that has a place, or a `rank` in its queue, from 1. `applicant`: masked."""

    rank: int
    affair_id: UUID
    number: str
    applicant: str


class PlacesHeld(Answer):
    """Affairs in order. `others`: how many more there are, whom the asker may not see or who come
    after the first hundred."""

    items: list[PlaceHeld]
    others: int


class OfferingDetail(Offering):
    """A session with who has a place, for whom one is kept, and who waits. `reason`: why it was
    cancelled, null where it was not."""

    reason: str | None
    holders: PlacesHeld
    offered: PlacesHeld
    queue: PlacesHeld


class OfferingStored(Stored):
    """The receipt of a command on a session."""

    offering_id: UUID
