"""How the value of each type is stored: JSON in one canonical form, strict both ways.

A dataclass is an object with all its fields in the order of the class, a tuple an array,
an instant UTC with Z, a Decimal a string, a Record `[[field, kind, value], …]`, a Personal
`[subject in hexadecimal, sealed in base64url]`. Other types, dicts and sets among them, have
no shape and are refused when an event class is first seen.
"""

import dataclasses
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import GenericAlias, NoneType, UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin
from uuid import UUID

import msgspec

from adapters.codec.making import Maker, closed, field
from domain.errors import Malformed
from domain.personal import Personal
from domain.record import Kind, Record

Write = Callable[[Any], Any]
Read = Callable[[Any, str], Any]

Instant = Annotated[datetime, msgspec.Meta(tz=True)]


@dataclass(frozen=True, slots=True)
class Shape:
    """How values of one type are stored.

    wire: the type that msgspec reads and writes.
    write: value to wire, None where msgspec takes the value as it is. Raises Malformed with
        the path from the value on.
    read: (wire, path with `version/` before it) to value, None where it is the value already.
    placed: reading needs the path, since a Personal may be inside.
    """

    wire: Any
    write: Write | None = None
    read: Read | None = None
    placed: bool = False


def _within(name: str, error: Malformed) -> Malformed:
    return Malformed(f"{name}.{error.field}" if error.field else name, error.because)


