"""The master key, which wraps the data keys: a file here, a token or a service elsewhere."""

import base64
import os
import secrets
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import Malformed, StorageUnavailable

_NONCE = 12


class MasterKey(Protocol):
    """Wraps data keys. `bound` ties a wrapped key to its row: it unwraps with no other."""

    def wrap(self, key: bytes, bound: bytes) -> bytes:
        """The wrapped key."""
        ...

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """The data key. Raises StorageUnavailable where this master key did not wrap it."""
        ...


class FileMasterKey:
    """32 random bytes in base64, in a file that only its owner may read; AES-256-GCM."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises Malformed: absent, open to others, or not a key."""
        try:
            # Important: look at the open file, not at the path, which may change in between.
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                text = file.read(1024)
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
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
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
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return cls(path)

    def wrap(self, key: bytes, bound: bytes) -> bytes:
        """Nonce, ciphertext and tag."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, key, bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """The data key. Raises StorageUnavailable where this master key did not wrap it."""
        try:
            return self._aead.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound)
        except (InvalidTag, ValueError):
            raise StorageUnavailable("a data key does not unwrap with this master key") from None
