"""The district in which every scenario plays: its units, its working days, its lines of service."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from adapters import calendars, house
from adapters.house import House
from adapters.settings import Settings
from adapters.time import Told
from domain.actor import SYSTEM
from domain.affair.commands import Command
from domain.clock import SHANGHAI
from domain.commands import AssignArea, ImportCalendar, PublishLine, RegisterUnit
from workflows.loading import load_folder
from workflows.publication import defined

FOUNDED = datetime(2011, 7, 1, 8, 30, tzinfo=SHANGHAI)

# Name, code, kind and code of the unit above.
UNITS = (
    ("市中区", "370103", "district", ""),
    ("区城管局", "370103/cg", "department", "370103"),
    ("二七新村街道", "370103008", "street", "370103"),
    ("城管科", "370103008/cg", "department", "370103008"),
    ("环卫所", "370103008/hw", "provider", "370103008"),
    ("派出所", "370103008/ga", "department", "370103008"),
    ("建新社区", "370103008001", "community", "370103008"),
    ("第一责任片区", "370103008001-01", "area", "370103008001"),
    ("第二责任片区", "370103008001-02", "area", "370103008001"),
    ("舜园社区", "370103008002", "community", "370103008"),
    ("舜园责任片区", "370103008002-01", "area", "370103008002"),
)
CODES = {name: code for name, code, _, _ in UNITS}
NAMES = {code: name for name, code, _, _ in UNITS}

# The departments and officers that serve one line only.
OF_ONE_LINE = ("区城管局", "城管科")


def found(data_dir: Path) -> None:
    """Make the district once; every scenario opens a copy of it."""
    clock = Told(FOUNDED)
    made = house.create(Settings(data_dir=data_dir), now=clock)

    def run(command: Callable[..., Command], **asked: object) -> None:
        made.desk.run(command(command_id=made.new_id(), by=SYSTEM, occurred_at=clock.at, **asked))

    for name, code, kind, parent in UNITS:
        run(RegisterUnit, code=code, kind=kind, name=name, parent=parent, valid_from=FOUNDED.date())
        made.reference.refresh()
    for line in load_folder():
        run(PublishLine, **defined(line))
    for table in calendars.seed((2011, 2012), by=SYSTEM.account, occurred_at=FOUNDED):
        run(
            ImportCalendar,
            year=table.year,
            version=table.version,
            source=table.source,
            holidays=table.holidays,
            workdays=table.workdays,
        )
    made.close()


def assign(opened: House, area: str, worker: str, on: date) -> None:
    """Give an area to a worker."""
    opened.desk.run(
        AssignArea(
            command_id=opened.new_id(),
            by=SYSTEM,
            occurred_at=opened.now(),
            code=area,
            worker=worker,
            valid_from=on,
        )
    )
    opened.reference.refresh()


def open_copy(template: Path, data_dir: Path, clock: Told) -> House:
    """A district of its own, as it was founded."""
    shutil.copytree(template, data_dir)
    return house.open_house(Settings(data_dir=data_dir), now=clock)
