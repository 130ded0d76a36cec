"""A district founded and worked by the real desk: units, lines, calendars, and tales played."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from adapters import calendars
from adapters.cli.foundation import Foundation, Unit
from adapters.demo.pictures import gate
from adapters.house import House, create, open_house
from adapters.settings import Settings
from adapters.time import Told
from benchmarks.tales import Deed, Tale
from domain.actor import SYSTEM, Actor, Role
from domain.affair.commands import Act, Command, RecordEntry, Register, TakeStep
from domain.clock import SHANGHAI
from workflows.loading import load_folder

MONDAY = date(2011, 7, 4)
FOUNDED = datetime(2011, 7, 1, 8, 30, tzinfo=SHANGHAI)
REGISTERED_AT = time(8, 40)
YEARS = range(2011, 2027)

DISTRICT = "370103"
STREETS, COMMUNITIES, AREAS = 4, 5, 5
"""Streets of a district, communities of each, areas of each."""

PNG = gate(heap=False)


@dataclass(frozen=True, slots=True)
class Area:
    """A responsibility area, and who acts there."""

    code: str

    @property
    def community(self) -> str:
        """The community's code."""
        return self.code[:12]

    @property
    def street(self) -> str:
        """The street's code."""
        return self.code[:9]

    @property
    def worker(self) -> str:
        """The account that holds it."""
        return f"cw{self.code.replace('-', '')}"

    def actor(self, role: str) -> Actor:
        """Whoever acts here in that role: CW, CD, FD, SC or SUP."""
        match role:
            case "CW":
                return Actor(account=self.worker, role=Role.CW, unit=self.code)
            case "CD" | "FD":
                account = f"{role.lower()}{self.community}"
                return Actor(account=account, role=Role(role), unit=self.community)
            case "SC":
                unit = f"{self.street}/cg"
                return Actor(account=f"sc{self.street}", role=Role.SC, unit=unit, lines=("CG",))
            case _:
                return Actor(account="liheng", role=Role.SUP, unit=DISTRICT)


def areas(streets: int = STREETS) -> tuple[Area, ...]:
    """The areas of a district of so many streets."""
    return tuple(
        Area(f"{DISTRICT}{street:03}{community:03}-{area:02}")
        for street in range(1, streets + 1)
        for community in range(1, COMMUNITIES + 1)
        for area in range(1, AREAS + 1)
    )


def units(streets: int = STREETS) -> list[Unit]:
    """The units of such a district, those above before those below."""
    made = {DISTRICT: Unit(code=DISTRICT, kind="district", name="历下区", since=MONDAY)}

    def below(code: str, kind: str, parent: str, worker: str = "") -> None:
        if code not in made:
            made[code] = Unit(
                code=code, kind=kind, name=code, parent=parent, since=MONDAY, worker=worker
            )

    for area in areas(streets):
        below(area.street, "street", DISTRICT)
        below(f"{area.street}/cg", "department", area.street)
        below(f"{area.street}/hw", "provider", area.street)
        below(area.community, "community", area.street)
        below(area.code, "area", area.community, area.worker)
    return list(made.values())


def settings_of(folder: Path, url: str = "") -> Settings:
    """A district whose files are in `folder`; the log in the database of `url` if one is named.

    Nobody is told that they ask too often: here they do.
    """
    return Settings(
        data_dir=folder,
        database_url=url,
        views_url="",
        keys_url="",
        master_key=None,
        rates="off",
    )


def found(
    settings: Settings,
    *,
    streets: int = STREETS,
    years: range = YEARS,
    anchor: datetime | None = None,
) -> None:
    """Make the district: lines, calendars, units, areas; then close it.

    anchor: for a demonstration, whose clock goes on from its last event.
    """
    house = create(settings, anchor=anchor, now=Told(FOUNDED))
    try:
        tables = calendars.seed(years, by=SYSTEM.account, occurred_at=FOUNDED)
        Foundation(house, by=SYSTEM, publisher=SYSTEM).lay(load_folder(), tables, units(streets))
    finally:
        house.close()


@contextmanager
def opened(settings: Settings, clock: Told | None = None) -> Iterator[House]:
    """The district, open, by the wall's clock or by one that is told."""
    house = open_house(settings, now=clock)
    try:
        yield house
    finally:
        house.close()


class Player:
    """Plays tales through the desk of a house whose clock is told."""

    def __init__(self, house: House, clock: Told) -> None:
        self._house, self._clock = house, clock

    def commands(self, tale: Tale, start: date, area: Area) -> list[Command]:
        """What is asked, in order, with its photos handed in: for playing it later."""
        affair_id = self._house.new_id()
        return [
            self._registration(tale, start, area, affair_id),
            *(self._command(deed, start, area, affair_id) for deed in tale.deeds),
        ]

    def play(self, tale: Tale, start: date, area: Area) -> UUID:
        """Play the whole tale; the affair's id."""
        commands = self.commands(tale, start, area)
        self.run(commands)
        first = commands[0]
        assert isinstance(first, Register)
        return first.affair_id

    def run(self, commands: Sequence[Command]) -> None:
        """Carry them out, the clock told the time of each."""
        for command in commands:
            self._clock.at = command.occurred_at
            self._house.desk.run(command)

    def _registration(self, tale: Tale, start: date, area: Area, affair_id: UUID) -> Register:
        return Register(
            command_id=self._house.new_id(),
            by=area.actor("CW"),
            occurred_at=at(start, REGISTERED_AT),
            affair_id=affair_id,
            matter=tale.matter,
            source="hall",
            community=area.community,
            area=area.code,
            summary=tale.summary,
            applicant="张桂芬",
            telephone="13800001234",
            address="建新小区6号楼2单元301室",
        )

    def _command(self, deed: Deed, start: date, area: Area, affair_id: UUID) -> Command:
        when = at(start + timedelta(days=deed.day), time.fromisoformat(deed.at))
        asked: dict[str, Any] = {
            "command_id": self._house.new_id(),
            "by": area.actor(deed.by),
            "occurred_at": when,
            "affair_id": affair_id,
            "record": self._record(deed, area, affair_id, when),
        }
        kind, _, name = deed.does.rpartition(":")
        match kind:
            case "entry":
                return RecordEntry(**asked, entry=name)
            case "action":
                return Act(**asked, action=name)
            case _:
                return TakeStep(**asked, step=name)

    def _record(self, deed: Deed, area: Area, affair_id: UUID, when: datetime) -> dict[str, object]:
        record = {
            name: value.format(street=area.street, at=when.isoformat())
            if isinstance(value, str)
            else value
            for name, value in deed.record.items()
        }
        if deed.photos:
            photo = self._house.attachments.put(affair_id, "photo.png", PNG)
            record[deed.photos] = [str(photo.id)]
        return record


def at(day: date, moment: time) -> datetime:
    """That time of that day in Shanghai, told in UTC as the log does."""
    return datetime.combine(day, moment, SHANGHAI).astimezone(UTC)
