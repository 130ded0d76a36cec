"""An affair that stands still and is extended, through the real decider, against the walk minute
by minute: random starts, limits, suspensions and extensions."""

from datetime import datetime, timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from adapters import calendars
from domain.actor import Actor, Role
from domain.clock import Unit
from tests.workflows.minutes import BEIJING, DAY, MINUTE, WD, WH, D, H
from tests.workflows.minutes import Walk as Minutes
from tests.workflows.small import small
from tests.workflows.walking import Deed, Walk, begun
from workflows.calendar import YearTable
from workflows.clockspec import Limit
from workflows.machine import CompiledLine

SPEC = small()
(WHOLE,) = (clock for clock in SPEC.clocks if clock.name == "whole")
LEADER = Actor(account="gaoyuan", role=Role.SL, unit="370103008")
OPENING = datetime(2010, 2, 1, tzinfo=BEIJING)
SEEDED = calendars.seed(range(2010, 2014), by="policy", occurred_at=OPENING)
MINUTES = Minutes([YearTable.of(event) for event in SEEDED])

LIMITS = st.one_of(
    st.tuples(st.integers(1, 15), st.just(WD)),
    st.tuples(st.integers(1, 30), st.just(D)),
    st.tuples(st.integers(1, 60), st.just(WH)),
    st.tuples(st.integers(1, 200), st.just(H)),
)
# Close to the turns of the day, where mistakes live, and anywhere.
STARTS = st.builds(
    lambda day, hour, minutes: OPENING + DAY * day + MINUTE * (hour * 60 + minutes),
    st.integers(0, 600),
    st.sampled_from([0, 9, 12, 13, 17, 23]),
    st.one_of(st.integers(-2, 2), st.integers(0, 59)),
)
GAPS = st.one_of(st.integers(1, 3000), st.integers(1, 130_000)).map(lambda n: MINUTE * n)
SHARES = st.integers(0, 100)


def waiting(start: datetime, count: int, unit: Unit) -> Walk:
    """An affair with one clock of that limit, in a state that can be suspended."""
    clock = WHOLE.model_copy(update={"limit": Limit(count=count, unit=unit)})
    line = CompiledLine(SPEC.model_copy(update={"clocks": (clock,), "timers": ()}))
    walk = begun(line, "ZA02", start)
    for step in ("S2", "S4"):
        deed = next(walk.open(line.steps[step]))
        walk = walk.done(deed, {})
    return walk


def acted(walk: Walk, action: str, at: datetime, **record: object) -> Walk:
    """A leader acts at that time; until then the system does what falls due."""
    walk = walk.until(at)
    return walk.done(Deed(walk.line.actions[action], LEADER), record)


def due(walk: Walk) -> datetime:
    clock = walk.affair.clock("whole")
    assert clock is not None
    return clock.due_at


def between(now: datetime, end: datetime, share: int) -> datetime:
    """Some minute from now on that lies before the end."""
    return now + (end - now - MINUTE) // MINUTE * share // 100 * MINUTE


def stood_still(walk: Walk, end: datetime, share: int, gap: timedelta) -> tuple[Walk, datetime]:
    """The affair, suspended for a time on its way to `end`, and where that end lies then.

    In a round it may stand still for sixty days in all, the days of suspending left out; when
    they are used, it is resumed by itself.
    """
    paused = between(walk.at, end, share)
    left = timedelta(days=60 - walk.affair.standing.suspended_days)
    walk = acted(walk, "suspend", paused, cause="court")
    walk = walk.until(paused + gap)
    if walk.affair.standing.suspended_at is not None:
        walk = acted(walk, "resume", paused + gap)
        until = min(paused + gap, paused + left)
    else:
        until = paused + left
    moved, _ = MINUTES.moved(end, paused, until, walk.line.spec.clocks[0].limit.unit)  # type: ignore[union-attr]
    return walk, moved


# Each example walks through months minute by minute: a failure is told as it was found.
@settings(max_examples=60, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(
    start=STARTS,
    limit=LIMITS,
    first=st.tuples(SHARES, GAPS),
    more=st.integers(1, 12),
    second=st.tuples(SHARES, GAPS),
)
def test_a_clock_that_stands_still_twice_and_is_extended_ends_where_the_walk_ends(
    start: datetime,
    limit: tuple[int, Unit],
    first: tuple[int, timedelta],
    more: int,
    second: tuple[int, timedelta],
) -> None:
    count, unit = limit
    walk = waiting(start, count, unit)
    end, _ = MINUTES.due(start, count, unit)
    assert due(walk) == end

    walk, end = stood_still(walk, end, *first)

    assert due(walk) == end
    if walk.at < end:
        told = {"clock": "whole", "count": more, "reason": "案情复杂", "applicant_told": True}
        walk = acted(walk, "extend", between(walk.at, end, 50), **told)
        end, _ = MINUTES.due(end - MINUTE if unit in (WD, D) else end, more, unit)

        assert due(walk) == end
    if walk.at < end and walk.affair.standing.suspended_days < 60:
        walk, end = stood_still(walk, end, *second)

        assert due(walk) == end
