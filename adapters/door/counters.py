"""Tries that are counted before they are looked at, so that guesses at once are counted too."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.door.place import MINUTE, Place
from adapters.door.tables import COUNTERS
from adapters.keys import KeyStore

FORGOTTEN = 24 * 60 * MINUTE
"""After so long without a try, the count begins anew."""
LONGEST = 30 * MINUTE


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries are free before the next waits a minute, then two, then four, up to 30."""

    kind: str
    free: int


PASSWORD = Limit("password", 5)
FACTOR = Limit("factor", 5)
# A whole street office may sit behind one address.
ADDRESS = Limit("address", 40)


class Counters:
    """The counters of one door."""

    def __init__(self, place: Place, keys: KeyStore) -> None:
        self._place, self._keys = place, keys

    def try_(self, limit: Limit, name: str) -> int:
        """Count a try of that name. 0: it may be looked at; else microseconds to wait.

        A try that has to wait is not counted: it was not looked at.
        """
        now = self._place.now()
        row = {"name": self._name(limit, name), "failures": 1, "tried_at": now, "until": 0}
        failures = sa.case(
            (COUNTERS.c.tried_at < now - FORGOTTEN, 1), else_=COUNTERS.c.failures + 1
        )
        with self._place.writing() as connection:
            insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            counted = connection.execute(
                insert(COUNTERS)
                .values(row)
                .on_conflict_do_update(
                    index_elements=[COUNTERS.c.name],
                    set_={
                        "failures": failures,
                        "tried_at": now,
                        "until": _until(failures, limit, now),
                    },
                    where=COUNTERS.c.until <= now,
                )
                .returning(COUNTERS.c.failures)
            ).first()
            if counted is not None:
                return 0
            until = connection.execute(
                sa.select(COUNTERS.c.until).where(COUNTERS.c.name == row["name"])
            ).scalar_one()
        return max(1, int(until) - now)

    def succeeded(self, limit: Limit, name: str) -> None:
        """The try that was counted last was right: its count begins anew."""
        self._delete(COUNTERS.c.name == self._name(limit, name))

    def give_back(self, limit: Limit, name: str) -> None:
        """Take that try from the count and another one with it, and leave the rest.

        For a name that many share: their successes outweigh their slips, and whoever has an
        account of their own does not wipe out what they tried on others.
        """
        left = sa.case((COUNTERS.c.failures > 2, COUNTERS.c.failures - 2), else_=0)
        with self._place.writing() as connection:
            connection.execute(
                sa.update(COUNTERS)
                .where(COUNTERS.c.name == self._name(limit, name))
                .values(failures=left, until=0)
            )

    def sweep(self) -> None:
        """Delete counters that are forgotten."""
        self._delete(COUNTERS.c.tried_at < self._place.now() - FORGOTTEN)

    def _delete(self, which: sa.ColumnElement[bool]) -> None:
        with self._place.writing() as connection:
            connection.execute(sa.delete(COUNTERS).where(which))

    def _name(self, limit: Limit, name: str) -> str:
        return self._keys.token("door counter", f"{limit.kind}:{name}")


# The first of the doublings comes with the last free try; 2 to the fifth is beyond the longest.
def _until(failures: sa.ColumnElement[int], limit: Limit, now: int) -> sa.ColumnElement[int]:
    steps = [(failures == limit.free + n, now + min(MINUTE << n, LONGEST)) for n in range(5)]
    return sa.case((failures < limit.free, 0), *steps, else_=now + LONGEST)
