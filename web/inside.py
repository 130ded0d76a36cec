"""What stays inside the house: to a reader outside it such a record is not there at all."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from domain.actor import Role
from domain.affair.evolve import facts_of
from domain.log import Recorded
from domain.record import ATTACHED, Field, Record
from web.ports import Unread
from web.telling import stays_inside
from workflows.machine import CompiledLine
from workflows.masks import WITHHELD, policy

Life = Sequence[Recorded | Unread]
"""The events of an affair in order."""


def outside(reader: Role) -> bool:
    """Whether a role is shown nothing of what stays inside (`masks.yaml`)."""
    return policy().internal.get(reader) == WITHHELD


def shown(life: Life, line: CompiledLine, reader: Role) -> Life:
    """What a reader is told of an affair's life."""
    if not outside(reader):
        return life
    return [
        seen for seen in life if not (isinstance(seen, Recorded) and stays_inside(seen.event, line))
    ]


def recorded(life: Life) -> Iterator[tuple[Recorded, Field]]:
    """Every recorded field, with its event."""
    for seen in life:
        if isinstance(seen, Recorded):
            for field in getattr(seen.event, "record", Record()):
                yield seen, field


def facts(life: Life) -> dict[str, str]:
    """The latest recorded values that are not personal."""
    found: dict[str, str] = {}
    for seen in life:
        if isinstance(seen, Recorded):
            found |= facts_of(getattr(seen.event, "record", Record()))
    return found


def attached(life: Life) -> list[UUID]:
    """The photos and papers that were recorded, each once."""
    found: dict[UUID, None] = {}
    for _, field in recorded(life):
        if field.kind in ATTACHED and isinstance(field.value, tuple):
            found |= dict.fromkeys(one for one in field.value if isinstance(one, UUID))
    return list(found)
