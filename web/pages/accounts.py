"""Accounts: who there is and works where today, what one holds and held, what that lets one do and
why, and the forms by which it is changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.account.state import NIL, Grant
from domain.actor import Role
from domain.clock import local_day
from domain.errors import NotFound
from web.account_forms import Deed, may, offered, ways_in
from web.api.texts import storable
from web.entrance import OfficeOf, Visitor
from web.holdings import KEEPERS, held_of, keeper, known_to, standing_of, told_of
from web.language import language_of
from web.pages.account_deeds import Code, draw
from web.pages.frame import render
from web.ports import Office, SignedIn
from web.posted import form_of
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


Kind = Literal["staff", "residents", "idle", "all"]
After = Annotated[str, StringConstraints(max_length=64), AfterValidator(storable)]


class Sought(BaseModel):
    """What the form that looks for accounts sends. text: of a code or a name. after: the code
    where the last page ended."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[
        str,
        StringConstraints(max_length=64, strip_whitespace=True),
        AfterValidator(storable),
    ] = ""
    kind: Kind = "staff"
    after: After = ""


@router.get("/accounts")
def accounts(
    request: Request,
    who: Visitor,
    office: OfficeOf,
    kind: Kind = "staff",
    after: Annotated[After, Query()] = "",
    unit: Annotated[str, Query(max_length=64)] = "",
    do: Annotated[Literal["open"] | None, Query()] = None,
) -> Response:
    """The accounts of a kind, or those that hold a role for a unit."""
    keeper(who)
    if do is not None:
        return draw(request, who, office, do)
    return _listed(request, who, office, Sought(kind=kind, after=after), unit)


# A name is no part of an address: those stand in the journals of all that they pass.
@router.post("/accounts/all/find")
def find(
    request: Request,
    who: Visitor,
    office: OfficeOf,
    sought: Annotated[Sought, Depends(form_of(Sought))],
) -> Response:
    """The accounts whose code or name holds a text; straight to the one of just that code."""
    keeper(who)
    if office.accounts.knows(code := sought.text.casefold()):
        return RedirectResponse(f"/accounts/{quote(code)}", 303)
    if not sought.text:
        return RedirectResponse(f"/accounts?kind={sought.kind}", 303)
    return _listed(request, who, office, sought)


def _listed(
    request: Request, who: SignedIn, office: Office, sought: Sought, unit: str = ""
) -> Response:
    words, today = words_of(language_of(request)), local_day(office.now())
    teller, people = Teller(office, words), office.people
    rows: list[tuple[str, str, bool, Sequence[Grant]]]
    onward = ""
    if unit:
        granted: dict[str, list[Grant]] = {}
        for grant in people.at(unit, today):
            granted.setdefault(grant.account, []).append(grant)
        names = office.accounts.names_of(granted)
        rows = [(code, names[code], False, granted[code]) for code in granted]
    else:
        found, onward = people.listed(sought.kind, today, text=sought.text, after=sought.after)
        held = people.grants_of_each([one.account for one in found], today)
        rows = [(one.account, one.name, one.closed, held[one.account]) for one in found]
    teller.introduce(grant.deputy_for for *_, grants in rows for grant in grants)
    counted = people.counted(today)
    return render(
        request,
        "accounts.html",
        who,
        sought=sought,
        kinds=people.kinds(today),
        unit=unit,
        unit_name=teller.unit_name(unit) if unit else "",
        rows=[
            (code, name, closed, [held_of(grant, teller, words) for grant in grants])
            for code, name, closed, grants in rows
        ],
        onward=onward,
        units=[(code, teller.unit_name(code), counted[code]) for code in sorted(counted) if code],
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
