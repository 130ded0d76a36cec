"""The guards that ask for return visits since the affair was resolved (see `workflows.guards`)."""

from domain.affair.state import Visited
from domain.clock import local_day
from workflows.conditions import Ask, Attempts, Number, Values, guard


@guard()
def rating_at_least(ask: Ask, least: Number) -> bool:
    """The resident's last rating is this or better. `rating_at_least: 3`"""
    rated = _rated(ask)
    return rated is not None and rated.rating >= least


@guard()
def rating_at_most(ask: Ask, most: Number) -> bool:
    """The resident's last rating is this or worse. `rating_at_most: 2`"""
    rated = _rated(ask)
    return rated is not None and rated.rating <= most


@guard()
def finding_is(ask: Ask, findings: Values) -> bool:
    """What the last rated visit found is one of these. `finding_is: rework_due`"""
    rated = _rated(ask)
    return rated is not None and rated.finding in findings


@guard()
def visit_outcome(ask: Ask, outcomes: Values) -> bool:
    """The last visit came out as one of these. `visit_outcome: refused`"""
    visits = _visits(ask)
    return bool(visits) and visits[-1].outcome in outcomes


@guard()
def contact_attempts(ask: Ask, wanted: Attempts) -> bool:
    """The resident was tried in vain so often and never reached.
    `contact_attempts: {count: 3, days: 3, bands: 2}`"""
    tried = attempts(ask)
    return (
        _rated(ask) is None
        and tried.count >= wanted.count
        and tried.days >= wanted.days
        and tried.bands >= wanted.bands
    )


def attempts(ask: Ask) -> Attempts:
    """The attempts that were made in vain."""
    tried = [visit for visit in _visits(ask) if visit.outcome == "unreachable"]
    return Attempts(
        count=len(tried),
        days=len({local_day(visit.at) for visit in tried}),
        bands=len({visit.band for visit in tried}),
    )


def rating(ask: Ask) -> int | None:
    """The resident's last rating; None where there is none."""
    rated = _rated(ask)
    return rated.rating if rated else None


# A service that runs for years is visited when it starts and again when it is resolved.
def _visits(ask: Ask) -> list[Visited]:
    since = ask.affair.standing.entered_at
    return [visit for visit in ask.affair.visits if ask.here(visit) and visit.at >= since]


def _rated(ask: Ask) -> Visited | None:
    return next((v for v in reversed(_visits(ask)) if v.outcome == "reached"), None)
