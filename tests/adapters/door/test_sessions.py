"""A session ends when it is idle, old, signed out or changed, and its token opens nothing then."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from adapters.door import Door
from adapters.door.sessions import Session
from adapters.door.tables import PENDING, SESSIONS
from adapters.time import Told
from tests.adapters.door.conftest import at_once

OURS, OTHER = UUID(int=1), UUID(int=2)


def begun(door: Door, account: str = "zhoumin", kind: str = "browser", **more: int) -> str:
    return door.sessions.begin(account, OURS, method="password", position=7, kind=kind, **more)


def of(door: Door, token: str) -> Session:
    found = door.sessions.of(token)
    assert found is not None
    return found


def test_a_token_tells_whose_session_it_is(door: Door, clock: Told) -> None:
    session = of(door, begun(door))

    assert (session.account, session.grant, session.begun_position) == ("zhoumin", OURS, 7)
    assert session.made_at == session.seen_at == clock.at
    assert session.ends_at == clock.at + timedelta(hours=12)


def test_tokens_are_long_all_different_and_not_kept(door: Door) -> None:
    tokens = {begun(door) for _ in range(20)}

    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 43
    with door.place.reading() as connection:
        stored = str(connection.execute(sa.select(SESSIONS)).all())
    assert not any(token in stored for token in tokens)


def test_another_token_opens_nothing(door: Door) -> None:
    token = begun(door)

    for wrong in ("", token[:-1], f"{token}x", token.swapcase(), "\ud800"):
        assert door.sessions.of(wrong) is None


def test_half_an_hour_of_rest_ends_it(door: Door, clock: Told) -> None:
    token = begun(door)
    for _ in range(3):
        clock.at += timedelta(minutes=29, seconds=59)
        of(door, token)

    clock.at += timedelta(minutes=30)
    assert door.sessions.of(token) is None


def test_twelve_hours_end_it_in_any_case(door: Door, clock: Told) -> None:
    token = begun(door)
    for _ in range(47):
        clock.at += timedelta(minutes=15)
        of(door, token)

    clock.at += timedelta(minutes=15)
    assert door.sessions.of(token) is None


def test_use_is_written_down_once_a_minute(door: Door, clock: Told) -> None:
    token, began = begun(door), clock.at
    clock.at += timedelta(seconds=59)
    of(door, token)
    assert of(door, token).seen_at == began
    clock.at += timedelta(seconds=1)
    of(door, token)

    assert of(door, token).seen_at == clock.at


def test_a_program_rests_but_does_not_come_in_as_a_person(door: Door, clock: Told) -> None:
    token = begun(door, kind="token", lasts=90 * 86_400_000_000)
    clock.at += timedelta(days=89)

    assert door.sessions.of(token) is None
    assert door.sessions.of(token, "token") is not None
    assert door.sessions.of(begun(door), "token") is None
    clock.at += timedelta(days=1)
    assert door.sessions.of(token, "token") is None


def test_signing_out_ends_it(door: Door) -> None:
    token, other = begun(door), begun(door)
    door.sessions.end(token)

    assert door.sessions.of(token) is None
    assert door.sessions.of(other) is not None


def test_a_change_makes_a_new_token_and_the_old_one_is_over(door: Door) -> None:
    token = begun(door)
    fresh = door.sessions.change(token, grant=OTHER)

    assert door.sessions.of(token) is None
    assert of(door, fresh).grant == OTHER
    assert of(door, fresh).begun_position == 7
    assert door.sessions.change(token, grant=OTHER) == ""


def test_of_changes_at_once_one_is_made(door: Door) -> None:
    token = begun(door)

    fresh = at_once(8, lambda _: door.sessions.change(token, grant=OTHER))

    assert len([one for one in fresh if one]) == 1


def test_one_ends_ones_own_sessions_and_no_others(door: Door) -> None:
    token, theirs = begun(door), begun(door, "suqing")
    id_ = of(door, theirs).id

    assert not door.sessions.end_one("zhoumin", id_)
    assert of(door, theirs).id == id_
    assert door.sessions.end_one("zhoumin", of(door, token).id)
    assert door.sessions.of(token) is None


def test_all_sessions_of_an_account_are_told_and_ended_together(door: Door, clock: Told) -> None:
    first = begun(door)
    clock.at += timedelta(minutes=5)
    begun(door)
    theirs = begun(door, "suqing")

    told = door.sessions.all_of("zhoumin")
    assert [session.made_at for session in told] == [clock.at, clock.at - timedelta(minutes=5)]
    door.sessions.end_all("zhoumin")
    assert door.sessions.all_of("zhoumin") == []
    assert door.sessions.of(first) is None
    assert door.sessions.of(theirs) is not None


def test_sessions_that_are_over_are_swept_by_the_next_one(door: Door, clock: Told) -> None:
    begun(door)
    clock.at += timedelta(hours=13)
    begun(door)

    with door.place.reading() as connection:
        assert len(connection.execute(sa.select(SESSIONS)).all()) == 1


def test_half_in_lasts_five_minutes_and_is_taken_once(door: Door, clock: Told) -> None:
    token = door.sessions.half("zhoumin", method="password", position=7)
    found = door.sessions.half_of(token)
    assert found is not None
    assert (found.account, found.begun_position) == ("zhoumin", 7)
    # It is no session.
    assert door.sessions.of(token) is None

    assert at_once(8, lambda _: door.sessions.end_half(token)).count(True) == 1
    assert door.sessions.half_of(token) is None
    late = door.sessions.half("zhoumin", method="password", position=7)
    clock.at += timedelta(minutes=5)
    assert door.sessions.half_of(late) is None
    assert not door.sessions.end_half(late)
    door.sessions.half("zhoumin", method="password", position=7)
    with door.place.reading() as connection:
        assert len(connection.execute(sa.select(PENDING)).all()) == 1
