"""Accounts: who works where today, what one holds and held, what that lets one do and why, and the
forms by which it is changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.account.state import NIL, Grant
from domain.actor import Role
from domain.clock import local_day
from domain.errors import NotFound
from web.account_forms import Deed, may, offered, ways_in
from web.entrance import OfficeOf, Visitor
from web.holdings import KEEPERS, held_of, keeper, known_to, standing_of, told_of
from web.language import language_of
from web.pages.account_deeds import Code, draw
from web.pages.frame import render
from web.telling import Teller
from web.words import Words, words_of
from workflows.allowed import Reach, allowed, lacking
from workflows.rights import NOWHERE, notes, scope_of

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A right that is told, and why: by which role, how far, for which lines, until when.

    note: what the reach alone does not say."""

    name: str
    why: tuple[str, ...]
    note: str


@router.get("/accounts")
def accounts(
    request: Request,
    who: Visitor,
    office: OfficeOf,
    unit: Annotated[str, Query(max_length=64)] = "",
    code: Annotated[str, Query(max_length=64)] = "",
    do: Annotated[Literal["open"] | None, Query()] = None,
) -> Response:
    """The units with how many work there; of one unit, who. code: of an account to go to."""
    keeper(who)
    if do is not None:
        return draw(request, who, office, do)
    if (code := code.strip().casefold()) and office.accounts.knows(code):
        return RedirectResponse(f"/accounts/{quote(code)}", 303)
    words, today = words_of(language_of(request)), local_day(office.now())
    teller = Teller(office, words)
    counted = office.people.counted(today)
    units = [
        (code, teller.unit_name(code) if code else words("acc.residents"), counted[code])
        for code in sorted(counted)
    ]
    people = [
        (grant.account, office.people.name_of(grant.account), held_of(grant, teller, words))
        for grant in office.people.at(unit, today)
    ]
    return render(
        request,
        "accounts.html",
        who,
        units=units,
        unit=unit,
        unit_name=teller.unit_name(unit) if unit else "",
        people=people,
        idle=[] if unit else office.people.idle(today),
        code=code,
        opens=may(who, "open"),
    )


@router.get("/accounts/{account}")
def account(
    account: Code,
    request: Request,
    who: Visitor,
    office: OfficeOf,
    do: Annotated[Deed | None, Query()] = None,
    role: Annotated[Role | None, Query()] = None,
    grant: Annotated[UUID, Query()] = NIL,
    done: Annotated[Deed | None, Query()] = None,
) -> Response:
    """What an account holds and held. do: the form of a deed. done: what was done just now."""
    known = known_to(office, who, account)
    if do == "open":
        raise NotFound("form", do)
    if do is not None:
        return draw(request, who, office, do, account, role, grant)
    words = words_of(language_of(request))
    teller = Teller(office, words)
    own = account in who.actor.accounts
    takes = may(who, "withdraw") and not own
    today = local_day(office.now())
    return render(
        request,
        "account.html",
        who,
        known=known,
        held=[
            told_of(row, teller, words, standing_of(row, known, today), takes=takes)
            for row in reversed(known.grants)
        ],
        deeds=offered(who, known),
        ways=words.listed(words(f"acc.way.{kind}") for kind in ways_in(known)),
        own=own,
        keeps=any(scope_of(who.actor, right) != NOWHERE for right in KEEPERS),
        done=done or "",
    )


@router.get("/accounts/{account}/rights")
def rights(account: Code, request: Request, who: Visitor, office: OfficeOf) -> Response:
    """What the account may do today, and why; and what it may not, and who may."""
    known = known_to(office, who, account)
    words = words_of(language_of(request))
    teller = Teller(office, words)
    grants = office.people.grants(account, local_day(office.now()))
    return render(
        request,
        "account_rights.html",
        who,
        known=known,
        rights=_rights(grants, teller, words),
        lacking=[
            (
                words(f"right.{one.right}"),
                words("list.comma").join(words(f"role.{role}") for role in one.held_by),
            )
            for one in lacking(grants)
        ],
    )


def _rights(grants: Sequence[Grant], teller: Teller, words: Words) -> list[Right]:
    told: dict[str, list[str]] = {}
    for one in allowed(grants):
        held = held_of(one.grant, teller, words)
        parts = [
            " ".join(filter(None, (held.role, held.unit))),
            words(f"reach.{one.reach.value}", place=teller.unit_name(one.where)),
        ]
        if one.lines:
            parts.append(words("acc.lines", lines=words("list.comma").join(one.lines)))
        if one.reach is not Reach.NOWHERE and held.deputy_for:
            parts.append(words("acc.deputy", name=held.deputy_for))
        if held.until:
            parts.append(words("acc.until", day=held.until))
        told.setdefault(one.right, []).append(words("list.semicolon").join(parts))
    return [
        Right(
            name=words(f"right.{right}"),
            why=tuple(why),
            note=words.label(notes()[right]) if right in notes() else "",
        )
        for right, why in told.items()
    ]
