"""What can be done with an affair, compiled: steps, entries and actions, each with its guards,
its roles and what it asks for in each matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from domain.actor import Role
from domain.clock import ClockKind
from domain.errors import NameUnknown, NotPermittedNow, StepNotOpen
from domain.record import Record
from workflows.clockspec import Guards
from workflows.corrections import correctable
from workflows.fields import FieldSpec, Label, Reader
from workflows.guards import Ask, Guard, all_compiled
from workflows.line import REDO, EntrySpec, Line, TransitionSpec, for_matter
from workflows.missing import Labels, missing_of

ACCEPTED, CLOCK_STOP = "accepted", "clock_stop"


class Option(NamedTuple):
    """A step, an entry or an action as it stands for one actor.

    open: it can be taken now. because: `state`, `role` or the guard in the way, else empty.
    told: the line's own words for that guard.
    depends: guards that what is recorded will decide. by: the roles that may take it.
    to: the state it leads to, empty where it stays. kind: step, reopen, archive, entry, action.
    """

    step: str
    action: str
    label: Label
    to: str
    law: str
    open: bool
    because: str
    told: Label | None
    depends: tuple[str, ...]
    fields: tuple[FieldSpec, ...]
    by: tuple[Role, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that is open, with its record read (`domain.ports.Move`)."""

    step: str
    action: str
    kind: str
    to: str
    record: Record
    marks: tuple[str, ...]
    level: str
    retention: str


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked for in one matter: of the roles themselves, and of those who enter for them.

    marks: what the step counts as in this matter.
    """

    own: Reader
    behalf: Reader
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One step, entry or action.

    to: the state it leads to, `redo` where the affair tells, empty where it stays.
    before, after: guards that do not read what is recorded now, and those that do.
    forms: by matter; a matter without one has no such way.
    """

    id: str
    spec: TransitionSpec | EntrySpec
    action: str
    kind: str
    sources: frozenset[str]
    to: str
    by: frozenset[Role]
    behalf: frozenset[Role]
    before: tuple[Guard, ...]
    after: tuple[Guard, ...]
    asked: frozenset[str]
    forms: Mapping[str, Form]

    def in_the_way(self, ask: Ask) -> str:
        """`recused`, `state`, `role`, or the first guard that fails before anything is recorded;
        or empty."""
        affair = ask.affair
        if ask.by.account in affair.work.recused:
            return "recused"
        if affair.standing.state not in self.sources:
            return "state"
        if ask.by.role not in self.by and ask.by.role not in self.behalf:
            return "role"
        if affair.identity.matter not in self.forms:
            return "matter_in"
        return self._failing(self.before, ask)

    def refused(self, ask: Ask, record: Mapping[str, object], subject: UUID) -> str:
        """What is in the way, before anything is recorded or by what is; or empty.

        The record is read into `ask` in between. Raises FieldMissing, FieldInvalid.
        """
        because = self.in_the_way(ask)
        if because:
            return because
        reader = self.reader(ask.affair.identity.matter, ask.by.role)
        ask.record = reader.read(record, subject, ask.at, ask.affair.identity.registered_at)
        return self._failing(self.after, ask)

    def closed_to(self, ask: Ask) -> str:
        """What would have been in the way of something that was recorded already; or empty.

        A field that was not recorded then is told as `field: NAME`. What hung on the place of an
        offering is not asked again: it stood as it stood.
        """
        if because := self.in_the_way(ask):
            return because
        after = tuple(g for g in self.after if not any(p.predicate.placed for p in g.parts()))
        if because := self._failing(after, ask):
            return because
        specs = self.reader(ask.affair.identity.matter, ask.by.role).specs
        known = {field.name for field in ask.record}
        missing = (spec.name for spec in specs if spec.required and spec.name not in known)
        return next((f"field: {name}" for name in missing), "")

    def guard(self, ask: Ask, because: str) -> Guard | None:
        """The guard that is in the way; None where it is the state, the role or the matter."""
        here = (g for g in (*self.before, *self.after) if g.title == because)
        return next((guard for guard in here if not guard.holds(ask)), None)

    def reader(self, matter: str, role: Role) -> Reader:
        """What reads the record of an actor in this role."""
        form = self.forms[matter]
        return form.behalf if role in self.behalf and role not in self.by else form.own

    def option(self, matter: str, role: Role, because: str) -> Option:
        """How it is shown."""
        return Option(
            step=self.id,
            action=self.action,
            label=self.spec.label,
            to=self.to,
            law=self.spec.law or "",
            open=not because,
            because=because,
            told=next((g.told for g in self.before if g.title == because), None),
            depends=tuple(guard.title for guard in self.after),
            fields=self.reader(matter, role).specs if matter in self.forms else (),
            by=tuple(role for role in Role if role in self.by or role in self.behalf),
            kind=self.kind,
        )

    def _failing(self, guards: tuple[Guard, ...], ask: Ask) -> str:
        return next((guard.title for guard in guards if not guard.holds(ask)), "")


def known(what: str, name: str, ways: Mapping[str, Way], line: str) -> Way:
    """The step, entry or action of that name. Raises NameUnknown."""
    if name not in ways:
        raise NameUnknown(what, name, line, tuple(ways))
    return ways[name]


