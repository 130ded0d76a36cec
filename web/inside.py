"""What stays inside the house: to a reader outside it such a record is not there at all, nor is
anything that only follows from it. What such a reader is told of an affair is folded anew from the
records that they are shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import TypeVar
from uuid import UUID

from domain.actor import Actor, Role
from domain.affair.events import Corrected, Registered
from domain.affair.evolve import project
from domain.affair.state import Affair
from domain.errors import NotFound, Unreadable, VersionMismatch
from domain.log import Recorded
from domain.record import ATTACHED, Field, Record
from projections.affair_page import AffairPageRow, affair_page
from projections.standing import StandingRow
from projections.worklist import WorklistRow
from web.ports import Office, Unread
from web.telling import stays_inside
from workflows.machine import CompiledLine
from workflows.masks import WITHHELD, policy

Life = Sequence[Recorded | Unread]
"""The events of an affair in order."""

STANDING = ({field.name for field in fields(StandingRow)} - {"last_at"}) | {
    "line_version", "accepted_at", "resolved_at", "closed_at", "archived_at",
}  # fmt: skip
"""Columns that everybody is told however they came about: whose affair it is knows its state, the
dates of its states, its deadlines and whose turn it is (domain reference 3.0)."""

Row = TypeVar("Row", bound=WorklistRow)


def outside(reader: Role) -> bool:
    """Whether a role is shown nothing of what stays inside (`masks.yaml`)."""
    return policy().internal.get(reader) == WITHHELD


def inside(life: Life, line: CompiledLine | None) -> frozenset[int]:
    """Versions of the records that stay inside; what corrects one of them does so too."""
    kept: set[int] = set()
    unread = {seen.version for seen in life if isinstance(seen, Unread)}
    for seen in life:
        if isinstance(seen, Recorded) and (
            stays_inside(seen.event, line)
            or (isinstance(seen.event, Corrected) and seen.event.of_version in kept | unread)
        ):
            kept.add(seen.version)
    return frozenset(kept)


def shown(life: Life, line: CompiledLine | None, reader: Role) -> Life:
    """What a reader is told of an affair's life. Outside, of what cannot be read not even what it
    was."""
    if not outside(reader):
        return life
    kept = inside(life, line)
    return [
        replace(seen, topic="") if isinstance(seen, Unread) else seen
        for seen in life
        if seen.version not in kept
    ]


def since(office: Office, moved: VersionMismatch, reader: Actor) -> Sequence[object]:
    """What a reader is told of what changed meanwhile."""
    if not outside(reader.role):
        return moved.since
    try:
        line = office.procedure(office.standing(moved.stream_id)[0])
    except (NotFound, Unreadable):
        return ()
    life = shown(office.life(moved.stream_id), line, reader.role)
    return [seen for seen in life if seen.version > moved.expected]


def told(row: Row, life: Life, line: CompiledLine, reader: Role) -> Row:
    """What a reader is told of the row of an affair with this life. Raises Unreadable where its
    registration cannot be read."""
    if not outside(reader):
        return row
    public = row_of(_readable(shown(life, line, reader), life))
    assert public is not None, "an affair begins with its registration"
    names = (field.name for field in fields(row) if field.name not in STANDING)
    return replace(row, **{name: getattr(public, name) for name in names})


def standing(affair: Affair, life: Life, line: CompiledLine, reader: Role) -> Affair:
    """What a reader is told of how an affair with this life stands. Raises Unreadable."""
    if not outside(reader):
        return affair
    public = project(None, (seen.event for seen in _readable(shown(life, line, reader), life)))
    assert public is not None, "an affair begins with its registration"
    times = {name: getattr(public.standing, name) for name in ("last_at", "acted_at")}
    return replace(
        public,
        identity=affair.identity,
        standing=replace(affair.standing, **times),
        clocks=affair.clocks,
    )


def row_of(seen: Life) -> AffairPageRow | None:
    """The row of the affair's page after these events; up to the first that cannot be read."""
    row: AffairPageRow | None = None
    for one in seen:
        if isinstance(one, Unread):
            break
        handler = affair_page.handlers.get(type(one.event))
        if handler is not None and (row is not None or isinstance(one.event, Registered)):
            row = handler.fold(row, None, one.event, one)
    return row


# Of what cannot be read nobody knows whether it stays inside.
def _readable(seen: Life, life: Life) -> list[Recorded]:
    if isinstance(first := life[0], Unread):
        raise first.refusal
    return [one for one in seen if isinstance(one, Recorded)]


def recorded(life: Life) -> Iterator[tuple[Recorded, Field]]:
    """Every recorded field, with its event."""
    for seen in life:
        if isinstance(seen, Recorded):
            for field in getattr(seen.event, "record", Record()):
                yield seen, field


def attached(life: Life) -> list[UUID]:
    """The photos and papers that were recorded, each once."""
    found: dict[UUID, None] = {}
    for _, field in recorded(life):
        if field.kind in ATTACHED and isinstance(field.value, tuple):
            found |= dict.fromkeys(one for one in field.value if isinstance(one, UUID))
    return list(found)
