"""Why something is not possible, in the reader's words.

Decisions tell it in codes (`state`, `role`, a guard's name) or in short English; the codes are
in the catalogues, and the English sentences have their Chinese in `workflows/locale`.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from domain.errors import NotPermittedNow, StepNotOpen
from domain.missing import Count, Missing, Named
from web.words import Words
from workflows.chinese import in_chinese

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
    return english if words.language == "en" else in_chinese(english, "details", "reasons")


def in_the_way(refusal: StepNotOpen | NotPermittedNow, words: Words) -> str:
    """What stands in the way: in the line's own words where it has some, else what is missing."""
    if refusal.own:
        return refusal.own[words.language == "en"]
    if not refusal.missing:
        return reason(refusal.because, words)
    parts = [_lacking(one, words) for one in refusal.missing]
    return _needed(refusal.because, parts, words)


def lack(missing: Missing) -> dict[str, Any]:
    """What a guard finds missing, ready for JSON."""
    told = asdict(missing)
    told["until"] = missing.until.isoformat() if missing.until else None
    return told


def condition(title: str, words: Words) -> str:
    """A guard as a condition, such as one that is still to be decided by what is recorded."""
    return words.listed(_conditions(title, words)) or title


def _condition(because: str, words: Words) -> str:
    parts = list(_conditions(because, words))
    return _needed(because, parts, words) if parts else ""


def _needed(because: str, parts: list[str], words: Words) -> str:
    key = "needs.any" if because.startswith("any_of:") and len(parts) > 1 else "needs.all"
    return words(key, conditions=words("list.semicolon").join(parts))


def _lacking(missing: Missing, words: Words) -> str:
    name = missing.guard
    told = _negated(name, words) if missing.negated else words(f"guard.{name}")
    details = [_called(one, words) for one in missing.named]
    details += [_counted(one, words) for one in missing.counts]
    if missing.until:
        details.append(words("needs.until", moment=words.moment(missing.until)))
    listed = words("list.semicolon").join(details)
    return words("needs.details", condition=told, details=listed) if details else told


def _called(named: Named, words: Words) -> str:
    label = words.label(named)
    if named.kind == "role":
        label = words(f"role.{named.code}")
    elif named.kind == "step":
        label = f"{named.code} {label}"
    if not named.values:
        return label or named.code
    values = words.listed(_called(value, words) for value in named.values)
    return words("list.pair", key=label or named.code, value=values)


def _counted(count: Count, words: Words) -> str:
    if words.has(f"limit.{count.of}"):
        return words.counted(f"limit.{count.of}", count.need)
    unit = words(f"measure.{count.of}")
    have = words("needs.none") if count.have is None else count.have
    return words(f"needs.{count.limit}", need=count.need, have=have, unit=unit)


# `any_of: finding_is, not: redo_possible` names what it combines one after another.
def _conditions(title: str, words: Words) -> Iterator[str]:
    negated = False
    for found in re.split(r",\s*|:\s*", title):
        name = found.strip()
        if name == "not":
            negated = True
        elif name not in _COMBINED and words.has(f"guard.{name}"):
            yield _negated(name, words) if negated else words(f"guard.{name}")
            negated = False


# Most have words of their own: "a joint task is open" says more than "not every one is done".
def _negated(name: str, words: Words) -> str:
    own = f"guard.not.{name}"
    if words.has(own):
        return words(own)
    return words("needs.not", condition=words(f"guard.{name}"))
