"""What a guard that does not hold finds missing, named as the line names it and counted."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from math import ceil
from typing import Any

from domain.clock import Unit
from domain.missing import Count, Missing, Named
from domain.record import Kind
from workflows import visited
from workflows.clockspec import Limit
from workflows.conditions import Entries, Steps
from workflows.days import started
from workflows.faults import asking_of
from workflows.fields import Label
from workflows.guards import Ask, Guard, counted, taken
from workflows.line import Line

Labels = Mapping[tuple[str, str], Label]
"""By kind and code; a value's code stands behind its field's and a dot."""

Values = tuple[str, ...]

_COMBINED = "guard"
_FLAG = {"yes": Label(zh="是", en="yes"), "no": Label(zh="否", en="no")}
_FIELD_OF = {"finding_is": "finding", "visit_outcome": "outcome"}


def labels_of(line: Line) -> Labels:
    """What a line calls its steps, entries, fields and so on; where two differ, the first."""
    found: dict[tuple[str, str], Label] = {}
    for step in line.all_transitions():
        found["step", step.id] = step.label
    for entry in line.all_entries():
        found["entry", entry.name] = entry.label
    for question in line.questions:
        found["question", question.name] = question.label
    for clock in line.all_clocks():
        found["clock", clock.name] = clock.label
    for state, label in line.all_states().items():
        found["state", state] = label
    for code, matter in line.matters.items():
        found["matter", code] = Label(zh=matter.zh, en=matter.en)
    for field in (field for place in asking_of(line) for field in place.fields):
        found.setdefault(("field", field.name), field.label)
        choices = _FLAG if field.kind is Kind.FLAG else field.choices
        for choice, label in choices.items():
            found.setdefault(("value", f"{field.name}.{choice}"), label)
    return found


def missing_of(
    guard: Guard, ask: Ask, labels: Labels, *, negated: bool = False
) -> Iterator[Missing]:
    """What has to change for a guard that stands in the way; of a combination, each part's."""
    if guard.predicate.names == _COMBINED:
        inner = negated != (guard.name == "not")
        for part in guard.parameter:
            if part.holds(ask) == inner:
                yield from missing_of(part, ask, labels, negated=inner)
        return
    yield Missing(
        guard.name,
        negated,
        tuple(_named(guard, ask, labels, negated)),
        _COUNTS.get(guard.name, _nothing)(ask, guard.parameter),
        _UNTIL.get(guard.name, _never)(ask, guard.parameter),
    )


# --- named -------------------------------------------------------------------------------------


def _named(guard: Guard, ask: Ask, labels: Labels, negated: bool) -> Iterator[Named]:
    given, kind = guard.parameter, guard.predicate.names

    def called(kind: str, code: str, key: str, values: Values = ()) -> Named:
        label = labels.get((kind, key))
        held = tuple(called("value", value, f"{code}.{value}") for value in values)
        return Named(kind, code, label.zh if label else "", label.en if label else "", held)

    def name(kind: str, code: str, values: Values = ()) -> Named:
        return called(kind, code, code, values)

    if kind and isinstance(given, Mapping):
        yield from (name(kind, code, tuple(v)) for code, v in _failing(guard, ask, negated).items())
    elif kind:
        yield from (name(kind, code) for code in _failing(guard, ask, negated))
    elif guard.name in _FIELD_OF:
        yield name("field", _FIELD_OF[guard.name], given)
    else:
        where = given.where if isinstance(given, Entries | Steps) else {}
        named = ((kind, code) for kind, code in guard.references() if code not in where)
        yield from (name(kind, code) for kind, code in named if kind != "noted")
        yield from (name("field", code, values) for code, values in where.items())


# Of several, those alone that are not as they should be; all, where none is wrong by itself.
def _failing(guard: Guard, ask: Ask, negated: bool) -> Any:
    given, holds = guard.parameter, guard.predicate.holds
    if isinstance(given, Mapping):
        return {n: v for n, v in given.items() if holds(ask, {n: v}) == negated} or given
    return tuple(one for one in given if holds(ask, (one,)) == negated) or given


# --- counted -----------------------------------------------------------------------------------


def _nothing(ask: Ask, given: Any) -> tuple[Count, ...]:
    return ()


