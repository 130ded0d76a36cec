"""Group commit: concurrent callers queue, and one of them commits for all.

Whoever finds no leader leads. With an empty queue a caller goes straight through; else it
waits, and is either answered by a leader or made the next one. No thread is kept for it:
a caller in an event loop borrows one only while it leads.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from adapters.event_store.batch import Member

LIMIT = 256
"""Members that one transaction takes at most, unless one caller alone brings more."""


class _Ticket:
    """A caller's place in the queue: a thread that sleeps at `gate`, or a future of a loop."""

    __slots__ = ("done", "future", "gate", "loop", "members")

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members
        self.done = False
        self.gate: threading.Lock | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.future: asyncio.Future[None] | None = None


class GroupCommit:
    """The queue in front of `commit`, which must give every member an outcome."""

    def __init__(self, commit: Callable[[Sequence[Member]], None]) -> None:
        self._commit = commit
        self._mutex = threading.Lock()
        self._queue: deque[_Ticket] = deque()
        self._led = False
        self._threads: ThreadPoolExecutor | None = None

    def run(self, members: Sequence[Member]) -> None:
        """Return when every one of the members has its outcome."""
        with self._mutex:
            if not self._led:
                self._led = True
                ticket = None
            else:
                ticket = _Ticket(members)
                ticket.gate = threading.Lock()
                ticket.gate.acquire()
                self._queue.append(ticket)
        if ticket is None:
            try:
                self._commit(members)
            finally:
                self._hand_over()
            return
        assert ticket.gate is not None
        ticket.gate.acquire()
        if not ticket.done:
            self._lead()

    async def run_async(self, members: Sequence[Member]) -> None:
        """The same, without blocking the event loop."""
        ticket = _Ticket(members)
        ticket.loop = asyncio.get_running_loop()
        ticket.future = ticket.loop.create_future()
        with self._mutex:
            self._queue.append(ticket)
            leads = not self._led
            self._led = True
        if leads:
            self._borrow()
        # A caller that goes away does not take its command back: it may be on its way already.
        await asyncio.shield(ticket.future)

    def close(self) -> None:
        """Let go of the borrowed thread, once what is queued has been committed."""
        with self._mutex:
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown(wait=True)

    def _borrow(self) -> None:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, thread_name_prefix="log-append")
        self._threads.submit(self._lead)

    def _lead(self) -> None:
        """Commit what waits, up to the limit, and hand over."""
        with self._mutex:
            taken = [self._queue.popleft()]
            size = len(taken[0].members)
            while self._queue and size + len(self._queue[0].members) <= LIMIT:
                taken.append(self._queue.popleft())
                size += len(taken[-1].members)
        try:
            self._commit([member for ticket in taken for member in ticket.members])
        finally:
            _answer(taken)
            self._hand_over()

    def _hand_over(self) -> None:
        with self._mutex:
            if not self._queue:
                self._led = False
                return
            following = self._queue[0]
        if following.gate is not None:
            following.gate.release()
        else:
            self._borrow()


def _answer(taken: Sequence[_Ticket]) -> None:
    waiting: dict[asyncio.AbstractEventLoop, list[_Ticket]] = {}
    for ticket in taken:
        ticket.done = True
        if ticket.gate is not None:
            ticket.gate.release()
        elif ticket.loop is not None:
            waiting.setdefault(ticket.loop, []).append(ticket)
    for loop, tickets in waiting.items():
        # One call wakes a loop for all of its callers. A closed loop has none left.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve, tickets)


def _resolve(tickets: Sequence[_Ticket]) -> None:
    for ticket in tickets:
        if ticket.future is not None and not ticket.future.done():
            ticket.future.set_result(None)
