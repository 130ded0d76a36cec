"""What the program writes about itself holds nothing that anybody typed."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from adapters.cli import logs

TYPED = "张三 110105194912310021"


@pytest.fixture(autouse=True)
def _restored() -> Any:
    kept = structlog.get_config()
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    yield
    structlog.configure(**kept)
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


def _by_structlog(error: Exception) -> None:
    structlog.get_logger().error("timer failed", exc_info=error)


def _within(error: Exception) -> None:
    try:
        raise error
    except ValueError:
        structlog.get_logger().exception("reaction failed")


def _by_the_standard_library(error: Exception) -> None:
    try:
        raise error
    except ValueError:
        logging.getLogger("uvicorn.error").exception("failed")


@pytest.mark.parametrize("told", [_by_structlog, _within, _by_the_standard_library])
def test_an_error_is_told_without_its_words(
    told: Callable[[Exception], None], capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("INFO")
    told(ValueError(TYPED))

    (line,) = capsys.readouterr().err.splitlines()
    assert TYPED not in line
    assert json.loads(line)["error"] == "ValueError"


def test_with_its_words_where_they_are_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENLINES_DEBUG", "1")
    logs.configure("INFO")
    _within(ValueError(TYPED))

    told = json.loads(capsys.readouterr().err)
    assert TYPED in told["traceback"]
    assert any(place.startswith("test_logs.py:") for place in told["places"])
