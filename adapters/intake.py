"""What the desk asks of the database around storing: free numbers, earlier answers."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from adapters.event_store import EventLog
from adapters.event_store.instants import from_micros
from domain.affair.events import Registered
from domain.errors import CommandReused
from domain.log import Append, Receipt
from projections.numbers import numbers
from workflows.desk import NUMBER

Seal = Callable[[list[Any], UUID, int], list[Any]]

IN_FLIGHT_SECONDS = 2.0
"""How long a number that was handed out is kept from others before it is on the log."""


class Numbers:
    """The next free number of a line in a year. Whoever loses the race for one takes the next."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._given: dict[str, tuple[int, float]] = {}
        self._back: dict[str, set[int]] = {}
        self._lock = threading.Lock()

    def __call__(self, line: str, year: int) -> str:
        """A number such as `CG-2011-0001`: the lowest that was given back, else the next."""
        series = f"{line}-{year}"
        with self._lock:
            floor, since = self._given.get(series, (0, 0.0))
            if time.monotonic() - since > IN_FLIGHT_SECONDS:
                floor = 0
            number = self._returned(series) or max(floor, self._last(series)) + 1
            self._given[series] = (max(floor, number), time.monotonic())
        return _written(series, number)

    def give_back(self, numbers: Iterable[str]) -> None:
        """They were not stored, as far as is known: they are given out again."""
        with self._lock:
            for number in numbers:
                series, _, running = number.rpartition("-")
                self._back.setdefault(series, set()).add(int(running))

    @contextmanager
    def keeping(self, numbers: Sequence[str]) -> Iterator[None]:
        """Give them back where it fails to store them. Even where that is not known: a number
        that is held is not given out twice."""
        try:
            yield
        except BaseException:
            self.give_back(numbers)
            raise

    def sealing(self, seal: Seal) -> Seal:
        """The same seal; where it fails, the numbers of the events are given back."""

        def kept(events: list[Any], stream_id: UUID, first_version: int) -> list[Any]:
            with self.keeping([one.number for one in events if isinstance(one, Registered)]):
                return seal(events, stream_id, first_version)

        return kept

    # What is held was stored after all, or another process was faster.
    def _returned(self, series: str) -> int:
        back = self._back.get(series, set())
        while back:
            number = min(back)
            back.discard(number)
            if not self._held(_written(series, number)):
                return number
        return 0

    def _held(self, number: str) -> bool:
        claims = self._log.tables.claims
        with self._log.database.reading() as connection:
            held = sa.select(claims.c.name).where(claims.c.name == NUMBER + number)
            return connection.execute(held).first() is not None

    def _last(self, series: str) -> int:
        table = sa.table(numbers.name, sa.column("series"), sa.column("last"))
        with self._log.database.reading() as connection:
            found = connection.execute(
                sa.select(table.c.last).where(table.c.series == series)
            ).scalar()
        return int(found or 0)


def _written(series: str, number: int) -> str:
    return f"{series}-{number:04d}"


class NumberedLog:
    """The log as commands are stored in it: a number that is not stored is given back."""

    def __init__(self, log: EventLog, numbers: Numbers) -> None:
        self._log, self._numbers = log, numbers

    def append(self, append: Append) -> Receipt:
        """As the log does."""
        with self._numbers.keeping(_claimed(append)):
            receipt = self._log.append(append)
        self._settle(append, receipt)
        return receipt

    async def append_async(self, append: Append) -> Receipt:
        """As the log does."""
        with self._numbers.keeping(_claimed(append)):
            receipt = await self._log.append_async(append)
        self._settle(append, receipt)
        return receipt

    def append_many(self, appends: Sequence[Append]) -> Sequence[Receipt | Exception]:
        """As the log does."""
        with self._numbers.keeping([number for append in appends for number in _claimed(append)]):
            outcomes = self._log.append_many(appends)
        for append, outcome in zip(appends, outcomes, strict=True):
            self._settle(append, outcome)
        return outcomes

    # What was stored before has the number that it was given then.
    def _settle(self, append: Append, outcome: Receipt | Exception) -> None:
        if isinstance(outcome, Exception) or outcome.repeated:
            self._numbers.give_back(_claimed(append))


def _claimed(append: Append) -> list[str]:
    names = (claim.name for claim in append.claims)
    return [name.removeprefix(NUMBER) for name in names if name.startswith(NUMBER)]


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
