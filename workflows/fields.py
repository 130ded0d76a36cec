"""Recorded fields: how a line file asks for them, and how what was sent in is read.

Reading takes a JSON-like mapping (text, numbers, true and false, lists) and gives a `Record`
in the order of the line file. Nothing is repaired on the way: a value is stored exactly as it
came, or refused with the name of its field.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic import Field as Key

from domain.clock import local_day
from domain.errors import FieldInvalid, FieldMissing
from domain.personal import Personal
from domain.record import NOTHING, Field, Kind, Record, Value

LONGEST = 4_000
"""Characters of a text."""
MOST = 50
"""Parts of a list."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAKS = re.compile("[\t\n\r\u2028\u2029]")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_MONEY = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNIT = re.compile(r"[0-9A-Za-z][0-9A-Za-z/_.:-]{0,63}")
_PLACE = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,8})?,-?[0-9]{1,2}(\.[0-9]{1,8})?")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_YEARS = range(1900, 2101)
_YES, _NO = (True, "true", "yes"), (False, "false", "no")


class Written(BaseModel):
    """What stands in a line file: no key that is not known, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=40)]


def listed(value: object) -> object:
    """One for a list of one: `from: registered` is `from: [registered]`."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


Codes = Annotated[tuple[Code, ...], BeforeValidator(listed)]


class Label(Written):
    """A name in both languages."""

    zh: Text
    en: Text


class FieldSpec(Written):
    """A field that a step, an entry or an action asks for.

    choices: the codes of a choice. choices_from: they are the line's questions or clocks.
    matters: where only some matters need the field.
    min, max: of a number or of money; of photos and units, how many; of a text, how long.
    from_today: a date not before the day of the step. within_days: at most so many days after.
    """

    name: Name
    kind: Kind
    label: Label
    required: bool = True
    choices: dict[Code, Label] = Key(default_factory=dict)
    choices_from: Literal["questions", "clocks"] | None = None
    min: int | None = None
    max: int | None = None
    from_today: bool = False
    within_days: int | None = None
    matters: Codes = ()
    help: Label | None = None


class Wrong(Exception):
    """A value has the wrong shape; says which shape is wanted."""


Read = Callable[[object], Value]


@dataclass(frozen=True, slots=True)
class Asked:
    """One field, made ready to read."""

    name: str
    kind: Kind
    required: bool
    personal: bool
    read: Read
    spec: FieldSpec


class Reader:
    """Reads what one step, entry or action asks for."""

    __slots__ = ("asked", "dated", "names", "step")

    def __init__(self, step: str, specs: Iterable[FieldSpec]) -> None:
        self.step = step
        self.asked = tuple(_asked(spec) for spec in specs)
        self.names = frozenset(asked.name for asked in self.asked)
        self.dated = tuple(
            asked.spec
            for asked in self.asked
            if asked.spec.from_today or asked.spec.within_days is not None
        )

    @property
    def specs(self) -> tuple[FieldSpec, ...]:
        """What is asked for, in the order of the file."""
        return tuple(asked.spec for asked in self.asked)

    def read(self, raw: Mapping[str, object], subject: UUID, at: datetime | None = None) -> Record:
        """The record. Notes and persons become personal data of `subject`, to be sealed.

        at: when it happens, for dates that may not lie before it; where it is not told, they
        are taken as they come. Raises FieldInvalid, FieldMissing.
        """
        for name in raw:
            if name not in self.names:
                raise FieldInvalid(self.step, str(name)[:64], "not asked for")
        fields = []
        for asked in self.asked:
            value = raw.get(asked.name)
            if _absent(value):
                if asked.required:
                    raise FieldMissing(self.step, asked.name)
                continue
            try:
                read = asked.read(value)
            except Wrong as wrong:
                raise FieldInvalid(self.step, asked.name, str(wrong)) from None
            if asked.personal:
                read = Personal(subject, clear=str(read))
            fields.append(Field(asked.name, asked.kind, read))
        if not fields:
            return NOTHING
        record = Record(tuple(fields))
        if self.dated and at is not None:
            self._check_dates(record, local_day(at))
        return record

    def _check_dates(self, record: Record, today: date) -> None:
        for spec in self.dated:
            value = record.get(spec.name)
            if value is None:
                continue
            day = local_day(value) if isinstance(value, datetime) else value
            assert isinstance(day, date), spec.kind
            if spec.from_today and day < today:
                raise FieldInvalid(self.step, spec.name, f"not before {today}")
            if spec.within_days is not None and day > today + timedelta(days=spec.within_days):
                latest = today + timedelta(days=spec.within_days)
                raise FieldInvalid(self.step, spec.name, f"not after {latest}")


