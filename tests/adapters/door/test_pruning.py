"""What is over is deleted, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

from adapters.door import Door
from adapters.door.counters import PASSWORD
from adapters.door.door import JOURNAL_KEPT
from adapters.door.tables import COUNTERS, INVITATIONS, PENDING, SESSIONS
from adapters.time import Told


def left(door: Door) -> dict[str, int]:
    """How many rows each table holds."""
    with door.place.reading() as connection:
        return {
            table.name: connection.execute(
                sa.select(sa.func.count()).select_from(table)
            ).scalar_one()
            for table in (SESSIONS, PENDING, INVITATIONS, COUNTERS)
        }


def filled(door: Door) -> str:
    """Somebody is in, somebody half in, one is invited, one was wrong; the program's token."""
    door.sessions.begin("zhoumin", uuid4(), method="password", position=0)
    door.sessions.half("suqing", method="password", position=0)
    door.invitations.make("renhe")
    door.counters.try_(PASSWORD, "zhoumin")
    lasts = 90 * 24 * 3600 * 1_000_000
    return door.sessions.begin(
        "zhoumin", uuid4(), method="issued", position=0, kind="token", lasts=lasts
    )


def test_what_is_in_use_stays(door: Door) -> None:
    filled(door)
    door.prune()

    assert left(door) == {"sessions": 2, "pending": 1, "invitations": 1, "counters": 1}


def test_what_is_over_by_time_goes_and_a_programs_token_stays(door: Door, clock: Told) -> None:
    token = filled(door)
    clock.at += timedelta(days=4)
    door.prune()

    assert left(door) == {"sessions": 1, "pending": 0, "invitations": 0, "counters": 0}
    assert door.sessions.of(token, "token") is not None


def test_the_journal_is_pruned_by_date(door: Door, clock: Told) -> None:
    today = datetime.now(UTC)
    for days in (JOURNAL_KEPT.days + 1, JOURNAL_KEPT.days - 1):
        clock.at = today - timedelta(days=days)
        door.journal.note("sign-in", f"{days}", "zhoumin")
    clock.at = today
    door.prune()

    assert [seen.why for seen in door.journal.read()] == [f"{JOURNAL_KEPT.days - 1}"]
