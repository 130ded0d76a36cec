"""Fires what is due: warnings and timers, each an ordinary command with a derived id."""

import threading
from collections.abc import Iterator
from datetime import datetime

import structlog

from adapters.house import House
from adapters.ids import derived
from domain.actor import SYSTEM
from domain.affair.commands import Expire
from domain.errors import Refusal
from projections.due import DueRow

PAGE = 500

_log = structlog.get_logger(__name__)


class Sweeper:
    """Sweeps the due table in order of time. What was fired once is not fired again."""

    def __init__(self, house: House) -> None:
        self._house = house

    def sweep(self, stop: threading.Event | None = None) -> int:
        """Fire all that is due by now, also what its firing makes due; how much was fired."""
        fired = 0
        now = self._house.now()
        while again := sum(self._fire(row) for row in self._rows(now) if not _told(stop)):
            fired += again
        return fired

    def _rows(self, now: datetime) -> Iterator[DueRow]:
        last: DueRow | None = None
        while rows := self._house.queries.due(now, PAGE, after=last):
            yield from rows
            last = rows[-1]

    def _fire(self, row: DueRow) -> int:
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
        except Refusal as refusal:
            # One affair that cannot be moved does not stop the others; it is tried again.
            _log.warning("timer refused", affair=str(row.affair_id), refusal=refusal.code)
            return 0
        return int(receipt.first > 0 and not receipt.repeated)


def _told(stop: threading.Event | None) -> bool:
    return stop is not None and stop.is_set()
