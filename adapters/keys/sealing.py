"""The bytes of a sealed value, and what binds it to its place.

Sealed: 1 byte algorithm, 2 bytes key version, 12 bytes nonce, ciphertext with its 16-byte tag.
"""

import os
from struct import Struct
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

AES_256_GCM = 1
NONCE = 12
OVERHEAD = 1 + 2 + NONCE + 16
"""How many bytes a sealed value has beyond the value itself."""

_HEAD = Struct(">BH")
_STREAM = Struct(">I16sI16s")
_FIELD = Struct(">IQI")
_KEY = Struct(">I16sIH")


class NotSealed(ValueError):
    """Bytes that no key store has written."""


def stream_bound(log_id: UUID, stream_id: UUID) -> bytes:
    """The part of the associated data that all values of a stream share."""
    return _STREAM.pack(16, log_id.bytes, 16, stream_id.bytes)


def field_bound(stream: bytes, version: int, field: str) -> bytes:
    """The associated data of a field without its key: length-prefixed log, stream, version, field.

    stream: from `stream_bound`.
    """
    name = field.encode()
    return stream + _FIELD.pack(8, version, len(name)) + name


def sealed(aead: AESGCM, subject: UUID, key_version: int, clear: bytes, bound: bytes) -> bytes:
    """The clear bytes sealed to `bound`, the subject and the version of its key."""
    nonce = os.urandom(NONCE)
    data = bound + _KEY.pack(16, subject.bytes, 2, key_version)
    return _HEAD.pack(AES_256_GCM, key_version) + nonce + aead.encrypt(nonce, clear, data)


def key_version(value: bytes) -> int:
    """The version of the key that sealed `value`. Raises NotSealed."""
    if len(value) < OVERHEAD or value[0] != AES_256_GCM:
        raise NotSealed("not in the form of a sealed value")
    version: int = _HEAD.unpack_from(value)[1]
    return version


def opened(aead: AESGCM, subject: UUID, value: bytes, bound: bytes) -> bytes:
    """The clear bytes. Raises cryptography's InvalidTag for another place, key or content."""
    data = bound + _KEY.pack(16, subject.bytes, 2, _HEAD.unpack_from(value)[1])
    return aead.decrypt(value[3 : 3 + NONCE], value[3 + NONCE :], data)
