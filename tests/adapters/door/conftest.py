"""A door on each database, whose wall clock tests may move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from adapters.door import Door, Passwords
from adapters.keys import FileMasterKey, KeyStore
from adapters.time import Told

T = TypeVar("T")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Counting(Argon2Hasher):
    """Quick, and tells the parameters of each hash that it compared with: what a look costs."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.looks: list[str] = []

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:
        text = hash if isinstance(hash, str) else hash.decode()
        self.looks.append(text.rsplit("$", 2)[0])
        return super().verify(password, hash)


def cheap() -> Passwords:
    """argon2id as ever, but quick."""
    return Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock() -> Told:
    return Told(NOON)


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyStore]:
    master = FileMasterKey.ensured(tmp_path / "master.key")
    store = KeyStore(f"sqlite:///{tmp_path}/keys.db", master)
    yield store
    store.close()


@pytest.fixture
def door(database_url: str, keys: KeyStore, clock: Told) -> Iterator[Door]:
    made = Door(database_url, keys, now=clock, passwords=cheap())
    yield made
    made.close()


def at_once(times: int, do: Callable[[int], T]) -> list[T]:
    """The same done by so many threads that begin together."""
    start = Barrier(times)

    def one(number: int) -> T:
        start.wait()
        return do(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))
