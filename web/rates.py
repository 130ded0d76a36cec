"""How often somebody may ask: a bucket for each account and kind of request, one for each address.

In memory, of this process: behind several processes each gives out its own share, so that all of
them together allow as many times as much. Who asks too often gets 429 and is told how long to
wait; who goes on all the same stands in the journal of the door.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from threading import Lock
from typing import Protocol

from starlette.exceptions import HTTPException

from domain.errors import Refusal

ADDRESS = "address"
MOST = 10_000
"""Buckets of one kind; beyond, those not asked of for the longest begin anew."""
REPEATED = 10
"""From how many refusals on, with none let pass between, it is written down."""

KINDS: Mapping[str, str] = {
    "reveal": "reveal",
    "exports": "export",
    "export": "export",
    "search": "search",
    "find": "search",
    "audit": "search",
    "statistics": "search",
    # Trials, dry runs and comparisons look through much.
    "versions": "search",
}
"""The kind of a request, by the last part of its route's template that is named here."""
LISTS: frozenset[str] = frozenset({"/", "/api/v1/affairs", "/api/v1/assignments", "/assignments"})
"""Lists, which look through all that somebody reaches: to read one is a search."""
LOOKING = ("GET", "HEAD")


def kind_of(method: str, route: str) -> str:
    """read, write, search, export or reveal. route: the template, such as /affairs/{affair}."""
    named = next((KINDS[part] for part in reversed(route.split("/")) if part in KINDS), "")
    if method in LOOKING:
        # A form that is only looked at shows nothing yet.
        return "search" if route in LISTS else "read" if named == "reveal" else named or "read"
    return named or "write"


@dataclass(frozen=True, slots=True)
class Excess:
    """A request too many. seconds: until the next is let pass. times: refused one after another."""

    seconds: int
    times: int


class Buckets:
    """Who has asked how often. limits: by kind, how many requests in how many seconds; a kind
    without one is not counted. So many may come at once; then they are let in evenly."""

    def __init__(
        self,
        limits: Mapping[str, tuple[int, int]],
        *,
        now: Callable[[], int] = time.monotonic_ns,
        most: int = MOST,
    ) -> None:
        self._limits = {
            kind: (seconds * 1_000_000_000, seconds * 1_000_000_000 // count)
            for kind, (count, seconds) in limits.items()
        }
        self._now, self._most = now, most
        # Of each name when its bucket is full again, and how often it was refused since.
        self._kept: dict[str, OrderedDict[str, tuple[int, int]]] = {
            kind: OrderedDict() for kind in limits
        }
        self._lock = Lock()

    def take(self, kind: str, name: str) -> Excess | None:
        """Count a request of that name, if it may pass; None where it may."""
        if kind not in self._limits:
            return None
        whole, each = self._limits[kind]
        kept, now = self._kept[kind], self._now()
        with self._lock:
            full_at, refused = kept.get(name, (now, 0))
            if full_at <= now:
                full_at, refused = now, 0
            wait = full_at + each - now - whole
            kept[name] = (full_at + each, 0) if wait <= 0 else (full_at, refused + 1)
            kept.move_to_end(name)
            self._forget(kept, now)
        return Excess(-(-wait // 1_000_000_000), refused + 1) if wait > 0 else None

    # A bucket that is full again says nothing that a new one would not.
    def _forget(self, kept: OrderedDict[str, tuple[int, int]], now: int) -> None:
        while len(kept) > 1:
            oldest = next(iter(kept))
            if kept[oldest][0] > now and len(kept) <= self._most:
                return
            del kept[oldest]


class Counting(Protocol):
    """Where requests that were too many are counted; `web.metrics` does."""

    def limited(self, kind: str) -> None: ...


class Rates:
    """The limits of one application. refused: writes down what was refused, why and to whom."""

    def __init__(
        self,
        limits: Mapping[str, tuple[int, int]],
        metrics: Counting,
        refused: Callable[[str, str, str], None],
    ) -> None:
        self._buckets = Buckets(limits)
        self._metrics, self._refused = metrics, refused

    def account(self, account: str, method: str, route: str) -> None:
        """A request of somebody who is in. Raises HTTPException 429."""
        self._take(kind_of(method, route), account, account)

    def address(self, host: str) -> None:
        """Any request from an address. Raises HTTPException 429."""
        self._take(ADDRESS, network(host), "")

    def _take(self, kind: str, name: str, account: str) -> None:
        excess = self._buckets.take(kind, name)
        if excess is None:
            return
        self._metrics.limited(kind)
        if excess.times >= REPEATED:
            # The limit holds while the journal cannot be written, too.
            with suppress(Refusal):
                self._refused("rate exceeded", kind, account)
        raise HTTPException(429, headers={"Retry-After": str(excess.seconds)})


@lru_cache(maxsize=MOST)
def network(host: str) -> str:
    """What counts as one address: of IPv6 the network of 64 bits, which one line is given."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return host
