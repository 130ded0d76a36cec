"""The door: sign in with account and password, show a code, sign out."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.errors import FactorMissing, Refusal, SignInOver, SignInRefused, TooManyTries
from web.asked import FORM_ONCE
from web.entrance import (
    NotSignedIn,
    OfficeOf,
    cookie_name,
    held,
    let_in,
    let_out,
    office_of,
    signed_in,
)
from web.form_tokens import check_form, keep_form
from web.language import language_of
from web.pages.frame import render
from web.preferences import remember
from web.problems import problem_of
from web.words import words_of

router = APIRouter(include_in_schema=False, dependencies=[FORM_ONCE])

HALF = "half"


class Checked(BaseModel):
    """What every form here sends."""

    model_config = ConfigDict(extra="forbid")

    form_token: Annotated[str, Field(alias="form-token", max_length=200)] = ""


class SignIn(Checked):
    """What the form at the door sends."""

    account: Annotated[str, Field(max_length=200)] = ""
    password: Annotated[str, Field(max_length=1000)] = ""
    next: Annotated[str, Field(max_length=500)] = "/"


class Code(Checked):
    """What the page of the second factor sends."""

    code: Annotated[str, Field(max_length=100)] = ""
    next: Annotated[str, Field(max_length=500)] = "/"


Onward = Annotated[str, Query(alias="next", max_length=500)]


@router.get("/signin")
def door(request: Request, onward: Onward = "/") -> Response:
    """The form."""
    return _door(request, local(onward))


@router.post("/signin")
def sign_in(request: Request, form: Annotated[SignIn, Form()], office: OfficeOf) -> Response:
    """Let in who knows a password. The answer to a wrong one does not say what is wrong."""
    check_form(request, form.form_token)
    onward = local(form.next)
    address = request.client.host if request.client else ""
    try:
        entered = office.porter.sign_in(form.account, form.password, address)
    except (SignInRefused, TooManyTries, FactorMissing) as refusal:
        return _door(request, onward, refusal, form.account)
    if entered.half:
        answer = RedirectResponse(f"/signin/code?next={onward}", 303)
        let_in(request, answer, entered.token, HALF)
        return answer
    return inside(request, entered.token, onward)


@router.get("/signin/code")
def second(request: Request, office: OfficeOf, onward: Onward = "/") -> Response:
    """The form of the second factor."""
    office.porter.half_in(_half(request))
    return _second(request, local(onward))


@router.post("/signin/code")
def code(request: Request, form: Annotated[Code, Form()], office: OfficeOf) -> Response:
    """Let in who shows the second factor as well."""
    check_form(request, form.form_token)
    onward = local(form.next)
    try:
        token = office.porter.code(_half(request), form.code)
    except (SignInRefused, TooManyTries) as refusal:
        return _second(request, onward, refusal)
    answer = inside(request, token, onward)
    let_out(request, answer, HALF)
    return answer


@router.post("/signout")
def sign_out(request: Request, form: Annotated[Checked, Form()], office: OfficeOf) -> Response:
    """End the session, and have the browser forget it."""
    check_form(request, form.form_token)
    office.porter.sign_out(held(request))
    return outside(request)


@router.post("/signout/everywhere")
def sign_out_everywhere(
    request: Request, form: Annotated[Checked, Form()], office: OfficeOf
) -> Response:
    """End every session of who is in."""
    check_form(request, form.form_token)
    if signed_in(request) is None:
        raise NotSignedIn
    office.porter.sign_out_everywhere(held(request))
    return outside(request)


def inside(request: Request, token: str, onward: str) -> Response:
    """On to where somebody wanted to go, with a session, and with the pages as they like them."""
    answer, office = RedirectResponse(onward, 303), office_of(request)
    let_in(request, answer, token)
    hats = office.porter.hats(token)
    if hats is not None:
        remember(request, answer, office.preferences.chosen(hats.account))
    return answer


def outside(request: Request) -> Response:
    """Back to the door, without one."""
    answer = RedirectResponse("/signin", 303, {"Clear-Site-Data": '"cache"'})
    let_out(request, answer)
    return answer


def refused_page(request: Request, refusal: Refusal) -> Response:
    """The door again, which says why."""
    return _door(request, "/", refusal)


def began_anew(request: Request, refusal: Exception) -> Response:
    """To the door again: what was begun is over."""
    assert isinstance(refusal, SignInOver)
    answer = _door(request, "/", refusal)
    let_out(request, answer, HALF)
    return answer


def local(address: str) -> str:
    """The address if it is a path of ours, else the list: nobody is sent elsewhere."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if safe and address.isprintable() and address.isascii() else "/"


def _half(request: Request) -> str:
    return request.cookies.get(cookie_name(request, HALF), "")


def _door(
    request: Request, onward: str, refusal: Refusal | None = None, account: str = ""
) -> Response:
    return _drawn(
        request,
        "signin.html",
        refusal,
        onward=onward,
        account=account,
        # The browser still holds a session that opens nothing.
        ended=bool(held(request)) and signed_in(request) is None,
        unsent=request.query_params.get("unsent") == "yes",
    )


def _second(request: Request, onward: str, refusal: Refusal | None = None) -> Response:
    return _drawn(request, "code.html", refusal, onward=onward)


def _drawn(request: Request, template: str, refusal: Refusal | None, **shown: Any) -> Response:
    told = problem_of(refusal, words_of(language_of(request))) if refusal else None
    answer = render(
        request,
        template,
        signed_in(request),
        status=told.status if told else 200,
        wrong=told.detail if told else "",
        provider=office_of(request).porter.elsewhere,
        **shown,
    )
    keep_form(request, answer)
    return answer
