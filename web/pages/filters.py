"""The filters of the inbox: those of the address, and those that a person keeps under a name.

Kept filters are their account's, wherever it comes in. An address that names all it asks for can
be sent to a colleague as it is.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.affair.decide import SOURCES
from domain.clock import local_day
from domain.errors import FieldMissing, Malformed
from domain.written import unseen
from web.api.texts import storable
from web.entrance import OfficeOf, Visitor, reach
from web.language import language_of
from web.pages.frame import LINES, render
from web.places import narrowed
from web.ports import Office, SignedIn
from web.posted import form_of
from web.reasons import sentence
from web.telling import Teller
from web.words import Words, words_of
from workflows.machine import CompiledLine
from workflows.rights import Scope

router = APIRouter(include_in_schema=False)

MOST = 12
NAME_LONGEST = 20
_NUMBER = re.compile(r"(?:\d[ -]?){7}")
"""A telephone or ID number: of the people whose affairs these are, no name of a filter tells."""


def _source(value: str) -> str:
    if value and value not in SOURCES:
        raise ValueError(value)
    return value


_Filter = Annotated[str, StringConstraints(max_length=64), AfterValidator(storable)]


class Chosen(BaseModel):
    """The filters of the address. show: open, ended or all. due: one of the tallies.

    source: how it came in. area: of that area, or of all of a community. whose: mine for what is
    assigned to the reader or waits for them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: _Filter = ""
    state: _Filter = ""
    source: Annotated[str, AfterValidator(_source)] = ""
    area: _Filter = ""
    show: Literal["open", "ended", "all"] = "open"
    due: Literal["", "late", "today", "new", "visit"] = ""
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

    @property
    def address(self) -> str:
        """The address of its first page."""
        return self.without()

    @classmethod
    def of(cls, address: str) -> Self:
        """The filters of an address such as `/?line=CG`. Raises ValueError."""
        path, _, query = address.partition("?")
        if path != "/":
            raise ValueError(address)
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
        if len(dict(pairs)) != len(pairs):
            raise ValueError(address)
        return cls(**dict(pairs))


Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Address = Annotated[str, StringConstraints(max_length=400)]


class Keep(BaseModel):
    """What the form that saves a filter sends. address: of the list as it stands."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    address: Address


class Rename(BaseModel):
    """What the form that renames one sends."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    to: Name


