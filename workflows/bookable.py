"""Whether what a line says of offerings fits together: part of `workflows.soundness`."""

from collections.abc import Iterator

from domain.actor import Role
from domain.record import Kind
from workflows.clockspec import Guards
from workflows.conditions import Unknown
from workflows.faults import Fault, Faults, Route, asking_of, near, numbered
from workflows.guards import compiled
from workflows.line import Line, Places


def faults_of_places(line: Line) -> Faults:
    """`places` and the fields, steps and guards that belong to it."""
    yield from _fields(line)
    yield from _guards(line)
    if line.places is not None:
        yield from _places(line, line.places)


def _places(line: Line, places: Places) -> Faults:
    asked = {f.name: f for m in line.matters.values() for f in m.fields}
    field = asked.get(places.field)
    if field is None or field.kind is not Kind.OFFERING:
        remedy = "write the name of a field of kind offering that a registration asks for"
        yield Fault(("places", "field"), f"`{places.field}` names no offering", remedy)
    for key, states in (("held_in", places.held_in), ("waits_in", places.waits_in)):
        for at, state in enumerate(states):
            if state not in line.states:
                yield Fault(("places", key, at), f"no state `{state}`", near(state, line.states))
    for at, state in enumerate(places.missed_in):
        if state not in places.held_in:
            remedy = near(state, places.held_in)
            yield Fault(("places", "missed_in", at), f"no place is held in `{state}`", remedy)
    for at, state in enumerate(places.waits_in):
        if state in places.held_in:
            wrong, remedy = f"`{state}` both holds and waits", "write it once"
            yield Fault(("places", "waits_in", at), wrong, remedy)
    entries = {entry.name: entry for entry in line.entries if Role.SYS in entry.by}
    if places.waits_in and places.offer not in entries:
        remedy = near(places.offer or "", entries)
        yield Fault(("places",), f"no entry `{places.offer}` that SYS may write", remedy)
    steps = {step.id: step for step in line.transitions if Role.SYS in step.by}
    if places.waits_in and places.lapse not in steps:
        remedy = near(places.lapse or "", steps)
        yield Fault(("places",), f"no step `{places.lapse}` that SYS may take", remedy)


def _fields(line: Line) -> Faults:
    registered = {("matters", code, "fields") for code in line.matters}
    for route, fields in asking_of(line):
        names = {field.name for field in fields}
        for at, field in enumerate(fields):
            here = (*route, at)
            named = line.places.field if line.places else ""
            if field.kind is Kind.OFFERING and (route not in registered or field.name != named):
                remedy = "ask for it at registration, and write `places: {field: …}`"
                yield Fault(here, f"`{field.name}` names an offering nobody books", remedy)
            if field.filled is None:
                continue
            if route not in registered or named not in names or field.kind is not Kind.INSTANT:
                remedy = "write it as an instant of a registration that names an offering"
                yield Fault(here, f"`{field.name}` cannot be filled in", remedy)


def _guards(line: Line) -> Faults:
    for route, written, askable in _written(line):
        for at, one in enumerate(written):
            try:
                guard = compiled(one)
            except Unknown:
                continue
            for part in guard.parts():
                if not part.predicate.placed:
                    continue
                if line.places is None:
                    remedy = "write `places: {field: …, held_in: […]}`, or leave the guard out"
                    yield Fault((*route, at), f"{part.name}: the line has no `places`", remedy)
                elif not askable:
                    remedy = "write it with a step or an entry"
                    yield Fault((*route, at), f"{part.name} cannot be asked here", remedy)


def _written(line: Line) -> Iterator[tuple[Route, Guards, bool]]:
    for key in ("transitions", "entries", "actions"):
        for route, one in numbered(line, key):
            yield (*route, "when"), one.when, True
    for route, clock in numbered(line, "clocks"):
        yield (*route, "when"), clock.when, False
        for at, case in enumerate(clock.limits):
            yield (*route, "limits", at, "when"), case.when, False
    for at, rule in enumerate(line.redo):
        yield ("redo", at, "when"), rule.when, False
    yield ("suspends_when",), line.suspends_when, False
    yield ("withdrawal_barred",), line.withdrawal_barred, False
