"""What an affair waits for besides its next step: entries and actions that are due now.

Nothing here is a list of names: clocks say what stops them, guards say what they ask for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from domain.clock import Clock, ClockKind
from workflows.conditions import Ask, Entries, Guard
from workflows.guards import counted
from workflows.line import RESOLVED, EntrySpec
from workflows.machine import CompiledLine
from workflows.ways import Way

QUESTION_LEFT = "question_left"
"""The guard of what asks another unit something."""


@lru_cache(maxsize=4_096)
def is_next(line: CompiledLine, step: str, state: str) -> bool:
    """Whether a step is what comes next in a state: the line's own; of the rules of all lines,
    such as withdrawal, only those that follow after resolving."""
    return state == RESOLVED or any(spec.id == step for spec in line.spec.transitions)


def failing(way: Way, ask: Ask) -> tuple[Guard, ...]:
    """The guards that bar a way whoever takes it, before anything is recorded."""
    return tuple(
        guard
        for guard in way.before
        if not any(part.predicate.acting for part in guard.parts()) and not guard.holds(ask)
    )


def due(line: CompiledLine, ask: Ask, barring: Sequence[Guard]) -> Mapping[str, tuple[Clock, ...]]:
    """The entries and actions that are due now, each with the clocks that it stops.

    barring: the guards that bar the next steps. Due is what stops a running clock; what answers
    something that was asked for; and what a barred step waits for, as an answer that nobody has
    asked for.
    """
    state, matter = ask.affair.standing.state, ask.affair.identity.matter
    running = [
        (clock, spec.stops_on)
        for clock in ask.affair.clocks
        if clock.running
        and clock.kind is not ClockKind.TIMER
        and (spec := line.clock(clock.name)) is not None
    ]
    awaited = frozenset(name for guard in barring for name in _awaited(guard, ask))
    found = {}
    for way, answers, asks in _here(line, state, matter):
        clocks = tuple(clock for clock, stops in running if _stops(way.id, stops))
        met = ("entry", way.id) in awaited or any(("field", one) in awaited for one in way.asked)
        met = met or (asks and any(kind == "question" for kind, _ in awaited))
        if (clocks or answers or met) and not failing(way, ask):
            found[way.id] = clocks
    return found


# The same for every affair in that state.
@lru_cache(maxsize=4_096)
def _here(line: CompiledLine, state: str, matter: str) -> tuple[tuple[Way, bool, bool], ...]:
    """The entries and actions of a state, each with whether it answers something, and whether it
    asks another unit."""
    return tuple(
        (
            way,
            any(_answers(guard) for guard in way.before),
            any(guard.name == QUESTION_LEFT for guard in way.before),
        )
        for way in (*line.entries.values(), *line.actions.values())
        if state in way.sources and matter in way.forms and not _corrects(way)
    )


def _corrects(way: Way) -> bool:
    return isinstance(way.spec, EntrySpec) and way.spec.corrects


def _stops(name: str, stops: Iterable[str]) -> bool:
    # `entry:contact`; `sign_in`; `return_visit:reached`, by what is recorded.
    return any(one in (name, f"entry:{name}") or one.startswith(f"{name}:") for one in stops)


def _answers(guard: Guard, *, negated: bool = False) -> bool:
    if guard.name == "not":
        return any(_answers(part, negated=not negated) for part in guard.parameter)
    return guard.predicate.pending == ("fails" if negated else "holds")


def _awaited(guard: Guard, ask: Ask) -> Iterator[tuple[str, str]]:
    """What a guard that fails asks for and nobody has written: entries since the affair came into
    its state, whatever they say, and fields."""
    wanted = guard.parameter
    if guard.holds(ask) or guard.name == "not":
        return
    if guard.predicate.names == "guard":
        for part in wanted:
            yield from _awaited(part, ask)
    elif guard.predicate.names == "question":
        yield from (("question", one) for one in wanted if one not in ask.affair.work.questions)
    elif guard.name == "entries_at_least" and isinstance(wanted, Entries):
        written = wanted.model_copy(update={"where": {}, "in_state": True})
        if counted(ask, written) < written.count:
            yield "entry", written.entry
    else:
        yield from (("field", name) for name in guard.fields() if not ask.fact(name))
