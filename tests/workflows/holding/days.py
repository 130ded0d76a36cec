"""Days that are recorded: of a birth, or since when something lasts."""

from typing import Any

from domain.clock import local_day
from tests.workflows.holding import LONG_AGO, Changes, Ways, Where, entered, told_each
from tests.workflows.scenes import NOON


def _aged(where: Where, age: Any, *years: int) -> Changes:
    today = local_day(NOON)
    born = [today.replace(year=today.year - age.years - more).isoformat() for more in years]
    return told_each(where, {age.born: born})


@entered("age_at_least")
def _old(where: Where, age: Any) -> Ways:
    return _aged(where, age, 0, 20), _aged(where, age, -1)


@entered("age_below")
def _young(where: Where, age: Any) -> Ways:
    return _aged(where, age, -1, -20), _aged(where, age, 20)


@entered("time_since_day_at_least")
def _since_day(where: Where, since: Any) -> Ways:
    def told(*days: str) -> Changes:
        return told_each(where, {since.day: days})

    return told(local_day(LONG_AGO).isoformat()), told(local_day(NOON).isoformat())
