"""Commands as the tests append them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from domain.log import NEW, Append, Claim, Draft, Metadata

HASH = "5f" * 32


def now() -> datetime:
    """The world's clock."""
    return datetime.now(UTC)


def draft(stream_id: UUID, version: int, state: bytes = b"{}") -> Draft:
    """One event."""
    return Draft(
        stream_id=stream_id, version=version, topic="test.noted.v1", state=state, event=None
    )


def metadata(command_id: UUID | None = None, request_hash: str = HASH) -> Metadata:
    """Of officer Li Qiang at window 2."""
    return Metadata(
        actor="liqiang",
        role="CW",
        unit="window-2",
        command_id=command_id or uuid4(),
        request_hash=request_hash,
        correlation_id=UUID(int=7),
    )


def command(
    stream_id: UUID | None = None,
    after: int = NEW,
    *,
    events: int = 1,
    command_id: UUID | None = None,
    request_hash: str = HASH,
    claims: Sequence[Claim] = (),
    state: bytes = b"{}",
) -> Append:
    """Store `events` events on one stream, which must be at version `after`."""
    stream = stream_id or uuid4()
    return Append(
        drafts=tuple(draft(stream, after + n, state) for n in range(1, events + 1)),
        expected={stream: after},
        metadata=metadata(command_id, request_hash),
        claims=tuple(claims),
    )
