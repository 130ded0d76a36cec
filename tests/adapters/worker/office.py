"""A district in 2011 that works: units, line CG, calendars, people, and a clock that is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from adapters import calendars
from adapters.cli.foundation import Foundation, Unit
from adapters.demo import cast
from adapters.demo.cast import AREA, CITY_MANAGEMENT, COMMUNITY, DISTRICT, SANITATION, STREET
from adapters.house import House, create, open_house
from adapters.settings import Settings
from adapters.time import Told
from adapters.worker import Worker
from adapters.worker.sweeper import Sweeper
from domain.actor import Actor, Role
from domain.affair.commands import Act, Command, RecordEntry, Register, TakeStep
from domain.clock import SHANGHAI
from domain.log import Receipt, Recorded
from tests.builders import lines

WORKER = cast.WORKER.actor
DIRECTOR = cast.DIRECTOR.actor
FRONT_DESK = cast.FRONT_DESK.actor
STREET_OFFICER = cast.STREET_OFFICER.actor
STREET_LEADER = Actor(account="gaoyuan", role=Role.SL, unit=STREET)
PLACE = "117.000923,36.675807"

SINCE = date(2011, 7, 1)
UNITS = (
    Unit(code=DISTRICT, kind="district", name="市中区", since=SINCE),
    Unit(code=STREET, kind="street", name="二七新村街道", parent=DISTRICT, since=SINCE),
    Unit(code=CITY_MANAGEMENT, kind="department", name="城管科", parent=STREET, since=SINCE),
    Unit(code=SANITATION, kind="provider", name="环卫所", parent=STREET, since=SINCE),
    Unit(code=COMMUNITY, kind="community", name="建新社区", parent=STREET, since=SINCE),
    Unit(
        code=AREA,
        kind="area",
        name="第一责任片区",
        parent=COMMUNITY,
        since=SINCE,
        worker=WORKER.account,
    ),
)


def at(moment: str) -> datetime:
    """`07-22 10:05` in 2011, or with its year, Asia/Shanghai."""
    whole = moment if moment[:2] == "20" else f"2011-{moment}"
    return datetime.fromisoformat(whole).replace(tzinfo=SHANGHAI)


class Office:
    """One process at work in the district; commands occur at the clock's time."""

    def __init__(self, house: House, clock: Told, settings: Settings) -> None:
        self.house, self.clock, self._settings = house, clock, settings
        self.sweeper, self.worker = Sweeper(house), Worker(house)
        self._others: list[Office] = []

    def another(self) -> Office:
        """Another process in the same district, under the same clock."""
        house = open_house(self._settings, now=self.clock)
        self._others.append(Office(house, self.clock, self._settings))
        return self._others[-1]

    def close(self) -> None:
        for other in self._others:
            other.close()
        self.house.close()

    def run(self, command: Command) -> Receipt:
        return self.house.desk.run(command)

    def registration(self, affair_id: UUID | None = None, **given: Any) -> Register:
        """What the worker of the area enters, unless said otherwise."""
        values: dict[str, Any] = {
            "command_id": uuid4(),
            "by": WORKER,
            "occurred_at": self.clock.at,
            "affair_id": affair_id or uuid4(),
            "matter": "CG01",
            "source": "hall",
            "community": COMMUNITY,
            "area": AREA,
            "summary": "废品堆在大门口",
            "applicant": "张敏",
            "telephone": "13800001234",
            **given,
        }
        return Register(**values)

    def registered(self, **given: Any) -> UUID:
        """A new affair."""
        command = self.registration(**given)
        self.run(command)
        return command.affair_id

    def step(
        self, affair_id: UUID, step: str, record: dict[str, object] | None = None, **given: Any
    ) -> TakeStep:
        """A step of the worker, unless said otherwise."""
        values: dict[str, Any] = {
            "command_id": uuid4(),
            "by": WORKER,
            "occurred_at": self.clock.at,
            **given,
        }
        return TakeStep(affair_id=affair_id, step=step, record=record or {}, **values)

    def take(
        self, affair_id: UUID, step: str, record: dict[str, object] | None = None, **given: Any
    ) -> Receipt:
        return self.run(self.step(affair_id, step, record, **given))

    def verify(self, affair_id: UUID, **given: Any) -> TakeStep:
        """G1, from registered to onsite."""
        return self.step(affair_id, "G1", {"place": PLACE}, **given)

    def persuasion(self, affair_id: UUID, result: str = "ineffective", **given: Any) -> RecordEntry:
        """An attempt at persuasion; there may be any number of them."""
        values: dict[str, Any] = {
            "command_id": uuid4(),
            "by": WORKER,
            "occurred_at": self.clock.at,
            **given,
        }
        return RecordEntry(
            affair_id=affair_id, entry="persuasion", record={"result": result}, **values
        )

    def action(self, affair_id: UUID, action: str, record: dict[str, object], **given: Any) -> Act:
        """A state-neutral action of the director, unless said otherwise."""
        values: dict[str, Any] = {
            "command_id": uuid4(),
            "by": DIRECTOR,
            "occurred_at": self.clock.at,
            **given,
        }
        return Act(affair_id=affair_id, action=action, record=record, **values)

    def persuading(self, **given: Any) -> UUID:
        """An affair in persuasion."""
        affair_id = self.registered(**given)
        self.run(self.verify(affair_id))
        self.take(affair_id, "G4")
        return affair_id

    def history(self, affair_id: UUID) -> list[Recorded]:
        return self.house.history.stream(affair_id)

    def until(self, moment: str) -> None:
        """Let time go on."""
        self.clock.at = at(moment)

    def later(self, **by: float) -> None:
        """Let time go on by so much."""
        self.clock.at += timedelta(**by)


Opens = Callable[..., "Office"]


@contextmanager
def office(
    url: str, folder: Path, *, moment: str = "07-22 10:05", years: tuple[int, ...] = (2011, 2012)
) -> Iterator[Office]:
    """A district that was founded on the first of July.

    On SQLite it is a copy of one that was founded beside the folders of this run's tests.
    """
    clock = Told(at("07-01 08:30"))
    settings = Settings(data_dir=folder / "var", database_url=url)
    if url == f"sqlite:///{folder}/log.db" and not settings.data_dir.exists():
        shutil.copytree(_once(folder.parent, years), folder, dirs_exist_ok=True)
        house = open_house(settings, now=clock)
    else:
        house = _founded(settings, clock, years)
    with closing(Office(house, clock, settings)) as opened:
        opened.until(moment)
        yield opened


def _once(beside: Path, years: tuple[int, ...]) -> Path:
    """The district in files, as it was founded; nothing is written there any more."""
    kept = beside / "-".join(("office", *map(str, years)))
    if not kept.exists():
        with TemporaryDirectory(dir=beside) as making:
            place = Path(making) / "office"
            place.mkdir()
            settings = Settings(data_dir=place / "var", database_url=f"sqlite:///{place}/log.db")
            _founded(settings, Told(at("07-01 08:30")), years).close()
            place.rename(kept)
    return kept


def _founded(settings: Settings, clock: Told, years: tuple[int, ...]) -> House:
    house = create(settings, anchor=clock.at, now=clock)
    try:
        specs = [line.spec for code in ("CG", "WT") for line in lines.of(code)]
        Foundation(house, by=cast.ADMINISTRATOR.actor, publisher=cast.LINE_CHIEF.actor).lay(
            specs, calendars.seed(years, by="shilei", occurred_at=clock.at), UNITS
        )
    except BaseException:
        house.close()
        raise
    return house
