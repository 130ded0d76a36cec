"""The rounds of an affair as figures see them: what ended when, what was due, who was asked.

An affair has round 0 from its registration and one more from each reopening. Stage and total
clocks say when a round was due; the clock `return_visit` says when its visit was.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.clock import ClockChange, ClockKind, local_day
from projections.standing import RETURN_VISIT

JUDGED = (ClockKind.STAGE, ClockKind.TOTAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFact:
    """One handling of an affair.

    began_at: registration or reopening. ended_at: first clock stop, else resolved or
    terminated. resolved_at: first entry into resolved. handled_at, handled_days: when the
    working days of the handling were counted, and how many.
    """

    round: int
    began_at: datetime
    ended_at: datetime | None = None
    resolved_at: datetime | None = None
    handled_at: datetime | None = None
    handled_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFact:
    """A stage or total clock of a round, its latest run.

    halted_at: when it was stopped, or paused while `paused`. late: a run of it ended late.
    """

    round: int
    name: str
    total: bool
    due_at: datetime
    provisional: bool
    halted_at: datetime | None = None
    paused: bool = False
    late: bool = False

    def missed(self, ended_at: datetime | None) -> bool:
        """Whether it was late for certain, in a round that ended then or goes on (None)."""
        ends = [at for at in (self.halted_at, ended_at) if at is not None]
        return self.late or (not self.provisional and bool(ends) and min(ends) >= self.due_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFact:
    """A return visit that is owed or was made.

    due_at: None where nothing started its clock. outcome: of the latest attempt, or empty.
    rating, rated_at: the latest. unreachable_at: when the affair was closed for it (X4).
    exempt: closed without a visit (X5).
    """

    round: int
    due_at: datetime | None
    outcome: str = ""
    rating: int = 0
    rated_at: datetime | None = None
    unreachable_at: datetime | None = None
    exempt: bool = False

    @property
    def made(self) -> bool:
        """Rated, refused, or given up as unreachable."""
        return bool(self.rating) or self.outcome == "refused" or self.unreachable_at is not None


def due_day(due_at: datetime) -> date:
    """The last day that is in time: `due_at` is the first late instant."""
    return local_day(due_at - timedelta(microseconds=1))


def deadline(fact: RoundFact, clocks: Iterable[ClockFact]) -> tuple[date, bool] | None:
    """When a round was due and whether it ended in time; None where nothing made it due.

    By its total clock, the longest of several; without one late if any stage was, and due
    with the last stage (domain reference 5). A round that goes on is due, and not in time;
    but while its clock stands still, or no clock runs and none was late, nothing falls due.
    A provisional clock has no final effect: it makes no round due.
    """
    mine = [clock for clock in clocks if clock.round == fact.round]
    if not mine:
        return None
    judged = [clock for clock in mine if clock.total]
    # What still runs decides; else the total that ends last, or the stage that came last.
    running = [clock for clock in judged or mine if clock.halted_at is None]
    last = max(running or judged or mine[-1:], key=lambda clock: clock.due_at)
    judged = judged or mine
    if last.provisional:
        return None
    late = any(clock.missed(fact.ended_at) for clock in judged)
    if fact.ended_at is None and last.halted_at is not None and not late:
        return None
    return due_day(last.due_at), fact.ended_at is not None and not late


def run_on(
    clocks: tuple[ClockFact, ...],
    changes: Iterable[ClockChange],
    at: datetime,
    *,
    round: int,
    ended: bool,
) -> tuple[ClockFact, ...]:
    """The clocks after `changes` at `at`. What starts once the round has ended is not judged."""
    facts = list(clocks)
    for change in changes:
        if change.kind not in JUDGED:
            continue
        place = _latest(facts, change.name)
        if change.change == "started":
            if not ended:
                again = place is not None and facts[place].round == round
                earlier = facts.pop(place) if again and place is not None else None
                facts.append(_started(change, at, round, earlier))
        elif place is not None:
            facts[place] = _went_on(facts[place], change, at)
    return tuple(facts)


def _latest(facts: list[ClockFact], name: str) -> int | None:
    return next((at for at in reversed(range(len(facts))) if facts[at].name == name), None)


def _started(change: ClockChange, at: datetime, round: int, earlier: ClockFact | None) -> ClockFact:
    assert change.due_at is not None
    return ClockFact(
        round=round,
        name=change.name,
        total=change.kind is ClockKind.TOTAL,
        due_at=change.due_at,
        provisional=change.calendar.endswith("?"),
        late=earlier is not None and earlier.missed(at),
    )


def _went_on(clock: ClockFact, change: ClockChange, at: datetime) -> ClockFact:
    if clock.halted_at is not None and not clock.paused:
        return clock
    if change.change == "recounted" and change.due_at is not None:
        provisional = change.calendar.endswith("?")
        return replace(clock, due_at=change.due_at, provisional=provisional)
    if change.due_at is not None:
        return replace(
            clock,
            due_at=change.due_at,
            provisional=change.calendar.endswith("?"),
            halted_at=None,
            paused=False,
            late=clock.missed(None),
        )
    return replace(clock, halted_at=clock.halted_at or at, paused=change.change == "paused")


def visit_due(
    visits: tuple[VisitFact, ...], changes: Iterable[ClockChange], round: int
) -> tuple[VisitFact, ...]:
    """The visits after the changes of their clock: one that is not made yet only moves."""
    for change in changes:
        if change.name != RETURN_VISIT or change.due_at is None:
            continue
        last = visits[-1] if visits and visits[-1].round == round else None
        if last is not None and (not last.made or change.change != "started"):
            visits = (*visits[:-1], replace(last, due_at=change.due_at))
        else:
            visits = (*visits, VisitFact(round=round, due_at=change.due_at))
    return visits


def visit_of(visits: tuple[VisitFact, ...], round: int) -> tuple[tuple[VisitFact, ...], VisitFact]:
    """The latest visit of the round, made up where no clock announced it, and those before."""
    if visits and visits[-1].round == round:
        return visits[:-1], visits[-1]
    return visits, VisitFact(round=round, due_at=None)
