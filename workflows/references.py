"""Names in a line file: each must be known where it is used, and mean one thing.

Part of `workflows.soundness`, which adds what can only be seen by walking the procedure.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from domain.actor import Role
from domain.affair.neutral import ACTIONS
from domain.affair.state import ENDS, SEALED
from domain.clock import Unit
from domain.record import Kind
from workflows.clockspec import ClockSpec, Guards, Until
from workflows.conditions import Unknown
from workflows.faults import Fault, Faults, Route, asking_of, near, numbered
from workflows.fields import FieldSpec
from workflows.guards import VOCABULARY, Guard, compiled
from workflows.limits import SILENT
from workflows.line import (
    ALL,
    ARCHIVED,
    ENDED,
    INITIAL,
    OPEN,
    REDO,
    RESOLVED,
    WORDS,
    Line,
    Make,
    TransitionSpec,
)
from workflows.offered import Offered

# What can be asked of an affair in the moment before its registration.
_UNBORN = frozenset(
    (
        *("all_of", "any_of", "not", "matter_in", "return_visit_exempt"),
        "deemed_acceptance",
        *("field_is", "field_true", "field_given", "fields_differ", "share_at_least"),
    )
)
# Guards that ask the line for its rules may not stand in those rules.
_SELF = {"redo": ("redo_possible", "withdrawal_open"), "withdrawal_barred": ("withdrawal_open",)}
_PLAIN_WORDS = ("register", "accepted", "clock_stop", "reopened", "ended")


def faults_of_names(line: Line) -> Faults:
    """Every name that is unknown, doubled, or used where it cannot stand."""
    yield from _Names(line).faults()


class _Names:
    def __init__(self, line: Line) -> None:
        self.line = line
        self.offered = Offered(line)
        self.fields = {field.name: field for one in asking_of(line) for field in one.fields}
        self.known: dict[str, tuple[str, ...]] = {
            "matter": tuple(line.matters),
            "state": tuple(line.all_states()),
            "step": tuple(step.id for step in line.all_transitions()),
            "entry": tuple(entry.name for entry in line.all_entries()),
            "clock": tuple(clock.name for clock in line.all_clocks()),
            "question": tuple(question.name for question in line.questions),
            "field": tuple(self.fields),
            "role": tuple(role.value for role in Role),
            "noted": tuple(
                f"{entry.name}.{field.name}"
                for entry in line.all_entries()
                for field in entry.fields
            ),
        }
        self.known["happening"] = (
            *_PLAIN_WORDS,
            *self.known["step"],
            *(name for name in ACTIONS if name not in SILENT),
            *(f"entry:{name}" for name in self.known["entry"]),
            *(f"state:{name}" for name in self.known["state"]),
            *(f"{w}:{name}" for w in ("question", "answer") for name in self.known["question"]),
            *(f"return_visit:{outcome}" for outcome in _outcomes(line)),
        )

    def faults(self) -> Faults:
        yield from self._head()
        for route, step in numbered(self.line, "transitions"):
            yield from self._step(route, step)
        for key in ("entries", "actions"):
            for route, entry in numbered(self.line, key):
                yield from self._states((*route, "states"), entry.states)
                yield from self._matters((*route, "matters"), entry.matters)
                yield from self._guards((*route, "when"), entry.when)
        for route, clock in numbered(self.line, "clocks"):
            yield from self._clock(route, clock)
        for asking in asking_of(self.line):
            for at, field in enumerate(asking.fields):
                yield from self._matters((*asking.route, at, "matters"), field.matters)
        yield from self._rules()

    # --- the head of the file ----------------------------------------------------------------

    def _head(self) -> Faults:
        line = self.line
        if line.valid.to is not None and line.valid.to < line.valid.since:
            remedy = f"write a day from {line.valid.since} on, or leave `to` out"
            yield Fault(("valid", "to"), "ends before it begins", remedy)
        if line.law is None and line.basis is None:
            remedy = "write `law: name and article`, or `basis: product default`"
            yield Fault(("law",), "the line does not say its law", remedy)
        for code, matter in line.matters.items():
            if not code.startswith(line.code):
                wrong = f"matter `{code}` of line {line.code}"
                yield Fault(("matters", code), wrong, f"write a code such as {line.code}01")
            for at, field in enumerate(matter.fields):
                if field.name in SEALED:
                    wrong = f"`{field.name}` is asked of every registration"
                    route = ("matters", code, "fields", at)
                    yield Fault(route, wrong, "write another name, or leave it out")
            if matter.redo not in (None, "none"):
                yield from self._one("state", str(matter.redo), ("matters", code, "redo"))
        for state in line.states:
            if state in line.common.states or state in WORDS:
                wrong = f"state `{state}` is a word of all lines"
                yield Fault(("states", state), wrong, "write another name")
        if line.initial not in line.states:
            remedy = near(line.initial, line.states)
            yield Fault(("initial",), f"no state `{line.initial}`", remedy)
        yield from self._all("step", line.accepted_on, ("accepted_on",))
        for matter_code, steps in line.clock_stop_on.items():
            if matter_code != ALL:
                yield from self._one("matter", matter_code, ("clock_stop_on", matter_code))
            yield from self._all("step", steps, ("clock_stop_on", matter_code))
        yield from self._all("clock", line.line_limit, ("line_limit",))
        for at, state in enumerate(line.suspendable):
            if state not in line.states:
                remedy = near(state, line.states)
                yield Fault(("suspendable", at), f"no state `{state}` of its own", remedy)

    # --- steps ---------------------------------------------------------------------------------

    def _step(self, route: Route, step: TransitionSpec) -> Faults:
        common = route[0] == "common"
        if step.id.startswith("X") is not common:
            remedy = "write X and a number" if common else "write another letter than X"
            yield Fault((*route, "id"), f"step `{step.id}`: X is for steps of all lines", remedy)
        yield from self._states((*route, "from"), step.sources)
        if ARCHIVED in step.sources:
            remedy = "write another state; what is archived stays so"
            yield Fault((*route, "from"), "a step out of `archived`", remedy)
        if not common or step.to not in (REDO, INITIAL):
            yield from self._one("state", step.to, (*route, "to"))
        yield from self._matters((*route, "matters"), step.matters)
        yield from self._guards((*route, "when"), step.when)
        if common:
            return
        own = self.line.states
        for source in step.sources:
            if source in self.line.common.states or source == ENDED:
                remedy = f"write one of {', '.join(own)}"
                yield Fault((*route, "from"), f"a line's step out of `{source}`", remedy)
        if step.to in ("closed", ARCHIVED):
            remedy = f"write `{RESOLVED}`, or an end: not_accepted, withdrawn, terminated"
            yield Fault((*route, "to"), f"only steps of all lines lead to `{step.to}`", remedy)
        if "accepted" in step.marks:
            yield Fault((*route, "marks"), f"{step.id} marks itself", "write it in accepted_on")
        if step.kind != "step":
            remedy = "write `kind: step`, or leave it out"
            yield Fault((*route, "kind"), f"a line's step of kind {step.kind}", remedy)

    def _states(self, route: Route, states: Iterable[str]) -> Faults:
        yield from self._all("state", (s for s in states if s not in (OPEN, ENDED, INITIAL)), route)

    def _matters(self, route: Route, matters: Iterable[str]) -> Faults:
        yield from self._all("matter", matters, route)

    # --- guards --------------------------------------------------------------------------------

    def _guards(
        self, route: Route, written: Guards, *, timeless: str = "", barred: Sequence[str] = ()
    ) -> Faults:
        for at, one in enumerate(written):
            here = (*route, at)
            try:
                guard = compiled(one)
            except Unknown as unknown:
                remedy = unknown.remedy or near(unknown.wrong.split()[-1], VOCABULARY)
                yield Fault(here, unknown.wrong, remedy)
                continue
            yield from self._guard(here, guard, timeless, barred)

    def _guard(self, route: Route, guard: Guard, timeless: str, barred: Sequence[str]) -> Faults:
        for kind, name in guard.references():
            yield from self._one(kind, name, route)
        for part in guard.parts():
            if part.name in barred:
                remedy = "write guards of what was recorded and done"
                yield Fault(route, f"guard {part.name} cannot be asked here", remedy)
        yield from self.offered.faults(route, guard)
        if timeless and guard.timed:
            yield Fault(route, f"guard {guard.title} asks the time", timeless)

    # --- clocks --------------------------------------------------------------------------------

    def _clock(self, route: Route, clock: ClockSpec) -> Faults:
        yield from self._states((*route, "runs_in"), clock.runs_in)
        yield from self._matters((*route, "matters"), clock.matters)
        for key in ("starts_on", "stops_on"):
            yield from self._all("happening", getattr(clock, key), (*route, key))
        early = self.line.initial in self.line.states_of(clock.runs_in)
        early = early or bool({"register", f"state:{self.line.initial}"} & set(clock.starts_on))
        barred = tuple(name for name in VOCABULARY if name not in _UNBORN) if early else ()
        yield from self._guards((*route, "when"), clock.when, barred=barred)
        yield from self._guards((*route, "extends_when"), clock.extends_when)
        for at, case in enumerate(clock.limits):
            here = (*route, "limits", at)
            yield from self._matters((*here, "matters"), case.matters)
            yield from self._guards((*here, "when"), case.when, barred=barred)
        if not clock.runs_in and not clock.starts_on:
            remedy = "write `runs_in: [state]` or `starts_on: [happening]`"
            yield Fault(route, f"clock `{clock.name}` never starts", remedy)
        if clock.until is not None:
            yield from _until((*route, "until"), clock, clock.until)
        elif clock.limit is None and not clock.limits and clock.due_field is None:
            remedy = "write `limit: {count: 3, unit: wd}`"
            yield Fault(route, f"clock `{clock.name}` has no limit", remedy)
        if clock.due_field is not None:
            field = self.fields.get(clock.due_field)
            if field is None or field.kind not in (Kind.DATE, Kind.INSTANT):
                days = (Kind.DATE, Kind.INSTANT)
                dated = [one.name for one in self.fields.values() if one.kind in days]
                wrong = f"`{clock.due_field}` is no date that is recorded"
                yield Fault((*route, "due_field"), wrong, near(clock.due_field, dated))
        if clock.less_suspended and (clock.limit is None or clock.limit.unit is not Unit.DAY):
            wrong = f"clock `{clock.name}` has no days to take suspended ones off"
            yield Fault((*route, "less_suspended"), wrong, "write `limit: {count: 60, unit: d}`")
        if clock.half_line_limit and clock.limit is None:
            remedy = "write `limit: {count: 3, unit: wd}`, the least"
            yield Fault(route, f"clock `{clock.name}` has no least limit", remedy)

    # --- everything else -----------------------------------------------------------------------

    def _rules(self) -> Faults:
        line, common = self.line, self.line.common
        timeless = "write guards that do not ask the time"
        for at, rule in enumerate(line.redo):
            here: Route = ("redo", at)
            if rule.to not in line.states:
                remedy = near(rule.to, line.states)
                yield Fault((*here, "to"), f"no state `{rule.to}` of its own", remedy)
            yield from self._matters((*here, "matters"), rule.matters)
            barred = _SELF["redo"]
            yield from self._guards((*here, "when"), rule.when, timeless=timeless, barred=barred)
        yield from self._guards(("suspends_when",), line.suspends_when)
        barred = _SELF["withdrawal_barred"]
        yield from self._guards(("withdrawal_barred",), line.withdrawal_barred, barred=barred)
        yield from self._guards(("common", "every_move", "when"), common.every_move.when)
        yield from self._all("step", common.every_move.unless, ("common", "every_move", "unless"))
        for state, entering in common.entering.items():
            route: Route = ("common", "entering", state)
            yield from self._one("state", state, route)
            yield from self._guards((*route, "when"), entering.when)
        for at, question in enumerate(line.questions):
            yield from self._matters(("questions", at, "matters"), question.matters)
        for here, reaction in numbered(line, "reactions"):
            yield from self._all("happening", reaction.on, (*here, "on"))
            yield from self._guards((*here, "when"), reaction.when, timeless=timeless)
            yield from self._all("field", reaction.make.copied.values(), (*here, "make", "copy"))
            yield from self._make((*here, "make"), reaction.make)
        expected, written = set(ACTIONS), {action.name for action in common.actions}
        for at, action in enumerate(common.actions):
            if action.name not in expected:
                remedy = near(action.name, expected - written)
                wrong = f"no action `{action.name}`"
                yield Fault(("common", "actions", at, "name"), wrong, remedy)
        for name in sorted(expected - written):
            remedy = f"write an action with `name: {name}`"
            yield Fault(("common", "actions"), f"action `{name}` is missing", remedy)
        for state in (RESOLVED, ARCHIVED, *ENDS):
            if state not in common.states:
                remedy = f"write `{state}: {{zh: …, en: …}}`"
                yield Fault(("common", "states"), f"state `{state}` is missing", remedy)

    def _make(self, route: Route, make: Make) -> Faults:
        opened = ("summary",) if make.matter_from else ("line", "matter", "summary")
        needed = opened if make.command == "register" else ("name",)
        for key in needed:
            if getattr(make, key) is None:
                remedy = f"write `{key}: …`, as {make.command} needs it"
                yield Fault(route, f"`{key}` is missing", remedy)
        if make.command == "register":
            yield from self._opened(route, make)
            return
        if make.command == "action" and make.name is not None and make.name not in ACTIONS:
            yield Fault((*route, "name"), f"no action `{make.name}`", near(make.name, ACTIONS))
        # An entry that this line does not know may be one of the line that the affair came from.
        known = self.line.common.actions if make.command == "action" else self.line.all_entries()
        for spec in known:
            if spec.name == make.name:
                if Role.SYS not in spec.by:
                    remedy = f"write SYS among the `by` of {spec.name}"
                    wrong = f"`{spec.name}` is not done by the system"
                    yield Fault((*route, "name"), wrong, remedy)
                yield from _recorded(route, make, spec.fields)

    def _opened(self, route: Route, make: Make) -> Faults:
        line, code, matter = self.line, make.line or "", make.matter or ""
        yield from self._all("field", filter(None, [make.matter_from]), (*route, "matter_from"))
        if not matter.startswith(code):
            wrong = f"matter `{matter}` of line {code}"
            yield Fault((*route, "matter"), wrong, f"write a code such as {code}01")
        elif code == line.code and matter:
            yield from self._one("matter", matter, (*route, "matter"))
            if matter in line.matters:
                yield from _recorded(route, make, line.matters[matter].fields)

    def _all(self, kind: str, names: Iterable[str], route: Route) -> Faults:
        for at, name in enumerate(names):
            yield from self._one(kind, name, (*route, at))

    def _one(self, kind: str, name: str, route: Route) -> Faults:
        known = self.known[kind]
        if name not in known:
            shown = "field of an entry" if kind == "noted" else kind
            yield Fault(route, f"no {shown} `{name}`", near(name, known))


def _until(route: Route, clock: ClockSpec, until: Until) -> Faults:
    if clock.limit is not None or clock.limits or clock.half_line_limit:
        yield Fault(route, f"clock `{clock.name}` has a limit too", "write one of them")
    try:
        # Of a year that is no leap year: a day that every year has.
        date(2001, until.month, until.day)
    except ValueError:
        wrong = f"no {until.day} in month {until.month} of every year"
        yield Fault((*route, "day"), wrong, "write a day that each year has")


def _recorded(route: Route, make: Make, fields: Iterable[FieldSpec]) -> Faults:
    """A record that would be refused: what must be recorded is missing, or nobody asks for it."""
    asked, given = {field.name: field for field in fields}, {*make.record, *make.copied}
    for name, field in asked.items():
        if field.required and not field.matters and name not in given:
            remedy = f"write `record: {{{name}: …}}` or `copy: {{{name}: …}}`"
            yield Fault(route, f"`{name}` is not recorded", remedy)
    for name in sorted(given - set(asked)):
        yield Fault((*route, "record"), f"`{name}` is not asked for", near(name, asked))


def _outcomes(line: Line) -> Mapping[str, object]:
    visits = (action for action in line.common.actions if action.name == "return_visit")
    return next((f.choices for action in visits for f in action.fields if f.name == "outcome"), {})
