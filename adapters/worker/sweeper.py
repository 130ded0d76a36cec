"""Fires what is due: warnings and timers, each an ordinary command with a derived id."""

import threading
from datetime import datetime

import structlog

from adapters.event_store.faults import Fault, classify
from adapters.house import House
from adapters.ids import derived
from domain.actor import SYSTEM
from domain.affair.commands import Expire
from domain.errors import Refusal, StorageUnavailable
from projections.due import DueRow

PAGE = 50
"""Rows read at a time: after each firing they are read anew."""

_log = structlog.get_logger(__name__)


class Sweeper:
    """Sweeps the due table in order of time. What was fired once is not fired again."""

    def __init__(self, house: House) -> None:
        self._house = house

    def sweep(self, stop: threading.Event | None = None) -> int:
        """Fire all that is due by now, also what its firing makes due; how much was fired."""
        fired = 0
        now = self._house.now()
        while again := self._once_through(now, stop):
            fired += again
        return fired

    def _once_through(self, now: datetime, stop: threading.Event | None) -> int:
        fired, last = 0, None
        while rows := self._house.queries.due(now, PAGE, after=last):
            for row in rows:
                if _told(stop):
                    return fired
                last = row
                if self._fire(row):
                    fired += 1
                    # What that makes due may come before the rest of the page; what a timer
                    # moves may have been due before it, as while an affair was suspended.
                    last = None if row.kind == "timer" else row
                    break
        return fired

    def _fire(self, row: DueRow) -> bool:
        colour = row.next_colour
        command = Expire(
            command_id=derived(
                "expire",
                row.affair_id,
                row.clock,
                row.started_at.isoformat(),
                row.due_at.isoformat(),
                colour,
            ),
            by=SYSTEM,
            occurred_at=row.due_at,
            affair_id=row.affair_id,
            clock=row.clock,
            colour=colour,
            due_at=row.due_at,
        )
        try:
            receipt = self._house.desk.run(command)
        except StorageUnavailable:
            raise
        except Refusal as refusal:
            # One affair that cannot be moved does not stop the others; it is tried again.
            _log.warning("timer refused", affair=str(row.affair_id), refusal=refusal.code)
            return False
        except Exception as error:
            if classify(error) is not Fault.OTHER:
                raise
            _log.exception("timer failed", affair=str(row.affair_id), clock=row.clock)
            return False
        return receipt.first > 0 and not receipt.repeated


def _told(stop: threading.Event | None) -> bool:
    return stop is not None and stop.is_set()
