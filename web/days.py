"""Days and instants as people write them, in either language; a field holds them as HTML has it."""

import re
import unicodedata
from datetime import date, datetime

from domain.clock import SHANGHAI
from web.words import MONTHS

_TIME = r"(?:[T, ]*([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?"
_NUMBERS = re.compile(rf"([0-9]{{4}})[-/.年]([0-9]{{1,2}})[-/.月]([0-9]{{1,2}})日?{_TIME}")
_NAMED = re.compile(rf"([0-9]{{1,2}}) +([A-Za-z]{{3,9}})\.? +([0-9]{{4}}){_TIME}")


def held_day(typed: str) -> str:
    """`2011-07-22` of `2011年7月22日` or `22 July 2011`; itself where it is none."""
    found = _parts(typed)
    return found[0] if found else typed


def held_minute(typed: str) -> str:
    """`2011-07-22T10:05` of `2011年7月22日 10:05` or `22 July 2011, 10:05`; itself where it is
    none."""
    found = _parts(typed)
    return "T".join(found) if found and found[1] else typed


def instant(typed: str) -> str:
    """An instant in Asia/Shanghai as it is sent to a command; itself where it is none."""
    at = minute_of(held_minute(typed))
    return at.isoformat() if at else typed


def day_of(typed: str) -> date | None:
    """The day that a field holds; None where it holds none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def minute_of(typed: str) -> datetime | None:
    """The instant that a field holds, Asia/Shanghai; None where it holds none."""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return at.replace(tzinfo=SHANGHAI) if "T" in typed and at.tzinfo is None else None


def _parts(typed: str) -> tuple[str, str] | None:
    clear = unicodedata.normalize("NFKC", typed).strip()
    if found := _NUMBERS.fullmatch(clear):
        year, month, on, hour, past = found.groups()
    elif (found := _NAMED.fullmatch(clear)) and (name := _month(found.group(2))):
        on, _, year, hour, past = found.groups()
        month = str(name)
    else:
        return None
    return f"{year}-{month:0>2}-{on:0>2}", f"{hour:0>2}:{past}" if hour else ""


def _month(name: str) -> int:
    begun = [at for at, one in enumerate(MONTHS, 1) if one.lower().startswith(name.lower())]
    return begun[0] if len(begun) == 1 else 0
