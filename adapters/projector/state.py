"""What the projector keeps beside the views: how far each is, what is parked, who leads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.event_store.instants import to_micros
from adapters.event_store.schema import BIG, STREAM
from adapters.projector.statements import asked
from domain.errors import ViewOutdated
from projections.view import View

REACTIONS, TIMERS, AFFAIRS, REFERENCE = "reactions", "timers", "affairs", "reference"
"""What parks a stream besides the views: a reaction that was refused; a warning or timer that was
refused again and again, or is of an affair that cannot be read; an affair that somebody asked for
and that cannot be read; a line, a calendar or a unit that cannot be read."""
OTHERS = (REACTIONS, TIMERS, AFFAIRS, REFERENCE)

metadata = sa.MetaData()

checkpoints = sa.Table(
    "checkpoints",
    metadata,
    sa.Column("view", sa.Text(), primary_key=True),
    sa.Column("position", BIG, nullable=False),
    sa.Column("version", BIG, nullable=False),
)

parked = sa.Table(
    "parked",
    metadata,
    sa.Column("view", sa.Text(), primary_key=True),
    sa.Column("stream_id", STREAM, primary_key=True),
    sa.Column("position", BIG, nullable=False),
    sa.Column("topic", sa.Text(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.Text(), primary_key=True),
    sa.Column("holder", sa.Text(), nullable=False),
    sa.Column("until", BIG, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A stream that a view cannot follow, from this event on, and why."""

    view: str
    stream_id: UUID
    position: int
    topic: str
    reason: str


def position(connection: sa.Connection, view: str) -> int | None:
    """How far a view has come; None where it was never begun. Locks it in a transaction."""
    found = connection.execute(
        sa.select(checkpoints.c.position).where(checkpoints.c.view == view).with_for_update()
    ).scalar()
    return None if found is None else int(found)


def outdated(connection: sa.Connection, views: Iterable[View[Any]]) -> list[ViewOutdated]:
    """Those of the views that were begun whose tables another version of their fold made."""
    rows = connection.execute(sa.select(checkpoints.c.view, checkpoints.c.version))
    stored = {row.view: int(row.version) for row in rows}
    return [
        ViewOutdated(view.name, stored[view.name], view.version)
        for view in views
        if stored.get(view.name, view.version) != view.version
    ]


# Locked by whoever moves a view on: without a row, two could begin at once.
def begin(connection: sa.Connection, view: str, version: int) -> None:
    """Give a view that was never begun its checkpoint before the first event.

    version: of the fold that its rows are of; 0 where they are yet to be built.
    """
    if position(connection, view) is None:
        connection.execute(sa.insert(checkpoints).values(view=view, position=0, version=version))


def advance(connection: sa.Connection, view: str, to: int, version: int) -> None:
    """Remember that a view has come to `to`."""
    changed = connection.execute(
        sa.update(checkpoints)
        .where(checkpoints.c.view == view)
        .values(position=to, version=version)
    ).rowcount
    if not changed:
        connection.execute(sa.insert(checkpoints).values(view=view, position=to, version=version))


_ALL_PARKED = sa.select(parked).order_by(parked.c.position)


def parked_of(connection: sa.Connection, *, sqlite: bool) -> list[Parked]:
    """All that is parked, oldest first."""
    return [
        Parked(
            view=view,
            stream_id=UUID(bytes=bytes(stream_id)) if sqlite else stream_id,
            position=position,
            topic=topic,
            reason=reason,
        )
        for view, stream_id, position, topic, reason in asked(_ALL_PARKED, sqlite=sqlite).rows(
            connection
        )
    ]


def park(connection: sa.Connection, found: Sequence[Parked], *, sqlite: bool) -> None:
    """Keep what could not be folded; a stream is parked once for a view, by its first fault."""
    known = {
        (row.view, bytes(row.stream_id) if sqlite else row.stream_id)
        for row in connection.execute(sa.select(parked.c.view, parked.c.stream_id))
    }
    for one in sorted(found, key=lambda one: one.position):
        stream = one.stream_id.bytes if sqlite else one.stream_id
        if (one.view, stream) not in known:
            known.add((one.view, stream))
            connection.execute(
                sa.insert(parked).values(
                    view=one.view,
                    stream_id=stream,
                    position=one.position,
                    topic=one.topic,
                    reason=one.reason,
                )
            )


def release(connection: sa.Connection, views: Iterable[str]) -> None:
    """Forget what is parked of these views: they are being rebuilt."""
    connection.execute(sa.delete(parked).where(parked.c.view.in_(list(views))))


def release_streams(
    connection: sa.Connection, view: str, streams: Iterable[UUID], *, sqlite: bool
) -> None:
    """Forget what is parked of these streams for one view: they are being tried again."""
    stored = [stream.bytes if sqlite else stream for stream in streams]
    connection.execute(
        sa.delete(parked).where(parked.c.view == view, parked.c.stream_id.in_(stored))
    )


def take_lease(
    connection: sa.Connection, name: str, holder: str, now: datetime, seconds: float
) -> bool:
    """Take or renew a lease within a transaction; False while another holds it."""
    until = to_micros(now + timedelta(seconds=seconds))
    changed = connection.execute(
        sa.update(leases)
        .where(
            leases.c.name == name,
            sa.or_(leases.c.holder == holder, leases.c.until < to_micros(now)),
        )
        .values(holder=holder, until=until)
    ).rowcount
    if changed:
        return True
    known = connection.execute(sa.select(leases.c.name).where(leases.c.name == name)).first()
    if known is not None:
        return False
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(leases).values(name=name, holder=holder, until=until))
    except sa.exc.IntegrityError:
        return False
    return True


def drop_lease(connection: sa.Connection, name: str, holder: str) -> None:
    """Let go of a lease that `holder` holds."""
    connection.execute(sa.delete(leases).where(leases.c.name == name, leases.c.holder == holder))
