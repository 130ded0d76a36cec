"""The pages. Server-rendered; no script is needed."""

from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from domain.errors import NoRoleToday, SignInOver, StorageUnavailable
from web import live
from web.entrance import NotSignedIn, office_of, signed_in
from web.language import keep_language, language_of
from web.onward import onward
from web.pages import (
    account_deeds,
    accounts,
    affair,
    assignments,
    audit,
    door,
    door_journal,
    drafting,
    elsewhere,
    filters,
    find,
    history,
    intake,
    invitation,
    masks,
    materials,
    migration,
    offerings,
    procedures,
    relations,
    reveal,
    rights,
    sessions,
    settings,
    steps,
    units,
    versions,
    worklist,
)
from web.pages.frame import LOOKING, STATIC, render
from web.ports import SignedIn
from web.problems import Problem, refused, wants_page
from web.words import words_of
from workflows.masks import policy

A_YEAR = "public, max-age=31536000, immutable"


class _Assets(StaticFiles):
    """Files that never change under their address: it carries a hash of the content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = A_YEAR
        return response


def enter(app: FastAPI) -> None:
    """Have the application serve the pages."""
    # Refused now, and not when the first page is drawn.
    policy()
    # Intake before the affair, whose address would take `new` for a number.
    for page in (
        door,
        invitation,
        sessions,
        elsewhere,
        audit,
        door_journal,
        worklist,
        filters,
        assignments,
        intake,
        affair,
        materials,
        relations,
        history,
        reveal,
        steps,
        find,
        offerings,
        procedures,
        versions,
        migration,
        drafting,
        units,
        accounts,
        account_deeds,
        rights,
        masks,
        settings,
    ):
        for route in page.router.routes:
            if isinstance(route, Route) and "GET" in (route.methods or ()):
                route.methods = {*(route.methods or ()), "HEAD"}
        app.router.routes.extend(page.router.routes)
    app.state.streams = live.Streams()
    app.router.routes.extend(live.router.routes)
    app.mount("/static", _Assets(directory=Path(STATIC)), name="static")
    app.add_exception_handler(NotSignedIn, _to_the_door)
    app.add_exception_handler(SignInOver, _begun_anew)
    app.add_exception_handler(NoRoleToday, _without_a_role)


async def _to_the_door(request: Request, _: Exception) -> Response:
    looking = request.method in LOOKING
    # A form cannot be sent again: on to the page that it was on.
    page = str(request.url) if looking else request.headers.get("referer", "")
    ours = page.startswith(f"{request.url.scheme}://{request.url.netloc}/")
    there = onward(URL(page)) if ours else "/"
    asked = {"next": there} if there != "/" else {}
    unsent = {} if looking else {"unsent": "yes"}
    told = urlencode({**asked, **unsent}, safe="/")
    answer = RedirectResponse(f"/signin?{told}" if told else "/signin", 303)
    keep_language(request, answer)
    return answer


def _begun_anew(request: Request, refusal: Exception) -> Response:
    return door.began_anew(request, refusal) if wants_page(request) else refused(request, refusal)


def _without_a_role(request: Request, refusal: Exception) -> Response:
    if not wants_page(request):
        return refused(request, refusal)
    return sessions.role_page(request, office_of(request), 403)


def problem_page(request: Request, problem: Problem) -> Response:
    """A problem as a page for people: what is wrong, and what to do next."""
    words = words_of(language_of(request))
    key = f"problem.next.{problem.status}"
    return render(
        request,
        "problem.html",
        _reader(request, problem.status),
        status=problem.status,
        headers=problem.headers,
        problem=problem,
        next=words(key if words.has(key) else "problem.next.other"),
    )


# A page about a database that is away cannot ask it who is reading, and one about too many
# requests does not.
def _reader(request: Request, status: int) -> SignedIn | None:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        known: SignedIn | None = getattr(request.state, "visitor", None)
        return known
    try:
        return signed_in(request)
    except StorageUnavailable:
        return None
