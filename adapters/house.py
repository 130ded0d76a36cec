"""The one composition root: builds everything of one district and hands it in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from adapters import ids
from adapters.affairs import AffairApplication
from adapters.attachments import Attachments
from adapters.codec import Codec
from adapters.event_store import Database, EventLog, LogInfo
from adapters.history import History
from adapters.intake import Numbers, Receipts
from adapters.keys import FileMasterKey, KeyStore
from adapters.projector.follower import Follower
from adapters.projector.inline import Inline
from adapters.projector.rebuild import Progress, Rebuild
from adapters.queries import Queries
from adapters.reference import Reference
from adapters.settings import Settings
from adapters.time import Anchored, wall
from domain.affair.commands import Command
from domain.affair.events import Registered
from domain.errors import Malformed, NotFound
from projections.catalogue import ALL
from projections.view import Lifecycle, View
from workflows.desk import Desk
from workflows.handlers import HANDLERS

INLINE = tuple(view for view in ALL if view.lifecycle is Lifecycle.INLINE)
FOLLOWING = tuple(view for view in ALL if view.lifecycle is Lifecycle.FOLLOWING)


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
    reference: Reference
    follower: Follower
    queries: Queries
    desk: Desk
    new_id: Callable[[], UUID]

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

    def close(self) -> None:
        """Close every connection."""
        self.affairs.close()
        self.log.close()
        self.follower.database.close()
        self.keys.close()


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
    """
    # Sealed or not: what lies here is for this account alone.
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not settings.master_key_path.exists():
        FileMasterKey.create(settings.master_key_path)
    house = _build(settings, now or (Anchored(anchor) if anchor else wall))
    if anchor is None:
        house.log.create("production")
    else:
        house.log.create("demonstration", anchor.isoformat())
    house.follower.create()
    house.reference.refresh()
    return house


def open_house(settings: Settings, *, now: Callable[[], datetime] | None = None) -> House:
    """Open a district that is there. Raises NotFound where it was never made."""
    if not settings.master_key_path.exists():
        raise NotFound("master key", settings.master_key_path)
    house = _build(settings, now or wall)
    info = house.log.describe()
    if now is None and info.anchor is not None:
        start = _ticked(house, datetime.fromisoformat(info.anchor))
        house.close()
        house = _build(settings, Anchored(start))
    house.follower.create()
    house.reference.refresh()
    return house


# A demonstration goes on where it was left: its clock never falls behind its log.
def _ticked(house: House, anchor: datetime) -> datetime:
    last = house.log.read(max(0, house.log.head() - 1), 1)
    return max(anchor, last[-1].recorded_at) if last else anchor


def _build(settings: Settings, now: Callable[[], datetime]) -> House:
    codec = Codec()
    database = Database(settings.log_url)
    inline = Inline(INLINE, sqlite=database.is_sqlite)
    log = EventLog(database, now=now, inline=inline, committed=inline.committed)
    keys = KeyStore(settings.key_url, FileMasterKey(settings.master_key_path), now=now)
    history = History(log, codec)
    affairs = AffairApplication(log, codec)
    reference = Reference(log, history)
    attachments = Attachments(settings.data_dir / "attachments", keys)
    follower = Follower(log, history, Database(settings.following_url), FOLLOWING)
    desk = Desk(
        log=log,
        affairs=affairs,
        reference=reference,
        now=now,
        answered=Receipts(log),
        history=history.stream,
        seal=lambda events, stream_id, first: sealed(
            keys, log.describe().log_id, events, stream_id, first
        ),
        encode=codec.encode,
        strange=attachments.strange,
        request_hash=lambda command: request_hash(keys, command),
        next_number=Numbers(log),
        handlers=HANDLERS,
    )
    return House(
        settings=settings,
        now=now,
        log=log,
        codec=codec,
        keys=keys,
        attachments=attachments,
        history=history,
        affairs=affairs,
        reference=reference,
        follower=follower,
        queries=Queries(database, follower.database),
        desk=desk,
        new_id=ids.Uuid7(now),
    )


def sealed(
    keys: KeyStore, log_id: UUID, events: list[Any], stream_id: UUID, first_version: int
) -> list[Any]:
    """The events with their personal values sealed to their places in the stream.

    What is written on a resident's affair may name them: its key goes when theirs does.
    """
    for event in events:
        applicant = event.applicant if isinstance(event, Registered) else None
        if applicant is not None and applicant.subject != stream_id:
            keys.link(stream_id, {applicant.subject})
    return keys.seal(events, log_id=log_id, stream_id=stream_id, first_version=first_version)


def request_hash(keys: KeyStore, command: Command) -> str:
    """Keyed hash of what is asked, whatever its id: personal values cannot be guessed from it."""
    try:
        asked = msgspec.to_builtins(command)
        asked.pop("command_id")
        return keys.digest("request", msgspec.json.encode(asked, order="sorted")).hex()
    except UnicodeEncodeError as error:
        raise Malformed(type(command).__name__, "half of a surrogate pair") from error
