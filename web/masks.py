"""How personal values are shown: 张*, 138****1234, 110105********002X (domain reference 6).

The policy is the same for every event, however old: names, telephone and ID numbers are always
masked; an address and free text are open to whoever may view the affair.
"""

import re
from collections.abc import Callable
from uuid import UUID

from domain.errors import Unreadable
from domain.personal import Erased, Personal
from domain.record import Kind

_MOBILE = re.compile(r"(\+?86[ -]?)?1[3-9]\d{9}")
_ID = re.compile(r"\d{17}[\dXx]|\d{15}")
_DIGIT = re.compile(r"\d")

Mask = Callable[[str], str]


def name(clear: str) -> str:
    """`张*`."""
    return f"{clear.strip()[:1]}*"


def telephone(clear: str) -> str:
    """`138****1234`; of other numbers the last two digits."""
    digits = "".join(_DIGIT.findall(clear))
    if _MOBILE.fullmatch(clear.strip()):
        return f"{digits[-11:-8]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if len(digits) >= 7 else "****"


def person(clear: str) -> str:
    """A name, a telephone number or an ID number, told by its shape."""
    value = clear.strip()
    if _ID.fullmatch(value):
        return f"{value[:6]}{'*' * (len(value) - 10)}{value[-4:]}"
    if _MOBILE.fullmatch(value):
        return telephone(value)
    if len(_DIGIT.findall(value)) >= 4:
        return telephone(value) if not re.search(r"[A-Za-z]", value) else f"{value[:1]}****"
    return name(value)


def plain(clear: str) -> str:
    """As it is."""
    return clear


FIELDS: dict[str, Mask] = {
    "applicant": name,
    "interviewee": name,
    "telephone": telephone,
    "address": plain,
    "summary": plain,
    "comment": plain,
    "seen": plain,
    "heard": plain,
    "noted": plain,
}
"""Personal fields of events and views by name; any other is masked as a person's."""


class Opened:
    """Opens the personal values of one stream, each under its mask.

    erased, unreadable: the words for what was erased by law, and for what cannot be opened.
    """

    def __init__(
        self,
        reveal: Callable[[Personal, UUID], str | Erased],
        stream_id: UUID,
        *,
        erased: str,
        unreadable: str,
    ) -> None:
        self._reveal, self._stream_id = reveal, stream_id
        self._erased, self._unreadable = erased, unreadable

    def field(self, field: str, value: Personal | None, kind: Kind | None = None) -> str:
        """The value of a field; empty where there is none.

        kind: of a recorded field: a note is open, unless its name says that it is a person's.
        """
        if value is None:
            return ""
        try:
            clear = self._reveal(value, self._stream_id)
        except Unreadable:
            return self._unreadable
        if isinstance(clear, Erased):
            return self._erased
        return FIELDS.get(field, plain if kind is Kind.NOTE else person)(clear)
