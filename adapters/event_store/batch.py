"""Deciding, under the writer's lock, what of a batch is stored. Pure: no database, no clock.

Each member sees what the members before it stored: versions, commands and claims. A refused
member leaves nothing behind, so it never spoils its neighbours.

Ids are keyed by their bytes here: a UUID takes ten times as long to look up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import msgspec

from adapters.event_store.instants import from_micros
from adapters.event_store.leaf import LeafHasher
from adapters.event_store.member import Member
from adapters.ids import uuid_of
from domain.errors import ClaimHeld, CommandReused, Conflict
from domain.log import Claim, Receipt, Recorded

CommandKey = tuple[str, bytes]
Outcome = Receipt | Exception

EventRow = tuple[int, bytes, int, str, bytes, bytes, int, bytes]
"""As the table `events`: position, stream id, version, topic, state, metadata, recorded_at,
leaf hash."""


class AlreadyTracked(Exception):
    """The upstream position, or a later one, is recorded as processed."""


class CommandRow(NamedTuple):
    """As the table `commands`. versions: JSON, stream id to version."""

    actor: str
    command_id: bytes
    request_hash: str
    first: int
    last: int
    recorded_at: int
    versions: str


@dataclass(slots=True)
class Found:
    """What the log holds of the things that a batch names. Missing keys are not there."""

    head: int
    recorded_at: int
    versions: dict[bytes, int] = field(default_factory=dict)
    commands: dict[CommandKey, CommandRow] = field(default_factory=dict)
    holders: dict[str, UUID | None] = field(default_factory=dict)
    tracked: dict[str, int] = field(default_factory=dict)


class Batch:
    """The rows that a transaction will write, gathered member by member."""

    def __init__(self, found: Found, hasher: LeafHasher, now: int, *, recording: bool) -> None:
        self._found = found
        self._hash = hasher
        self._recording = recording
        self.recorded_at = max(now, found.recorded_at)
        self._instant = from_micros(self.recorded_at)
        self.head = found.head
        self.events: list[EventRow] = []
        self.streams: list[UUID] = []
        """The stream of each of the events."""
        self.recorded: list[Recorded] = []
        self.commands: list[CommandRow] = []
        self.claims: dict[str, tuple[UUID, int] | None] = {}
        self.tracking: dict[str, int] = {}

    @property
    def is_empty(self) -> bool:
        """Nothing to store: every member was refused, or answered before."""
        return not (self.events or self.commands or self.tracking)

    def admit(self, member: Member) -> Outcome:
        """Add the member's rows, or say why not."""
        metadata = member.metadata
        key = (metadata.actor, member.command_key)
        if member.named:
            stored = self._found.commands.get(key)
            if stored is not None:
                if stored.request_hash != metadata.request_hash:
                    return CommandReused(metadata.command_id)
                return receipt(stored)
        refusal: Exception | None = self._conflict(member)
        claims: dict[str, UUID | None] = {}
        if refusal is None and member.claims:
            claimed = self._claimed(member.claims)
            if isinstance(claimed, ClaimHeld):
                refusal = claimed
            else:
                claims = claimed
        if refusal is None and member.tracking is not None:
            name, position = member.tracking
            if position <= self._found.tracked.get(name, -1):
                refusal = AlreadyTracked(f"{name} {position}")
            else:
                self._found.tracked[name] = self.tracking[name] = position
        if refusal is not None:
            return refusal
        first = self.head + 1
        versions = self._place(member)
        for name, holder in claims.items():
            self._found.holders[name] = holder
            self.claims[name] = None if holder is None else (holder, self.head)
        if member.named:
            reached = ",".join([f'"{stream.hex}":{n}' for stream, n in versions.items()])
            row = CommandRow(
                metadata.actor,
                member.command_key,
                metadata.request_hash,
                first,
                self.head,
                self.recorded_at,
                f"{{{reached}}}",
            )
            self._found.commands[key] = row
            self.commands.append(row)
        return Receipt(
            command_id=metadata.command_id,
            first=first,
            last=self.head,
            versions=versions,
            recorded_at=self._instant,
        )

    def _conflict(self, member: Member) -> Conflict | None:
        versions = self._found.versions
        if member.expected is not None:
            for key, stream_id, expected in member.expected:
                actual = versions.get(key, 0)
                if actual != expected:
                    return Conflict(stream_id, expected, actual)
            return None
        reached: dict[bytes, int] = {}
        for key, draft in zip(member.keys, member.drafts, strict=True):
            last = reached.get(key, versions.get(key, -1))
            if draft.version <= last:
                return Conflict(draft.stream_id, draft.version - 1, last)
            reached[key] = draft.version
        return None

    def _claimed(self, claims: Sequence[Claim]) -> dict[str, UUID | None] | ClaimHeld:
        holders = self._found.holders
        after: dict[str, UUID | None] = {}
        for claim in claims:
            holder = after[claim.name] if claim.name in after else holders.get(claim.name)
            if claim.held:
                if holder is None:
                    after[claim.name] = claim.stream_id
                elif holder != claim.stream_id:
                    return ClaimHeld(claim.name, holder)
            elif holder == claim.stream_id:
                after[claim.name] = None
        return after

    def _place(self, member: Member) -> dict[UUID, int]:
        metadata, at = member.metadata_bytes, self.recorded_at
        written: dict[UUID, int] = {}
        for key, draft in zip(member.keys, member.drafts, strict=True):
            self.head = position = self.head + 1
            stream_id, version, topic, state = (
                draft.stream_id,
                draft.version,
                draft.topic,
                draft.state,
            )
            leaf = self._hash(position, key, version, topic.encode(), at, metadata, state)
            self.events.append((position, key, version, topic, state, metadata, at, leaf))
            self.streams.append(stream_id)
            if self._recording:
                self.recorded.append(
                    Recorded(
                        position,
                        stream_id,
                        version,
                        topic,
                        draft.event,
                        self._instant,
                        member.metadata,
                    )
                )
            self._found.versions[key] = written[stream_id] = version
        return written


def receipt(row: CommandRow) -> Receipt:
    """The first receipt of a stored command, marked as repeated."""
    return Receipt(
        command_id=uuid_of(row.command_id),
        first=row.first,
        last=row.last,
        versions=msgspec.json.decode(row.versions, type=dict[UUID, int]),
        recorded_at=from_micros(row.recorded_at),
        repeated=True,
    )
