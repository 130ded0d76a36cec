"""What every page stands in: masthead, modules, unit path, language, as of when."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from web.entrance import office_of
from web.form_tokens import form_token
from web.language import COOKIE, keep_language, language_of
from web.ports import Office, SignedIn
from web.preferences import shortcuts_of, theme_of
from web.words import LANGUAGES, TAGS, words_of
from workflows.rights import scope_of

HERE = Path(__file__).parent.parent
STATIC = HERE / "static"
LOOKING = ("GET", "HEAD")

LINES = ("DJ", "MZ", "LB", "JS", "ZZ", "TJ", "CG", "WT", "YL", "XF")
"""A line is known by its place among the ten."""


@dataclass(frozen=True, slots=True)
class Module:
    """A part of the office. rights: any of them opens it; none is needed where none is named."""

    name: str
    address: str
    rights: tuple[str, ...] = ()


MODULES = (
    Module("affairs", "/", ("view_affair",)),
    Module("register", "/affairs/new", ("register_affair",)),
    Module("offerings", "/offerings", ("run_offerings", "register_affair")),
    Module("procedures", "/procedures"),
    Module("units", "/units"),
    Module("accounts", "/accounts", ("accounts", "role_grants", "read_audit_trail")),
    Module("audit", "/audit", ("read_audit_trail",)),
    Module("settings", "/settings"),
)
"""In the order of the masthead."""


@cache
def static(name: str) -> str:
    """The address of a file in `static`, with a hash of its content."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def _place(code: str) -> int:
    return LINES.index(code) + 1 if code in LINES else 0


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"static": static, "place": _place}
    return made


ENVIRONMENT = _environment()


def macro(name: str) -> Any:
    """A shape of `m.html`, to be drawn apart from a page."""
    return getattr(ENVIRONMENT.get_template("m.html").module, name)


def render(
    request: Request,
    template: str,
    who: SignedIn | None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **shown: Any,
) -> HTMLResponse:
    """A page. Whoever chose a language by `?lang=` keeps it."""
    office, language = office_of(request), language_of(request)
    words = words_of(language)
    other = next(one for one in LANGUAGES if one != language)
    now = office.now()
    modules = modules_of(who)
    html = ENVIRONMENT.get_template(template).render(
        w=words,
        who=who,
        role=words(f"role.{who.actor.role.value}") if who else "",
        unit_path=_path(office, who),
        idle=office.porter.idle_seconds if who else 0,
        modules=modules,
        module=_current(modules, request.url.path),
        home=modules[0].address if modules else "/signin",
        finds=FINDING in modules,
        theme=theme_of(request),
        shortcuts=shortcuts_of(request),
        other=words_of(other),
        other_tag=TAGS[other],
        looking=request.method in LOOKING,
        other_address=_address(request, other),
        now=words.moment(now),
        now_iso=now.isoformat(timespec="minutes"),
        form_token=form_token(request),
        **shown,
    )
    response = HTMLResponse(html, status, dict(headers or {}))
    response.headers["Content-Language"] = words.tag
    keep_language(request, response)
    return response


def modules_of(who: SignedIn | None) -> list[Module]:
    """The modules that somebody's role may enter."""
    if who is None:
        return []
    reached = {
        right
        for module in MODULES
        for right in module.rights
        if scope_of(who.actor, right).prefix is not None
    }
    return [module for module in MODULES if not module.rights or reached & {*module.rights}]


FINDING = MODULES[0]
"""Whoever may enter it may look for an affair by its number."""


# The address that says most of the path: /affairs/new stands below no other module.
def _current(modules: Sequence[Module], path: str) -> str:
    there = [m for m in modules if path == m.address or path.startswith(f"{m.address}/")]
    if not there and path.startswith(("/affairs/", "/assignments")):
        there = [m for m in modules if m is FINDING]
    if not there and path == "/drafts":
        there = [m for m in modules if m.name == "procedures"]
    return max(there, key=lambda module: len(module.address)).name if there else ""


# Without a cursor: a page that goes on where another ended has no meaning by itself.
def _address(request: Request, language: str) -> str:
    kept = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in (COOKIE, "cursor")
    ]
    path = request.url.path if request.method in LOOKING else "/"
    return f"{path}?{urlencode([*kept, (COOKIE, language)])}"


def _path(office: Office, who: SignedIn | None) -> list[str]:
    """The names of the units from the district down to the actor's own."""
    units = office.organisation.units
    names: list[str] = []
    code = who.actor.unit if who else ""
    while code in units and len(names) < len(units):
        names.append(units[code].names[-1][1])
        code = units[code].parent
    return names[::-1]
