"""The queue of group commit, with a committer that counts instead of storing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from time import sleep
from uuid import UUID

import pytest

from adapters.event_store.group import LIMIT, GroupCommit
from adapters.event_store.member import Member
from domain.log import Receipt
from tests.adapters.event_store.commands import metadata, now
from tests.adapters.event_store.load import together


class Committed:
    """Answers every member, and remembers who was committed together."""

    def __init__(self) -> None:
        self.batches: list[list[Member]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.busy = threading.Lock()

    def __call__(self, members: Sequence[Member]) -> None:
        assert self.busy.acquire(blocking=False), "two leaders at once"
        try:
            self.gate.wait(10)
            self.batches.append(list(members))
            for member in members:
                member.outcome = Receipt(command_id=UUID(int=1), first=1, last=1, recorded_at=now())
        finally:
            self.busy.release()


def wait_until(true: Callable[[], bool]) -> None:
    """Look again and again, for ten seconds at most."""
    for _ in range(10_000):
        if true():
            return
        sleep(0.001)
    raise TimeoutError


def member() -> Member:
    return Member((), {}, metadata())


def test_a_caller_alone_goes_straight_through() -> None:
    committed = Committed()
    threads: list[threading.Thread] = []

    def commit(members: Sequence[Member]) -> None:
        threads.append(threading.current_thread())
        committed(members)

    group = GroupCommit(commit)
    group.run([member()])

    assert threads == [threading.current_thread()]


def test_those_who_queue_are_committed_together() -> None:
    committed = Committed()
    committed.gate.clear()
    group = GroupCommit(committed)
    members = [member() for _ in range(12)]
    threads = [threading.Thread(target=group.run, args=([each],)) for each in members]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(group) == 11)

    committed.gate.set()
    for thread in threads:
        thread.join()

    assert sorted(len(batch) for batch in committed.batches) == [1, 11]
    assert all(each.outcome is not None for each in members)


def test_a_batch_has_a_limit_that_one_caller_may_exceed() -> None:
    committed = Committed()
    committed.gate.clear()
    group = GroupCommit(committed)
    sizes = [1, LIMIT - 1, 2, LIMIT + 50, 1]
    threads = []
    for size in sizes:
        thread = threading.Thread(target=group.run, args=([member() for _ in range(size)],))
        thread.start()
        threads.append(thread)
        wait_until(lambda: len(group) == len(threads) - 1)

    committed.gate.set()
    for thread in threads:
        thread.join()

    assert [len(batch) for batch in committed.batches] == [1, LIMIT - 1, 2, LIMIT + 50, 1]


def test_nobody_is_forgotten() -> None:
    committed = Committed()
    group = GroupCommit(committed)
    members = [[member() for _ in range(50)] for _ in range(8)]

    def work(index: int) -> None:
        for each in members[index]:
            group.run([each])
            assert each.outcome is not None

    async def tasks() -> None:
        await asyncio.gather(*(group.run_async([each]) for each in members[7]))

    together(lambda index: asyncio.run(tasks()) if index == 7 else work(index), 8)
    group.close()

    assert all(each.outcome is not None for many in members for each in many)
    assert sum(len(batch) for batch in committed.batches) == 400


def test_a_loop_that_ends_does_not_keep_the_lead() -> None:
    committed = Committed()
    group = GroupCommit(committed)
    loop = asyncio.new_event_loop()
    left = member()
    waiting = loop.create_task(group.run_async([left]))
    loop.run_until_complete(asyncio.sleep(0))
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        loop.run_until_complete(waiting)
    loop.close()

    next_one = member()
    group.run([next_one])
    group.close()

    assert next_one.outcome is not None
    assert left.outcome is not None


def test_an_interrupted_leader_hands_over() -> None:
    committed = Committed()
    interrupts = [KeyboardInterrupt()]

    def commit(members: Sequence[Member]) -> None:
        if interrupts:
            raise interrupts.pop()
        committed(members)

    group = GroupCommit(commit)
    with pytest.raises(KeyboardInterrupt):
        group.run([member()])

    group.run([member()])

    assert len(committed.batches) == 1
