"""The Chinese words of the lines of service and what they name, read from their files.

A sentence may use the words of any line; what a word means is looked up in the line, and in the
version of it, that rules the affair spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from adapters.demo.deeds import VERB, ways
from tests.builders.lines import versions
from workflows.machine import CompiledLine

APART = ("对转办", "对挂起")
"""Tells an action of all lines from the step of a line that bears its name: signing a referral
in, refusing it; resuming what was suspended."""


def clock(line: CompiledLine, text: str, matter: str) -> str:
    """The clock of that name."""
    found = [
        spec.name
        for spec in line.spec.all_clocks()
        if spec.label.zh == text and (not spec.matters or matter in spec.matters)
    ]
    assert found, f"{line.line} {line.version} has no clock {text} for {matter}"
    return found[0]


def matter(text: str) -> str:
    """The code of a matter: by its name, by its code, or by both, as where two lines share it."""
    if re.match("[A-Z]{2}[0-9]{2}", text):
        return text[:4]
    found = {code for code, known in _matters() if known == text}
    assert len(found) == 1, f"{text} is {' or '.join(sorted(found)) or 'no matter'}: tell its code"
    return found.pop()


@cache
def _matters() -> frozenset[tuple[str, str]]:
    return frozenset(
        (code, matter.zh) for line in versions() for code, matter in line.spec.matters.items()
    )


def one_of(words: Iterable[str], name: str) -> str:
    """A pattern that takes one of these words, the longest first."""
    longest = sorted(set(words), key=len, reverse=True)
    return f"(?P<{name}>{'|'.join(re.escape(word) for word in longest)})"


def _all_of(words: Iterable[str]) -> str:
    return one_of(words, "_").replace("?P<_>", "?:")


_DEEDS = _all_of(way.spec.label.zh for line in versions() for _, way in ways(line))
DEED = f"{one_of(APART, 'apart')}?(?P<deed>{VERB}?{_DEEDS})"
STATE = one_of((label.zh for line in versions() for label in line.states.values()), "state")
CLOCK = one_of((c.label.zh for line in versions() for c in line.spec.all_clocks()), "clock")
