"""What a handler wants stored."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.affair.state import Affair
from domain.log import Claim


@dataclass(frozen=True, slots=True)
class Beside:
    """Events of another stream, above the version that was read, that are stored with a decision's
    own."""

    stream_id: UUID
    version: int
    events: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a handler wants stored.

    numbered: line and year of a new affair, which is given the next number when nothing
        else is in its way.
    of_affair, before: the events belong to an affair, and its state before them.
    rests_on: other streams whose state the decision rests on, with the version that was read:
        where one has moved on when it is stored, it is decided anew.
    beside: what happens to other streams by it.
    of_many: anybody may begin the stream: who finds it begun meanwhile decides anew.
    """

    stream_id: UUID
    version: int
    events: list[Any]
    claims: tuple[Claim, ...] = ()
    correlation_id: UUID
    numbered: tuple[str, int] | None = None
    of_affair: bool = False
    before: Affair | None = None
    rests_on: tuple[tuple[UUID, int], ...] = ()
    beside: tuple[Beside, ...] = ()
    of_many: bool = False
