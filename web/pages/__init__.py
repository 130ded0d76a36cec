"""The first pages: the door, the list, an affair. Server-rendered; no script is needed."""

from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from web.entrance import NotSignedIn, signed_in
from web.pages import affair, door, worklist
from web.pages.frame import STATIC, render
from web.problems import Problem

A_YEAR = "public, max-age=31536000, immutable"


class _Assets(StaticFiles):
    """Files that never change under their address: it carries a hash of the content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = A_YEAR
        return response


def enter(app: FastAPI) -> None:
    """Have the application serve the pages."""
    for router in (door.router, worklist.router, affair.router):
        app.router.routes.extend(router.routes)
    app.mount("/static", _Assets(directory=Path(STATIC)), name="static")
    app.add_exception_handler(NotSignedIn, _to_the_door)


async def _to_the_door(request: Request, _: Exception) -> Response:
    path = request.url.path
    asked = f"?next={path}" if request.method == "GET" and path != "/" else ""
    return RedirectResponse(f"/signin{asked}", 303)


def problem_page(request: Request, problem: Problem) -> Response:
    """A problem as a page for people."""
    return render(
        request,
        "problem.html",
        signed_in(request),
        status=problem.status,
        headers=problem.headers,
        problem=problem,
    )
