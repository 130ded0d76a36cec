"""Sealing and opening personal values; erasing by destroying a key."""

import hmac
import struct
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from adapters.codec.making import closed
from adapters.codec.paths import replaced
from adapters.keys import sealing
from adapters.keys.master import MasterKey
from adapters.keys.vault import KEY_BYTES, Vault
from domain.errors import Malformed, NotPermittedNow, Unreadable
from domain.personal import Erased, Personal
from domain.ports import Now

T = TypeVar("T")
NIL = UUID(int=0)


class _Keys(NamedTuple):
    """The keys of a subject. No current one: destroyed."""

    current: tuple[int, AESGCM] | None
    by_version: dict[int, AESGCM]


class KeyStore:
    """The keys of persons and documents. Safe to share between threads and processes.

    Opened keys are kept in memory, at most `cached` of them. Before each use at least
    `recheck_seconds` after the last look, the database is asked how often keys were
    destroyed; at another number than before, all are forgotten. A key that one process
    destroys is thus of use to another for `recheck_seconds` at most; in the destroying
    process it is gone when `destroy` returns. Where the database cannot be asked, nothing is
    sealed or opened.
    """

    def __init__(
        self,
        url: str,
        master: MasterKey,
        *,
        now: Now | None = None,
        cached: int = 8192,
        recheck_seconds: float = 1.0,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Name the key database and its master key. Connects at first use.

        url: SQLite file or PostgreSQL, never the log's own.
        now: for the instants kept with the keys; the wall clock by default.
        """
        self._vault = Vault(url, master, now or _wall)
        self._cached, self._recheck_seconds, self._ticks = cached, recheck_seconds, ticks
        self._keys: dict[UUID, _Keys] = {}
        self._generation = -1
        self._looked_at = float("-inf")
        self._lock = threading.Lock()
        self._creating = threading.Lock()
        self._asked: set[UUID] = set()
        self._derived: dict[str, bytes] = {}

    def seal(
        self, events: Sequence[T], *, log_id: UUID, stream_id: UUID, first_version: int
    ) -> list[T]:
        """The events with their clear personal values sealed to their place in the stream.

        first_version: of the first event; the others follow it. New keys are committed, all
        in one transaction, before this returns. Raises Malformed, naming the field, for a
        value that is sealed already (it opens only where it was) and for text with NUL or half
        of a surrogate pair; NotPermittedNow for a subject whose key has been destroyed.
        """
        self._look()
        stream = sealing.stream_bound(log_id, stream_id)
        own: dict[UUID, _Keys] = {}
        while True:
            missing: set[UUID] = set()
            made = [
                replaced(event, self._sealer(stream, first_version + i, own, missing))
                for i, event in enumerate(events)
            ]
            if not missing:
                return made
            own.update(self._created(missing))

    def open(self, personal: Personal, *, log_id: UUID, stream_id: UUID) -> str | Erased:
        """The value, or `Erased` where the key has been destroyed.

        Raises Unreadable: tampered, from another stream, version or field, or of a key that
        was never here.
        """
        try:
            bound = _bound(log_id, stream_id, personal.origin)
            clear = self.open_bytes(personal.subject, personal.sealed, bound)
            return clear if isinstance(clear, Erased) else clear.decode()
        except (UnicodeError, struct.error) as error:
            at, field = _place(personal.origin)
            raise Unreadable(f"personal {field!a}", stream_id, at, "no place in a log") from error
        except Unreadable as error:
            at, field = _place(personal.origin)
            raise Unreadable(f"personal {field}", stream_id, at, error.because) from error

    def seal_bytes(self, subject: UUID, clear: bytes, bound: bytes) -> bytes:
        """The bytes sealed under the subject's key, to be opened with the same `bound`.

        Raises NotPermittedNow where the key has been destroyed.
        """
        self._look()
        keys = self._keys.get(subject) or self._created({subject})[subject]
        number, aead = self._current(subject, keys)
        return sealing.sealed(aead, subject, number, clear, bound)

    def open_bytes(self, subject: UUID, sealed: bytes, bound: bytes) -> bytes | Erased:
        """What `seal_bytes` sealed. Raises Unreadable, with the nil stream."""
        self._look()
        keys = self._keys.get(subject) or self._loaded({subject}).get(subject)
        if keys is None:
            raise Unreadable("sealed", NIL, 0, f"no key of {subject}")
        if keys.current is None:
            return Erased.BY_LAW
        try:
            aead = keys.by_version[sealing.key_version(sealed)]
            return sealing.opened(aead, subject, sealed, bound)
        except (InvalidTag, KeyError, sealing.NotSealed) as error:
            because = "altered, or sealed for another place or person"
            raise Unreadable("sealed", NIL, 0, because) from error

    def ensure(self, subjects: Iterable[UUID]) -> None:
        """Create the keys that are missing, in one transaction: for imports, ahead of `seal`."""
        self._look()
        if missing := {subject for subject in subjects if subject not in self._keys}:
            self._created(missing)

    def link(self, document: UUID, subjects: Collection[UUID]) -> None:
        """Note the persons whom a document names: its key is destroyed with any of theirs.

        Raises NotPermittedNow where the key of one has been destroyed already.
        """
        self._vault.link(document, subjects)

    def destroy(self, subject: UUID) -> frozenset[UUID]:
        """Erase: destroy the subject's key and those of the documents that name it. Tells which.

        Once and for ever; to destroy again does no harm (个人信息保护法 第四十七条).
        """
        gone = self._vault.destroy(subject)
        self._looked_at = float("-inf")
        self._look()
        return gone

    def rotate_master(self, new: MasterKey) -> int:
        """Wrap every key with another master key, in one transaction; tells how many.

        No event is touched. Other processes must start anew with the new master key.
        """
        self._vault.house_key()
        return self._vault.rewrap(new)

    def token(self, purpose: str, value: str) -> str:
        """A keyed hash for exact look-ups: equal for equal values of one purpose.

        64 hexadecimal digits. Normalise the value before. Raises Malformed for half of a
        surrogate pair.
        """
        try:
            return self.digest(purpose, value.encode()).hex()
        except UnicodeEncodeError:
            raise Malformed(purpose, "text with half of a surrogate pair") from None

    def digest(self, purpose: str, data: bytes) -> bytes:
        """HMAC-SHA-256 under the key of the purpose, 32 bytes."""
        key = self._derived.get(purpose)
        if key is None:
            hkdf = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"tenlines " + purpose.encode())
            key = self._derived[purpose] = hkdf.derive(self._vault.house_key())
        return hmac.digest(key, data, "sha256")

    def check(self) -> None:
        """See that the master key opens the keys that are there. Raises MasterKeyWrong."""
        self._vault.check()

    def close(self) -> None:
        """Forget every key and close the connections."""
        with self._lock:
            self._keys.clear()
            self._derived.clear()
        self._vault.close()

    def _sealer(
        self, stream: bytes, version: int, own: dict[UUID, _Keys], missing: set[UUID]
    ) -> Callable[[Personal, str], Personal]:
        """Seals a value of the event of this version; notes the subject if it has no key yet."""

        def seal(personal: Personal, path: str) -> Personal:
            if personal.sealed:
                raise Malformed(path, "sealed already; it opens only where it was")
            subject, clear = personal.subject, personal.clear
            keys = self._keys.get(subject) or own.get(subject)
            if keys is None:
                missing.add(subject)
                return personal
            try:
                text = clear.encode()
            except UnicodeEncodeError:
                raise Malformed(path, "text with half of a surrogate pair") from None
            if "\0" in clear:
                raise Malformed(path, "text with a NUL character")
            number, aead = self._current(subject, keys)
            bound = sealing.field_bound(stream, version, path)
            sealed = sealing.sealed(aead, subject, number, text, bound)
            return closed(subject, sealed, f"{version}/{path}")

        return seal

    @staticmethod
    def _current(subject: UUID, keys: _Keys) -> tuple[int, AESGCM]:
        if keys.current is None:
            raise NotPermittedNow("seal", f"the key of {subject} has been destroyed")
        return keys.current

    def _created(self, subjects: set[UUID]) -> dict[UUID, _Keys]:
        """The keys of all the subjects, made where missing."""
        found = self._loaded(subjects)
        while missing := subjects - found.keys():
            with self._lock:
                self._asked |= missing
            # One thread creates for all that wait meanwhile; their turn finds nothing to do.
            with self._creating:
                with self._lock:
                    asked, self._asked = self._asked, set()
                if asked:
                    self._vault.create(asked)
            found |= self._loaded(missing)
        return found

    def _loaded(self, subjects: set[UUID]) -> dict[UUID, _Keys]:
        """The keys of those of the subjects that have some, kept for the next time."""
        looked_at = self._ticks()
        generation, stored = self._vault.load(subjects)
        found = {
            subject: _opened({version: AESGCM(key) for version, key in keys.items()})
            for subject, keys in stored.items()
        }
        with self._lock:
            self._level(generation, looked_at)
            # Important: keys read before a destruction that is known by now are not kept.
            if generation == self._generation:
                while self._keys and len(self._keys) + len(found) > self._cached:
                    del self._keys[next(iter(self._keys))]
                self._keys.update(list(found.items())[: self._cached])
        return found

    def _look(self) -> None:
        """Ask how often keys were destroyed, if it is time to."""
        looked_at = self._ticks()
        if looked_at - self._looked_at < self._recheck_seconds:
            return
        generation = self._vault.generation()
        with self._lock:
            self._level(generation, looked_at)

    def _level(self, generation: int, looked_at: float) -> None:
        if generation > self._generation:
            self._keys.clear()
            self._generation = generation
        if generation == self._generation:
            self._looked_at = max(self._looked_at, looked_at)


def _place(origin: str) -> tuple[int, str]:
    version, _, field = origin.partition("/")
    return int(version) if version.isdecimal() else 0, field


# What a list shows is opened each time that it is looked at.
@lru_cache(maxsize=8_192)
def _bound(log_id: UUID, stream_id: UUID, origin: str) -> bytes:
    return sealing.field_bound(sealing.stream_bound(log_id, stream_id), *_place(origin))


def _opened(by_version: dict[int, AESGCM]) -> _Keys:
    if not by_version:
        return _Keys(None, {})
    newest = max(by_version)
    return _Keys((newest, by_version[newest]), by_version)


def _wall() -> datetime:
    return datetime.now(UTC)
