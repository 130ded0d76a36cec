"""A small district for tests that break things: units, the shipped lines, two years of calendar."""

from datetime import date
from pathlib import Path

from adapters import calendars
from adapters.house import House, create
from adapters.settings import Settings
from domain.actor import SYSTEM, Actor, Role
from domain.commands import AssignArea, ImportCalendar, PublishLine, RegisterUnit
from tests.builders.asking import asks
from workflows.loading import load_folder
from workflows.publication import defined

AREA = "370103008001-01"
WORKER = Actor(account="lin", role=Role.CW, unit=AREA)
DIRECTOR = Actor(account="zhou", role=Role.CD, unit="370103008001")
UNITS = (
    ("370103", "district", "市中区", ""),
    ("370103008", "street", "二七新村街道", "370103"),
    ("370103008001", "community", "建新社区", "370103008"),
    (AREA, "area", "第一片区", "370103008001"),
    ("370103008/hw", "department", "环卫所", "370103008"),
)


def founded(settings: Settings) -> House:
    """A production district whose clock is the wall's."""
    house = create(settings)
    since = date(2011, 1, 1)

    for code, kind, name, parent in UNITS:
        house.desk.run(
            RegisterUnit(
                **asks(house, SYSTEM),
                code=code,
                kind=kind,
                name=name,
                parent=parent,
                valid_from=since,
            )
        )
        house.reference.refresh()
    house.desk.run(AssignArea(**asks(house, SYSTEM), code=AREA, worker="lin", valid_from=since))
    for line in load_folder():
        house.desk.run(PublishLine(**asks(house, SYSTEM), **defined(line)))
    now = house.now()
    for year in calendars.seed([now.year], by="SYS", occurred_at=now):
        house.desk.run(
            ImportCalendar(
                **asks(house, SYSTEM),
                year=year.year,
                version=year.version,
                source=year.source,
                holidays=year.holidays,
                workdays=year.workdays,
            )
        )
    house.reference.refresh()
    return house


def settings_in(folder: Path, url: str = "") -> Settings:
    """Everything in one folder; the log elsewhere if an address is given."""
    return Settings(data_dir=folder, database_url=url)
