"""The story of an affair, newest first: one rail for the community, one for whoever took over,
one for joint units."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.affair import events as e
from domain.clock import local_day
from domain.log import Recorded
from domain.personal import Personal
from domain.record import ATTACHED, Field, Kind, Record
from web.masks import Opened
from web.ports import Unread
from web.telling import Teller, event_name, way_of
from web.words import Words, clock_time
from workflows.fields import FieldSpec
from workflows.machine import CompiledLine
from workflows.ways import Way

COMMUNITY_ROLES = frozenset({"CW", "FD", "MED", "CD", "RES"})
RAILS = ("ra", "rb", "rc")
LATE_ENTRY = timedelta(minutes=5)
"""From how long after the fact on it is said when it was written down."""


@dataclass(frozen=True, slots=True)
class Said:
    """A recorded value: its label and its words. photos: attachments to look at."""

    label: str
    text: str
    photos: tuple[UUID, ...] = ()


@dataclass(slots=True)
class Moment:
    """One entry of the timeline.

    tags: (kind, word) pairs. internal: never shown outside. lane: 0 community, 1 whoever took
    over, 2 a joint unit. rails: the classes of the rails beside it, `hop` where it crosses over.
    """

    iso: str
    when: str
    title: str
    version: int
    position: int
    by: str
    entered_late: str
    tags: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    internal: bool = False
    unreadable: bool = False
    lane: int = 0
    rails: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Entries, newest first, and the names of the rails.

    count: entries there are, shown or not. internal: how many of them stay inside.
    """

    moments: Sequence[Moment]
    lanes: Sequence[str]
    count: int
    internal: int


class Storyteller:
    """Makes the timeline of one affair. inside: versions of the records that stay inside."""

    def __init__(
        self,
        teller: Teller,
        words: Words,
        line: CompiledLine,
        matter: str,
        inside: Container[int],
    ) -> None:
        self._teller, self._words, self._line, self._matter = teller, words, line, matter
        self._inside = inside

    def tell(
        self,
        life: Sequence[Recorded | Unread],
        community: str,
        *,
        internal: bool | None = None,
        latest: int | None = None,
    ) -> Timeline:
        """The timeline of these events, oldest first as they come.

        internal: only what stays inside, or only what does not; None for all.
        latest: only so many, the newest.
        """
        lanes = _Lanes(community)
        places = [lanes.of(seen) for seen in life]
        inside = [seen.version in self._inside for seen in life]
        kept = [at for at, one in enumerate(inside) if internal in (None, one)]
        rails = lanes.drawn([places[at] for at in kept])
        moments = []
        for at, (lane, drawn) in list(zip(kept, rails, strict=True))[-latest if latest else 0 :]:
            moment = self.moment(life[at])
            moment.lane, moment.rails = lane, drawn
            moments.append(moment)
        names = [self._teller.unit_name(code) for code in lanes.codes]
        return Timeline(moments[::-1], names, len(life), sum(inside))

    def moment(self, seen: Recorded | Unread) -> Moment:
        """One event in words, without its lane."""
        return self._unread(seen) if isinstance(seen, Unread) else self._moment(seen)

    def spec_of(self, event: Any, field: str) -> FieldSpec | None:
        """How the line asks for a field that an event recorded."""
        return next(
            (spec for spec in self._asked(event, way_of(event, self._line)) if spec.name == field),
            None,
        )

    def _moment(self, seen: Recorded) -> Moment:
        event, metadata, words = seen.event, seen.metadata, self._words
        occurred: datetime = getattr(event, "occurred_at", seen.recorded_at)
        way = way_of(event, self._line)
        name = event_name(event, seen.topic, self._line)
        who = [self._teller.unit_name(metadata.unit)] if metadata.unit else []
        who.append(self._teller.staff(metadata.actor))
        if metadata.role != "SYS":
            who.append(words(f"role.{metadata.role}"))
        moment = Moment(
            iso=occurred.isoformat(),
            when=words.moment(occurred),
            title=words.label(name) if name else seen.topic,
            version=seen.version,
            position=seen.position,
            by="·".join(who),
            entered_late=self._late(occurred, seen.recorded_at),
            internal=seen.version in self._inside,
        )
        self._say(moment, event, self._teller.opened(seen.stream_id, internal=moment.internal), way)
        return moment

    def _say(self, moment: Moment, event: Any, opened: Opened, way: Way | None) -> None:
        words = self._words
        to = getattr(event, "to", "")
        if to != getattr(event, "left", to) and to in self._line.states:
            moment.tags.append(("refer", words("tl.to", state=self._state(to))))
        if isinstance(event, e.JointOpened | e.JointDone):
            moment.tags.append(("joint", self._teller.unit_name(event.unit)))
        if isinstance(event, e.Warned):
            colour = "late" if event.colour == "red" else "warn"
            moment.tags.append((colour, words(f"colour.{event.colour}")))
        if isinstance(event, e.Registered):
            moment.notes.append(opened.field("summary", event.summary))
            moment.said.append(Said(words("fact.source"), words(f"source.{event.source}")))
        if isinstance(event, e.Warned | e.Supervised) and event.clock:
            moment.said.append(Said(words("fact.clock"), self._clock(event.clock)))
        specs = {spec.name: spec for spec in self._asked(event, way)}
        if isinstance(event, e.Assigned | e.Recused) and "account" in specs:
            who = self._teller.staff(event.account)
            moment.said.append(Said(words.label(specs["account"].label), who))
        if isinstance(event, e.Recused) and "recusal_ground" in specs:
            ground = specs["recusal_ground"]
            said = words.label(ground.choices[event.ground])
            moment.said.append(Said(words.label(ground.label), said))
        for recorded in getattr(event, "record", Record()):
            self._record(moment, recorded, specs.get(recorded.name), opened)
        for change in getattr(event, "clocks", ()):
            if change.due_at is not None and change.kind != "timer":
                until = words.deadline(
                    change.due_at, year=_other_year(change.due_at, event.occurred_at)
                )
                if change.calendar.endswith("?"):
                    until = words("tl.provisional", until=until)
                moment.said.append(Said(words("tl.until", clock=self._clock(change.name)), until))

    def _record(
        self, moment: Moment, recorded: Field, spec: FieldSpec | None, opened: Opened
    ) -> None:
        label = self._words.label(spec.label) if spec else recorded.name
        value = recorded.value
        if isinstance(value, Personal):
            text = opened.field(recorded.name, value, recorded.kind)
            if recorded.kind is Kind.NOTE and label in _PLAIN_NOTES:
                moment.notes.append(text)
            else:
                moment.said.append(Said(label, text))
        elif recorded.kind in ATTACHED and isinstance(value, tuple):
            photos = tuple(photo for photo in value if isinstance(photo, UUID))
            told = self._words(f"tl.{recorded.kind.value}", count=len(photos))
            moment.said.append(Said(label, told, photos))
        else:
            moment.said.append(Said(label, value_text(recorded, spec, self._teller, self._words)))

    def _unread(self, seen: Unread) -> Moment:
        return Moment(
            iso=seen.recorded_at.isoformat(),
            when=self._words.moment(seen.recorded_at),
            title=self._words("tl.unreadable"),
            version=seen.version,
            position=seen.position,
            by=seen.topic,
            entered_late="",
            unreadable=True,
        )

    def _asked(self, event: Any, way: Way | None) -> Iterable[FieldSpec]:
        if way is not None and self._matter in way.forms:
            return way.forms[self._matter].behalf.specs
        if isinstance(event, e.Registered):
            return self._line.matter(self._matter).fields
        return ()

    def _late(self, occurred: datetime, recorded: datetime) -> str:
        if recorded - occurred < LATE_ENTRY:
            return ""
        same_day = local_day(occurred) == local_day(recorded)
        when = (
            clock_time(recorded)
            if same_day
            else self._words.moment(recorded, year=_other_year(recorded, occurred))
        )
        return self._words("tl.entered", when=when)

    def _state(self, code: str) -> str:
        return self._words.label(self._line.states[code])

    def _clock(self, name: str) -> str:
        spec = self._line.clock(name)
        return self._words.label(spec.label) if spec else name


