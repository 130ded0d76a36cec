"""Clocks: what changes of them make of them, and never anything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.clock import (
    SHANGHAI,
    Clock,
    ClockChange,
    ClockKind,
    Due,
    Unit,
    after,
    change_of,
    local_day,
)
from tests.builders.affairs import at

START, WARN, DUE, NOW = at("07-22 10:00"), at("07-25 09:00"), at("07-26 00:00"), at("07-25 15:00")


def started(name: str = "onsite", calendar: str = "2011.1") -> ClockChange:
    return ClockChange(
        name=name,
        change="started",
        kind=ClockKind.STAGE,
        unit=Unit.WORKING_DAY,
        started_at=START,
        due_at=DUE,
        warn_at=WARN,
        calendar=calendar,
    )


def running() -> Clock:
    (clock,) = after((), (started(),), START)
    return clock


def changed(clock: Clock, change: str, due: Due | None, now: datetime = NOW) -> Clock:
    (made,) = after((clock,), (change_of(clock, change, due),), now)
    return made


LATER = Due(at("07-28 00:00"), at("07-27 09:00"), "2011.2")


def test_a_clock_that_started_runs() -> None:
    clock = running()

    assert clock.running
    assert (clock.started_at, clock.warn_at, clock.due_at) == (START, WARN, DUE)
    assert not clock.extended


def test_a_clock_that_stopped_is_kept_with_its_end() -> None:
    clock = changed(running(), "stopped", None)

    assert not clock.running
    assert (clock.stopped_at, clock.due_at) == (NOW, DUE)


def test_a_clock_that_stands_still_goes_on_later() -> None:
    still = changed(running(), "paused", None)
    again = changed(still, "resumed", LATER, at("07-27 15:00"))

    assert not still.running
    assert still.paused_at == NOW
    assert again.running
    assert (again.due_at, again.warn_at, again.calendar) == (LATER.at, LATER.warn_at, "2011.2")
    assert not again.extended


def test_a_clock_that_stands_still_can_be_stopped() -> None:
    clock = changed(changed(running(), "paused", None), "stopped", None, at("07-27 15:00"))

    assert (clock.stopped_at, clock.paused_at) == (at("07-27 15:00"), None)


def test_an_extension_is_remembered_through_a_suspension_and_not_after_a_new_start() -> None:
    extended = changed(running(), "extended", LATER)
    again = changed(changed(extended, "paused", None), "resumed", LATER)
    (anew,) = after((again,), (started(),), NOW)

    assert extended.extended
    assert again.extended
    assert not anew.extended


def test_a_new_start_forgets_the_end() -> None:
    stopped = changed(running(), "stopped", None)

    (anew,) = after((stopped,), (started(),), NOW)

    assert anew.running
    assert anew.stopped_at is None


def test_clocks_keep_their_order_and_new_ones_come_last() -> None:
    clocks = after((), (started("a"), started("b")), START)
    clocks = after(clocks, (started("c"), change_of(clocks[0], "stopped", None)), NOW)

    assert [clock.name for clock in clocks] == ["a", "b", "c"]
    assert [clock.running for clock in clocks] == [False, True, True]


def test_nothing_changes_without_a_change() -> None:
    clocks = (running(),)

    assert after(clocks, (), NOW) is clocks


def test_a_clock_nobody_saw_start_is_taken_as_told() -> None:
    change = replace(started("new"), change="extended")

    (clock,) = after((), (change,), NOW)

    assert clock.running
    assert clock.due_at == DUE


@pytest.mark.parametrize(("calendar", "provisional"), [("2011.1", False), ("2013?", True)])
def test_a_clock_without_its_calendar_is_provisional(calendar: str, provisional: bool) -> None:
    (clock,) = after((), (started(calendar=calendar),), START)

    assert clock.provisional == provisional
    assert clock.expired(clock.due_at) != provisional
    assert not clock.expired(clock.due_at - timedelta.resolution)


def test_a_change_carries_what_it_does_not_change() -> None:
    clock = running()

    stop, move = change_of(clock, "stopped", None), change_of(clock, "extended", LATER)

    assert (stop.kind, stop.unit, stop.started_at) == (clock.kind, clock.unit, clock.started_at)
    assert (stop.due_at, stop.warn_at, stop.calendar) == (None, None, clock.calendar)
    assert (move.due_at, move.warn_at, move.calendar) == (LATER.at, LATER.warn_at, "2011.2")


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2011, 7, 22, 15, 59, tzinfo=UTC), date(2011, 7, 22)),
        (datetime(2011, 7, 22, 16, 0, tzinfo=UTC), date(2011, 7, 23)),
        (datetime(2011, 7, 22, 23, 59, tzinfo=SHANGHAI), date(2011, 7, 22)),
    ],
)
def test_days_are_days_in_shanghai(instant: datetime, day: date) -> None:
    assert local_day(instant) == day
