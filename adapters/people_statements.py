"""What is asked of accounts and grants, compiled once for each kind of database."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa

from adapters.projector.columns import columns_of, reader
from adapters.projector.statements import Asked, asked
from adapters.projector.table import REMEMBERED, live
from domain.account.state import Grant, granted
from projections.accounts import AccountRow, accounts
from projections.grants import GrantRow, grants


class Statements:
    """What is asked, compiled once. A grant is worth something where it is in force, and for a
    deputy where the principal's is too."""

    def __init__(self, *, sqlite: bool) -> None:
        self._sqlite = sqlite
        live_accounts = live(accounts, sqlite=sqlite).table
        account = live_accounts.alias("a")
        grant = live(grants, sqlite=sqlite).table.alias("g")
        self.width = len(account.c)
        first = _first(self.width, reader(AccountRow, columns_of(AccountRow, sqlite=sqlite)))
        # Read at every request, and rarely changed.
        self.account = lru_cache(maxsize=REMEMBERED)(first)
        self.held = lru_cache(maxsize=REMEMBERED)(self._held)
        self.granted = reader(GrantRow, columns_of(GrantRow, sqlite=sqlite))
        id_ = account.c.account_id == _value("account_id", account.c.account_id)
        which = grant.c.grant == _value("grant", grant.c.grant)
        whose = grant.c.account_id == account.c.account_id
        worth = _worth(grant, account)
        held = (
            sa.select(*grant.c)
            .join_from(grant, account, whose)
            .where(worth)
            .order_by(grant.c.granted_at)
        )
        self.by_id = self._compiled(sa.select(*account.c).where(id_))
        self._account, self._grant, self._in_force = account, grant, held
        self.everybody = self._compiled(sa.select(account.c.account).order_by(account.c.account))
        self._resident = grant.c.role == _value("resident", grant.c.role)
        self._some: sa.Select[Any] = (
            sa.select(sa.literal_column("1")).where(whose, worth).correlate(account)
        )
        self.bearer = self._compiled(
            sa.select(*account.c, *grant.c)
            .join_from(account, grant, sa.and_(whose, which, worth), isouter=True)
            .where(id_)
        )
        self.of_account = self._compiled(held.where(id_))
        self.counted = self._compiled(
            sa.select(grant.c.unit, _different(grant))
            .join_from(grant, account, whose)
            .where(worth)
            .group_by(grant.c.unit)
        )
        self.kinds = self._compiled(
            sa.select(
                _different(grant).filter(~self._resident),
                _different(grant).filter(self._resident),
                _different(grant),
                sa.select(sa.func.count()).select_from(live_accounts.alias()).scalar_subquery(),
            )
            .join_from(grant, account, whose)
            .where(worth)
        )
        self.one = self._compiled(held.where(which))
        self.holders = self._compiled(
            held.where(
                grant.c.role == _value("role", grant.c.role),
                grant.c.unit == _value("unit", grant.c.unit),
            )
        )
        self.ever = self._compiled(
            sa.select(*grant.c)
            .where(grant.c.account_id == _value("account_id", grant.c.account_id))
            .order_by(grant.c.granted_at)
        )

    @cache  # noqa: B019 (there is one for each kind of database)
    def names(self, count: int) -> Asked:
        """The names of so many accounts."""
        c = self._account.c
        wanted = _any_of("account", c.account_id, count)
        return self._compiled(sa.select(c.account, c.name).where(wanted))

    @cache  # noqa: B019 (there is one for each kind of database)
    def at_each(self, count: int) -> Asked:
        """The grants in force for so many units."""
        return self._compiled(self._in_force.where(_any_of("unit", self._grant.c.unit, count)))

    @cache  # noqa: B019 (there is one for each kind of database)
    def of_each(self, count: int) -> Asked:
        """The grants in force of so many accounts."""
        wanted = _any_of("account", self._grant.c.account_id, count)
        return self._compiled(self._in_force.where(wanted))

    @cache  # noqa: B019 (there is one for each kind of database)
    def listed(self, kind: str) -> Asked:
        """Code, name and closed of so many accounts of a kind, `most`, after one of them."""
        c = self._account.c
        which = {
            "staff": sa.exists(self._some.where(~self._resident)),
            "residents": sa.exists(self._some.where(self._resident)),
            "idle": ~sa.exists(self._some),
            "all": sa.true(),
        }[kind]
        return self._compiled(
            sa.select(c.account, c.name, c.closed)
            .where(which, c.account > _value("after", c.account))
            .order_by(c.account)
            .limit(sa.bindparam("most", type_=sa.Integer()))
            # SQLAlchemy would have SQLite be given this as one value more.
            .offset(sa.literal_column("0"))
        )

    def _held(self, columns: Any) -> Grant:
        return granted(self.granted(columns))

    def _compiled(self, statement: sa.Select[Any]) -> Asked:
        return asked(statement, sqlite=self._sqlite)


@cache
def statements(*, sqlite: bool) -> Statements:
    """Those for a kind of database: one of each is enough."""
    return Statements(sqlite=sqlite)


def _worth(grant: Any, account: Any) -> sa.ColumnElement[bool]:
    theirs, them = grant.element.alias("p"), account.element.alias("b")
    original: sa.Select[Any] = (
        sa.select(sa.literal_column("1"))
        .join_from(theirs, them, theirs.c.account_id == them.c.account_id)
        .where(theirs.c.grant == grant.c.of, _in_force(theirs, them))
    )
    nobodys = grant.c.of == _value("nil", grant.c.of)
    return sa.and_(_in_force(grant, account), sa.or_(nobodys, sa.exists(original)))


def _in_force(grant: Any, account: Any) -> sa.ColumnElement[bool]:
    on = _value("on", grant.c.valid_from)
    return sa.and_(
        sa.not_(grant.c.withdrawn),
        sa.not_(account.c.closed),
        grant.c.granted_at > account.c.closed_at,
        grant.c.valid_from <= on,
        sa.or_(grant.c.valid_until.is_(None), grant.c.valid_until >= on),
    )


def _different(grant: Any) -> sa.Function[int]:
    return sa.func.count(grant.c.account_id.distinct())


def _value(name: str, column: Any) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=column.type)


def _any_of(name: str, column: Any, count: int) -> sa.ColumnElement[bool]:
    return sa.or_(*(column == _value(f"{name}_{at}", column) for at in range(count)))


def _first(width: int, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda columns: read(columns[:width])
