"""What is wrong with a request that has not the form asked for, field by field.

The value itself is never repeated: it may be personal, and it may be no text at all.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from web.words import Words

MOST = 20
"""Faults that are told of one request."""

_PLACES = ("body", "query", "path", "header", "cookie")


def problems_of(errors: Iterable[Mapping[str, Any]], words: Words) -> list[dict[str, str]]:
    """Each fault as the field's name and what is wrong with it, in words."""
    told = [_fault(error, words) for error, _ in zip(errors, range(MOST), strict=False)]
    return told or [{"field": "body", "because": words("invalid.value_error")}]


def _fault(error: Mapping[str, Any], words: Words) -> dict[str, str]:
    loc = [part for part in error["loc"] if part != "[key]"]
    place = str(loc[0]) if loc else "body"
    names = [str(part)[:64] for part in (loc[1:] if place in _PLACES else loc)]
    if error["type"] == "json_invalid":
        names = []
    # A key of somebody's record may be no text that can be shown.
    field = ".".join(name if name.isprintable() else ascii(name)[1:-1] for name in names)
    return {"field": field or place, "because": _because(error, words)}


def _because(error: Mapping[str, Any], words: Words) -> str:
    kind, context = str(error["type"]), error.get("ctx") or {}
    # Our own validators say the key of their words.
    if kind == "value_error" and words.has(key := f"invalid.{context.get('error')}"):
        return words(key)
    key = f"invalid.{kind}"
    if not words.has(key):
        return words("invalid.value_error")
    facts = {
        name: str(value).replace("' or '", "', '")
        for name, value in context.items()
        if name in _FACTS
    }
    return words(key, **facts)


_FACTS = ("max_length", "min_length", "le", "ge", "expected", "pattern")
