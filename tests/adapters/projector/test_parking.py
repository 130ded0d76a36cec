"""What a view cannot follow is parked and shown; everything else goes on."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.codec import Codec
from adapters.projector.state import Parked
from domain.log import Recorded
from domain.topics import TOPICS
from projections.audit import audit_trail
from projections.satisfaction import affair_facts
from projections.view import Lifecycle, View
from projections.visits import visit_facts
from tests.adapters.projector.conftest import Opens
from tests.adapters.projector.counting import CountRow, Units, counting, unit
from tests.adapters.projector.district import FOLLOWING, District, moved
from tests.projections.histories import Log, story
from tests.projections.memory import Memory

GARBAGE = pytest.mark.parametrize(
    "state",
    [
        b"",
        b"{]",
        b"\xff\xfe",
        b"[]",
        b'{"by":"liqiang"}',
        b'{"\\u0000":1}',
        b'{"\\ud800":"\\udfff"}',
        b"[" * 20_000,
    ],
    ids=["empty", "no-json", "no-text", "list", "fields", "nul", "surrogate", "deep"],
)


def parked(district: District) -> set[tuple[str, UUID, int]]:
    """Which view is parked, for which stream, from which position on."""
    return {(one.view, one.stream_id, one.position) for one in district.follower.parked()}


def affair() -> list[Recorded]:
    """The affair of the story, on a stream of its own, without the visit."""
    return [seen for seen in moved(story().recorded) if seen.topic.startswith("affair.")]


def agrees(district: District, view: View[Any], events: list[Recorded]) -> None:
    """The view holds what folding these events gives, roll-up included."""
    memory = Memory(view, events)
    assert district.rows(view) == memory.rows
    assert {tuple(key): number for *key, number in district.contents(view)[1]} == dict(memory.tally)


@GARBAGE
def test_garbage_parks_its_stream_for_the_views_that_want_the_topic(
    opens: Opens, state: bytes
) -> None:
    district = opens(following=(audit_trail, affair_facts, visit_facts))
    one, other = affair(), affair()
    stream = one[0].stream_id
    district.record(one[:5])
    bad = district.spoil(stream, 6, "affair.step_taken.v1", state)
    district.record(other)

    district.follow()

    assert parked(district) == {("audit_trail", stream, bad), ("affair_facts", stream, bad)}
    read = [seen for seen in readable(district) if seen.position != bad]
    agrees(district, affair_facts, read)
    agrees(district, audit_trail, read)
    assert district.follower.position() == district.log.head()


def readable(district: District) -> list[Recorded]:
    """The log without what cannot be read."""
    return district.history.batch(district.log.read(0, 10_000), lambda _row, _why: None)


def test_an_unknown_topic_may_concern_every_view(district: District) -> None:
    stream = uuid4()

    bad = district.spoil(stream, 1, "affair.frobnicated.v1", b"{}")
    district.follow()

    assert parked(district) == {(view.name, stream, bad) for view in FOLLOWING}
    assert {one.topic for one in district.follower.parked()} == {"affair.frobnicated.v1"}
    assert all("unknown topic" in one.reason for one in district.follower.parked())


def test_nothing_of_a_parked_stream_is_folded_after_it(district: District) -> None:
    told = affair()
    stream = told[0].stream_id
    district.record(told[:5])
    district.spoil(stream, 6, "affair.referred.v1")
    in_the_same_batch = moved_on(told[5:8], 1)
    district.record(in_the_same_batch)
    district.follow()
    district.record(moved_on(told[8:10], 1))
    district.follow()

    agrees(district, affair_facts, readable(district)[:5])


def moved_on(events: list[Recorded], by: int) -> list[Recorded]:
    """The events at later versions of their stream."""
    return [seen._replace(version=seen.version + by) for seen in events]


def test_a_stream_whose_first_event_is_garbage_has_no_row(opens: Opens) -> None:
    district, told = opens(inline=()), affair()
    district.spoil(told[0].stream_id, 1, "affair.registered.v1")
    district.record(moved_on(told[1:4], 0))

    district.follow()

    assert district.rows(affair_facts) == {}
    parked = {one.view for one in district.follower.parked()}
    assert parked == {"audit_trail", "affair_facts", "relations"}


def letters(opens: Opens) -> tuple[District, Units, View[Any]]:
    """A district that counts letters twice, under two names."""
    view = counting()
    return opens(inline=(), following=(view, counting("others"))), Units(), view


@pytest.mark.parametrize("fault", ["!", "?"], ids=["fold", "parts"])
def test_a_fold_that_fails_parks_its_stream(opens: Opens, fault: str) -> None:
    district, units, view = letters(opens)
    district.record(
        [
            units.named(1, "a"),
            units.named(2, "a"),
            units.named(1, f"b {fault} c" if fault == "!" else fault),
            units.named(1, "d"),
            units.named(2, "b"),
        ]
    )
    district.follow()
    district.record([units.named(1, "e"), units.named(2, "c")])
    district.follow()

    rows, sums = district.contents(view)
    assert {row.letter: row.number for row in rows} == {"a": 2, "b": 1, "c": 1}
    assert {area: number for *_, area, number in sums} == {"a": 2, "b": 1, "c": 1}
    assert parked(district) == {("letters", unit(1), 3), ("others", unit(1), 3)}
    assert {one.reason for one in district.follower.parked()} <= {
        "ValueError: that is no name",
        "ValueError: which letter?",
    }


@pytest.mark.parametrize("first", ["!", "?", "unreadable"])
@pytest.mark.parametrize("second", ["!", "?", "unreadable"])
def test_a_stream_is_parked_from_its_first_fault_on(opens: Opens, first: str, second: str) -> None:
    district, units, view = letters(opens)
    district.record([units.named(1, "a")])
    version = 1

    def goes_wrong(how: str) -> None:
        if how == "unreadable":
            district.spoil(unit(1), version, "unit.renamed.v1")
            units.named(1, "")
        else:
            district.record([units.named(1, how)])

    version = 2
    goes_wrong(first)
    district.record([units.named(1, "b")])
    version = 4
    goes_wrong(second)
    district.record([units.named(1, "c")])
    district.follow()

    assert {row.letter for row in district.contents(view)[0]} == {"a"}
    assert parked(district) == {("letters", unit(1), 2), ("others", unit(1), 2)}
    reasons = {"!": "no name", "?": "which letter", "unreadable": "Unreadable"}
    assert all(reasons[first] in one.reason for one in district.follower.parked())


def test_a_row_that_the_database_cannot_hold_parks_its_stream(opens: Opens) -> None:
    view = counting()

    @view.on_each(*view.handlers, parts=lambda event, seen: [((event.name[0],), event.name)])
    def named(row: Any, name: str, event: Any, seen: Recorded) -> Any:
        return CountRow(letter=name[0], number=2**70 if name == "huge" else 1, names=(name,))

    district, units = opens(inline=(), following=(view, counting("others"))), Units()
    district.record([units.named(1, "huge"), units.named(2, "a"), units.named(3, "b")])
    district.follow()
    district.record([units.named(1, "c"), units.named(2, "d")])
    district.follow()

    assert parked(district) == {("letters", unit(1), 1)}
    assert [row.letter for row in district.contents(view)[0]] == ["a", "b", "d"]
    assert [row.letter for row in district.contents(counting("others"))[0]] == list("abcdh")


def test_a_row_that_cannot_be_counted_parks_its_stream(opens: Opens) -> None:
    view, plain = counting(), counting().tally
    assert plain is not None

    def tally(row: Any) -> Any:
        if row.names[-1] == "uncounted":
            raise ZeroDivisionError("no share of nothing")
        return plain(row)

    view.tally = tally
    district, units = opens(inline=(), following=(view,)), Units()
    district.record([units.named(1, "a"), units.named(1, "uncounted"), units.named(2, "b c")])
    district.follow()

    rows, sums = district.contents(view)
    assert {row.letter: row.number for row in rows} == {"a": 1, "b": 1, "c": 1}
    assert {area: number for *_, area, number in sums} == {"a": 1, "b": 1, "c": 1}
    assert parked(district) == {("letters", unit(1), 2)}


def test_a_rebuild_after_the_fix_folds_what_was_parked(opens: Opens) -> None:
    old = Codec({name: cls for name, cls in TOPICS.items() if name != "affair.step_taken.v1"})
    before = opens(codec=old)
    log = story()
    after = opens()
    after.record(log.recorded)
    before.follow()
    assert {one.view for one in before.follower.parked()} == {"affair_facts", "audit_trail"}

    for view in FOLLOWING:
        after.rebuild(view)

    assert after.follower.parked() == []
    for view in FOLLOWING:
        agrees(after, view, after.recorded())
    # And the stream is followed on.
    (seen,) = moved_on([log.recorded[-1]], 1)
    after.record([seen])
    after.follow()
    agrees(after, audit_trail, after.recorded())


def test_a_rebuild_before_the_fix_parks_it_again(opens: Opens) -> None:
    district, units, view = letters(opens)
    district.record([units.named(1, "a"), units.named(1, "!"), units.named(2, "b")])
    district.spoil(unit(2), 2, "unit.renamed.v9", b"{}")
    units.named(2, "")
    district.record([units.named(1, "c"), units.named(2, "d"), units.named(3, "e")])
    district.follow()
    live, shown = district.contents(view), district.follower.parked()
    assert {row.letter for row in live[0]} == {"a", "b", "e"}

    district.rebuild(view)

    assert district.contents(view) == live
    assert sorted(district.follower.parked(), key=order) == sorted(shown, key=order)
    district.record([units.named(1, "f"), units.named(2, "g"), units.named(3, "h")])
    district.follow()
    assert {row.letter for row in district.contents(view)[0]} == {"a", "b", "e", "h"}


def order(one: Parked) -> tuple[str, int]:
    return one.view, one.position


def test_an_inline_view_that_fails_fails_the_command(opens: Opens) -> None:
    view = counting("now", Lifecycle.INLINE)
    district, units = opens(inline=(view,), following=()), Units()

    outcomes = district.log.append_many(
        [
            district.append(units.named(1, "a")),
            district.append(units.named(2, "!")),
            district.append(units.named(3, "b")),
        ]
    )

    assert [type(outcome).__name__ for outcome in outcomes] == ["Receipt", "ValueError", "Receipt"]
    assert district.log.head() == 2
    assert {row.letter for row in district.contents(view)[0]} == {"a", "b"}


def test_visits_are_not_parked_for_the_affairs(opens: Opens) -> None:
    district, log = opens(), Log()
    log.visit("07-20 09:00")
    district.record(log.recorded)

    bad = district.spoil(uuid4(), 1, "visit.recorded.v1")
    district.follow()

    assert {(view, at) for view, _, at in parked(district)} == {
        ("audit_trail", bad),
        ("visit_facts", bad),
    }
