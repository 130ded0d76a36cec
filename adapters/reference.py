"""Lines, calendars and units, folded from the log and kept level with it."""

import threading
from typing import Any

import structlog

from adapters.event_store import EventLog, StoredRow
from adapters.history import History
from domain.errors import Unreadable
from domain.line import CalendarImported, LinePublished
from domain.organisation import AreaAssigned, OrganisationUnit, UnitRegistered, UnitRenamed, evolve
from domain.topics import TOPIC_OF
from workflows.calendar import WorkingCalendar
from workflows.organisation import Organisation
from workflows.publication import Lines

KINDS = (LinePublished, CalendarImported, UnitRegistered, UnitRenamed, AreaAssigned)
TOPICS = tuple(TOPIC_OF[kind] for kind in KINDS)
BATCH = 2000

_log = structlog.get_logger(__name__)


class Reference:
    """What every decision needs and rarely changes. Replaced as a whole, never changed."""

    def __init__(self, log: EventLog, history: History) -> None:
        self._log, self._history = log, history
        self._lock = threading.Lock()
        self._position = 0
        self._published: list[LinePublished] = []
        self._imported: list[CalendarImported] = []
        self._units: dict[str, OrganisationUnit] = {}
        self.lines = Lines([])
        self.calendar = WorkingCalendar.of([])
        self.organisation = Organisation({})

    def refresh(self) -> int:
        """Read what was recorded since; the position it is level with."""
        with self._lock:
            head = self._log.head()
            changed = False
            while rows := self._log.select(self._position, BATCH, up_to=head, topics=TOPICS):
                changed = True
                for row in rows:
                    self._read(row)
                    self._position = row.position
            self._position = head
            if changed:
                self.lines = Lines(self._published)
                self.calendar = WorkingCalendar.of(self._imported)
                self.organisation = Organisation(dict(self._units))
            return head

    # What cannot be read is left out and told; the audit trail shows its stream as parked. The
    # district is not closed for it.
    def _read(self, row: StoredRow) -> None:
        try:
            self._take(self._history.recorded(row, metadata=False).event)
        except (Unreadable, AssertionError) as error:
            _log.error("not known", topic=row.topic, position=row.position, because=str(error))

    def _take(self, event: Any) -> None:
        match event:
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
                if self._log.wait_for(self._position + 1, timeout=1.0):
                    self.refresh()
            except Exception as error:  # noqa: BLE001 - told, and tried again
                _log.warning("not level with the log", error=type(error).__name__)
                stop.wait(1.0)
