"""How a guard is written, read and asked. The guards themselves stand in `workflows.guards`.

A guard is written `name: parameter`, or `name` alone where it takes none; a list of guards
holds where all of them do. No expressions are evaluated.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol, get_type_hints

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError

from domain.actor import Actor
from domain.affair.evolve import facts_of
from domain.affair.state import Affair
from domain.offering import Place
from domain.ports import Calendar
from domain.record import Record
from workflows.clockspec import Guards, Limit
from workflows.fields import Codes, Label, Name, Written, listed
from workflows.shapes import in_words


class Rules(Protocol):
    """What a guard may ask of the line itself."""

    @property
    def deemed_acceptance(self) -> bool: ...
    def questions(self, matter: str) -> tuple[str, ...]: ...
    def redo_state(self, affair: Affair) -> str: ...
    def suspendable(self, state: str) -> bool: ...
    def withdrawal_barred(self, ask: "Ask") -> bool: ...
    def return_visit_exempt(self, matter: str) -> bool: ...


@dataclass(slots=True)
class Ask:
    """Who asks for what of which affair, when.

    asked: the fields that this step asks for; of these only what is recorded now counts, of
    all others what was recorded last. calendar: None where no guard will ask the time.
    place: what the affair has of the offering that it names, None where there is none.
    """

    affair: Affair
    by: Actor
    record: Record
    at: datetime
    calendar: Calendar | None
    rules: Rules
    asked: frozenset[str] = frozenset()
    place: Place | None = None
    _now: dict[str, str] | None = None

    def fact(self, name: str) -> str:
        """A recorded value that is not personal, as text; empty where there is none."""
        if name not in self.asked:
            return self.affair.facts.get(name, "")
        if self._now is None:
            self._now = facts_of(self.record)
        return self._now.get(name, "")

    def reached(self, start: datetime, limit: Limit) -> bool:
        """Whether so much time has passed in full since `start`."""
        assert self.calendar is not None, "a timed guard is asked with a calendar"
        return self.calendar.due(start, limit.count, limit.unit).at <= self.at

    def here(self, made: Any) -> bool:
        """Whether a step, an entry or a visit belongs to this round."""
        return bool(made.round == self.affair.standing.round)


Pending = Literal["", "holds", "fails"]


@dataclass(frozen=True, slots=True)
class Predicate:
    """An entry of the vocabulary.

    names: what its parameter's texts name: matter, state, step, field …; empty where the
    parameter tells by its keys. timed: it asks the calendar or the time. placed: it asks what
    the affair has of an offering. acting: it asks who acts. pending: when it tells that something
    waits for an answer, when it holds or when it fails; empty where it tells no such thing.
    """

    name: str
    holds: Callable[[Ask, Any], bool]
    parameter: TypeAdapter[Any]
    names: str
    timed: bool
    placed: bool
    acting: bool
    pending: Pending

    @property
    def example(self) -> str:
        """How it is written."""
        return (self.holds.__doc__ or "").split("`")[-2]


VOCABULARY: dict[str, Predicate] = {}


class Unknown(Exception):
    """No guard of that name, or a parameter of the wrong shape. Told with its remedy."""

    def __init__(self, wrong: str, remedy: str) -> None:
        super().__init__(f"{wrong} ({remedy})")
        self.wrong, self.remedy = wrong, remedy


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard as a line uses it: a predicate with its parameter read.

    told: the line's own words for a refusal by it.
    """

    name: str
    predicate: Predicate
    parameter: Any
    told: Label | None = None

    def holds(self, ask: Ask) -> bool:
        """Whether it lets the step pass."""
        return self.predicate.holds(ask, self.parameter)

    @property
    def title(self) -> str:
        """Its name; of a combination, also the names of what it combines."""
        if self.predicate.names != "guard":
            return self.name
        return f"{self.name}: {', '.join(part.title for part in self.parameter)}"

    def parts(self) -> "Iterator[Guard]":
        """Itself and the guards within it."""
        yield self
        if self.predicate.names == "guard":
            for part in self.parameter:
                yield from part.parts()

    def references(self) -> Iterator[tuple[str, str]]:
        """What it names: pairs such as (step, G8), (field, result)."""
        for part in self.parts():
            if part.predicate.names not in ("guard", ""):
                yield from ((part.predicate.names, one) for one in part.parameter)
            elif isinstance(part.parameter, Written):
                yield from _named_by(part.parameter)

    def fields(self) -> frozenset[str]:
        """The recorded fields it reads."""
        return frozenset(name for kind, name in self.references() if kind == "field")

    @property
    def timed(self) -> bool:
        """Whether it, or a part of it, asks the calendar or the time."""
        return any(part.predicate.timed for part in self.parts())


# What the keys of a parameter name.
_KEYS = {
    "steps": "step",
    "entry": "entry",
    "entries": "entry",
    "fields": "field",
    "part": "field",
    "whole": "field",
    "born": "field",
    "day": "field",
}