# Only the year of the entry's own heading goes without saying.
def _other_year(at: datetime, occurred: datetime) -> bool:
    return local_day(at - timedelta(microseconds=1)).year != local_day(occurred).year


_PLAIN_NOTES = frozenset({"备注", "Note"})
"""Labels that say nothing besides."""


def value_text(recorded: Field, spec: FieldSpec | None, teller: Teller, words: Words) -> str:
    """A recorded value that is not personal, in words."""
    value: Any = recorded.value
    match recorded.kind:
        case Kind.CHOICE if spec is not None and value in spec.choices:
            return words.label(spec.choices[value])
        case Kind.FLAG:
            return words("yes") if value else words("no")
        case Kind.UNIT:
            return teller.unit_name(str(value))
        case Kind.ACCOUNT:
            return teller.staff(str(value))
        case Kind.OFFERING:
            return teller.offering(value)
        case Kind.UNITS:
            return words.listed(teller.unit_name(str(unit)) for unit in value)
        case Kind.INSTANT:
            return words.moment(value)
        case Kind.DATE if isinstance(value, date):
            return words.day(value)
        case Kind.MONEY:
            return words("money", yuan=value)
        case _:
            return str(value)


class _Lanes:
    """Whose rail an event stands on, and where each rail begins and ends."""

    def __init__(self, community: str) -> None:
        self._community = community
        self._other = self._joint = ""

    @property
    def codes(self) -> list[str]:
        """The units of the rails, from the left; the third only stands after the second."""
        return [self._community, *filter(None, (self._other, self._joint))]

    def of(self, seen: Recorded | Unread) -> int:
        """The lane of an event."""
        if isinstance(seen, Unread):
            return 0
        if isinstance(seen.event, e.JointOpened | e.JointDone):
            self._joint = self._joint or seen.event.unit
            return 2
        role, unit = seen.metadata.role, seen.metadata.unit
        if role in COMMUNITY_ROLES or not unit or unit == self._community:
            return 0
        self._other = self._other or unit
        return 1

    def drawn(self, places: Sequence[int]) -> list[tuple[int, list[str]]]:
        """The lane and the rails of every event, oldest first as they come."""
        if self._joint and not self._other:
            places = [min(lane, 1) for lane in places]
        rails: list[list[str]] = [[] for _ in places]
        for lane in sorted(set(places)):
            at = [index for index, place in enumerate(places) if place == lane]
            first, last = (0, len(places) - 1) if lane == 0 else (at[0], at[-1])
            for index in range(first, last + 1):
                rails[index] += _rail(RAILS[lane], first=index == first, last=index == last)
            if lane:
                rails[first].append("hop far" if lane == 2 else "hop")
        return list(zip(places, rails, strict=True))


# A rail runs down from its newest event, at the top, to its oldest.
def _rail(name: str, *, first: bool, last: bool) -> list[str]:
    if first and last:
        return []
    return [f"{name} to" if first else f"{name} from" if last else name]
