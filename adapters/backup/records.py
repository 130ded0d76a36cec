"""The form of a copy: files of JSON lines, each led by its checksum, the last one counting them.

A copy is a folder: `log.jsonl` (the log), `door.jsonl` (credentials, the journal of the door
and what accounts prefer, no session and no invitation), `attachments.jsonl` and `attachments/`
(photos and papers, sealed), and `keys.jsonl` (keys of data subjects, wrapped by the master key).
A line is eight hexadecimal digits of CRC-32, a space and a JSON array; bytes are in base64. The
last line of a file tells how many come before it and the SHA-256 of them all.
"""

import hashlib
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

import msgspec

from domain.errors import Malformed, NotFound, StorageUnavailable

FORMAT = 3
"""1 had no door, 2 nothing that accounts prefer."""
READABLE = (2, FORMAT)
"""Formats that can be brought back: what an older one lacks was not there."""
LOG, DOOR, ATTACHMENTS, KEYS = "log.jsonl", "door.jsonl", "attachments.jsonl", "keys.jsonl"
FOLDER = "attachments"


class LogHeader(msgspec.Struct, array_like=True, tag="tenlines-log", frozen=True):
    """What was copied and when. events: how many. log_format: of its tables and leaf hashes."""

    format: int
    log_id: UUID
    kind: str
    anchor: str | None
    created_at: str
    log_format: int
    events: int
    made_at: str


class EventLine(msgspec.Struct, array_like=True, tag="event", frozen=True, gc=False):
    """A row of the table `events`."""

    position: int
    stream_id: UUID
    version: int
    topic: str
    state: bytes
    metadata: bytes
    recorded_at: int
    leaf_hash: bytes


class CommandLine(msgspec.Struct, array_like=True, tag="command", frozen=True, gc=False):
    """A row of the table `commands`."""

    actor: str
    command_id: UUID
    request_hash: str
    first: int
    last: int
    recorded_at: int
    versions: str


class ClaimLine(msgspec.Struct, array_like=True, tag="claim", frozen=True, gc=False):
    """A row of the table `claims`."""

    name: str
    stream_id: UUID
    position: int


class TrackingLine(msgspec.Struct, array_like=True, tag="tracking", frozen=True):
    """A row of the table `tracking`."""

    application_name: str
    notification_id: int


class DoorHeader(msgspec.Struct, array_like=True, tag="tenlines-door", frozen=True):
    """Of which log the door is."""

    format: int
    log_id: UUID
    made_at: str


class CredentialLine(msgspec.Struct, array_like=True, tag="credential", frozen=True):
    """A row of the table `credentials`: hashed or sealed."""

    id: UUID
    account: str
    kind: str
    secret: bytes
    identity: str
    last_step: int
    made_at: int


class JournalLine(msgspec.Struct, array_like=True, tag="journal", frozen=True, gc=False):
    """A row of the table `journal`."""

    id: int
    minute: int
    account: str
    what: str
    why: str
    times: int


class PreferenceLine(msgspec.Struct, array_like=True, tag="preference", frozen=True, gc=False):
    """A row of the table `preferences`."""

    account: str
    kind: str
    name: str
    value: str
    kept_at: int


class AttachmentsHeader(msgspec.Struct, array_like=True, tag="tenlines-attachments", frozen=True):
    """Of which log the attachments are."""

    format: int
    log_id: UUID
    made_at: str


class AttachmentLine(msgspec.Struct, array_like=True, tag="attachment", frozen=True):
    """A file of the folder. path: below it, with slashes. size: bytes."""

    path: str
    size: int
    sha256: bytes


class KeysHeader(msgspec.Struct, array_like=True, tag="tenlines-keys", frozen=True):
    """Of which log the keys are."""

    format: int
    log_id: UUID
    made_at: str


class HouseKeyLine(msgspec.Struct, array_like=True, tag="house-key", frozen=True):
    """A row of the table `house_keys`."""

    name: str
    wrapped: bytes


class DestructionsLine(msgspec.Struct, array_like=True, tag="destructions", frozen=True):
    """How often keys had been destroyed."""

    generation: int


class SubjectKeyLine(msgspec.Struct, array_like=True, tag="subject-key", frozen=True):
    """A row of the table `subject_keys`."""

    subject: UUID
    version: int
    wrapped: bytes | None
    created_at: str
    destroyed_at: str | None


class LinkLine(msgspec.Struct, array_like=True, tag="document-link", frozen=True):
    """A row of the table `document_links`."""

    subject: UUID
    document: UUID


class End(msgspec.Struct, array_like=True, tag="end", frozen=True):
    """The last line. sha256: of all bytes before it."""

    lines: int
    sha256: bytes


Line = (
    LogHeader
    | EventLine
    | CommandLine
    | ClaimLine
    | TrackingLine
    | DoorHeader
    | CredentialLine
    | JournalLine
    | PreferenceLine
    | AttachmentsHeader
    | AttachmentLine
    | KeysHeader
    | HouseKeyLine
    | DestructionsLine
    | SubjectKeyLine
    | LinkLine
    | End
)

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Line).decode


class Writer:
    """Writes one file of a copy; it is whole and on the disk once the block is left."""

    def __init__(self, path: Path) -> None:
        # Keys may lie in it: nobody else is to read it, from the first byte.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._file = os.fdopen(handle, "wb", buffering=1 << 20)
        self._sum = hashlib.sha256()
        self._lines = 0

    def write(self, line: Line) -> None:
        """Add a line."""
        data = _line(line)
        self._sum.update(data)
        self._file.write(data)
        self._lines += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        with self._file:
            if kind is None:
                self._file.write(_line(End(self._lines, self._sum.digest())))
                self._file.flush()
                os.fsync(self._file.fileno())


def read(path: Path) -> Iterator[tuple[int, Line]]:
    """The lines of a file with their numbers, the last one aside, which must fit them.

    Raises NotFound, and Malformed, with file and line, where a bit of it was altered or the
    file ends too soon.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise NotFound("file of a copy", path) from None
    except OSError as error:
        raise StorageUnavailable(f"{path.name}: {error.strerror}") from error
    total, number = hashlib.sha256(), 0
    with file:
        for number, data in enumerate(file, 1):
            line = _read(path, number, data)
            if isinstance(line, End):
                if (line.lines, line.sha256) != (number - 1, total.digest()):
                    raise _altered(path, number, "lines before it are missing, added or moved")
                if file.read(1):
                    raise _altered(path, number + 1, "something follows the last line")
                return
            total.update(data)
            yield number, line
    raise _altered(path, number + 1, "the file ends before its last line")


def _line(line: Line) -> bytes:
    data = _encode(line)
    return b"%08x %b\n" % (zlib.crc32(data), data)


def _read(path: Path, number: int, data: bytes) -> Line:
    body = data[9:-1]
    if not data.endswith(b"\n") or data[:9] != b"%08x " % zlib.crc32(body):
        raise _altered(path, number, "altered: the checksum does not match")
    try:
        line: Line = _decode(body)
    except msgspec.MsgspecError as error:
        raise _altered(path, number, f"no line of a copy: {error}") from error
    return line


def _altered(path: Path, number: int, because: str) -> Malformed:
    return Malformed(f"{path.name}:{number}", f"{because}; take another copy")
