"""The log as the inside of the house sees it: what is appended, what comes back, what is read.

A district is one log. Positions are gapless and assigned in commit order; `recorded_at`
is when we learnt of a fact, `occurred_at`, in the event, is when it happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

NEW = 0
"""Expected version of a stream that has no events yet; the first event has version 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Who did it, in which role and unit, by which command, and because of what.

    actor: account name, or SYS for the clock and the rules.
    request_hash: SHA-256 of the request, hexadecimal; the same command id with another
        hash is refused.
    correlation_id: the affair or piece of work that all its events share.
    causation_id: the position of the event that a reaction or timer answered, 0 if none.
    """

    actor: str
    role: str
    unit: str
    command_id: UUID
    request_hash: str
    correlation_id: UUID
    causation_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A name that one stream holds in the whole log until it lets go.

    name: kind and key, such as `visit/0190…/2011-07-22`; personal values only as keyed hashes.
    held: True takes the name, False releases it.
    """

    name: str
    stream_id: UUID
    held: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One event, encoded, before it has a position."""

    stream_id: UUID
    version: int
    topic: str
    state: bytes
    event: Any
    """The event itself, sealed, for the views that are written with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """All that one command stores: together, or not at all.

    drafts: events in order; the versions of each stream follow one another.
    expected: the version each stream must have just before, NEW for a new stream. A stream
        may be named here without a draft: then it is only checked.
    """

    drafts: tuple[Draft, ...]
    expected: Mapping[UUID, int]
    metadata: Metadata
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a stored command is answered with, the first time and every time after.

    first, last: positions of its events, inclusive.
    versions: the version each written stream has now.
    repeated: True when the command had been stored before.
    """

    command_id: UUID
    first: int
    last: int
    versions: Mapping[UUID, int] = field(default_factory=dict)
    recorded_at: datetime
    repeated: bool = False


class Recorded(NamedTuple):
    """An event with its place in the log. A tuple, since it is made by the thousand."""

    position: int
    stream_id: UUID
    version: int
    topic: str
    event: Any
    recorded_at: datetime
    metadata: Metadata
