"""Live counts: the tallies of the reader's own scope as server-sent events, when the log moved.

Each message asks anew who is there and how far they reach; the stream ends with the session.
What cannot have a stream, or no script, refreshes the page.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from domain.errors import Refusal, StorageUnavailable
from web.entrance import held, office_of, signed_in
from web.pages.tallies import KEYS, midnight
from web.ports import Office, SignedIn
from workflows.rights import VIEW, scope_of

router = APIRouter(include_in_schema=False)

PER_PERSON, IN_ALL = 4, 200
"""Streams at once."""
TICK_SECONDS = 1.0
"""At most one message in so long."""
ASK_SECONDS = 5.0
"""After so long without news the session is looked at all the same."""
COUNT_SECONDS = 60.0
"""And after so long it is counted anew: what is due today is late tomorrow."""


@dataclass(slots=True)
class Streams:
    """Who holds how many streams, and the one look at the log that all of them share."""

    taken: Counter[str] = field(default_factory=Counter)
    closed: bool = False
    _counting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _looked_at: float = 0.0
    _head: int = 0

    @contextmanager
    def seat(self, account: str) -> Iterator[None]:
        """Held while a stream is open. Raises HTTPException 429 where there are enough."""
        if self.taken[account] >= PER_PERSON or self.taken.total() >= IN_ALL:
            raise HTTPException(429, headers={"Retry-After": "60"})
        self.taken[account] += 1
        try:
            yield
        finally:
            self.taken[account] -= 1
            if not self.taken[account]:
                del self.taken[account]

    def close(self) -> None:
        """Have every stream end at its next tick: the server is to stop."""
        self.closed = True

    async def head(self, office: Office, seen: int) -> int:
        """Where the log ends, looked at once in a tick however many ask; `seen` if it cannot be."""
        async with self._looking:
            now = asyncio.get_running_loop().time()
            if now - self._looked_at >= TICK_SECONDS / 2:
                try:
                    self._head = await run_in_threadpool(office.head)
                except StorageUnavailable:
                    return seen
                self._looked_at = now
            return self._head

    async def counts(self, office: Office, who: SignedIn) -> dict[str, int] | None:
        """The tallies of somebody; None while they cannot be read. One reader's after another's,
        so that streams never take more than one thread."""
        scope, account = scope_of(who.actor, VIEW), who.actor.account
        async with self._counting:
            until = midnight(office.now())
            try:
                found = await run_in_threadpool(office.counts, scope, account, until)
            except StorageUnavailable:
                return None
        return {key: getattr(found, key) for key in KEYS}


def streams_of(request: Request) -> Streams:
    """The streams of this application."""
    streams: Streams = request.app.state.streams
    return streams


async def _seated(request: Request) -> AsyncIterator[SignedIn]:
    who = signed_in(request)
    if who is None:
        raise HTTPException(401)
    if scope_of(who.actor, VIEW).prefix is None:
        raise HTTPException(403)
    with streams_of(request).seat(who.actor.account):
        yield who


@router.get("/live", response_class=EventSourceResponse)
async def live(
    request: Request, who: Annotated[SignedIn, Depends(_seated)]
) -> AsyncIterator[ServerSentEvent]:
    """The tallies now, and again whenever they changed. FastAPI sends signs of life between."""
    office, streams, clock = (
        office_of(request),
        streams_of(request),
        asyncio.get_running_loop().time,
    )
    told: dict[str, int] | None = None
    seen, asked_at, counted_at = -1, -ASK_SECONDS, 0.0
    while not streams.closed:
        head = await streams.head(office, seen)
        due = head != seen or clock() - counted_at >= COUNT_SECONDS
        if due or clock() - asked_at >= ASK_SECONDS:
            found, asked_at = _still(request, who), clock()
            if found is None:
                return
            if due:
                counts = await streams.counts(office, found)
                if counts is not None:
                    seen, counted_at = head, clock()
                    if counts != told:
                        told = counts
                        yield ServerSentEvent(data=counts, event="counts")
        await asyncio.sleep(TICK_SECONDS)


# Not who was found when the stream began: a session may have ended, a right been withdrawn.
def _still(request: Request, who: SignedIn) -> SignedIn | None:
    try:
        found = office_of(request).porter.visitor(held(request), used=False)
    except Refusal:
        return None
    if found is None or found.actor.account != who.actor.account:
        return None
    return found if scope_of(found.actor, VIEW).prefix is not None else None
