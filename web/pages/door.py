"""The door: sign in with a token, sign out."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.entrance import TOKEN_LONGEST, OfficeOf, let_in, let_out, signed_in
from web.pages.frame import render

router = APIRouter(include_in_schema=False)


class SignIn(BaseModel):
    """What the form at the door sends."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(max_length=2_000)] = ""
    next: Annotated[str, Field(max_length=500)] = "/"


@router.get("/signin")
def door(
    request: Request, onward: Annotated[str, Query(alias="next", max_length=500)] = "/"
) -> Response:
    """The form."""
    return render(request, "signin.html", signed_in(request), onward=local(onward), wrong=False)


@router.post("/signin")
def sign_in(request: Request, form: Annotated[SignIn, Form()], office: OfficeOf) -> Response:
    """Let in who holds a token. The answer to a wrong one does not say what is wrong with it."""
    token, onward = form.token.strip(), local(form.next)
    if not token or len(token) > TOKEN_LONGEST or office.accounts.by_token(token) is None:
        return render(request, "signin.html", None, status=401, onward=onward, wrong=True)
    answer = RedirectResponse(onward, 303)
    let_in(request, answer, token)
    return answer


@router.post("/signout")
async def sign_out(request: Request) -> Response:
    """Forget who it was, and what the browser kept."""
    answer = RedirectResponse("/signin", 303, {"Clear-Site-Data": '"cache"'})
    let_out(request, answer)
    return answer


def local(address: str) -> str:
    """The address if it is a path of ours, else the list: nobody is sent elsewhere."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if safe and address.isprintable() and address.isascii() else "/"
