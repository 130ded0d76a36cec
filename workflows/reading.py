"""How one value is read: from what was sent in to what is stored, or a word for what is wanted.

Nothing is repaired on the way.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from workflows.fields import FieldSpec

LONGEST = 4_000
"""Characters of a text."""
LONGEST_ACCOUNT = 64
MOST = 50
"""Parts of a list."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAKS = re.compile("[\t\n\r\u2028\u2029]")
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
MONEY = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNIT = re.compile(r"[0-9A-Za-z][0-9A-Za-z/_.:-]{0,63}")
_PLACE = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,8})?,-?[0-9]{1,2}(\.[0-9]{1,8})?")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_YEARS = range(1900, 2101)
_YES, _NO = (True, "true", "yes"), (False, "false", "no")


class Wrong(Exception):
    """A value has the wrong shape; says which shape is wanted."""


def text(value: object, spec: "FieldSpec") -> str:
    """A text as it came, if it can be kept."""
    if not isinstance(value, str):
        raise Wrong("a text")
    longest = LONGEST if spec.max is None else min(LONGEST, spec.max)
    if len(value) > longest:
        raise Wrong(f"at most {longest} characters")
    if spec.min is not None and len(value) < spec.min:
        raise Wrong(f"at least {spec.min} characters")
    found = _FORBIDDEN.search(value)
    if found:
        raise Wrong(f"holds a character that cannot be kept, U+{ord(found.group()):04X}")
    return value


def line(value: str) -> str:
    """A text of one line."""
    if _BREAKS.search(value):
        raise Wrong("one line, without tabs")
    return value


def decimal(value: object, shape: re.Pattern[str], wanted: str) -> Decimal:
    """A number, written as `shape` says."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Wrong(wanted)
    text = str(value)
    if not shape.fullmatch(text):
        raise Wrong(wanted)
    return Decimal(text)


def within(value: Decimal, spec: "FieldSpec", least: int | None = None) -> Decimal:
    """A number within what the file allows."""
    least = spec.min if least is None else least
    if least is not None and value < least:
        raise Wrong(f"{least} or more")
    if spec.max is not None and value > spec.max:
        raise Wrong(f"{spec.max} or less")
    return value


def day(value: object) -> date:
    """A day of the calendar."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise Wrong("a date such as 2011-07-22")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Wrong("a date of the calendar such as 2011-07-22") from None
    if day.year not in _YEARS:
        raise Wrong("a year from 1900 to 2100")
    return day


def instant(value: object) -> datetime:
    """An instant, in UTC."""
    if isinstance(value, str) and len(value) <= 40:
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Wrong("a time with its zone such as 2011-07-22T10:30:00+08:00")
    if value.year not in _YEARS:
        raise Wrong("a year from 1900 to 2100")
    # The log keeps instants in UTC, and what is in memory must be what it keeps.
    return value.astimezone(UTC)


def choice(value: object, spec: "FieldSpec") -> str:
    """One of the codes of a choice."""
    code = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(code, str) or code not in spec.choices:
        raise Wrong(f"one of {', '.join(spec.choices)}")
    return code


def flag(value: object) -> bool:
    """Yes or no."""
    if isinstance(value, bool | str):
        if value in _YES:
            return True
        if value in _NO:
            return False
    raise Wrong("yes or no")


def matching(value: object, shape: re.Pattern[str], wanted: str) -> str:
    """A text of this shape."""
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise Wrong(wanted)
    return value


def unit(value: object) -> str:
    """The code of a unit."""
    return matching(value, _UNIT, "the code of a unit")


# Which accounts there are, the register knows, and the decision asks it.
def account(value: object) -> str:
    """The code of an account."""
    wanted = "the code of an account"
    if not isinstance(value, str) or _FORBIDDEN.search(value) or len(value) > LONGEST_ACCOUNT:
        raise Wrong(wanted)
    return line(value)


def place(value: object) -> str:
    """Longitude and latitude, in degrees."""
    wanted = "longitude and latitude such as 116.99,36.65"
    place = matching(value, _PLACE, wanted)
    longitude, latitude = (Decimal(part) for part in place.split(","))
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise Wrong(wanted)
    return place


def id_(value: object) -> UUID:
    """An id."""
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise Wrong("an id")
    return UUID(value)


def many(
    value: object, spec: "FieldSpec", read: Callable[[object], object]
) -> tuple[UUID, ...] | tuple[str, ...]:
    """A list, each part read by `read`."""
    if not isinstance(value, list | tuple):
        raise Wrong("a list")
    least, most = spec.min or 1, MOST if spec.max is None else spec.max
    if not least <= len(value) <= most:
        raise Wrong(f"from {least} to {most}")
    read_parts = tuple(read(part) for part in value)
    if len(set(read_parts)) != len(read_parts):
        raise Wrong("each only once")
    return read_parts  # type: ignore[return-value]  # `read` gives one kind
