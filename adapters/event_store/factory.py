"""The persistence module of `eventsourcing`: PERSISTENCE_MODULE=adapters.event_store."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TypeVar

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    ProcessRecorder,
)
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool

from adapters.event_store.log import EventLog
from adapters.event_store.recorders import (
    LogAggregateRecorder,
    LogApplicationRecorder,
    LogProcessRecorder,
    LogTrackingRecorder,
)
from domain.errors import NotFound

_PREFIX = re.compile(r"([a-z][a-z0-9_]{0,30})?")
_Recorder = TypeVar("_Recorder", LogApplicationRecorder, LogTrackingRecorder, LogProcessRecorder)


def _now() -> datetime:
    return datetime.now(UTC)


class LogFactory(InfrastructureFactory[LogTrackingRecorder]):
    """Recorders on the log named by the environment.

    DATABASE_URL: sqlite:///file or postgresql://…?schema=name.
    TABLE_PREFIX: sets apart the tables of several applications in one place; empty for the
        district's own log.
    CREATE_TABLE: whether tables are created that are not there; yes unless said otherwise.
    """

    DATABASE_URL = "DATABASE_URL"
    TABLE_PREFIX = "TABLE_PREFIX"
    CREATE_TABLE = "CREATE_TABLE"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        url = self.env.get(self.DATABASE_URL)
        if not url:
            keys = " or ".join(self.env.create_keys(self.DATABASE_URL))
            raise OSError(f"the environment names no database: set {keys}")
        self._prefix = self.env.get(self.TABLE_PREFIX, "")
        if not _PREFIX.fullmatch(self._prefix):
            raise OSError(f"{self.TABLE_PREFIX} is not a plain name: {self._prefix!r}")
        self.log = EventLog(url, now=_now, prefix=self._prefix)

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """A recorder without positions, in a table of its own; for snapshots."""
        recorder = LogAggregateRecorder(self.log.database, f"{self._prefix}stored_{purpose}")
        if self._creates():
            recorder.create_table()
        return recorder

    def application_recorder(self) -> ApplicationRecorder:
        """A recorder on the log."""
        recorder = self._class(self.APPLICATION_RECORDER_TOPIC, LogApplicationRecorder)(self.log)
        if self._creates():
            self._create_log()
        return recorder

    def tracking_recorder(
        self, tracking_recorder_class: type[LogTrackingRecorder] | None = None
    ) -> LogTrackingRecorder:
        """A recorder of positions, of the class given or named by the environment."""
        found = tracking_recorder_class or self._class(
            self.TRACKING_RECORDER_TOPIC, LogTrackingRecorder
        )
        recorder = found(self.log)
        if self._creates():
            recorder.create_table()
        return recorder

    def process_recorder(self) -> ProcessRecorder:
        """A recorder of positions, together with events of the log."""
        recorder = self._class(self.PROCESS_RECORDER_TOPIC, LogProcessRecorder)(self.log)
        if self._creates():
            self._create_log()
            recorder.create_table()
        return recorder

    def close(self) -> None:
        """Finish what is queued and close the connections."""
        self.log.close()

    def _create_log(self) -> None:
        try:
            self.log.describe()
        except NotFound:
            self.log.create()

    def _class(self, key: str, default: type[_Recorder]) -> type[_Recorder]:
        topic = self.env.get(key)
        if not topic:
            return default
        found = resolve_topic(topic)
        if not (isinstance(found, type) and issubclass(found, default)):
            raise OSError(f"{key} names {topic}, which is no {default.__name__}")
        return found

    def _creates(self) -> bool:
        return strtobool(self.env.get(self.CREATE_TABLE) or "yes")
