"""Group commit: concurrent callers queue, and one of them commits for all.

Whoever finds no leader leads. A caller that is alone goes straight through; else it waits, and
is either answered by a leader or made the next one. No thread is kept for it: a caller in an
event loop borrows one only while it leads.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from adapters.event_store.member import Member

LIMIT = 256
"""Members that one transaction takes at most, unless one caller alone brings more."""

PAUSE_SECONDS = 0.0005
"""How long a leader waits for threads that were answered just now. One that writes again and
again comes back within that time, and two half batches cost more than a whole one."""

PASS_SECONDS = 0.005
"""How long a leader waits for an event loop to run those of its callers that are ready."""


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
        self._callers = 0
        """Callers that were answered last, and those that had queued by then."""
        self._complete: threading.Lock | None = None
        """Opened when as many are in the queue as there were callers, or all that are ready."""
        self._threads: ThreadPoolExecutor | None = None

    def __len__(self) -> int:
        """Callers that wait for a leader."""
        return len(self._queue)

    def run(self, members: Sequence[Member]) -> None:
        """Return when every one of the members has its outcome."""
        with self._mutex:
            leads = not self._led
            self._led = True
            alone = leads and self._callers < 2
            if not alone:
                ticket = _Ticket(members)
                ticket.gate = gate = _closed()
                self._join(ticket)
        if alone:
            try:
                self._commit(members)
            finally:
                self._hand_over(1)
            return
        if not leads:
            gate.acquire()
        if not ticket.done:
            self._lead(PAUSE_SECONDS)

    async def run_async(self, members: Sequence[Member]) -> None:
        """The same, without blocking the event loop."""
        ticket = _Ticket(members)
        ticket.loop = asyncio.get_running_loop()
        ticket.future = ticket.loop.create_future()
        with self._mutex:
            self._join(ticket)
            leads = not self._led
            self._led = True
        if leads:
            ticket.loop.call_soon(self._open, self._borrow(PASS_SECONDS))
        # A caller that goes away does not take its command back: it may be on its way already.
        await ticket.future

    def close(self) -> None:
        """Let go of the borrowed thread, once what is queued has been committed."""
        with self._mutex:
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown(wait=True)

    def _join(self, ticket: _Ticket) -> None:
        self._queue.append(ticket)
        if self._complete is not None and len(self._queue) >= self._callers:
            self._complete.release()
            self._complete = None

    def _open(self, complete: threading.Lock) -> None:
        with self._mutex:
            if self._complete is complete:
                complete.release()
                self._complete = None

    def _borrow(self, seconds: float) -> threading.Lock:
        """Have a borrowed thread lead, after `seconds` or when what is returned is opened."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, thread_name_prefix="log-append")
        complete = _closed()
        with self._mutex:
            self._complete = complete
        self._threads.submit(self._lead, seconds, complete)
        return complete

    def _lead(self, seconds: float, complete: threading.Lock | None = None) -> None:
        """Wait for those who were answered to come back, commit for all, and hand over."""
        with self._mutex:
            if complete is None and len(self._queue) < self._callers:
                complete = self._complete = _closed()
        if complete is not None:
            complete.acquire(timeout=seconds)
        with self._mutex:
            self._complete = None
            taken = [self._queue.popleft()]
            size = len(taken[0].members)
            while self._queue and size + len(self._queue[0].members) <= LIMIT:
                taken.append(self._queue.popleft())
                size += len(taken[-1].members)
        try:
            self._commit([member for ticket in taken for member in ticket.members])
        finally:
            self._answer(taken)

    def _answer(self, taken: Sequence[_Ticket]) -> None:
        """Wake those who were answered, and whoever leads next."""
        waiting: dict[asyncio.AbstractEventLoop, list[_Ticket]] = {}
        for ticket in taken:
            ticket.done = True
            if ticket.gate is not None:
                ticket.gate.release()
            elif ticket.loop is not None:
                waiting.setdefault(ticket.loop, []).append(ticket)
        leading, complete = self._hand_over(len(taken), waiting)
        for loop, tickets in waiting.items():
            opened = complete if loop is leading else None
            # One call wakes a loop for all of its callers. A closed loop has none left.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._resolve, tickets, opened)

    def _hand_over(
        self, answered: int, awake: Container[asyncio.AbstractEventLoop] = ()
    ) -> tuple[asyncio.AbstractEventLoop | None, threading.Lock | None]:
        """Make the first in the queue the leader.

        If that is a caller of a loop which is about to be woken, so that more of its callers
        may come, the loop is returned, with what it should open when they have run.
        """
        with self._mutex:
            self._callers = answered + len(self._queue)
            if not self._queue:
                self._led = False
                return None, None
            following = self._queue[0]
        if following.gate is not None:
            following.gate.release()
            return None, None
        if following.loop in awake:
            return following.loop, self._borrow(PASS_SECONDS)
        self._borrow(0)
        return None, None

    def _resolve(self, tickets: Sequence[_Ticket], complete: threading.Lock | None) -> None:
        for ticket in tickets:
            if ticket.future is not None and not ticket.future.done():
                ticket.future.set_result(None)
        if complete is not None:
            # Not at once: first run those who were answered.
            asyncio.get_running_loop().call_soon(self._open, complete)


def _closed() -> threading.Lock:
    gate = threading.Lock()
    gate.acquire()
    return gate
