"""An invitation: choose a password, set up a second factor, and be in."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from domain.errors import Malformed
from web.asked import FORM_ONCE, ONLY_KNOWN
from web.entrance import OfficeOf, signed_in
from web.form_tokens import check_form, keep_form
from web.language import language_of
from web.pages.door import Checked, inside, missing
from web.pages.frame import render
from web.words import words_of

router = APIRouter(include_in_schema=False, dependencies=[FORM_ONCE, ONLY_KNOWN])

Token = Annotated[str, Path(max_length=100)]


class Accepting(Checked):
    """What the form sends. salt: of the factor that was shown."""

    password: Annotated[str, Field(max_length=1000)] = ""
    again: Annotated[str, Field(max_length=1000)] = ""
    code: Annotated[str, Field(max_length=100)] = ""
    salt: Annotated[str, Field(max_length=100)] = ""


@router.get("/invitation/{token}")
def invitation(request: Request, token: Token, office: OfficeOf) -> Response:
    """The form."""
    return _drawn(request, token, office)


@router.post("/invitation/{token}")
def accept(
    request: Request, token: Token, form: Annotated[Accepting, Form()], office: OfficeOf
) -> Response:
    """Let in who is invited, once."""
    check_form(request, form.form_token)
    words = words_of(language_of(request))
    asked = {
        "password": ("signin.password", form.password),
        "again": ("invitation.again", form.again),
    }
    if office.porter.two_factors:
        asked["code"] = ("code", form.code)
    if wrong := missing(words, asked):
        return _drawn(request, token, office, wrong, form.salt)
    try:
        if form.password != form.again:
            raise Malformed("again", "different")
        session = office.porter.accept(token, form.password, form.salt, form.code)
    except Malformed as refusal:
        told = words(f"invitation.{refusal.field}.{refusal.because}")
        return _drawn(request, token, office, {refusal.field: told}, form.salt)
    return inside(request, session, "/")


# Passwords are typed anew after an error, and never sent back.
def _drawn(
    request: Request,
    token: str,
    office: OfficeOf,
    wrong: Mapping[str, str] | None = None,
    salt: str = "",
) -> Response:
    answer = render(
        request,
        "invitation.html",
        signed_in(request),
        status=422 if wrong else 200,
        invited=office.porter.invited(token, salt),
        token=token,
        needed=office.porter.two_factors,
        wrong=wrong or {},
    )
    keep_form(request, answer)
    return answer
