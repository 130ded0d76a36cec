"""What must hold of a log whatever was done to its processes."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from adapters.codec.paths import replaced
from adapters.event_store import StoredRow
from adapters.house import House
from adapters.projector.rebuild import contents
from adapters.projector.table import ViewTable
from adapters.verify import verify
from domain.personal import Personal
from domain.record import Kind, Record
from projections.catalogue import ALL
from projections.view import Lifecycle

Answer = tuple[str, UUID, int, int]


def nothing_lost(house: House, answers: Iterable[Answer]) -> None:
    """Every acknowledged command is on the log, at the positions it was told."""
    table = house.log.tables.commands
    with house.log.database.reading() as connection:
        for actor, command_id, first, last in answers:
            key = command_id.bytes if house.log.database.is_sqlite else command_id
            row = connection.execute(
                sa.select(table.c.first, table.c.last).where(
                    table.c.actor == actor, table.c.command_id == key
                )
            ).first()
            assert row is not None, f"lost: {command_id}"
            assert (row.first, row.last) == (first, last)


def nothing_partial(house: House, after: int = 0) -> int:
    """Positions without gap, versions without gap, leaf hashes right, commands whole.

    Tells the last position.
    """
    log = house.log
    log_id = log.describe().log_id
    versions: dict[UUID, int] = {}
    spans: dict[UUID, list[int]] = {}
    position = after
    while rows := log.read(position, 5000):
        for row in rows:
            assert row.position == position + 1
            position = row.position
            assert row.version == versions.get(row.stream_id, row.version - 1) + 1
            versions[row.stream_id] = row.version
            seen = house.history.recorded(row)
            spans.setdefault(seen.metadata.command_id, []).append(position)
            assert leaf(log_id, row) == row.leaf_hash
    table = log.tables.commands
    with log.database.reading() as connection:
        stored = connection.execute(
            sa.select(table.c.command_id, table.c.first, table.c.last).where(table.c.first > after)
        ).all()
    told = {
        UUID(bytes=bytes(row.command_id)) if log.database.is_sqlite else row.command_id: (
            row.first,
            row.last,
        )
        for row in stored
    }
    assert {command: (at[0], at[-1]) for command, at in spans.items()} == told
    assert all(at == list(range(at[0], at[-1] + 1)) for at in spans.values())
    return position


def leaf(log_id: UUID, row: StoredRow) -> bytes:
    """The leaf hash, written a second time from its definition and not from the code."""
    recorded_at = (row.recorded_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    parts = (
        log_id.bytes,
        row.position.to_bytes(8, "big"),
        row.stream_id.bytes,
        row.version.to_bytes(8, "big"),
        row.topic.encode(),
        recorded_at.to_bytes(8, "big", signed=True),
        row.metadata,
        row.state,
    )
    return sha256(
        b"\x00" + b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    ).digest()


def views_equal_a_rebuild(house: House) -> None:
    """Every view, rebuilt from the log, is what it was, row by row."""
    while house.follower.step():
        pass
    for view in ALL:
        inline = view.lifecycle is Lifecycle.INLINE
        database = house.log.database if inline else house.follower.database
        table = ViewTable(view, sqlite=database.is_sqlite)
        with database.reading() as connection:
            before = contents(connection, table)
        house.rebuild(view.name)
        with database.reading() as connection:
            assert contents(connection, table) == before, view.name


def what_is_sealed_opens(house: House) -> int:
    """The key of every sealed value in the log is there, and opens it. Tells how many."""
    opened = 0
    log_id = house.info.log_id
    for row in house.log.read(0, house.log.head()):
        seen = house.history.recorded(row)

        def open_it(value: Personal, path: str, stream_id: UUID = row.stream_id) -> Personal:
            nonlocal opened
            del path
            assert house.keys.open(value, log_id=log_id, stream_id=stream_id)
            opened += 1
            return value

        replaced(seen.event, open_it)
    return opened


def attachments_are_whole(house: House, told: Iterable[UUID] = ()) -> int:
    """Those that events name, and those that were told to be kept. Tells how many."""
    named = set(told)
    for row in house.log.read(0, house.log.head()):
        record = getattr(house.history.recorded(row).event, "record", Record(()))
        for recorded in record.fields:
            if recorded.kind is Kind.PHOTOS:
                assert isinstance(recorded.value, tuple)
                named.update(id_ for id_ in recorded.value if isinstance(id_, UUID))
    for id_ in named:
        assert house.attachments.open(id_)
    return len(named)


def verified(house: House) -> None:
    """The product's own check finds nothing."""
    assert verify(house.log).fault is None
