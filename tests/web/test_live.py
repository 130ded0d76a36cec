"""Live counts over a real server: what is told, to whom, how often, until when."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx2
import pytest

from domain.account.commands import EndSessions
from domain.actor import SYSTEM
from tests.web.district import AREA, AREA_2, THEIR_AREA, District, at
from tests.web.serving import served
from web import live

Counts = dict[str, int]


@pytest.fixture
def address(fresh: District) -> Iterator[str]:
    """Where the district of the test is served."""
    with served(fresh.app) as found:
        yield found


class Stream:
    """An open stream, read line by line."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.answer = answer
        self._lines = answer.iter_lines()

    def next(self) -> Counts | None:
        """The next message; None where the stream ended."""
        for line in self._lines:
            if line.startswith("data: "):
                found: Counts = json.loads(line.removeprefix("data: "))
                return found
        return None


@contextmanager
def listening(fresh: District, address: str, by: str) -> Iterator[Stream]:
    """A stream of somebody's counts."""
    headers = {"Cookie": f"tenlines={fresh.cookies[by]}"}
    with (
        httpx2.Client(base_url=address, headers=headers, timeout=10) as client,
        client.stream("GET", "/live") as answer,
    ):
        yield Stream(answer)


def late(**changes: str) -> dict[str, str]:
    """A registration whose first deadline has passed."""
    return {"occurred_at": at("07-20 09:00").isoformat(), **changes}


NOTHING = {"late": 0, "today": 0, "new": 0, "visit": 0}


def test_the_counts_are_told_at_once_and_when_they_change(fresh: District, address: str) -> None:
    with listening(fresh, address, "linxiaohe") as stream:
        assert stream.answer.headers["content-type"].startswith("text/event-stream")
        assert stream.answer.headers["cache-control"] in ("no-store", "no-cache")
        assert stream.next() == NOTHING
        fresh.registered(**late())
        assert stream.next() == {**NOTHING, "late": 1, "new": 1}


def test_what_others_do_is_not_told(fresh: District, address: str) -> None:
    with listening(fresh, address, "linxiaohe") as stream:
        assert stream.next() == NOTHING
        fresh.registered(by="wanglei", area=THEIR_AREA, **late())
        fresh.registered(by="chenyan", area=AREA_2, **late())
        time.sleep(2 * live.TICK_SECONDS)
        fresh.registered(**late())
        # The next message is of the reader's own affair: there was none between.
        assert stream.next() == {**NOTHING, "late": 1, "new": 1}


def test_much_at_once_is_told_once_a_second(fresh: District, address: str) -> None:
    with listening(fresh, address, "zhoumin") as stream:
        stream.next()
        began = time.monotonic()
        told: list[dict[str, int]] = []
        for _ in range(12):
            fresh.registered(**late())
        while not told or told[-1]["late"] < 12:
            found = stream.next()
            assert found
            told.append(found)
        assert len(told) <= (time.monotonic() - began) / live.TICK_SECONDS + 1


def test_a_stream_ends_with_the_session(
    fresh: District, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "ASK_SECONDS", 1.0)
    with listening(fresh, address, "linxiaohe") as stream:
        assert stream.next() == NOTHING
        left_out(fresh, "linxiaohe")
        assert stream.next() is None


def test_no_message_goes_to_whose_session_has_ended(fresh: District, address: str) -> None:
    with listening(fresh, address, "linxiaohe") as stream:
        assert stream.next() == NOTHING
        left_out(fresh, "linxiaohe")
        fresh.registered(by="gaoyuan", **late(area=AREA))
        assert stream.next() is None


def left_out(fresh: District, account: str) -> None:
    """Put out whoever is in with an account."""
    ended = EndSessions(
        command_id=fresh.house.new_id(),
        by=SYSTEM,
        occurred_at=fresh.house.now(),
        account=account,
    )
    fresh.house.desk.run(ended)


@pytest.mark.parametrize(("by", "status"), [("", 401), ("shilei", 403), ("mengzhu", 403)])
def test_who_sees_no_affairs_gets_no_counts(fresh: District, by: str, status: int) -> None:
    headers = {"Cookie": f"tenlines={fresh.cookies[by]}"} if by else {}

    assert fresh.client.get("/live", headers=headers).status_code == status


def test_a_person_holds_so_many_streams_and_gets_them_back(fresh: District, address: str) -> None:
    with ExitStack() as stack:
        # Kept: a stream that nobody holds is closed.
        streams = [
            stack.enter_context(listening(fresh, address, "linxiaohe"))
            for _ in range(live.PER_PERSON)
        ]
        assert [stream.next() for stream in streams] == [NOTHING] * live.PER_PERSON
        with listening(fresh, address, "linxiaohe") as one_more:
            assert one_more.answer.status_code == 429
            assert one_more.answer.headers["retry-after"]
        with listening(fresh, address, "zhoumin") as other:
            assert other.next() == NOTHING

    assert opened(fresh, address, "linxiaohe")


def opened(fresh: District, address: str, by: str) -> bool:
    """Whether a stream opens, within the time that a closed one takes to be noticed."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with listening(fresh, address, by) as stream:
            if stream.answer.status_code == 200:
                return stream.next() == NOTHING
        time.sleep(0.2)
    return False


def test_there_are_so_many_streams_in_all(
    fresh: District, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "IN_ALL", 2)
    with (
        listening(fresh, address, "linxiaohe") as first,
        listening(fresh, address, "zhoumin") as second,
        listening(fresh, address, "suqing") as third,
    ):
        assert (first.next(), second.next()) == (NOTHING, NOTHING)
        assert third.answer.status_code == 429


def test_the_server_stops_at_once_while_somebody_listens(fresh: District) -> None:
    with ExitStack() as stack:
        with served(fresh.app) as address:
            stream = stack.enter_context(listening(fresh, address, "linxiaohe"))
            assert stream.next() == NOTHING
            began = time.monotonic()
        # Well before the ten seconds that are left to whatever is still being answered.
        assert time.monotonic() - began < 8
        assert stream.next() is None