class Drop(BaseModel):
    """What the form that forgets one sends."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Name, AfterValidator(storable)]


@router.get("/filters")
def filters(request: Request, who: Visitor, office: OfficeOf) -> Response:
    """What the account keeps, each to be looked at, called otherwise or forgotten."""
    reach(who, "view_affair")
    return _page(request, office, who)


@router.post("/filters")
async def keep(
    request: Request,
    who: Visitor,
    office: OfficeOf,
    form: Annotated[Keep, Depends(form_of(Keep))],
) -> Response:
    """Keep the filters of an address under a name."""
    scope = reach(who, "view_affair")
    address = await run_in_threadpool(known, office, scope, form.address)

    def kept() -> None:
        office.preferences.keep(who.actor.account, proper(form.name), address)

    return await _done(request, office, who, kept, address, name=form.name, address=address)


@router.post("/filters/rename")
async def rename(
    request: Request,
    who: Visitor,
    office: OfficeOf,
    form: Annotated[Rename, Depends(form_of(Rename))],
) -> Response:
    """Call a filter otherwise."""
    reach(who, "view_affair")

    def renamed() -> None:
        office.preferences.rename(who.actor.account, form.name, proper(form.to))

    return await _done(request, office, who, renamed, "/filters", name=form.to, renamed=form.name)


@router.post("/filters/drop")
async def drop(
    request: Request,
    who: Visitor,
    office: OfficeOf,
    form: Annotated[Drop, Depends(form_of(Drop))],
) -> Response:
    """Forget the filter of that name."""
    reach(who, "view_affair")

    def dropped() -> None:
        office.preferences.drop(who.actor.account, form.name)

    return await _done(request, office, who, dropped, "/filters")


def proper(name: str) -> str:
    """The name, if a filter can be called so. Raises FieldMissing, Malformed."""
    if not name:
        raise FieldMissing("filter", "name")
    if len(name) > NAME_LONGEST:
        raise Malformed("name", f"at most {NAME_LONGEST} characters")
    if wrong := unseen(name):
        raise Malformed("name", wrong)
    if _NUMBER.search(name):
        raise Malformed("name", "holds a number of a person; call it otherwise")
    return name


def known(office: Office, scope: Scope, address: str) -> str:
    """The address of a list, if it asks for what there is: what is kept is made of codes alone.
    Raises Malformed, and NotFound for a place beyond reach."""
    try:
        chosen = Chosen.of(address)
    except ValueError:
        raise Malformed("address", "the address of a list") from None
    lines = office.lines_in_force(local_day(office.now()))
    if chosen.line and chosen.line not in {*LINES, *(line.line for line in lines)}:
        raise Malformed("address", "the address of a list")
    if chosen.state and all(chosen.state not in line.states for line in lines):
        raise Malformed("address", "the address of a list")
    narrowed(office.organisation, scope, chosen.area)
    return chosen.address


@lru_cache(maxsize=256)
def state_names(lines: tuple[CompiledLine, ...], words: Words) -> Mapping[str, str]:
    """The states of these lines by code; what two of them call differently has both names."""
    named: dict[str, dict[str, None]] = {}
    for line in lines:
        for code, label in line.states.items():
            named.setdefault(code, {})[words.label(label)] = None
    return MappingProxyType({code: words.listed(names) for code, names in named.items()})


async def _done(
    request: Request,
    office: Office,
    who: SignedIn,
    deed: Callable[[], None],
    onward: str,
    **typed: str,
) -> Response:
    words = words_of(language_of(request))
    try:
        await run_in_threadpool(deed)
    except FieldMissing:
        wrong = words("form.missing.write", label=words("filters.name"))
    except Malformed as refusal:
        wrong = sentence(refusal.because, words)
    else:
        return RedirectResponse(onward, 303)
    return await run_in_threadpool(_page, request, office, who, 422, wrong=wrong, **typed)


def _page(
    request: Request,
    office: Office,
    who: SignedIn,
    status: int = 200,
    *,
    wrong: str = "",
    name: str = "",
    address: str = "",
    renamed: str = "",
) -> Response:
    words = words_of(language_of(request))
    teller = Teller(office, words)
    states = state_names(tuple(office.lines_in_force(local_day(office.now()))), words)
    rows: list[dict[str, Any]] = [
        {"name": one.name, "address": one.address, "asks": asks(one.address, teller, words, states)}
        for one in office.preferences.filters(who.actor.account)
    ]
    return render(
        request,
        "filters.html",
        who,
        status=status,
        rows=rows,
        most=MOST,
        longest=NAME_LONGEST,
        wrong=wrong,
        typed=name,
        address=address,
        asked=asks(address, teller, words, states) if address else "",
        renamed=renamed,
    )


def asks(address: str, teller: Teller, words: Words, states: Mapping[str, str]) -> str:
    """What a list asks for, in words; all open affairs where that is nothing."""
    try:
        chosen = Chosen.of(address)
    except ValueError:
        return address
    told = [text for text, _ in chips(chosen, teller, words, states)]
    return words.listed(told) if told else words("view.open")


def chips(
    chosen: Chosen, teller: Teller, words: Words, states: Mapping[str, str]
) -> list[tuple[str, str]]:
    """What is chosen, in words, each with the name of its filter."""
    told = (
        ("line", "list.line", chosen.line),
        ("state", "list.state", states.get(chosen.state, chosen.state)),
        ("source", "fact.source", words(f"source.{chosen.source}") if chosen.source else ""),
        ("area", "list.place", teller.unit_name(chosen.area)),
        ("due", "list.due", words(f"filter.{chosen.due}") if chosen.due else ""),
        ("whose", "list.whose", words("list.me") if chosen.whose else ""),
        ("show", "list.shown", words(f"view.{chosen.show}") if chosen.show != "open" else ""),
    )
    return [
        (words("list.pair", key=words(key), value=value), name)
        for name, key, value in told
        if value
    ]
