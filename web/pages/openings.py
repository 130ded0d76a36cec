"""What can be done next with an affair: open to the reader, waiting for others, or barred and why.

Each leads to its form at an address of its own.
"""

from dataclasses import dataclass

from domain.affair.state import Affair
from web.deadlines import limits_on_entering
from web.options import because_of, why
from web.pages.case import Case
from web.reasons import condition
from workflows.line import REDO, RESOLVED
from workflows.machine import CompiledLine
from workflows.rights import resource_of
from workflows.ways import Option

OTHERS = ("role", "right")
"""In the way of this reader, but not of everybody."""

KINDS = ("mine", "others", "barred")

OUT = ("not_accepted", "withdrawn", "terminated")
"""Ends at which nothing was brought about."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it is told. kind: mine, others or barred. away: it leads back, or out of the
    procedure. why: what is in the way."""

    id: str
    name: str
    kind: str
    away: bool
    left: str
    to: str
    who: str
    limits: str
    needs: str
    depends: str
    law: str
    why: str


def steps_of(case: Case) -> list[Step]:
    """The steps of the affair's state: the reader's own first, of these the line's own, and of
    these those that lead on."""
    if case.state is None:
        return []
    line = case.office.procedure(case.state)
    place = case.office.place(case.row.affair_id, case.state)
    options = line.options(case.state, case.who.actor, case.watch.now, case.office.calendar, place)
    own = {spec.id for spec in line.spec.transitions}
    ours = sorted(
        filter(_ours, options),
        key=lambda one: (one.step not in own, _away(one, case.row.state, line)),
    )
    steps = [_step(option, case, case.state, line) for option in ours]
    return sorted(steps, key=lambda step: KINDS.index(step.kind))


def anytime(case: Case) -> list[tuple[str, str]]:
    """Entries and actions that are open to the reader: the address of each and its name."""
    affair = case.state
    if affair is None:
        return []
    line, resource = case.office.procedure(affair), resource_of(affair)
    place = case.office.place(case.row.affair_id, affair)
    asked = (affair, case.who.actor, case.watch.now, case.office.calendar, place)
    return [
        (f"{folder}/{option.step}", case.words.label(option.label))
        for folder, options in (
            ("entries", line.entry_options(*asked)),
            ("actions", line.action_options(*asked)),
        )
        for option in options
        if not because_of(option, case.who, resource)
    ]


# What the clock alone may do is nobody's next step.
def _ours(option: Option) -> bool:
    return any(role != "SYS" for role in option.by)


# A line names its states in the order in which an affair goes through them.
def _away(option: Option, state: str, line: CompiledLine) -> bool:
    """Whether a step leads back, or out of the procedure."""
    order = list(line.states)
    if option.to not in order:
        return False
    return option.to in OUT or order.index(option.to) < order.index(state)


def _step(option: Option, case: Case, affair: Affair, line: CompiledLine) -> Step:
    words = case.words
    because = because_of(option, case.who, resource_of(affair))
    to = line.redo_state(affair) if option.to == REDO else option.to
    matter = affair.identity.matter
    return Step(
        id=option.step,
        name=words.label(option.label),
        kind=_kind(option, because, affair.standing.state, line),
        away=_away(option, affair.standing.state, line),
        left=words.label(line.states[affair.standing.state]),
        to=words.label(line.states[to]) if to in line.states else "",
        who=words.listed(words(f"role.{role.value}") for role in option.by),
        limits=words("list.semicolon").join(
            f"{name} {limit}" for name, limit in limits_on_entering(line, matter, to, words)
        ),
        needs=words.listed(words.label(field.label) for field in option.fields if field.required),
        depends=words("list.semicolon").join(
            dict.fromkeys(condition(one, words) for one in option.depends if ":" not in one)
        ),
        law=option.law,
        why=why(option, because, words),
    )


# Rules of all lines, such as withdrawal, are nobody's next step while the line has its own.
def _kind(option: Option, because: str, state: str, line: CompiledLine) -> str:
    if not because:
        return "mine"
    next_one = state == RESOLVED or option.step in {spec.id for spec in line.spec.transitions}
    return "others" if because in OTHERS and next_one else "barred"
