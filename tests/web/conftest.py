"""A district for each module of tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.district import District, standing


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """A district on SQLite."""
    with standing(tmp_path_factory.mktemp("district")) as made:
        yield made


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[District]:
    """A district of the test's own, whose clock and whose files it may play with."""
    with standing(tmp_path) as made:
        yield made
