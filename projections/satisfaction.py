"""What happened to an affair, in one row, and how that row counts: figures by day and area.

`affair_facts` is the source of every figure about affairs; `tally` says which. An affair that
was never accepted counts nowhere; one that was withdrawn, merged or not accepted counts in
the volume only (domain reference 5).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.affair import events as e
from domain.clock import local_day
from domain.log import Recorded
from projections.rounds import (
    ClockFact,
    RoundFact,
    VisitFact,
    deadline,
    due_day,
    run_on,
    visit_due,
    visit_of,
)
from projections.view import Key, Lifecycle, View

OUTSIDE = ("withdrawn", "not_accepted")
BEYOND = ("street", "district")
SATISFIED = 3
"""The lowest rating that counts as satisfied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AffairFactsRow:
    """An affair with its rounds, clocks and return visits nested.

    outside: why it counts in no rate: withdrawn, not_accepted, merged; else empty.
    referred: was ever offered to a unit outside its community, signed in or not, or left the
    community's level. joint: another unit was asked to lend a hand.
    first_rating: of the first visit that was rated, 0 while there is none.
    """

    affair_id: UUID
    line: str
    matter: str
    community: str
    area: str
    registered_at: datetime
    accepted_at: datetime | None
    outside: str
    referred: bool
    joint: bool
    first_rating: int
    first_rated_at: datetime | None
    rounds: tuple[RoundFact, ...]
    clocks: tuple[ClockFact, ...]
    visits: tuple[VisitFact, ...]


def tally(row: AffairFactsRow) -> dict[Key, int]:
    """{(measure, day, line, area): number}; the community's code where there is no area.

    By local day of: acceptance (volume, accepted, accepted_ended, accepted_referred,
    accepted_single_handed), the deadline (due, on_time), the visit's deadline (visit_due,
    visit_made), the visit (rated, satisfied, first_rated, first_satisfied), closing
    (unreachable), resolution, reopening, and the end of handling (handled_count,
    handled_days). Rounds count each for themselves but in rated, satisfied and unreachable,
    where the latest round speaks for the affair.
    """
    counts: dict[Key, int] = {}

    def count(measure: str, day: date, number: int = 1) -> None:
        if number:
            key = (measure, day.isoformat(), row.line, row.area or row.community)
            counts[key] = counts.get(key, 0) + number

    if row.accepted_at is None:
        return counts
    accepted_on = local_day(row.accepted_at)
    count("volume", accepted_on)
    if row.outside:
        return counts
    count("accepted", accepted_on)
    count("accepted_ended", accepted_on, row.rounds[0].ended_at is not None)
    count("accepted_referred", accepted_on, row.referred)
    count("accepted_single_handed", accepted_on, not (row.referred or row.joint))
    for fact in row.rounds:
        _count_round(row, fact, count)
    for visit in row.visits:
        if visit.due_at is not None and not visit.exempt:
            count("visit_due", due_day(visit.due_at))
            count("visit_made", due_day(visit.due_at), visit.made)
    _count_ratings(row, count)
    return counts


Count = Callable[..., None]


def _count_round(row: AffairFactsRow, fact: RoundFact, count: Count) -> None:
    if (due := deadline(fact, row.clocks)) is not None:
        day, in_time = due
        count("due", day)
        count("on_time", day, in_time)
    if fact.resolved_at is not None:
        count("resolved", local_day(fact.resolved_at))
    if fact.round:
        count("reopened", local_day(fact.began_at))
    if fact.handled_at is not None:
        count("handled_count", local_day(fact.handled_at))
        count("handled_days", local_day(fact.handled_at), fact.handled_days)


def _count_ratings(row: AffairFactsRow, count: Count) -> None:
    latest = [visit for visit in row.visits if visit.round == row.rounds[-1].round]
    final = next((visit for visit in reversed(latest) if visit.rated_at is not None), None)
    if final is not None and final.rated_at is not None:
        count("rated", local_day(final.rated_at))
        count("satisfied", local_day(final.rated_at), final.rating >= SATISFIED)
    elif latest and latest[-1].unreachable_at is not None:
        count("unreachable", local_day(latest[-1].unreachable_at))
    if row.first_rated_at is not None:
        count("first_rated", local_day(row.first_rated_at))
        count("first_satisfied", local_day(row.first_rated_at), row.first_rating >= SATISFIED)


affair_facts = View[AffairFactsRow](
    "affair_facts",
    Lifecycle.FOLLOWING,
    AffairFactsRow,
    indexes=(("area", "line"),),
    tally=tally,
    version=3,
)


