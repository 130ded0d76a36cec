"""The one composition root: builds everything of one district and hands it in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from adapters import folders, ids
from adapters.affairs import AffairApplication
from adapters.attachments import Attachments
from adapters.codec import Codec
from adapters.door import Breached, Door, Porter, provider
from adapters.event_store import Database, EventLog, Kind, LogInfo
from adapters.event_store.filelock import FileLock, LockTimeout
from adapters.history import History
from adapters.intake import NumberedLog, Numbers, Receipts
from adapters.keys import FileMasterKey, KeyStore, holds_keys
from adapters.people import People
from adapters.projector import state
from adapters.projector.follower import Follower
from adapters.projector.inline import Inline, begin
from adapters.projector.parking import Parking
from adapters.projector.rebuild import Progress, Rebuild
from adapters.queries import Queries
from adapters.reference import Reference
from adapters.sealing import request_hash, sealed
from adapters.settings import Settings
from adapters.tenancy import Tenancy
from adapters.time import Anchored, wall
from domain.errors import (
    MasterKeyMissing,
    NotFound,
    PlaceUnusable,
    StorageUnavailable,
    Unreadable,
    ViewOutdated,
)
from projections.catalogue import ALL
from projections.satisfaction import affair_facts
from projections.view import Lifecycle, View
from projections.visits import visit_facts
from workflows.desk import Desk
from workflows.handlers import HANDLERS

INLINE = tuple(view for view in ALL if view.lifecycle is Lifecycle.INLINE)
FOLLOWING = tuple(view for view in ALL if view.lifecycle is Lifecycle.FOLLOWING)

MAKING_SECONDS = 30.0
"""How long one waits for another that makes a district in the same folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A district that is open: its log, keys, views and the desk."""

    settings: Settings
    now: Callable[[], datetime]
    log: EventLog
    codec: Codec
    keys: KeyStore
    attachments: Attachments
    history: History
    affairs: AffairApplication
    unread: Parking
    reference: Reference
    follower: Follower
    queries: Queries
    people: People
    door: Door
    porter: Porter
    desk: Desk
    new_id: Callable[[], UUID]
    tenancy: Tenancy

    @property
    def info(self) -> LogInfo:
        """What the log is."""
        return self.log.describe()

    def reveal(self, value: Any, stream_id: UUID) -> str:
        """A personal value opened at the edge, or the words for an erased one."""
        if value is None:
            return ""
        opened = self.keys.open(value, log_id=self.info.log_id, stream_id=stream_id)
        return opened if isinstance(opened, str) else opened.value

    def rebuild(self, name: str, progress: Progress = lambda done, total: None) -> int:
        """Build a view anew beside the live one, then switch. Raises NotFound."""
        view = view_named(name)
        inline = view.lifecycle is Lifecycle.INLINE
        database = self.log.database if inline else self.follower.database
        return Rebuild(view, self.log, self.history, database).run(progress)

    def outdated(self) -> list[ViewOutdated]:
        """The views whose tables are of another version than this program."""
        found = []
        for database, views in (
            (self.log.database, INLINE),
            (self.follower.database, self.follower.views),
        ):
            with database.reading() as connection:
                found += state.outdated(connection, views)
        return found

    def parked(self) -> list[state.Parked]:
        """The streams with which something cannot go on: a view, a reaction, a timer, a reader."""
        found = [*self._kept_aside(), *self.reference.parked()]
        return sorted(found, key=lambda one: (one.position, one.view))

    def _kept_aside(self) -> Iterator[state.Parked]:
        databases = {one.name: one for one in (self.log.database, self.follower.database)}
        for database in databases.values():
            with database.reading() as connection:
                yield from state.parked_of(connection, sqlite=database.is_sqlite)

    def tried_again(self) -> None:
        """Read once more the affairs that could not be read; what still cannot stays parked."""
        known = self.unread.streams()
        self.unread.release(known)
        for affair_id in known:
            self.affairs.forget(affair_id)
            with suppress(Unreadable):
                self.affairs.get(affair_id)

    def stale(self) -> frozenset[UUID]:
        """The streams of which a view, or the sweeper, cannot read all there is."""
        found = self._kept_aside()
        return frozenset(one.stream_id for one in found if one.view != state.REACTIONS)

    def uncounted(self) -> int:
        """How many streams are parked for the views that count: the figures lack them."""
        counted = {affair_facts.name, visit_facts.name}
        parked = self.follower.parked()
        return len({one.stream_id for one in parked if one.view in counted})

    def close(self) -> None:
        """Close every connection, whatever becomes of one of them."""
        with ExitStack() as stack:
            stack.callback(self.tenancy.close)
            stack.callback(self.keys.close)
            stack.callback(self.door.close)
            stack.callback(self.follower.database.close)
            stack.callback(self.log.close)
            stack.callback(self.affairs.close)


def view_named(name: str) -> View[Any]:
    """The view of that name. Raises NotFound."""
    for view in ALL:
        if view.name == name:
            return view
    raise NotFound("view", name)


def create(
    settings: Settings,
    *,
    anchor: datetime | None = None,
    now: Callable[[], datetime] | None = None,
) -> House:
    """Make a district where there is none: keys, log, tables. The same twice does no harm.

    anchor: makes it a demonstration, whose clock ticks on from there.
    Raises Malformed where there is one of another kind, MasterKeyMissing where only its master
    key is gone: another would open nothing. Of several processes at once, one makes
    it and the others find it made; StorageUnavailable where one is at it for too long,
    DistrictInUse where one is bringing a copy back there.
    """
    # Sealed or not: what lies here is for this account alone.
    try:
        folders.make(settings.data_dir)
    except OSError as error:
        raise PlaceUnusable(settings.data_dir, error) from error
    with _alone(settings.data_dir):
        if not settings.master_key_path.exists() and _is_there(settings):
            raise MasterKeyMissing(settings.master_key_path)
        FileMasterKey.ensured(settings.master_key_path)
        kind: Kind = "production" if anchor is None else "demonstration"
        started = now or (Anchored(anchor) if anchor else wall)
        with (
            closing(_log(settings, started)) as log,
            closing(Tenancy(settings)),
        ):
            log.create(kind, anchor.isoformat() if anchor else None)
        return open_house(settings, now=now)


def open_house(
    settings: Settings, *, now: Callable[[], datetime] | None = None, outdated: bool = False
) -> House:
    """Open a district that is there. Raises NotFound where it was never made, MasterKeyMissing,
    MasterKeyWrong.

    outdated: also where a view's table is of another version than this program, for whoever
        will rebuild it or reads no view. Otherwise raises ViewOutdated.
    Raises DistrictInUse where another process is making its files anew. While the house is
    open, nobody does.
    """
    with _look(settings) as log:
        log.describe()
    tenancy = Tenancy(settings)
    try:
        if now is None:
            with _look(settings) as log:
                now = _clock(log)
        house = _build(settings, now, tenancy)
    except BaseException:
        tenancy.close()
        raise
    try:
        house.log.describe()
        house.log.protect()
        house.keys.check()
        begin(house.log, INLINE)
        house.follower.create()
        for refusal in () if outdated else house.outdated():
            raise refusal
        house.reference.refresh()
    except BaseException:
        house.close()
        raise
    return house


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Held by one process at a time that makes a district in the folder."""
    lock = FileLock(data_dir / "init.lock")
    try:
        lock.acquire(MAKING_SECONDS)
    except LockTimeout as error:
        because = f"another process has been making a district in {data_dir} for too long"
        raise StorageUnavailable(because) from error
    except OSError as error:
        raise PlaceUnusable(data_dir, error) from error
    try:
        yield
    finally:
        lock.release()
        lock.close()


