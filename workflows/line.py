"""A line of service as its file says it: matters, states, steps, clocks, and their law.

A line holds the rules shared by all lines (`common`) as they were when it was read, so that
its published definition needs no file.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints

from domain.actor import Role
from domain.offering import Hold
from workflows.clockspec import ClockSpec, Guards, Happenings, TimerSpec
from workflows.fields import LINE, STEP, Code, Codes, FieldSpec, Label, Name, Text, Written

ARCHIVED = "archived"
RESOLVED = "resolved"
REDO = "redo"
"""Written for a state where the affair's own redo rule tells it."""
OPEN, ENDED, INITIAL = "open", "ended", "initial"
"""Written for states: all that are neither resolved nor an end; the four ends; the first."""
ALL = "all"
"""Written for all matters of the line."""
WORDS = (REDO, OPEN, ENDED, INITIAL, ALL, "none", "any")
"""May not name a state."""


class Validity(Written):
    """From when and until when a version is in force, both days included."""

    since: date = Field(alias="from")
    to: date | None = None


class Department(Written):
    """Who is competent, at the street office and in the district."""

    street: Label
    district: Label


class Matter(Written):
    """One kind of request within a line.

    return_visit: exempt where nobody is asked afterwards. retention: years, or permanent.
    redo: overrides the line's redo rules; `none` where nothing can be done again.
    opened_by: the roles that may register it; empty where the matrix alone decides.
    fields: what its registration asks for.
    """

    zh: Text
    en: Text
    materials: tuple[Label, ...]
    return_visit: Literal["required", "exempt"]
    retention: Literal["10", "30", "permanent"]
    restricted: bool = False
    redo: Name | None = None
    opened_by: tuple[Role, ...] = ()
    fields: tuple[FieldSpec, ...] = ()
    law: Text | None = None
    basis: Text | None = None


class TransitionSpec(Written):
    """A step from one state to another.

    marks: what it counts as besides acceptance and clock stop, which the line says apart; a
    step of all lines may count as acceptance. level: where it brings the affair; `unit`: to the
    level of its `lead_unit`. internal: what it records is never shown outside.
    """

    id: Annotated[str, StringConstraints(pattern=STEP)]
    sources: Codes = Field(alias="from")
    to: Code
    action: Name
    label: Label
    by: Annotated[tuple[Role, ...], Field(min_length=1)]
    when: Guards = ()
    fields: tuple[FieldSpec, ...] = ()
    matters: Codes = ()
    marks: tuple[Literal["accepted", "referred"], ...] = ()
    level: Literal["community", "street", "district", "unit"] | None = None
    kind: Literal["step", "reopen", "archive"] = "step"
    internal: bool = False
    law: Text | None = None
    basis: Text | None = None


class EntrySpec(Written):
    """Something that can be written down without moving on; also a state-neutral action.

    corrects: takes, besides its own fields, any field that the line knows.
    """

    name: Name
    label: Label
    states: Codes
    by: Annotated[tuple[Role, ...], Field(min_length=1)]
    when: Guards = ()
    fields: tuple[FieldSpec, ...] = ()
    matters: Codes = ()
    internal: bool = False
    corrects: bool = False
    law: Text | None = None
    basis: Text | None = None


class QuestionSpec(Written):
    """What another unit can be asked: a means check, a cross-check, an opinion."""

    name: Name
    label: Label
    matters: Codes = ()
    law: Text | None = None
    basis: Text | None = None


class RedoRule(Written):
    """Where an affair returns to; the first rule that fits counts."""

    to: Name
    matters: Codes = ()
    when: Guards = ()


class Make(Written):
    """The command that a reaction makes.

    register opens an affair of `line` and `matter`, or of the matter that the field `matter_from`
    names; entry and action name what is done to the affair that this one came from. record:
    fields with their values. copy: field of the new record from field of this affair; personal
    fields are not copied.
    """

    command: Literal["register", "entry", "action"]
    line: Code | None = None
    matter: Code | None = None
    matter_from: Name | None = None
    name: Name | None = None
    summary: Label | None = None
    record: dict[Name, JsonValue] = Field(default_factory=dict)
    copied: dict[Name, Name] = Field(default_factory=dict, alias="copy")


class ReactionSpec(Written):
    """An event of one affair that makes a command for another."""

    id: Name
    on: Happenings
    when: Guards = ()
    make: Make
    law: Text | None = None
    basis: Text | None = None


class OnBehalf(Written):
    """Who may enter another role's step on signed request, and the field that proves it."""

    of: Role
    by: tuple[Role, ...]
    field: FieldSpec


class EveryMove(Written):
    """Guards of every step, but for those named."""

    when: Guards
    unless: tuple[Code, ...] = ()


class Entering(Written):
    """Guards and fields of every step that enters a state."""

    when: Guards = ()
    fields: tuple[FieldSpec, ...] = ()


class BarSpec(Written):
    """Whoever misses so many places within so many days gets none for so many days after."""

    misses: Annotated[int, Field(ge=1, le=100)]
    within_days: Annotated[int, Field(ge=1, le=4_000)]
    days: Annotated[int, Field(ge=1, le=4_000)]


