"""Folding a batch: what one event says of one row, of several, and of one row twice."""

from __future__ import annotations

from projections.view import Lifecycle
from tests.adapters.projector.conftest import Opens
from tests.adapters.projector.counting import CountRow, Units, counting
from tests.adapters.projector.district import District


def letters(opens: Opens) -> District:
    """A district that counts letters, at once and soon after."""
    return opens(inline=(counting("now", Lifecycle.INLINE),), following=(counting(),))


def counted(district: District) -> dict[str, int]:
    """The following view, once it agrees with the inline one."""
    district.follow()
    (soon,), (now,) = (district.follower.views, (counting("now", Lifecycle.INLINE),))
    assert district.contents(soon) == district.contents(now)
    rows, sums = district.contents(soon)
    assert {area: number for *_, area, number in sums} == {row.letter: row.number for row in rows}
    return {row.letter: row.number for row in rows}


def test_an_event_that_names_a_row_twice_is_folded_twice(opens: Opens) -> None:
    district, units = letters(opens), Units()

    district.record([units.named(1, "an anna b")])

    assert counted(district) == {"a": 2, "b": 1}
    assert district.contents(counting())[0][0] == CountRow(
        letter="a", number=2, names=("an", "anna")
    )


def test_events_of_a_batch_see_what_those_before_them_left(opens: Opens) -> None:
    district, units = letters(opens), Units()

    district.record([units.named(1, "a b"), units.named(2, "b c"), units.named(1, "a c")])

    assert counted(district) == {"a": 2, "b": 2, "c": 2}


def test_a_row_that_is_removed_takes_its_sums_with_it(opens: Opens) -> None:
    district, units = letters(opens), Units()
    district.record([units.named(1, "a b b")])
    assert counted(district) == {"a": 1, "b": 2}

    district.record([units.named(1, "b-")])

    assert counted(district) == {"a": 1}


def test_a_row_that_comes_and_goes_in_one_batch_leaves_nothing(opens: Opens) -> None:
    district, units = letters(opens), Units()

    district.record([units.named(1, "a"), units.named(2, "a"), units.named(1, "a-")])

    assert counted(district) == {}
