"""The Chinese words of a line of service and what they name, read from its file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal, NamedTuple

from domain.clock import ClockKind
from workflows.loading import load_folder
from workflows.machine import CompiledLine
from workflows.ways import Way

LINE = "CG"


class Deed(NamedTuple):
    """What can be done with an affair: a step, an entry or an action, by its id."""

    kind: Literal["step", "entry", "action"]
    id: str


@cache
def line() -> CompiledLine:
    """The line of the scenarios, as its file has it."""
    (spec,) = (each for each in load_folder() if each.code == LINE)
    return CompiledLine(spec)


def _named(ways: Mapping[str, Way]) -> dict[str, str]:
    named = {way.spec.label.zh: id_ for id_, way in ways.items()}
    assert len(named) == len(ways), "two deeds bear one name"
    return named


STEPS = _named(line().steps)
ENTRIES = _named(line().entries)
ACTIONS = _named(line().actions)
STATES = {label.zh: state for state, label in line().states.items()}
MATTERS = {matter.zh: code for code, matter in line().spec.matters.items()}
CLOCKS = {spec.label.zh: spec.name for spec in line().spec.all_clocks()}
STAGES = {
    spec.label.zh: spec.name
    for spec in line().spec.all_clocks()
    if spec.kind is not ClockKind.TIMER
}
ON_REFERRAL = "对转办"
"""Tells signing a referral in, or refusing it, from the step of the procedure so named."""


def deed(label: str, *, on_referral: bool = False) -> Deed:
    """What a label means: a step before an entry before an action."""
    if on_referral:
        return Deed("action", ACTIONS[label])
    if label in STEPS:
        return Deed("step", STEPS[label])
    if label in ENTRIES:
        return Deed("entry", ENTRIES[label])
    return Deed("action", ACTIONS[label])


def way(done: Deed) -> Way:
    """What the line says of it."""
    ways = {"step": line().steps, "entry": line().entries, "action": line().actions}
    return ways[done.kind][done.id]


def label(done: Deed) -> str:
    """Its Chinese name."""
    return way(done).spec.label.zh


def one_of(words: Iterable[str], name: str) -> str:
    """A pattern that takes one of these words, the longest first."""
    longest = sorted(set(words), key=len, reverse=True)
    return f"(?P<{name}>{'|'.join(re.escape(word) for word in longest)})"


DEED = f"(?P<on_referral>{ON_REFERRAL})?{one_of((*STEPS, *ENTRIES, *ACTIONS), 'deed')}"
STATE = one_of(STATES, "state")
CLOCK = one_of(CLOCKS, "clock")
