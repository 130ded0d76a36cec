"""The master key, which wraps the data keys: a file here, a token or a service elsewhere."""

import base64
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters import folders
from domain.errors import Malformed, MasterKeyMissing, MasterKeyWrong

_NONCE = 12


class MasterKey(Protocol):
    """Wraps data keys. `bound` ties a wrapped key to its row: it unwraps with no other."""

    def wrap(self, key: bytes, bound: bytes) -> bytes:
        """The wrapped key."""
        ...

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """The data key. Raises MasterKeyWrong where this master key did not wrap it."""
        ...


class FileMasterKey:
    """32 random bytes in base64, in a file that only its owner may read; AES-256-GCM."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises MasterKeyMissing; Malformed: open to others, or not a key."""
        self._path = path
        try:
            # Important: look at the open file, not at the path, which may change in between.
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                text = file.read(1024)
        except FileNotFoundError:
            raise MasterKeyMissing(path) from None
        except OSError as error:
            raise Malformed("master key", f"{path.name}: {error.strerror}") from error
        if mode & 0o077:
            raise Malformed("master key", f"{path.name} is open to others; chmod 600")
        try:
            key = base64.b64decode(text.strip(), validate=True)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise Malformed("master key", f"{path.name} does not hold 32 bytes in base64")
        self._aead = AESGCM(key)

    @classmethod
    def create(cls, path: Path) -> "FileMasterKey":
        """Write a new key. Two callers at once end with one file and one key.

        Raises FileExistsError where there is one already: it is never overwritten.
        """
        folders.make(path.parent)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(base64.b64encode(secrets.token_bytes(32)) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            # Important: link, not rename. It fails where the name is taken.
            os.link(draft, path)
        finally:
            draft.unlink()
        folders.sync(path.parent)
        return cls(path)

    @classmethod
    def ensured(cls, path: Path) -> "FileMasterKey":
        """The key that lies there, written now where there is none. Raises Malformed."""
        # Whoever comes second finds the other's, and never a half of it.
        with suppress(FileExistsError):
            if not path.exists():
                return cls.create(path)
        return cls(path)

    def wrap(self, key: bytes, bound: bytes) -> bytes:
        """Nonce, ciphertext and tag."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, key, bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """The data key. Raises MasterKeyWrong where this master key did not wrap it."""
        try:
            return self._aead.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound)
        except (InvalidTag, ValueError):
            raise MasterKeyWrong(self._path) from None
