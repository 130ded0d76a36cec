"""Making a copy: first the log in one snapshot, then the door, the keys and the attachments.

In this order, since a key is committed before the events that use it, and a credential and an
attachment are kept before the event that names them: what the log names is there.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.backup import records as r
from adapters.door.tables import CREDENTIALS, JOURNAL, PREFERENCES
from adapters.event_store import Database
from adapters.event_store.schema import FORMAT as LOG_FORMAT
from adapters.folders import make, sync
from adapters.house import House
from adapters.keys import key_database
from adapters.keys.tables import DESTRUCTIONS, DOCUMENT_LINKS, HOUSE_KEYS, SUBJECT_KEYS
from adapters.time import wall
from adapters.verify import Chain, Fault, stored
from domain.errors import NotPermittedNow, PlaceUnusable

PAGE = 2000

Progress = Callable[[str, int, int], None]
"""Told of what (log, door, keys, attachments) how many of how many are done."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a copy holds."""

    events: int
    keys: int | None
    attachments: int


def back_up(
    house: House,
    target: Path,
    *,
    with_keys: bool = True,
    progress: Progress = lambda what, done, total: None,
) -> Made:
    """Copy the district into a new folder `target`, while others write.

    The folder appears whole, or not at all. Events are checked as they are read.
    Raises NotPermittedNow where the target is there already or the log is damaged,
    PlaceUnusable where it cannot be written.
    """
    target = target.absolute()
    if target.exists():
        raise NotPermittedNow("backup", f"{target} is there already; name a new folder")
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        make(target.parent)
        draft.mkdir(mode=0o700)
        try:
            events = _log(house, draft / r.LOG, progress)
            _door(house, draft / r.DOOR, progress)
            keys = _keys(house, draft / r.KEYS, progress) if with_keys else None
            attachments = _attachments(house, draft, progress)
            sync(draft)
            draft.rename(target)
            sync(target.parent)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    except OSError as error:
        raise PlaceUnusable(target, error) from error
    return Made(events, keys, attachments)


def _log(house: House, path: Path, progress: Progress) -> int:
    info, tables = house.info, house.log.tables
    chain = Chain(info.log_id)
    with r.Writer(path) as writer, snapshot(house.log.database) as connection:
        head = connection.execute(sa.select(sa.func.max(tables.events.c.position))).scalar() or 0
        writer.write(
            r.LogHeader(
                r.FORMAT,
                info.log_id,
                info.kind,
                info.anchor,
                info.created_at,
                LOG_FORMAT,
                head,
                wall().isoformat(),
            )
        )
        for row in pages(connection, tables.events, ("position",)):
            event = stored(row)
            if isinstance(event, Fault):
                raise _damaged(event)
            if (fault := chain.fault(event)) is not None:
                raise _damaged(fault)
            writer.write(r.EventLine(*event))
            if chain.position % PAGE == 0 or chain.position == head:
                progress("log", chain.position, head)
        for row in pages(connection, tables.commands, ("actor", "command_id")):
            writer.write(r.CommandLine(row[0], uuid(row[1]), *row[2:]))
        for row in pages(connection, tables.claims, ("name",)):
            writer.write(r.ClaimLine(row[0], uuid(row[1]), row[2]))
        for row in pages(connection, tables.tracking, ("application_name",)):
            writer.write(r.TrackingLine(*row))
    return chain.position


def _door(house: House, path: Path, progress: Progress) -> None:
    place = house.door.place
    place.prepare()
    lines = (
        (CREDENTIALS, ("id",), r.CredentialLine),
        (JOURNAL, ("id",), r.JournalLine),
        (PREFERENCES, ("account", "kind", "name"), r.PreferenceLine),
    )
    with r.Writer(path) as writer, snapshot(place.database) as connection:
        writer.write(r.DoorHeader(r.FORMAT, house.info.log_id, wall().isoformat()))
        done = 0
        for table, key, line in lines:
            for row in pages(connection, table, key):
                writer.write(line(*row))
                done += 1
        progress("door", done, done)


def _keys(house: House, path: Path, progress: Progress) -> int:
    # Its tables are created at the first use of a key.
    house.keys.digest("backup", b"")
    database = Database(key_database(house.settings.key_url))
    count = 0
    try:
        with r.Writer(path) as writer, snapshot(database) as connection:
            writer.write(r.KeysHeader(r.FORMAT, house.info.log_id, wall().isoformat()))
            generation = connection.execute(sa.select(DESTRUCTIONS.c.generation)).scalar_one()
            writer.write(r.DestructionsLine(int(generation)))
            for row in pages(connection, HOUSE_KEYS, ("name",)):
                writer.write(r.HouseKeyLine(*row))
            for row in pages(connection, DOCUMENT_LINKS, ("subject", "document")):
                writer.write(r.LinkLine(*row))
            total = connection.execute(
                sa.select(sa.func.count()).select_from(SUBJECT_KEYS)
            ).scalar_one()
            for count, row in enumerate(pages(connection, SUBJECT_KEYS, ("subject", "version")), 1):
                writer.write(r.SubjectKeyLine(*row))
                if count % PAGE == 0 or count == total:
                    progress("keys", count, total)
    finally:
        database.close()
    return count


def _attachments(house: House, draft: Path, progress: Progress) -> int:
    folder, copies = house.settings.data_dir / r.FOLDER, draft / r.FOLDER
    copies.mkdir(mode=0o700)
    files = sorted(
        path
        for path in (folder.rglob("*") if folder.is_dir() else ())
        if path.is_file() and not path.name.startswith(".")
    )
    with r.Writer(draft / r.ATTACHMENTS) as writer:
        writer.write(r.AttachmentsHeader(r.FORMAT, house.info.log_id, wall().isoformat()))
        for done, path in enumerate(files, 1):
            place, content = path.relative_to(folder), path.read_bytes()
            put(copies / place, content)
            writer.write(
                r.AttachmentLine(place.as_posix(), len(content), hashlib.sha256(content).digest())
            )
            progress("attachments", done, len(files))
    for below in {path.parent for path in copies.rglob("*")} | {copies}:
        sync(below)
    return len(files)


def _damaged(fault: Fault) -> NotPermittedNow:
    because = f"position {fault.position}: {fault.detail}; a copy would hold it too"
    return NotPermittedNow("backup", because)


@contextmanager
def snapshot(database: Database) -> Iterator[sa.Connection]:
    """A connection on which every statement sees the same moment; nobody waits for it."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql(
            "BEGIN" if database.is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        )
        try:
            yield connection
        finally:
            connection.exec_driver_sql("ROLLBACK")


def pages(connection: sa.Connection, table: sa.Table, key: Sequence[str]) -> Iterator[Any]:
    """All rows of a table in order of its key, some at a time."""
    columns = [table.c[name] for name in key]
    place = sa.tuple_(*columns)
    last: Any = None
    while True:
        query = sa.select(table).order_by(*columns).limit(PAGE)
        if last is not None:
            values = (sa.literal(last._mapping[c], c.type) for c in columns)
            query = query.where(place > sa.tuple_(*values))
        rows = connection.execute(query).all()
        yield from rows
        if len(rows) < PAGE:
            return
        last = rows[-1]


def uuid(stored_id: UUID | bytes) -> UUID:
    """A stream or command id as either database gives it out."""
    return stored_id if isinstance(stored_id, UUID) else UUID(bytes=stored_id)


def put(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, and have it on the disk."""
    make(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
