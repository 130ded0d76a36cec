"""The command line in this process, and a demonstration for it to read."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import structlog

from adapters.cli.main import app_entry
from adapters.demo import build
from adapters.settings import Settings


class Ran(NamedTuple):
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed for a script."""
        return json.loads(self.out)


Tenlines = Callable[..., Ran]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A terminal in English, no settings from outside, and logging as it was before."""
    for name in list(os.environ):
        if name.startswith(("TENLINES_", "LC_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def tenlines(capsys: pytest.CaptureFixture[str]) -> Tenlines:
    """`tenlines …`, as the console script runs it."""

    def run(*arguments: str | Path) -> Ran:
        code: Any = 0
        try:
            app_entry([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = ended.code or 0
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a demonstration, the story alone. Its log is not written to."""
    data_dir = tmp_path_factory.mktemp("shown") / "var"
    build(Settings(data_dir=data_dir), story_only=True)
    return data_dir
