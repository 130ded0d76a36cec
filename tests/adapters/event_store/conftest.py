"""A created log on each database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from adapters.event_store import EventLog
from tests.adapters.event_store.commands import now


@pytest.fixture
def log(database_url: str) -> Iterator[EventLog]:
    """An empty production log."""
    with closing(EventLog(database_url, now=now)) as opened:
        opened.create()
        yield opened
