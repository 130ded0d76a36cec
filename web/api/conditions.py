"""Headers that say under which condition a request is meant: once only, on this version only."""

import re
from typing import Annotated
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import Depends, Header

from domain.errors import Malformed
from web.entrance import Caller

KEY = re.compile(r"[\x21-\x7e]{1,200}")
_ETAG = re.compile(r'"([0-9]{1,18})"')
_WAIT = re.compile(r"wait(?:=([0-9]{1,4}))?")

WAIT_SECONDS = 5.0
LONGEST_WAIT = 10.0


def command_id(
    who: Caller,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="The asker's own id of this command, best a UUIDv7. The same key and "
            "request give the first answer again; the same key with another request is refused. "
            "Any other text is made into an id of the asker's own."
        ),
    ] = None,
) -> UUID | None:
    """The command id that the asker named; None for a fresh one. Raises Malformed."""
    if idempotency_key is None:
        return None
    if not KEY.fullmatch(idempotency_key):
        raise Malformed("Idempotency-Key", "one line, without tabs")
    try:
        return UUID(idempotency_key)
    except ValueError:
        return uuid5(NAMESPACE_URL, f"tenlines:key/{who.actor.account}/{idempotency_key}")


def expected_version(
    if_match: Annotated[
        str | None,
        Header(
            description='The version the asker has read, as its ETag: `"7"`. At another version '
            "the answer is 412, with what changed meanwhile and by whom.",
        ),
    ] = None,
) -> int | None:
    """The version the asker had read; None for whichever. Raises Malformed."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise Malformed("If-Match", 'a version such as "7"')
    return int(found.group(1))


def patience(
    prefer: Annotated[
        str | None,
        Header(
            description="`wait` or `wait=3`: answer when the following views (statistics, audit "
            "trail) hold the command too, or after so many seconds."
        ),
    ] = None,
) -> float:
    """Seconds to wait for the following views; 0 for not at all."""
    for part in (prefer or "").split(","):
        if found := _WAIT.fullmatch(part.strip().lower()):
            told = found.group(1)
            return min(float(told), LONGEST_WAIT) if told else WAIT_SECONDS
    return 0.0


CommandId = Annotated[UUID | None, Depends(command_id)]
ExpectedVersion = Annotated[int | None, Depends(expected_version)]
Patience = Annotated[float, Depends(patience)]


def etag(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def unchanged(if_none_match: str | None, version: int) -> bool:
    """Whether the asker holds this version already."""
    held = (part.strip().removeprefix("W/") for part in (if_none_match or "").split(","))
    return any(part in ("*", etag(version)) for part in held)


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
