"""Who there is, and what they may be today: read from the views, one small statement each.

Days are those of the house's clock. A change of rights is in the views with its event, so it
holds from the next question on, in every process.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from adapters.event_store import Database
from adapters.people_statements import statements
from adapters.projector.columns import personal_from_text
from adapters.projector.statements import Asked, fetched
from domain.account.state import NIL, Credential, Grant, stream_of
from domain.actor import Actor, Role
from domain.errors import Unreadable
from domain.personal import Erased, Personal
from projections.accounts import AccountRow
from projections.grants import GrantRow

Open = Callable[[Personal, UUID], str | Erased]

PAGE, LOOKED = 50, 1_000
"""Accounts of one page, and so many that one search looks through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an account stands.

    version: of its stream, for commands that name one. closed: nobody comes in with it.
    sessions_end: the position of the last event that ended its sessions, 0 for none: one that
        began at or before it is over. credentials: the means of coming in that count.
    """

    account: str
    version: int
    closed: bool
    sessions_end: int
    credentials: tuple[Credential, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Whose session it is. name: that is shown to others. grant: what it is worth that day, None
    where it is over."""

    standing: Standing
    name: str
    grant: Grant | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An account as those see it who keep the accounts. grants: all it ever had, in order.
    held: those that nobody has taken back, of days past and to come too."""

    standing: Standing
    name: str
    grants: tuple[GrantRow, ...]
    in_force: frozenset[UUID]
    held: frozenset[UUID]

    @property
    def account(self) -> str:
        """Its code."""
        return self.standing.account

    @property
    def closed(self) -> bool:
        """Nobody comes in with it."""
        return self.standing.closed

    @property
    def credentials(self) -> tuple[Credential, ...]:
        """The means of coming in that count."""
        return self.standing.credentials


class Listed(NamedTuple):
    """An account as a list has it. closed: nobody comes in with it."""

    account: str
    name: str
    closed: bool


class People:
    """The accounts of one district and their grants. Raises StorageUnavailable."""

    def __init__(self, database: Database, open_: Open) -> None:
        """open_: opens a personal value of a stream."""
        self._database, self._open = database, open_
        self._sql = statements(sqlite=database.is_sqlite)

    def standing(self, account: str) -> Standing | None:
        """How the account stands; None where there is none of that code."""
        row = self._row(account)
        return None if row is None else _standing(row)

    def bearer(self, account: str, grant: UUID, on: date) -> Bearer | None:
        """The account and its grant of that id, in one read: for each request.

        None where there is no such account. The grant is None where it is not the account's,
        is withdrawn, out of its days, the account is closed, or, for a deputy, where the
        principal's own grant is any of these.
        """
        found = self._fetch(self._sql.bearer, account_id=stream_of(account), grant=grant, on=on)
        if not found:
            return None
        (columns,) = found
        row, held = self._sql.account(columns), columns[self._sql.width :]
        worth = self._sql.held(held) if held[0] is not None else None
        return Bearer(standing=_standing(row), name=self._name(row), grant=worth)

    def grants(self, account: str, on: date) -> tuple[Grant, ...]:
        """What the account is on that day, in the order in which it was granted; none where it
        is closed or not there."""
        return self._held(self._sql.of_account, account_id=stream_of(account), on=on)

    def grant(self, grant: UUID, on: date) -> Grant | None:
        """The grant of that id where it is in force on that day."""
        return next(iter(self._held(self._sql.one, grant=grant, on=on)), None)

    def who_holds(self, role: Role, unit: str, on: date) -> tuple[Grant, ...]:
        """The grants of a role for exactly that unit that are in force on that day, those of
        deputies too."""
        return self._held(self._sql.holders, role=role.value, unit=unit, on=on)

    def at(self, unit: str, on: date) -> tuple[Grant, ...]:
        """The grants for exactly that unit that are in force on that day."""
        return tuple(self.at_each((unit,), on)[unit])

    def at_each(self, units: Sequence[str], on: date) -> dict[str, list[Grant]]:
        """The grants for each of these units that are in force on that day, in one read."""
        found: dict[str, list[Grant]] = {unit: [] for unit in units}
        asked = {f"unit_{at}": unit for at, unit in enumerate(found)}
        for grant in self._held(self._sql.at_each(len(found)), on=on, **asked) if found else ():
            found[grant.unit].append(grant)
        return found

    def counted(self, on: date) -> dict[str, int]:
        """How many accounts hold a role of that day, by the unit that it is for."""
        return {unit: int(number) for unit, number in self._fetch(self._sql.counted, on=on)}

    def posts(self, account: str, on: date) -> tuple[Actor, ...]:
        """The same grants, each as who acts under it."""
        return tuple(grant.actor for grant in self.grants(account, on))

    def name_of(self, account: str) -> str:
        """The name that is shown: the account's code where it is not known, and the words for an
        erased one."""
        return self.names_of((account,))[account]

    def names_of(self, accounts: Iterable[str]) -> dict[str, str]:
        """The names of several, in one read."""
        asked = list(dict.fromkeys(accounts))
        values = {f"account_{at}": stream_of(account) for at, account in enumerate(asked)}
        found = dict(self._fetch(self._sql.names(len(asked)), **values) if asked else ())
        return {
            one: self._opened(one, personal_from_text(found[one])) if one in found else one
            for one in asked
        }

    def knows(self, account: str) -> bool:
        """Whether there is an account of that code, closed or not."""
        return self._row(account) is not None

    def known(self, account: str, on: date) -> Known | None:
        """All that there is about the account; None where there is none of that code."""
        row = self._row(account)
        if row is None:
            return None
        found = self._fetch(self._sql.ever, account_id=row.account_id)
        ever: tuple[GrantRow, ...] = tuple(self._sql.granted(columns) for columns in found)
        return Known(
            standing=_standing(row),
            name=self._name(row),
            grants=ever,
            in_force=frozenset(grant.grant for grant in self.grants(account, on)),
            held=frozenset(
                one.grant
                for one in ever
                if not one.withdrawn and not row.closed and one.granted_at > row.closed_at
            ),
        )

    def kinds(self, on: date) -> dict[str, int]:
        """How many accounts of each kind there are on that day. Who is both staff and resident is
        counted as either; idle: without a role."""
        ((staff, residents, some, every),) = self._fetch(self._sql.kinds, on=on)
        return {"staff": staff, "residents": residents, "idle": every - some, "all": every}

    def listed(
        self, kind: str, on: date, *, text: str = "", after: str = ""
    ) -> tuple[list[Listed], str]:
        """Accounts of a kind whose code or name holds the text, in the order of their codes, and
        the code to go on after; empty where that was all.

        Names are sealed, so each is opened to be looked through: no more of them at once than
        LOOKED, and there may be less on a page than there is.
        """
        most = LOOKED if text else PAGE
        rows = self._fetch(self._sql.listed(kind), on=on, after=after, most=most + 1)
        found: list[Listed] = []
        for account, name, closed in rows[:most]:
            one = Listed(account, self._opened(account, personal_from_text(name)), bool(closed))
            if text.casefold() in account or text.casefold() in one.name.casefold():
                found.append(one)
            if len(found) == PAGE:
                return found, account if account != rows[-1][0] else ""
        return found, rows[most - 1][0] if len(rows) > most else ""

    def grants_of_each(self, accounts: Sequence[str], on: date) -> dict[str, list[Grant]]:
        """What each of these accounts is on that day, in one read."""
        found: dict[str, list[Grant]] = {account: [] for account in accounts}
        asked = {f"account_{at}": stream_of(account) for at, account in enumerate(found)}
        for grant in self._held(self._sql.of_each(len(found)), on=on, **asked) if found else ():
            found[grant.account].append(grant)
        return found

    def everybody(self) -> tuple[str, ...]:
        """The codes of all accounts, the closed ones too."""
        return tuple(account for (account,) in self._fetch(self._sql.everybody))

    def _row(self, account: str) -> AccountRow | None:
        found = self._fetch(self._sql.by_id, account_id=stream_of(account))
        return self._sql.account(found[0]) if found else None

    def _held(self, statement: Asked, **values: Any) -> tuple[Grant, ...]:
        return tuple(self._sql.held(columns) for columns in self._fetch(statement, **values))

    def _name(self, row: AccountRow) -> str:
        return self._opened(row.account, row.name)

    def _opened(self, account: str, name: Personal) -> str:
        try:
            opened = self._open(name, stream_of(account))
        except Unreadable:
            return account
        return opened.value if isinstance(opened, Erased) else opened

    def _fetch(self, statement: Asked, **values: Any) -> list[Any]:
        values |= {"nil": NIL, "resident": Role.RES.value}
        stored = [self._stored(values[name]) for name in statement.order]
        with self._database.reading() as connection:
            return fetched(connection, statement.text, stored)

    def _stored(self, value: Any) -> Any:
        match value:
            case UUID():
                return value.bytes if self._database.is_sqlite else value
            case date():
                return value.isoformat()
            case _:
                return value


def _standing(row: AccountRow) -> Standing:
    return Standing(
        account=row.account,
        version=row.version,
        closed=row.closed,
        sessions_end=row.sessions_end,
        credentials=row.credentials,
    )
