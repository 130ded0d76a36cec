"""Restoring a copy into an empty place, in either database, and proving it before it is opened.

The row that makes a log of its tables is written last: what a killed restore leaves behind can
be opened by nobody.
"""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from adapters.backup import records as r
from adapters.backup.making import PAGE, Progress, put
from adapters.backup.rows import Kinds, Rows, brought
from adapters.codec import Codec
from adapters.door.tables import CREDENTIALS, JOURNAL, PREFERENCES
from adapters.door.tables import METADATA as DOOR
from adapters.door.tables import create as create_door
from adapters.event_store import Database, EventLog, Kind
from adapters.event_store.schema import FORMAT as LOG_FORMAT
from adapters.folders import make, sync
from adapters.history import History
from adapters.house import INLINE
from adapters.keys import FileMasterKey, KeyStore, key_database
from adapters.keys.tables import (
    DESTRUCTIONS,
    DOCUMENT_LINKS,
    HOUSE_KEYS,
    METADATA,
    SUBJECT_KEYS,
)
from adapters.projector import state
from adapters.projector.inline import Inline
from adapters.projector.rebuild import Rebuild
from adapters.settings import Settings
from adapters.tenancy import Tenancy
from adapters.time import wall
from adapters.verify import Chain, Stored, verified
from domain.errors import Malformed, NotPermittedNow, PlaceUnusable, StorageUnavailable
from projections.catalogue import ALL
from projections.view import Lifecycle

