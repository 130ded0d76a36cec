"""Recorded fields: how a line file asks for them, and how what was sent in is read.

Reading takes a JSON-like mapping (text, numbers, true and false, lists) and gives a `Record`
in the order of the line file. Nothing is repaired on the way: a value is stored exactly as it
came, or refused with the name of its field.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic import Field as Key

from domain.errors import FieldInvalid, FieldMissing
from domain.personal import Personal
from domain.record import NOTHING, Field, Kind, Record, Value
from domain.written import UNSEEN
from workflows import dated, reading
from workflows.reading import LONGEST, LONGEST_ACCOUNT, Wrong

__all__ = ["LONGEST", "LONGEST_ACCOUNT"]


class Written(BaseModel):
    """What stands in a line file: no key that is not known, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


ONE_LINE = rf"^[^{UNSEEN}]+$"
Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, pattern=ONE_LINE)]
"""What people read: one line, without signs that nobody sees."""
NAME = r"^[a-z][a-z0-9_]*$"
CODE = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
HAPPENING = r"^[A-Za-z][A-Za-z0-9_]*(:[A-Za-z0-9_]+)?$"
STEP = r"^[A-Z]{1,2}[0-9]{1,3}$"
LINE = r"^[A-Z]{2}$"
Name = Annotated[str, StringConstraints(pattern=NAME, max_length=40)]
Code = Annotated[str, StringConstraints(pattern=CODE, max_length=40)]


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
    from_today: a date not before the day of the step. within_days: at most so many days after it.
    next_month: a date that is the first day of the month after the step.
    past: an instant not after the step, and not before the affair was registered.
    form: of a person, a day that is kept sealed, such as one of birth.
    filled: told by the offering that another field names, and never asked for.
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
    next_month: bool = False
    past: bool = False
    within_days: int | None = None
    form: Literal["date"] | None = None
    filled: Literal["starts_at", "ends_at"] | None = None
    matters: Codes = ()
    help: Label | None = None


Read = Callable[[object], Value]


@dataclass(frozen=True, slots=True)
class Asked:
    """One field, made ready to read."""

    name: str
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
            if asked.spec.from_today
            or asked.spec.next_month
            or asked.spec.past
            or asked.spec.within_days is not None
        )

    @property
    def specs(self) -> tuple[FieldSpec, ...]:
        """What is asked for, in the order of the file."""
        return tuple(asked.spec for asked in self.asked)

    def read(
        self,
        raw: Mapping[str, object],
        subject: UUID,
        at: datetime | None = None,
        since: datetime | None = None,
    ) -> Record:
        """The record. Notes and persons become personal data of `subject`, to be sealed.

        at: when it happens, for dates that may not lie before it, or after it; where it is not
        told, they are taken as they come. since: when the affair was registered.
        Raises FieldInvalid, FieldMissing.
        """
        for name in raw:
            if name not in self.names:
                raise FieldInvalid(self.step, str(name)[:64], "not asked for")
        fields = []
        for asked in self.asked:
            value = raw.get(asked.name)
            if _absent(value):
                if asked.spec.required:
                    raise FieldMissing(self.step, asked.name)
                continue
            try:
                read = asked.read(value)
            except Wrong as wrong:
                raise FieldInvalid(self.step, asked.name, str(wrong)) from None
            if asked.personal:
                read = Personal(subject, clear=str(read))
            fields.append(Field(asked.name, asked.spec.kind, read))
        if not fields:
            return NOTHING
        record = Record(tuple(fields))
        if self.dated and at is not None:
            dated.check(self.step, self.dated, record, at, since or at)
        return record


def _absent(value: object) -> bool:
    return (
        value is None
        or (isinstance(value, str | list | tuple) and not value)
        or (isinstance(value, str) and value.isspace())
    )


def _asked(spec: FieldSpec) -> Asked:
    return Asked(
        name=spec.name,
        personal=spec.kind in (Kind.NOTE, Kind.PERSON),
        read=_reader(spec),
        spec=spec,
    )


def _reader(spec: FieldSpec) -> Read:
    match spec.kind:
        case Kind.PERSON if spec.form == "date":
            return lambda value: reading.day(value).isoformat()
        case Kind.TEXT | Kind.PERSON:
            return lambda value: reading.line(reading.text(value, spec))
        case Kind.NOTE:
            return lambda value: reading.text(value, spec)
        case Kind.NUMBER:
            return lambda value: reading.within(
                reading.decimal(value, reading.NUMBER, "a number"), spec
            )
        case Kind.MONEY:
            least = 0 if spec.min is None else spec.min
            return lambda value: reading.within(
                reading.decimal(value, reading.MONEY, "yuan, at most two decimals"), spec, least
            ).quantize(Decimal("0.01"))
        case Kind.DATE:
            return reading.day
        case Kind.INSTANT:
            return reading.instant
        case Kind.CHOICE:
            return lambda value: reading.choice(value, spec)
        case Kind.FLAG:
            return reading.flag
        case Kind.UNIT:
            return reading.unit
        case Kind.ACCOUNT:
            return reading.account
        case Kind.UNITS:
            return lambda value: reading.many(value, spec, reading.unit)
        case Kind.PLACE:
            return reading.place
        case Kind.PHOTOS | Kind.PAPERS:
            return lambda value: reading.many(value, spec, reading.id_)
        case Kind.REFERENCE | Kind.OFFERING:
            return reading.id_
