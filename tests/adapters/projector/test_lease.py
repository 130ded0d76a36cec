"""Of those who ask for a lease, one holds it; who is gone is followed by another."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from adapters.projector import state
from tests.adapters.projector.conftest import Opens
from tests.adapters.projector.district import District

NOON = datetime(2011, 7, 22, 12, tzinfo=UTC)


def takes(district: District, holder: str, seconds: float = 0.0, name: str = "worker") -> bool:
    """Whether `holder` gets the lease for ten seconds, at noon and some seconds."""
    with district.follower.database.writing() as connection:
        at = NOON + timedelta(seconds=seconds)
        return state.take_lease(connection, name, holder, at, 10.0)


def test_one_leads_and_the_other_waits(district: District) -> None:
    assert takes(district, "one")
    assert not takes(district, "other")
    assert takes(district, "one", 5)
    assert not takes(district, "other", 10)
    assert takes(district, "other", 5, name="another lease")


def test_the_other_takes_over_when_it_has_run_out(district: District) -> None:
    assert takes(district, "one")
    assert not takes(district, "other", 10)

    assert takes(district, "other", 10.000001)
    assert not takes(district, "one", 11)
    assert takes(district, "one", 21)


def test_who_lets_go_is_followed_at_once(district: District) -> None:
    assert takes(district, "one")

    with district.follower.database.writing() as connection:
        state.drop_lease(connection, "worker", "one")

    assert takes(district, "other")


def test_nobody_lets_go_of_what_another_holds(district: District) -> None:
    assert takes(district, "one")

    with district.follower.database.writing() as connection:
        state.drop_lease(connection, "worker", "other")

    assert not takes(district, "other")


@pytest.mark.parametrize("run_out", [False, True], ids=["free", "run-out"])
def test_of_those_who_ask_at_once_one_gets_it(opens: Opens, *, run_out: bool) -> None:
    districts = [opens() for _ in range(6)]
    if run_out:
        assert takes(districts[0], "gone", -60)
    start = threading.Barrier(len(districts))

    def ask(place: int) -> bool:
        start.wait(timeout=10)
        return takes(districts[place], f"worker {place}")

    with ThreadPoolExecutor(len(districts)) as threads:
        got = list(threads.map(ask, range(len(districts))))

    assert sum(got) == 1
    assert takes(districts[0], f"worker {got.index(True)}", 1)
