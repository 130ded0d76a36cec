"""Values in guards: a guard that waits for one that nothing offers would never hold.

Part of `workflows.soundness`; the names of fields are checked in `workflows.references`.
"""

from collections.abc import Iterable, Iterator, Mapping

from domain.affair.decide import WISHES
from domain.record import Kind
from workflows.conditions import Entries, Steps
from workflows.days import Age
from workflows.faults import Fault, Faults, Route, asking_of, near
from workflows.fields import FieldSpec
from workflows.guards import Guard
from workflows.line import Line

Values = tuple[str, ...]

_FLAG = ("yes", "no")
# Guards that ask for what is recorded at registration or on a return visit.
_VISITED = {"finding_is": "finding", "visit_outcome": "outcome"}
_WISHED = ("contact_wish_is", "contact_wish_is_not")
_RATED = ("rating_at_least", "rating_at_most")


class Offered:
    """What the fields of a line offer, by their names."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.fields = [field for one in asking_of(line) for field in one.fields]
        self._visit = {
            field.name: tuple(field.choices)
            for action in line.common.actions
            if action.name == "return_visit"
            for field in action.fields
        }

    def faults(self, route: Route, guard: Guard) -> Faults:
        """Values of a guard, and of those within it, that cannot come about."""
        for part in guard.parts():
            for what, value, known in self._asked(part):
                if value not in known:
                    wrong = f"guard {part.name}: {what} is never `{value}`"
                    yield Fault(route, wrong, near(value, known))
            if isinstance(part.parameter, Age):
                yield from self._born(route, part.name, part.parameter.born)
            if _count(part) == 0:
                wrong = f"guard {part.name}: a count of 0 decides nothing"
                yield Fault(route, wrong, "write 1 or more, or leave the guard out")

    def _asked(self, guard: Guard) -> Iterator[tuple[str, str, Values]]:
        given, name = guard.parameter, guard.name
        if name == "field_is":
            yield from _each(given, self.fields, self.line)
        elif name == "field_true":
            yield from _each(dict.fromkeys(given, ("yes",)), self.fields, self.line)
        elif isinstance(given, Entries | Steps):
            yield from _each(given.where, self._written(given), self.line)
        elif name in _VISITED:
            field = _VISITED[name]
            yield from ((f"`{field}`", value, self._visit.get(field, ())) for value in given)
        elif name in _WISHED:
            yield from (("the wish", value, WISHES) for value in given)
        elif name in _RATED:
            yield "`rating`", str(given), self._visit.get("rating", ())

    # A day of birth is sealed once it is recorded: it can be read in that moment alone.
    def _born(self, route: Route, guard: str, name: str) -> Faults:
        key, at, *_ = route
        deeds = getattr(self.line, str(key)) if key in ("transitions", "entries") else ()
        fields = deeds[at].fields if deeds else ()
        if not any(f.name == name and f.kind is Kind.PERSON and f.form == "date" for f in fields):
            wrong = f"guard {guard}: `{name}` is no sealed day that is asked for here"
            remedy = f"write `{{name: {name}, kind: person, form: date, label: …}}` in its fields"
            yield Fault(route, wrong, remedy)

    def _written(self, given: Entries | Steps) -> Iterator[FieldSpec]:
        for entry in self.line.all_entries():
            if isinstance(given, Entries) and entry.name == given.entry:
                yield from entry.fields
        for step in self.line.all_transitions():
            if step.id in given.steps:
                yield from step.fields


def _each(
    wanted: Mapping[str, Values], fields: Iterable[FieldSpec], line: Line
) -> Iterator[tuple[str, str, Values]]:
    asked = list(fields)
    for name, values in wanted.items():
        known = _known([field for field in asked if field.name == name], line)
        if known is not None:
            yield from ((f"`{name}`", value, known) for value in values)


# None where one of the fields takes what nobody listed.
def _known(fields: list[FieldSpec], line: Line) -> Values | None:
    known: list[str] = []
    for field in fields:
        if field.kind is Kind.FLAG:
            known += _FLAG
        elif field.choices_from == "questions":
            known += (question.name for question in line.questions)
        elif field.choices_from == "clocks":
            known += (clock.name for clock in line.all_clocks())
        elif field.kind is Kind.CHOICE:
            known += field.choices
        else:
            return None
    return tuple(dict.fromkeys(known)) if fields else None


def _count(guard: Guard) -> int | None:
    if guard.name.startswith("reopened_"):
        return int(guard.parameter)
    if guard.predicate.timed:
        return None
    counts = (getattr(guard.parameter, key, None) for key in ("count", "days", "bands"))
    return min((count for count in counts if count is not None), default=None)
