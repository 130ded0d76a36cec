"""Events and metadata to bytes and back: one canonical form, known topics only."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

import domain.account.events
import domain.affair.events
import domain.line
import domain.offering
import domain.organisation
import domain.reads
import domain.visit  # noqa: F401  (the modules enter their events in TOPICS)
from adapters.codec import metadata
from adapters.codec.making import closed
from adapters.codec.paths import replaced
from adapters.codec.stored import SPOILT, Stored, encode
from adapters.codec.upcasters import UPCASTERS, Upcasters
from domain.errors import Malformed, Unreadable
from domain.log import Metadata
from domain.personal import Personal
from domain.topics import TOPICS

NIL = UUID(int=0)


class Codec:
    """Writes events as msgspec JSON and reads them back, by explicit topics only.

    The same event always gives the same bytes. Safe to share between threads.
    """

    def __init__(
        self, topics: Mapping[str, type] = TOPICS, upcasters: Upcasters = UPCASTERS
    ) -> None:
        """Compile all of `topics`. Raises TypeError for a class that has no stored form."""
        self._upcasters = upcasters
        self._by_topic = {topic: Stored(cls, topic) for topic, cls in topics.items()}
        self._by_class = {cls: (topic, self._by_topic[topic]) for topic, cls in topics.items()}

    @property
    def topics(self) -> frozenset[str]:
        """The topics that can be read as they are."""
        return frozenset(self._by_topic)

    def encode(self, event: Any) -> tuple[str, bytes]:
        """The topic and stored state of a sealed event.

        Raises Malformed, with the path of the field, for an unsealed personal value, an
        instant without zone, text with NUL or half of a surrogate pair, a value of the wrong
        type; for a class outside the allow-list, with its name for the field.
        """
        known = self._by_class.get(type(event))
        if known is None:
            raise Malformed(type(event).__qualname__, "not an event of the allow-list")
        topic, stored = known
        return topic, stored.write(event)

    def decode(self, topic: str, state: bytes, *, version: int, stream_id: UUID = NIL) -> Any:
        """The event stored as `state`, of the newest shape, personal values closed.

        version: of the event in its stream; with the path of the field it makes the origin
            of each personal value.
        stream_id: only told in the refusal.
        Raises Unreadable: unknown topic, other fields than the class has, wrong types.
        """
        stored = self._by_topic.get(topic)
        try:
            if topic in self._upcasters:
                return self._lifted(topic, state, f"{version}/")
            if stored is not None:
                return stored.read(state, f"{version}/")
        except SPOILT as error:
            because = f"{type(error).__name__}: {error}"
            raise Unreadable(topic, stream_id, version, because) from error
        raise Unreadable(topic, stream_id, version, "unknown topic")

    def encode_metadata(self, value: Metadata) -> bytes:
        """Metadata as stored and hashed. Raises Malformed as `encode` does."""
        return metadata.encode_metadata(value)

    def decode_metadata(self, stored: bytes) -> Metadata:
        """Metadata from its stored form. Raises Unreadable, with the nil stream."""
        return metadata.decode_metadata(stored)

    def _lifted(self, topic: str, state: bytes, at: str) -> Any:
        lifted = self._upcasters.lift(topic, msgspec.json.decode(state, type=dict[str, Any]))
        event = self._by_topic[lifted.topic].read(encode(lifted.state), at)

        def sealed_as(personal: Personal, path: str) -> Personal:
            sealed_at = lifted.moved.get(path)
            if sealed_at is None:
                return personal
            return closed(personal.subject, personal.sealed, at + sealed_at)

        return replaced(event, sealed_as) if lifted.moved else event
