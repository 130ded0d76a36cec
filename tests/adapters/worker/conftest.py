"""An office on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.worker.office import Office, office


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """The office on a Friday morning, 2011-07-22."""
    with office(database_url, tmp_path) as opened:
        yield opened
