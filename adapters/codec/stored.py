"""One class in its stored form, and what is wrong where a value cannot be stored."""

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from adapters.codec.shapes import shape_of
from domain.errors import Malformed
from domain.record import Record

encode = msgspec.json.Encoder(decimal_format="string", uuid_format="canonical").encode
"""Plain JSON in the one form that is stored: no spaces, text as it is."""

SPOILT = (
    msgspec.MsgspecError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RecursionError,
)
"""What reading bytes that the product did not write ends in."""


class Stored:
    """Writes and reads the values of one dataclass."""

    __slots__ = ("_decode", "_read", "_write")

    def __init__(self, cls: type, name: str) -> None:
        """Raises TypeError, naming the field, for a class that has no stored form."""
        shape = shape_of(cls, name)
        assert shape.write is not None
        assert shape.read is not None
        self._write, self._read = shape.write, shape.read
        self._decode = msgspec.json.Decoder(shape.wire).decode

    def write(self, value: Any) -> bytes:
        """The stored bytes. Raises Malformed, naming the field."""
        try:
            data = encode(self._write(value))
            # What is written once must be read for ever: read it before anybody relies on it.
            self._decode(data)
        except msgspec.ValidationError as error:
            raise Malformed(*_told(error)) from error
        except (UnicodeEncodeError, OverflowError, TypeError, AttributeError) as error:
            raise Malformed(*_fault(value)) from error
        if b"\\u0000" in data and (fault := _fault(value))[0]:
            raise Malformed(*fault)
        return data

    def read(self, data: bytes, at: str) -> Any:
        """The value. Raises one of SPOILT. at: `version/`, where the origins begin."""
        return self._read(self._decode(data), at)


def _told(error: msgspec.ValidationError) -> tuple[str, str]:
    """The field and the reason from msgspec's ``Expected … - at `$.clocks[0].name` ``."""
    because, _, path = str(error).partition(" - at `$")
    path = re.sub(r"\[(\d+)\]", r".\1", path.rstrip("`"))
    return path.lstrip("."), because


def _fault(value: Any) -> tuple[str, str]:
    """The first value inside that cannot be stored; an empty path where every one can."""
    for path, leaf in _leaves(value, ""):
        try:
            data = encode(leaf)
        except UnicodeEncodeError:
            return path, "text with half of a surrogate pair"
        except (TypeError, OverflowError) as error:
            return path, str(error)
        if b"\\u0000" in data and "\0" in leaf:
            return path, "text with a NUL character"
    return "", "a value that has no stored form"


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    dot = f"{path}." if path else ""
    if isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from _leaves(item, f"{dot}{i}")
    elif isinstance(value, Record):
        for field in value:
            yield f"{dot}{field.name!a}", field.name
            yield from _leaves(field.value, f"{dot}{field.name}")
    elif dataclasses.is_dataclass(value):
        for member in dataclasses.fields(value):
            yield from _leaves(getattr(value, member.name), f"{dot}{member.name}")
    else:
        yield path, value
