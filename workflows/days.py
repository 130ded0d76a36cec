"""Guards of days that are recorded: how old somebody is, how long ago something was. Part of
`workflows.guards`.

A day of birth is personal and is kept sealed, so it is read in the moment in which it is told;
what is kept in the open is that the step could be taken.
"""

from calendar import monthrange
from datetime import date, datetime, time
from typing import Annotated

from pydantic import Field

from domain.clock import SHANGHAI, local_day
from domain.personal import Personal
from workflows.clockspec import Limit
from workflows.conditions import Ask, guard
from workflows.fields import Name, Written

Years = Annotated[int, Field(ge=1, le=150)]


class Rises(Written):
    """An age that goes up step by step: who would reach it in the first `every` months from
    `since` on waits one month longer, in the next `every` two, until the age is `to` years."""

    since: date
    every: Annotated[int, Field(ge=1, le=120)]
    to: Years


class Age(Written):
    """So many full years, counted from the day in the field `born`."""

    born: Name
    years: Years
    rises: Rises | None = None

    def reached_on(self, born: date) -> date:
        """The day on which somebody born then is so old (民法典 第二百零二条: where the month has
        no such day, its last)."""
        months = self.years * 12
        if self.rises is not None:
            due, since = _later(born, months), self.rises.since
            behind = (due.year - since.year) * 12 + due.month - since.month
            if behind >= 0:
                months = min(months + behind // self.rises.every + 1, self.rises.to * 12)
        return _later(born, months)


class SinceDay(Limit):
    """So long since the day in a field."""

    day: Name


@guard(timed=True)
def age_at_least(ask: Ask, age: Age) -> bool:
    """Somebody has reached an age, by the day of birth that is told now.
    `age_at_least: {born: birth_date, years: 16}`"""
    born = _told(ask, age.born)
    return born is not None and age.reached_on(born) <= local_day(ask.at)


@guard(timed=True)
def age_below(ask: Ask, age: Age) -> bool:
    """Somebody has not reached an age yet; where it rises, that of those born then.
    `age_below: {born: birth_date, years: 60,
    rises: {since: "2025-01-01", every: 4, to: 63}}`"""
    born = _told(ask, age.born)
    return born is not None and local_day(ask.at) < age.reached_on(born)


@guard(timed=True)
def time_since_day_at_least(ask: Ask, since: SinceDay) -> bool:
    """So much time has passed in full since a recorded day, itself not counted.
    `time_since_day_at_least: {day: start_date, count: 30, unit: d}`"""
    start = started(ask, since)
    return start is not None and ask.reached(start, since)


def started(ask: Ask, since: SinceDay) -> datetime | None:
    """When the recorded day began; None where there is none."""
    told = ask.fact(since.day)
    return datetime.combine(date.fromisoformat(told), time(), SHANGHAI) if told else None


def _told(ask: Ask, name: str) -> date | None:
    value = ask.record.get(name)
    return date.fromisoformat(value.clear) if isinstance(value, Personal) and value.clear else None


def _later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
