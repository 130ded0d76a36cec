"""A rebuild beside the live view: nothing is missed, nothing is left, nobody waits for it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from adapters.projector import rebuild as rebuilding
from adapters.projector import state
from adapters.projector.inline import Inline
from adapters.projector.rebuild import Rebuild
from domain.log import Append
from projections.affair_page import affair_page
from projections.catalogue import ALL
from projections.due import due
from projections.satisfaction import affair_facts
from projections.view import View
from projections.worklist import worklist
from tests.adapters.projector.conftest import Opens
from tests.adapters.projector.counting import Units, counting
from tests.adapters.projector.district import INLINE, District, moved
from tests.projections.histories import story
from tests.projections.memory import Memory

EACH = pytest.mark.parametrize("view", [worklist, due, affair_facts], ids=lambda view: view.name)
MOST = 2000


class Killed(BaseException):
    """Stands for the end of the process."""


def equals_the_log(district: District, view: View[Any]) -> None:
    """The view holds what folding the whole log gives."""
    memory = Memory(view, district.recorded())
    assert district.rows(view) == memory.rows
    assert {tuple(key): number for *key, number in district.contents(view)[1]} == dict(memory.tally)


def names(district: District, view: View[Any]) -> set[str]:
    """The tables and indexes of the database in which the view lives that belong to it."""
    with district.place(view).reading() as connection:
        looked = sa.inspect(connection)
        tables = [name for name in looked.get_table_names() if name.startswith(view.name)]
    return set(tables)


@EACH
def test_a_rebuild_while_a_writer_keeps_writing_misses_nothing(
    opens: Opens, monkeypatch: pytest.MonkeyPatch, view: View[Any]
) -> None:
    monkeypatch.setattr(rebuilding, "BATCH", 40)
    writer, follower, builder = opens(), opens(), opens()
    writer.record(moved(story().recorded))
    built = threading.Event()

    def write() -> int:
        told = 0
        while not built.is_set() and told < MOST:
            for seen in moved(story().recorded[1:6]):
                writer.log.append(writer.append(seen))
                told += 1
        return told

    def follow() -> None:
        while not built.is_set():
            follower.follower.step()

    def build() -> None:
        try:
            for _ in range(3):
                builder.rebuild(view)
        finally:
            built.set()

    with ThreadPoolExecutor(3) as threads:
        written, others = threads.submit(write), [threads.submit(job) for job in (follow, build)]
        for one in others:
            one.result(timeout=100)
        told = written.result(timeout=100)

    assert writer.log.head() == 15 + told
    writer.follow()
    equals_the_log(writer, view)


def test_a_writer_that_has_written_the_views_but_not_the_events_is_waited_for(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, builder, told = opens(), opens(), moved(story().recorded)
    writer.record(told[:8])
    folded, go_on, plain = threading.Event(), threading.Event(), Inline.apply

    def apply(self: Inline, *given: Any) -> None:
        plain(self, *given)
        folded.set()
        assert go_on.wait(30)

    with ThreadPoolExecutor(2) as threads:
        with monkeypatch.context() as slowed:
            slowed.setattr(Inline, "apply", apply)
            written = threads.submit(writer.record, told[8:10])
            assert folded.wait(30)
            built = threads.submit(builder.rebuild, worklist)
            # It comes as far as it can.
            assert not built.done()
            with pytest.raises(TimeoutError):
                built.result(timeout=0.5)
        go_on.set()
        written.result(timeout=30)
        assert built.result(timeout=30) == 10

    equals_the_log(writer, worklist)


@EACH
def test_pages_go_on_reading_while_it_is_switched(opens: Opens, view: View[Any]) -> None:
    district, reader = opens(), opens()
    district.record(moved(story().recorded))
    district.follow()
    shown = district.rows(view)
    assert len(shown) in (0, 1)
    done = threading.Event()

    def read() -> int:
        times = 0
        while not done.is_set():
            assert reader.rows(view) == shown
            times += 1
        return times

    with ThreadPoolExecutor(2) as threads:
        read_by = [threads.submit(read) for _ in range(2)]
        try:
            for _ in range(8):
                district.rebuild(view)
        finally:
            done.set()
        assert all(one.result(timeout=30) > 0 for one in read_by)


@EACH
def test_a_killed_rebuild_leaves_nothing_behind_after_the_next(
    opens: Opens, monkeypatch: pytest.MonkeyPatch, view: View[Any]
) -> None:
    district = opens()
    before = names(district, view)
    for _ in range(3):
        district.record(moved(story().recorded))
    district.follow()
    live = district.contents(view)
    monkeypatch.setattr(rebuilding, "BATCH", 10)

    def dies(done: int, total: int) -> None:
        if done >= 20:
            raise Killed

    for _ in range(2):
        with pytest.raises(Killed):
            Rebuild(view, district.log, district.history, district.place(view)).run(dies)
    assert names(district, view) > before
    assert district.contents(view) == live

    opens().rebuild(view)

    assert names(district, view) == before
    assert district.contents(view) == live


@EACH
@pytest.mark.parametrize("step", ["release", "park", "advance"])
def test_a_rebuild_killed_while_it_switches_has_not_switched(
    district: District, monkeypatch: pytest.MonkeyPatch, view: View[Any], step: str
) -> None:
    before = names(district, view)
    district.record(story().recorded)
    district.follow()
    live = district.contents(view)

    def dies(*_given: Any, **_named: Any) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(state, step, dies)
        with pytest.raises(Killed):
            district.rebuild(view)

    assert district.contents(view) == live
    district.record(moved(story().recorded))
    district.rebuild(view)
    assert names(district, view) == before
    district.follow()
    equals_the_log(district, view)


@pytest.mark.parametrize("view", ALL, ids=lambda view: view.name)
def test_rows_that_went_wrong_are_right_again(district: District, view: View[Any]) -> None:
    district.record(moved(story().recorded[:8]))
    district.follow()
    with district.place(view).writing() as connection:
        connection.exec_driver_sql(f"DELETE FROM {view.name}")
        if view.tally:
            connection.exec_driver_sql(f"UPDATE {view.name}_tally SET number = number + 5")

    district.rebuild(view)

    equals_the_log(district, view)
    district.record(moved(story().recorded))
    district.follow()
    equals_the_log(district, view)


@pytest.mark.parametrize("alone", [True, False])
def test_a_writer_does_not_bring_back_what_a_rebuild_put_right(
    opens: Opens, *, alone: bool
) -> None:
    writer, told = opens(), moved(story().recorded)
    builder = writer if alone else opens()
    writer.record(told[:8])
    with writer.database.writing() as connection:
        for view in (worklist, affair_page):
            connection.exec_driver_sql(f"UPDATE {view.name} SET number = 'wrong'")
    # Another process writes, so that the rows are read anew.
    opens().record(told[8:9])
    writer.record(told[9:10])
    assert {row.number for row in writer.rows(worklist).values()} == {"wrong"}

    for view in INLINE:
        builder.rebuild(view)
    writer.record(told[10:])

    for view in INLINE:
        equals_the_log(writer, view)


def test_a_command_without_events_does_not_hide_what_others_wrote(opens: Opens) -> None:
    writer, other, told = opens(), opens(), moved(story().recorded)
    writer.record(told[:8])
    other.record(told[8:10])

    seen = told[9]
    writer.log.append(
        Append(
            drafts=(),
            expected={seen.stream_id: seen.version},
            metadata=replace(seen.metadata, command_id=uuid4()),
        )
    )
    writer.record(told[10:])

    for view in INLINE:
        equals_the_log(writer, view)


def test_progress_is_told_from_event_to_event(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    district.record(story().recorded)
    monkeypatch.setattr(rebuilding, "BATCH", 4)
    told: list[tuple[int, int]] = []

    reached = Rebuild(worklist, district.log, district.history, district.place(worklist)).run(
        lambda done, total: told.append((done, total))
    )

    assert reached == district.log.head() == 15
    assert told == [(4, 15), (8, 15), (12, 15), (15, 15)]


def test_an_empty_log_gives_an_empty_view(district: District) -> None:
    for view in ALL:
        assert district.rebuild(view) == 0
        assert district.contents(view) == ([], [])
    assert district.follower.position() == 0


def test_a_following_view_goes_on_where_its_rebuild_ended(opens: Opens) -> None:
    units, view = Units(), counting()
    district = opens(following=(view,))
    district.record([units.named(1, "a"), units.named(2, "b")])
    district.rebuild(view)
    assert district.follower.position() == 2
    district.record([units.named(1, "c a")])

    district.follow()

    equals_the_log(district, view)
