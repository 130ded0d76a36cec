"""The typed fields that a step, an entry or an action asks its actor to record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from domain.personal import Personal


class Kind(StrEnum):
    """The shape of a recorded field. Value types in brackets."""

    TEXT = "text"  # [str] names no person
    NOTE = "note"  # [Personal] free text, which may name people
    PERSON = "person"  # [Personal] a name, a telephone number, an ID number
    NUMBER = "number"  # [Decimal]
    MONEY = "money"  # [Decimal] yuan
    DATE = "date"  # [date]
    INSTANT = "instant"  # [datetime] with its zone
    CHOICE = "choice"  # [str] one of the line file's codes
    FLAG = "flag"  # [bool]
    UNIT = "unit"  # [str] code of a unit
    ACCOUNT = "account"  # [str] code of an account
    UNITS = "units"  # [tuple[str, ...]] codes of units
    PLACE = "place"  # [str] "longitude,latitude", degrees, WGS 84
    PHOTOS = "photos"  # [tuple[UUID, ...]] ids of stored pictures
    PAPERS = "papers"  # [tuple[UUID, ...]] ids of stored attachments of any type
    REFERENCE = "reference"  # [UUID] another affair
    OFFERING = "offering"  # [UUID] a session or a venue with places


ATTACHED = (Kind.PHOTOS, Kind.PAPERS)
"""Kinds whose values name attachments."""

Value = (
    str | Personal | Decimal | date | datetime | bool | UUID | tuple[str, ...] | tuple[UUID, ...]
)


@dataclass(frozen=True, slots=True)
class Field:
    """One recorded value."""

    name: str
    kind: Kind
    value: Value


@dataclass(frozen=True, slots=True)
class Record:
    """The fields that were recorded, in the order in which the line file asks for them."""

    fields: tuple[Field, ...] = ()

    def get(self, name: str) -> Value | None:
        """The value of `name`, None where it was not recorded."""
        for recorded in self.fields:
            if recorded.name == name:
                return recorded.value
        return None

    def text(self, name: str) -> str:
        """The value of `name` as plain text, empty where it was not recorded."""
        value = self.get(name)
        return "" if value is None else str(value)

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)


NOTHING = Record()
