"""What stands in the way of a step, an entry or an action: what is missing, and how much of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Named:
    """Something that the line names.

    kind: step, entry, field, value, state, matter, clock, question or role. zh, en: its label,
    empty where it has none. values: those that a field may hold.
    """

    kind: str
    code: str
    zh: str = ""
    en: str = ""
    values: tuple["Named", ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """So many are needed, so many there are.

    of: times, days, bands, points, members; wd, d, wh or h of a time, or
    years of age, which have no `have`.
    """

    of: str
    limit: Literal["at_least", "at_most", "fewer_than"]
    need: int
    have: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What one guard finds missing.

    negated: it must not hold. until: the instant at which the time that it asks for has passed.
    """

    guard: str
    negated: bool = False
    named: tuple[Named, ...] = ()
    counts: tuple[Count, ...] = ()
    until: datetime | None = None
