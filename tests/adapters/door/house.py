"""A production district whose door stands on the wall clock, with people in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyotp
import sqlalchemy as sa

from adapters.door import Porter
from adapters.door.tables import JOURNAL
from adapters.house import House, create
from adapters.settings import Settings
from adapters.time import Told
from domain.account import commands as c
from domain.account.state import grant_id
from domain.actor import SYSTEM, Actor, Role
from domain.commands import RegisterUnit
from tests.adapters.door.conftest import NOON, cheap

DISTRICT, STREET, COMMUNITY = "370103", "370103008", "370103008001"
AREA = f"{COMMUNITY}-01"
UNITS = (
    (DISTRICT, "district", "市中区", ""),
    (STREET, "street", "二七新村街道", DISTRICT),
    (COMMUNITY, "community", "建新社区", STREET),
    (AREA, "area", "第一片区", COMMUNITY),
)
ADM = Actor(account="shilei", role=Role.ADM, unit=DISTRICT)
PASSWORD = "velvet otter ladder 9"


@dataclass
class Staffed:
    """A district, its clock, and what is asked of it in few words."""

    house: House
    clock: Told
    address: str = "10.1.2.3"

    @property
    def porter(self) -> Porter:
        return self.house.porter

    @property
    def wall(self) -> datetime:
        """The clock of the door, which is not the house's."""
        return self.house.door.place.clock()

    def later(self, **by: float) -> None:
        """Both clocks go on."""
        self.clock.at += timedelta(**by)

    def run(self, kind: type[c.OfAccount], account: str, by: Actor = SYSTEM, **more: Any) -> UUID:
        """Carry a command out; its id."""
        id_ = self.house.new_id()
        self.house.desk.run(
            kind(command_id=id_, by=by, occurred_at=self.house.now(), account=account, **more)
        )
        return id_

    def opened(self, account: str, name: str, role: Role | None = None, unit: str = "") -> UUID:
        """A new account, and its grant."""
        self.run(c.OpenAccount, account, name=name)
        return self.granted(account, role, unit) if role else UUID(int=0)

    def granted(self, account: str, role: Role, unit: str, until: date | None = None) -> UUID:
        """Another grant."""
        since = self.clock.at.date()
        more: dict[str, Any] = {
            "role": role,
            "unit": unit,
            "valid_from": since,
            "valid_until": until,
        }
        return grant_id(account, SYSTEM.account, self.run(c.GrantRole, account, **more))

    def set_up(self, account: str) -> tuple[str, str]:
        """Accept an invitation; the token of the session and the seed of the factor."""
        link = self.porter.invite(account, SYSTEM)
        draft = self.porter.invited(link).draft
        token = self.porter.accept(link, PASSWORD, draft.salt, self.code(draft.seed))
        return token, draft.seed

    def code(self, seed: str, steps: int = 0) -> str:
        """What an authenticator shows."""
        return pyotp.TOTP(seed).at(self.wall + timedelta(seconds=30 * steps))

    def sign_in(self, account: str, seed: str, password: str = PASSWORD) -> str:
        """Come in by both factors; the token of the session."""
        self.later(seconds=30)
        half = self.porter.sign_in(account, password, self.address)
        assert half.half
        return self.porter.code(half.token, self.code(seed))

    def journal(self) -> list[tuple[str, str, str, int]]:
        """What, why, whose and how often, the oldest first."""
        query = sa.select(JOURNAL).order_by(JOURNAL.c.id)
        with self.house.door.place.reading() as connection:
            return [(r.what, r.why, r.account, r.times) for r in connection.execute(query)]


@contextmanager
def staffed(folder: Path, database_url: str = "") -> Iterator[Staffed]:
    """The district, made in the folder; production, by the clock of the test."""
    clock = Told(NOON)
    house = create(Settings(data_dir=folder, database_url=database_url), now=clock)
    house.door.place.clock = clock
    house.door.credentials.passwords = cheap()
    made = Staffed(house, clock)
    try:
        for code, kind, name, parent in UNITS:
            house.desk.run(
                RegisterUnit(
                    command_id=house.new_id(),
                    by=SYSTEM,
                    occurred_at=house.now(),
                    code=code,
                    kind=kind,
                    name=name,
                    parent=parent,
                    valid_from=date(2026, 1, 1),
                )
            )
            house.reference.refresh()
        made.opened("shilei", "石磊", Role.ADM, DISTRICT)
        made.opened("zhoumin", "周敏", Role.CD, COMMUNITY)
        made.opened("suqing", "苏青", Role.FD, COMMUNITY)
        yield made
    finally:
        house.close()
