"""The list of affairs: what is late and due first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from domain.clock import SHANGHAI, local_day
from domain.errors import NotFound
from projections.worklist import WorklistRow
from web.api.texts import storable
from web.deadlines import Deadline, Watch
from web.entrance import OfficeOf, Visitor, reach
from web.language import language_of
from web.pages.frame import LINES, render
from web.ports import Asked, Listing, Office
from web.telling import Teller
from web.turns import Turn, turn_of
from web.words import Words, words_of
from workflows.machine import CompiledLine
from workflows.organisation import Organisation
from workflows.rights import Scope

router = APIRouter(include_in_schema=False)

PAGE = 50
COUNTED = 200
"""So many rows are looked at for a tally; above it stands «200+»."""
TITLE_LONGEST = 60

_Filter = Annotated[str, StringConstraints(max_length=64), AfterValidator(storable)]


class Chosen(BaseModel):
    """The filters of the address. show: open, ended or all. due: late, today or any.

    whose: mine for what is assigned to the reader.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: _Filter = ""
    state: _Filter = ""
    show: Literal["open", "ended", "all"] = "open"
    due: Literal["", "late", "today", "visit"] = ""
    whose: Literal["", "mine"] = ""
    cursor: Annotated[str, StringConstraints(max_length=42, pattern=r"^(\d{1,19}:\d{1,19})?$")] = ""
    lang: _Filter = ""

    def without(self, *names: str, **changes: str) -> str:
        """The address with some filters gone or changed; always from the first page."""
        kept = {**self.model_dump(exclude_defaults=True), **changes}
        for name in (*names, "cursor", "lang"):
            if name not in changes:
                kept.pop(name, None)
        return f"/?{urlencode(kept)}" if kept else "/"


@dataclass(frozen=True, slots=True)
class Item:
    """A row as it is shown."""

    number: str
    line: str
    title: str
    matter: str
    place: str
    registered: str
    state: str
    tag: str
    turn: Turn
    deadline: Deadline
    to_visit: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many, and where they are shown. more: there are more than were counted."""

    key: str
    count: int
    more: bool
    address: str


@router.get("/")
def worklist(
    request: Request, chosen: Annotated[Chosen, Query()], who: Visitor, office: OfficeOf
) -> Response:
    """Affairs within reach, in groups by deadline."""
    words, scope = words_of(language_of(request)), reach(who, "view_affair")
    lines = _lines(office)
    watch = Watch(office.now(), office.calendar, words)
    listing = office.worklist(scope, _asked(chosen, office.now(), who.actor.account))
    teller = Teller(office, words)
    items = [
        _item(row, lines.get(row.line), office.organisation, watch, teller) for row in listing.rows
    ]
    return render(
        request,
        "worklist.html",
        who,
        chosen=chosen,
        groups=list(_groups(items)),
        shown=len(items),
        onward=_onward(chosen, listing),
        tallies=_tallies(office, scope, chosen, watch),
        ruler=[(code, _short(code, lines, words), code in lines) for code in _codes(lines)],
        states=_states(lines, words),
        weekday=words.weekday(office.now()),
    )


def _lines(office: Office) -> dict[str, CompiledLine]:
    return {line.line: line for line in office.lines_in_force(local_day(office.now()))}


def _codes(lines: dict[str, CompiledLine]) -> Iterable[str]:
    return dict.fromkeys((*LINES, *lines))


def _short(code: str, lines: dict[str, CompiledLine], words: Words) -> str:
    return words(f"line.{code}") if code in LINES else words.label(lines[code].spec.names)


def _states(lines: dict[str, CompiledLine], words: Words) -> dict[str, str]:
    return {
        code: words.label(label) for line in lines.values() for code, label in line.states.items()
    }


def _asked(chosen: Chosen, now: datetime, account: str) -> Asked:
    due, position = chosen.cursor.split(":") if chosen.cursor else ("", "")
    cursor = (int(due), int(position)) if due else None
    if cursor is not None and max(cursor) >= 2**63:
        raise NotFound("page", chosen.cursor)
    return Asked(
        line=chosen.line,
        state=chosen.state,
        open={"open": True, "ended": False, "all": None}[chosen.show],
        assignee=account if chosen.whose else "",
        to_visit=True if chosen.due == "visit" else None,
        due_before=_bound(chosen.due, now),
        cursor=cursor,
        limit=PAGE,
    )


# The list asks for deadlines before an instant: a deadline at this very instant is late.
def _bound(due: str, now: datetime) -> datetime | None:
    if due == "late":
        return now + timedelta.resolution
    return midnight(now) + timedelta.resolution if due == "today" else None


def midnight(now: datetime) -> datetime:
    """The end of today, Asia/Shanghai."""
    return datetime.combine(local_day(now) + timedelta(days=1), time(), SHANGHAI)


def _item(
    row: WorklistRow,
    line: CompiledLine | None,
    organisation: Organisation,
    watch: Watch,
    teller: Teller,
) -> Item:
    words, deadline = watch.words, watch.of_row(row, line)
    summary = teller.opened(row.affair_id).field("summary", row.summary)
    known = line.spec.matters.get(row.matter) if line else None
    return Item(
        number=row.number,
        line=row.line,
        title=shortened(summary),
        matter=f"{row.matter} {words.label(known)}" if known else row.matter,
        place=teller.unit_name(row.area or row.community),
        registered=words.moment(row.registered_at),
        state=words.label(line.states[row.state])
        if line and row.state in line.states
        else row.state,
        tag=tag_of(row, deadline),
        turn=turn_of(row, line, organisation, teller, words),
        deadline=deadline,
        to_visit=row.to_visit,
    )


def shortened(text: str) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LONGEST else f"{line[: TITLE_LONGEST - 1]}…"


def tag_of(row: WorklistRow, deadline: Deadline) -> str:
    """The mark of a state: its shape and colour, never without its word."""
    if row.suspended:
        return "hold"
    if not row.open or row.state == "resolved":
        return "done"
    return {"late": "late", "today": "warn"}.get(deadline.kind, "todo")


def _groups(items: Sequence[Item]) -> Iterable[tuple[str, list[Item]]]:
    for kind in ("late", "today", "ok", "stop"):
        found = [item for item in items if item.deadline.kind == kind]
        if found:
            yield kind, found


def _tallies(office: Office, scope: Scope, chosen: Chosen, watch: Watch) -> list[Tally]:
    base = Asked(line=chosen.line, limit=COUNTED)
    due = office.worklist(scope, _with(base, due_before=_bound("today", watch.now)))
    kinds = [watch.of_row(row, None).kind for row in due.rows]
    visits = office.worklist(scope, _with(base, to_visit=True))
    more = due.next is not None
    return [
        Tally("late", kinds.count("late"), more, chosen.without("state", "show", due="late")),
        Tally("today", kinds.count("today"), more, chosen.without("state", "show", due="today")),
        Tally(
            "visit",
            len(visits.rows),
            visits.next is not None,
            chosen.without("state", "show", due="visit"),
        ),
    ]


def _with(
    asked: Asked, *, due_before: datetime | None = None, to_visit: bool | None = None
) -> Asked:
    return Asked(line=asked.line, limit=asked.limit, due_before=due_before, to_visit=to_visit)


def _onward(chosen: Chosen, listing: Listing) -> str:
    if listing.next is None:
        return ""
    return chosen.without(cursor=":".join(map(str, listing.next)))
