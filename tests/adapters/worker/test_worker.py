"""One worker leads; who is gone, or cannot reach the database, is not missed for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from adapters.door import Door
from adapters.door.counters import PASSWORD
from adapters.door.tables import COUNTERS
from adapters.projector import state
from adapters.projector.follower import Follower
from adapters.time import wall
from adapters.worker import Worker
from adapters.worker import worker as working
from adapters.worker.sweeper import Sweeper
from domain.errors import StorageUnavailable
from tests.adapters.worker.office import Office


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beats that a test can wait for."""
    monkeypatch.setattr(working, "BEAT_SECONDS", 0.05)


@contextmanager
def at_work(*workers: Worker) -> Iterator[list[threading.Event]]:
    """The workers, each in a thread of its own, until they are told to stop."""
    stops = [threading.Event() for _ in workers]
    threads = [
        threading.Thread(target=worker.run, args=(stop,), daemon=True)
        for worker, stop in zip(workers, stops, strict=True)
    ]
    for thread in threads:
        thread.start()
    try:
        yield stops
    finally:
        for stop in stops:
            stop.set()
        for thread in threads:
            thread.join(timeout=20)
            assert not thread.is_alive()


def comes(happened: Callable[[], object], seconds: float = 20.0) -> bool:
    """Whether it happens within the time."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def level(desk: Office) -> bool:
    return desk.house.follower.position() == desk.house.log.head()


def holder(desk: Office) -> str:
    """Who holds the lease, empty where nobody does."""
    with desk.house.follower.database.reading() as connection:
        found = connection.execute(
            sa.select(state.leases.c.holder).where(state.leases.c.name == working.LEASE)
        ).scalar()
    return found or ""


def versions(desk: Office, affair: UUID) -> int:
    return len(desk.house.log.read_stream(affair))


def test_one_of_two_leads_and_the_other_takes_over(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = desk.another()
    first = desk.registered()
    swept: set[str] = set()
    plain = Sweeper.sweep

    def sweep(self: Sweeper, stop: threading.Event | None = None) -> int:
        swept.add((desk if self._house is desk.house else other).worker.holder)
        return plain(self, stop)

    monkeypatch.setattr(Sweeper, "sweep", sweep)
    desk.until("07-26 09:00")

    with at_work(desk.worker, other.worker) as stops:
        assert comes(lambda: versions(desk, first) == 4 and level(desk))
        leads = holder(desk)
        assert leads in (desk.worker.holder, other.worker.holder)
        assert swept == {leads}
        stops[leads == other.worker.holder].set()
        second = desk.registered()
        desk.until("07-29 09:00")
        assert comes(lambda: versions(desk, second) == 4 and level(desk))
        assert holder(desk) not in ("", leads)

    assert holder(desk) == ""
    assert versions(desk, first) == 4


def test_a_worker_that_vanished_is_followed_when_its_lease_has_run_out(desk: Office) -> None:
    other = desk.another()
    assert desk.worker.leads()

    assert not other.worker.leads()
    with desk.house.follower.database.writing() as connection:
        # It was last heard of long ago.
        long_ago = wall().replace(year=2020)
        state.drop_lease(connection, working.LEASE, desk.worker.holder)
        assert state.take_lease(connection, working.LEASE, "vanished", long_ago, 10.0)
    assert other.worker.leads()
    assert not desk.worker.leads()


def test_two_workers_of_one_process_are_two(desk: Office) -> None:
    assert desk.worker.holder != Worker(desk.house).holder


AWAY = [
    sa.exc.OperationalError("SELECT 1", {}, Exception("the server is starting up")),
    StorageUnavailable("no connection"),
    ZeroDivisionError("what nobody foresaw"),
]


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("where", ["lease", "sweep", "follow"])
def test_a_worker_goes_on_after_a_fault(
    desk: Office, monkeypatch: pytest.MonkeyPatch, error: Exception, where: str
) -> None:
    affair = desk.registered()
    desk.until("07-26 09:00")
    owner, name = {
        "lease": (Worker, "leads"),
        "sweep": (Sweeper, "sweep"),
        "follow": (Follower, "step"),
    }[where]
    plain, faults = getattr(owner, name), iter(range(2))

    def fails(*given: Any) -> Any:
        if next(faults, None) is not None:
            raise error
        return plain(*given)

    monkeypatch.setattr(owner, name, fails)

    with at_work(desk.worker):
        assert comes(lambda: versions(desk, affair) == 4 and level(desk))


def test_all_there_is_to_do_is_done(desk: Office) -> None:
    affair = desk.registered()
    desk.until("07-26 09:00")
    head = desk.house.log.head()

    # Two firings; every event was followed, also the three that they made.
    assert desk.worker.drain() == 2 + head + 3

    assert level(desk)
    assert versions(desk, affair) == 4
    assert desk.worker.drain() == 0


def test_what_another_process_published_is_known_before_the_sweep(desk: Office) -> None:
    other = desk.another()
    known = other.house.reference.refresh()
    desk.house.reference.refresh()
    assert known == desk.house.log.head()

    desk.registered()
    other.worker.drain()

    assert other.house.reference.refresh() == desk.house.log.head()


def test_whoever_leads_prunes_the_door_at_first_and_once_a_day(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, other = desk.house.door, desk.another()
    for name in ("forgotten", "fresh"):
        door.counters.try_(PASSWORD, name)
    with door.place.writing() as connection:
        long_ago = sa.select(sa.func.min(COUNTERS.c.name)).scalar_subquery()
        connection.execute(
            sa.update(COUNTERS).where(COUNTERS.c.name == long_ago).values(tried_at=0)
        )

    with at_work(desk.worker):
        assert comes(lambda: counted(door) == 1)
        # Another waits, and leaves the door to whoever leads; the day is not over.
        door.place.clock = lambda: wall() + timedelta(days=2)
        with at_work(other.worker):
            assert not comes(lambda: counted(door) == 0, seconds=1)
        monkeypatch.setattr(working, "PRUNING_SECONDS", 0.0)
        assert comes(lambda: counted(door) == 0)


def counted(door: Door) -> int:
    """How many counters the door holds."""
    with door.place.reading() as connection:
        found = connection.execute(sa.select(sa.func.count()).select_from(COUNTERS))
        return int(found.scalar_one())
