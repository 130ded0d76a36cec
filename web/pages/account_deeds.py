"""The forms by which an account is changed: drawn, sent, and drawn again with what is wrong."""

from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.account.state import NIL
from domain.actor import Role
from domain.clock import local_day
from domain.errors import CommandReused, NotAllowed, NotForOneself, NotFound, Refusal
from web.account_forms import AT_THE_DOOR, ROLES, Deal, Deed, check, deal_of, ways_in
from web.entrance import OfficeOf, Visitor
from web.holdings import known_to, told_of
from web.language import language_of
from web.pages.frame import LINES, render
from web.ports import Office, SignedIn
from web.posted import COMMAND, TOKEN, posted
from web.refusals import kind_of
from web.telling import Teller
from web.words import Words, words_of

router = APIRouter(include_in_schema=False)

Code = Annotated[str, Path(max_length=64)]


@router.post("/accounts")
async def open_one(
    request: Request, who: Visitor, office: OfficeOf, do: Annotated[Literal["open"], Query()]
) -> Response:
    """Make an account, and tell the link by which its holder comes in first."""
    return await _act(request, who, office, do)


@router.post("/accounts/{account}")
async def act(
    account: Code,
    request: Request,
    who: Visitor,
    office: OfficeOf,
    do: Annotated[Deed, Query()],
    role: Annotated[Role | None, Query()] = None,
    grant: Annotated[UUID, Query()] = NIL,
) -> Response:
    """Do something about an account. A form that is wrong comes back with its input."""
    if do == "open" or (do == "grant" and role not in ROLES):
        raise NotFound("form", do)
    await run_in_threadpool(known_to, office, who, account)
    return await _act(request, who, office, do, account, role, grant)


async def _act(
    request: Request,
    who: SignedIn,
    office: Office,
    deed: Deed,
    account: str = "",
    role: Role | None = None,
    grant: UUID = NIL,
) -> Response:
    check(who, deed, account)
    sent, words = await posted(request), words_of(language_of(request))
    deal = await run_in_threadpool(_deal, office, words, deed, account, role, grant)
    deal.form.check(sent, {TOKEN, COMMAND})
    command_id = sent.id(COMMAND)
    told = deal.read(sent)
    try:
        if deal.form.errors:
            status = 422
        elif deed in AT_THE_DOOR:
            return await run_in_threadpool(_at_the_door, request, who, office, deal)
        else:
            command = deal.command(told, command_id, who.actor, office.now())
            await office.run(command)
            return await run_in_threadpool(_done, request, who, office, deal, command.account)
    except (NotFound, NotAllowed, NotForOneself):
        raise
    except CommandReused as refusal:
        # Sent twice: the first stands. An account that is not there was not opened by it.
        opened = account or str(told["account"]).strip()
        if await run_in_threadpool(office.accounts.knows, opened):
            return await run_in_threadpool(_done, request, who, office, deal, opened)
        deal.put(refusal)
        status = kind_of(type(refusal)).status
    except Refusal as refusal:
        deal.put(refusal)
        status = kind_of(type(refusal)).status
    return await run_in_threadpool(_form, request, who, office, deal, command_id, status)


def _deal(
    office: Office, words: Words, deed: Deed, account: str, role: Role | None, grant: UUID
) -> Deal:
    return deal_of(office, words, deed, account, role=role, grant=grant, lines=LINES)


# An account that was just opened is invited at once; asked twice, the later link is the good one.
def _done(request: Request, who: SignedIn, office: Office, deal: Deal, account: str) -> Response:
    if deal.deed == "open":
        return _invited(request, who, office, account)
    return RedirectResponse(f"/accounts/{account}?done={deal.deed}", 303)


def _at_the_door(request: Request, who: SignedIn, office: Office, deal: Deal) -> Response:
    if deal.deed == "invite":
        return _invited(request, who, office, deal.account)
    office.porter.reset(deal.account, who.actor)
    return RedirectResponse(f"/accounts/{deal.account}?done={deal.deed}", 303)


def _invited(request: Request, who: SignedIn, office: Office, account: str) -> Response:
    token = office.porter.invite(account, who.actor)
    return render(
        request,
        "account_invited.html",
        who,
        account=account,
        name=office.people.name_of(account),
        link=f"{request.url.scheme}://{request.url.netloc}/invitation/{token}",
    )


def draw(
    request: Request,
    who: SignedIn,
    office: Office,
    deed: Deed,
    account: str = "",
    role: Role | None = None,
    grant: UUID = NIL,
) -> Response:
    """The form of a deed; for a grant, which role it is comes first."""
    check(who, deed, account)
    words = words_of(language_of(request))
    deal = _deal(office, words, deed, account, role if role in ROLES else None, grant)
    return _form(request, who, office, deal, office.new_id())


def _form(
    request: Request,
    who: SignedIn,
    office: Office,
    deal: Deal,
    command_id: UUID,
    status: int = 200,
) -> Response:
    words = deal.words
    teller = Teller(office, words)
    known = office.people.known(deal.account, local_day(office.now()))
    taken = [row for row in known.grants if row.grant == deal.grant] if known else []
    if deal.deed == "withdraw" and (known is None or deal.grant not in known.held):
        raise NotFound("grant", deal.grant)
    asked: dict[str, str] = {"do": deal.deed}
    if deal.role is not None:
        asked["role"] = deal.role.value
    if deal.grant != NIL:
        asked["grant"] = str(deal.grant)
    return render(
        request,
        "account_form.html",
        who,
        status=status,
        deed=deal.deed,
        back=f"/accounts/{deal.account}" if deal.account else "/accounts",
        action=f"?{urlencode(asked)}",
        known=known,
        form=deal.form,
        hidden={COMMAND: command_id},
        role_name=words(f"role.{deal.role.value}") if deal.role else "",
        roles=[
            (role.value, words(f"role.{role.value}"), words(f"acc.place.{role.value}"))
            for role in ROLES
        ]
        if deal.deed == "grant" and deal.role is None
        else [],
        nobody=deal.deed == "deputy" and not deal.principals,
        taken=[told_of(row, teller, words) for row in taken],
        ways=words.listed(words(f"acc.way.{kind}") for kind in ways_in(known)) if known else "",
    )
