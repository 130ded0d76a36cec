"""Why something is not possible, in the reader's words.

Decisions tell it in codes (`state`, `role`, a guard's name) or in short English; the codes are
in the catalogues, and the English sentences have their Chinese in `locale/reasons.json`.
"""

import json
import re
from collections.abc import Iterator
from functools import cache

from web.words import LOCALE, Words

_COMBINED = ("all_of", "any_of", "not")


def reason(because: str, words: Words) -> str:
    """The sentence for a `because`; itself where it is none of ours."""
    if words.has(f"because.{because}"):
        return words(f"because.{because}")
    if told := _condition(because, words):
        return told
    return sentence(because, words)


def sentence(english: str, words: Words) -> str:
    """A short English reason in the reader's language."""
    if words.language == "en":
        return english
    for pattern, chinese in _sentences():
        if found := pattern.fullmatch(english):
            return chinese.format(*found.groups())
    return english


def condition(title: str, words: Words) -> str:
    """A guard as a condition, such as one that is still to be decided by what is recorded."""
    return words.listed(_conditions(title, words)) or title


def _condition(because: str, words: Words) -> str:
    parts = list(_conditions(because, words))
    if not parts:
        return ""
    key = "needs.any" if because.startswith("any_of:") and len(parts) > 1 else "needs.all"
    return words(key, conditions=words("list.semicolon").join(parts))


# `any_of: finding_is, not: redo_possible` names what it combines one after another.
def _conditions(title: str, words: Words) -> Iterator[str]:
    negated = False
    for found in re.split(r",\s*|:\s*", title):
        name = found.strip()
        if name == "not":
            negated = True
        elif name not in _COMBINED and words.has(f"guard.{name}"):
            told = words(f"guard.{name}")
            yield words("needs.not", condition=told) if negated else told
            negated = False


@cache
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    loaded: list[list[str]] = json.loads((LOCALE / "reasons.json").read_text("utf-8"))
    return tuple((re.compile(pattern, re.DOTALL), chinese) for pattern, chinese in loaded)
