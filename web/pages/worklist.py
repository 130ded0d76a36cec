"""The list of affairs: what is late and due first."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.actor import Actor
from domain.affair.decide import SOURCES
from domain.clock import local_day
from domain.errors import NotFound
from projections.worklist import Wanted, WorklistRow
from web import places
from web.colleagues import offered
from web.entrance import OfficeOf, Visitor, reach
from web.language import keep_language, language_of
from web.pages.filters import MOST, NAME_LONGEST, Chosen, chips, state_names
from web.pages.frame import LINES, macro, modules_of, render
from web.pages.rows import Sheet, sheet_of
from web.pages.tallies import midnight, tallies_of
from web.ports import Listing, Office
from web.telling import Teller
from web.turns import own_of
from web.words import Words, words_of
from workflows.machine import CompiledLine
from workflows.rights import ASSIGN, VIEW, Scope, scope_of

router = APIRouter(include_in_schema=False)

PAGE = 50
KINDS = ("late", "today", "ok", "stop")
"""The groups of a list, in their order."""
TITLE_LONGEST = 60


@router.get("/")
def worklist(
    request: Request, chosen: Annotated[Chosen, Query()], who: Visitor, office: OfficeOf
) -> Response:
    """Affairs within reach, in groups by deadline. Whoever sees none is led to what they do see."""
    if chosen.address == "/" and scope_of(who.actor, VIEW).prefix is None:
        onward = RedirectResponse(modules_of(who)[0].address, 303)
        keep_language(request, onward)
        return onward
    words, scope = words_of(language_of(request)), reach(who, VIEW)
    assigns = scope_of(who.actor, ASSIGN).prefix is not None
    lines = _lines(office)
    wanted = _wanted(chosen, office, scope, who.actor, lines.values())
    listing = office.worklist(scope, wanted)
    counts = office.counts(scope, who.actor.account, midnight(office.now()), wanted)
    shown = (lines[chosen.line],) if chosen.line in lines else (*lines.values(),)
    states, named = state_names(shown, words), state_names((*lines.values(),), words)
    teller, saved = Teller(office, words, who.actor), office.preferences.filters(who.actor.account)
    people = offered(office, who, words, listing.rows, teller) if assigns and listing.rows else []
    groups = _groups(
        listing.rows, sheet_of(office, lines, words, picks=assigns), office.now(), teller
    )
    return render(
        request,
        "worklist.html",
        who,
        chosen=chosen,
        groups=groups,
        shown=len(listing.rows),
        onward=_onward(chosen, listing),
        tallies=tallies_of(counts),
        registers=scope_of(who.actor, "register_affair").prefix is not None,
        saved=saved,
        current=next((one.name for one in saved if one.address == chosen.address), ""),
        most=MOST,
        name_longest=NAME_LONGEST,
        ruler=_ruler(
            tuple((code, _short(code, lines, words)) for code in _codes(lines)),
            tuple(counts.lines.get(code, 0) if code in lines else None for code in _codes(lines)),
            chosen.without("line"),
            chosen.line,
            words,
        ),
        chips=chips(chosen, teller, words, named),
        state_options=_options(
            tuple(states.items()), chosen.state if chosen.state in states else ""
        ),
        source_options=_sources(chosen.source, words),
        area_options=_places(places.offered(office.organisation, scope, chosen.area), chosen.area),
        weekday=words.weekday(office.now()),
        assigns=assigns,
        people=people,
        command_id=office.new_id(),
    )


class Tick(NamedTuple):
    """A line on the ruler, with how many of the list are its own; no address where there is none
    to look at."""

    code: str
    name: str
    address: str
    number: int | None


def _lines(office: Office) -> dict[str, CompiledLine]:
    return {line.line: line for line in office.lines_in_force(local_day(office.now()))}


def _codes(lines: dict[str, CompiledLine]) -> Iterable[str]:
    return dict.fromkeys((*LINES, *lines))


def _short(code: str, lines: dict[str, CompiledLine], words: Words) -> str:
    return words(f"line.{code}") if code in LINES else words.label(lines[code].spec.names)


def _wanted(
    chosen: Chosen, office: Office, scope: Scope, actor: Actor, lines: Iterable[CompiledLine]
) -> Wanted:
    now = office.now()
    community, area = places.narrowed(office.organisation, scope, chosen.area)
    due, position = chosen.cursor.split(":") if chosen.cursor else ("", "")
    cursor = (int(due), int(position)) if due else None
    if cursor is not None and max(cursor) >= 2**63:
        raise NotFound("page", chosen.cursor)
    return Wanted(
        line=chosen.line,
        state=chosen.state,
        source=chosen.source,
        community=community,
        area=area,
        open={"open": True, "ended": False, "all": None}[chosen.show],
        mine=own_of(actor, tuple(lines), office.organisation, local_day(now))
        if chosen.whose
        else (),
        to_visit=True if chosen.due == "visit" else None,
        due_before=_bound(chosen.due, now),
        due_after=now if chosen.due == "today" else None,
        new=actor.account if chosen.due == "new" else "",
        cursor=cursor,
        limit=PAGE,
    )


# The list asks for deadlines before an instant: a deadline at this very instant is late.
def _bound(due: str, now: datetime) -> datetime | None:
    if due == "late":
        return now + timedelta.resolution
    return midnight(now) + timedelta.resolution if due == "today" else None


def _groups(
    rows: Sequence[WorklistRow], sheet: Sheet, now: datetime, teller: Teller
) -> list[tuple[str, int, Markup]]:
    """What is late and due first: each group's kind, how many rows, their HTML."""
    looks = [sheet.of(row, now, stale=teller.stale(row.affair_id)) for row in rows]
    teller.introduce(one.account for one in looks)
    groups: dict[str, list[str]] = {}
    for row, one in zip(rows, looks, strict=True):
        title = shortened(teller.opened(row.affair_id).field("summary", row.summary))
        name = teller.staff(one.account) if one.account else ""
        html = one.before, escape(title), one.between, escape(name), one.after
        groups.setdefault(one.kind, []).append("".join(html))
    drawn = ((kind, groups[kind]) for kind in KINDS if kind in groups)
    # All of it has been escaped: by the template that drew the rows, or here.
    return [(kind, len(html), Markup("".join(html))) for kind, html in drawn]  # noqa: S704


