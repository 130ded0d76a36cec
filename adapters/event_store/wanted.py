"""What a batch must know of the log before it can be decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa

from adapters.event_store.batch import Batch, CommandKey, Found
from adapters.event_store.member import Member


@dataclass(frozen=True, slots=True)
class Wanted:
    """Streams, command ids, claims and upstream applications that a batch names, each once."""

    streams: dict[bytes, UUID]
    commands: dict[CommandKey, UUID]
    names: list[str]
    upstreams: list[str]

    @classmethod
    def by(cls, members: Iterable[Member]) -> Wanted:
        """All that these members name."""
        streams: dict[bytes, UUID] = {}
        commands: dict[CommandKey, UUID] = {}
        names: dict[str, None] = {}
        upstreams: dict[str, None] = {}
        for member in members:
            if member.expected is not None:
                streams.update((key, stream_id) for key, stream_id, _ in member.expected)
            else:
                for key, draft in zip(member.keys, member.drafts, strict=True):
                    streams[key] = draft.stream_id
            if member.named:
                metadata = member.metadata
                commands[metadata.actor, member.command_key] = metadata.command_id
            for claim in member.claims:
                names[claim.name] = None
            if member.tracking is not None:
                upstreams[member.tracking[0]] = None
        return cls(streams, commands, list(names), list(upstreams))


class Writer(Protocol):
    """One connection on which batches are written, one transaction each."""

    connection: sa.Connection

    def enter(self, wanted: Wanted) -> Found:
        """Begin a transaction, wait for the writer's lock, read what is wanted."""

    def commit(self, batch: Batch) -> None:
        """Write the batch, tell the followers, commit, and let go of the lock."""

    def leave(self) -> None:
        """End a transaction in which nothing was written, and let go of the lock."""

    def holds(self, batch: Batch) -> bool:
        """Whether the batch, whose commit was not answered, is in the log. Waits for the lock."""

    def abandon(self) -> None:
        """Roll back and let go of the lock, whatever state the connection is in."""

    def close(self) -> None:
        """Give the connection back."""
