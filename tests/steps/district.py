"""The district in which every scenario plays: its units, its working days, its lines of service."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from adapters import calendars, house
from adapters.house import House
from adapters.settings import Settings
from adapters.time import Told
from domain.actor import SYSTEM
from domain.affair.commands import Command
from domain.clock import SHANGHAI
from domain.commands import AssignArea, ImportCalendar, PublishLine, RegisterUnit
from tests.builders import lines
from workflows.publication import defined

FOUNDED = datetime(2011, 7, 1, 8, 30, tzinfo=SHANGHAI)

CITY, STREET, COMMUNITY = "370103", "370103008", "370103008001"


class Unit(NamedTuple):
    """A unit of the district. lines: those to which its officers are limited."""

    name: str
    code: str
    kind: str
    parent: str
    lines: tuple[str, ...] = ()


def _department(name: str, parent: str, short: str, *lines: str) -> Unit:
    return Unit(name, f"{parent}/{short}", "department", parent, lines)


def _provider(name: str, parent: str, short: str) -> Unit:
    return Unit(name, f"{parent}/{short}", "provider", parent)


UNITS = (
    Unit("市中区", CITY, "district", ""),
    _department("区委组织部", CITY, "zzb", "DJ"),
    _department("区民政局", CITY, "mz", "MZ", "YL"),
    _department("区核对中心", CITY, "hd", "MZ"),
    _department("区人社局", CITY, "rs", "LB"),
    _department("区卫健局", CITY, "ws", "JS"),
    _department("区委政法委", CITY, "zf", "ZZ"),
    _department("公安分局", CITY, "ga", "ZZ"),
    _department("消防大队", CITY, "xf", "ZZ"),
    _department("区司法局", CITY, "sf", "TJ"),
    _department("区城管局", CITY, "cg", "CG"),
    _department("区文旅局", CITY, "wl", "WT"),
    _department("区教体局", CITY, "jt", "WT"),
    _department("区残联", CITY, "cl", "YL"),
    _department("区信访局", CITY, "xfj", "XF"),
    _department("区住建局", CITY, "zj", "XF"),
    Unit("二七新村街道", STREET, "street", CITY),
    _department("街道党建办", STREET, "dj", "DJ"),
    _department("街道民政办", STREET, "mz", "MZ", "YL"),
    _department("街道人社所", STREET, "rs", "LB"),
    _department("街道卫健办", STREET, "ws", "JS"),
    _department("街道综治办", STREET, "zz", "ZZ"),
    _department("派出所", STREET, "ga"),
    _department("司法所", STREET, "sf", "TJ"),
    _department("城管科", STREET, "cg", "CG"),
    _department("街道文教办", STREET, "wj", "WT"),
    _department("街道残联", STREET, "cl", "YL"),
    _department("街道信访办", STREET, "xfb", "XF"),
    _department("物业办", STREET, "wy", "XF"),
    _provider("环卫所", STREET, "hw"),
    _provider("居家养老服务站", STREET, "yl"),
    _provider("物业公司", STREET, "wygs"),
    _provider("器材维修站", STREET, "wx"),
    Unit("建新社区", COMMUNITY, "community", STREET),
    _provider("社区人民调解委员会", COMMUNITY, "tj"),
    Unit("第一责任片区", "370103008001-01", "area", COMMUNITY),
    Unit("第二责任片区", "370103008001-02", "area", COMMUNITY),
    Unit("舜园社区", "370103008002", "community", STREET),
    Unit("舜园责任片区", "370103008002-01", "area", "370103008002"),
)
CODES = {unit.name: unit.code for unit in UNITS}
NAMES = {unit.code: unit.name for unit in UNITS}
LINES = {unit.name: unit.lines for unit in UNITS}

# The tables of 2013 and 2014 come in late, and one feature tells of that.
YEARS = (2011, 2012, *range(2015, calendars.seeded_years().stop))


def found(data_dir: Path) -> None:
    """Make the district once; every scenario opens a copy of it."""
    clock = Told(FOUNDED)
    made = house.create(Settings(data_dir=data_dir), now=clock)

    def run(command: Callable[..., Command], **asked: object) -> None:
        made.desk.run(command(command_id=made.new_id(), by=SYSTEM, occurred_at=clock.at, **asked))

    for unit in UNITS:
        run(RegisterUnit, **unit._asdict(), valid_from=FOUNDED.date())
        made.reference.refresh()
    for line in lines.versions():
        run(PublishLine, **defined(line.spec))
    for table in calendars.seed(YEARS, by=SYSTEM.account, occurred_at=FOUNDED):
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
