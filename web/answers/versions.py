"""Drafts and versions of lines: what differs, what if, and running affairs that are moved."""

from datetime import date, datetime

from web.answers.base import Answer, Person
from web.answers.receipts import Stored


class LineDraft(Answer):
    """A draft as it stands. `draft`: how often it was drafted, which a publication names."""

    code: str
    version: str
    draft: int
    valid_from: date
    valid_to: date | None
    note: str
    by: Person
    occurred_at: datetime


class LineDrafts(Answer):
    """What is drafted and not published."""

    items: list[LineDraft]


class LineStored(Stored):
    """The receipt of a draft, or of a publication. `version` is that of the stream: of a draft,
    its number. `covers`: the published versions before which this one counts, on the days that
    both cover."""

    line: str
    line_version: str
    covers: list[str]


class Difference(Answer):
    """One thing that is otherwise, in words; `was` and `now` are empty where nothing is."""

    group: str
    change: str
    what: str
    part: str
    was: str
    now: str
    law: str


class Differences(Answer):
    """What one version says differently from another."""

    code: str
    old: str
    new: str
    items: list[Difference]


class MovedDeadline(Answer):
    """A deadline that would be another; null where the clock would not run, or did not."""

    clock: str
    was: datetime | None
    would_be: datetime | None


class ClosedStep(Answer):
    """A step or an entry that would not have been open. `version`: of the affair's event."""

    version: int
    name: str
    at: datetime
    because: str


class TriedAffair(Answer):
    """An affair under a draft, in which something would be otherwise, or that cannot be read."""

    number: str
    unreadable: bool
    moved: list[MovedDeadline]
    closed: list[ClosedStep]
    was_late: bool
    would_be_late: bool


class LineTrial(Answer):
    """A trial. `registered` on these days, of which the latest were `tried`; of the affairs those
    that the asker may view."""

    code: str
    version: str
    registered: int
    tried: int
    unreadable: int
    differ: int
    were_late: int
    would_be_late: int
    closed_steps: int
    affairs: list[TriedAffair]


class MovedAffair(Answer):
    """A running affair. `because`: why it cannot move; empty where it can."""

    number: str
    from_version: str
    moved: list[MovedDeadline]
    because: str


class LineMigration(Answer):
    """Running affairs that would be, or were, moved. `left`: how many are to be asked for again."""

    code: str
    version: str
    move: int
    stay: int
    left: int
    affairs: list[MovedAffair]
