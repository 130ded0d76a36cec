"""An affair of each of the ten lines from intake to archive by pages alone, each deed by whoever of
the demonstration's people the table of its line names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from adapters import calendars
from adapters.cli.foundation import Foundation, read_organisation
from adapters.demo import affairs, deeds, records
from adapters.demo.building import ORGANISATION, entry_of
from adapters.demo.cases import SAME_DAY, Case, Session, when
from adapters.demo.cast import ADMINISTRATOR, CAST, LINE_CHIEF, Person
from adapters.demo.filing import SOURCES, Filing, Meant, Opening
from adapters.demo.telling import tell
from adapters.house import create, open_house
from adapters.settings import Settings
from adapters.staff import hire
from adapters.time import Told
from domain.clock import SHANGHAI, local_day
from tests.templates import copied
from tests.web.district import District, Silent, browser, png
from tests.web.forms import Browser, Page, Value
from web.app import create_app
from web.forms import minute
from workflows.loading import load_folder
from workflows.rights import EVERYWHERE
from workflows.ways import fields_of

FOUNDED = datetime(2011, 7, 1, 8, 30, tzinfo=SHANGHAI)
YEARS = (2011, 2012, 2025, 2026)
PHOTO, PAPER = "gate.png", "paper.txt"
FILES = {PHOTO: png(), PAPER: "申请材料".encode()}
TELEPHONE = "13800002001"
KINDS = {"step": "steps", "entry": "entries", "action": "actions"}
CLASS = "剪纸体验课"
WORDS = {"活动场次": CLASS}
PACES = {"LB02": timedelta(days=2)}
"""Where a notice has to end first."""
TAKEN = [
    *((2012, matter) for matter in ("DJ01", "MZ01", "LB02", "JS02", "ZZ01")),
    *((2012, matter) for matter in ("TJ01", "CG01", "WT01", "YL01", "XF01")),
    *((2026, matter) for matter in ("MZ01", "JS02", "TJ01", "XF01")),
]
"""A matter of each line, and of each line that has another version today."""


def _founded(folder: Path) -> None:
    settings, organisation = Settings(data_dir=folder), read_organisation(ORGANISATION)
    tables = calendars.seed(YEARS, by=ADMINISTRATOR.account, occurred_at=FOUNDED)
    with closing(create(settings, now=Told(FOUNDED))) as house:
        foundation = Foundation(house, by=ADMINISTRATOR.actor, publisher=LINE_CHIEF.actor)
        foundation.lay(load_folder(), tables, organisation.units)
        hire(house, map(entry_of, CAST))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """The demonstration's district with its people, before anything has happened there."""
    folder, clock = tmp_path_factory.mktemp("office"), Told(FOUNDED)
    copied("office", _founded, folder)
    with closing(open_house(Settings(data_dir=folder, rates="off"), now=clock)) as house:
        app = create_app(house, log=Silent())
        with TestClient(app, raise_server_exceptions=False) as client:
            yield District(house, clock, app, {}, {}, client)


class Typed(Meant):
    """What is filled in for what the ways tell: a file for a photo, a number for an affair."""

    def offering(self, about: str) -> str:
        return super().offering(CLASS)

    def photo(self) -> str:
        return PHOTO

    def paper(self) -> str:
        return PAPER


class ByPages(Filing):
    """Does at the pages what the demonstration does at the desk."""

    office: District
    registered = ""

    def browser(self, person: Person) -> Browser:
        """Of somebody who signs in now."""
        (grant,) = self.house.people.grants(person.account, local_day(self.clock.at))
        cookies = {person.account: browser(self.house, person.account, grant.grant)}
        return Browser(replace(self.office, cookies=cookies), person.account)

    def _register(self) -> None:
        case, person = self.case, self._registrar()
        at, matter = self.browser(person), self.line.matter(case.matter)
        form = at.look(at.look("/affairs/new").links[f"{case.matter} {matter.zh}"])
        specs = fields_of(self.line.spec, matter.fields, case.matter)
        record = {
            "own-source": SOURCES[case.source],
            "own-unit": self.area,
            "own-summary": case.summary,
            "own-applicant": case.resident,
            "own-telephone": TELEPHONE,
            **records.read(specs, {}, Typed(self, person.actor)),
        }
        page = sent(at, sent(at, form, "下一步：核对", record), "确认登记", {})
        found = re.search(r"已登记，编号 ([A-Z]{2}-\d{4}-\d{4})。", page.text)
        assert found, page.text
        self.registered = found.group(1)
        self.affair_id = self.house.queries.affair(EVERYWHERE, self.registered).affair_id

    def _do(self, who: str, text: str, told: Mapping[str, str]) -> None:
        person, matter = self.who(who), self.case.matter
        affair, _ = self.house.affairs.get(self.affair_id)
        done = deeds.deed(self.line, text, matter=matter, state=affair.standing.state)
        told = {label: self.told.get(label, said) for label, said in told.items()}
        typed = Typed(self, person.actor)
        way = deeds.way(self.line, done)
        record = records.record(way, told, typed, matter=matter, role=person.role)
        at, address = self.browser(person), f"/affairs/{self.registered}"
        form = f"{address}/{KINDS[done.kind]}/{done.id}"
        offered = at.look(address).links
        assert form in offered.values(), (person.name, text, self.clock.at, affair.standing.state)
        sent(at, at.look(form), deeds.label(self.line, done), record)


def sent(at: Browser, form: Page, button: str, record: Mapping[str, Any]) -> Page:
    """The page that the form leads to, filled in; it asks for whatever is filled in."""
    filled: dict[str, Value] = {}
    files: list[tuple[str, tuple[str, bytes]]] = []
    for name, value in record.items():
        assert {name} & {*form.values, *form.options, *form.files}, (name, form.title)
        if name in form.files:
            files += [(name, (file, FILES[file])) for file in value]
        else:
            filled[name.replace("-", "__")] = typed_in(value)
    page = at.send(form, button, files=files, **filled)
    assert (page.status, page.errors) == (200, []), (form.title, page.text)
    return page


def typed_in(value: Any) -> Value:
    """A value as it is typed or chosen."""
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return minute(value)
        case list():
            return [str(one) for one in value]
    return str(value)


def words_of(line: str) -> Mapping[str, str]:
    """What the demonstration says in the fields of a line."""
    return next(words for words, cases in affairs.every() if cases[0].matter.startswith(line))


@pytest.mark.parametrize(("year", "matter"), TAKEN)
def test_an_affair_of_each_line_goes_from_intake_to_archive_by_pages_alone(
    office: District, year: int, matter: str
) -> None:
    house, clock = office.house, office.clock
    units = {unit.name: unit.code for unit in read_organisation(ORGANISATION).units}
    opened, *held = (f"{year}-06-{time}" for time in ("08 09:30", "14 15:30", "14 18:00"))
    opening = Opening(house, clock, Session(CLASS, "WT01", "社区活动室", 12, 4, opened, *held))
    at = f"{year}-06-15 10:30"
    case = Case(
        matter,
        "已归档",
        at,
        "丁玉梅",
        "3-1-202",
        "请社区帮助办理",
        pace=PACES.get(matter, SAME_DAY),
        words=WORDS,
    )
    offered = {CLASS: opening.offering_id}
    affair = ByPages(house, clock, case, words_of(matter[:2]), 1, units, offered)
    affair.office = office

    tell(house, clock, [opening, affair], until=when(at), progress=lambda *_: None)

    row = house.queries.affair(EVERYWHERE, affair.registered)
    assert (row.matter, row.state) == (matter, "archived")
