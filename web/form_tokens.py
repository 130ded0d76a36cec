"""What every form carries, so that no other site, session or role can send it.

A form of somebody who is in carries a keyed hash of their session's token and of the grant they
act under; a form at the door one of a cookie that was set with it. Only who holds the cookie can
have drawn the form, and the cookie is not in it.
"""

import hashlib
import hmac
import secrets

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import FormStale
from web.entrance import cookie_name, held, office_of, secure, signed_in
from web.ports import SignedIn

FIELD = "form-token"
"""Its input in a form. A hyphen keeps it apart from the fields of line files."""
BEFORE = "form"
MINUTES = 60
_LABEL = b"tenlines form"


def form_token(request: Request) -> str:
    """What the forms on this page carry. Asked after it is known who is in."""
    who: SignedIn | None = getattr(request.state, "visitor", None)
    grant = who.session.grant.bytes if who else b""
    key = held(request) or _before(request)
    return hmac.new(key.encode(), _LABEL + grant, hashlib.sha256).hexdigest()


def check_form(request: Request, given: str) -> None:
    """Refuse a form that was not drawn for who sends it. Raises FormStale."""
    if not form_fits(request, given):
        who = signed_in(request)
        account = who.actor.account if who else ""
        office_of(request).porter.refused("form refused", "token", account)
        raise FormStale


def form_fits(request: Request, given: str) -> bool:
    """Whether a form was drawn for who sends it: for pages that keep what was typed."""
    # Looks who is in, where no dependency has done so yet.
    signed_in(request)
    kept = held(request) or cookie_name(request, BEFORE) in request.cookies
    expected = form_token(request)
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")) and bool(kept)


def keep_form(request: Request, response: Response) -> None:
    """Have the browser keep the cookie that the forms of this page belong to."""
    response.set_cookie(
        cookie_name(request, BEFORE),
        _before(request),
        max_age=MINUTES * 60,
        path="/",
        secure=secure(request),
        httponly=True,
        samesite="strict",
    )


# One for all pages of the door that are open at once; made when the first is drawn.
def _before(request: Request) -> str:
    made: str = getattr(request.state, "before", "")
    made = made or request.cookies.get(cookie_name(request, BEFORE), "")
    request.state.before = made = made or secrets.token_urlsafe(32)
    return made
