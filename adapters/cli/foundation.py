"""What a district cannot work without: lines of service, working-day tables, units and areas."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.cli.refusals import faults_told
from adapters.cli.words import say
from adapters.house import House
from adapters.staff import Entry, hire
from domain.actor import SYSTEM, Actor, Role
from domain.affair.commands import Command
from domain.clock import local_day
from domain.commands import AssignArea, ImportCalendar, PublishLine, RegisterUnit
from domain.errors import Malformed, NotFound
from domain.line import CalendarImported
from workflows.foundations import CODES
from workflows.line import Line
from workflows.loading import definition

BYTES_MOST = 1_000_000

Progress = Callable[[str, int, int], None]
T = TypeVar("T")


class Unit(BaseModel):
    """A unit or area of an organisation file.

    code, kind, parent: as `domain.organisation.UnitRegistered` says; parent is empty for a
    district. since: from when it exists. lines: of a department, empty for all.
    worker: account that holds an area, from `worker_since` on, else from `since`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, Field(pattern=r"^[0-9]{6}[0-9A-Za-z/_-]{0,58}$")]
    kind: str
    name: Annotated[str, Field(min_length=1, max_length=100)]
    parent: str = ""
    since: date
    lines: tuple[str, ...] = ()
    worker: str = ""
    worker_since: date | None = None


class Person(BaseModel):
    """An account of an organisation file, as `adapters.staff.Entry` says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account: Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]{2,31}$")]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    role: Role
    unit: str = ""
    lines: tuple[str, ...] = ()


class Organisation(BaseModel):
    """What an organisation file says: units, those above before those below, and accounts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    units: tuple[Unit, ...]
    accounts: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Founded:
    """What was entered now; what had been there already is not in it."""

    lines: tuple[str, ...]
    years: tuple[str, ...]
    units: tuple[str, ...]
    areas: tuple[str, ...]


def read_organisation(path: Path) -> Organisation:
    """What a YAML or JSON file says. Raises Malformed."""
    try:
        content = path.read_bytes()
        # JSON is YAML too.
        loaded = yaml.safe_load(content.decode("utf-8")) if len(content) <= BYTES_MOST else None
        if not isinstance(loaded, dict):
            wanted = say(
                "应为 YAML 或 JSON，写有 units（和 accounts），不超过 1 MB",
                "wanted: YAML or JSON that names units (and accounts), of 1 MB at most",
            )
            raise Malformed(path.name, wanted)
        found = Organisation.model_validate(loaded)
    except OSError as error:
        raise Malformed(path.name, error.strerror or "cannot be read") from error
    except ValidationError as error:
        raise Malformed(path.name, faults_told(error)) from error
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        told = " ".join(str(error).split())
        raise Malformed(path.name, f"neither YAML nor JSON in UTF-8: {told}") from error
    known: set[str] = set()
    for unit in found.units:
        if unit.kind not in CODES:
            raise Malformed(path.name, f"{unit.code}: kind is one of {', '.join(CODES)}")
        if unit.code in known:
            raise Malformed(path.name, f"{unit.code} stands twice; keep one")
        if unit.worker and unit.kind != "area":
            raise Malformed(path.name, f"{unit.code}: only an area has a worker")
        known.add(unit.code)
    return found


def first_accounts(house: House, administrator: str, security: str) -> tuple[Person, ...]:
    """Those who open and grant from then on, of the district that is registered.

    administrator, security: `CODE=NAME`, empty for none. Raises Malformed.
    """
    units = house.reference.organisation.units.values()
    district = next((unit.code for unit in units if unit.kind == "district"), "")
    found = []
    for option, role, text in (
        ("--administrator", Role.ADM, administrator),
        ("--security", Role.SEC, security),
    ):
        account, _, name = text.partition("=")
        if text and not district:
            raise Malformed(
                option,
                say(
                    "还没有登记区；请在 --organisation 的文件中写明",
                    "no district is registered; name it in the file of --organisation",
                ),
            )
        try:
            found += [Person(account=account, name=name, role=role, unit=district)] if text else []
        except ValidationError as error:
            raise Malformed(option, say("请写成 账号=姓名", "write CODE=NAME")) from error
    return tuple(found)


