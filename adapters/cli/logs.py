"""Structured logs on standard error: one JSON object a line, UTC, no personal data."""

import logging
import os
import sys
from typing import Any

import structlog


def configure(level: str) -> None:
    """Send structlog's and the standard library's entries to standard error. Any number of times.

    A traceback, whose last line may hold what somebody typed, is shown by TENLINES_DEBUG=1 only.
    """
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=_on_stderr,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.setLevel(number)
    for handler in root.handlers:
        if isinstance(handler, _Forward):
            return
    root.addHandler(_Forward())


# Whatever standard error is when something is told, not when this was configured.
def _on_stderr(*_: Any) -> structlog.WriteLogger:
    return structlog.WriteLogger(sys.stderr)


class _Forward(logging.Handler):
    """Hands the standard library's records to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        told: dict[str, str] = {"logger": record.name}
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
            if os.environ.get("TENLINES_DEBUG") == "1":
                told["traceback"] = logging.Formatter().formatException(record.exc_info)
        structlog.get_logger().log(record.levelno, record.getMessage(), **told)
