"""Waking those in this process who wait for a log to grow."""

from __future__ import annotations

import threading
import weakref


class Signal:
    """The highest position that this process has heard of, and a bell for it."""

    def __init__(self) -> None:
        self._bell = threading.Condition(threading.Lock())
        self._waiting = 0
        self._position = 0

    def ring(self, position: int) -> None:
        """Tell the waiting that the log has come so far."""
        if position > self._position:
            self._position = position
            # Whoever comes to wait after this looks at the position first.
            if self._waiting:
                self.nudge()

    @property
    def heard(self) -> int:
        """What to remember before looking, and to hand to `wait` if there was nothing."""
        return self._position

    def wait(self, heard: int, seconds: float, stop: threading.Event | None = None) -> None:
        """Sleep until something new is heard of, at most `seconds`, unless `stop` is set."""
        with self._bell:
            self._waiting += 1
            try:
                if self._position == heard and not (stop is not None and stop.is_set()):
                    self._bell.wait(seconds)
            finally:
                self._waiting -= 1

    def nudge(self) -> None:
        """Wake the waiting without news, such as when they should stop."""
        with self._bell:
            self._bell.notify_all()


_signals: weakref.WeakValueDictionary[str, Signal] = weakref.WeakValueDictionary()
_mutex = threading.Lock()


def signal(name: str) -> Signal:
    """The one signal of this process for the log of that name."""
    with _mutex:
        found = _signals.get(name)
        if found is None:
            found = _signals[name] = Signal()
        return found
