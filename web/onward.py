"""Where somebody goes on to once they are in: a page of ours, as it was chosen.

What was typed into an address may be somebody's name or number, and is left out.
"""

import re
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import URL

LONGEST = 500
"""Characters of an address."""
CHOSEN = frozenset(
    {
        "after",
        "area",
        "as_known_at",
        "as_of",
        "before",
        "cursor",
        "do",
        "due",
        "from",
        "grant",
        "kind",
        "line",
        "matter",
        "of_version",
        "old",
        "role",
        "show",
        "source",
        "state",
        "tick",
        "to",
        "unit",
        "v",
        "version",
        "what",
        "whose",
    }
)
"""Names in an address whose values are chosen: codes, ids, days."""
_VALUE = re.compile(r"[A-Za-z0-9_./:-]{1,64}")


def onward(page: URL) -> str:
    """The address of the page without what is typed; without all that is asked where it is too
    long, and the first page where that is."""
    asked = parse_qsl(page.query)
    kept = {name: value for name, value in asked if name in CHOSEN and _VALUE.fullmatch(value)}
    whole = f"{page.path}?{urlencode(kept)}" if kept else page.path
    return next((one for one in (whole, page.path) if 0 < len(one) <= LONGEST), "/")


def by_way_of(path: str, address: str) -> str:
    """A page of the door that goes on to an address of ours."""
    return path if address == "/" else f"{path}?{urlencode({'next': address}, safe='/')}"


def local(address: str) -> str:
    """The address if it is a path of ours, else the list: nobody is sent elsewhere."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if safe and address.isprintable() and address.isascii() else "/"
