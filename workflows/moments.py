"""The guards that compare recorded days and instants (see `workflows.guards`)."""

from datetime import date, datetime

from domain.clock import end_of
from workflows.conditions import Ask, Names, guard


@guard("field", timed=True)
def field_reached(ask: Ask, names: Names) -> bool:
    """The instants in these fields have come; of a date, its end. `field_reached: starts_at`"""
    found = [told(ask.fact(name)) for name in names]
    return all(one is not None and _instant(one) <= ask.at for one in found)


@guard("field")
def days_in_order(ask: Ask, names: Names) -> bool:
    """None of these days lies before the one named ahead of it.
    `days_in_order: [lease_from, lease_to]`"""
    found = [ask.fact(name) for name in names]
    return all(found) and found == sorted(found)


def told(fact: str) -> date | datetime | None:
    """The date or the instant that a fact tells, as `facts_of` wrote it."""
    if not fact:
        return None
    return datetime.fromisoformat(fact) if "T" in fact else date.fromisoformat(fact)


def _instant(found: date | datetime) -> datetime:
    return found if isinstance(found, datetime) else end_of(found)
