"""An empty district on each database."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.adapters.projector.district import District

Opens = Callable[..., District]


@pytest.fixture
def opens(database_url: str) -> Iterator[Opens]:
    """Open the district, once more each time."""
    opened: list[District] = []

    def open_one(**chosen: object) -> District:
        opened.append(District(database_url, **chosen))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for district in opened:
        district.close()


@pytest.fixture
def district(opens: Opens) -> District:
    """All views of the product, nothing on the log."""
    return opens()
