"""A step, an entry or an action as a page offers it to one reader: whether it is open, what it
asks for, which command it becomes. The same refusals as the API's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from domain.affair.assigning import check_recusal
from domain.affair.commands import Act, Command, RecordEntry, TakeStep
from domain.affair.state import Affair
from domain.errors import MustRecuse, NotFound, NotPermittedNow, Refusal, StepNotOpen
from projections.affair_page import AffairPageRow
from web.api.commands import named
from web.api.routes import key_of
from web.conditions import limit_words
from web.deadlines import limits_on_entering
from web.entrance import reach, reach_any
from web.ports import Office, SignedIn
from web.words import Words
from workflows.line import REDO, EntrySpec
from workflows.machine import CompiledLine
from workflows.rights import STEPS, VIEW, authorise, authorise_affair, resource_of, right_of
from workflows.ways import Way

Kind = Literal["steps", "entries", "actions"]
NAMED: Mapping[Kind, str] = {"steps": "step", "entries": "entry", "actions": "action"}


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody wants to do with an affair. way: as the affair's line has it.

    refusal: the line's no to it as things stand; None where it is open.
    """

    kind: Kind
    way: Way
    refusal: Refusal | None
    row: AffairPageRow
    affair: Affair
    version: int
    line: CompiledLine

    @property
    def to(self) -> str:
        """The state it leads to; empty where it stays."""
        to = self.way.to
        return self.line.redo_state(self.affair) if to == REDO else to

    @property
    def corrects(self) -> bool:
        """Whether it puts a record right."""
        return isinstance(self.way.spec, EntrySpec) and self.way.spec.corrects

    def command(
        self,
        who: SignedIn,
        command_id: UUID,
        drawn: int,
        at: datetime,
        record: Mapping[str, Any],
    ) -> Command:
        """What is to be carried out. drawn: the version that the form was drawn from."""
        asked: dict[str, Any] = {
            "command_id": command_id,
            "by": who.actor,
            "occurred_at": at,
            "expected_version": drawn,
            "affair_id": self.row.affair_id,
            "record": record,
        }
        match self.kind:
            case "steps":
                return TakeStep(**asked, step=self.way.id)
            case "entries":
                return RecordEntry(**asked, entry=self.way.id)
            case "actions":
                return Act(**asked, action=self.way.id)

    def limits(self, words: Words) -> Iterable[tuple[str, str]]:
        """The clocks that it starts, with their limits in words."""
        matter = self.affair.identity.matter
        if self.to and self.to != self.affair.standing.state:
            yield from limits_on_entering(self.line, matter, self.to, words)
        happens = {self.way.id, f"entry:{self.way.id}", f"state:{self.to}"}
        for spec in self.line.spec.all_clocks():
            if spec.limit is not None and happens & set(spec.starts_on):
                yield words.label(spec.label), limit_words(spec.limit, words)


def deed_of(office: Office, who: SignedIn, key: str, kind: Kind, name: str) -> Deed:
    """What is meant, for whoever may view the affair and has the right to it.

    Raises NotFound, NotAllowed; and what the line says to a name that it does not know.
    """
    named(NAMED[kind], name)
    # Which right a step asks for, its line says. Whoever has none learns nothing of the affair.
    reach_any(who, STEPS if kind == "steps" else (right_of(NAMED[kind], name),))
    row = office.affair(reach(who, VIEW), key_of(key))
    affair, version = office.standing(row.affair_id)
    line = office.procedure(affair)
    resource = resource_of(affair)
    authorise(who.actor, VIEW, resource, key, what="affair")
    right = right_of(line.kind(name)) if kind == "steps" else right_of(NAMED[kind], name)
    authorise_affair(who.actor, right, resource, key)
    now, calendar = office.now(), office.calendar
    offers, ask = {
        "steps": (line.options, line.require),
        "entries": (line.entry_options, line.entry),
        "actions": (line.action_options, line.action),
    }[kind]
    place = office.place(row.affair_id, affair)
    offered = offers(affair, who.actor, now, calendar, place)
    open_ = any(option.step == name and not option.because for option in offered)
    refusal: Refusal | None = None
    ways: Mapping[str, Way] = getattr(line, kind)
    if not open_:
        try:
            check_recusal(affair, who.actor.account)
            ask(
                name,
                affair,
                by=who.actor,
                record={},
                at=now,
                calendar=calendar,
                subject=row.affair_id,
                place=place,
            )
        except (StepNotOpen, NotPermittedNow, MustRecuse) as no:
            refusal = no
    if name not in ways or affair.identity.matter not in ways[name].forms:
        raise refusal or NotFound("affair", key)
    return Deed(kind, ways[name], refusal, row, affair, version, line)


# A minute is told, and an instant meant: the first of the minute may lie before what happened
# in the same minute.
def meant(told: datetime, affair: Affair) -> datetime:
    """The instant that is meant by a minute."""
    earliest = affair.standing.acted_at
    if earliest is not None and told < earliest < told + timedelta(minutes=1):
        return earliest
    return told