def pass_or_refuse(
    refusal: type[StepNotOpen | NotPermittedNow],
    way: Way,
    ask: Ask,
    record: Mapping[str, object],
    subject: UUID,
    labels: Labels,
) -> None:
    """Read the record into `ask`, if the way is open. Raises `refusal` with what is missing,
    FieldMissing, FieldInvalid."""
    because = way.refused(ask, record, subject)
    if not because:
        return
    guard = way.guard(ask, because)
    if guard is None:
        raise refusal(way.id, because)
    raise refused_by(guard, refusal, way.id, ask, labels)


def refused_by(
    guard: Guard,
    refusal: type[StepNotOpen | NotPermittedNow],
    way: str,
    ask: Ask,
    labels: Labels,
) -> StepNotOpen | NotPermittedNow:
    """The refusal by a guard that does not hold, with what it finds missing."""
    own = (guard.told.zh, guard.told.en) if guard.told else None
    return refusal(way, guard.title, tuple(missing_of(guard, ask, labels)), own)


def steps(line: Line) -> dict[str, Way]:
    """Every step by its id, the line's own first. Raises conditions.Unknown."""
    return {spec.id: _step(line, spec) for spec in line.all_transitions()}


def entries(line: Line) -> dict[str, Way]:
    """Every entry by its name."""
    return {spec.name: _entry(line, spec, "entry") for spec in line.all_entries()}


def actions(line: Line) -> dict[str, Way]:
    """Every state-neutral action by its name."""
    own = {"suspend": line.suspends_when}
    return {
        spec.name: _entry(line, spec, "action", own.get(spec.name, ()))
        for spec in line.common.actions
    }


def _step(line: Line, spec: TransitionSpec) -> Way:
    to = line.state(spec.to)
    every, entering = line.common.every_move, line.common.entering.get(to)
    written = () if spec.id in every.unless else every.when
    written += (entering.when if entering else ()) + spec.when
    own = {field.name for field in spec.fields}
    fields = spec.fields + tuple(
        field for field in (entering.fields if entering else ()) if field.name not in own
    )
    return _way(
        line,
        spec,
        key=spec.id,
        action=spec.action,
        kind=spec.kind,
        sources=line.states_of(spec.sources),
        to=to,
        guards=all_compiled(written),
        fields=fields,
    )


def _entry(line: Line, spec: EntrySpec, kind: str, own: Guards = ()) -> Way:
    return _way(
        line,
        spec,
        key=spec.name,
        action=spec.name,
        kind=kind,
        sources=line.states_of(spec.states),
        to="",
        guards=all_compiled(spec.when + own),
        fields=spec.fields + (correctable(line, spec) if spec.corrects else ()),
    )


def _way(
    line: Line,
    spec: TransitionSpec | EntrySpec,
    *,
    key: str,
    action: str,
    kind: str,
    sources: frozenset[str],
    to: str,
    guards: tuple[Guard, ...],
    fields: tuple[FieldSpec, ...],
) -> Way:
    asked = frozenset(field.name for field in fields)
    rule = line.common.on_behalf
    asking = {
        matter: fields_of(line, fields, matter)
        for matter in line.matters
        if for_matter(spec.matters, matter) and (to != REDO or line.redo_targets(matter))
    }
    return Way(
        id=key,
        spec=spec,
        action=action,
        kind=kind,
        sources=sources,
        to=to,
        by=frozenset(spec.by),
        behalf=frozenset(rule.by if rule.of in spec.by else ()),
        before=tuple(guard for guard in guards if not guard.fields() & asked),
        after=tuple(guard for guard in guards if guard.fields() & asked),
        asked=asked,
        forms={
            matter: Form(
                own=Reader(key, asked_for),
                behalf=Reader(key, (*asked_for, rule.field)),
                marks=marks(line, key, matter, getattr(spec, "marks", ())),
            )
            for matter, asked_for in asking.items()
            # Where a line has no question that could be put, none can be asked.
            if all(f.choices or not (f.required and f.choices_from) for f in asked_for)
        },
    )


def fields_of(line: Line, fields: Iterable[FieldSpec], matter: str) -> tuple[FieldSpec, ...]:
    """The fields that a matter asks for, their choices filled in."""
    return tuple(_chosen(line, f, matter) for f in fields if for_matter(f.matters, matter))


def _chosen(line: Line, field: FieldSpec, matter: str) -> FieldSpec:
    match field.choices_from:
        case "questions":
            named = {q.name: q.label for q in line.questions if for_matter(q.matters, matter)}
        case "clocks":
            named = {
                clock.name: clock.label
                for clock in line.all_clocks()
                if clock.kind is not ClockKind.TIMER and for_matter(clock.matters, matter)
            }
        case None:
            return field
    return field.model_copy(update={"choices": named})


def marks(line: Line, step: str, matter: str, written: tuple[str, ...]) -> tuple[str, ...]:
    """What a step counts as in a matter."""
    stops = line.clock_stop_on.get(matter, ()) + line.clock_stop_on.get("all", ())
    return (
        *((ACCEPTED,) if step in line.accepted_on else ()),
        *((CLOCK_STOP,) if step in stops else ()),
        *written,
    )
