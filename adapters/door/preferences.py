"""What an account has chosen for its pages, and the filters it keeps: they follow it to whichever
machine it comes in from. Codes, and names of filters; nothing about anybody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.door.place import Place
from adapters.door.tables import PREFERENCES
from adapters.projector.statements import asked
from domain.errors import Malformed, NotFound

CHOICE, FILTER = "choice", "filter"
MOST_FILTERS = 12

_c = PREFERENCES.c
_KEPT = (
    sa.select(_c.name, _c.value)
    .where(_c.account == sa.bindparam("of"), _c.kind == sa.bindparam("as"))
    .order_by(_c.kept_at, _c.name)
)


@dataclass(frozen=True, slots=True)
class Filter:
    """A list under a name. address: of its page, with what is asked for."""

    name: str
    address: str


class Preferences:
    """The preferences of one district's accounts."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def chosen(self, account: str) -> Mapping[str, str]:
        """What the account has chosen, by name: language, theme, shortcuts; nothing of what it
        has not."""
        return dict(self._rows(account, CHOICE))

    def choose(self, account: str, values: Mapping[str, str]) -> None:
        """Keep what the account chooses; what is not named stays as it is."""
        with self._place.writing() as connection:
            for name, value in values.items():
                self._put(connection, account, CHOICE, name, value)

    def filters(self, account: str) -> Sequence[Filter]:
        """The filters that the account keeps, in the order in which they were first kept."""
        return [Filter(name, address) for name, address in self._rows(account, FILTER)]

    def keep(self, account: str, name: str, address: str) -> None:
        """Keep a filter; one of that name then leads there. Raises Malformed where there are
        as many as there may be."""
        with self._place.writing() as connection:
            held = self._names(connection, account)
            if name not in held and len(held) >= MOST_FILTERS:
                raise Malformed("name", f"{MOST_FILTERS} are kept already; delete one first")
            self._put(connection, account, FILTER, name, address)

    def rename(self, account: str, name: str, to: str) -> None:
        """Call a filter otherwise. Raises NotFound, and Malformed where another is called so."""
        with self._place.writing() as connection:
            held = self._names(connection, account)
            if name not in held:
                raise NotFound("filter", name)
            if to != name and to in held:
                raise Malformed("name", "another filter is called so")
            connection.execute(
                sa.update(PREFERENCES).where(*_one(account, FILTER, name)).values(name=to)
            )

    def drop(self, account: str, name: str) -> None:
        """Forget a filter; one that is not there is forgotten already."""
        with self._place.writing() as connection:
            connection.execute(sa.delete(PREFERENCES).where(*_one(account, FILTER, name)))

    def _rows(self, account: str, kind: str) -> Sequence[tuple[str, str]]:
        query = asked(_KEPT, sqlite=self._place.database.is_sqlite)
        with self._place.reading() as connection:
            found = query.rows(connection, {"of": account, "as": kind})
        return [(name, value) for name, value in found]

    # One at a time of an account: two windows that keep at once do not keep too many.
    def _names(self, connection: sa.Connection, account: str) -> set[str]:
        if connection.dialect.name != "sqlite":
            key = sa.func.hashtext(f"tenlines/preferences/{account}")
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
        query = sa.select(_c.name).where(_c.account == account, _c.kind == FILTER)
        return set(connection.execute(query).scalars())

    def _put(
        self, connection: sa.Connection, account: str, kind: str, name: str, value: str
    ) -> None:
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        row = {"account": account, "kind": kind, "name": name, "value": value}
        connection.execute(
            insert(PREFERENCES)
            .values(**row, kept_at=self._place.now())
            .on_conflict_do_update(
                index_elements=[_c.account, _c.kind, _c.name], set_={"value": value}
            )
        )


def _one(account: str, kind: str, name: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _c.account == account, _c.kind == kind, _c.name == name
