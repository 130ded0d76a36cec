"""The journal of the door: who came and went, and what was refused. Never what was typed."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.door.place import MINUTE, Place
from adapters.door.tables import JOURNAL, KEPT_DAYS
from adapters.event_store.instants import from_micros, to_micros

SECOND = 1_000_000
MOST = 1000
"""Kinds of what happens often that are kept apart; beyond, some counts are lost."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What happened within a minute, and how often. account: empty where it is not known."""

    id: int
    minute: datetime
    account: str
    what: str
    why: str
    times: int


class DoorJournal:
    """The journal of one door."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._often: dict[tuple[str, str, str], tuple[int, int]] = {}
        self._lock = threading.Lock()

    def note_often(self, what: str, why: str, account: str = "") -> None:
        """Write down what anybody can make happen as often as they like.

        At most once a second: what comes in between is counted with the next one.
        """
        now, key = self._place.now(), (what, why, account)
        with self._lock:
            since, waiting = self._often.get(key, (now - SECOND, 0))
            due = now - since >= SECOND
            self._often[key] = (now, 0) if due else (since, waiting + 1)
            if len(self._often) > MOST:
                self._often.clear()
        if due:
            self.note(what, why, account, waiting + 1)

    def note(self, what: str, why: str = "", account: str = "", times: int = 1) -> None:
        """Write down that something happened; the same in one minute is counted in one row."""
        row = {
            "minute": self._place.now() // MINUTE,
            "account": account,
            "what": what,
            "why": why,
            "times": times,
        }
        same = [JOURNAL.c.minute, JOURNAL.c.account, JOURNAL.c.what, JOURNAL.c.why]
        with self._place.writing() as connection:
            insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            connection.execute(
                insert(JOURNAL)
                .values(row)
                .on_conflict_do_update(index_elements=same, set_={"times": JOURNAL.c.times + times})
            )

    def read(
        self,
        *,
        account: str = "",
        what: str = "",
        start: datetime | None = None,
        end: datetime | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> Sequence[Seen]:
        """Rows, the latest first; empty asks nothing. start, end: from the one until before the
        other. before: the last id of the page before."""
        query = sa.select(JOURNAL).order_by(JOURNAL.c.id.desc()).limit(limit)
        if account:
            query = query.where(JOURNAL.c.account == account)
        if what:
            query = query.where(JOURNAL.c.what == what)
        if start is not None:
            query = query.where(JOURNAL.c.minute >= to_micros(start) // MINUTE)
        if end is not None:
            query = query.where(JOURNAL.c.minute < to_micros(end) // MINUTE)
        if before is not None:
            query = query.where(JOURNAL.c.id < before)
        with self._place.reading() as connection:
            rows = connection.execute(query).all()
        return [
            Seen(
                row.id, from_micros(row.minute * MINUTE), row.account, row.what, row.why, row.times
            )
            for row in rows
        ]

    def prune(self, older_than: timedelta) -> int:
        """Delete rows older than that; tells how many. Never those of the last six months."""
        kept = max(older_than, timedelta(days=KEPT_DAYS, minutes=1))
        oldest = (self._place.now() - kept // timedelta(microseconds=1)) // MINUTE
        with self._place.writing() as connection:
            return connection.execute(sa.delete(JOURNAL).where(JOURNAL.c.minute < oldest)).rowcount