def _is_there(settings: Settings) -> bool:
    """Whether a master key was made here once: for data keys, or a log whose values they seal."""
    with _look(settings) as log:
        try:
            log.describe()
        except NotFound:
            return holds_keys(settings.key_url)
    return True


# A demonstration goes on where it was left: its clock never falls behind its log.
def _clock(log: EventLog) -> Callable[[], datetime]:
    info = log.describe()
    if info.anchor is None:
        return wall
    start = datetime.fromisoformat(info.anchor)
    last = log.read(max(0, log.head() - 1), 1)
    return Anchored(max(start, last[-1].recorded_at) if last else start)


# Without views, whose tables take long to build: nothing is appended.
def _look(settings: Settings) -> closing[EventLog]:
    return closing(EventLog(settings.log_url, now=wall))


def _log(settings: Settings, now: Callable[[], datetime]) -> EventLog:
    database = Database(settings.log_url)
    inline = Inline(INLINE, sqlite=database.is_sqlite)
    return EventLog(database, now=now, inline=inline, committed=inline.committed)


def _build(settings: Settings, now: Callable[[], datetime], tenancy: Tenancy) -> House:
    breached = Breached(settings.breached_passwords) if settings.breached_passwords else ()
    codec = Codec()
    log = _log(settings, now)
    keys = KeyStore(settings.key_url, FileMasterKey(settings.master_key_path), now=now)
    following = Database(settings.following_url)
    unread = Parking(state.AFFAIRS, log, following)
    history = History(log, codec, unread=unread.met)
    affairs = AffairApplication(log, codec, unread=unread.met)
    reference = Reference(log, history)
    attachments = Attachments(settings.data_dir / "attachments", keys)
    follower = Follower(log, history, following, FOLLOWING)
    people = People(
        log.database,
        lambda value, stream: keys.open(value, log_id=log.describe().log_id, stream_id=stream),
    )
    numbers = Numbers(log)
    desk = Desk(
        log=NumberedLog(log, numbers),
        affairs=affairs,
        reference=reference,
        people=people,
        now=now,
        answered=Receipts(log),
        history=history.stream,
        seal=numbers.sealing(lambda *of: sealed(keys, log.describe().log_id, *of)),
        encode=codec.encode,
        strange=attachments.strange,
        is_picture=attachments.is_picture,
        request_hash=lambda command: request_hash(keys, command),
        next_number=numbers,
        handlers=HANDLERS,
    )
    door, new_id = Door(settings.entrance_url, keys, breached=breached), ids.Uuid7(now)
    porter = Porter(
        door,
        people,
        run=desk.run,
        new_id=new_id,
        now=now,
        two_factors=log.describe().kind == "production",
    )
    porter.provider = provider(settings, keys)
    return House(
        settings=settings,
        now=now,
        log=log,
        codec=codec,
        keys=keys,
        attachments=attachments,
        history=history,
        affairs=affairs,
        unread=unread,
        reference=reference,
        follower=follower,
        queries=Queries(log.database, follower.database),
        people=people,
        door=door,
        porter=porter,
        desk=desk,
        new_id=new_id,
        tenancy=tenancy,
    )
