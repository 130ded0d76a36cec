"""The log: an event store on SQLite or PostgreSQL, and a persistence module of `eventsourcing`."""

from adapters.event_store.batch import Outcome
from adapters.event_store.commit import InlineViews
from adapters.event_store.engine import Database
from adapters.event_store.factory import LogFactory
from adapters.event_store.log import EventLog, Kind, LogInfo
from adapters.event_store.reading import StoredRow

__all__ = [
    "Database",
    "EventLog",
    "InlineViews",
    "Kind",
    "LogFactory",
    "LogInfo",
    "Outcome",
    "StoredRow",
]
