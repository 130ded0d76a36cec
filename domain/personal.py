"""A value about a person: closed in events, states and views, opened only at the edge.

Each data subject has a key. Destroying the key is the erasure (个人信息保护法 第四十七条).
"""

from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Personal:
    """A value sealed under the key of `subject`, or on its way to be sealed.

    sealed: key version, nonce, ciphertext and tag as the key store writes them; empty
        while the value is still clear. The codec refuses to write a clear one.
    origin: `version/field` of the event that holds it; with the stream it binds the
        ciphertext to its place, so that it opens nowhere else.
    clear: the value before it is sealed; never stored, never printed.
    """

    subject: UUID
    sealed: bytes = b""
    origin: str = ""
    clear: str = field(default="", repr=False, compare=False)

    @property
    def closed(self) -> bool:
        """True once sealed."""
        return bool(self.sealed)


class Erased(Enum):
    """What opens in place of a value whose key has been destroyed."""

    BY_LAW = "已依法删除"
