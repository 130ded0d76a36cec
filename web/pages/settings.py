"""Settings of an account: language, light or dark, shortcuts."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.entrance import OfficeOf, Visitor
from web.language import COOKIE, language_of
from web.pages.frame import render
from web.posted import form_of
from web.preferences import SHORTCUTS, THEME, THEMES, Theme, remember
from web.words import LANGUAGES, Language, words_of

router = APIRouter(include_in_schema=False)


class Chosen(BaseModel):
    """What the form sends."""

    model_config = ConfigDict(extra="forbid")

    language: Language
    theme: Theme
    shortcuts: Literal["on", "off"]


@router.get("/settings")
def settings(
    request: Request, who: Visitor, saved: Annotated[Literal["", "yes"], Query()] = ""
) -> Response:
    """What is chosen, and the form to change it."""
    return render(
        request,
        "settings.html",
        who,
        languages=[(one, words_of(one)) for one in LANGUAGES],
        chosen=language_of(request),
        themes=THEMES,
        saved=bool(saved),
    )


@router.post("/settings")
async def choose(
    request: Request,
    who: Visitor,
    office: OfficeOf,
    form: Annotated[Chosen, Depends(form_of(Chosen))],
) -> Response:
    """Keep it for the account, and in this browser."""
    chosen = {COOKIE: form.language, THEME: form.theme, SHORTCUTS: form.shortcuts}
    await run_in_threadpool(office.preferences.choose, who.actor.account, chosen)
    answer = RedirectResponse("/settings?saved=yes", 303)
    remember(request, answer, chosen)
    return answer
