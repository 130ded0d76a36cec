"""The door: sign in with account and password, show a code, sign out."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.errors import FactorMissing, Refusal, SignInOver, SignInRefused, TooManyTries
from web.asked import FORM_ONCE, ONLY_KNOWN
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
from web.onward import LONGEST, by_way_of, local
from web.pages.frame import render
from web.preferences import remember
from web.problems import problem_of
from web.words import Words, words_of

router = APIRouter(include_in_schema=False, dependencies=[FORM_ONCE, ONLY_KNOWN])

HALF = "half"


class Checked(BaseModel):
    """What every form here sends."""

    model_config = ConfigDict(extra="forbid")

    form_token: Annotated[str, Field(alias="form-token", max_length=200)] = ""


class SignIn(Checked):
    """What the form at the door sends."""

    account: Annotated[str, Field(max_length=200)] = ""
    password: Annotated[str, Field(max_length=1000)] = ""
    next: Annotated[str, Field(max_length=LONGEST)] = "/"


class Code(Checked):
    """What the page of the second factor sends."""

    code: Annotated[str, Field(max_length=100)] = ""
    next: Annotated[str, Field(max_length=LONGEST)] = "/"


No = Refusal | Mapping[str, str] | None
"""Why somebody is not let in: a refusal, or what is said beside each field."""
Onward = Annotated[str, Query(alias="next", max_length=LONGEST)]


@router.get("/signin")
def door(request: Request, onward: Onward = "/", unsent: Literal["", "yes"] = "") -> Response:
    """The form. unsent: what was filled in on another page is lost."""
    return _door(request, local(onward), unsent=bool(unsent))


@router.post("/signin")
def sign_in(request: Request, form: Annotated[SignIn, Form()], office: OfficeOf) -> Response:
    """Let in who knows a password. The answer to a wrong one does not say what is wrong."""
    check_form(request, form.form_token)
    onward, words = local(form.next), words_of(language_of(request))
    asked = {
        "account": ("signin.account", form.account),
        "password": ("signin.password", form.password),
    }
    if wrong := missing(words, asked):
        return _door(request, onward, wrong, account=form.account)
    address = request.client.host if request.client else ""
    try:
        entered = office.porter.sign_in(form.account, form.password, address)
    except (SignInRefused, TooManyTries, FactorMissing) as refusal:
        return _door(request, onward, refusal, account=form.account)
    if entered.half:
        answer = RedirectResponse(by_way_of("/signin/code", onward), 303)
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
    onward, words = local(form.next), words_of(language_of(request))
    if wrong := missing(words, {"code": ("code", form.code)}):
        office.porter.half_in(_half(request))
        return _second(request, onward, wrong)
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


def _half(request: Request) -> str:
    return request.cookies.get(cookie_name(request, HALF), "")


def missing(words: Words, asked: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """What is said beside each field that was left empty. asked: of each, the key of its label,
    and what was typed."""
    return {
        name: words("form.missing.write", label=words(label))
        for name, (label, typed) in asked.items()
        if not typed.strip()
    }


def _door(
    request: Request, onward: str, no: No = None, *, account: str = "", unsent: bool = False
) -> Response:
    return _drawn(
        request,
        "signin.html",
        "account",
        no,
        onward=onward,
        elsewhere=by_way_of("/signin/with", onward),
        account=account,
        # The browser still holds a session that opens nothing.
        ended=bool(held(request)) and signed_in(request) is None,
        unsent=unsent,
    )


def _second(request: Request, onward: str, no: No = None) -> Response:
    return _drawn(request, "code.html", "code", no, onward=onward)


# field: beside which a refusal stands, whatever was wrong.
def _drawn(request: Request, template: str, field: str, no: No, **shown: Any) -> Response:
    status, wrong = 422 if no else 200, no or {}
    if isinstance(no, Refusal):
        told = problem_of(no, words_of(language_of(request)))
        status, wrong = told.status, {field: told.detail}
    answer = render(
        request,
        template,
        signed_in(request),
        status=status,
        wrong=wrong,
        provider=office_of(request).porter.elsewhere,
        **shown,
    )
    keep_form(request, answer)
    return answer
