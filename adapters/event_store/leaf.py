"""The leaf of the evidence: one hash over everything that is stored of an event."""

from __future__ import annotations

from hashlib import sha256
from struct import Struct
from uuid import UUID

_LOG = Struct(">cI16s")
_PLACE = Struct(">IqI16sIqI")
_TIME = Struct(">IqI")
_LENGTH = Struct(">I")


class LeafHasher:
    """SHA-256 over 0x00 and, each led by its length in four bytes, the fields of one event.

    In this order: log id (16 bytes), position (8), stream id (16), version (8), topic (UTF-8),
    recorded_at (8, microseconds since 1970 UTC), metadata, state as stored. Numbers are
    big-endian; a time before 1970 is in two's complement.
    """

    __slots__ = ("_prefix",)

    def __init__(self, log_id: UUID) -> None:
        self._prefix = _LOG.pack(b"\x00", 16, log_id.bytes)

    def __call__(
        self,
        position: int,
        stream_id: bytes,
        version: int,
        topic: bytes,
        recorded_at: int,
        metadata: bytes,
        state: bytes,
    ) -> bytes:
        """The 32 bytes of the hash. `stream_id` is 16 bytes, `topic` encoded."""
        return sha256(
            b"".join(
                (
                    self._prefix,
                    _PLACE.pack(8, position, 16, stream_id, 8, version, len(topic)),
                    topic,
                    _TIME.pack(8, recorded_at, len(metadata)),
                    metadata,
                    _LENGTH.pack(len(state)),
                    state,
                )
            )
        ).digest()
