"""An invitation is good once, for three days, and the newest of an account alone."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from adapters.door import Door
from adapters.door.tables import INVITATIONS
from adapters.time import Told
from tests.adapters.door.conftest import at_once


def test_it_tells_whom_it_invites_until_it_is_used(door: Door) -> None:
    token = door.invitations.make("zhoumin")

    assert door.invitations.account_of(token) == "zhoumin"
    assert door.invitations.account_of(token) == "zhoumin"
    assert door.invitations.take(token) == "zhoumin"
    assert door.invitations.account_of(token) == ""
    assert door.invitations.take(token) == ""


def test_of_uses_at_once_one_is_right(door: Door) -> None:
    token = door.invitations.make("zhoumin")

    assert sorted(at_once(8, lambda _: door.invitations.take(token))) == [""] * 7 + ["zhoumin"]


def test_after_three_days_it_is_over(door: Door, clock: Told) -> None:
    token = door.invitations.make("zhoumin")
    clock.at += timedelta(hours=71, minutes=59)
    assert door.invitations.account_of(token) == "zhoumin"
    clock.at += timedelta(minutes=1)

    assert door.invitations.account_of(token) == ""
    assert door.invitations.take(token) == ""


def test_a_newer_one_voids_the_older(door: Door) -> None:
    old, theirs = door.invitations.make("zhoumin"), door.invitations.make("suqing")
    new = door.invitations.make("zhoumin")

    assert door.invitations.take(old) == ""
    assert door.invitations.take(new) == "zhoumin"
    assert door.invitations.take(theirs) == "suqing"


def test_the_link_is_not_kept(door: Door) -> None:
    token = door.invitations.make("zhoumin")

    with door.place.reading() as connection:
        assert token not in str(connection.execute(sa.select(INVITATIONS)).all())
