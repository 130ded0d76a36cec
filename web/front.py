"""What every request passes: size, where forms come from, headers, the record of requests.

The outermost of ours, so that an answer to an error nobody foresaw has them too.
"""

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from uuid import uuid4

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import StorageUnavailable
from web.entrance import from_elsewhere
from web.journal import Journal
from web.metrics import Metrics
from web.ports import Office
from web.problems import WATCHERS, http_refused, wants_page
from web.rates import Rates

LARGEST_BODY = 1024 * 1024
LARGEST_UPLOAD = 12 * 1024 * 1024
LARGEST_FORM = 4 * LARGEST_UPLOAD
"""Of a form with files: of those nothing more than an upload is kept, but all that was typed is."""
_UPLOAD = re.compile(
    r"/api/v1/affairs/[^/]+/attachments|/affairs/new|/affairs/[^/]+/(steps|entries|actions)/[^/]+"
)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: browsers would then send forms without their origin.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
"""Where a route says another, the route's stands."""
OVER_TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


class Front:
    """The middleware around the whole application."""

    def __init__(self, app: ASGIApp, *, journal: Journal, metrics: Metrics) -> None:
        self._app, self._journal, self._metrics = app, journal, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        request_id = _request_id(request)
        began = time.perf_counter()
        status = 500
        started = False

        async def sending(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                started, status = True, message["status"]
                _dress(message, scope["scheme"], request_id)
            await send(message)

        try:
            refusal = _too_often(request) or _refusal(request)
            if refusal is not None:
                if refusal.status_code == HTTPStatus.FORBIDDEN:
                    await run_in_threadpool(_noted, request)
                await http_refused(request, refusal)(scope, receive, sending)
            else:
                await self._app(scope, _limited(request, receive), sending)
        except Exception as error:
            self._journal.failed(request_id, route_of(scope), error)
            if started:
                raise
            await http_refused(request, HTTPException(500))(scope, receive, sending)
        finally:
            seconds = time.perf_counter() - began
            route = route_of(scope)
            self._metrics.requested(request.method, route, status, seconds)
            self._journal.requested(
                request_id, request.method, route, status, seconds, role_of(request)
            )


def route_of(scope: Scope) -> str:
    """The template of the route, never the path itself: a path may name an affair."""
    return getattr(scope.get("route"), "path", "") or "-"


def role_of(request: Request) -> str:
    """The role of who asked, empty for nobody."""
    role: str = getattr(request.state, "role", "")
    return role


def largest(request: Request) -> int:
    """Bytes that the body of this request may have."""
    if not _UPLOAD.fullmatch(request.scope["path"]):
        return LARGEST_BODY
    parts = request.headers.get("content-type", "").startswith("multipart/form-data")
    return LARGEST_FORM if parts and wants_page(request) else LARGEST_UPLOAD


def _request_id(request: Request) -> str:
    given = request.headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid4().hex


# Not what looks after the process: it may come from the address of the proxy in front of all.
def _too_often(request: Request) -> HTTPException | None:
    if request.scope["path"] in WATCHERS or request.client is None:
        return None
    rates: Rates = request.app.state.rates
    try:
        rates.address(request.client.host)
    except HTTPException as refusal:
        return refusal
    return None


def _refusal(request: Request) -> HTTPException | None:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > largest(request):
        return HTTPException(413)
    if wants_page(request) and from_elsewhere(request):
        return HTTPException(HTTPStatus.FORBIDDEN)
    return None


# It is refused whether that can be written down or not.
def _noted(request: Request) -> None:
    office: Office = request.app.state.office
    with suppress(StorageUnavailable):
        office.porter.refused("form refused", "origin")


# Bodies without a length are counted as they come.
def _limited(request: Request, receive: Receive) -> Receive:
    left = largest(request)

    async def receiving() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413)
        return message

    return receiving


def _dress(message: Message, scheme: str, request_id: str) -> None:
    headers = message["headers"]
    there = {name for name, _ in headers}
    headers += [(name, value) for name, value in _DRESS[scheme == "https"] if name not in there]
    headers.append((b"x-request-id", request_id.encode()))


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


_DRESS = (_raw(HEADERS), _raw(HEADERS | OVER_TLS))
