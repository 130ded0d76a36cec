"""Ids: fresh ones that grow with time, and derived ones that come out the same every time."""

import os
import threading
import weakref
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, SafeUUID, uuid5

from domain.ports import Now

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NAMESPACE = UUID("6f0d1c52-0b5e-5a53-9c0e-5a1f3c9d7e21")
"""Of derived ids. Never changed: timers and reactions would fire again."""


class Uuid7:
    """Makes UUIDv7 (RFC 9562 section 5.7) by the clock of the house; fulfils `domain.ports.Ids`.

    Each id is greater than the one before it, of all threads of the process, also where the
    clock stands still or is put back. The 12 bits after the milliseconds are their fraction
    (section 6.2, method 3), counted on in a tie; the last 62 are random, so that processes,
    forked ones too, do not meet.
    """

    def __init__(self, now: Now) -> None:
        self._now = now
        self._last = 0
        self._lock = threading.Lock()
        renew = weakref.WeakMethod(self._renew)
        os.register_at_fork(after_in_child=lambda: (method := renew()) and method())

    def __call__(self) -> UUID:
        """A new id."""
        micros = max(0, (self._now() - _EPOCH) // _MICROSECOND)
        milliseconds, rest = divmod(micros, 1000)
        moment = milliseconds << 12 | (rest << 12) // 1000
        with self._lock:
            self._last = moment = max(moment, self._last + 1)
        tail = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
        return UUID(int=(moment >> 12) << 80 | 7 << 76 | (moment & 0xFFF) << 64 | 0b10 << 62 | tail)

    def _renew(self) -> None:
        # Another thread may have held it when the process forked.
        self._lock = threading.Lock()


def derived(*parts: str | int | UUID) -> UUID:
    """The id of a command that follows from what is named (UUIDv5): the same for the same parts.

    For timers, `derived("timer", affair, "accept", 2)`, and reactions, `derived("reaction",
    rule, position)`. Parts are told apart: ("ab", "c") is not ("a", "bc").
    """
    texts = [str(part) for part in parts]
    return uuid5(_NAMESPACE, "".join(f"{len(text)}:{text}" for text in texts))


_new: Callable[[type[UUID]], UUID] = object.__new__
_put_int, _put_safe = vars(UUID)["int"].__set__, vars(UUID)["is_safe"].__set__


def uuid_of(stored: bytes) -> UUID:
    """The id of these 16 bytes, in a quarter of the time that its `__init__` takes."""
    made = _new(UUID)
    _put_int(made, int.from_bytes(stored, "big"))
    _put_safe(made, SafeUUID.unknown)
    return made
