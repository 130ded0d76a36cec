"""What somebody has chosen for their pages: language, light or dark, single-key shortcuts or none,
and the lists that they keep.

The account's own choices lie at the door (`adapters.door.preferences`) and follow it. A browser
holds them in cookies, so that a page needs no look there; they are told to it when somebody
comes in, and whenever they choose anew. Nothing of it is told to the log.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from starlette.requests import Request
from starlette.responses import Response

from web.language import A_YEAR_SECONDS, COOKIE
from web.words import LANGUAGES

Theme = Literal["system", "light", "dark"]
THEMES: tuple[Theme, ...] = ("system", "light", "dark")
THEME, SHORTCUTS = "theme", "shortcuts"
"""Names of the cookies."""
OFF = "off"

CHOICES: Mapping[str, tuple[str, ...]] = {
    COOKIE: LANGUAGES,
    THEME: THEMES,
    SHORTCUTS: ("on", OFF),
}
"""What can be chosen, by the name of its cookie. What goes without saying needs none."""
_SILENT = {(THEME, THEMES[0]), (SHORTCUTS, "on")}


class Filter(Protocol):
    """A list under a name. address: of its page."""

    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str: ...


class Preferences(Protocol):
    """What the accounts of a district prefer; `adapters.door` keeps it."""

    def chosen(self, account: str) -> Mapping[str, str]:
        """What the account has chosen, by name."""
        ...

    def choose(self, account: str, values: Mapping[str, str]) -> None:
        """Keep what it chooses."""
        ...

    def filters(self, account: str) -> Sequence[Filter]:
        """The filters that it keeps, the oldest first."""
        ...

    def keep(self, account: str, name: str, address: str) -> None:
        """Keep a filter. Raises Malformed where there are too many."""
        ...

    def rename(self, account: str, name: str, to: str) -> None:
        """Call one otherwise. Raises NotFound, and Malformed where another is called so."""
        ...

    def drop(self, account: str, name: str) -> None:
        """Forget one."""
        ...


def theme_of(request: Request) -> Theme:
    """Light, dark, or as the reader's system has it."""
    chosen = request.cookies.get(THEME)
    return next((theme for theme in THEMES if theme == chosen), "system")


def shortcuts_of(request: Request) -> bool:
    """Whether single keys act."""
    return request.cookies.get(SHORTCUTS) != OFF


def remember(request: Request, response: Response, chosen: Mapping[str, str]) -> None:
    """Have the browser hold these choices for a year; what is none of ours is left out."""
    for name, values in CHOICES.items():
        value = chosen.get(name, "")
        if (name, value) in _SILENT:
            response.delete_cookie(name, httponly=True, samesite="lax")
        elif value in values:
            response.set_cookie(
                name,
                value,
                max_age=A_YEAR_SECONDS,
                httponly=True,
                samesite="lax",
                secure=request.url.scheme == "https",
            )
