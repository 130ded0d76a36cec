"""The Chinese words of the lines of service and what they name, read from their files.

A sentence may use the words of any line; what a word means is looked up in the line, and in the
version of it, that rules the affair spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal, NamedTuple

from tests.builders.lines import versions
from workflows.machine import CompiledLine
from workflows.ways import Way

APART = ("对转办", "对挂起")
"""Tells an action of all lines from the step of a line that bears its name: signing a referral
in, refusing it; resuming what was suspended."""

VERB = "(?:办理|记录|提出|作出|决定)"
"""May stand before what is done."""


class Deed(NamedTuple):
    """What can be done with an affair: a step, an entry or an action, by its id."""

    kind: Literal["step", "entry", "action"]
    id: str


def ways(line: CompiledLine) -> Iterator[tuple[Deed, Way]]:
    """All that a line knows to do, a step before an entry before an action."""
    yield from ((Deed("step", id_), way) for id_, way in line.steps.items())
    yield from ((Deed("entry", id_), way) for id_, way in line.entries.items())
    yield from ((Deed("action", id_), way) for id_, way in line.actions.items())


def way(line: CompiledLine, done: Deed) -> Way:
    """What the line says of it."""
    found = {"step": line.steps, "entry": line.entries, "action": line.actions}
    return found[done.kind][done.id]


def label(line: CompiledLine, done: Deed) -> str:
    """Its Chinese name."""
    return way(line, done).spec.label.zh


def named(line: CompiledLine, text: str, *, apart: bool = False) -> list[Deed]:
    """What a text means in a line: steps of that name before an entry before an action; more
    than one where several steps share a name."""
    words = (text, re.sub(f"^{VERB}", "", text))
    for word in words:
        known = [done for done, way in ways(line) if way.spec.label.zh == word]
        for kind in ("action",) if apart else ("step", "entry", "action"):
            if found := [done for done in known if done.kind == kind]:
                return found
    return []


def deed(
    line: CompiledLine, text: str, *, apart: bool = False, matter: str = "", state: str = ""
) -> Deed:
    """What a text means for an affair of `matter` in `state`; of several steps of one name, the
    one that fits it."""
    found = named(line, text, apart=apart)
    assert found, f"{line.line} {line.version} does not know {text}"

    def fits(done: Deed) -> tuple[bool, bool]:
        known = way(line, done)
        return matter in known.forms, state in known.sources

    return max(found, key=fits)


def state(line: CompiledLine, text: str) -> str:
    """The state of that name."""
    found = [code for code, label in line.states.items() if label.zh == text]
    assert found, f"{line.line} {line.version} has no state {text}"
    return found[0]


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
