"""Lines of service, drafted and published: the log holds the whole definition, never a file's
name."""

from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.topics import event


def line_of(code: str) -> UUID:
    """What all versions of a line have in common."""
    return uuid5(NAMESPACE_URL, f"tenlines:line/{code}")


def version_of(code: str, version: str) -> UUID:
    """The stream of one version: a name of its own, so that it cannot be published twice."""
    return uuid5(line_of(code), version)


def draft_of(code: str, version: str) -> UUID:
    """The stream of what was drafted under the name of a version."""
    return uuid5(line_of(code), f"draft/{version}")


@event("line.drafted.v1")
class LineDrafted:
    """A version of a line as policy staff would have it. Nobody is bound by it; one that is
    drafted later under the same name takes its place.

    definition: the line file as canonical JSON, common rules included. note: in one line, what
    is new and why.
    """

    code: str
    version: str
    valid_from: date
    valid_to: date | None
    definition: str
    note: str
    by: str
    occurred_at: datetime


@event("line.published.v1")
class LinePublished:
    """A version of a line is in force from `valid_from` to `valid_to` (inclusive, None open).

    definition: the line file as canonical JSON, common rules included.
    """

    code: str
    version: str
    valid_from: date
    valid_to: date | None
    definition: str
    by: str
    occurred_at: datetime


@event("calendar.imported.v1")
class CalendarImported:
    """The working-day table of a year: days off and days worked that weekdays do not tell.

    holidays: weekdays off. workdays: weekend days worked (调休). source: the notice.
    """

    year: int
    version: str
    holidays: tuple[date, ...]
    workdays: tuple[date, ...]
    source: str
    by: str
    occurred_at: datetime
