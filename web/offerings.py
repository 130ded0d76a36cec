"""Sessions and venues with their places, as one reader may see and run them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from domain.errors import NotFound
from domain.log import Recorded
from domain.offering import (
    Offering,
    OfferingCancelled,
    OfferingOpened,
    OfferingResized,
    PlaceAwaited,
    PlaceLeft,
    PlaceOffered,
    PlaceTaken,
)
from domain.record import Kind
from projections.offerings import OfferingRow
from web.entrance import reach_any
from web.ports import Office, SignedIn, Unread
from web.telling import Teller, event_name
from web.words import Words
from workflows.booking import RUN
from workflows.rights import LENGTH, VIEW, Resource, Scope, scope_of

SEEN_BY = (RUN, "register_affair")
"""Whoever runs them, and whoever enters who wants a place: any of these rights will do."""

PAST = timedelta(days=366)
"""How far back those that are over are listed."""

SHOWN = 100
"""Affairs of one kind that a page names, and events that it tells; beyond, how many there are."""


class Run(Protocol):
    """What is asked of an offering, of a row as well as of its state."""

    @property
    def matter(self) -> str: ...
    @property
    def unit(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Place:
    """An affair with a place, or with a rank in the queue. name: of its applicant, masked."""

    rank: int
    affair_id: UUID
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Places:
    """Those of a kind, in order. others: how many more there are, whom the reader may not see or
    who stand too far behind."""

    shown: Sequence[Place]
    others: int

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.shown) + self.others


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Who has what of an offering: a place, a place kept for their answer, a rank in the queue."""

    held: Places
    kept: Places
    waiting: Places

    @property
    def count(self) -> int:
        """How many are concerned if it does not take place."""
        return self.held.count + self.kept.count + self.waiting.count


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event of an offering in words. number: of the affair, where the reader may see it."""

    iso: str
    when: str
    what: str
    said: str
    number: str
    by: str


@dataclass(frozen=True, slots=True)
class Running:
    """Offerings for one reader. Made by whoever may see any: raises NotAllowed."""

    office: Office
    who: SignedIn
    words: Words

    def __post_init__(self) -> None:
        reach_any(self.who, SEEN_BY)

    def listed(self, since: datetime) -> list[OfferingRow]:
        """Those within reach that end later, the next one first: what is held there, and what a
        unit above holds for the people of all its communities."""
        widest = min((scope.prefix or "" for scope in self._scopes()), key=len)
        found = self.office.run_by(widest[: LENGTH["D"]], since)
        return [row for row in reversed(found) if self.sees(row)]

    def one(self, offering_id: UUID) -> tuple[Offering, int]:
        """An offering and its version. Raises NotFound, out of reach too."""
        offering, version = self.office.offering(offering_id)
        if not self.sees(offering):
            raise NotFound("offering", offering_id)
        return offering, version

    def sees(self, offering: Run) -> bool:
        """Whether it lies within reach."""
        return any(_within(scope, offering) for scope in self._scopes())

    def runs(self, offering: Run) -> bool:
        """Whether the reader runs it."""
        resource = Resource(area=offering.unit, line=offering.matter[:2])
        return scope_of(self.who.actor, RUN).covers(resource)

    def held(self, offering: Offering) -> Held:
        """Who has what of it."""
        queue = [one for one in offering.waiting if one not in offering.offered]
        return Held(
            held=self._places(offering.holders),
            kept=self._places(offering.offered),
            waiting=self._places(queue),
        )

    def story(self, offering_id: UUID) -> tuple[list[Told], int]:
        """What happened to it, the latest first, and how many events before that are not told."""
        life = self.office.life(offering_id)
        teller = Teller(self.office, self.words, self.who.actor)
        teller.introduce(one.metadata.actor for one in life if isinstance(one, Recorded))
        latest = life[-SHOWN:]
        return [self._told(seen, teller) for seen in reversed(latest)], len(life) - len(latest)

    def reason(self, offering_id: UUID) -> str:
        """Why it does not take place; empty where it does."""
        life = self.office.life(offering_id)
        opened = Teller(self.office, self.words, self.who.actor).opened(offering_id)
        for seen in life:
            if isinstance(seen, Recorded) and isinstance(seen.event, OfferingCancelled):
                return opened.field("reason", seen.event.reason, Kind.NOTE)
        return ""

    def _told(self, seen: Recorded | Unread, teller: Teller) -> Told:
        words = self.words
        if isinstance(seen, Unread):
            at, what, said, number, by = (
                seen.recorded_at,
                words("tl.unreadable"),
                "",
                "",
                seen.topic,
            )
        else:
            at = getattr(seen.event, "occurred_at", seen.recorded_at)
            name = event_name(seen.event, seen.topic, None)
            what = words.label(name) if name else seen.topic
            said, number = self._said(seen, teller), self._named(seen.event)
            by = teller.staff(seen.metadata.actor)
        return Told(
            iso=at.isoformat(), when=words.moment(at), what=what, said=said, number=number, by=by
        )

    def _said(self, seen: Recorded, teller: Teller) -> str:
        match seen.event:
            case OfferingOpened(capacity=places, standby=ranks):
                return self.words("off.size", places=places, ranks=ranks)
            case OfferingResized(capacity=places, standby=ranks):
                return self.words("off.size", places=places, ranks=ranks)
            case OfferingCancelled(reason=reason):
                return teller.opened(seen.stream_id).field("reason", reason, Kind.NOTE)
            case _:
                return ""

    def _named(self, event: Any) -> str:
        if not isinstance(event, PlaceAwaited | PlaceOffered | PlaceTaken | PlaceLeft):
            return ""
        try:
            return self.office.affair(scope_of(self.who.actor, VIEW), event.affair_id).number
        except NotFound:
            return ""

    def _scopes(self) -> list[Scope]:
        found = [scope_of(self.who.actor, right) for right in SEEN_BY]
        return [scope for scope in found if scope.prefix is not None]

    def _places(self, affairs: Sequence[UUID]) -> Places:
        scope, shown = scope_of(self.who.actor, VIEW), []
        teller = Teller(self.office, self.words, self.who.actor)
        for rank, affair_id in enumerate(affairs[:SHOWN], 1):
            try:
                row = self.office.affair(scope, affair_id)
            except NotFound:
                continue
            name = teller.opened(affair_id).field("applicant", row.applicant)
            shown.append(Place(rank, affair_id, row.number, name))
        return Places(shown, len(affairs) - len(shown))


def _within(scope: Scope, offering: Run) -> bool:
    prefix = scope.prefix or ""
    near = offering.unit.startswith(prefix) or prefix.startswith(offering.unit)
    return near and (not scope.lines or offering.matter[:2] in scope.lines)
