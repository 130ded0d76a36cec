"""Processes whose clocks are a day apart work on one log: its order is that of the commits."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.house import open_house
from adapters.settings import Settings
from adapters.time import Told
from domain.errors import NotAfterTheLast
from tests.adapters.worker.office import Office, office
from tests.faults import checks

DAY = timedelta(days=1)


@pytest.fixture
def offices(database_url: str, tmp_path: Path) -> Iterator[tuple[Office, Office, Office]]:
    """Three processes in one district: with the right clock, a day ahead, a day behind."""
    with ExitStack() as stack:
        right = stack.enter_context(office(database_url, tmp_path))
        settings = Settings(data_dir=tmp_path / "var", database_url=database_url)
        others = []
        for off in (DAY, -DAY):
            clock = Told(right.clock.at + off)
            house = stack.enter_context(closing(open_house(settings, now=clock)))
            others.append(Office(house, clock, settings))
        yield right, others[0], others[1]


def test_the_order_is_by_position_whatever_the_clocks_say(
    offices: tuple[Office, Office, Office],
) -> None:
    right, ahead, behind = offices
    before = right.house.log.head()

    affairs = [one.registered() for _ in range(3) for one in (right, ahead, behind)]

    rows = right.house.log.read(before, 100)
    assert [row.stream_id for row in rows] == affairs
    told = [right.house.history.stream(affair)[0].event.occurred_at for affair in affairs]
    assert told != sorted(told), "the clocks agree: the test proves nothing"
    times = [row.recorded_at for row in rows]
    assert times == sorted(times)
    checks.nothing_partial(right.house)
    checks.verified(right.house)
    checks.views_equal_a_rebuild(right.house)


def test_a_step_that_would_lie_before_the_last_is_refused_until_the_clock_is_right(
    offices: tuple[Office, Office, Office],
) -> None:
    right, ahead, behind = offices
    affair = right.registered()
    head = right.house.log.head()

    with pytest.raises(NotAfterTheLast):
        behind.run(behind.verify(affair))

    assert right.house.log.head() == head
    behind.clock.at = right.clock.at
    behind.run(behind.verify(affair))
    assert len(ahead.history(affair)) == 2
