"""Opens personal values for one reader, each under the mask of the policy (`workflows.masks`)."""

from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

from domain.actor import Role
from domain.errors import Unreadable
from domain.personal import Erased, Personal
from domain.record import Kind
from workflows.masks import MASKS, WITHHELD, policy


class Opened:
    """Opens the personal values of one stream for one reader, each under its mask.

    reader: the role in which they are read; None for nobody in particular.
    erased, unreadable: the words for what was erased by law, and for what cannot be opened.
    internal: of a record that stays inside.
    """

    def __init__(
        self,
        reveal: Callable[[Personal, UUID], str | Erased],
        stream_id: UUID,
        *,
        reader: Role | None,
        erased: str,
        unreadable: str,
        internal: bool = False,
    ) -> None:
        self._reveal, self._stream_id, self._reader = reveal, stream_id, reader
        self._erased, self._unreadable, self._internal = erased, unreadable, internal

    def field(self, field: str, value: Personal | None, kind: Kind | None = None) -> str:
        """The value of a field; empty where there is none. kind: of a recorded field."""
        if value is None:
            return ""
        mask = _mask(self._reader, field, kind, self._internal)
        if mask == WITHHELD:
            return MASKS[mask]("")
        try:
            clear = self._reveal(value, self._stream_id)
        except Unreadable:
            return self._unreadable
        return self._erased if isinstance(clear, Erased) else MASKS[mask](clear)

    def hidden(self, field: str, value: Personal, kind: Kind | None = None) -> str | None:
        """The clear value, where the mask hides some of it and the policy lets it be revealed."""
        mask = _mask(self._reader, field, kind, self._internal)
        if mask == WITHHELD or not policy().of(field, kind).reveal:
            return None
        pair = self.hiding(field, value, kind)
        return pair and pair[0]

    def hiding(
        self, field: str, value: Personal, kind: Kind | None = None
    ) -> tuple[str, str] | None:
        """The clear value and what is shown of it; None where that is all, or nothing is there."""
        mask = _mask(self._reader, field, kind, self._internal)
        try:
            clear = self._reveal(value, self._stream_id)
        except Unreadable:
            return None
        if isinstance(clear, Erased) or (shown := MASKS[mask](clear)) == clear:
            return None
        return clear, shown


# The policy of a house is one, and a list asks the same of it for every row.
@lru_cache(maxsize=1_024)
def _mask(reader: Role | None, field: str, kind: Kind | None, internal: bool) -> str:
    return policy().mask_for(reader, field, kind, internal=internal)
