"""Rows of a list as they are drawn, kept while all that they are drawn from stays the same.

Most of a list looks as it did a minute ago. Titles and names are personal: no row keeps them.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from domain.clock import local_day
from domain.ports import Calendar
from projections.worklist import WorklistRow
from web.deadlines import Deadline, Watch
from web.pages.frame import macro
from web.ports import Office
from web.turns import joint_of, waits_for
from web.words import Words
from workflows.machine import CompiledLine
from workflows.organisation import Organisation

PERSONAL = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in a row that is kept for its title, and for the name of whose turn it is."""
SHEETS, KEPT = 16, 1_024
"""So many sheets are kept, and so many rows of each."""


class Item(NamedTuple):
    """A row as it is shown, but for its title. who: whose turn it is in the unit.
    joint: the units that lend a hand."""

    number: str
    line: str
    matter: str
    place: str
    registered: str
    source: str
    state: str
    tag: str
    unit: str
    who: str
    joint: str
    deadline: Deadline
    to_visit: bool
    stale: bool


class Drawn(NamedTuple):
    """A row's HTML before its title, between that and the name, and after it.

    kind: its group in the list. account: whose name is told there; empty for nobody's.
    """

    kind: str
    before: str
    between: str
    after: str
    account: str


class Sheet:
    """Rows of one day in one language, by the organisation, calendar and lines of the moment."""

    def __init__(
        self,
        organisation: Organisation,
        calendar: Calendar,
        lines: Mapping[str, CompiledLine],
        words: Words,
        picks: bool,
    ) -> None:
        self._organisation, self._calendar, self._lines = organisation, calendar, lines
        self._words, self._picks = words, picks
        self._kept: dict[tuple[int, bool, bool], tuple[WorklistRow, Drawn]] = {}

    def of(self, row: WorklistRow, now: datetime, *, stale: bool) -> Drawn:
        """How a row looks now. The day of `now` is the sheet's."""
        # Of what time tells within a day, only whether the deadline is past is seen.
        late = row.due_at is not None and row.due_at <= now
        # By the very row, which is kept beside: to compare all of two takes as long as to draw.
        key = id(row), late, stale
        known = self._kept.get(key)
        if known is None:
            if len(self._kept) >= KEPT:
                self._kept = {}
            known = self._kept[key] = (row, self._drawn(row, now, stale))
        return known[1]

    def _drawn(self, row: WorklistRow, now: datetime, stale: bool) -> Drawn:
        words, line = self._words, self._lines.get(row.line)
        deadline = Watch(now, self._calendar, words).of_row(row, line)
        turn = waits_for(row, line, self._organisation)
        matter = line.spec.matters.get(row.matter) if line else None
        item = Item(
            number=row.number,
            line=row.line,
            matter=f"{row.matter} {words.label(matter)}" if matter else row.matter,
            place=self._organisation.name_of(row.area or row.community),
            registered=words.moment(row.registered_at),
            source=words(f"source.{row.source}"),
            state=words.label(line.states[row.state])
            if line and row.state in line.states
            else row.state,
            tag=tag_of(row, deadline),
            unit=turn.where(self._organisation, words),
            who=PERSONAL if turn.account else turn.whose(words),
            joint=joint_of(turn, self._organisation, words),
            deadline=deadline,
            to_visit=row.to_visit,
            stale=stale,
        )
        html = str(macro("affair_row")(words, item, PERSONAL, self._picks))
        before, _, rest = html.partition(PERSONAL)
        if not turn.account:
            return Drawn(deadline.kind, before, rest, "", "")
        between, _, after = rest.rpartition(PERSONAL)
        return Drawn(deadline.kind, before, between, after, turn.account)


def tag_of(row: WorklistRow, deadline: Deadline) -> str:
    """The mark of a state: its shape and colour, never without its word."""
    if row.suspended:
        return "hold"
    if not row.open or row.state == "resolved":
        return "done"
    return {"late": "late", "today": "warn"}.get(deadline.kind, "todo")


def sheet_of(
    office: Office, lines: Mapping[str, CompiledLine], words: Words, *, picks: bool
) -> Sheet:
    """The sheet of the moment."""
    return _sheet(
        _Same(office.organisation),
        _Same(office.calendar),
        _Same(*lines.values()),
        local_day(office.now()),
        words,
        picks,
    )


class _Same:
    """Some things that are replaced as a whole, never changed: equal where they are the same."""

    def __init__(self, *things: Any) -> None:
        self.things = things

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.things)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Same) or len(self.things) != len(other.things):
            return False
        return all(mine is theirs for mine, theirs in zip(self.things, other.things, strict=True))


@lru_cache(maxsize=SHEETS)
def _sheet(
    organisation: _Same, calendar: _Same, lines: _Same, day: date, words: Words, picks: bool
) -> Sheet:
    del day
    return Sheet(
        organisation.things[0],
        calendar.things[0],
        {line.line: line for line in lines.things},
        words,
        picks,
    )
