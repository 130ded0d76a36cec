"""Years of a district in minutes: affairs that the desk played, told again on every weekday.

Streams, numbers, areas and dates are each affair's own; the words, and the sealed values, which
nobody opens here, are shared. Events come in the order of their days, so that an affair's lie
apart in the log as they do in life.
"""

import gc
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from adapters.event_store import Database, EventLog, StoredRow
from adapters.house import FOLLOWING, INLINE, House
from adapters.projector import state
from adapters.projector.folding import Folding
from adapters.projector.table import ViewTable
from adapters.time import Told
from benchmarks.district import (
    FOUNDED,
    MONDAY,
    REGISTERED_AT,
    Area,
    Player,
    areas,
    at,
    found,
    opened,
    settings_of,
)
from benchmarks.tales import TALES
from domain.affair.events import Registered
from domain.clock import local_day
from domain.errors import Unreadable
from domain.log import NEW, Append, Claim, Draft, Metadata, Recorded
from domain.personal import Personal
from domain.record import Field, Record
from workflows.desk import NUMBER

WEEKDAYS = 5
LONGEST = 16
"""Events of an affair at most."""
EVENING = time(18, 0)
"""When a day's events are recorded."""
AT_ONCE = 400
"""Affairs whose views are folded in one transaction."""

Progress = Callable[[int, int], None]
Template = Sequence[Recorded]


@dataclass(frozen=True, slots=True)
class Templates:
    """Played affairs, by weekday and tale, and on which later days their events happen."""

    played: Mapping[tuple[int, int], Template]
    tales: int

    def offsets(self, weekday: int) -> list[int]:
        """Days after the start, farthest first, on which something happens to such affairs."""
        found = {self.day(self.played[weekday, tale], seen) for tale, seen in self._each(weekday)}
        return sorted(found, reverse=True)

    def on(self, weekday: int, offset: int) -> list[list[int]]:
        """Of each tale, which of its events happen on that day."""
        return [
            [
                index
                for index, seen in enumerate(self.played[weekday, tale])
                if self.day(self.played[weekday, tale], seen) == offset
            ]
            for tale in range(self.tales)
        ]

    def _each(self, weekday: int) -> Iterator[tuple[int, Recorded]]:
        for tale in range(self.tales):
            for seen in self.played[weekday, tale]:
                yield tale, seen

    @staticmethod
    def day(template: Template, seen: Recorded) -> int:
        """Days after the first event."""
        first = local_day(template[0].event.occurred_at)
        return (local_day(seen.event.occurred_at) - first).days


@cache
def templates() -> Templates:
    """Play every tale on every weekday of one week, by the real desk of a district of its own."""
    with TemporaryDirectory(prefix="tenlines-bench-") as name:
        settings, clock = settings_of(Path(name)), Told(FOUNDED)
        found(settings, streets=1, years=range(2011, 2013))
        area = areas(1)[0]
        with opened(settings, clock) as house:
            player = Player(house, clock)
            played = {
                (weekday, index): house.history.stream(
                    player.play(tale, MONDAY + timedelta(days=weekday), area)
                )
                for weekday in range(WEEKDAYS)
                for index, tale in enumerate(TALES)
            }
    return Templates(played, len(TALES))


def shifted(value: Any, days: timedelta) -> Any:
    """The value with every date and instant in it so much later."""
    match value:
        case datetime() | date():
            return value + days
        case Record():
            return Record(
                tuple(Field(f.name, f.kind, shifted(f.value, days)) for f in value.fields)
            )
        case Personal():
            return value
        case tuple():
            return tuple(shifted(part, days) for part in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value, **{f.name: shifted(getattr(value, f.name), days) for f in fields(value)}
            )
        case _:
            return value


