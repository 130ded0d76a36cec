"""What a batch must know of the log before it can be decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa

from adapters.event_store.batch import Batch, CommandKey, Found, Member


@dataclass(frozen=True, slots=True)
class Wanted:
    """Streams, command ids, claims and upstream applications that a batch names, each once."""

    streams: list[UUID]
    commands: list[CommandKey]
    names: list[str]
    upstreams: list[str]

    @classmethod
    def by(cls, members: Iterable[Member]) -> Wanted:
        """All that these members name."""
        streams: dict[UUID, int] = {}
        commands: dict[CommandKey, None] = {}
        names: dict[str, None] = {}
        upstreams: dict[str, None] = {}
        for member in members:
            streams.update(member.streams())
            if member.named:
                commands[member.metadata.actor, member.metadata.command_id] = None
            for claim in member.claims:
                names[claim.name] = None
            if member.tracking is not None:
                upstreams[member.tracking[0]] = None
        return cls(list(streams), list(commands), list(names), list(upstreams))


class Writer(Protocol):
    """One connection on which batches are written, one transaction each."""

    connection: sa.Connection

    def enter(self, wanted: Wanted) -> Found:
        """Begin a transaction, wait for the writer's lock, read what is wanted."""

    def commit(self, batch: Batch) -> None:
        """Write the batch, tell the followers, commit, and let go of the lock."""

    def holds(self, batch: Batch) -> bool:
        """Whether the batch, whose commit was not answered, is in the log. Waits for the lock."""

    def abandon(self) -> None:
        """Roll back and let go of the lock, whatever state the connection is in."""

    def close(self) -> None:
        """Give the connection back."""
