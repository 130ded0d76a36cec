"""Metadata as stored, and as hashed: the one form that the log and its evidence share."""

from typing import cast
from uuid import UUID

from adapters.codec.stored import SPOILT, Stored
from domain.errors import Unreadable
from domain.log import Metadata

_METADATA = Stored(Metadata, "Metadata")


def encode_metadata(metadata: Metadata) -> bytes:
    """JSON with the fields in the order of the class, no spaces.

    Raises Malformed for text with NUL or half of a surrogate pair and for wrong types.
    """
    return _METADATA.write(metadata)


def decode_metadata(stored: bytes) -> Metadata:
    """Metadata from its stored form. Raises Unreadable, with the nil stream."""
    try:
        return cast(Metadata, _METADATA.read(stored, "0/"))
    except SPOILT as error:
        because = f"{type(error).__name__}: {error}"
        raise Unreadable("metadata", UUID(int=0), 0, because) from error
