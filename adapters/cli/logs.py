"""Structured logs on standard error: one JSON object a line, UTC, no personal data."""

import logging
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict


def configure(level: str) -> None:
    """Send structlog's and the standard library's entries to standard error. Any number of times.

    Of an error its kind and where it happened are told; its own words, which may hold what
    somebody typed, by TENLINES_DEBUG=1 only.
    """
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_its_words,
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


def _without_its_words(_: Any, __: str, told: EventDict) -> EventDict:
    error = told.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        told["error"] = type(error).__name__
        told["places"] = [f"{Path(one.filename).name}:{one.lineno}" for one in frames[-8:]]
        if os.environ.get("TENLINES_DEBUG") == "1":
            told["traceback"] = "".join(traceback.format_exception(error))
    return told


# Whatever standard error is when something is told, not when this was configured.
def _on_stderr(*_: Any) -> structlog.WriteLogger:
    return structlog.WriteLogger(sys.stderr)


class _Forward(logging.Handler):
    """Hands the standard library's records to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(
            record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info
        )
