"""Fires what is due: warnings and timers, each an ordinary command with a derived id.

What is refused is tried again, each time after a longer while. The clocks of an affair that is
refused too often, or that cannot be read, are parked, told once, and left alone until somebody
has them tried again.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog

from adapters.house import House
from adapters.ids import derived
from adapters.projector import state
from adapters.projector.parking import Parking, reason
from adapters.worker.walk import walk
from domain.actor import SYSTEM
from domain.affair.commands import Expire
from domain.errors import Refusal, Unreadable
from projections.due import DueRow

REFUSALS = 10
"""How often a firing is refused before the clocks of its affair are parked."""

FIRST_SECONDS = 1.0
"""How soon it is tried again after the first time; then after twice as long each time, so that
it is parked after some eight minutes."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Refused:
    times: int
    until: float


class Sweeper:
    """Sweeps the due table in order of time. What was fired once is not fired again."""

    def __init__(self, house: House, *, tick: Callable[[], float] = time.monotonic) -> None:
        self._house, self._tick = house, tick
        self._parking = Parking(state.TIMERS, house.log, house.follower.database)
        self._parked: set[UUID] = set()
        self._refused: dict[UUID, _Refused] = {}

    def sweep(self, stop: threading.Event | None = None) -> int:
        """Fire all that is due by now, also what its firing makes due; how much was fired."""
        began = self._tick()
        self._parked = self._parking.streams()
        fired = self._sweep(self._act, self._failed, stop)
        # What was not refused again has been fired, or is due no more.
        self._refused = {key: one for key, one in self._refused.items() if one.until > began}
        return fired

    def again(self) -> None:
        """Sweep the clocks that were parked once more; where that is refused, they stay."""
        known = self._parking.streams()
        self._parking.release(known)
        self._house.reference.refresh()
        self._parked = set()
        for affair_id in known:
            self._house.affairs.forget(affair_id)
            try:
                self._house.history.stream(affair_id)
            except Unreadable as refusal:
                self._park(affair_id, reason(refusal), refusal)

        def act(row: DueRow) -> bool:
            return row.affair_id in known - self._parked and self._fire(_firing(row))

        self._sweep(act, self._give_up)

    def _sweep(
        self,
        act: Callable[[DueRow], bool],
        failed: Callable[[DueRow, Exception], None],
        stop: threading.Event | None = None,
    ) -> int:
        fired, due = 0, partial(self._due, self._house.now())
        while again := walk(due, act, failed, anew=_anew, stop=stop):
            fired += again
        return fired

    def _due(self, now: datetime, last: DueRow | None, limit: int) -> list[DueRow]:
        return self._house.queries.due(now, limit, after=last)

    def _act(self, row: DueRow) -> bool:
        if row.affair_id in self._parked:
            return False
        command = _firing(row)
        refused = self._refused.get(command.command_id)
        return (refused is None or self._tick() >= refused.until) and self._fire(command)

    def _fire(self, command: Expire) -> bool:
        receipt = self._house.desk.run(command)
        return receipt.first > 0 and not receipt.repeated

    # One affair that cannot be moved does not stop the others.
    def _failed(self, row: DueRow, error: Exception) -> None:
        key, affair = _firing(row).command_id, str(row.affair_id)
        before = self._refused.get(key)
        times = before.times + 1 if before else 1
        if isinstance(error, Refusal):
            _log.warning("timer refused", affair=affair, refusal=error.code, times=times)
        else:
            _log.error("timer failed", affair=affair, clock=row.clock, times=times, exc_info=error)
        if isinstance(error, Unreadable) or times >= REFUSALS:
            _log.error("timers parked", affair=affair, clock=row.clock)
            self._give_up(row, error)
        else:
            until = self._tick() + FIRST_SECONDS * 2 ** (times - 1)
            self._refused[key] = _Refused(times, until)

    def _give_up(self, row: DueRow, error: Exception) -> None:
        self._park(row.affair_id, f"{row.clock}: {reason(error)}", error)

    def _park(self, affair_id: UUID, because: str, error: Exception) -> None:
        self._parked.add(affair_id)
        self._parking.park(affair_id, because, error)


# What that makes due may come before the rest of the page; what a timer moves may have been
# due before it, as while an affair was suspended.
def _anew(row: DueRow) -> DueRow | None:
    return None if row.kind == "timer" else row


def _firing(row: DueRow) -> Expire:
    colour = row.next_colour
    return Expire(
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
