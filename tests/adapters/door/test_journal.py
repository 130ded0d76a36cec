"""The journal of the door grows by at most a row a minute for the same, and is never rewritten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from adapters.door import Door
from adapters.door.tables import JOURNAL, KEPT_DAYS
from adapters.time import Told, wall
from domain.errors import StorageUnavailable
from tests.adapters.door.conftest import NOON, at_once


def told(door: Door) -> list[tuple[str, str, str, int]]:
    return [(seen.account, seen.what, seen.why, seen.times) for seen in door.journal.read()]


def test_the_same_within_a_minute_is_counted_in_one_row(door: Door, clock: Told) -> None:
    for _ in range(3):
        door.journal.note("session refused", "unknown")
    door.journal.note("session refused", "idle", "zhoumin")
    clock.at += timedelta(minutes=1)
    door.journal.note("session refused", "unknown")

    assert told(door) == [
        ("", "session refused", "unknown", 1),
        ("zhoumin", "session refused", "idle", 1),
        ("", "session refused", "unknown", 3),
    ]
    assert [seen.minute for seen in door.journal.read()] == [clock.at, NOON, NOON]


def test_none_is_lost_of_those_at_once(door: Door) -> None:
    at_once(12, lambda _: door.journal.note("sign-in refused", "password", "zhoumin"))

    assert told(door) == [("zhoumin", "sign-in refused", "password", 12)]


def test_it_is_asked_by_account_kind_day_and_page(door: Door, clock: Told) -> None:
    for account in ("zhoumin", "suqing"):
        for what in ("sign-in", "sign-out"):
            door.journal.note(what, "", account)
            clock.at += timedelta(minutes=1)

    assert {seen.account for seen in door.journal.read(account="suqing")} == {"suqing"}
    assert {seen.what for seen in door.journal.read(what="sign-in")} == {"sign-in"}
    assert len(door.journal.read(start=clock.at - timedelta(minutes=2))) == 2
    first = door.journal.read(limit=3)
    rest = door.journal.read(limit=3, before=first[-1].id)
    assert [seen.id for seen in (*first, *rest)] == [4, 3, 2, 1]


@pytest.mark.parametrize(
    "change",
    [
        sa.update(JOURNAL).values(why="password"),
        sa.update(JOURNAL).values(account="suqing"),
        sa.update(JOURNAL).values(times=1),
        sa.update(JOURNAL).values(times=3, minute=JOURNAL.c.minute + 1),
        sa.delete(JOURNAL),
    ],
)
def test_the_database_refuses_to_rewrite_it(door: Door, clock: Told, change: sa.Executable) -> None:
    clock.at = wall()
    for _ in range(2):
        door.journal.note("sign-in refused", "code", "zhoumin")
    before = told(door)

    with pytest.raises((StorageUnavailable, DBAPIError)), door.place.writing() as connection:
        connection.execute(change)

    assert told(door) == before == [("zhoumin", "sign-in refused", "code", 2)]


@pytest.mark.postgres
def test_postgresql_does_not_truncate_it_either(door: Door) -> None:
    if door.place.database.is_sqlite:
        return
    door.journal.note("sign-in", "", "zhoumin")

    with pytest.raises(StorageUnavailable), door.place.writing() as connection:
        connection.execute(sa.text("TRUNCATE journal"))


def test_only_what_is_older_than_six_months_is_pruned(door: Door, clock: Told) -> None:
    today = datetime.now(UTC)
    for days in (KEPT_DAYS + 400, KEPT_DAYS + 2, KEPT_DAYS - 2, 0):
        clock.at = today - timedelta(days=days)
        door.journal.note("sign-in", f"{days}", "zhoumin")

    assert door.journal.prune(timedelta(days=365)) == 1
    assert door.journal.prune(timedelta(days=1)) == 1
    assert [why for _, _, why, _ in told(door)] == ["0", f"{KEPT_DAYS - 2}"]
