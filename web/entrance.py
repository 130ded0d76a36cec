"""Who comes in: programs by a bearer token, people by a cookie that holds theirs.

The API takes no cookie and the pages no bearer token, so that no other site can act with a
caseworker's cookie on the API.
"""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import NotAllowed
from web.ports import Office, SignedIn
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
    """Who calls the API. Raises HTTPException 401 for nobody."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    found = _known(request, token.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return found


class NotSignedIn(Exception):
    """A person asks for a page without having signed in."""


async def visitor(request: Request) -> SignedIn:
    """Whose page it is. Raises NotSignedIn, which leads to the door."""
    found = signed_in(request)
    if found is None:
        raise NotSignedIn
    return found


def signed_in(request: Request) -> SignedIn | None:
    """Who has signed in, None for nobody."""
    return _known(request, request.cookies.get(cookie_name(request), ""))


def _known(request: Request, token: str) -> SignedIn | None:
    if not token or len(token) > TOKEN_LONGEST:
        return None
    found = office_of(request).accounts.by_token(token)
    if found is not None:
        # For the record of requests, which never holds more than the role.
        request.state.role = found.actor.role.value
    return found


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


# --- the cookie --------------------------------------------------------------------------------


def cookie_name(request: Request) -> str:
    """The name binds the cookie to this host where the connection is encrypted."""
    return "__Host-tenlines" if request.url.scheme == "https" else "tenlines"


def let_in(request: Request, response: Response, token: str) -> None:
    """Have the browser keep the token until it is closed; no script can read it."""
    response.set_cookie(
        cookie_name(request),
        token,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def let_out(request: Request, response: Response) -> None:
    """Have the browser forget it."""
    response.delete_cookie(
        cookie_name(request),
        path="/",
        secure=request.url.scheme == "https",
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
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
