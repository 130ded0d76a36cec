"""Coming in by an identity provider: there, back, and one press to go on.

The cookie of the way is Lax, so that it comes along when the provider sends the browser back; the
session's is Strict and does not. So the page that is returned to shows a button: what it sends
comes from here, with every cookie.
"""

from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.errors import SignInRefused
from web.asked import FORM_ONCE, ONCE, ONLY_KNOWN
from web.entrance import OfficeOf, Visitor, cookie_name, held, let_in, let_out, secure
from web.form_tokens import check_form
from web.onward import by_way_of, local
from web.pages.door import HALF, Checked, Onward, inside, refused_page
from web.pages.frame import render

router = APIRouter(include_in_schema=False, dependencies=[FORM_ONCE])

WAY = "way"
MINUTES = 10
Text = Annotated[str, Query(max_length=2000)]


class Back(BaseModel):
    """What the page sends that the provider leads back to. Its state is the form's token."""

    model_config = ConfigDict(extra="forbid")

    state: Annotated[str, Field(max_length=2000)] = ""
    code: Annotated[str, Field(max_length=2000)] = ""


@router.get("/signin/with", dependencies=[ONLY_KNOWN])
def leave(request: Request, office: OfficeOf, onward: Onward = "/") -> Response:
    """To the provider, and from there on to a page of ours."""
    try:
        token, address = office.porter.leave(_back(request))
    except SignInRefused as refusal:
        return refused_page(request, refusal)
    answer = RedirectResponse(address, 303)
    _keep(request, answer, f"enter.{token}.{quote(local(onward), safe='')}")
    return answer


@router.post("/sessions/identity")
def link(
    request: Request, form: Annotated[Checked, Form()], who: Visitor, office: OfficeOf
) -> Response:
    """To the provider, for an identity that shall open the account. A page, as no form of ours
    may lead elsewhere."""
    check_form(request, form.form_token)
    token, address = office.porter.leave(_back(request), "link")
    answer = render(
        request, "elsewhere.html", who, address=address, name=office.porter.elsewhere, back=None
    )
    _keep(request, answer, f"link.{token}")
    return answer


# RFC 6749 4.1.2: what else a provider sends is to be ignored; nothing may stand twice (3.1).
@router.get("/signin/back", dependencies=[ONCE])
def returned(request: Request, office: OfficeOf, state: Text = "", code: Text = "") -> Response:
    """From the provider."""
    return render(
        request,
        "elsewhere.html",
        None,
        address="",
        name=office.porter.elsewhere,
        back={"state": state, "code": code},
    )


@router.post("/signin/back", dependencies=[ONLY_KNOWN])
def come_back(request: Request, form: Annotated[Back, Form()], office: OfficeOf) -> Response:
    """Let in whom the provider has proved, or link the identity."""
    way = request.cookies.get(cookie_name(request, WAY), "")
    purpose, token, onward = [*way.split(".", 2), "", ""][:3]
    onward = local(unquote(onward))
    given = (token, _back(request), form.state, form.code)
    if purpose == "link":
        office.porter.link(held(request), *given)
        answer: Response = RedirectResponse("/sessions", 303)
    else:
        try:
            entered = office.porter.come_back(*given)
        except SignInRefused as refusal:
            return refused_page(request, refusal)
        if entered.half:
            answer = RedirectResponse(by_way_of("/signin/code", onward), 303)
            let_in(request, answer, entered.token, HALF)
        else:
            answer = inside(request, entered.token, onward)
    let_out(request, answer, WAY)
    return answer


def _back(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}/signin/back"


def _keep(request: Request, answer: Response, value: str) -> None:
    answer.set_cookie(
        cookie_name(request, WAY),
        value,
        max_age=MINUTES * 60,
        path="/",
        secure=secure(request),
        httponly=True,
        samesite="lax",
    )
