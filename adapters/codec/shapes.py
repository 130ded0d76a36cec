"""How the value of each type is stored: JSON in one canonical form, strict both ways.

A dataclass is an object with all its fields in the order of the class, a tuple an array,
an instant UTC with Z, a Decimal a string, a Record `[[field, kind, value], …]`, a Personal
`[subject in hexadecimal, sealed in base64url]`. Other types, dicts and sets among them, have
no shape and are refused when an event class is first seen.
"""

import dataclasses
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from types import GenericAlias, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from msgspec.structs import astuple

from domain.errors import Malformed
from domain.personal import Personal
from domain.record import Field, Kind, Record

Write = Callable[[Any, str], Any]
Read = Callable[[Any, str], Any]

Instant = Annotated[datetime, msgspec.Meta(tz=True)]


@dataclass(frozen=True, slots=True)
class Shape:
    """How values of one type are stored.

    wire: the type that msgspec reads and writes.
    write: (value, path) to wire, None where msgspec takes the value as it is. Raises Malformed.
    read: (wire, path with `version/` before it) to value, None where it is the value already.
    """

    wire: Any
    write: Write | None = None
    read: Read | None = None


def instant(value: datetime, path: str) -> datetime:
    """The same instant in UTC. Raises Malformed for a naive one."""
    if value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise Malformed(path, "an instant needs its zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise Malformed(path, "an instant between the years 1 and 9999") from None


def _instant(wire: datetime, at: str) -> datetime:
    return wire if wire.tzinfo is UTC else wire.astimezone(UTC)


def finite(value: Decimal, path: str) -> Decimal:
    """The same number. Raises Malformed for infinity and for what is no number."""
    if not value.is_finite():
        raise Malformed(path, "a finite number")
    return value


def _finite(wire: Decimal, at: str) -> Decimal:
    if not wire.is_finite():
        raise ValueError("a number that is not finite")
    return wire


def _write_personal(value: Personal, path: str) -> tuple[str, str]:
    if not value.sealed:
        raise Malformed(path, "a personal value must be sealed before it is written")
    text = b2a_base64(value.sealed, newline=False).decode("ascii")
    return value.subject.hex, text.replace("+", "-").replace("/", "_")


def _read_personal(wire: tuple[UUID, str], at: str) -> Personal:
    subject, text = wire
    sealed = a2b_base64(text.replace("-", "+").replace("_", "/"), strict_mode=True)
    if not sealed:
        raise ValueError("an empty personal value")
    return Personal(subject, sealed, at)


def _converted(kind: Any) -> Read:
    convert = msgspec.convert

    def read(wire: Any, at: str) -> Any:
        return convert(wire, kind)

    return read


def _read_recorded_personal(wire: Any, at: str) -> Personal:
    return _read_personal(msgspec.convert(wire, tuple[UUID, str]), at)


def _read_recorded_instant(wire: Any, at: str) -> datetime:
    return _instant(msgspec.convert(wire, Instant), at)


def _read_recorded_number(wire: Any, at: str) -> Decimal:
    # A JSON number would have passed through a float.
    return _finite(Decimal(msgspec.convert(wire, str)), at)


_TEXT: tuple[type, Write | None, Read] = (str, None, _converted(str))
_PERSONAL: tuple[type, Write | None, Read] = (Personal, _write_personal, _read_recorded_personal)
_NUMBER: tuple[type, Write | None, Read] = (Decimal, finite, _read_recorded_number)

RECORDED: dict[Kind, tuple[type, Write | None, Read]] = {
    Kind.TEXT: _TEXT,
    Kind.NOTE: _PERSONAL,
    Kind.PERSON: _PERSONAL,
    Kind.NUMBER: _NUMBER,
    Kind.MONEY: _NUMBER,
    Kind.DATE: (date, None, _converted(date)),
    Kind.INSTANT: (datetime, instant, _read_recorded_instant),
    Kind.CHOICE: _TEXT,
    Kind.FLAG: (bool, None, _converted(bool)),
    Kind.UNIT: _TEXT,
    Kind.UNITS: (tuple, None, _converted(tuple[str, ...])),
    Kind.PLACE: _TEXT,
    Kind.PHOTOS: (tuple, None, _converted(tuple[UUID, ...])),
    Kind.REFERENCE: (UUID, None, _converted(UUID)),
}
"""Of each kind: the type of its value, how it is written, how it is read."""

_INSIDE = {Kind.UNITS: str, Kind.PHOTOS: UUID}


def _write_record(record: Record, path: str) -> list[tuple[str, Kind, Any]]:
    rows: list[tuple[str, Kind, Any]] = []
    names = set()
    for field in record.fields:
        kind, value, at = field.kind, field.value, f"{path}.{field.name}"
        expected, write, _ = RECORDED[kind]
        # A datetime is a date for Python, but not for the reader.
        if not isinstance(value, expected) or (kind is Kind.DATE and isinstance(value, datetime)):
            raise Malformed(at, f"a field of kind {kind} holds a {expected.__name__}")
        inside = _INSIDE.get(kind)
        if inside and not all(isinstance(item, inside) for item in value):  # type: ignore[union-attr]
            raise Malformed(at, f"a field of kind {kind} holds a {inside.__name__} in each place")
        if field.name in names:
            raise Malformed(at, "recorded twice")
        names.add(field.name)
        rows.append((field.name, kind, value if write is None else write(value, at)))
    return rows


def _read_record(wire: list[tuple[str, Kind, Any]], at: str) -> Record:
    fields = [Field(name, k, RECORDED[k][2](value, f"{at}.{name}")) for name, k, value in wire]
    return Record(tuple(fields))


def _optional(inner: Shape) -> Shape:
    write, read = inner.write, inner.read
    return Shape(
        inner.wire | None,
        write and (lambda value, path: None if value is None else write(value, path)),
        read and (lambda wire, at: None if wire is None else read(wire, at)),
    )


def _sequence(inner: Shape) -> Shape:
    write, read = inner.write, inner.read
    return Shape(
        GenericAlias(tuple, (inner.wire, ...)),
        write and (lambda values, path: [write(v, f"{path}.{i}") for i, v in enumerate(values)]),
        read and (lambda wires, at: tuple([read(w, f"{at}.{i}") for i, w in enumerate(wires)])),
    )


def _object(cls: type) -> Shape:
    hints = get_type_hints(cls)
    names = tuple(field.name for field in dataclasses.fields(cls))
    shapes = [shape_of(hints[name], f"{cls.__name__}.{name}") for name in names]
    wire = msgspec.defstruct(
        cls.__name__,
        [(name, shape.wire) for name, shape in zip(names, shapes, strict=True)],
        forbid_unknown_fields=True,
        gc=False,
    )
    values_of = attrgetter(*names)
    writes = [(i, names[i], s.write) for i, s in enumerate(shapes) if s.write]
    reads = [(i, names[i], s.read) for i, s in enumerate(shapes) if s.read]
    single = len(names) == 1

    def write(value: Any, path: str) -> Any:
        values = [values_of(value)] if single else list(values_of(value))
        for i, name, written in writes:
            values[i] = written(values[i], f"{path}.{name}" if path else name)
        return wire(*values)

    def read(stored: Any, at: str) -> Any:
        values = list(astuple(stored))
        dot = at if at.endswith("/") else f"{at}."
        for i, name, made in reads:
            values[i] = made(values[i], dot + name)
        return cls(**dict(zip(names, values, strict=True)))

    return Shape(wire, write, read)


_PLAIN = (str, int, bool, UUID, date)


def shape_of(kind: Any, where: str) -> Shape:
    """The shape of a type. Raises TypeError for one that events may not hold, naming `where`."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in _PLAIN or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return Shape(kind)
    if kind is datetime:
        return Shape(Instant, instant, _instant)
    if kind is Decimal:
        return Shape(Decimal, finite, _finite)
    if kind is Personal:
        return Shape(tuple[UUID, str], _write_personal, _read_personal)
    if kind is Record:
        return Shape(list[tuple[str, Kind, Any]], _write_record, _read_record)
    if origin in (Union, UnionType) and len(inner) == 2 and inner[1] is NoneType:
        return _optional(shape_of(inner[0], where))
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return _sequence(shape_of(inner[0], where))
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _object(kind)
    raise TypeError(f"{where}: {kind} has no stored form")
