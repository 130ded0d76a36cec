"""kill -9 at any moment under load: nothing acknowledged is lost, nothing is half done."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import Protocol

import pytest

from adapters.house import House, open_house
from tests.faults import checks
from tests.faults.district import founded, settings_in
from tests.faults.load import answered, work

SEED = int(os.environ.get("TENLINES_TEST_SEED", "20110722"))
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.faults.load"])


@pytest.fixture
def district(tmp_path: Path, database_url: str) -> Iterator[tuple[House, Path, str]]:
    founded(settings_in(tmp_path, database_url)).close()
    with closing(open_house(settings_in(tmp_path, database_url))) as house:
        yield house, tmp_path, database_url


def killed_at_work(
    folder: Path, url: str, first_answers: int, after_seconds: float
) -> list[checks.Answer]:
    """Let a process work, kill it some time after an answer, and tell all its answers."""
    read, write = os.pipe()
    child = CONTEXT.Process(target=_on_pipe, args=(str(folder), url, _Handle(write)), daemon=True)
    child.start()
    os.close(write)
    data = b""
    while data.count(b"\n") <= first_answers:
        data += (more := os.read(read, 1 << 16))
        assert more, "the process ended by itself"
    time.sleep(after_seconds)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join(timeout=10)
    while more := os.read(read, 1 << 20):
        data += more
    os.close(read)
    return answered(data)


class _Sent(Protocol):
    """What `DupFd` makes; the library names no type for it."""

    def detach(self) -> int: ...


class _Handle:
    """A pipe's end, on its way to another process."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> tuple[Callable[[_Sent], int], tuple[_Sent]]:
        return _received, (DupFd(self.number),)


def _received(handle: _Sent) -> int:
    return handle.detach()


def _on_pipe(folder: str, url: str, pipe: int) -> None:
    work(folder, url, pipe)


def kill_many(district: tuple[House, Path, str], kills: int) -> None:
    house, folder, url = district
    moments = random.Random(SEED)
    print(f"TENLINES_TEST_SEED={SEED}")
    position, acknowledged = house.log.head(), 0
    for kill in range(kills):
        first = moments.choice((0, 1, 1, 1))
        answers = killed_at_work(folder, url, first, moments.uniform(0.0, 0.12))
        acknowledged += len(answers)
        checks.nothing_lost(house, answers)
        position = checks.nothing_partial(house, position)
        if kill % 100 == 99:
            checks.views_equal_a_rebuild(house)
        if kill % 50 == 49:
            print(f"{kill + 1} kills, {acknowledged} commands acknowledged", flush=True)
    checks.views_equal_a_rebuild(house)
    print(f"{kills} kills, {acknowledged} commands acknowledged, {position} events")
    assert acknowledged > kills


@pytest.mark.timeout(300)
def test_a_process_killed_under_load_loses_and_halves_nothing(
    district: tuple[House, Path, str],
) -> None:
    kill_many(district, 20)


@pytest.mark.faults
@pytest.mark.timeout(7200)
def test_a_thousand_kills_lose_and_halve_nothing(district: tuple[House, Path, str]) -> None:
    kill_many(district, 1000)
