"""The small register of accounts: a file of who may come in, in which role and for which unit.

It holds no password and no token, only the SHA-256 of each token. A token has 256 random bits,
so a plain hash of it cannot be guessed back.
"""

import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from domain.actor import Actor, Role
from domain.errors import Malformed, NotFound, StorageUnavailable

FILE = "accounts.json"
"""Its name in the data directory."""

TOKEN_BYTES = 32


class Known(NamedTuple):
    """Who came in: the actor, and the name that is shown to others."""

    actor: Actor
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An account to be made. unit, lines: as in `domain.actor.Actor`."""

    account: str
    name: str
    role: Role
    unit: str = ""
    lines: tuple[str, ...] = ()


class _Stored(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    account: str
    name: str
    role: Role
    unit: str
    lines: tuple[str, ...]
    token_sha256: str


class _File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    accounts: tuple[_Stored, ...]


_Seen = tuple[int, int, int]


class Accounts:
    """The accounts of one district, read anew when the file has changed.

    An account that is taken out of the file, or whose role is changed there, is so from the
    next request on.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: _Seen | None = None
        self._by_digest: tuple[tuple[bytes, Known], ...] = ()
        self._names: dict[str, str] = {}

    @classmethod
    def load(cls, path: Path) -> "Accounts":
        """The register in `path`. Raises NotFound, Malformed where it is wrong or not private."""
        accounts = cls(path)
        accounts._refresh()
        return accounts

    def by_token(self, token: str) -> Known | None:
        """Who holds the token; None for nobody. Takes the same time for every token."""
        self._refresh()
        digest = _digest(token)
        found = None
        for known_digest, known in self._by_digest:
            if hmac.compare_digest(known_digest, digest):
                found = known
        return found

    def name_of(self, account: str) -> str:
        """The name that is shown for an account; the account itself where it is not known."""
        return self._names.get(account, account)

    def _refresh(self) -> None:
        try:
            found = os.stat(self._path)  # noqa: PTH116 (asked at every request, twice as fast)
        except FileNotFoundError:
            raise NotFound("accounts", self._path.name) from None
        except OSError as error:
            raise StorageUnavailable(f"{self._path.name}: {error.strerror}") from error
        seen = (found.st_ino, found.st_mtime_ns, found.st_size)
        if seen == self._seen:
            return
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise Malformed(self._path.name, "others can read it; say chmod 600")
        stored = _read(self._path)
        self._by_digest = tuple(
            (bytes.fromhex(one.token_sha256), Known(_actor(one), one.name)) for one in stored
        )
        self._names = {one.account: one.name for one in stored}
        self._seen = seen


def create(path: Path, entries: Iterable[Entry]) -> dict[str, str]:
    """Write a register that is not there yet; the token of each account, told only here.

    Raises Malformed: there already, an account twice, an entry that no actor can have.
    """
    tokens: dict[str, str] = {}
    stored = []
    for entry in entries:
        if entry.account in tokens:
            raise Malformed("account", f"{entry.account} stands twice")
        token = tokens[entry.account] = secrets.token_urlsafe(TOKEN_BYTES)
        stored.append(
            _Stored(
                account=entry.account,
                name=entry.name,
                role=entry.role,
                unit=entry.unit,
                lines=entry.lines,
                token_sha256=_digest(token).hex(),
            )
        )
    for one in stored:
        _check(one)
    data = msgspec.json.format(msgspec.json.encode(_File(tuple(stored))), indent=1) + b"\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise Malformed(path.name, "is there already; take it away first") from None
    except OSError as error:
        raise StorageUnavailable(f"{path.name}: {error.strerror}") from error
    return tokens


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _read(path: Path) -> tuple[_Stored, ...]:
    try:
        stored = msgspec.json.decode(path.read_bytes(), type=_File).accounts
    except msgspec.DecodeError as error:
        raise Malformed(path.name, str(error)) from error
    except OSError as error:
        raise StorageUnavailable(f"{path.name}: {error.strerror}") from error
    for one in stored:
        _check(one)
    if len({one.account for one in stored}) < len(stored):
        raise Malformed(path.name, "an account stands twice")
    return stored


# The system acts without coming in: nobody may come in as the system.
def _check(one: _Stored) -> None:
    if not one.account or one.role is Role.SYS or one.account == Role.SYS:
        raise Malformed("account", f"{one.account or 'nobody'} as {one.role}")
    if len(one.token_sha256) != 64 or set(one.token_sha256) - set("0123456789abcdef"):
        raise Malformed("token_sha256", f"of {one.account}: 64 hexadecimal digits")


def _actor(one: _Stored) -> Actor:
    return Actor(account=one.account, role=one.role, unit=one.unit, lines=one.lines)
