"""Names in a line file: each must be known where it is used, and mean one thing.

Part of `workflows.soundness`, which adds what can only be seen by walking the procedure.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from domain.actor import Role
from domain.affair.neutral import ACTIONS
from domain.affair.state import ENDS
from domain.record import Kind
from workflows.conditions import Unknown
from workflows.fields import FieldSpec
from workflows.guards import VOCABULARY, Guard, compiled
from workflows.line import (
    ALL,
    ARCHIVED,
    ENDED,
    INITIAL,
    OPEN,
    REDO,
    RESOLVED,
    WORDS,
    ClockSpec,
    Guards,
    Line,
    Make,
    TransitionSpec,
)

Route = tuple[str | int, ...]
Faults = Iterator["Fault"]

SILENT = ("supervise", "answer_supervision", "remind", "correct")
"""Actions whose events tell of no clocks."""
# What can be asked of an affair in the moment before its registration.
_UNBORN = frozenset(
    (
        *("all_of", "any_of", "not", "matter_in", "return_visit_exempt"),
        *("field_is", "field_true", "field_given", "fields_differ", "share_at_least"),
    )
)
# Guards that ask the line for its rules may not stand in those rules.
_SELF = {"redo": ("redo_possible", "withdrawal_open"), "withdrawal_barred": ("withdrawal_open",)}
_PLAIN_WORDS = ("register", "accepted", "clock_stop", "reopened", "ended")


class Fault(NamedTuple):
    """Where in the line (keys and positions), what is wrong, what to write."""

    route: Route
    wrong: str
    remedy: str


class Asking(NamedTuple):
    """A place in the file that asks for fields."""

    route: Route
    fields: Sequence[FieldSpec]


def faults_of_names(line: Line) -> Faults:
    """Every name that is unknown, doubled, or used where it cannot stand."""
    yield from _Names(line).faults()


class _Names:
    def __init__(self, line: Line) -> None:
        self.line = line
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
        for code, matter in line.matters.items():
            if not code.startswith(line.code):
                wrong = f"matter `{code}` of line {line.code}"
                yield Fault(("matters", code), wrong, f"write a code such as {line.code}01")
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
        if line.line_limit is not None:
            yield from self._one("clock", line.line_limit, ("line_limit",))
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
        if step.to != REDO or not common:
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
        for at, case in enumerate(clock.limits):
            here = (*route, "limits", at)
            yield from self._matters((*here, "matters"), case.matters)
            yield from self._guards((*here, "when"), case.when, barred=barred)
        if not clock.runs_in and not clock.starts_on:
            remedy = "write `runs_in: [state]` or `starts_on: [happening]`"
            yield Fault(route, f"clock `{clock.name}` never starts", remedy)
        if clock.limit is None and not clock.limits and clock.due_field is None:
            remedy = "write `limit: {count: 3, unit: wd}`"
            yield Fault(route, f"clock `{clock.name}` has no limit", remedy)
        if clock.due_field is not None:
            field = self.fields.get(clock.due_field)
            if field is None or field.kind not in (Kind.DATE, Kind.INSTANT):
                dated = [
                    f.name for f in self.fields.values() if f.kind in (Kind.DATE, Kind.INSTANT)
                ]
                wrong = f"`{clock.due_field}` is no date that is recorded"
                yield Fault((*route, "due_field"), wrong, near(clock.due_field, dated))
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
        for at, reaction in enumerate(line.reactions):
            here = ("reactions", at)
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
        needed = ("line", "matter", "summary") if make.command == "register" else ("name",)
        for key in needed:
            if getattr(make, key) is None:
                remedy = f"write `{key}: …`, as {make.command} needs it"
                yield Fault(route, f"`{key}` is missing", remedy)
        if make.command == "action" and make.name is not None and make.name not in ACTIONS:
            yield Fault((*route, "name"), f"no action `{make.name}`", near(make.name, ACTIONS))

    def _all(self, kind: str, names: Iterable[str], route: Route) -> Faults:
        for at, name in enumerate(names):
            yield from self._one(kind, name, (*route, at))

    def _one(self, kind: str, name: str, route: Route) -> Faults:
        known = self.known[kind]
        if name not in known:
            shown = "field of an entry" if kind == "noted" else kind
            yield Fault(route, f"no {shown} `{name}`", near(name, known))


def near(name: str, known: Iterable[str]) -> str:
    """What to write instead of `name`: the one most like it, or all there are."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"write `{close[0]}`"
    return f"write one of {', '.join(names[:40])}" if names else "leave it out: there is none"


def _outcomes(line: Line) -> Mapping[str, object]:
    visits = (action for action in line.common.actions if action.name == "return_visit")
    return next((f.choices for action in visits for f in action.fields if f.name == "outcome"), {})


def numbered(line: Line, key: str) -> Iterator[tuple[Route, Any]]:
    """The parts of a list of the line's, then of the common ones, and where they stand."""
    for at, one in enumerate(getattr(line, key, ())):
        yield (key, at), one
    for at, one in enumerate(getattr(line.common, key, ())):
        yield ("common", key, at), one


def asking_of(line: Line) -> Iterator[Asking]:
    """Every place that asks for fields."""
    for code, matter in line.matters.items():
        yield Asking(("matters", code, "fields"), matter.fields)
    for key in ("transitions", "entries", "actions"):
        for route, one in numbered(line, key):
            yield Asking((*route, "fields"), one.fields)
    for state, entering in line.common.entering.items():
        yield Asking(("common", "entering", state, "fields"), entering.fields)
