"""Events and metadata to bytes and back: one canonical form, known topics only."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast
from uuid import UUID

import msgspec

import domain.affair.events
import domain.line
import domain.organisation
import domain.visit  # noqa: F401  (the modules enter their events in TOPICS)
from adapters.codec.paths import replaced
from adapters.codec.shapes import Shape, shape_of
from adapters.codec.upcasters import UPCASTERS, Upcasters
from domain.errors import Malformed, Unreadable
from domain.log import Metadata
from domain.personal import Personal
from domain.record import Record
from domain.topics import TOPICS

NIL = UUID(int=0)

_ENCODE = msgspec.json.Encoder(decimal_format="string", uuid_format="canonical").encode
_SPOILT = (msgspec.MsgspecError, ValueError, TypeError, LookupError, ArithmeticError)
"""What reading bytes that nobody could have written ends in."""


class _Format:
    """One class in its stored form."""

    __slots__ = ("_decode", "_read", "_write")

    def __init__(self, shape: Shape) -> None:
        assert shape.write is not None
        assert shape.read is not None
        self._write, self._read = shape.write, shape.read
        self._decode = msgspec.json.Decoder(shape.wire).decode

    def write(self, value: Any) -> bytes:
        try:
            data = _ENCODE(self._write(value, ""))
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
        return self._read(self._decode(data), at)


class Codec:
    """Writes events as msgspec JSON and reads them back, by explicit topics only.

    The same event always gives the same bytes. Safe to share between threads.
    """

    def __init__(
        self, topics: Mapping[str, type] = TOPICS, upcasters: Upcasters = UPCASTERS
    ) -> None:
        """Compile all of `topics`. Raises TypeError for a class that has no stored form."""
        self._upcasters = upcasters
        self._by_topic = {topic: _Format(shape_of(cls, topic)) for topic, cls in topics.items()}
        self._by_class = {cls: (topic, self._by_topic[topic]) for topic, cls in topics.items()}
        self._metadata = _Format(shape_of(Metadata, "Metadata"))

    @property
    def topics(self) -> frozenset[str]:
        """The topics that can be read as they are."""
        return frozenset(self._by_topic)

    def encode(self, event: Any) -> tuple[str, bytes]:
        """The topic and stored state of a sealed event.

        Raises Malformed, with the path of the field, for an unsealed personal value, an
        instant without zone, text with NUL or a lone surrogate, a value of the wrong type;
        for a class outside the allow-list, with the class as the field.
        """
        known = self._by_class.get(type(event))
        if known is None:
            raise Malformed(type(event).__qualname__, "not an event of the allow-list")
        topic, form = known
        return topic, form.write(event)

    def decode(self, topic: str, state: bytes, *, version: int, stream_id: UUID = NIL) -> Any:
        """The event stored as `state`, of the newest shape, personal values closed.

        version: of the event in its stream; with the path of the field it makes the origin
            of each personal value.
        stream_id: only told in the refusal.
        Raises Unreadable: unknown topic, other fields than the class has, wrong types.
        """
        form = self._by_topic.get(topic)
        try:
            if topic in self._upcasters:
                return self._lifted(topic, state, f"{version}/")
            if form is not None:
                return form.read(state, f"{version}/")
        except _SPOILT as error:
            because = f"{type(error).__name__}: {error}"
            raise Unreadable(topic, stream_id, version, because) from error
        except RecursionError as error:
            raise Unreadable(topic, stream_id, version, "nested too deep") from error
        raise Unreadable(topic, stream_id, version, "unknown topic")

    def encode_metadata(self, metadata: Metadata) -> bytes:
        """Metadata as stored and hashed. Raises Malformed as `encode` does."""
        return self._metadata.write(metadata)

    def decode_metadata(self, stored: bytes) -> Metadata:
        """Metadata from its stored form. Raises Unreadable, with the nil stream."""
        try:
            return cast(Metadata, self._metadata.read(stored, "0/"))
        except (*_SPOILT, RecursionError) as error:
            raise Unreadable("metadata", NIL, 0, f"{type(error).__name__}: {error}") from error

    def _lifted(self, topic: str, state: bytes, at: str) -> Any:
        lifted = self._upcasters.lift(topic, msgspec.json.decode(state, type=dict[str, Any]))
        event = self._by_topic[lifted.topic].read(_ENCODE(lifted.state), at)

        def sealed_as(personal: Personal, path: str) -> Personal:
            sealed_at = lifted.moved.get(path)
            if sealed_at is None:
                return personal
            return Personal(personal.subject, personal.sealed, at + sealed_at)

        return replaced(event, sealed_as) if lifted.moved else event


def _told(error: msgspec.ValidationError) -> tuple[str, str]:
    """The field and the reason from msgspec's `Expected … - at `$.clocks[0].name``."""
    because, _, path = str(error).partition(" - at `$")
    path = re.sub(r"\[(\d+)\]", r".\1", path.rstrip("`"))
    return path.lstrip("."), because


def _fault(value: Any) -> tuple[str, str]:
    """The first text that cannot be stored; an empty path where every text can."""
    for path, text in _texts(value, ""):
        if "\0" in text:
            return path, "text with a NUL character"
        if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
            return path, "text with half of a surrogate pair"
    return "", "a value that has no stored form"


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    dot = f"{path}." if path else ""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from _texts(item, f"{dot}{i}")
    elif isinstance(value, Record):
        for field in value:
            yield f"{dot}{field.name!a}", field.name
            yield from _texts(field.value, f"{dot}{field.name}")
    elif dataclasses.is_dataclass(value):
        for member in dataclasses.fields(value):
            yield from _texts(getattr(value, member.name), f"{dot}{member.name}")