class Places(Written):
    """How affairs of a line stand for places of offerings.

    field: of the registration, which names the offering. held_in, waits_in: the states in which
    an affair has a place, or a rank in the queue; it gives up what it has in every other.
    missed_in: of `held_in`, those in which the place was not used. offer: the entry that the
    system writes for the first of the queue once a place is free. lapse: the step that the system
    takes with who still waits when the offering is cancelled.
    """

    field: Name
    held_in: Codes
    waits_in: Codes = ()
    missed_in: Codes = ()
    bar: BarSpec | None = None
    offer: Name | None = None
    lapse: Code | None = None

    def hold(self, state: str) -> Hold:
        """What an affair in a state has of its offering, as far as the state tells."""
        if state in self.held_in:
            return "held"
        return "waiting" if state in self.waits_in else "none"


class Common(Written):
    """The rules shared by all lines."""

    states: dict[Name, Label]
    on_behalf: OnBehalf
    every_move: EveryMove
    entering: dict[Name, Entering]
    transitions: tuple[TransitionSpec, ...]
    entries: tuple[EntrySpec, ...]
    actions: tuple[EntrySpec, ...]
    clocks: tuple[ClockSpec, ...]
    timers: tuple[TimerSpec, ...] = ()
    reactions: tuple[ReactionSpec, ...] = ()


class Line(Written):
    """A version of a line of service, with the common rules it was read with.

    accepted_on: steps that count as acceptance. clock_stop_on: by matter, or for `all`, steps
    that stop its clock before it is resolved. line_limit: the clocks whose limit counts as the
    line's own; of several, for a matter, the first that it has. deemed_acceptance: an affair of
    which nobody said in five working days what is missing counts as accepted. suspends_when:
    what a suspension needs besides. withdrawal_barred: where one of these holds, the applicant
    cannot withdraw.
    """

    code: Annotated[str, StringConstraints(pattern=LINE)]
    names: Label
    version: Code
    valid: Validity
    department: Department
    law: Text | None = None
    basis: Text | None = None
    matters: Annotated[dict[Code, Matter], Field(min_length=1)]
    states: Annotated[dict[Name, Label], Field(min_length=1)]
    initial: Name
    accepted_on: Codes
    clock_stop_on: dict[Code, Codes] = Field(default_factory=dict)
    line_limit: Codes = ()
    deemed_acceptance: bool = True
    redo: tuple[RedoRule, ...] = ()
    suspendable: tuple[Name, ...] = ()
    suspends_when: Guards = ()
    withdrawal_barred: Guards = ()
    clocks: tuple[ClockSpec, ...] = ()
    transitions: Annotated[tuple[TransitionSpec, ...], Field(min_length=1)]
    entries: tuple[EntrySpec, ...] = ()
    questions: tuple[QuestionSpec, ...] = ()
    timers: tuple[TimerSpec, ...] = ()
    reactions: tuple[ReactionSpec, ...] = ()
    places: Places | None = None
    common: Common

    def all_states(self) -> dict[str, Label]:
        """Its own states, then the common ones."""
        return {**self.states, **self.common.states}

    def all_transitions(self) -> tuple[TransitionSpec, ...]:
        """Its own steps, then the common ones."""
        return self.transitions + self.common.transitions

    def all_entries(self) -> tuple[EntrySpec, ...]:
        """Its own entries, then the common ones."""
        return self.entries + self.common.entries

    def all_clocks(self) -> tuple[ClockSpec, ...]:
        """Its own clocks, then the common ones."""
        return self.clocks + self.common.clocks

    def all_timers(self) -> tuple[TimerSpec, ...]:
        """Its own timers, then the common ones."""
        return self.timers + self.common.timers

    def all_reactions(self) -> tuple[ReactionSpec, ...]:
        """Its own reactions, then the common ones."""
        return self.reactions + self.common.reactions

    def states_of(self, written: tuple[str, ...]) -> frozenset[str]:
        """The states meant by names and by the words `open`, `ended` and `initial`."""
        return frozenset(state for word in written for state in self._meant(word))

    def state(self, written: str) -> str:
        """The state that a step leads to: `initial` is the first."""
        return self.initial if written == INITIAL else written

    def _meant(self, word: str) -> Iterator[str]:
        if word == OPEN:
            yield from self.states
        elif word == ENDED:
            yield from (s for s in self.common.states if s not in (RESOLVED, ARCHIVED))
        else:
            yield self.state(word)

    def redo_targets(self, matter: str) -> tuple[str, ...]:
        """Every state that the redo rules can name for a matter."""
        own = self.matters[matter].redo
        if own is not None:
            return () if own == "none" else (own,)
        return tuple(dict.fromkeys(r.to for r in self.redo if not r.matters or matter in r.matters))


def for_matter(matters: tuple[str, ...], matter: str) -> bool:
    """Whether something limited to `matters` is there for `matter`; empty is no limit."""
    return not matters or matter in matters
