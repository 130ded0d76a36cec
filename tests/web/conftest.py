"""A district for each module of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.district import District, standing


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """A district on SQLite."""
    with standing(tmp_path_factory.mktemp("district")) as made:
        yield made
