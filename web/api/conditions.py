"""Headers that say under which condition a request is meant: once only, on this version only."""

import re
from typing import Annotated
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import Header

from domain.errors import Malformed

KEY = re.compile(r"[\x21-\x7e]{1,200}")
_ETAG = re.compile(r'"([0-9]{1,18})(?:-stale)?"')
_WAIT = re.compile(r"wait(?:=([0-9]{1,4}))?")

WAIT_SECONDS = 5.0
LONGEST_WAIT = 10.0


def command_id(key: str | None, account: str) -> UUID | None:
    """The command id that the asker named; None for a fresh one. Raises Malformed."""
    if key is None:
        return None
    if not KEY.fullmatch(key):
        raise Malformed("Idempotency-Key", "1 to 200 visible ASCII characters, no spaces")
    try:
        return UUID(key)
    except ValueError:
        return uuid5(NAMESPACE_URL, f"tenlines:key/{account}/{key}")


def expected_version(told: str | None) -> int | None:
    """The version the asker had read; None for whichever. Raises Malformed."""
    if told is None or told.strip() == "*":
        return None
    found = _ETAG.fullmatch(told.strip())
    if found is None:
        raise Malformed("If-Match", 'a version such as "7"')
    return int(found.group(1))


def patience(told: str | None) -> float:
    """Seconds to wait for the following views; 0 for not at all."""
    for part in (told or "").split(","):
        if found := _WAIT.fullmatch(part.strip().lower()):
            seconds = found.group(1)
            return min(float(seconds), LONGEST_WAIT) if seconds else WAIT_SECONDS
    return 0.0


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="The asker's own id of this command, best a UUIDv7. The same key and "
        "request give the first answer again; the same key with another request is refused. "
        "Any other text is made into an id of the asker's own.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description='The version the asker has read, as its ETag: `"7"`. At another version '
        "the answer is 412, with what changed meanwhile and by whom.",
    ),
]
Prefer = Annotated[
    str | None,
    Header(
        alias="Prefer",
        description="`wait` or `wait=3`: answer when the following views (statistics, audit "
        "trail) hold the command too, or after so many seconds.",
    ),
]


def etag(version: int, *, stale: bool = False) -> str:
    """The ETag of a version. stale: of an affair that is marked, as not all of it can be read."""
    return f'"{version}-stale"' if stale else f'"{version}"'


def unchanged(if_none_match: str | None, tag: str) -> bool:
    """Whether the asker holds what has this ETag already."""
    held = (part.strip().removeprefix("W/") for part in (if_none_match or "").split(","))
    return any(part in ("*", tag) for part in held)


def made_for(command: UUID | None, kind: str, account: str) -> UUID | None:
    """The id of what a named command makes, the same each time it is sent; None for a fresh one.

    A key of version 7 lends its time, so that indexes grow at one end.
    """
    if command is None:
        return None
    derived = uuid5(NAMESPACE_URL, f"tenlines:{kind}/{account}/{command}")
    if command.version != 7:
        return derived
    tail = derived.int & ((1 << 80) - 1) & ~(0xF << 76) | 7 << 76
    return UUID(int=command.int >> 80 << 80 | tail)
