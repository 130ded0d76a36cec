"""The list of offerings counts places as they are taken, kept, awaited and given up."""

from __future__ import annotations

import pytest

from projections.offerings import OfferingRow, offerings
from tests.projections.histories import SESSION, offered
from tests.projections.memory import Memory


def row(upto: int) -> OfferingRow:
    """The row after so many events."""
    memory = Memory(offerings, offered().recorded[:upto])
    found: OfferingRow = memory.rows[(SESSION,)]
    return found


@pytest.mark.parametrize(
    ("upto", "counts"),
    [
        (1, (0, 0, 0, 1)),
        (2, (1, 0, 0, 0)),
        (3, (1, 0, 1, 0)),
        (4, (0, 0, 1, 1)),
        (5, (0, 1, 0, 0)),
        (6, (1, 0, 0, 0)),
        (7, (1, 0, 0, 3)),
    ],
)
def test_places_are_counted(upto: int, counts: tuple[int, int, int, int]) -> None:
    found = row(upto)

    assert (found.held, found.kept, found.waiting, found.free) == counts
    assert found.version == upto


def test_what_is_cancelled_says_so() -> None:
    assert [row(7).cancelled, row(8).cancelled] == [False, True]