class Bulk:
    """Fills the log of a house that was founded, then its views.

    a_day: affairs that begin on each weekday.
    """

    def __init__(
        self, house: House, told: Templates, *, a_day: int, within: Sequence[Area]
    ) -> None:
        self._house, self._told, self._a_day, self._areas = house, told, a_day, within
        self._positions = array("q")
        self._started = 0
        self._evening = FOUNDED
        self._commands = 0
        self._mornings: list[datetime] = []
        self._shifted: dict[tuple[int, int, int, int], tuple[Any, str, bytes]] = {}
        self._schedule = [
            [(offset, told.on(weekday, offset)) for offset in told.offsets(weekday)]
            for weekday in range(WEEKDAYS)
        ]

    @property
    def affairs(self) -> int:
        """How many affairs have begun."""
        return self._started

    def events(self, wanted: int, progress: Progress = lambda done, total: None) -> int:
        """Fill the log, day by day, until it holds so many events; how many it holds."""
        clock = Told(FOUNDED)
        log = EventLog(Database(self._house.settings.log_url), now=clock)
        head, day = log.head(), 0
        with closing(log), uncollected():
            while head < wanted:
                clock.at = self._evening = at(MONDAY + timedelta(days=day), EVENING)
                appends = list(self._of_day(day, head))
                for outcome in log.append_many(appends):
                    if isinstance(outcome, Exception):
                        raise outcome
                head += len(appends)
                day += 1
                progress(head, wanted)
        self._commands = head
        return head

    def views(self, progress: Progress = lambda done, total: None) -> None:
        """Fold every view, affair by affair: no row of one affair depends on another's."""
        house, head = self._house, self._house.log.head()
        founding = house.log.read(0, self._positions[0] - 1)
        inline, following = house.log.database, house.follower.database
        sqlite = inline.is_sqlite
        here = [Folding(ViewTable(view, sqlite=sqlite)) for view in INLINE]
        there = [Folding(ViewTable(view, sqlite=sqlite)) for view in FOLLOWING]

        def fold(recorded: Sequence[Recorded]) -> None:
            with inline.writing() as connection, following.writing() as beside:
                for folding in here:
                    folding.apply(connection, recorded)
                for folding in there:
                    folding.apply(beside, recorded)

        with uncollected():
            fold(house.history.batch(founding, _unreadable))
            lives, done = self._lives(), len(founding)
            while part := list(islice(lives, AT_ONCE)):
                recorded = [seen for life in part for seen in life]
                fold(recorded)
                done += len(recorded)
                progress(done, head)
        with following.writing() as connection:
            for view in FOLLOWING:
                state.advance(connection, view.name, head, view.version)

    def following(self, ordinal: int, moment: datetime) -> Append | None:
        """The next event of an affair as a command of that moment; None where it has ended."""
        index = self._held(ordinal)
        if index == len(self._template(ordinal)):
            return None
        self._commands += 1
        self._positions[ordinal * LONGEST + index] = self._commands
        self._evening = moment
        return self._append(ordinal, index, self._commands)

    def area(self, ordinal: int) -> Area:
        """Where the affair began."""
        return self._areas[ordinal * 7919 % len(self._areas)]

    def _held(self, ordinal: int) -> int:
        places = self._positions[ordinal * LONGEST : (ordinal + 1) * LONGEST]
        return sum(1 for position in places if position)

    def stream(self, ordinal: int) -> UUID:
        """The stream of the affair that began as number `ordinal`, from 0."""
        return _uuid7(self._mornings[ordinal // self._a_day], ordinal)

    def _of_day(self, day: int, head: int) -> Iterator[Append]:
        weekday = day % 7
        if weekday < WEEKDAYS:
            self._positions.extend([0] * (self._a_day * LONGEST))
            self._mornings.append(at(MONDAY + timedelta(days=day), REGISTERED_AT))
            self._started += self._a_day
        for began in range(WEEKDAYS):
            for offset, of_tale in self._schedule[began]:
                start = day - offset
                if start < 0 or start % 7 != began:
                    continue
                first = (start // 7 * WEEKDAYS + began) * self._a_day
                for ordinal in range(first, first + self._a_day):
                    for index in of_tale[ordinal % self._told.tales]:
                        head += 1
                        self._positions[ordinal * LONGEST + index] = head
                        yield self._append(ordinal, index, head)

    def _append(self, ordinal: int, index: int, position: int) -> Append:
        stream_id = self.stream(ordinal)
        event, topic, stored = self._event(ordinal, index)
        claims: tuple[Claim, ...] = ()
        if index == 0:
            topic, stored = self._house.codec.encode(event)
            claims = (Claim(name=NUMBER + event.number, stream_id=stream_id),)
        return Append(
            drafts=(
                Draft(
                    stream_id=stream_id, version=index + 1, topic=topic, state=stored, event=event
                ),
            ),
            expected={stream_id: index or NEW},
            metadata=_metadata(self._template(ordinal)[index], stream_id, position, self._evening),
            claims=claims,
        )

    def _lives(self) -> Iterator[list[Recorded]]:
        """The affairs as they came to be recorded, each with the events that the log holds."""
        for ordinal in range(self._started):
            places = self._positions[ordinal * LONGEST : (ordinal + 1) * LONGEST]
            yield [
                self._seen(ordinal, index, position, self._event(ordinal, index)[0])
                for index, position in enumerate(places)
                if position
            ]

    def _seen(self, ordinal: int, index: int, position: int, event: Any) -> Recorded:
        template = self._template(ordinal)[index]
        stream_id = self.stream(ordinal)
        recorded_at = _evening(local_day(event.occurred_at))
        return Recorded(
            position=position,
            stream_id=stream_id,
            version=index + 1,
            topic=template.topic,
            event=event,
            recorded_at=recorded_at,
            metadata=_metadata(template, stream_id, position, recorded_at),
        )

    def _event(self, ordinal: int, index: int) -> tuple[Any, str, bytes]:
        """The event, and its topic and stored form but for a registration, which is its own."""
        started, tale = ordinal // self._a_day, ordinal % self._told.tales
        week, weekday = divmod(started, WEEKDAYS)
        key = week, weekday, tale, index
        known = self._shifted.get(key)
        if known is None:
            if len(self._shifted) > 20_000:
                self._shifted.clear()
            template = self._told.played[weekday, tale][index]
            event = shifted(template.event, timedelta(weeks=week))
            known = self._shifted[key] = (event, *self._house.codec.encode(event))
        if index:
            return known
        return self._registered(known[0], ordinal), known[1], known[2]

    def _registered(self, event: Registered, ordinal: int) -> Registered:
        area = self.area(ordinal)
        subject = _uuid7(event.occurred_at, ordinal + (1 << 40))
        own = {
            name: replace(value, subject=subject)
            for name in ("applicant", "telephone", "address")
            if (value := getattr(event, name)) is not None
        }
        # The subject's own values are shared, and stay closed.
        return replace(
            event,
            number=f"CG-{event.occurred_at.year}-{ordinal + 1001}",
            area=area.code,
            community=area.community,
            assignee=area.worker,
            **own,
        )

    def _template(self, ordinal: int) -> Template:
        weekday = ordinal // self._a_day % WEEKDAYS
        return self._told.played[weekday, ordinal % self._told.tales]


def _metadata(template: Recorded, stream_id: UUID, position: int, at: datetime) -> Metadata:
    played = template.metadata
    return Metadata(
        actor=played.actor,
        role=played.role,
        unit=played.unit,
        command_id=_uuid7(at, position),
        request_hash=played.request_hash,
        correlation_id=stream_id,
    )


@cache
def _evening(day: date) -> datetime:
    return at(day, EVENING)


@cache
def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _unreadable(row: StoredRow, why: Unreadable) -> None:
    raise why


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing made here is cyclic: looking for cycles would only take a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _uuid7(moment: datetime, number: int) -> UUID:
    """An id that grows with time and then with the number, the same for the same."""
    return UUID(int=_milliseconds(moment) << 80 | 7 << 76 | 0b10 << 62 | number)
