"""Dates and instants that may not lie anywhere: not before a day, not after one, in the past."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from domain.clock import SHANGHAI, local_day
from domain.errors import FieldInvalid
from domain.record import Record

if TYPE_CHECKING:
    from workflows.fields import FieldSpec


def next_month(day: date) -> date:
    """The first day of the month after a day."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def check(
    step: str, specs: "Iterable[FieldSpec]", record: Record, at: datetime, since: datetime
) -> None:
    """Those of a step at `at` in an affair registered at `since`. Raises FieldInvalid."""
    today = local_day(at)
    for spec in specs:
        value = record.get(spec.name)
        if value is None:
            continue
        day = local_day(value) if isinstance(value, datetime) else value
        assert isinstance(day, date), spec.kind
        if spec.from_today and day < today:
            raise FieldInvalid(step, spec.name, f"not before {today}")
        if spec.next_month and day != (wanted := next_month(today)):
            raise FieldInvalid(step, spec.name, f"{wanted} alone")
        if spec.within_days is not None:
            ahead = timedelta(days=spec.within_days)
            if isinstance(value, datetime) and value > at + ahead:
                latest = f"{(at + ahead).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
                raise FieldInvalid(step, spec.name, f"not after {latest}")
            if day > today + ahead:
                raise FieldInvalid(step, spec.name, f"not after {today + ahead}")
        if spec.past and isinstance(value, datetime) and not since <= value <= at:
            first, last = (f"{one.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" for one in (since, at))
            raise FieldInvalid(step, spec.name, f"between {first} and {last}")
