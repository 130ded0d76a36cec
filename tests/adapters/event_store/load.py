"""Processes that write, for the tests to watch. They report what they were answered."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from queue import Empty
from typing import Any
from uuid import UUID, uuid4

from adapters.event_store import EventLog
from domain.errors import ClaimHeld, Conflict
from domain.log import Append, Claim
from tests.adapters.event_store.commands import command, draft, metadata, now

Answer = tuple[str, int, int]
"""Command id, first and last position."""

SPAWN = multiprocessing.get_context("spawn")
SHARED = UUID(int=11)
"""A stream that every writer wants."""


def write(
    url: str, threads: int, commands: int, seed: int, start: Barrier, answers: Queue[Any]
) -> None:
    """Append from several threads at once, then report every answer in one list."""
    log = EventLog(url, now=now)
    told: list[Answer] = []
    start.wait(60)

    def work(index: int) -> None:
        choice = random.Random(seed * 100 + index)
        for _ in range(commands):
            append = _some(choice, log)
            try:
                receipt = log.append(append)
            except (Conflict, ClaimHeld):
                continue
            told.append((str(receipt.command_id), receipt.first, receipt.last))

    together(work, threads)
    log.close()
    answers.put(told)


def _some(choice: random.Random, log: EventLog) -> Append:
    """One event or three, on one stream or two, or on the one that everybody wants."""
    match choice.randrange(5):
        case 0:
            return command(events=3)
        case 1:
            one, other = uuid4(), uuid4()
            return Append(
                drafts=(draft(one, 1), draft(other, 1), draft(one, 2)),
                expected={one: 0, other: 0},
                metadata=metadata(),
            )
        case 2:
            return command(SHARED, len(log.read_stream(SHARED)))
        case 3:
            stream = uuid4()
            name = f"seat/{choice.randrange(20)}"
            return command(stream, claims=[Claim(name=name, stream_id=stream)])
        case _:
            return command()


def create(url: str, start: Barrier, answers: Queue[Any]) -> None:
    """Create the log, append once, and report which log it is."""
    log = EventLog(url, now=now)
    start.wait(60)
    log_id = log.create().log_id
    log.append(command())
    log.close()
    answers.put(log_id)


def processes(target: Callable[..., None], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Run one process for each tuple, which start work together; what they reported."""
    answers: Queue[Any] = SPAWN.Queue()
    start = SPAWN.Barrier(len(arguments))
    running = [SPAWN.Process(target=target, args=(*each, start, answers)) for each in arguments]
    for process in running:
        process.start()
    told: list[Any] = []
    while len(told) < len(running):
        try:
            told.append(answers.get(timeout=1))
        except Empty:
            assert not any(process.exitcode for process in running), "a process has failed"
    for process in running:
        process.join(timeout=20)
        assert process.exitcode == 0
    answers.close()
    answers.join_thread()
    return told


def together(work: Callable[[int], object], count: int) -> None:
    """Run `work` in so many threads at once, each told its number. Raises what one raised."""
    with ThreadPoolExecutor(count) as threads:
        list(threads.map(work, range(count)))
