"""Clocks of a missing calendar year are told anew once it is imported, affair by affair."""

import threading
import time
from collections.abc import Callable
from functools import partial

import structlog

from adapters.house import House
from adapters.ids import derived
from adapters.worker.walk import walk
from domain.actor import SYSTEM
from domain.affair.commands import Recount
from domain.errors import Refusal
from projections.due import DueRow

AGAIN_SECONDS = 60.0
"""How soon it looks again without a new year: for a clock that another process started before it
knew of the year, and for what was refused."""

_log = structlog.get_logger(__name__)


class Recounter:
    """Looks through the due table for clocks that wait for a year. What was told is not told
    again: the decision finds nothing to do, and a command that is made twice has one id.
    """

    def __init__(self, house: House, *, tick: Callable[[], float] = time.monotonic) -> None:
        self._house, self._tick = house, tick
        self._years: frozenset[int] | None = None
        self._next = 0.0

    def step(self, stop: threading.Event | None = None) -> int:
        """Recount where a year has come, or where some time has passed; how many affairs."""
        years = frozenset(self._house.reference.calendar.tables)
        if years == self._years and self._tick() < self._next:
            return 0
        recounted = self.recount(stop)
        self._years, self._next = years, self._tick() + AGAIN_SECONDS
        return recounted

    def recount(self, stop: threading.Event | None = None) -> int:
        """Look through all that wait for a year that is known; how many affairs were moved."""
        knows = self._house.reference.calendar.knows
        recounted, missing = 0, ""
        while missing := self._house.queries.missing_after(missing):
            if not any(knows(int(year)) for year in missing.split("+")):
                continue
            waiting = partial(self._waiting, missing)
            recounted += walk(waiting, self._tell, _failed, stop=stop)
        return recounted

    def _waiting(self, missing: str, last: DueRow | None, limit: int) -> list[DueRow]:
        return self._house.queries.waiting(missing, limit, after=last)

    def _tell(self, row: DueRow) -> bool:
        knows = self._house.reference.calendar.knows
        years = [year for year in row.missing.split("+") if knows(int(year))]
        command = Recount(
            command_id=derived(
                "recount",
                row.affair_id,
                row.clock,
                row.started_at.isoformat(),
                row.due_at.isoformat(),
                row.missing,
                *years,
            ),
            by=SYSTEM,
            # The same whenever it is made, or it would be another request under one id.
            occurred_at=row.started_at,
            affair_id=row.affair_id,
        )
        receipt = self._house.desk.run(command)
        return receipt.first > 0 and not receipt.repeated


# It is tried again: one affair that cannot be told anew does not stop the others.
def _failed(row: DueRow, error: Exception) -> None:
    affair = str(row.affair_id)
    if isinstance(error, Refusal):
        _log.warning("recount refused", affair=affair, refusal=error.code)
    else:
        _log.error("recount failed", affair=affair, clock=row.clock, exc_info=error)