def open_accounts(house: House, people: Sequence[Person]) -> dict[str, str]:
    """Open the accounts that are not there, each with its role. The invitation of each new one,
    told only here.

    It is done by the system: whoever may run a command on this machine is trusted.
    """
    entries = [
        Entry(
            account=person.account,
            name=person.name,
            role=person.role,
            unit=person.unit,
            lines=person.lines,
        )
        for person in people
    ]
    return {account: house.porter.invite(account, SYSTEM) for account in hire(house, entries)}


class Foundation:
    """Enters what is missing, by ordinary commands; what is there already is left as it is.

    by, publisher: who enters calendars and units, and who publishes lines.
    """

    def __init__(
        self,
        house: House,
        *,
        by: Actor,
        publisher: Actor,
        progress: Progress = lambda what, done, total: None,
    ) -> None:
        self._house, self._by, self._publisher = house, by, publisher
        self._progress = progress

    def lay(
        self, lines: Sequence[Line], tables: Sequence[CalendarImported], units: Sequence[Unit]
    ) -> Founded:
        """Enter all of it. Raises the refusals of the commands."""
        return Founded(
            lines=self._each("lines", lines, self._publish),
            years=self._each("calendars", tables, self._import),
            units=self._each("units", units, self._register),
            areas=self._each("areas", [unit for unit in units if unit.worker], self._assign),
        )

    def _each(self, what: str, wanted: Iterable[T], enter: Callable[[T], str]) -> tuple[str, ...]:
        entered, each = [], list(wanted)
        for done, one in enumerate(each, 1):
            if name := enter(one):
                entered.append(name)
            self._progress(what, done, len(each))
        return tuple(entered)

    def _run(self, command: Command) -> None:
        self._house.desk.run(command)
        self._house.reference.refresh()

    def _publish(self, line: Line) -> str:
        try:
            self._house.reference.lines.version(line.code, line.version)
        except NotFound:
            self._run(
                PublishLine(
                    command_id=self._house.new_id(),
                    by=self._publisher,
                    occurred_at=self._house.now(),
                    code=line.code,
                    version=line.version,
                    valid_from=line.valid.since,
                    valid_to=line.valid.to,
                    definition=definition(line),
                )
            )
            return f"{line.code} {line.version}"
        return ""

    def _import(self, table: CalendarImported) -> str:
        if table.year in self._house.reference.calendar.tables:
            return ""
        self._run(
            ImportCalendar(
                command_id=self._house.new_id(),
                by=self._by,
                occurred_at=self._house.now(),
                year=table.year,
                version=table.version,
                source=table.source,
                holidays=table.holidays,
                workdays=table.workdays,
            )
        )
        return str(table.year)

    def _register(self, unit: Unit) -> str:
        if unit.code in self._house.reference.organisation.units:
            return ""
        self._run(
            RegisterUnit(
                command_id=self._house.new_id(),
                by=self._by,
                occurred_at=self._house.now(),
                code=unit.code,
                kind=unit.kind,
                name=unit.name,
                parent=unit.parent,
                valid_from=unit.since,
                lines=unit.lines,
            )
        )
        return unit.code

    def _assign(self, unit: Unit) -> str:
        today = local_day(self._house.now())
        since = unit.worker_since or unit.since
        known = self._house.reference.organisation.unit(unit.code)
        if known.worker(max(since, today)) == unit.worker:
            return ""
        self._run(
            AssignArea(
                command_id=self._house.new_id(),
                # Nobody else may before the worker has an account.
                by=SYSTEM,
                occurred_at=self._house.now(),
                code=unit.code,
                worker=unit.worker,
                valid_from=since,
            )
        )
        return f"{unit.code} {unit.worker}"
