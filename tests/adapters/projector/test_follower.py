"""A batch and its checkpoint are one: nothing is folded twice, whoever dies or follows too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from adapters.history import History
from adapters.projector import state
from domain.log import Recorded
from projections.audit import audit_trail
from projections.satisfaction import affair_facts
from projections.visits import visit_facts
from tests.adapters.projector.conftest import Opens
from tests.adapters.projector.counting import Units, counting
from tests.adapters.projector.district import FOLLOWING, District, moved
from tests.projections.histories import story
from tests.projections.memory import Memory


class Killed(BaseException):
    """Stands for the end of the process."""


def in_order(district: District) -> None:
    """Every following view holds what folding the whole log gives, each event once."""
    whole = district.recorded()
    for view in FOLLOWING:
        memory = Memory(view, whole)
        assert district.rows(view) == memory.rows, view.name
        assert {tuple(key): number for *key, number in district.contents(view)[1]} == dict(
            memory.tally
        ), view.name


@pytest.mark.parametrize("dies_at", range(len(FOLLOWING)), ids=[v.name for v in FOLLOWING])
def test_a_follower_killed_before_its_checkpoint_folds_nothing_twice(
    district: District, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    district.record(story().recorded)
    plain, calls = state.advance, iter(range(len(FOLLOWING)))

    def advance(*given: Any) -> None:
        if next(calls) == dies_at:
            raise Killed
        plain(*given)

    with monkeypatch.context() as broken:
        broken.setattr(state, "advance", advance)
        with pytest.raises(Killed):
            district.follower.step()

    assert district.follower.position() == 0
    assert all(district.contents(view) == ([], []) for view in FOLLOWING)
    district.follow()
    in_order(district)


def test_a_follower_killed_in_the_middle_goes_on_from_its_checkpoint(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    district = opens()
    for _ in range(3):
        district.record(moved(story().recorded))
    monkeypatch.setattr("adapters.projector.follower.BATCH", 7)
    for _ in range(2):
        district.follower.step()
    assert district.follower.position() == 14

    another = opens()

    assert another.follower.position() == 14
    another.follow()
    in_order(another)


def test_an_answer_that_was_lost_is_not_folded_again(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    district.record(story().recorded)

    def dies(_self: threading.Condition) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(threading.Condition, "notify_all", dies)
        with pytest.raises(Killed):
            district.follower.step()

    assert district.follower.position() == district.log.head()
    district.follow()
    in_order(district)


def both_at_once(
    monkeypatch: pytest.MonkeyPatch, steps: Sequence[Callable[[], object]]
) -> list[object]:
    """Run the steps in threads that meet, if they can, after they have read how far they are."""
    meeting = threading.Barrier(len(steps))
    plain = History.batch

    def batch(self: History, *given: Any, **named: Any) -> list[Recorded]:
        try:
            meeting.wait(timeout=0.5)
        except threading.BrokenBarrierError:
            meeting.reset()
        return plain(self, *given, **named)

    with monkeypatch.context() as slowed, ThreadPoolExecutor(len(steps)) as threads:
        slowed.setattr(History, "batch", batch)
        return [done.result() for done in [threads.submit(step) for step in steps]]


def test_two_followers_that_begin_at_once_fold_each_event_once(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = opens(), opens()
    one.record(moved(story().recorded))

    folded = both_at_once(monkeypatch, [one.follower.step, other.follower.step])

    in_order(one)
    assert sorted(map(str, folded)) == ["0", str(one.log.head())]


def test_two_followers_that_go_on_at_once_fold_each_event_once(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = opens(), opens()
    one.record(moved(story().recorded))
    one.follow()
    one.record(moved(story().recorded))

    both_at_once(monkeypatch, [one.follower.step, other.follower.step])

    in_order(other)


def test_many_followers_while_a_writer_writes(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.projector.follower.BATCH", 5)
    writer, followers = opens(), [opens() for _ in range(3)]
    told = [seen for _ in range(6) for seen in moved(story().recorded)]
    written = threading.Event()

    def write() -> None:
        for start in range(0, len(told), 3):
            writer.record(told[start : start + 3])
        written.set()

    def follow(district: District) -> None:
        while district.follower.step() or not written.is_set():
            pass

    with ThreadPoolExecutor(4) as threads:
        done = [threads.submit(write), *(threads.submit(follow, one) for one in followers)]
        for one in done:
            one.result(timeout=60)

    writer.follow()
    in_order(writer)


def test_a_rebuild_and_a_follower_that_begin_at_once(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = opens(), opens()
    one.record(moved(story().recorded))

    both_at_once(monkeypatch, [one.follower.step, lambda: other.rebuild(affair_facts)])

    one.follow()
    in_order(one)


def test_a_view_that_is_behind_does_not_have_the_others_fold_again(opens: Opens) -> None:
    units, view = Units(), counting()
    district = opens(following=(view, audit_trail, visit_facts))
    district.record([units.named(1, "a"), units.named(2, "b")])
    district.follow()
    district.record([units.named(1, "c"), units.named(2, "d a")])
    district.rebuild(view)
    assert district.follower.position() == 2

    district.follow()

    for one in (view, audit_trail):
        assert district.rows(one) == Memory(one, district.recorded()).rows
    assert {area: number for *_, area, number in district.contents(view)[1]} == {
        row.letter: row.number for row in district.contents(view)[0]
    }
