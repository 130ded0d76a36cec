"""An empty district on each database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypedDict, Unpack

import pytest

from adapters.codec import Codec
from projections.view import View
from tests.adapters.projector.district import District


class Chosen(TypedDict, total=False):
    """What a test's district has in place of the product's."""

    inline: Sequence[View[Any]]
    following: Sequence[View[Any]]
    codec: Codec


class Opens(Protocol):
    """Opens the district, once more each time."""

    def __call__(self, **chosen: Unpack[Chosen]) -> District: ...


@pytest.fixture
def opens(database_url: str) -> Iterator[Opens]:
    """Open the district, once more each time."""
    opened: list[District] = []

    def open_one(**chosen: Unpack[Chosen]) -> District:
        opened.append(District(database_url, **chosen))
        return opened[-1]

    yield open_one
    for district in opened:
        district.close()


@pytest.fixture
def district(opens: Opens) -> District:
    """All views of the product, nothing on the log."""
    return opens()
