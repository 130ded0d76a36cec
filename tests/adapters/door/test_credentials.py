"""What counts is named by the log; a code is good once; a seed is sealed to its holder."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pyotp
import pytest
import sqlalchemy as sa

from adapters.door import Door
from adapters.door.tables import CREDENTIALS
from adapters.keys import KeyStore
from adapters.time import Told
from domain.account.state import stream_of
from domain.errors import Unreadable
from tests.adapters.door.conftest import at_once

GOOD = "velvet otter ladder"


def code(seed: str, clock: Told, steps: int = 0) -> str:
    return pyotp.TOTP(seed).at(clock.at + timedelta(seconds=30 * steps))


def test_a_password_is_right_under_its_id_only(door: Door) -> None:
    ours = door.credentials.keep_password("zhoumin", GOOD)
    theirs = door.credentials.keep_password("suqing", "granite harbour nine")

    assert door.credentials.password_matches([ours], GOOD)
    assert not door.credentials.password_matches([theirs], GOOD)
    # One that the log does not name counts for nothing, though its row lies there.
    assert not door.credentials.password_matches([], GOOD)
    assert not door.credentials.password_matches([uuid4()], GOOD)


def test_a_factor_is_no_password(door: Door, clock: Told) -> None:
    seed = pyotp.random_base32()
    factor = door.credentials.keep_factor("zhoumin", seed, 0)

    assert not door.credentials.password_matches([factor], seed)
    password = door.credentials.keep_password("zhoumin", GOOD)
    assert not door.credentials.use_code([password], code(seed, clock))


def test_a_code_is_good_once(door: Door, clock: Told) -> None:
    seed = pyotp.random_base32()
    factor = door.credentials.keep_factor("zhoumin", seed, 0)

    assert door.credentials.use_code([factor], code(seed, clock))
    assert not door.credentials.use_code([factor], code(seed, clock))
    # Nor one before it, seen over a shoulder.
    assert not door.credentials.use_code([factor], code(seed, clock, -1))
    clock.at += timedelta(seconds=30)
    assert door.credentials.use_code([factor], code(seed, clock))


def test_of_the_same_code_at_once_one_is_right(door: Door, clock: Told) -> None:
    seed = pyotp.random_base32()
    factor = door.credentials.keep_factor("zhoumin", seed, 0)

    right = at_once(12, lambda _: door.credentials.use_code([factor], code(seed, clock)))

    assert right.count(True) == 1


def test_the_code_that_proved_a_factor_is_used_up(door: Door, clock: Told) -> None:
    seed = pyotp.random_base32()
    step = door.credentials.step_of(seed, code(seed, clock))
    assert step is not None
    factor = door.credentials.keep_factor("zhoumin", seed, step)

    assert not door.credentials.use_code([factor], code(seed, clock))


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(door: Door, clock: Told, steps: int, right: bool) -> None:
    seed = pyotp.random_base32()
    factor = door.credentials.keep_factor("zhoumin", seed, 0)

    assert door.credentials.use_code([factor], code(seed, clock, steps)) is right


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "\ud800", "1" * 5000])
def test_strange_codes_are_only_wrong(door: Door, typed: str) -> None:
    factor = door.credentials.keep_factor("zhoumin", pyotp.random_base32(), 0)

    assert not door.credentials.use_code([factor], typed)


def test_spaces_in_a_code_do_not_matter(door: Door, clock: Told) -> None:
    seed = pyotp.random_base32()
    factor = door.credentials.keep_factor("zhoumin", seed, 0)
    typed = code(seed, clock)

    assert door.credentials.use_code([factor], f" {typed[:3]} {typed[3:]}")


def test_a_seed_is_in_no_file_and_opens_for_its_account_only(
    door: Door, clock: Told, tmp_path: Path
) -> None:
    seed = pyotp.random_base32()
    factor = door.credentials.keep_factor("zhoumin", seed, 0)

    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert seed.encode() not in file.read_bytes()
    with door.place.writing() as connection:
        connection.execute(sa.update(CREDENTIALS).values(account="suqing"))
    door.keys.ensure([stream_of("suqing")])
    with pytest.raises(Unreadable):
        door.credentials.use_code([factor], code(seed, clock))


def test_a_seed_goes_with_its_holders_key(door: Door, keys: KeyStore, clock: Told) -> None:
    seed = pyotp.random_base32()
    factor = door.credentials.keep_factor("zhoumin", seed, 0)
    keys.destroy(stream_of("zhoumin"))

    assert not door.credentials.use_code([factor], code(seed, clock))


def test_an_identity_is_found_by_issuer_and_subject_together(door: Door) -> None:
    id_ = door.credentials.keep_identity("zhoumin", "https://id.example", "17")

    assert door.credentials.accounts_of("https://id.example", "17") == [("zhoumin", id_)]
    assert door.credentials.accounts_of("https://id.example1", "7") == []
    assert door.credentials.accounts_of("https://other.example", "17") == []
    with door.place.reading() as connection:
        assert "example" not in str(connection.execute(sa.select(CREDENTIALS)).all())


def test_what_is_forgotten_is_gone(door: Door) -> None:
    id_ = door.credentials.keep_password("zhoumin", GOOD)
    door.credentials.forget(id_)

    assert not door.credentials.password_matches([id_], GOOD)
