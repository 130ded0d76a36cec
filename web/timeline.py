"""The story of an affair, newest first: one rail for the community, one for whoever took over,
one for joint units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.affair import events as e
from domain.clock import local_day
from domain.log import Recorded
from domain.personal import Personal
from domain.record import Field, Kind, Record
from web.masks import Opened
from web.ports import Unread
from web.telling import Teller, event_name, what_of
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
    """Entries, newest first, and the names of the rails."""

    moments: Sequence[Moment]
    lanes: Sequence[str]

    @property
    def internal(self) -> int:
        """How many entries stay inside."""
        return sum(moment.internal for moment in self.moments)


class Storyteller:
    """Makes the timeline of one affair."""

    def __init__(self, teller: Teller, words: Words, line: CompiledLine, matter: str) -> None:
        self._teller, self._words, self._line, self._matter = teller, words, line, matter

    def tell(self, life: Sequence[Recorded | Unread], community: str) -> Timeline:
        """The timeline of these events, oldest first as they come."""
        lanes = _Lanes(community)
        moments = []
        for seen in life:
            moment = self._unread(seen) if isinstance(seen, Unread) else self._moment(seen)
            moment.lane = lanes.of(seen)
            moments.append(moment)
        lanes.draw(moments)
        names = [self._teller.unit_name(code) for code in lanes.codes]
        return Timeline(moments[::-1], names)

    def _moment(self, seen: Recorded) -> Moment:
        event, metadata, words = seen.event, seen.metadata, self._words
        occurred: datetime = getattr(event, "occurred_at", seen.recorded_at)
        way = self._way(event)
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
            internal=way.spec.internal if way else isinstance(event, _INSIDE),
        )
        self._say(moment, event, self._teller.opened(seen.stream_id), way)
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
        for recorded in getattr(event, "record", Record()):
            self._record(moment, recorded, specs.get(recorded.name), opened)
        for change in getattr(event, "clocks", ()):
            if change.due_at is not None and change.kind != "timer":
                until = words.deadline(change.due_at, year=False)
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
        elif recorded.kind is Kind.PHOTOS and isinstance(value, tuple):
            photos = tuple(photo for photo in value if isinstance(photo, UUID))
            told = self._words("tl.photos", count=len(photos))
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

    def _way(self, event: Any) -> Way | None:
        what = what_of(event, ".")
        for ways in (self._line.steps, self._line.entries, self._line.actions):
            if what in ways:
                return ways[what]
        return None

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
        when = clock_time(recorded) if same_day else self._words.moment(recorded, year=False)
        return self._words("tl.entered", when=when)

    def _state(self, code: str) -> str:
        return self._words.label(self._line.states[code])

    def _clock(self, name: str) -> str:
        spec = self._line.clock(name)
        return self._words.label(spec.label) if spec else name


_INSIDE = (e.Warned, e.Supervised, e.SupervisionAnswered, e.Reminded, e.ProcedureMigrated)
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

    def draw(self, moments: Sequence[Moment]) -> None:
        """Give every moment its rails. Moments come oldest first."""
        if self._joint and not self._other:
            for moment in moments:
                moment.lane = min(moment.lane, 1)
        for lane in sorted({moment.lane for moment in moments}):
            at = [index for index, moment in enumerate(moments) if moment.lane == lane]
            first, last = (0, len(moments) - 1) if lane == 0 else (at[0], at[-1])
            for index in range(first, last + 1):
                _rail(moments[index], RAILS[lane], first=index == first, last=index == last)
            if lane:
                moments[first].rails.append("hop far" if lane == 2 else "hop")


# A rail runs down from its newest event, at the top, to its oldest.
def _rail(moment: Moment, name: str, *, first: bool, last: bool) -> None:
    if first and last:
        return
    moment.rails.append(f"{name} to" if first else f"{name} from" if last else name)
