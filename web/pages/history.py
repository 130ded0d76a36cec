"""How an affair stood at a moment, as far as it was known at another: event by event, with what
each one changed. The state is the page's own row, folded from the log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from domain.actor import Role
from domain.clock import SHANGHAI
from domain.errors import NotFound
from projections.affair_page import AffairPageRow
from web.days import held_minute
from web.entrance import OfficeOf, Visitor
from web.inside import Life, row_of, shown, told
from web.pages.axes import Axes, axes_of
from web.pages.case import Case, Key, case_of, show
from web.pages.facts import facts_of
from web.ports import Unread
from web.reveal import looks
from web.words import Words
from workflows.machine import CompiledLine

router = APIRouter(include_in_schema=False)

YEARS = range(1900, 2101)

COMPARED = (
    "state", "due", "lead", "assignee", "level", "referral", "joint", "suspended", "applicant",
    "telephone", "address", "matter", "area", "registered", "accepted", "resolved", "closed",
    "archived", "visits", "rating", "supervision", "reworks", "reopened", "version",
)  # fmt: skip
"""What of an affair is compared from one event to the next, in this order."""


class Asked(BaseModel):
    """The moments of the address, as the fields of the form give them, and the record."""

    model_config = ConfigDict(extra="forbid")

    as_of: Annotated[str, Field(max_length=40)] = ""
    as_known_at: Annotated[str, Field(max_length=40)] = ""
    v: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the comparison."""

    name: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether the record changed it."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Replay:
    """What had happened by then, as a reader is told of it. whole: with what they are not told,
    for the state. at: the record looked at, its place in `seen`."""

    seen: Life
    whole: Life
    at: int
    line: CompiledLine
    reader: Role

    @property
    def known(self) -> bool:
        """Whether every record up to there can be read."""
        return not any(isinstance(seen, Unread) for seen in self.seen[: self.at + 1])

    def row(self, at: int) -> AffairPageRow | None:
        """The row of the affair's page after the record in that place; none before the first."""
        if at < 0:
            return None
        by_then = [one for one in self.whole if one.version <= self.seen[at].version]
        row = row_of(by_then)
        return row and told(row, by_then, self.line, self.reader)


@router.get("/affairs/{affair}/history")
def history(
    affair: Key, asked: Annotated[Asked, Query()], request: Request, who: Visitor, office: OfficeOf
) -> Response:
    """The affair as of and as known at a moment, by its records one after another."""
    case = case_of(request, who, office, affair)
    moments, errors = _moments(asked, case.words)
    whole = case.whole
    if any(moments.values()) and not errors:
        whole = office.life(case.row.affair_id, moments["as_of"], moments["as_known_at"])
    replay = _at(case, whole, asked.v)
    base = {key: value for key in ("as_of", "as_known_at") if (value := getattr(asked, key))}
    return show(
        request,
        case,
        "history",
        status=422 if errors else 200,
        asked=asked,
        errors=errors,
        looks=looks(office, case.teller, case.words, case.row, case.line),
        link=lambda version: f"?{urlencode({**base, 'v': version})}",
        **(_shown(case, replay) if replay else {"replay": None}),
    )


def _moments(asked: Asked, words: Words) -> tuple[dict[str, datetime | None], dict[str, str]]:
    moments: dict[str, datetime | None] = {"as_of": None, "as_known_at": None}
    errors: dict[str, str] = {}
    for name in moments:
        text = getattr(asked, name).strip()
        try:
            moments[name] = _instant(text) if text else None
        except ValueError:
            errors[name] = words("history.wrong")
    return moments, errors


# As `datetime-local` gives it, and as the API does.
def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(held_minute(text))
    if at.year not in YEARS:
        raise ValueError(text)
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def _at(case: Case, whole: Life, version: int | None) -> Replay | None:
    line, reader = case.line, case.who.actor.role
    seen = shown(whole, line, reader)
    if not seen:
        return None
    places = {one.version: at for at, one in enumerate(seen)}
    at = len(seen) - 1 if version is None else places.get(version)
    if at is None:
        raise NotFound("record", version)
    return Replay(seen, whole, at, line, reader)


def _shown(case: Case, replay: Replay) -> dict[str, object]:
    storyteller = case.storyteller()
    here = replay.seen[replay.at]
    before, after = replay.row(replay.at - 1), replay.row(replay.at)
    moments = [storyteller.moment(seen) for seen in replay.seen]
    facts = [_compared(case, row) for row in (before, after)]
    lines = [
        Line(case.words(f"fact.{key}"), facts[0].get(key, ""), facts[1].get(key, ""))
        for key in COMPARED
        if facts[0].get(key) or facts[1].get(key)
    ]
    axes: Axes = axes_of(replay.seen, moments, replay.at, case.words)
    return {
        "replay": replay,
        "moments": moments,
        "here": here,
        "moment": moments[replay.at],
        "recorded": case.words.moment(here.recorded_at),
        "lines": lines,
        "changes": sum(line.changed for line in lines),
        "before": replay.seen[replay.at - 1].version if replay.at else 0,
        "axes": axes,
        "then": facts[1].get("state", ""),
    }


def _compared(case: Case, row: AffairPageRow | None) -> dict[str, str]:
    if row is None:
        return {}
    words, line = case.words, case.office.line_version(row.line, row.line_version)
    due = case.watch.of_row(row, line)
    done = [case.teller.unit_name(task.unit) for task in row.joint if task.done]
    hand = [case.teller.unit_name(task.unit) for task in row.joint if not task.done]
    joint = [
        words("list.pair", key=words(key), value=words.listed(units))
        for key, units in (("fact.joint.open", hand), ("fact.joint.done", done))
        if units
    ]
    return {
        **facts_of(row, case.teller, words, case.opened),
        "state": words.label(line.states[row.state]),
        "due": " ".join((due.name, due.until)) if row.due_at else "",
        "joint": words("list.semicolon").join(joint),
        "suspended": words("yes") if row.suspended else words("no"),
        "matter": f"{row.matter} {words.label(line.matter(row.matter))}",
        "visits": words.counted("times", row.visits) if row.visits else "",
    }
