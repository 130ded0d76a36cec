"""What pydantic finds wrong with the shape of a value, in words: what is wrong, what to write."""

import difflib
import json
import re
from collections.abc import Sequence

from pydantic_core import ErrorDetails

from workflows.fields import CODE, HAPPENING, LINE, NAME, ONE_LINE, STEP

_HINTS = {
    "unit": "unit: wd` (working days), `d` (days), `wh` (working hours) or `unit: h",
    "count": "count: 3",
    "zh": "zh: 中文名称",
    "en": "en: the English name",
    "label": "label: {zh: 受理, en: Accept}",
    "names": "names: {zh: 城市管理, en: Urban management}",
    "by": "by: [CW, CD]",
    "from": "from: registered",
    "to": "to: resolved",
    "id": "id: G8",
    "version": 'version: "2011.1"',
    "kind": "kind: stage",
    "retention": 'retention: "10"',
}
_REMEDIES = {
    NAME: "write small letters, digits and `_` alone, a small letter first",
    CODE: "write letters, digits, `_`, `.` and `-` alone, a letter or a digit first",
    HAPPENING: "write one word such as `accepted`, or two with a colon such as `entry:visit`",
    STEP: "write one or two capital letters and a number, such as `G8`",
    LINE: "write two capital letters, such as `CG`",
}
"""What to write where a text is not of a shape."""


def in_words(
    what: ErrorDetails, route: Sequence[str | int], known: Sequence[str]
) -> tuple[str, str]:
    """What is wrong, and what to write. known: the keys that the place may have."""
    key = next((part for part in reversed(route) if isinstance(part, str)), "")
    given, context = what["input"], what.get("ctx", {})
    kind = "date" if what["type"].startswith("date_") else what["type"]
    match kind:
        case "missing":
            return f"`{key}` is missing", f"write {_hint(key)}"
        case "extra_forbidden":
            near = difflib.get_close_matches(key, known, n=1)
            if not known:
                return f"unknown key `{key}`", "leave it out"
            remedy = f"write `{near[0]}`" if near else f"write one of {', '.join(known)}"
            return f"unknown key `{key}`", remedy
        case "enum" | "literal_error":
            return _unknown(key, given, re.findall(r"'([^']*)'", str(context.get("expected"))))
        case "string_type" if isinstance(given, int | float | bool):
            return f"`{key}` is a number, not a text", f'write "{json.dumps(given)}", in quotes'
        case "string_type":
            return f"`{key}` is no text", f"write {_hint(key)}"
        case "string_pattern_mismatch" if context.get("pattern") == ONE_LINE:
            return f"`{key}` holds a sign that nobody sees", "write it without control characters"
        case "string_pattern_mismatch":
            shape = context["pattern"]
            other = f"write it with the signs that {shape} allows"
            return f"`{key}` is `{_short(given)}`", _REMEDIES.get(shape, other)
        case "string_too_long":
            most = context.get("max_length")
            return f"`{key}` has {len(str(given))} characters", f"write at most {most} characters"
        case "string_too_short" | "too_short":
            return f"`{key}` is empty", f"write {_hint(key)}"
        case "greater_than_equal":
            return f"`{key}` is {_short(given)}", f"write {context.get('ge')} or more"
        case "less_than_equal":
            return f"`{key}` is {_short(given)}", f"write {context.get('le')} or less"
        case "int_type" | "int_from_float" | "int_parsing" | "int_parsing_size":
            return f"`{key}` is no whole number", f"write {_hint(key, '3')}"
        case "bool_type" | "bool_parsing":
            return f"`{key}` is neither true nor false", f"write {_hint(key, 'true')}"
        case "date":
            return f"`{key}` is no date", f"write `{key}: 2011-07-01`"
        case "tuple_type" | "list_type":
            return f"`{key}` has the wrong shape", "write a list: `- …`"
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"`{key}` has the wrong shape", "write keys with values below it"
        case _:
            return f"`{key}` is not right", "write what the handbook's page on line files shows"


def _unknown(key: str, given: object, known: list[str]) -> tuple[str, str]:
    near = difflib.get_close_matches(str(given), known, n=1, cutoff=0.5)
    one_of = f"one of {', '.join(known)}"
    return (
        f"unknown {key} `{_short(given)}`",
        f"write `{near[0]}`, {one_of}" if near else f"write {one_of}",
    )


def _hint(key: str, value: str = "…") -> str:
    return f"`{_HINTS.get(key, f'{key}: {value}')}`"


def _short(given: object) -> str:
    told = str(given)
    return told if len(told) <= 80 else f"{told[:80]}…"
