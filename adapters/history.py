"""The log read back as events: whole streams, batches, and what could not be read."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from adapters.codec import Codec
from adapters.event_store import EventLog, StoredRow
from domain.errors import Unreadable
from domain.log import Metadata, Recorded

UNREAD = Metadata(
    actor="", role="", unit="", command_id=UUID(int=0), request_hash="", correlation_id=UUID(int=0)
)
"""Stands for metadata that nobody asked for."""


class History:
    """Reads events of one log.

    unread: told of a stream that cannot be read whole, before whoever asked for it is.
    """

    def __init__(
        self,
        log: EventLog,
        codec: Codec,
        *,
        unread: Callable[[Unreadable], None] = lambda refusal: None,
    ) -> None:
        self._log, self._codec, self._unread = log, codec, unread

    def stream(
        self, stream_id: UUID, after_version: int = 0, *, up_to: int | None = None
    ) -> list[Recorded]:
        """Events of a stream above a version, to another inclusive. Raises Unreadable."""
        rows = self._log.read_stream(stream_id, after_version, up_to)
        try:
            return [self.recorded(row) for row in rows]
        except Unreadable as refusal:
            self._unread(refusal)
            raise

    def recorded(self, row: StoredRow, *, metadata: bool = True) -> Recorded:
        """The event with its place. Raises Unreadable."""
        stream_id, version, topic = row.stream_id, row.version, row.topic
        return Recorded(
            row.position,
            stream_id,
            version,
            topic,
            self._codec.decode(topic, row.state, version=version, stream_id=stream_id),
            row.recorded_at,
            self._codec.decode_metadata(row.metadata) if metadata else UNREAD,
        )

    def batch(
        self,
        rows: Iterable[StoredRow],
        unread: Callable[[StoredRow, Unreadable], None],
        *,
        wanted: frozenset[str] | None = None,
        metadata: bool = True,
    ) -> list[Recorded]:
        """The events of these topics (None: all); what cannot be read is told to `unread`.

        A topic that the codec does not know as it stands is read all the same: an old one
        becomes another when it is lifted, and a new one may concern anybody.
        """
        left_out = frozenset[str]() if wanted is None else self._codec.topics - wanted
        made = []
        for row in rows:
            if row.topic in left_out:
                continue
            try:
                made.append(self.recorded(row, metadata=metadata))
            except Unreadable as refusal:
                unread(row, refusal)
        return made


def as_of(
    recorded: Iterable[Recorded], occurred_by: datetime | None, known_by: datetime | None
) -> list[Recorded]:
    """The events that had occurred by one moment and were recorded by another, in order.

    *As of* asks what was so; *as known at*, what we knew. None asks nothing.
    """
    return [
        seen
        for seen in recorded
        if (occurred_by is None or _occurred(seen) <= occurred_by)
        and (known_by is None or seen.recorded_at <= known_by)
    ]


def _occurred(seen: Recorded) -> datetime:
    at: datetime = getattr(seen.event, "occurred_at", seen.recorded_at)
    return at
