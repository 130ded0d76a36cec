"""One version of a line, compiled: what is open from here, for whom, and if not, why not.

The states and steps stand in a `transitions` machine that is shared, has no callbacks and is
never bound to a model: it is asked, it does not act.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from transitions import Machine

from domain.actor import SYSTEM, Actor, Role
from domain.affair.state import Affair
from domain.clock import ClockChange
from domain.errors import (
    LineInvalid,
    Malformed,
    NotPermittedNow,
    StepNotOpen,
)
from domain.offering import Place
from domain.ports import Calendar
from domain.record import NOTHING, Record
from workflows import limits, ways
from workflows.clockspec import NONE, ClockSpec, TimerSpec
from workflows.conditions import Unknown
from workflows.corrections import holdable
from workflows.extending import check_extension
from workflows.fields import Label, Reader
from workflows.guards import Ask, Guard, all_compiled
from workflows.happenings import happenings
from workflows.line import REDO, Line, Matter, for_matter
from workflows.missing import labels_of
from workflows.ways import Option, Taken, Way


@dataclass(frozen=True, slots=True)
class Redo:
    """Where an affair returns to, if the guards hold."""

    to: str
    when: tuple[Guard, ...]


class CompiledLine:
    """A version of a line as deciders and pages ask it (`domain.ports.Procedure`).

    Immutable, shared between threads. Raises LineInvalid where the line was never checked.
    """

    def __init__(self, line: Line) -> None:
        self.spec = line
        self.line, self.version, self.initial = line.code, line.version, line.initial
        self.since = line.valid.since
        self.deemed_acceptance, self.places = line.deemed_acceptance, line.places
        self.states: Mapping[str, Label] = line.all_states()
        try:
            self.steps = ways.steps(line)
            self.entries = ways.entries(line)
            self.actions = ways.actions(line)
            self._timings = {matter: limits.timings(line, matter) for matter in line.matters}
            self._barred = all_compiled(line.withdrawal_barred)
            self._redo = {matter: _redo(line, matter) for matter in line.matters}
        except Unknown as unknown:
            fault = (f"{line.code} {line.version}", 0, unknown.wrong, unknown.remedy)
            raise LineInvalid([fault]) from None
        self._registrations = {
            matter: Reader("register", ways.fields_of(line, spec.fields, matter))
            for matter, spec in line.matters.items()
        }
        self.machine = _machine(self)
        self._from = {state: _leaving(self, state) for state in self.states}
        self._labels = labels_of(line)
        self._shown: dict[tuple[str, str, Role, str], Option] = {}

    # --- what is asked by deciders -----------------------------------------------------------

    def registration(self, matter: str, record: Mapping[str, object], subject: UUID) -> Record:
        """Read the fields of a registration. Raises Malformed, FieldMissing, FieldInvalid."""
        reader = self._registrations.get(matter)
        if reader is None:
            raise Malformed("matter", f"one of {', '.join(self._registrations)}")
        return reader.read(record, subject)

    @property
    def open_states(self) -> frozenset[str]:
        """The states of its own, in which an affair goes on."""
        return frozenset(self.spec.states)

    @property
    def matters(self) -> frozenset[str]:
        """The codes of its matters."""
        return frozenset(self.spec.matters)

    def filled(self, matter: str) -> Mapping[str, str]:
        """The fields of a registration that its offering tells, each with what of it."""
        fields = self.matter(matter).fields
        return {field.name: field.filled for field in fields if field.filled}

    def kind(self, step: str) -> str:
        """step, reopen or archive; `step` for one that is unknown."""
        way = self.steps.get(step)
        return way.kind if way else "step"

    def holdable(self, event: Any, matter: str) -> frozenset[str]:
        """The fields that an event of an affair of `matter` could hold."""
        return holdable(self, event, matter)

    def registered_with(self, matter: str) -> frozenset[str]:
        """The fields that the registration of a matter asks for."""
        reader = self._registrations.get(matter)
        return reader.names if reader else frozenset()

    def require(
        self,
        step: str,
        affair: Affair,
        *,
        by: Actor,
        record: Mapping[str, object],
        at: datetime,
        calendar: Calendar,
        subject: UUID,
        place: Place | None = None,
    ) -> Taken:
        """The step, if it is open. State, role and guards are told before missing fields, and
        guards that read the record after them. Raises NameUnknown, StepNotOpen, FieldMissing,
        FieldInvalid.
        """
        way = ways.known("step", step, self.steps, self.line)
        ask = Ask(affair, by, NOTHING, at, calendar, self, way.asked, place)
        ways.pass_or_refuse(StepNotOpen, way, ask, record, subject, self._labels)
        matter, spec = affair.identity.matter, way.spec
        return Taken(
            step=step,
            action=way.action,
            kind=way.kind,
            to=self.redo_state(affair) if way.to == REDO else way.to,
            record=ask.record,
            marks=way.forms[matter].marks,
            level=getattr(spec, "level", None) or "",
            retention=self.spec.matters[matter].retention,
        )

    def entry(
        self,
        name: str,
        affair: Affair,
        *,
        by: Actor,
        record: Mapping[str, object],
        at: datetime,
        calendar: Calendar,
        subject: UUID,
        place: Place | None = None,
    ) -> Record:
        """Read an entry. Raises NameUnknown, StepNotOpen, FieldMissing, FieldInvalid."""
        way = ways.known("entry", name, self.entries, self.line)
        ask = Ask(affair, by, NOTHING, at, calendar, self, way.asked, place)
        ways.pass_or_refuse(StepNotOpen, way, ask, record, subject, self._labels)
        return ask.record

    def action(
        self,
        name: str,
        affair: Affair,
        *,
        by: Actor,
        record: Mapping[str, object],
        at: datetime,
        calendar: Calendar,
        subject: UUID,
        place: Place | None = None,
    ) -> Record:
        """Read a state-neutral action. Raises NameUnknown, NotPermittedNow, FieldMissing,
        FieldInvalid."""
        way = ways.known("action", name, self.actions, self.line)
        ask = Ask(affair, by, NOTHING, at, calendar, self, way.asked, place)
        ways.pass_or_refuse(NotPermittedNow, way, ask, record, subject, self._labels)
        if name == "extend":
            check_extension(self.clock(ask.record.text("clock")), ask, self._labels)
        return ask.record

    def clocks(
        self,
        affair: Affair | None,
        *,
        matter: str,
        happening: str,
        leaves: str,
        enters: str,
        record: Record,
        at: datetime,
        calendar: Calendar,
    ) -> tuple[ClockChange, ...]:
        """What `happening` does to the clocks (see `workflows.limits`)."""
        before = affair or limits.unborn(self.line, matter, leaves, record, at)
        asked = frozenset(field.name for field in record)
        ask = Ask(before, SYSTEM, record, at, calendar, self, asked)
        happened = frozenset(
            happenings(self.steps, before, matter, happening, leaves, enters, record)
        )
        return limits.changes(self._timings[matter], ask, happened, leaves, enters)

    def may_register(self, matter: str, by: Actor) -> bool:
        """False for a matter that only other roles may open."""
        opened_by = self.matter(matter).opened_by
        return not opened_by or by.role in (*opened_by, Role.SYS)

    def restricted(self, matter: str) -> bool:
        """True where only assigned staff may know of an affair of this matter."""
        return self.spec.matters[matter].restricted

    def suspendable(self, state: str) -> bool:
        """True where an affair in `state` may be suspended."""
        return state in self.spec.suspendable

    def redo_state(self, affair: Affair) -> str:
        """Where an affair returns to after an unsatisfied return visit; empty where nowhere."""
        standing = affair.standing
        ask = Ask(affair, SYSTEM, NOTHING, standing.last_at, None, self)
        for rule in self._redo.get(affair.identity.matter, ()):
            if all(guard.holds(ask) for guard in rule.when):
                return rule.to
        return ""

    def questions(self, matter: str) -> tuple[str, ...]:
        """What another unit can be asked in an affair of this matter."""
        return tuple(q.name for q in self.spec.questions if for_matter(q.matters, matter))

    def withdrawal_barred(self, ask: Ask) -> bool:
        """True where the line does not let the applicant withdraw."""
        return any(guard.holds(ask) for guard in self._barred)

    def return_visit_exempt(self, matter: str) -> bool:
        """True where nobody is asked after an affair of this matter."""
        return self.spec.matters[matter].return_visit == "exempt"

    # --- what is asked by pages and workers ----------------------------------------------------

    def options(
        self,
        affair: Affair,
        by: Actor,
        at: datetime,
        calendar: Calendar,
        place: Place | None = None,
    ) -> tuple[Option, ...]:
        """Every step that leads on from the affair's state, open to this actor or not."""
        here = self._from.get(affair.standing.state, ())
        return self._options(here, affair, by, at, calendar, place)

    def entry_options(
        self,
        affair: Affair,
        by: Actor,
        at: datetime,
        calendar: Calendar,
        place: Place | None = None,
    ) -> tuple[Option, ...]:
        """Every entry of the affair's state, open to this actor or not."""
        here = (w for w in self.entries.values() if affair.standing.state in w.sources)
        return self._options(tuple(here), affair, by, at, calendar, place)

    def action_options(
        self,
        affair: Affair,
        by: Actor,
        at: datetime,
        calendar: Calendar,
        place: Place | None = None,
    ) -> tuple[Option, ...]:
        """Every state-neutral action of the affair's state, open to this actor or not."""
        here = (w for w in self.actions.values() if affair.standing.state in w.sources)
        return self._options(tuple(here), affair, by, at, calendar, place)

    def matter(self, code: str) -> Matter:
        """What the file says of a matter. Raises Malformed."""
        if code not in self.spec.matters:
            raise Malformed("matter", f"one of {', '.join(self.spec.matters)}")
        return self.spec.matters[code]

    def clock(self, name: str) -> ClockSpec | None:
        """What the file says of a clock."""
        return next((spec for spec in self.spec.all_clocks() if spec.name == name), None)

    def timer(self, clock: str) -> TimerSpec | None:
        """What the end of a clock of kind timer fires; None where nothing follows."""
        timers = (timer for timer in self.spec.all_timers() if timer.fires != NONE)
        return next((timer for timer in timers if timer.clock == clock), None)

    # --- how it is found out -------------------------------------------------------------------

    def _options(
        self,
        here: tuple[Way, ...],
        affair: Affair,
        by: Actor,
        at: datetime,
        calendar: Calendar,
        place: Place | None = None,
    ) -> tuple[Option, ...]:
        ask = Ask(affair, by, NOTHING, at, calendar, self, place=place)
        matter, role, found = affair.identity.matter, by.role, []
        for way in here:
            if matter not in way.forms:
                continue
            key = (way.id, matter, role, way.in_the_way(ask))
            option = self._shown.get(key)
            if option is None:
                option = self._shown[key] = way.option(matter, role, key[3])
            found.append(option)
        return tuple(found)


def _redo(line: Line, matter: str) -> tuple[Redo, ...]:
    own = line.matters[matter].redo
    if own is not None:
        return () if own == "none" else (Redo(own, ()),)
    return tuple(
        Redo(rule.to, all_compiled(rule.when))
        for rule in line.redo
        if for_matter(rule.matters, matter)
    )


def _machine(line: CompiledLine) -> Machine:
    targets = dict.fromkeys(s for m in line.spec.matters for s in line.spec.redo_targets(m))
    return Machine(
        model=None,
        states=list(line.states),
        initial=line.initial,
        transitions=[
            {"trigger": way.action, "source": source, "dest": to}
            for way in line.steps.values()
            for source in line.states
            if source in way.sources
            for to in (targets if way.to == REDO else (way.to,))
        ],
        auto_transitions=False,
    )


def _leaving(line: CompiledLine, state: str) -> tuple[Way, ...]:
    triggers = set(line.machine.get_triggers(state))
    return tuple(w for w in line.steps.values() if state in w.sources and w.action in triggers)
