"""Events and states as plain values and as text; personal values are never opened for it.

Whoever is at the machine reads as nobody in particular, whom the policy shows nothing.
"""

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from adapters.cli.times import shown
from domain.clock import SHANGHAI, ClockChange
from domain.log import Recorded
from domain.personal import Personal
from domain.record import Record
from domain.topics import TOPIC_OF

TOLD_APART = ("step", "entry", "record", "clocks", "by", "occurred_at")


def plain(value: Any) -> Any:
    """For JSON: moments in Shanghai's time with the zone, personal values masked."""
    match value:
        case Personal():
            return _masked()
        case Record():
            return {field.name: plain(field.value) for field in value}
        case datetime():
            return value.astimezone(SHANGHAI).isoformat()
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case UUID() | Decimal():
            return str(value)
        case Mapping():
            return {str(name): plain(one) for name, one in value.items()}
        case tuple() | list() | set() | frozenset():
            return [plain(one) for one in value]
        case _ if dataclasses.is_dataclass(value):
            return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        case _:
            return value


def _masked() -> str:
    # Late: what the masks need takes longer to load than many a command to run.
    from workflows.masks import MASKS, policy

    return MASKS[policy().mask_for(None, "")]("")


def occurred(seen: Recorded) -> datetime:
    """When it happened; when it was recorded, where the event does not say."""
    at: datetime = getattr(seen.event, "occurred_at", seen.recorded_at)
    return at


def event_of(seen: Recorded) -> dict[str, Any]:
    """An event with its place, who did it and both its times."""
    return {
        "position": seen.position,
        "version": seen.version,
        "topic": seen.topic,
        "occurred_at": plain(occurred(seen)),
        "recorded_at": plain(seen.recorded_at),
        "actor": seen.metadata.actor,
        "role": seen.metadata.role,
        "unit": seen.metadata.unit,
        "command_id": str(seen.metadata.command_id),
        "causation_id": seen.metadata.causation_id,
        "event": plain(seen.event),
    }


def name_of(event: Any) -> str:
    """What happened in a word: `step_taken`."""
    return TOPIC_OF[type(event)].split(".")[1]


def gist(event: Any) -> str:
    """What the event says besides who and when: its own fields, its record, its clocks."""
    told = plain(event)
    # A field of the record that the event repeats is told once.
    told |= told.get("record", {})
    return "; ".join(
        f"{name}={_short(value)}"
        for name, value in told.items()
        if name not in TOLD_APART and value not in ("", None, [], {}, False)
    )


def clocks_of(event: Any) -> str:
    """What the event did to the clocks: `onsite → 2011-07-26 00:00+08:00`."""
    changes: tuple[ClockChange, ...] = getattr(event, "clocks", ())
    return "; ".join(
        f"{change.name} → {shown(change.due_at)}" if change.due_at else f"{change.name} {MARK}"
        for change in changes
    )


MARK = "■"
"""A clock that stopped or stands still."""


def _short(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
