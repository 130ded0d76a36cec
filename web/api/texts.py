"""Texts of requests: stored exactly as they come, or refused with the name of their field."""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

LONGEST_NOTE = 4_000
LONGEST_NAME = 200
LONGEST_TELEPHONE = 40

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BREAKS = re.compile("[\t\n\r\u2028\u2029]")


def storable(text: str) -> str:
    """The text. Refuses NUL, other control characters and halves of surrogate pairs."""
    if _FORBIDDEN.search(text):
        raise PydanticCustomError("not_storable", "holds a character that cannot be kept")
    return text


def one_line(text: str) -> str:
    """The text, if it is one line."""
    if _BREAKS.search(text):
        raise PydanticCustomError("one_line", "one line, without tabs")
    return text


def written(at: object) -> object:
    """The instant, if it is written as ISO 8601 and not as a number, which may be below 0."""
    if not isinstance(at, str) or not _DAY.match(at):
        raise PydanticCustomError("instant", "a time with its zone")
    return at


def written_day(on: object) -> object:
    """The day, if it is written as one. A bare number would be read as seconds since 1970."""
    if not isinstance(on, str) or not _DAY.fullmatch(on):
        raise PydanticCustomError("date_type", "a date")
    return on


def told_year(at: datetime) -> datetime:
    """The instant, if it lies in a year that anybody here means."""
    if not 1900 <= at.year <= 2100:
        raise PydanticCustomError("year", "a year from 1900 to 2100")
    return at


Note = Annotated[str, StringConstraints(max_length=LONGEST_NOTE), AfterValidator(storable)]
# Bounds stand before the validators: behind them they are no longer those of a text.
Said = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_NOTE), AfterValidator(storable)
]
"""A note that is not empty."""
Line = Annotated[
    str,
    StringConstraints(max_length=LONGEST_NAME),
    AfterValidator(storable),
    AfterValidator(one_line),
]
Telephone = Annotated[
    str,
    StringConstraints(max_length=LONGEST_TELEPHONE),
    AfterValidator(storable),
    AfterValidator(one_line),
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_/.:-]{0,63}$")]
CodeOrNone = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9_/.:-]{0,63})?$")]
Instant = Annotated[AwareDatetime, BeforeValidator(written), AfterValidator(told_year)]
"""With its zone: a naive time is refused, and so is a number."""
Day = Annotated[date, BeforeValidator(written_day)]
