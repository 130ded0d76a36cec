"""One caller's part of a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from domain.log import Claim, Draft, Metadata, Receipt


class Member:
    """What one caller wants stored, and what became of it.

    All that needs no lock is worked out here, in the caller's own thread.

    expected: None for recorders of the library: versions must rise, and that is all.
    named: whether the metadata's command id is to be remembered.
    tracking: an upstream application and the position in it that this answers.
    """

    __slots__ = (
        "claims",
        "command_key",
        "drafts",
        "expected",
        "keys",
        "metadata",
        "metadata_bytes",
        "named",
        "outcome",
        "tracking",
    )

    def __init__(
        self,
        drafts: Sequence[Draft],
        expected: Mapping[UUID, int] | None,
        metadata: Metadata,
        claims: Sequence[Claim] = (),
        *,
        named: bool = True,
        tracking: tuple[str, int] | None = None,
    ) -> None:
        self.drafts = drafts
        self.keys = [draft.stream_id.bytes for draft in drafts]
        self.expected: list[tuple[bytes, UUID, int]] | None = None
        if expected is not None:
            self.expected = [(stream.bytes, stream, n) for stream, n in expected.items()]
        self.metadata = metadata
        self.metadata_bytes = msgspec.json.encode(metadata)
        self.command_key = metadata.command_id.bytes
        self.claims = claims
        self.named = named
        self.tracking = tracking
        self.outcome: Receipt | Exception | None = None
