"""Lines of service."""

from datetime import date
from typing import Any

from web.answers.base import Answer, Name


class Matter(Answer):
    """A kind of request within a line."""

    code: str
    name: Name
    materials: list[Name]


class LineSummary(Answer):
    """A line of service as it is in force."""

    code: str
    version: str
    name: Name
    valid_from: date
    valid_to: date | None
    matters: list[Matter]


class Lines(Answer):
    """The lines in force today."""

    items: list[LineSummary]


class LineDetail(LineSummary):
    """A version of a line; `definition` is all that was published, common rules included."""

    definition: dict[str, Any]
