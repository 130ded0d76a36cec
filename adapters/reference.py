"""Lines, calendars and units, folded from the log and kept level with it."""

import threading
from typing import Any
from uuid import UUID

import structlog

from adapters.event_store import EventLog, StoredRow
from adapters.history import History
from adapters.projector.parking import parked, reason
from adapters.projector.state import REFERENCE, Parked
from domain.errors import Unreadable
from domain.line import CalendarImported, LineDrafted, LinePublished
from domain.organisation import (
    AreaAssigned,
    OrganisationUnit,
    UnitClosed,
    UnitRegistered,
    UnitRenamed,
    evolve,
)
from domain.topics import TOPIC_OF
from workflows.calendar import WorkingCalendar
from workflows.organisation import Organisation
from workflows.publication import Drafted, Drafts, Lines

KINDS = (
    LineDrafted,
    LinePublished,
    CalendarImported,
    UnitRegistered,
    UnitRenamed,
    AreaAssigned,
    UnitClosed,
)
TOPICS = tuple(TOPIC_OF[kind] for kind in KINDS)
BATCH = 2000
REST_SECONDS = 0.2

_log = structlog.get_logger(__name__)


class Reference:
    """What every decision needs and rarely changes. Replaced as a whole, never changed."""

    def __init__(self, log: EventLog, history: History) -> None:
        self._log, self._history = log, history
        self._lock = threading.Lock()
        self._position = 0
        self._published: list[LinePublished] = []
        self._drafted: dict[UUID, Drafted] = {}
        self._imported: list[CalendarImported] = []
        self._units: dict[str, OrganisationUnit] = {}
        self._unread: dict[UUID, Unreadable] = {}
        self.lines = Lines([])
        self.drafts = Drafts((), self.lines)
        self.calendar = WorkingCalendar.of([])
        self.organisation = Organisation({})

    def refresh(self) -> int:
        """Read what was recorded since; the position it is level with."""
        with self._lock:
            head = self._log.head()
            changed = False
            while self._position < head:
                rows = self._log.select(self._position, BATCH, up_to=head, topics=TOPICS)
                for row in rows:
                    self._read(row)
                    self._position, changed = row.position, True
                if len(rows) < BATCH:
                    self._position = head
            if changed:
                # A draft that cannot be read stands in nobody's way.
                binding = {
                    stream: unread
                    for stream, unread in self._unread.items()
                    if unread.topic != TOPIC_OF[LineDrafted]
                }
                self.lines = Lines(self._published, binding)
                self.drafts = Drafts(self._drafted.values(), self.lines)
                self.calendar = WorkingCalendar.of(self._imported)
                self.organisation = Organisation(dict(self._units))
            return head

    def parked(self) -> list[Parked]:
        """What cannot be read, by stream: it is left out, and all else goes on."""
        return [
            parked(REFERENCE, row, reason(unread))
            for unread in {**self._unread, **self.lines.unread()}.values()
            for row in self._log.read_stream(unread.stream_id, unread.version - 1, unread.version)
        ]

    # What cannot be read is left out and told. The district is not closed for it.
    def _read(self, row: StoredRow) -> None:
        try:
            self._take(row, self._history.recorded(row, metadata=False).event)
        except (Unreadable, AssertionError) as error:
            because = str(error) or "the events before it are missing"
            if isinstance(error, Unreadable):
                because = error.because
            self._unread.setdefault(
                row.stream_id, Unreadable(row.topic, row.stream_id, row.version, because)
            )
            _log.error("not known", topic=row.topic, position=row.position, because=because)

    def _take(self, row: StoredRow, event: Any) -> None:
        match event:
            case LineDrafted():
                self._drafted.pop(row.stream_id, None)
                self._drafted[row.stream_id] = Drafted(event, row.version)
            case LinePublished():
                self._published.append(event)
            case CalendarImported():
                self._imported.append(event)
            case _:
                self._units[event.code] = evolve(self._units.get(event.code), event)

    def follow(self, stop: threading.Event) -> None:
        """Stay level until told to stop: other processes publish too."""
        while not stop.is_set():
            try:
                if self._log.wait_for(self._position + 1, timeout=1.0, stop=stop):
                    self.refresh()
                    # Rarely anything for us: not to be woken by every commit of a busy hour.
                    stop.wait(REST_SECONDS)
            except Exception as error:  # noqa: BLE001 - told, and tried again
                _log.warning("not level with the log", error=type(error).__name__)
                stop.wait(1.0)