def shortened(text: str) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LONGEST else f"{line[: TITLE_LONGEST - 1]}…"


# What is drawn the same for everybody with the same list is drawn once.
@lru_cache(maxsize=512)
def _ruler(
    names: tuple[tuple[str, str], ...],
    numbers: tuple[int | None, ...],
    address: str,
    current: str,
    words: Words,
) -> str:
    """The ruler. numbers: of each of the lines, None where it is not in use."""
    onward = f"{address}{'&' if '?' in address else '?'}line="
    ticks = [
        Tick(code, name, "" if number is None else onward + code, number)
        for (code, name), number in zip(names, numbers, strict=True)
    ]
    drawn: str = macro("line_ruler")(words, ticks, current, words("list.by_line"), "true")
    return drawn


@lru_cache(maxsize=64)
def _sources(chosen: str, words: Words) -> str:
    return _options(tuple((one, words(f"source.{one}")) for one in SOURCES), chosen)


@lru_cache(maxsize=256)
def _places(groups: tuple[places.Group, ...], chosen: str) -> str:
    drawn: str = macro("grouped_options")(groups, chosen)
    return drawn


@lru_cache(maxsize=256)
def _options(states: tuple[tuple[str, str], ...], chosen: str) -> str:
    drawn: str = macro("options")(states, chosen)
    return drawn


def _onward(chosen: Chosen, listing: Listing) -> str:
    if listing.next is None:
        return ""
    return chosen.without(cursor=":".join(map(str, listing.next)))