def _write_instant(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is UTC:
        return value
    if value.utcoffset() is None:
        raise Malformed("", "an instant needs its zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise Malformed("", "an instant between the years 1 and 9999") from None


def _read_instant(wire: datetime | None, at: str) -> datetime | None:
    return wire if wire is None or wire.tzinfo is UTC else wire.astimezone(UTC)


def _write_number(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise Malformed("", "a finite number")
    return value


def _read_number(wire: Decimal, at: str) -> Decimal:
    if not wire.is_finite():
        raise ValueError("a number that is not finite")
    return wire


class _Sealed(msgspec.Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    subject: UUID
    sealed: str


def _write_personal(value: Personal) -> tuple[str, str]:
    if not value.sealed:
        raise Malformed("", "a personal value must be sealed before it is written")
    text = b2a_base64(value.sealed, newline=False).decode("ascii")
    return value.subject.hex, text.replace("+", "-").replace("/", "_")


def _read_personal(wire: _Sealed, at: str) -> Personal:
    text = wire.sealed.replace("-", "+").replace("_", "/")
    sealed = a2b_base64(text, strict_mode=True)
    if not sealed:
        raise ValueError("an empty personal value")
    return closed(wire.subject, sealed, at)


@dataclass(frozen=True, slots=True)
class _Recorded:
    """How the values of one kind of field are stored.

    kind, items: the type of the value, and of what is in it if it is a tuple.
    """

    kind: type
    decode: Callable[[msgspec.Raw], Any]
    write: Write | None = None
    read: Read | None = None
    items: type | None = None

    @property
    def told(self) -> str:
        """The type in words."""
        return self.kind.__name__ + (f" of {self.items.__name__}" if self.items else "")

    def fits(self, value: Any) -> bool:
        """Whether it is a value of this kind."""
        if value.__class__ is not self.kind:
            # Important: an instant is a date for Python, but not for the reader.
            return isinstance(value, self.kind) and not isinstance(value, datetime)
        items, inside = self.items, cast(Iterable[Any], value)
        return items is None or all(isinstance(item, items) for item in inside)


def _recorded(kind: Kind) -> _Recorded:
    decoder = msgspec.json.Decoder
    match kind:
        case Kind.TEXT | Kind.CHOICE | Kind.UNIT | Kind.ACCOUNT | Kind.PLACE:
            return _Recorded(str, decoder(str).decode)
        case Kind.NOTE | Kind.PERSON:
            return _Recorded(Personal, decoder(_Sealed).decode, _write_personal, _read_personal)
        case Kind.NUMBER | Kind.MONEY:
            return _Recorded(Decimal, decoder(Decimal).decode, _write_number, _read_number)
        case Kind.DATE:
            return _Recorded(date, decoder(date).decode)
        case Kind.INSTANT:
            return _Recorded(datetime, decoder(Instant).decode, _write_instant, _read_instant)
        case Kind.FLAG:
            return _Recorded(bool, decoder(bool).decode)
        case Kind.UNITS:
            return _Recorded(tuple, decoder(tuple[str, ...]).decode, items=str)
        case Kind.PHOTOS | Kind.PAPERS:
            return _Recorded(tuple, decoder(tuple[UUID, ...]).decode, items=UUID)
        case Kind.REFERENCE | Kind.OFFERING:
            return _Recorded(UUID, decoder(UUID).decode)


_RECORDED = {kind: _recorded(kind) for kind in Kind}
_RECORD = Shape(list[tuple[str, Kind, msgspec.Raw]])


def _write_record(record: Record) -> list[tuple[str, Kind, Any]]:
    rows: list[tuple[str, Kind, Any]] = []
    for recorded in record.fields:
        name, value, known = recorded.name, recorded.value, _RECORDED[recorded.kind]
        if not known.fits(value):
            raise Malformed(name, f"a field of kind {recorded.kind} holds {known.told}")
        if known.write is not None:
            try:
                value = known.write(value)
            except Malformed as error:
                raise _within(name, error) from None
        rows.append((name, recorded.kind, value))
    if len({row[0] for row in rows}) != len(rows):
        raise Malformed("", "a field that is recorded twice")
    return rows


def _read_record(wire: list[tuple[str, Kind, msgspec.Raw]], at: str) -> Record:
    fields = []
    for name, kind, raw in wire:
        known = _RECORDED[kind]
        value = known.decode(raw)
        if known.read is not None:
            value = known.read(value, f"{at}.{name}")
        fields.append(field(name, kind, value))
    return Record(tuple(fields))


def _optional(inner: Shape) -> Shape:
    write, read = inner.write, inner.read
    if write is None or write is _write_instant:
        return Shape(inner.wire | None, write, read)
    return Shape(
        inner.wire | None,
        lambda value: None if value is None else write(value),
        read and (lambda wire, at: None if wire is None else read(wire, at)),
        inner.placed,
    )


def _tuple(values: Any) -> tuple[Any, ...]:
    # A set would come out in another order next time, a list could change meanwhile.
    if not isinstance(values, tuple):
        raise Malformed("", "a tuple")
    return values


def _sequence(inner: Shape) -> Shape:
    write, read = inner.write, inner.read
    wire = GenericAlias(tuple, (inner.wire, ...))
    if write is None or read is None:
        return Shape(wire, _tuple)

    def write_all(values: tuple[Any, ...]) -> list[Any]:
        wires: list[Any] = []
        _tuple(values)
        try:
            for value in values:
                wires.append(write(value))  # noqa: PERF401  (the length tells where it failed)
        except Malformed as error:
            raise _within(str(len(wires)), error) from None
        return wires

    def read_all(wires: tuple[Any, ...], at: str) -> tuple[Any, ...]:
        if not wires:
            return ()
        if inner.placed:
            return tuple([read(wire, f"{at}.{i}") for i, wire in enumerate(wires)])
        return tuple([read(wire, at) for wire in wires])

    return Shape(wire, write_all, read_all, inner.placed)


@cache
def _object(cls: type) -> Shape:
    maker = Maker(cls)
    names = maker.names
    shapes = [
        shape_of(hint, f"{cls.__name__}.{name}")
        for name, hint in zip(names, maker.hints, strict=True)
    ]
    wire = msgspec.defstruct(
        cls.__name__,
        [(name, shape.wire) for name, shape in zip(names, shapes, strict=True)],
        forbid_unknown_fields=True,
        gc=False,
    )
    writes = [(i, names[i], s.write) for i, s in enumerate(shapes) if s.write]

    def write(value: Any) -> Any:
        values = list(maker.values_of(value))
        name = ""
        try:
            for i, name, written in writes:  # noqa: B007  (the name tells where it failed)
                values[i] = written(values[i])
        except Malformed as error:
            raise _within(name, error) from None
        except (TypeError, AttributeError) as error:
            raise Malformed(name, "a value of another type") from error
        return wire(*values)

    placed = any(shape.read and shape.placed for shape in shapes)
    return Shape(wire, write, _reading(maker, shapes), placed)


def _reading(maker: Maker, shapes: Sequence[Shape]) -> Read:
    """From the wire to the dataclass: one function for the class, written out field by field.

    Like `dataclasses`, which writes an `__init__`: a loop over the fields takes twice as long,
    and most of a replay is this.
    """
    known: dict[str, Any] = {"new": object.__new__, "cls": maker.cls, "UTC": UTC}
    lines = ["def read(stored, at):", "made = new(cls)"]
    lines.append("start = at if at[-1:] == '/' else at + '.'")
    for i, (name, shape) in enumerate(zip(maker.names, shapes, strict=True)):
        known[f"put{i}"], known[f"read{i}"] = maker.puts[i], shape.read
        value = f"stored.{name}"
        if shape.read is _read_instant:
            # A look at the zone costs less than a call.
            lines.append(f"value = {value}")
            lines.append("if value is not None and value.tzinfo is not UTC:")
            lines.append("    value = value.astimezone(UTC)")
            value = "value"
        elif shape.read is not None:
            value = f"read{i}({value}, {f'start + {name!r}' if shape.placed else 'at'})"
        lines.append(f"put{i}(made, {value})")
    if maker.finish is not None:
        known["finish"] = maker.finish
        lines.append("finish(made)")
    lines.append("return made")
    # Names of fields are identifiers, and nothing else of the class is in the text.
    source = "\n    ".join(lines)
    exec(source, known)  # noqa: S102  # nosec B102
    read: Read = known["read"]
    return read


def shape_of(kind: Any, where: str) -> Shape:
    """The shape of a type. Raises TypeError for one that events may not hold, naming `where`."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in (str, int, bool, UUID, date) or _is_code(kind):
        return Shape(kind)
    if kind is datetime:
        return Shape(Instant, _write_instant, _read_instant)
    if kind is Decimal:
        return Shape(Decimal, _write_number, _read_number)
    if kind is Personal:
        return Shape(_Sealed, _write_personal, _read_personal, placed=True)
    if kind is Record:
        return Shape(_RECORD.wire, _write_record, _read_record, placed=True)
    if origin in (Union, UnionType) and len(inner) == 2 and inner[1] is NoneType:
        return _optional(shape_of(inner[0], where))
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return _sequence(shape_of(inner[0], where))
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _object(kind)
    raise TypeError(f"{where}: {kind} has no stored form")


def _is_code(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrEnum)
