"""Promotion from the queue 递补: a place that became free is kept for the first who waits."""

from typing import Any
from uuid import UUID

import structlog

from adapters.house import House
from adapters.ids import derived
from adapters.offerings import Offerings
from domain.actor import SYSTEM
from domain.affair.commands import Command, RecordEntry, TakeStep
from domain.errors import Refusal
from domain.offering import Offering
from workflows.booking import offering_of

_log = structlog.get_logger(__name__)


class Promoter:
    """Keeps each place that became free for the first who waits; ends the waiting for what was
    cancelled. What is refused is tried again at the next beat: the list tells it anew.
    """

    def __init__(self, house: House) -> None:
        self._house, self._offerings = house, Offerings(house.log.database)

    def step(self) -> int:
        """Do what there is to do; how much was done."""
        made = 0
        for row in self._offerings.waiting(self._house.now()):
            while (command := self._next(row.offering_id)) is not None:
                try:
                    self._house.desk.run(command)
                except Refusal as refusal:
                    _log.warning("not promoted", offering=str(row.offering_id), code=refusal.code)
                    break
                made += 1
        return made

    def _next(self, offering_id: UUID) -> Command | None:
        offering, version = offering_of(self._house.desk, offering_id)
        affair_id = _first(offering)
        if affair_id is None:
            return None
        affair, _ = self._house.affairs.get(affair_id)
        now = self._house.now()
        places = self._house.desk.procedure(affair, now).places
        if places is None or places.offer is None or places.lapse is None:
            return None
        told: dict[str, Any] = {
            "command_id": derived("promote", offering_id, version),
            "by": SYSTEM,
            "occurred_at": now,
            "affair_id": affair_id,
        }
        if offering.cancelled:
            return TakeStep(**told, step=places.lapse)
        return RecordEntry(**told, entry=places.offer)


def _first(offering: Offering) -> UUID | None:
    if offering.cancelled:
        return next(iter(offering.waiting), None)
    return offering.next
