"""Guesses are counted before they are looked at, also those that come together."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from adapters.door import Door
from adapters.door.counters import ADDRESS, FACTOR, FORGOTTEN, LONGEST, PASSWORD
from adapters.door.place import MINUTE
from adapters.door.tables import COUNTERS
from adapters.time import Told
from tests.adapters.door.conftest import at_once


def test_five_tries_are_free_and_the_next_waits_a_minute(door: Door, clock: Told) -> None:
    assert [door.counters.try_(PASSWORD, "zhoumin") for _ in range(5)] == [0] * 5

    assert door.counters.try_(PASSWORD, "zhoumin") == MINUTE
    clock.at += timedelta(seconds=59)
    assert door.counters.try_(PASSWORD, "zhoumin") == MINUTE // 60
    clock.at += timedelta(seconds=1)
    assert door.counters.try_(PASSWORD, "zhoumin") == 0


def test_waiting_doubles_up_to_half_an_hour(door: Door, clock: Told) -> None:
    for _ in range(5):
        door.counters.try_(PASSWORD, "zhoumin")
    waits = []
    for _ in range(7):
        waits.append(door.counters.try_(PASSWORD, "zhoumin"))
        clock.at += timedelta(microseconds=waits[-1])
        assert door.counters.try_(PASSWORD, "zhoumin") == 0

    assert waits == [n * MINUTE for n in (1, 2, 4, 8, 16, 30, 30)]
    assert max(waits) == LONGEST


def test_of_guesses_at_once_five_are_looked_at(door: Door) -> None:
    waits = at_once(20, lambda _: door.counters.try_(PASSWORD, "zhoumin"))

    assert waits.count(0) == 5


def test_a_success_begins_the_count_anew(door: Door) -> None:
    for _ in range(4):
        door.counters.try_(PASSWORD, "zhoumin")
    door.counters.succeeded(PASSWORD, "zhoumin")

    assert [door.counters.try_(PASSWORD, "zhoumin") for _ in range(5)] == [0] * 5


def test_names_and_kinds_are_counted_apart(door: Door) -> None:
    for _ in range(5):
        door.counters.try_(PASSWORD, "zhoumin")

    assert door.counters.try_(PASSWORD, "suqing") == 0
    assert door.counters.try_(FACTOR, "zhoumin") == 0


def test_a_success_of_one_does_not_wipe_out_the_tries_of_an_address(door: Door) -> None:
    for _ in range(ADDRESS.free - 1):
        door.counters.try_(ADDRESS, "10.1.2.3")
    door.counters.try_(ADDRESS, "10.1.2.3")
    door.counters.give_back(ADDRESS, "10.1.2.3")

    assert [door.counters.try_(ADDRESS, "10.1.2.3") for _ in range(3)] == [0, 0, MINUTE]


def test_tries_of_the_day_before_are_forgotten(door: Door, clock: Told) -> None:
    for _ in range(5):
        door.counters.try_(PASSWORD, "zhoumin")
    clock.at += timedelta(microseconds=FORGOTTEN + 1)

    assert [door.counters.try_(PASSWORD, "zhoumin") for _ in range(5)] == [0] * 5
    clock.at += timedelta(microseconds=FORGOTTEN + 1)
    door.counters.sweep()
    with door.place.reading() as connection:
        assert connection.execute(sa.select(COUNTERS)).all() == []


def test_what_was_typed_is_not_kept(door: Door) -> None:
    door.counters.try_(PASSWORD, "my password by mistake")

    with door.place.reading() as connection:
        (row,) = connection.execute(sa.select(COUNTERS)).all()
    assert "mistake" not in str(row)
    assert len(row.name) == 64
