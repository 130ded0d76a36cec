"""How the fields of a row become columns, and come back, on both databases."""

import types
import typing
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from adapters.event_store.instants import from_micros, to_micros
from adapters.event_store.schema import BIG, STREAM
from adapters.ids import uuid_of
from domain.personal import Personal

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One field: its SQL type and the conversions, None where the driver needs none."""

    name: str
    type: sa.types.TypeEngine[Any]
    nullable: bool
    write: Convert | None
    read: Convert | None


def columns_of(row: type, *, sqlite: bool) -> tuple[Column, ...]:
    """The columns of a row dataclass. Raises TypeError for a field of no known type."""
    hints = typing.get_type_hints(row)
    return tuple(_column(f.name, hints[f.name], sqlite) for f in fields(row))


def writer(columns: tuple[Column, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """From a row to the tuple that the driver takes, in the order of `columns`."""
    # A key and at least one value: attrgetter gives a tuple.
    assert len(columns) > 1
    take = attrgetter(*(c.name for c in columns))
    converted = [(i, c.write) for i, c in enumerate(columns) if c.write]

    def write(row: Any) -> tuple[Any, ...]:
        values = list(take(row))
        for i, convert in converted:
            value = values[i]
            if value is not None:
                values[i] = convert(value)
        return tuple(values)

    return write


def reader(row: type, columns: tuple[Column, ...]) -> Callable[[Any], Any]:
    """From the driver's tuple to a row."""
    converted = [(i, c.read) for i, c in enumerate(columns) if c.read]
    names = [c.name for c in columns]
    # A wide frozen row takes ten times as long through its __init__.
    plain = not hasattr(row, "__slots__")

    def read(stored: Any) -> Any:
        values = list(stored)
        for i, convert in converted:
            value = values[i]
            if value is not None:
                values[i] = convert(value)
        named = dict(zip(names, values, strict=True))
        if not plain:
            return row(**named)
        made: Any = object.__new__(row)
        made.__dict__.update(named)
        return made

    return read


def _column(name: str, hint: Any, sqlite: bool) -> Column:
    nullable = False
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        inner = [part for part in typing.get_args(hint) if part is not type(None)]
        if len(inner) != 1:
            raise TypeError(f"{name}: {hint} is no column type")
        hint, nullable = inner[0], True
    kind, write, read = _conversion(name, hint, sqlite)
    return Column(name, kind, nullable, write, read)


def _conversion(
    name: str, hint: Any, sqlite: bool
) -> tuple[sa.types.TypeEngine[Any], Convert | None, Convert | None]:
    if hint is bool:
        return (sa.Boolean(), int, bool) if sqlite else (sa.Boolean(), None, None)
    simple: dict[Any, sa.types.TypeEngine[Any]] = {str: sa.Text(), int: BIG}
    if hint in simple:
        return simple[hint], None, None
    if hint is UUID:
        return (STREAM, attrgetter("bytes"), uuid_of) if sqlite else (STREAM, None, None)
    if hint is datetime:
        return BIG, to_micros, from_micros
    if hint is date:
        return sa.Text(), date.isoformat, date.fromisoformat
    if hint is Personal:
        return sa.Text(), personal_to_text, personal_from_text
    if typing.get_origin(hint) is tuple or is_dataclass(hint):
        decode = msgspec.json.Decoder(hint).decode
        return sa.Text(), _json, decode
    raise TypeError(f"{name}: {hint} is no column type")


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def personal_to_text(value: Personal) -> str:
    """A sealed value as a view keeps it: subject, place of origin, ciphertext."""
    assert value.closed, "a view keeps personal values sealed"
    return f"{value.subject.hex}|{value.origin}|{b64encode(value.sealed).decode()}"


def personal_from_text(text: str) -> Personal:
    """The inverse of `personal_to_text`."""
    # A field of a line file may have any name: only the first and the last bar are ours.
    subject, _, rest = text.partition("|")
    origin, _, sealed = rest.rpartition("|")
    return Personal(UUID(subject), b64decode(sealed), origin)
