"""Who is in: programs by a bearer token, people by a cookie that holds their session's.

The API takes no cookie and the pages no bearer token, so that no other site can act with a
caseworker's cookie on the API.
"""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from domain.actor import Actor
from domain.errors import NoRoleToday, NotAllowed
from web.asked import only_known
from web.ports import Office, SignedIn
from web.rates import Rates
from workflows.rights import Scope, scope_of

BEARER = HTTPBearer(auto_error=False, description="The account's token.")
TOKEN_LONGEST = 200
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def office_of(request: Request) -> Office:
    """The district that this application serves."""
    office: Office = request.app.state.office
    return office


# Asynchronous, like every dependency of a route that writes: others take a thread each.
async def _office(request: Request) -> Office:
    return office_of(request)


async def bearer(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)] = None,
) -> SignedIn:
    """Who calls the API; 401 for nobody."""
    del credentials
    return bearer_of(request)


def bearer_of(request: Request) -> SignedIn:
    """Who calls the API. Raises HTTPException 401 for nobody, 429 for whoever calls too often."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer" and 0 < len(token := token.strip()) <= TOKEN_LONGEST:
        found = office_of(request).porter.caller(token)
    if found is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    _noted(request, found)
    _counted(request, found)
    only_known(request)
    return found


class NotSignedIn(Exception):
    """A person asks for a page without having signed in."""


async def visitor(request: Request) -> SignedIn:
    """Whose page it is. Raises NotSignedIn, which leads to the door, NoRoleToday, HTTPException
    429 for whoever asks too often, RequestValidationError for what the page cannot be asked."""
    found = _visitor(request)
    if found is None:
        raise NotSignedIn
    _counted(request, found)
    only_known(request)
    return found


def signed_in(request: Request) -> SignedIn | None:
    """Who is in, None for nobody, and for somebody without a role today."""
    try:
        return _visitor(request)
    except NoRoleToday:
        return None


def held(request: Request) -> str:
    """The token of the session that the browser holds; empty for none."""
    token = request.cookies.get(cookie_name(request), "")
    return token if len(token) <= TOKEN_LONGEST else ""


# Asked once for each request: what the page shows and what it does are by the same right.
def _visitor(request: Request) -> SignedIn | None:
    known: SignedIn | None = getattr(request.state, "visitor", None)
    if known is None and (token := held(request)):
        known = office_of(request).porter.visitor(token)
        if known is not None:
            request.state.visitor = known
            _noted(request, known)
    return known


# Before anything is looked up: what is refused costs nothing more.
def _counted(request: Request, who: SignedIn) -> None:
    route: str = getattr(request.scope.get("route"), "path", "")
    rates: Rates = request.app.state.rates
    rates.account(who.actor.account, request.method, route)


# The record of requests never holds more than the role; a refusal is told to whom it meets.
def _noted(request: Request, who: SignedIn) -> None:
    request.state.role = who.actor.role.value
    request.state.actor = who.actor


def reader_of(request: Request) -> Actor | None:
    """Who asks, as far as it is known by now; None for nobody."""
    known: Actor | None = getattr(request.state, "actor", None)
    return known


OfficeOf = Annotated[Office, Depends(_office)]
Caller = Annotated[SignedIn, Depends(bearer)]
Visitor = Annotated[SignedIn, Depends(visitor)]


def reach(who: SignedIn, action: str) -> Scope:
    """How far somebody reaches with an action. Raises NotAllowed where it is nowhere at all.

    Asked before anything is looked up, so that a role without the right cannot learn from the
    answer what there is.
    """
    scope = scope_of(who.actor, action)
    if scope.prefix is None:
        raise NotAllowed(action, who.actor.role.value)
    return scope


def reach_any(who: SignedIn, actions: Sequence[str]) -> None:
    """Raises NotAllowed, for the first of them, where somebody reaches nowhere with any."""
    if all(scope_of(who.actor, action).prefix is None for action in actions):
        raise NotAllowed(actions[0], who.actor.role.value)


# --- the cookie --------------------------------------------------------------------------------


def cookie_name(request: Request, what: str = "") -> str:
    """The name binds the cookie to this host where the connection is encrypted."""
    name = f"tenlines-{what}" if what else "tenlines"
    return f"__Host-{name}" if secure(request) else name


def secure(request: Request) -> bool:
    """Whether the connection is encrypted."""
    return request.url.scheme == "https"


def let_in(request: Request, response: Response, token: str, what: str = "") -> None:
    """Have the browser keep the token until it is closed; no script can read it.

    what: empty for a session, half for who still has to show a code.
    """
    response.set_cookie(
        cookie_name(request, what),
        token,
        path="/",
        secure=secure(request),
        httponly=True,
        samesite="strict",
    )


def let_out(request: Request, response: Response, what: str = "") -> None:
    """Have the browser forget it."""
    response.delete_cookie(
        cookie_name(request, what),
        path="/",
        secure=secure(request),
        httponly=True,
        samesite="strict",
    )


def from_elsewhere(request: Request) -> bool:
    """Whether a form was sent by another site's page, or by who does not say from where."""
    if request.method not in UNSAFE:
        return False
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin") or _origin(request.headers.get("referer", ""))
    if not origin:
        return site is None
    return origin != f"{request.url.scheme}://{request.url.netloc}"


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
