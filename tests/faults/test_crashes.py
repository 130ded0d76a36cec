"""PostgreSQL crashes and comes back under load: every unknown outcome is resolved by its id."""

import itertools
import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.house import House
from domain.affair.commands import Command, Register, TakeStep
from domain.errors import OutcomeUnknown, StorageUnavailable
from domain.log import Receipt
from tests.builders.asking import asks_of
from tests.faults import checks
from tests.faults.cluster import Cluster
from tests.faults.district import AREA, WORKER, founded, settings_in
from tests.faults.test_kills import SEED

WRITERS = 4
PATIENCE_SECONDS = 60.0


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    yield cluster
    cluster.remove()


def ask_until_answered(house: House, command: Command) -> tuple[Receipt, int]:
    """Ask again with the same id while the outcome is unknown or the database away."""
    until = time.monotonic() + PATIENCE_SECONDS
    for asked in itertools.count():
        try:
            return house.desk.run(command), asked
        except (OutcomeUnknown, StorageUnavailable):
            assert time.monotonic() < until, "the database did not come back"
            time.sleep(0.05)
    raise AssertionError


class Writer(threading.Thread):
    """Registers affairs and takes a step on each, until told to stop."""

    def __init__(self, house: House, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._house, self._stop_now = house, stop
        self.answers: list[checks.Answer] = []
        self.asked_again = 0
        self.failed: BaseException | None = None

    def run(self) -> None:
        try:
            while not self._stop_now.is_set():
                self._affair()
        except Exception as error:  # noqa: BLE001 (the test that waits for this thread tells it)
            self.failed = error

    def _affair(self) -> None:
        house, affair_id = self._house, self._house.new_id()

        register = Register(
            **asks_of(house, affair_id, WORKER),
            matter="CG01",
            source="hall",
            community="",
            area=AREA,
            summary="废品堆放",
            telephone="13800001234",
        )
        self._ask(register)
        self._ask(
            TakeStep(**asks_of(house, affair_id, WORKER), step="G1", record={"place": "117.0,36.6"})
        )

    def _ask(self, command: Command) -> None:
        receipt, again = ask_until_answered(self._house, command)
        self.asked_again += again
        self.answers.append(("lin", receipt.command_id, receipt.first, receipt.last))


def crash_many(cluster: Cluster, folder: Path, crashes: int) -> None:
    with closing(founded(settings_in(folder, cluster.url))) as house:
        crash_under_load(house, cluster, crashes)


def crash_under_load(house: House, cluster: Cluster, crashes: int) -> None:
    stop = threading.Event()
    writers = [Writer(house, stop) for _ in range(WRITERS)]
    moments = random.Random(SEED)
    print(f"TENLINES_TEST_SEED={SEED}")

    for writer in writers:
        writer.start()
    for crash in range(1, crashes + 1):
        time.sleep(moments.uniform(0.3, 0.8))
        cluster.crash()
        time.sleep(moments.uniform(0.0, 0.3))
        cluster.start()
        if crash % 10 == 0:
            told = sum(len(writer.answers) for writer in writers)
            print(f"{crash} crashes, {told} commands answered", flush=True)
    time.sleep(0.5)
    stop.set()
    for writer in writers:
        writer.join(timeout=PATIENCE_SECONDS)

    assert [writer.failed for writer in writers] == [None] * WRITERS
    answers = [answer for writer in writers for answer in writer.answers]
    again = sum(writer.asked_again for writer in writers)
    met = house.log.measures.lost
    print(f"{crashes} crashes met {met} transactions, {again} commands were asked again")
    print(f"{len(answers)} commands answered")
    assert met > 0, "no crash met a transaction: the test proves nothing"
    assert len({command for _, command, _, _ in answers}) == len(answers)
    checks.nothing_lost(house, answers)
    checks.nothing_partial(house)
    checks.views_equal_a_rebuild(house)


@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_unknown_outcomes_are_resolved_by_their_command_id(
    cluster: Cluster, tmp_path: Path
) -> None:
    crash_many(cluster, tmp_path, 3)


@pytest.mark.postgres
@pytest.mark.faults
@pytest.mark.timeout(1500)
def test_fifty_crashes_leave_no_outcome_unknown(cluster: Cluster, tmp_path: Path) -> None:
    crash_many(cluster, tmp_path, 50)