L = TypeVar("L", bound=r.Line)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. keys: None where they were left alone."""

    log_id: UUID
    events: int
    keys: int | None
    attachments: int


def restore(
    source: Path,
    settings: Settings,
    *,
    with_keys: bool = True,
    progress: Progress = lambda what, done, total: None,
) -> Restored:
    """Bring a copy back where there is no log yet; checked, then every view built from it.

    with_keys: False leaves the key database alone that is there. The master key is in no copy:
    it must lie where the settings say.
    Raises NotPermittedNow where something is there already, DistrictInUse where somebody has it
    open, MasterKeyMissing, MasterKeyWrong; Malformed, with file and line,
    where a bit of the copy was altered; NotFound where a file is missing. Then nothing is left.
    """
    header = _header(source / r.LOG, r.LogHeader)
    if header.log_format != LOG_FORMAT:
        raise Malformed(r.LOG, f"the log's format is {header.log_format}, ours {LOG_FORMAT}")
    _header(source / r.DOOR, r.DoorHeader)
    if with_keys:
        _header(source / r.KEYS, r.KeysHeader)
    FileMasterKey(settings.master_key_path)
    try:
        make(settings.data_dir)
    except OSError as error:
        raise PlaceUnusable(settings.data_dir, error) from error
    with closing(Tenancy(settings, alone=True)):
        return _brought(source, settings, header, with_keys, progress)


def _brought(
    source: Path, settings: Settings, header: r.LogHeader, with_keys: bool, progress: Progress
) -> Restored:
    target = _Target(settings)
    try:
        target.require_empty(with_keys)
        try:
            events = target.log(source / r.LOG, header, progress)
            attachments = target.attachments(source, progress)
            keys = target.keys(source / r.KEYS, progress) if with_keys else None
            target.door(source / r.DOOR, progress)
            target.views(progress)
            target.open(header)
        except BaseException:
            target.clear(with_keys)
            target.remove()
            raise
    except OSError as error:
        raise PlaceUnusable(settings.data_dir, error) from error
    finally:
        target.close()
    return Restored(header.log_id, events, keys, attachments)


class _Target:
    """The place that a copy is brought to."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._database = Database(settings.log_url)
        self._following = Database(settings.following_url)
        self._keys = Database(key_database(settings.key_url))
        self._door = Database(settings.entrance_url)
        self._inline = Inline(INLINE, sqlite=self._database.is_sqlite)
        self._log = EventLog(self._database, now=wall, inline=self._inline)
        self._folder = settings.data_dir / r.FOLDER
        databases = (self._database, self._following, self._keys, self._door)
        self._new = [one.path for one in databases if one.path and not one.path.exists()]
        self._new_folder = not self._folder.exists()

    def require_empty(self, with_keys: bool) -> None:
        """Refuse to touch what is there. Raises NotPermittedNow."""
        tables = self._log.tables
        places = [(self._database, table) for table in (tables.log, tables.events)]
        # Sessions too: a copy brings none, and none may come alive by it.
        places += [(self._door, table) for table in DOOR.sorted_tables]
        if with_keys:
            places += [(self._keys, table) for table in METADATA.sorted_tables]
        for database, table in places:
            if _holds(database, table):
                because = f"{database.name} holds {table.name} already; name an empty place"
                raise NotPermittedNow("restore", because)
        if self._folder.is_dir() and any(self._folder.iterdir()):
            raise NotPermittedNow("restore", f"{self._folder} holds files already")

    def log(self, path: Path, header: r.LogHeader, progress: Progress) -> int:
        """Events, commands and claims, all or none; read back and checked before they stay."""
        tables = self._log.tables
        chain = Chain(header.log_id)
        with self._database.creating() as connection:
            tables.metadata.create_all(connection)
            lines = (line for _, line in islice(r.read(path), 1, None))
            while page := list(islice(lines, PAGE)):
                self._insert(connection, page, chain)
                progress("log", chain.position, header.events)
            if chain.position != header.events:
                because = f"{chain.position} of {header.events} events; take another copy"
                raise Malformed(r.LOG, because)
            verdict = verified(
                connection,
                tables,
                header.log_id,
                chain.position,
                lambda checked, head: progress("check", checked, head),
            )
            if verdict.fault is not None:
                because = f"position {verdict.fault.position}: {verdict.fault.detail}"
                raise StorageUnavailable(f"the database gives back something else: {because}")
        return chain.position

    def _insert(self, connection: sa.Connection, page: list[r.Line], chain: Chain) -> None:
        tables, rows = self._log.tables, Rows()
        for line in page:
            match line:
                case r.EventLine():
                    found = chain.fault(_event(line))
                    if found is not None:
                        raise Malformed(
                            f"{r.LOG}: position {found.position}",
                            f"{found.wrong}: {found.detail}; take another copy",
                        )
                    rows.add(tables.events, line, {"stream_id": self._id(line.stream_id)})
                case r.CommandLine():
                    rows.add(tables.commands, line, {"command_id": self._id(line.command_id)})
                case r.ClaimLine():
                    rows.add(tables.claims, line, {"stream_id": self._id(line.stream_id)})
                case r.TrackingLine():
                    rows.add(tables.tracking, line)
                case _:
                    raise Malformed(r.LOG, f"holds a {type(line).__name__}; take another copy")
        rows.insert(connection)

    def _id(self, value: UUID) -> UUID | bytes:
        return value.bytes if self._database.is_sqlite else value

    def attachments(self, source: Path, progress: Progress) -> int:
        """The sealed files, each against its hash."""
        _header(source / r.ATTACHMENTS, r.AttachmentsHeader)
        lines = list(islice(r.read(source / r.ATTACHMENTS), 1, None))
        for done, (number, line) in enumerate(lines, 1):
            place = f"{r.ATTACHMENTS}:{number}"
            if not isinstance(line, r.AttachmentLine) or ".." in Path(line.path).parts:
                raise Malformed(place, "no attachment; take another copy")
            file = source / r.FOLDER / line.path
            if not file.is_file():
                raise Malformed(place, f"{line.path} is missing; take another copy")
            content = file.read_bytes()
            if hashlib.sha256(content).digest() != line.sha256:
                raise Malformed(place, f"{line.path} was altered; take another copy")
            put(self._folder / line.path, content)
            progress("attachments", done, len(lines))
        for folder in {path.parent for path in self._folder.rglob("*")}:
            sync(folder)
        return len(lines)

    def keys(self, path: Path, progress: Progress) -> int:
        """The keys, and that the master key opens them."""
        _header(path, r.KeysHeader)
        with self._keys.creating() as connection:
            METADATA.create_all(connection)
            count = brought(connection, path, _KEYS, "keys", progress)[r.SubjectKeyLine]
        store = KeyStore(self._settings.key_url, FileMasterKey(self._settings.master_key_path))
        try:
            store.check()
        finally:
            store.close()
        return count

    def door(self, path: Path, progress: Progress) -> None:
        """Credentials and journal. Whoever was in is out, and whoever was invited is not."""
        with self._door.creating() as connection:
            create_door(connection)
            brought(connection, path, _DOOR, "door", progress)
            if not self._door.is_sqlite:
                connection.execute(sa.text(_GO_ON))

    def views(self, progress: Progress) -> None:
        """Build every view from the log."""
        history = History(self._log, Codec())
        with self._following.creating() as connection:
            state.metadata.create_all(connection)
        for view in ALL:
            inline = view.lifecycle is Lifecycle.INLINE
            database = self._database if inline else self._following
            Rebuild(view, self._log, history, database).run(partial(progress, view.name))

    def open(self, header: r.LogHeader) -> None:
        """Make a log of the tables: from now on it can be opened."""
        kind: Kind = "production" if header.kind == "production" else "demonstration"
        log = self._log.tables.log
        with self._database.writing() as connection:
            connection.execute(
                sa.insert(log).values(
                    one=1,
                    log_id=self._id(header.log_id),
                    format=LOG_FORMAT,
                    kind=kind,
                    anchor=header.anchor,
                    created_at=header.created_at,
                )
            )
        self._log.create(kind, header.anchor)

    def clear(self, with_keys: bool) -> None:
        """Leave nothing behind of a restore that failed."""
        tables = (self._log.tables.metadata, self._inline.tables, state.metadata)
        places = [(self._database, metadata) for metadata in tables]
        places += [(self._following, state.metadata), (self._door, DOOR)]
        if with_keys:
            places.append((self._keys, METADATA))
        for database, metadata in places:
            with database.creating() as connection:
                metadata.drop_all(connection)
        for file in sorted(self._folder.rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()

    def remove(self) -> None:
        """Leave no file behind either that was not there before."""
        self.close()
        for path in self._new:
            for suffix in ("", "-wal", "-shm", ".lock"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        if self._new_folder and self._folder.exists():
            self._folder.rmdir()

    def close(self) -> None:
        """Close every connection."""
        self._log.close()
        self._following.close()
        self._keys.close()
        self._door.close()


_KEYS: Kinds = {
    r.HouseKeyLine: (HOUSE_KEYS, {}),
    r.DestructionsLine: (DESTRUCTIONS, {"one": 1}),
    r.SubjectKeyLine: (SUBJECT_KEYS, {}),
    r.LinkLine: (DOCUMENT_LINKS, {}),
}
_DOOR: Kinds = {
    r.CredentialLine: (CREDENTIALS, {}),
    r.JournalLine: (JOURNAL, {}),
    r.PreferenceLine: (PREFERENCES, {}),
}

# Rows came with their numbers: the next one goes on after them.
_GO_ON = (
    "SELECT setval(pg_get_serial_sequence('journal', 'id'), "
    "(SELECT coalesce(max(id), 0) + 1 FROM journal), false)"
)


def _header(path: Path, kind: type[L]) -> L:
    lines: Iterator[tuple[int, r.Line]] = r.read(path)
    _, first = next(lines, (0, None))
    if not isinstance(first, kind):
        raise Malformed(f"{path.name}:1", "not the head of such a file; name a copy of ours")
    if getattr(first, "format", r.FORMAT) not in r.READABLE:
        raise Malformed(f"{path.name}:1", "made in another format; restore it with that version")
    return first


def _event(line: r.EventLine) -> Stored:
    return Stored(
        line.position,
        line.stream_id,
        line.version,
        line.topic,
        line.state,
        line.metadata,
        line.recorded_at,
        line.leaf_hash,
    )


def _holds(database: Database, table: sa.Table) -> bool:
    # To look into a file that is not there would make it.
    if database.path is not None and not database.path.exists():
        return False
    with database.reading() as connection:
        if not sa.inspect(connection).has_table(table.name):
            return False
        return connection.execute(sa.select(sa.literal(1)).select_from(table)).first() is not None