def _absent(value: object) -> bool:
    return (
        value is None
        or (isinstance(value, str | list | tuple) and not value)
        or (isinstance(value, str) and value.isspace())
    )


def _asked(spec: FieldSpec) -> Asked:
    return Asked(
        name=spec.name,
        kind=spec.kind,
        required=spec.required,
        personal=spec.kind in (Kind.NOTE, Kind.PERSON),
        read=_reader(spec),
        spec=spec,
    )


def _reader(spec: FieldSpec) -> Read:
    match spec.kind:
        case Kind.TEXT | Kind.PERSON:
            return lambda value: _line(_text(value, spec))
        case Kind.NOTE:
            return lambda value: _text(value, spec)
        case Kind.NUMBER:
            return lambda value: _within(_decimal(value, _NUMBER, "a number"), spec)
        case Kind.MONEY:
            least = 0 if spec.min is None else spec.min
            return lambda value: _within(
                _decimal(value, _MONEY, "yuan, at most two decimals"), spec, least
            ).quantize(Decimal("0.01"))
        case Kind.DATE:
            return _date
        case Kind.INSTANT:
            return _instant
        case Kind.CHOICE:
            return lambda value: _choice(value, spec)
        case Kind.FLAG:
            return _flag
        case Kind.UNIT:
            return lambda value: _matching(value, _UNIT, "the code of a unit")
        case Kind.UNITS:
            return lambda value: _many(
                value, spec, lambda v: _matching(v, _UNIT, "the code of a unit")
            )
        case Kind.PLACE:
            return _place
        case Kind.PHOTOS:
            return lambda value: _many(value, spec, _uuid)
        case Kind.REFERENCE:
            return _uuid


def _text(value: object, spec: FieldSpec) -> str:
    if not isinstance(value, str):
        raise Wrong("a text")
    longest = LONGEST if spec.max is None else min(LONGEST, spec.max)
    if len(value) > longest:
        raise Wrong(f"at most {longest} characters")
    if spec.min is not None and len(value) < spec.min:
        raise Wrong(f"at least {spec.min} characters")
    found = _FORBIDDEN.search(value)
    if found:
        raise Wrong(f"holds a character that cannot be kept, U+{ord(found.group()):04X}")
    return value


def _line(value: str) -> str:
    if _BREAKS.search(value):
        raise Wrong("one line, without tabs")
    return value


def _decimal(value: object, shape: re.Pattern[str], wanted: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Wrong(wanted)
    text = str(value)
    if not shape.fullmatch(text):
        raise Wrong(wanted)
    return Decimal(text)


def _within(value: Decimal, spec: FieldSpec, least: int | None = None) -> Decimal:
    least = spec.min if least is None else least
    if least is not None and value < least:
        raise Wrong(f"{least} or more")
    if spec.max is not None and value > spec.max:
        raise Wrong(f"{spec.max} or less")
    return value


def _date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise Wrong("a date such as 2011-07-22")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Wrong("a date of the calendar such as 2011-07-22") from None
    if day.year not in _YEARS:
        raise Wrong("a year from 1900 to 2100")
    return day


def _instant(value: object) -> datetime:
    if isinstance(value, str) and len(value) <= 40:
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Wrong("a time with its zone such as 2011-07-22T10:30:00+08:00")
    if value.year not in _YEARS:
        raise Wrong("a year from 1900 to 2100")
    # The log keeps instants in UTC, and what is in memory must be what it keeps.
    return value.astimezone(UTC)


def _choice(value: object, spec: FieldSpec) -> str:
    code = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(code, str) or code not in spec.choices:
        raise Wrong(f"one of {', '.join(spec.choices)}")
    return code


def _flag(value: object) -> bool:
    if isinstance(value, bool | str):
        if value in _YES:
            return True
        if value in _NO:
            return False
    raise Wrong("yes or no")


def _matching(value: object, shape: re.Pattern[str], wanted: str) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise Wrong(wanted)
    return value


def _place(value: object) -> str:
    wanted = "longitude and latitude such as 116.99,36.65"
    place = _matching(value, _PLACE, wanted)
    longitude, latitude = (Decimal(part) for part in place.split(","))
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise Wrong(wanted)
    return place


def _uuid(value: object) -> UUID:
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise Wrong("an id")
    return UUID(value)


def _many(value: object, spec: FieldSpec, read: Read) -> tuple[UUID, ...] | tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise Wrong("a list")
    least, most = spec.min or 1, MOST if spec.max is None else spec.max
    if not least <= len(value) <= most:
        raise Wrong(f"from {least} to {most}")
    read_parts = tuple(read(part) for part in value)
    if len(set(read_parts)) != len(read_parts):
        raise Wrong("each only once")
    return read_parts  # type: ignore[return-value]