@affair_facts.on(e.Registered)
def registered(_: AffairFactsRow | None, event: e.Registered, seen: Recorded) -> AffairFactsRow:
    """A new affair has its facts; none of them counts yet."""
    return AffairFactsRow(
        affair_id=seen.stream_id,
        line=event.line,
        matter=event.matter,
        community=event.community,
        area=event.area,
        registered_at=event.occurred_at,
        accepted_at=None,
        outside="",
        referred=False,
        joint=False,
        first_rating=0,
        first_rated_at=None,
        rounds=(RoundFact(round=0, began_at=event.occurred_at),),
        clocks=run_on((), event.clocks, event.occurred_at, round=0, ended=False),
        visits=(),
    )


@affair_facts.on(
    *(
        event
        for event in vars(e).values()
        if "clocks" in getattr(event, "__dataclass_fields__", ()) and event is not e.Registered
    )
)
def went_on(row: AffairFactsRow | None, event: Any, _: Recorded) -> AffairFactsRow:
    """What the event says of the affair, then what it did to the clocks."""
    assert row is not None, "an affair begins with its registration"
    if (tell := TOLD.get(type(event))) is not None:
        row = tell(row, event)
    if not event.clocks:
        return row
    now = row.rounds[-1]
    return replace(
        row,
        clocks=run_on(
            row.clocks,
            event.clocks,
            event.occurred_at,
            round=now.round,
            ended=now.ended_at is not None,
        ),
        visits=visit_due(row.visits, event.clocks, now.round),
    )


def _step(row: AffairFactsRow, event: e.StepTaken) -> AffairFactsRow:
    at, now = event.occurred_at, row.rounds[-1]
    handled = event.handled_days_working
    ends = handled is not None or event.to in ("resolved", "terminated")
    now = replace(
        now,
        ended_at=now.ended_at or (at if ends else None),
        resolved_at=now.resolved_at or (at if event.to == "resolved" else None),
        handled_at=at if handled is not None else now.handled_at,
        handled_days=handled if handled is not None else now.handled_days,
    )
    accepts = "accepted" in event.marks
    return replace(
        row,
        accepted_at=row.accepted_at or (at if accepts else None),
        outside=event.to if event.to in OUTSIDE else row.outside,
        referred=row.referred or event.level in BEYOND or "referred" in event.marks,
        rounds=(*row.rounds[:-1], now),
        visits=_closed(row, event),
    )


def _closed(row: AffairFactsRow, event: e.StepTaken) -> tuple[VisitFact, ...]:
    if event.step not in ("X4", "X5"):
        return row.visits
    before, visit = visit_of(row.visits, row.rounds[-1].round)
    if event.step == "X5":
        return (*before, replace(visit, exempt=True))
    # X4 also closes what the resident refused to be asked about: that visit is made.
    gone = visit.outcome != "refused"
    return (*before, replace(visit, unreachable_at=event.occurred_at if gone else None))


def _visited(row: AffairFactsRow, event: e.ReturnVisitRecorded) -> AffairFactsRow:
    before, visit = visit_of(row.visits, row.rounds[-1].round)
    visit = replace(visit, outcome=event.outcome)
    if not event.rating:
        return replace(row, visits=(*before, visit))
    first = not row.first_rating
    return replace(
        row,
        visits=(*before, replace(visit, rating=event.rating, rated_at=event.occurred_at)),
        first_rating=event.rating if first else row.first_rating,
        first_rated_at=event.occurred_at if first else row.first_rated_at,
    )


def _reopened(row: AffairFactsRow, event: e.Reopened) -> AffairFactsRow:
    new = RoundFact(round=event.round, began_at=event.occurred_at)
    return replace(row, rounds=(*row.rounds, new))


def _merged(row: AffairFactsRow, _: e.Merged) -> AffairFactsRow:
    return replace(row, outside="merged")


# Codes carry their place: those of a community's units go on from its own.
def _referred(row: AffairFactsRow, event: e.Referred) -> AffairFactsRow:
    return row if event.unit.startswith(row.community) else _beyond(row, event)


def _beyond(row: AffairFactsRow, _: Any) -> AffairFactsRow:
    return row if row.referred else replace(row, referred=True)


def _joint(row: AffairFactsRow, _: e.JointOpened) -> AffairFactsRow:
    return row if row.joint else replace(row, joint=True)


TOLD: dict[type, Callable[[Any, Any], AffairFactsRow]] = {
    e.StepTaken: _step,
    e.ReturnVisitRecorded: _visited,
    e.Reopened: _reopened,
    e.Merged: _merged,
    e.Referred: _referred,
    e.Escalated: _beyond,
    e.JointOpened: _joint,
}
