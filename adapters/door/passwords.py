"""Passwords: which are taken, how they are kept, how they are compared.

NIST SP 800-63B: long, any character, no rules of composition, none that everybody guesses.
"""

import json
import re
import secrets
import threading
import unicodedata
from collections.abc import Container
from functools import cache, cached_property
from itertools import groupby, pairwise
from pathlib import Path

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from domain.errors import Malformed

SHORTEST, LONGEST = 12, 64
AT_ONCE = 2
"""Hashes computed at the same time: each takes 64 MiB and a part of a second."""
_DIFFERENT = 5
"""Different characters that a password has at least, whatever its length, and characters that are
no part of a run."""
_RUN = 3
"""Steps to the next character, or to the same, from which on they are a run."""
_READ_AS = str.maketrans("013457@$!", "oieastasi")
"""What stands for a letter."""
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
"""Digits and signs around a word."""
_TOLD = 4
"""Letters from which on an account or a name counts as part of a password."""


def normal(password: str) -> str:
    """The same for the same characters, however a keyboard composes them (NFC)."""
    return unicodedata.normalize("NFC", password)


def check(password: str, *about: str, breached: Container[str] = ()) -> None:
    """Refuse a password that others would try. about: account and name of its holder.

    Raises Malformed with a word for the reason: short, long, common, simple, personal or breached.
    """
    text = normal(password)
    if len(text) < SHORTEST:
        raise Malformed("password", "short")
    if len(text) > LONGEST:
        raise Malformed("password", "long")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Malformed("password", "simple") from None
    plain = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(c for c in plain if c.isalpha())
    if len(set(plain)) < _DIFFERENT or _without_runs(plain) < _DIFFERENT:
        raise Malformed("password", "simple")
    word = _AROUND.sub("", plain).translate(_READ_AS)
    if not {plain, letters, word}.isdisjoint(_common()):
        raise Malformed("password", "common")
    told = [one.casefold() for one in about]
    if any(len(one) >= _TOLD and one in plain for one in told) or letters in told:
        raise Malformed("password", "personal")
    if text in breached:
        raise Malformed("password", "breached")


# How many characters are left without 1234, 8901, dcba, aaaa.
def _without_runs(text: str) -> int:
    steps = (ord(after) - ord(before) for before, after in pairwise(text))
    runs = [(step, len([*run])) for step, run in groupby({-9: 1, 9: -1}.get(s, s) for s in steps)]
    return len(text) - sum(long + 1 for step, long in runs if abs(step) <= 1 and long >= _RUN)


@cache
def _common() -> frozenset[str]:
    """What everybody tries first, in small letters, whole or without digits and signs: written
    down from keyboards, from the words of this trade, and from what people here like."""
    return frozenset(json.loads(Path(__file__).with_name("common.json").read_text("utf-8")))


class Passwords:
    """Hashes and compares by argon2id, a few at a time. Safe to share between threads.

    hasher: others than the recommended parameters are for tests and for a demonstration, which
        prints its passwords.
    """

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        self._hash = PasswordHash((hasher or Argon2Hasher(),))
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def hashed(self, password: str) -> bytes:
        """What is kept of a password."""
        with self._turns:
            return self._hash.hash(normal(password)).encode()

    def matches(self, password: str, kept: bytes | None) -> bool:
        """Whether it is that password. None takes the same time, and is never right."""
        # More than that is no password of ours: its length alone must not cost us time.
        asked = normal(password[: 4 * LONGEST])
        hashed = (kept or self._nobodys).decode()
        with self._turns:
            return self._hash.verify(asked.encode("utf-8", "replace"), hashed) and kept is not None

    @cached_property
    def _nobodys(self) -> bytes:
        return self.hashed(secrets.token_urlsafe())
