"""Many writers at once, in threads and processes, while others read."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Sequence
from uuid import UUID, uuid4

from adapters.event_store import EventLog, StoredRow
from domain.errors import ClaimHeld, CommandReused, Conflict
from domain.log import Claim, Receipt
from tests.adapters.event_store.commands import command
from tests.adapters.event_store.load import Answer, processes, together, write


class Watcher:
    """Follows a log in a thread of its own, and keeps what it was given."""

    def __init__(self, log: EventLog, topics: Sequence[str] = ()) -> None:
        self.rows: list[StoredRow] = []
        self._log = log
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(topics,))
        self._thread.start()

    def _watch(self, topics: Sequence[str]) -> None:
        for rows in self._log.follow(0, batch=50, stop=self._stop, topics=topics):
            self.rows.extend(rows)

    def until(self, position: int) -> list[StoredRow]:
        """What it was given, when it has come so far."""
        for _ in range(400):
            if self.rows and self.rows[-1].position >= position:
                break
            self._log.wait_for(position + 1, 0.05)
        self._stop.set()
        self._log.wake()
        self._thread.join()
        return self.rows


def test_32_writers_in_4_processes_while_others_follow(log: EventLog, database_url: str) -> None:
    watchers = [Watcher(log), Watcher(log, topics=["test.noted.v1"])]

    told = processes(write, [(database_url, 8, 25, seed) for seed in range(4)])

    answers: list[Answer] = [answer for answers in told for answer in answers]
    head = log.head()
    stored = log.read(0, head + 1)
    assert [row.position for row in stored] == list(range(1, head + 1))
    for watcher in watchers:
        assert watcher.until(head) == stored
    claimed = Counter(p for _, first, last in answers for p in range(first, last + 1))
    assert claimed == Counter(range(1, head + 1))
    for stream, rows in _by_stream(stored).items():
        assert [row.version for row in rows] == list(range(1, len(rows) + 1)), stream
    times = [row.recorded_at for row in stored]
    assert times == sorted(times)


def _by_stream(stored: Sequence[StoredRow]) -> dict[UUID, list[StoredRow]]:
    streams: dict[UUID, list[StoredRow]] = {}
    for row in stored:
        streams.setdefault(row.stream_id, []).append(row)
    return streams


def test_8_writers_of_one_stream_share_its_versions(log: EventLog) -> None:
    stream = uuid4()
    accepted: list[Receipt] = []
    refused: list[Conflict] = []

    def work(_: int) -> None:
        for _ in range(20):
            try:
                accepted.append(log.append(command(stream, len(log.read_stream(stream)))))
            except Conflict as conflict:
                refused.append(conflict)

    together(work, 8)

    versions = sorted(receipt.versions[stream] for receipt in accepted)
    assert versions == list(range(1, len(accepted) + 1))
    assert len(accepted) + len(refused) == 160
    assert refused
    assert all(conflict.actual != conflict.expected for conflict in refused)
    assert len(log.read_stream(stream)) == len(accepted)


def test_each_claim_is_held_by_one_of_those_who_want_it(log: EventLog) -> None:
    names = [f"seat/{number}" for number in range(10)]
    holders: dict[str, list[UUID]] = {name: [] for name in names}
    refused: list[ClaimHeld] = []

    def work(_: int) -> None:
        for name in names:
            stream = uuid4()
            try:
                log.append(command(stream, claims=[Claim(name=name, stream_id=stream)]))
                holders[name].append(stream)
            except ClaimHeld as held:
                refused.append(held)

    together(work, 8)

    assert all(len(streams) == 1 for streams in holders.values())
    assert len(refused) == 70
    assert all([held.holder] == holders[held.name] for held in refused)


def test_the_same_command_from_many_at_once_is_stored_once(log: EventLog) -> None:
    order = command(events=2)
    receipts: list[Receipt] = []

    together(lambda _: receipts.append(log.append(order)), 8)

    assert [receipt.repeated for receipt in receipts].count(False) == 1
    assert {(receipt.first, receipt.last) for receipt in receipts} == {(1, 2)}
    assert log.head() == 2


def test_one_command_id_for_two_requests_at_once(log: EventLog) -> None:
    command_id = uuid4()
    requests = [command(command_id=command_id, request_hash=f"{n:064x}") for n in range(8)]
    outcomes: list[Receipt | CommandReused] = []

    def work(index: int) -> None:
        try:
            outcomes.append(log.append(requests[index]))
        except CommandReused as reused:
            outcomes.append(reused)

    together(work, 8)

    assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 1
    assert log.head() == 1


def test_tasks_and_threads_write_side_by_side(log: EventLog) -> None:
    async def tasks() -> list[Receipt]:
        return await asyncio.gather(*(log.append_async(command()) for _ in range(100)))

    receipts: list[Receipt] = []
    threads = threading.Thread(
        target=together, args=(lambda _: receipts.append(log.append(command())), 50)
    )
    threads.start()
    receipts.extend(asyncio.run(tasks()))
    threads.join()

    assert sorted(receipt.first for receipt in receipts) == list(range(1, 151))


def test_a_caller_that_goes_away_holds_nobody_up(log: EventLog) -> None:
    async def impatient() -> None:
        tasks = [asyncio.create_task(log.append_async(command())) for _ in range(10)]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(impatient())
    receipt = log.append(command())

    assert receipt.last == log.head()
    assert [row.position for row in log.read(0, 100)] == list(range(1, receipt.last + 1))