def _share(ask: Ask, given: Any) -> tuple[Count, ...]:
    part, whole = (int(float(ask.fact(name) or 0)) for name in (given.part, given.whole))
    need = max(1, ceil(whole * given.numerator / given.denominator))
    return (Count("members", "at_least", need, part),)


def _attempts(ask: Ask, given: Any) -> tuple[Count, ...]:
    tried = visited.attempts(ask)
    return (
        Count("times", "at_least", given.count, tried.count),
        Count("days", "at_least", given.days, tried.days),
        Count("bands", "at_least", given.bands, tried.bands),
    )


def _days(ask: Ask, given: Any) -> tuple[Count, ...]:
    limit = given if isinstance(given, Limit) else Limit(count=given, unit=Unit.DAY)
    return (Count(limit.unit.value, "at_least", limit.count),)


def _within(ask: Ask, given: Any) -> tuple[Count, ...]:
    limit = given if isinstance(given, Limit) else Limit(count=given, unit=Unit.DAY)
    return (Count(limit.unit.value, "at_most", limit.count),)


_COUNTS: Mapping[str, Callable[[Ask, Any], tuple[Count, ...]]] = {
    "entries_at_least": lambda ask, g: (Count("times", "at_least", g.count, counted(ask, g)),),
    "entries_fewer_than": lambda ask, g: (Count("times", "fewer_than", g.count, counted(ask, g)),),
    "steps_at_least": lambda ask, g: (Count("times", "at_least", g.count, taken(ask, g)),),
    "steps_fewer_than": lambda ask, g: (Count("times", "fewer_than", g.count, taken(ask, g)),),
    "reopened_at_least": lambda ask, g: (Count("times", "at_least", g, ask.affair.standing.round),),
    "reopened_fewer_than": lambda ask, g: (
        Count("times", "fewer_than", g, ask.affair.standing.round),
    ),
    "rating_at_least": lambda ask, g: (Count("points", "at_least", g, visited.rating(ask)),),
    "rating_at_most": lambda ask, g: (Count("points", "at_most", g, visited.rating(ask)),),
    "share_at_least": _share,
    "contact_attempts": _attempts,
    "time_in_state_at_least": _days,
    "time_in_state_at_most": _within,
    "notice_days_passed": _days,
    "days_since_closing_at_most": _within,
    "time_since_registered_at_most": _within,
    "time_since_entry_at_least": _days,
    "time_since_day_at_least": _days,
    "age_at_least": lambda ask, g: (Count("years", "at_least", g.years),),
    "age_below": lambda ask, g: (Count("years", "fewer_than", g.years),),
}


# --- timed -------------------------------------------------------------------------------------


def _never(ask: Ask, given: Any) -> datetime | None:
    return None


def _passed(since: Callable[[Ask, Any], datetime | None]) -> Callable[[Ask, Any], datetime | None]:
    def until(ask: Ask, given: Any) -> datetime | None:
        start, limit = since(ask, given), given
        if start is None or ask.calendar is None:
            return None
        if not isinstance(limit, Limit):
            limit = Limit(count=given, unit=Unit.DAY)
        return ask.calendar.due(start, limit.count, limit.unit).at

    return until


def _entered(ask: Ask, given: Any) -> datetime | None:
    return ask.affair.standing.entered_at


def _due(ask: Ask, given: Any) -> datetime | None:
    clocks = (clock for clock in ask.affair.clocks if clock.running and clock.name in given)
    return min((clock.due_at for clock in clocks), default=None)


def _last_entry(ask: Ask, given: Any) -> datetime | None:
    noted = (e.at for e in ask.affair.work.entries if ask.here(e) and e.entry == given.entry)
    return max(noted, default=None)


_UNTIL: Mapping[str, Callable[[Ask, Any], datetime | None]] = {
    "time_in_state_at_least": _passed(_entered),
    "time_in_state_at_most": _passed(_entered),
    "notice_days_passed": _passed(_entered),
    "days_since_closing_at_most": _passed(lambda ask, _: ask.affair.standing.closed_at),
    "time_since_registered_at_most": _passed(lambda ask, _: ask.affair.identity.registered_at),
    "time_since_entry_at_least": _passed(_last_entry),
    "time_since_day_at_least": _passed(started),
    "clock_expired": _due,
    "within_clock": _due,
}

COUNTED = frozenset(_COUNTS)
"""The guards whose refusal tells how many are needed."""
