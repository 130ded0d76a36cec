"""Passwords are long, not everybody's, kept as argon2id, and compared in the same time."""

from __future__ import annotations

import threading
import time

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from adapters.door import Passwords
from adapters.door import passwords as module
from adapters.door.passwords import AT_ONCE, check
from domain.errors import Malformed
from tests.adapters.door.conftest import Counting, at_once, cheap

GOOD = "三更灯火五更鸡 read on"


@pytest.mark.parametrize("password", [GOOD, "x" * 4 + "velvet otter ladder 9", "Ä" * 6 + "bcdfgh"])
def test_a_long_one_of_any_characters_is_taken(password: str) -> None:
    check(password, "zhoumin", "周敏")


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("velvet otte", "short"),
        ("velvet otter " * 5, "long"),
        ("ababababababab", "simple"),
        ("abcdefghijklmnop", "simple"),
        ("987654321098", "simple"),
        ("velvet otter \ud800", "simple"),
        ("Aa1234567890", "simple"),
        ("abcd1234ABCD", "simple"),
        ("1234567890qwe", "simple"),
        ("Passw0rd2012", "common"),
        ("2012!Passw0rd", "common"),
        ("Password1234", "common"),
        ("1qaz2wsx3edc", "common"),
        ("!!Qwertyuiop!!99", "common"),
        ("woaini1314520", "common"),
        ("my zhoumin is here", "personal"),
        ("周敏 1990 0101 !", "personal"),
    ],
)
def test_one_that_others_would_try_is_refused(password: str, because: str) -> None:
    with pytest.raises(Malformed) as refusal:
        check(password, "zhoumin", "周敏")

    assert (refusal.value.field, refusal.value.because) == ("password", because)


def test_twelve_and_sixty_four_are_within_the_limits() -> None:
    check("velvet otter"[:12])
    check(("velvet otter " * 5)[:64])


def test_what_is_kept_is_argon2id_and_salted(monkeypatch: pytest.MonkeyPatch) -> None:
    # As it is outside of tests (tests/conftest.py).
    monkeypatch.setattr(module, "Argon2Hasher", Argon2Hasher)
    passwords = Passwords()
    one, two = passwords.hashed(GOOD), passwords.hashed(GOOD)

    assert one.startswith(b"$argon2id$v=19$m=65536,t=3,p=4$")
    assert one != two
    assert passwords.matches(GOOD, one)
    assert not passwords.matches(f"{GOOD}!", one)


def test_the_same_characters_are_the_same_password_however_composed() -> None:
    passwords = cheap()

    assert passwords.matches("café au lait noir", passwords.hashed("cafe\u0301 au lait noir"))


def test_nobodys_password_is_never_right_and_costs_the_same_look() -> None:
    hasher = Counting()
    passwords = Passwords(hasher)
    kept = passwords.hashed(GOOD)

    assert not passwords.matches("velvet otter ladder", kept)
    assert not passwords.matches(GOOD, None)
    known, unknown = hasher.looks
    assert known == unknown


@pytest.mark.parametrize("asked", ["", "x" * 100_000, "\ud800", "\0"])
def test_strange_input_is_only_wrong(asked: str) -> None:
    passwords = cheap()

    assert not passwords.matches(asked, passwords.hashed(GOOD))


class Watched(Argon2Hasher):
    """Tells how many were at it at the same time."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.running, self.most, self._lock = 0, 0, threading.Lock()

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(0.02)
        with self._lock:
            self.running -= 1
        return super().verify(password, hash)


def test_two_are_hashed_at_once_and_no_more() -> None:
    hasher = Watched()
    passwords = Passwords(hasher)
    kept = passwords.hashed(GOOD)

    assert all(at_once(8, lambda _: passwords.matches(GOOD, kept)))
    assert hasher.most == AT_ONCE
