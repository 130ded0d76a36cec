"""Deciding, under the writer's lock, what of a batch is stored. Pure: no database, no clock.

Each member sees what the members before it stored: versions, commands and claims. A refused
member leaves nothing behind, so it never spoils its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import msgspec

from adapters.event_store.instants import from_micros
from adapters.event_store.leaf import LeafHasher
from domain.errors import ClaimHeld, CommandReused, Conflict
from domain.log import Claim, Draft, Metadata, Receipt, Recorded

CommandKey = tuple[str, UUID]
Outcome = Receipt | Exception


class EventRow(NamedTuple):
    """A row of the table `events`."""

    position: int
    stream_id: UUID
    version: int
    topic: str
    state: bytes
    metadata: bytes
    recorded_at: int
    leaf_hash: bytes


class CommandRow(NamedTuple):
    """A row of the table `commands`. versions: JSON, stream id to version."""

    actor: str
    command_id: UUID
    request_hash: str
    first: int
    last: int
    recorded_at: int
    versions: str


class AlreadyTracked(Exception):
    """The upstream position, or a later one, is recorded as processed."""


class Member:
    """What one caller wants stored, and what became of it.

    expected: None for recorders of the library: versions must rise, and that is all.
    named: whether the metadata's command id is to be remembered.
    tracking: an upstream application and the position in it that this answers.
    """

    __slots__ = (
        "claims",
        "drafts",
        "expected",
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
        self.expected = expected
        self.metadata = metadata
        self.metadata_bytes = msgspec.json.encode(metadata)
        self.claims = claims
        self.named = named
        self.tracking = tracking
        self.outcome: Outcome | None = None

    def streams(self) -> Mapping[UUID, int]:
        """The streams whose versions must be known."""
        if self.expected is not None:
            return self.expected
        return {draft.stream_id: 0 for draft in self.drafts}


@dataclass(slots=True)
class Found:
    """What the log holds of the things that a batch names. Missing keys are not there."""

    head: int
    recorded_at: int
    versions: dict[UUID, int]
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
        if member.named:
            stored = self._found.commands.get((metadata.actor, metadata.command_id))
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
            row = CommandRow(
                metadata.actor,
                metadata.command_id,
                metadata.request_hash,
                first,
                self.head,
                self.recorded_at,
                _versions_json(versions),
            )
            self._found.commands[metadata.actor, metadata.command_id] = row
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
            for stream_id, expected in member.expected.items():
                actual = versions.get(stream_id, 0)
                if actual != expected:
                    return Conflict(stream_id, expected, actual)
            return None
        reached: dict[UUID, int] = {}
        for draft in member.drafts:
            last = reached.get(draft.stream_id, versions.get(draft.stream_id, -1))
            if draft.version <= last:
                return Conflict(draft.stream_id, draft.version - 1, last)
            reached[draft.stream_id] = draft.version
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
        written: dict[UUID, int] = {}
        for draft in member.drafts:
            self.head += 1
            stream_id, version, topic, state = (
                draft.stream_id,
                draft.version,
                draft.topic,
                draft.state,
            )
            leaf = self._hash(
                self.head,
                stream_id.bytes,
                version,
                topic.encode(),
                self.recorded_at,
                member.metadata_bytes,
                state,
            )
            self.events.append(
                EventRow(
                    self.head,
                    stream_id,
                    version,
                    topic,
                    state,
                    member.metadata_bytes,
                    self.recorded_at,
                    leaf,
                )
            )
            if self._recording:
                self.recorded.append(
                    Recorded(
                        position=self.head,
                        stream_id=stream_id,
                        version=version,
                        topic=topic,
                        event=draft.event,
                        recorded_at=self._instant,
                        metadata=member.metadata,
                    )
                )
            written[stream_id] = version
        self._found.versions.update(written)
        return written


def receipt(row: CommandRow) -> Receipt:
    """The first receipt of a stored command, marked as repeated."""
    versions = msgspec.json.decode(row.versions, type=dict[UUID, int])
    return Receipt(
        command_id=row.command_id,
        first=row.first,
        last=row.last,
        versions=versions,
        recorded_at=from_micros(row.recorded_at),
        repeated=True,
    )


def _versions_json(versions: Mapping[UUID, int]) -> str:
    return "{" + ",".join([f'"{stream}":{version}' for stream, version in versions.items()]) + "}"
