"""Reactions: an event of one affair that makes a command for another.

Three unjustified refusals of work open a review of 低保; a hazard seen registers an affair. What
is made is told here and carried out by the worker, whose command id derives from the position
of the event and the reaction's id, so that it is made once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from domain.actor import SYSTEM
from domain.affair import events as e
from domain.affair.evolve import facts_of
from domain.affair.state import Affair
from domain.record import NOTHING, Record
from workflows.corrections import ACTIONS
from workflows.guards import Ask, all_compiled
from workflows.line import Make
from workflows.machine import CompiledLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """A command to make.

    id: the rule's, in its line file. command: register opens an affair of `line` and `matter`
    with `summary`; entry and action do `name` to the affair that this one came from.
    record: texts and plain values, as `Register`, `RecordEntry` and `Act` take them.
    """

    id: str
    command: Literal["register", "entry", "action"]
    line: str
    matter: str
    name: str
    summary: str
    record: dict[str, object]


def reactions_for(
    line: CompiledLine, event: Any, before: Affair | None, after: Affair
) -> list[Reaction]:
    """What `event`, which took the affair from `before` to `after`, makes by the line's rules.

    Guards are asked of the affair after it. Pure: asked twice, it says the same.
    """
    happened = frozenset(_happened(line, event, before, after))
    record: Record = getattr(event, "record", NOTHING)
    ask = Ask(after, SYSTEM, record, event.occurred_at, None, line)
    return [
        _made(rule.id, rule.make, after, record)
        for rule in line.spec.all_reactions()
        if happened & set(rule.on) and all(g.holds(ask) for g in all_compiled(rule.when))
    ]


def _happened(
    line: CompiledLine, event: Any, before: Affair | None, after: Affair
) -> Iterator[str]:
    match event:
        case e.Registered():
            yield "register"
        case e.StepTaken(step=step) | e.Archived(step=step):
            yield step
        case e.Reopened(step=step):
            yield step
            yield "reopened"
        case e.Merged():
            yield from (way.id for way in line.steps.values() if "merged_into" in way.asked)
        case e.EntryRecorded(entry=entry):
            yield f"entry:{entry}"
        case e.AnswerRequested(question=question):
            yield "request_answer"
            yield f"question:{question}"
        case e.AnswerReceived(question=question):
            yield "receive_answer"
            yield f"answer:{question}"
        case e.ReturnVisitRecorded(outcome=outcome):
            yield "return_visit"
            yield f"return_visit:{outcome}"
        case _ if type(event) in ACTIONS:
            yield ACTIONS[type(event)]
    if before is None or before.standing.state != after.standing.state:
        yield f"state:{after.standing.state}"
        if before is not None:
            yield from _milestones(event, before, after)


def _milestones(event: Any, before: Affair, after: Affair) -> Iterator[str]:
    if before.identity.accepted_at is None and after.identity.accepted_at is not None:
        yield "accepted"
    if "clock_stop" in getattr(event, "marks", ()) and not before.standing.handled:
        yield "clock_stop"
    if after.standing.closed_at is not None and before.standing.closed_at is None:
        yield "ended"


def _made(id_: str, make: Make, affair: Affair, record: Record) -> Reaction:
    now = facts_of(record)
    matter = now.get(make.matter_from, "") if make.matter_from else make.matter or ""
    copied = {to: now.get(name, affair.facts.get(name, "")) for to, name in make.copied.items()}
    return Reaction(
        id=id_,
        command=make.command,
        line=make.line or matter[:2],
        matter=matter,
        name=make.name or "",
        summary=make.summary.zh if make.summary else "",
        record={**make.record, **{name: value for name, value in copied.items() if value}},
    )
