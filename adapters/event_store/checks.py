"""What is looked at before a command queues, so that one bad text cannot fail a whole batch."""

from __future__ import annotations

from uuid import UUID

from adapters.event_store.member import Member
from domain.errors import Malformed
from domain.log import Append

_LARGEST = 2**63 - 1


def checked(append: Append) -> Member:
    """The command, ready to queue.

    Raises Malformed for a text that a database cannot hold: NUL, a lone surrogate. Drafts
    whose versions do not follow the expected ones are a bug of the caller: ValueError.
    """
    metadata = append.metadata
    for field in ("actor", "role", "unit", "request_hash"):
        text(getattr(metadata, field), field)
    for claim in append.claims:
        text(claim.name, "claim")
    reached: dict[UUID, int] = {}
    for draft in append.drafts:
        text(draft.topic, "topic")
        last = reached.get(draft.stream_id)
        if last is None:
            last = append.expected.get(draft.stream_id)
            if last is None:
                raise ValueError(f"no expected version of stream {draft.stream_id}")
        if draft.version != last + 1 or draft.version > _LARGEST:
            raise ValueError(f"version {draft.version} of {draft.stream_id} follows {last}")
        reached[draft.stream_id] = draft.version
    return Member(append.drafts, append.expected, metadata, append.claims)


def text(value: str, field: str) -> None:
    """Raise Malformed unless both databases store the text exactly."""
    if "\x00" in value:
        raise Malformed(field, "holds a NUL character")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Malformed(field, "holds half a character (a lone surrogate)") from None
