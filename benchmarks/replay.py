"""Reading back: one long affair replayed, and the whole log read and decoded.

The bare loop takes the driver's rows and has msgspec decode each, event and metadata, into frozen
dataclasses with the fields of the domain's, and a hook make its two own types, `Record` and
`Personal`, of what JSON has for them. It gives no place, hash or time of recording.
"""

import sqlite3
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import fields, is_dataclass, make_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from statistics import median
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from adapters.event_store import StoredRow
from adapters.house import House
from adapters.time import Told
from benchmarks.bulk import Bulk, templates
from benchmarks.district import MONDAY, Player, areas, found, opened, settings_of
from benchmarks.places import folder, postgres
from benchmarks.report import Row, alone, compared, interleaved
from benchmarks.steps import LATER, YEARS, Place
from benchmarks.tales import LONG
from domain.errors import Unreadable
from domain.log import Metadata, Recorded
from domain.personal import Personal
from domain.record import Field, Kind, Record
from domain.topics import TOPICS

EVENTS = 30_000
REPLAYS = 400
BATCH = 1000
TIMES = 5


def rows(large: bool = False) -> list[Row]:
    """Replay and reading, on both databases. `large` changes nothing here."""
    del large
    with folder() as place, postgres() as server:
        return [
            *on("SQLite", (place / "sqlite", "")),
            *on("PostgreSQL", (place / "postgres", server.database("replay"))),
        ]


def on(name: str, place: Place, *, events: int = EVENTS, replays: int = REPLAYS) -> list[Row]:
    """The rows of one database."""
    settings, clock = settings_of(*place), Told(LATER)
    found(settings, streets=1, years=YEARS)
    with opened(settings, clock) as house:
        long = Player(house, clock).play(LONG, MONDAY, areas(1)[0])
        assert house.affairs.get(long)[1] == 50

        spent = []

        def replay() -> float:
            house.affairs.forget(long)
            began, ran = time.perf_counter(), time.process_time()
            house.affairs.get(long)
            spent.append((time.process_time() - ran) * 1000)
            return (time.perf_counter() - began) * 1000

        replayed = [replay() for _ in range(replays)]
        Bulk(house, templates(), a_day=190, within=areas(1)).events(events)
        with bare_loop(settings.log_url) as bare:
            pairs = interleaved(lambda: _rate(whole(house)), lambda: _rate(bare()), times=TIMES)
    return [
        alone(
            f"replay of a 50-event affair, {name}",
            replayed,
            target=1.0,
            unit="ms",
            at_most=True,
            note="read, decoded and folded, personal values closed, no state kept in memory; "
            f"{median(spent):.2f} ms of processor time",
        ),
        compared(
            f"whole log read and decoded / bare loop, {name}",
            pairs,
            target=0.6,
            unit="events/s",
        ),
    ]


def _rate(events: Iterator[Any]) -> float:
    count, began = 0, time.perf_counter()
    for _ in events:
        count += 1
    return count / (time.perf_counter() - began)


def whole(house: House) -> Iterator[Recorded]:
    """Every event of the log with its place, as followers read them."""
    after = 0
    while batch := house.log.read(after, BATCH):
        yield from house.history.batch(batch, _unreadable)
        after = batch[-1].position


def _unreadable(_: StoredRow, why: Unreadable) -> None:
    raise why


@contextmanager
def bare_loop(url: str) -> Iterator[Callable[[], Iterator[Any]]]:
    """A loop over all events: driver, msgspec, and no more."""
    decoders = {
        topic: msgspec.json.Decoder(_plain(event), dec_hook=_hook).decode
        for topic, event in TOPICS.items()
    }
    metadata = msgspec.json.Decoder(Metadata).decode
    with closing(_connected(url)) as connection:

        def decoded() -> Iterator[Any]:
            cursor = connection.cursor()
            cursor.execute("SELECT topic, state, metadata FROM events ORDER BY position")
            while part := cursor.fetchmany(BATCH):
                for topic, state, by in part:
                    yield decoders[topic](state), metadata(by)

        yield decoded


def _connected(url: str) -> Any:
    parsed = make_url(url)
    if parsed.drivername == "sqlite":
        return sqlite3.connect(str(parsed.database))
    engine = sa.create_engine(parsed)
    arguments, options = engine.dialect.create_connect_args(engine.url)
    return psycopg.connect(
        *arguments, **options, options="-c search_path=tenlines", cursor_factory=_Binary
    )


class _Binary(psycopg.Cursor[Any]):
    def execute(self, query: Any, *arguments: Any, **options: Any) -> Any:
        return super().execute(query, *arguments, binary=True)


class _Told(type):
    """Stands for a class that msgspec must leave to the hook, though it is a dataclass."""

    def __instancecheck__(cls, instance: object) -> bool:
        return True


class _Record(metaclass=_Told):
    pass


class _Personal(metaclass=_Told):
    pass


def _plain(kind: Any) -> Any:
    """The type as msgspec decodes it by itself, but for the two that the hook makes."""
    if kind is Record:
        return _Record
    if kind is Personal:
        return _Personal
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        members = [(member.name, _plain(hints[member.name])) for member in fields(kind)]
        return make_dataclass(kind.__name__, members, frozen=True, slots=True)
    inner = tuple(part if part in (Ellipsis, NoneType) else _plain(part) for part in get_args(kind))
    if not inner:
        return kind
    if get_origin(kind) in (Union, UnionType):
        return reduce(or_, inner)
    return get_origin(kind)[inner]


def _hook(kind: type, stored: Any) -> Any:
    if kind is _Personal:
        return _personal(stored)
    return Record(tuple(Field(name, Kind(of), VALUES[of](value)) for name, of, value in stored))


def _personal(stored: Any) -> Personal:
    subject, sealed = stored
    return Personal(UUID(subject), urlsafe_b64decode(sealed))


def _same(stored: Any) -> Any:
    return stored


VALUES: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(Kind, _same),
    Kind.NOTE: _personal,
    Kind.PERSON: _personal,
    Kind.NUMBER: Decimal,
    Kind.MONEY: Decimal,
    Kind.DATE: date.fromisoformat,
    Kind.INSTANT: datetime.fromisoformat,
    Kind.UNITS: tuple,
    Kind.PHOTOS: lambda stored: tuple(map(UUID, stored)),
    Kind.PAPERS: lambda stored: tuple(map(UUID, stored)),
    Kind.REFERENCE: UUID,
    Kind.OFFERING: UUID,
}
