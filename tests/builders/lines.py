"""Every line of service as its files say it, each version compiled once."""

from __future__ import annotations

from functools import cache

from workflows.guards import all_compiled
from workflows.loading import load_folder
from workflows.machine import CompiledLine


@cache
def versions() -> tuple[CompiledLine, ...]:
    """All versions of all lines, in the order of their files."""
    return tuple(CompiledLine(spec) for spec in load_folder())


def codes() -> tuple[str, ...]:
    """The lines, each once."""
    return tuple(dict.fromkeys(line.line for line in versions()))


def of(code: str) -> tuple[CompiledLine, ...]:
    """The versions of a line."""
    return tuple(line for line in versions() if line.line == code)


EVENTS = 173 + len(load_folder())
"""Of the demonstration: its story and its foundation, with each version of a line published."""


@cache
def deciding(line: CompiledLine) -> frozenset[str]:
    """The fields on which something hangs: a guard asks for them, or a clock goes by them."""
    spec = line.spec
    ways = (*line.steps.values(), *line.entries.values(), *line.actions.values())
    guards = [guard for way in ways for guard in (*way.before, *way.after)]
    written = [*spec.withdrawal_barred]
    for when in (
        *(rule.when for rule in spec.redo),
        *(rule.when for rule in spec.reactions),
        *(clock.when + clock.extends_when for clock in spec.all_clocks()),
        *(case.when for clock in spec.all_clocks() for case in clock.limits),
    ):
        written += when
    named = [
        one for guard in (*guards, *all_compiled(tuple(written))) for one in guard.references()
    ]
    return frozenset(
        (
            *(name.partition(".")[2] or name for kind, name in named if kind in ("field", "noted")),
            *(clock.due_field for clock in spec.all_clocks() if clock.due_field),
        )
    )
