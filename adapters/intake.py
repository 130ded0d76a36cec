"""What the desk asks of the database before it stores: free numbers, earlier answers."""

import threading
import time
from uuid import UUID

import msgspec
import sqlalchemy as sa

from adapters.event_store import EventLog
from adapters.event_store.instants import from_micros
from domain.errors import CommandReused
from domain.log import Receipt
from projections.numbers import numbers

IN_FLIGHT_SECONDS = 2.0
"""How long a number that was handed out is kept from others before it is on the log."""


class Numbers:
    """The next free number of a line in a year. Whoever loses the race for one takes the next."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._given: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def __call__(self, line: str, year: int) -> str:
        """A number such as `CG-2011-0001`."""
        series = f"{line}-{year}"
        with self._lock:
            floor, since = self._given.get(series, (0, 0.0))
            if time.monotonic() - since > IN_FLIGHT_SECONDS:
                floor = 0
            number = max(floor, self._last(series)) + 1
            self._given[series] = (number, time.monotonic())
        return f"{series}-{number:04d}"

    def _last(self, series: str) -> int:
        table = sa.table(numbers.name, sa.column("series"), sa.column("last"))
        with self._log.database.reading() as connection:
            found = connection.execute(
                sa.select(table.c.last).where(table.c.series == series)
            ).scalar()
        return int(found or 0)


class Receipts:
    """The answers that commands were given."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def __call__(self, actor: str, command_id: UUID, request_hash: str) -> Receipt | None:
        """The first answer, marked as repeated. Raises CommandReused for another request."""
        table = self._log.tables.commands
        key = command_id.bytes if self._log.database.is_sqlite else command_id
        with self._log.database.reading() as connection:
            row = connection.execute(
                sa.select(table).where(table.c.actor == actor, table.c.command_id == key)
            ).first()
        if row is None:
            return None
        if row.request_hash != request_hash:
            raise CommandReused(command_id)
        return Receipt(
            command_id=command_id,
            first=row.first,
            last=row.last,
            versions=msgspec.json.decode(row.versions, type=dict[UUID, int]),
            recorded_at=from_micros(row.recorded_at),
            repeated=True,
        )
