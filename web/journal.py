"""The record of requests: one JSON line each, without a personal value, a path or a query."""

import asyncio
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import msgspec

_encode = msgspec.json.Encoder(order="sorted").encode


class Lines:
    """Writes JSON lines to a stream, standard error unless another is named.

    What is told within one turn of an event loop is written at once: a write for each of a
    busy hour's requests takes as long as all the rest of the record.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._waiting: list[bytes] = []
        self._lock = threading.Lock()

    def info(self, event: str, **told: object) -> None:
        """Something happened."""
        self._tell("info", event, told)

    def error(self, event: str, **told: object) -> None:
        """Something went wrong."""
        self._tell("error", event, told)

    def _tell(self, level: str, event: str, told: dict[str, object]) -> None:
        line = _encode({"event": event, "level": level, "timestamp": datetime.now(UTC), **told})
        with self._lock:
            self._waiting.append(line)
            if len(self._waiting) > 1:
                return
        try:
            asyncio.get_running_loop().call_soon(self._write)
        except RuntimeError:
            self._write()

    def _write(self) -> None:
        with self._lock:
            lines, self._waiting = self._waiting, []
            if lines:
                stream = self._stream or sys.stderr
                stream.write(b"\n".join([*lines, b""]).decode())
                stream.flush()


class Journal:
    """Writes down what was asked and how it ended."""

    def __init__(self, log: Any = None) -> None:
        self._log = log or Lines()

    def requested(
        self, request_id: str, method: str, route: str, status: int, seconds: float, role: str
    ) -> None:
        """A request was answered."""
        self._log.info(
            "request",
            request_id=request_id,
            method=method if method.isalpha() and len(method) <= 16 else "?",
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            role=role,
        )

    def failed(self, request_id: str, route: str, error: Exception) -> None:
        """Something nobody foresaw: where it happened, never the error's own text, which may
        hold what somebody typed."""
        frames = traceback.extract_tb(error.__traceback__)
        self._log.error(
            "unexpected",
            request_id=request_id,
            route=route,
            error=type(error).__name__,
            places=[f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-8:]],
        )

    def began(self, name: str) -> None:
        """A thread beside the requests began."""
        self._log.info("background", name=name)

    def stopped(self, name: str, error: Exception) -> None:
        """A thread beside the requests ended with an error."""
        self.failed("-", f"background {name}", error)
