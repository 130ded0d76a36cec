"""The folder of attachments. Each file tells of itself; none can be read without its key.

A file is one line of JSON and then the sealed content. Its id is the start of the SHA-256 of
all its bytes (UUIDv8): an event that names an attachment thereby vouches for every bit of it.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec

from adapters import folders
from adapters.attachments.media import base_name, media_type
from adapters.keys import KeyStore
from domain.errors import AttachmentRefused, NotFound, StorageUnavailable, Unreadable
from domain.personal import Erased

LIMIT_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A kept file.

    content_hash: HMAC-SHA-256 of the content, hexadecimal: equal for equal files, and no use
        to whoever lacks the key. stored_hash: SHA-256 of the file as stored.
    media_type: by content. size: of the content, bytes.
    name: the client's, without its path; Erased with the key.
    """

    id: UUID
    subject: UUID
    content_hash: str
    stored_hash: str
    media_type: str
    size: int
    name: str | Erased


class _Label(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The first line of a file. name: sealed, hexadecimal."""

    subject: UUID
    media_type: str
    size: int
    content_hash: str
    name: str


class _File(NamedTuple):
    label: _Label
    line: bytes
    sealed: bytes
    stored_hash: str


_label = msgspec.json.Decoder(_Label).decode


class Attachments:
    """Attachments of one log, sealed under the keys of `keys`.

    scan: True where nothing bad was found in the content. What it refuses is kept, sealed, in
        the folder `quarantine` beside the others.
    """

    def __init__(
        self,
        directory: Path,
        keys: KeyStore,
        *,
        limit_bytes: int = LIMIT_BYTES,
        scan: Callable[[bytes], bool] | None = None,
    ) -> None:
        self._directory, self._keys = directory, keys
        self._limit_bytes, self._scan = limit_bytes, scan

    def put(self, subject: UUID, name: str, content: bytes) -> Attachment:
        """Keep the content, sealed under the subject's key, on the disk when this returns.

        Raises AttachmentRefused: empty, too large, of another type than accepted or than its
        extension says, or refused by the scanner; StorageUnavailable, with nothing kept.
        """
        name = base_name(name)
        if not content:
            raise AttachmentRefused(name, "empty")
        if len(content) > self._limit_bytes:
            raise AttachmentRefused(name, f"more than {self._limit_bytes / 1024**2:g} MiB")
        kind = media_type(name, content)
        clean = self._is_clean(content)
        digest = self._keys.digest("attachment", content).hex()
        label = _Label(
            subject=subject,
            media_type=kind,
            size=len(content),
            content_hash=digest,
            name=self._keys.seal_bytes(subject, name.encode(), _bound_name(digest)).hex(),
        )
        line = msgspec.json.encode(label) + b"\n"
        data = line + self._keys.seal_bytes(subject, content, _bound(line))
        stored_hash = hashlib.sha256(data).hexdigest()
        id_ = _id(stored_hash)
        self._write(self._path(id_) if clean else self._directory / "quarantine" / str(id_), data)
        if not clean:
            raise AttachmentRefused(name, f"refused by the scanner, in quarantine as {id_}")
        return Attachment(
            id=id_,
            subject=subject,
            content_hash=digest,
            stored_hash=stored_hash,
            media_type=kind,
            size=len(content),
            name=name,
        )

    def open(self, id_: UUID) -> tuple[str, bytes] | Erased:
        """Media type and content. Raises NotFound, Unreadable where a bit of it was altered."""
        file = self._read(id_)
        content = self._opened(id_, file, file.sealed, _bound(file.line))
        return content if isinstance(content, Erased) else (file.label.media_type, content)

    def about(self, id_: UUID) -> Attachment:
        """What is known of it without its content. Raises as `open` does."""
        label, stored_hash = (file := self._read(id_)).label, file.stored_hash
        name = self._opened(id_, file, bytes.fromhex(label.name), _bound_name(label.content_hash))
        return Attachment(
            id=id_,
            subject=label.subject,
            content_hash=label.content_hash,
            stored_hash=stored_hash,
            media_type=label.media_type,
            size=label.size,
            name=name if isinstance(name, Erased) else name.decode(),
        )

    def missing(self, ids: Sequence[UUID]) -> Sequence[UUID]:
        """Those of the ids that are not kept here, in their order."""
        return [id_ for id_ in ids if not self._path(id_).is_file()]

    def strange(self, subject: UUID, ids: Sequence[UUID]) -> Sequence[UUID]:
        """Those of the ids that are not kept here for this subject, in their order."""
        missing = set(self.missing(ids))
        return [id_ for id_ in ids if id_ in missing or self.about(id_).subject != subject]

    def is_picture(self, id_: UUID) -> bool:
        """Whether its content is a picture. Raises NotFound."""
        return self.about(id_).media_type.startswith("image/")

    def _is_clean(self, content: bytes) -> bool:
        try:
            return self._scan is None or self._scan(content)
        except OSError as error:
            raise StorageUnavailable("the scanner of attachments does not answer") from error

    def _path(self, id_: UUID) -> Path:
        return self._directory / id_.hex[:2] / str(id_)

    def _read(self, id_: UUID) -> _File:
        try:
            data = self._path(id_).read_bytes()
        except FileNotFoundError:
            raise NotFound("attachment", id_) from None
        except OSError as error:
            raise StorageUnavailable(f"attachments: {error.strerror}") from error
        stored_hash = hashlib.sha256(data).hexdigest()
        line, newline, sealed = data.partition(b"\n")
        if _id(stored_hash) != id_:
            raise Unreadable("attachment", id_, 0, "altered")
        try:
            return _File(_label(line), line + newline, sealed, stored_hash)
        except msgspec.DecodeError as error:
            raise Unreadable("attachment", id_, 0, str(error)) from error

    def _opened(self, id_: UUID, file: _File, sealed: bytes, bound: bytes) -> bytes | Erased:
        try:
            return self._keys.open_bytes(file.label.subject, sealed, bound)
        except Unreadable as error:
            raise Unreadable("attachment", id_, 0, error.because) from error

    def _write(self, path: Path, data: bytes) -> None:
        """All of the file, durable, under its name, or nothing."""
        draft = self._directory / f".incoming-{secrets.token_hex(8)}"
        try:
            folders.make(path.parent)
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(path)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
            # Important: up to the folder's own name. Another thread may just have made it.
            for folder in (path.parent, self._directory, self._directory.parent):
                folders.sync(folder)
        except OSError as error:
            raise StorageUnavailable(f"attachments: {error.strerror}") from error


def _id(stored_hash: str) -> UUID:
    number = int(stored_hash[:32], 16)
    return UUID(int=number & ~(0xF << 76) & ~(0b11 << 62) | 8 << 76 | 0b10 << 62)


def _bound(line: bytes) -> bytes:
    return b"attachment\0" + line


def _bound_name(content_hash: str) -> bytes:
    return b"attachment name\0" + content_hash.encode()
