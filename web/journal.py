"""The record of requests: one JSON line each, without a personal value, a path or a query."""

import sys
import traceback
from pathlib import Path
from typing import Any, TextIO

import structlog


def lines_to(stream: TextIO | None = None) -> Any:
    """A logger that writes JSON lines; a line break in a value is written as \\n."""
    return structlog.wrap_logger(
        structlog.WriteLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
        ],
    )


class Journal:
    """Writes down what was asked and how it ended."""

    def __init__(self, log: Any = None) -> None:
        self._log = log or lines_to()

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
