"""Clocks and timers as a line file says them, with the guards and happenings that it writes."""

from typing import Annotated

from pydantic import BeforeValidator, Field, JsonValue, StringConstraints

from domain.clock import ClockKind, Unit
from workflows.fields import HAPPENING, Code, Codes, Label, Name, Text, Written, listed

NONE = "none"
"""Fired by a timer whose end is only recorded."""

Happening = Annotated[str, StringConstraints(pattern=HAPPENING)]
Happenings = Annotated[tuple[Happening, ...], BeforeValidator(listed)]


def _guards(value: object) -> object:
    if not isinstance(value, list | tuple):
        return value
    return tuple({one: True} if isinstance(one, str) else one for one in value)


Guards = Annotated[tuple[dict[str, JsonValue], ...], BeforeValidator(_guards)]
"""`[not_suspended, steps_fewer_than: {steps: [G6], count: 3}]`: all of them must hold."""


class Limit(Written):
    """So many working days (wd), days (d), working hours (wh) or hours (h).

    0 wd or 0 d is the end of the same day; 0 wh or 0 h is at once.
    """

    count: Annotated[int, Field(ge=0, le=4_000)]
    unit: Unit


class LimitCase(Limit):
    """A limit for some matters, or where some guards hold; the first that fits counts."""

    matters: Codes = ()
    when: Guards = ()


class Until(Written):
    """A day of the calendar, so many years on: `{month: 6, day: 30, years: 1, warn: 10}` is the
    end of 30 June of the next year.

    warn: days before its end that it turns yellow, as four fifths of a year would warn nobody.
    """

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]
    years: Annotated[int, Field(ge=0, le=100)]
    warn: Annotated[int, Field(ge=0, le=1_000)]


class ClockSpec(Written):
    """A named clock.

    limit, or limits by case, or until a day of the calendar. due_field: a recorded date (its
    end, provisional in a year without a table) or instant goes before it.
    after: the limit counts from the end of this time, itself counted from the start.
    runs_in: started on entering these states, stopped on leaving them. starts_on, stops_on:
    happenings; one that starts on `ended` runs on when the affair is over. once: never started
    again. when: started only where these hold.
    extension: the most units that it can be extended by; None where it is not limited.
    extends_when: extended only where these hold, such as the parties' consent.
    less_suspended: a limit in days, less those that this round has stood still already.
    half_line_limit: half of what the line says under `line_limit`, rounded up, but not less
    than `limit`.
    """

    name: Name
    label: Label
    kind: ClockKind
    limit: Limit | None = None
    limits: tuple[LimitCase, ...] = ()
    until: Until | None = None
    after: Limit | None = None
    once: bool = False
    less_suspended: bool = False
    half_line_limit: bool = False
    due_field: Name | None = None
    runs_in: Codes = ()
    starts_on: Happenings = ()
    stops_on: Happenings = ()
    matters: Codes = ()
    when: Guards = ()
    extension: Annotated[int, Field(ge=0)] | None = None
    extends_when: Guards = ()
    law: Text | None = None
    basis: Text | None = None


class TimerSpec(Written):
    """A clock of kind timer, and the step or action by the system that its end fires.

    fires: `none` where nothing follows, as for a time that has to pass before others go on.
    """

    clock: Name
    fires: Code
    record: dict[Name, JsonValue] = Field(default_factory=dict)
