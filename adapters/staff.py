"""Whole staffs: accounts opened and given their first role, those that are there left alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import msgspec

from adapters.house import House
from domain.account.commands import GrantRole, OpenAccount
from domain.account.state import grant_id
from domain.actor import SYSTEM, Actor, Role
from domain.clock import local_day
from domain.errors import Malformed, PlaceUnusable


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An account to be opened, with its role. unit, lines: as in `domain.actor.Actor`."""

    account: str
    name: str
    role: Role
    unit: str = ""
    lines: tuple[str, ...] = ()


def hire(
    house: House, entries: Iterable[Entry], *, opener: Actor = SYSTEM, granter: Actor = SYSTEM
) -> dict[str, UUID]:
    """Open the accounts that are not there and grant each its role, from today on or from the day
    on which its unit is there. The new grants by account.

    Twice does no harm: an account that was ever granted anything keeps what it has.
    Raises Malformed for an account that stands twice, and the refusals of the commands.
    """
    wanted = list(entries)
    if len({one.account for one in wanted}) < len(wanted):
        raise Malformed("account", "one stands twice")
    today = local_day(house.now())
    given: dict[str, UUID] = {}
    for one in wanted:
        known = house.people.known(one.account, today)
        if known is None:
            _open(house, one, opener)
        if known is None or not (known.grants or known.standing.closed):
            given[one.account] = _grant(house, one, granter)
    return given


def _open(house: House, one: Entry, by: Actor) -> None:
    house.desk.run(
        OpenAccount(
            command_id=house.new_id(),
            by=by,
            occurred_at=house.now(),
            account=one.account,
            name=one.name,
        )
    )


def _grant(house: House, one: Entry, by: Actor) -> UUID:
    now = house.now()
    unit = house.reference.organisation.units.get(one.unit)
    command = GrantRole(
        command_id=house.new_id(),
        by=by,
        occurred_at=now,
        account=one.account,
        role=one.role,
        unit=one.unit,
        lines=one.lines,
        valid_from=max(local_day(now), unit.names[0][0]) if unit else local_day(now),
    )
    house.desk.run(command)
    return grant_id(one.account, by.account, command.command_id)


@dataclass(frozen=True, slots=True)
class Registered:
    """An account of a register of before: what it was, and the hash of its token."""

    entry: Entry
    token_sha256: str


class _Stored(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    account: str
    name: str
    role: Role
    unit: str
    lines: tuple[str, ...]
    token_sha256: str


class _Register(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    accounts: tuple[_Stored, ...]


def register(path: Path) -> list[Registered]:
    """What stands in an `accounts.json`, the register of before. Raises Malformed."""
    try:
        stored = msgspec.json.decode(path.read_bytes(), type=_Register).accounts
    except msgspec.DecodeError as error:
        raise Malformed(path.name, str(error)) from error
    except OSError as error:
        raise PlaceUnusable(path, error) from error
    return [
        Registered(
            Entry(
                account=one.account,
                name=one.name,
                role=one.role,
                unit=one.unit,
                lines=one.lines,
            ),
            one.token_sha256,
        )
        for one in stored
    ]
