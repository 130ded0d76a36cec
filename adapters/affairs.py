"""States of affairs, through the library's Application and Repository, on our own log."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application, LRUCache, Repository
from eventsourcing.persistence import (
    ApplicationRecorder,
    EventStore,
    InfrastructureFactory,
    JSONTranscoder,
    Mapper,
    OperationalError,
    StoredEvent,
)
from eventsourcing.utils import Environment, EnvType

from adapters.codec import Codec
from adapters.event_store import EventLog
from adapters.event_store.recorders import LogApplicationRecorder
from domain.affair.evolve import evolve
from domain.affair.state import Affair
from domain.errors import NotFound, StorageUnavailable, Unreadable


@dataclass(frozen=True, slots=True)
class Placed:
    """An event of ours with the place that the library wants to know."""

    originator_id: UUID
    originator_version: int
    event: Any


@dataclass(frozen=True, slots=True)
class Loaded:
    """An affair and its version, as the library keeps an aggregate."""

    id: UUID
    version: int
    affair: Affair


def project(initial: Loaded | None, events: Iterable[Placed]) -> Loaded | None:
    """The library's `projector_func`: fold the events of one affair."""
    affair = initial.affair if initial else None
    placed = None
    for placed in events:
        affair = evolve(affair, placed.event)
    if placed is None or affair is None:
        return initial
    return Loaded(placed.originator_id, placed.originator_version, affair)


class EventMapper(Mapper[UUID]):
    """Our codec in the library's place for one."""

    def __init__(self, codec: Codec) -> None:
        super().__init__(transcoder=JSONTranscoder())
        self._codec = codec

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """An event with its place, encoded."""
        topic, state = self._codec.encode(domain_event.event)
        return StoredEvent(
            domain_event.originator_id, domain_event.originator_version, topic, state
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The event with its place. Raises Unreadable."""
        stream_id = cast(UUID, stored_event.originator_id)
        version = stored_event.originator_version
        event = self._codec.decode(
            stored_event.topic, stored_event.state, version=version, stream_id=stream_id
        )
        return Placed(stream_id, version, event)


class AffairApplication(Application[UUID]):
    """The library's application over a log that is open already.

    cached: how many states stay in memory. They are never fast-forwarded: the version check
    at append keeps them honest, and a conflict forgets them. unread: told of an affair that
    cannot be read, before whoever asked for it is.
    """

    name = "tenlines"

    def __init__(
        self,
        log: EventLog,
        codec: Codec,
        *,
        cached: int = 4096,
        unread: Callable[[Unreadable], None] = lambda refusal: None,
    ) -> None:
        self._event_log, self._codec, self._cached = log, codec, cached
        self._unread = unread
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Nothing is read from the process's environment: the log is given."""
        return Environment(name, {"PERSISTENCE_MODULE": "adapters.event_store"})

    def construct_factory(self, env: Environment) -> InfrastructureFactory:
        """A factory that hands out the log."""
        return cast(InfrastructureFactory, _Given(self._event_log))

    def construct_mapper(self) -> Mapper[UUID]:
        """Our codec."""
        return EventMapper(self._codec)

    def construct_event_store(self) -> EventStore[UUID]:
        """The library's store over our mapper and recorder."""
        return EventStore(self.mapper, self.recorder)

    def construct_repository(self) -> Repository[UUID]:
        """With a bounded cache of states, shared and never copied: they are immutable."""
        return Repository(
            event_store=self.events,
            cache_maxsize=self._cached,
            fastforward=False,
            deepcopy_from_cache=False,
        )

    def get(self, affair_id: UUID) -> tuple[Affair, int]:
        """The state and its version. Raises NotFound, Unreadable, StorageUnavailable."""
        try:
            loaded = self.repository.get(affair_id, projector_func=project)
        except AggregateNotFoundError:
            raise NotFound("affair", affair_id) from None
        except OperationalError as error:
            raise StorageUnavailable(str(error)) from error
        except Unreadable as refusal:
            self._unread(refusal)
            raise
        except AssertionError:
            # The stream is another kind of thing: no affair begins with it.
            raise NotFound("affair", affair_id) from None
        return loaded.affair, loaded.version

    def known(self, affair_id: UUID) -> int | None:
        """The version that is remembered, None where nothing is."""
        try:
            return self._cache.get(affair_id).version
        except KeyError:
            return None

    def keep(self, affair_id: UUID, affair: Affair, version: int) -> None:
        """Remember a state that was just stored."""
        self._cache.put(affair_id, Loaded(affair_id, version, affair))

    def forget(self, affair_id: UUID) -> None:
        """Drop what is remembered."""
        try:
            self._cache.get(affair_id, evict=True)
        except KeyError:
            return

    @property
    def _cache(self) -> LRUCache[UUID, Loaded]:
        return cast("LRUCache[UUID, Loaded]", self.repository.cache)


class _Given:
    """The part of the library's factory that an application over a given log needs."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def application_recorder(self) -> ApplicationRecorder:
        return LogApplicationRecorder(self._log)

    def is_snapshotting_enabled(self) -> bool:
        return False

    def close(self) -> None:
        """The log is closed by whoever opened it."""
