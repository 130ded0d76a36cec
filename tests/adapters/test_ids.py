"""Fresh ids grow, of all threads and in forked processes; derived ones are always the same."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.ids import Uuid7, derived

AT = datetime(2011, 7, 22, 0, 50, 0, 123_999, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: datetime = AT) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def milliseconds(id_: UUID) -> int:
    return id_.int >> 80


def test_an_id_tells_its_version_and_its_millisecond() -> None:
    made = Uuid7(Clock())()

    assert (made.version, made.variant) == (7, RFC_4122)
    assert milliseconds(made) == 1_311_295_800_123


@given(st.lists(st.timedeltas(timedelta(seconds=-2), timedelta(seconds=2)), max_size=30))
def test_ids_grow_whatever_the_clock_does(steps: list[timedelta]) -> None:
    clock = Clock()
    ids = Uuid7(clock)
    made = [ids()]

    for step in steps:
        clock.now += step
        made.append(ids())

    assert made == sorted(set(made))
    assert {id_.version for id_ in made} == {7}


def test_ids_grow_on_while_the_clock_stands_still() -> None:
    ids = Uuid7(Clock())

    made = [ids() for _ in range(10_000)]

    assert made == sorted(set(made))
    assert milliseconds(made[-1]) - milliseconds(made[0]) in (2, 3)


def test_ids_grow_between_two_microseconds() -> None:
    clock = Clock()
    ids = Uuid7(clock)

    first = ids()
    clock.now += timedelta(microseconds=1)

    assert ids() > first


def test_ids_of_many_threads_are_all_different() -> None:
    ids = Uuid7(Clock())

    with ThreadPoolExecutor(8) as pool:
        made = [
            id_
            for part in pool.map(lambda _: [ids() for _ in range(500)], range(8))
            for id_ in part
        ]

    assert len(set(made)) == 4000


def test_times_before_the_epoch_count_as_the_epoch() -> None:
    made = Uuid7(Clock(datetime(1949, 10, 1, tzinfo=UTC)))()

    assert (milliseconds(made), made.version) == (0, 7)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_makes_ids_of_its_own_even_if_a_thread_was_at_it() -> None:
    ids = Uuid7(Clock())
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with ids._lock:
            held.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(10)
        os.write(writing, ids().bytes)
        os._exit(0)
    os.close(writing)
    done.set()
    thread.join()
    theirs = os.read(reading, 16)
    os.close(reading)
    _, status = os.waitpid(child, 0)

    assert status == 0, "the child waited for a lock that nobody holds"
    assert UUID(bytes=theirs).version == 7
    assert UUID(bytes=theirs) != ids()


def test_a_derived_id_is_the_same_for_ever() -> None:
    affair = UUID("01890a5d-ac96-774b-bcce-b302099a8057")

    assert derived("timer", affair, "accept", 2) == UUID("7e329824-10aa-579c-a3e9-07cd40a1468a")
    assert derived("timer", str(affair), "accept", "2") == derived("timer", affair, "accept", 2)


@given(st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_derived_ids_tell_their_parts_apart(one: list[str], other: list[str]) -> None:
    assert (derived(*one) == derived(*other)) == (one == other)