def _named_by(parameter: Written) -> Iterator[tuple[str, str]]:
    for key, value in parameter:
        if key in _KEYS:
            each = (value,) if isinstance(value, str) else value
            yield from ((_KEYS[key], one) for one in each)
        elif key == "where":
            entry = getattr(parameter, "entry", "")
            yield from (("noted", f"{entry}.{one}") if entry else ("field", one) for one in value)


def guard(
    names: str = "",
    *,
    timed: bool = False,
    placed: bool = False,
    acting: bool = False,
    pending: Pending = "",
    shape: Any = None,
) -> Callable[[Callable[[Ask, Any], bool]], Callable[[Ask, Any], bool]]:
    """Enter a predicate in the vocabulary.

    shape: what is written as its parameter, where that is not the type of its second argument.
    """

    def enter(holds: Callable[[Ask, Any], bool]) -> Callable[[Ask, Any], bool]:
        name = holds.__name__.rstrip("_")
        hints = get_type_hints(holds, include_extras=True)
        read_as = next(hint for at, hint in hints.items() if at not in ("ask", "return"))
        parameter = TypeAdapter(shape or read_as)
        VOCABULARY[name] = Predicate(name, holds, parameter, names, timed, placed, acting, pending)
        return holds

    return enter


def compiled(written: Mapping[str, Any]) -> Guard:
    """A guard from a line file. Raises Unknown."""
    told = _told(written[TOLD]) if TOLD in written else None
    written = {name: parameter for name, parameter in written.items() if name != TOLD}
    if len(written) != 1:
        raise Unknown(
            f"one guard expected, found {', '.join(written) or 'none'}",
            "write each guard behind its own dash",
        )
    ((name, parameter),) = written.items()
    predicate = VOCABULARY.get(name)
    if predicate is None:
        raise Unknown(f"no guard {name}", "")
    try:
        read = predicate.parameter.validate_json(json.dumps(parameter), strict=True)
    except ValidationError as error:
        what = error.errors(include_url=False)[0]
        wrong, _ = in_words(what, (name, *what["loc"]), ())
        raise Unknown(f"guard {name}: {wrong}", f"write `{predicate.example}`") from None
    return Guard(name, predicate, read, told)


TOLD = "told"
"""Beside a guard: `told: {zh: …, en: …}`, what a refusal by it says."""


def _told(written: Any) -> Label:
    try:
        return Label.model_validate(written)
    except ValidationError:
        raise Unknown(
            f"`{TOLD}` has the wrong shape", f"write `{TOLD}: {{zh: …, en: …}}`"
        ) from None


def all_compiled(written: Guards) -> tuple[Guard, ...]:
    """Guards from a line file. Raises Unknown."""
    return tuple(compiled(one) for one in written)


# --- shapes of parameters ----------------------------------------------------------------------

Parts = Annotated[Guards, AfterValidator(all_compiled)]
Part = Annotated[Parts, BeforeValidator(listed)]
Names = Annotated[tuple[Name, ...], BeforeValidator(listed)]
Values = Annotated[tuple[str, ...], BeforeValidator(listed)]
Number = Annotated[int, Field(ge=0, le=1_000)]
Bare = Literal[True]


class Entries(Written):
    """So many entries of a name, of those whose fields have one of the values.

    steps: each of these counts as an entry too, by what it recorded itself. in_state: only what
    was written since the affair came into its state.
    """

    entry: Name
    count: Number
    where: dict[Name, Values] = Field(default_factory=dict)
    steps: Codes = ()
    in_state: bool = False


class Steps(Written):
    """So many of these steps, of those that recorded one of the values."""

    steps: Codes
    count: Number
    where: dict[Name, Values] = Field(default_factory=dict)


class Attempts(Written):
    """So many attempts, on so many days, in so many time bands."""

    count: Number
    days: Number
    bands: Number


class Others(Written):
    """Those who took these steps, wrote these entries, or whose accounts these fields hold."""

    steps: Codes = ()
    entries: Codes = ()
    fields: Names = ()


class Two(Written):
    """Two numbers or sums that are compared."""

    part: Name
    whole: Name


class Sums(Written):
    """Numbers or sums that are added up, and one they are compared with."""

    part: Names
    whole: Name


class Share(Two):
    """At least so large a part of the whole: numerator over denominator."""

    numerator: Annotated[int, Field(ge=1)]
    denominator: Annotated[int, Field(ge=1)]


class Since(Limit):
    """So long since the last entry of a name."""

    entry: Name


# --- combinations ------------------------------------------------------------------------------


@guard("guard", shape=Parts)
def all_of(ask: Ask, parts: tuple[Guard, ...]) -> bool:
    """All of these hold. `all_of: [no_open_question, field_true: eligible]`"""
    return all(part.holds(ask) for part in parts)


@guard("guard", shape=Parts)
def any_of(ask: Ask, parts: tuple[Guard, ...]) -> bool:
    """At least one of these holds. `any_of: [rating_at_most: 2, visit_outcome: refused]`"""
    return any(part.holds(ask) for part in parts)


@guard("guard", shape=Part)
def not_(ask: Ask, part: tuple[Guard, ...]) -> bool:
    """This one does not hold. `not: {matter_in: [ZZ04]}`"""
    return not any(one.holds(ask) for one in part)
