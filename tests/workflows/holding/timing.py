"""Time, and clocks."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from domain.record import Kind
from tests.workflows.holding import (
    GONE,
    JUST_NOW,
    LONG_AGO,
    SOON,
    Changes,
    Ways,
    Where,
    calling,
    entered,
    setting,
    together,
    told_each,
)
from tests.workflows.scenes import NOON


def _clocked(names: Sequence[str], on: timedelta, off: timedelta) -> Ways:
    return [calling("clock", name, due=on) for name in names], [
        together(*(calling("clock", name, due=off) for name in names))
    ]


@entered("clock_running")
def _running(where: Where, names: Any) -> Ways:
    stopped = [calling("clock", name, due=SOON, stopped=True) for name in names]
    return _clocked(names, SOON, GONE)[0], [together(*stopped)]


@entered("clock_extendable")
def _extendable(where: Where, bare: Any) -> Ways:
    name = where.line.spec.all_clocks()[0].name
    return [calling("clock", name, due=SOON)], [
        calling("clock", name, due=GONE),
        setting(clocks=[]),
    ]


@entered("within_clock")
def _within(where: Where, names: Any) -> Ways:
    return _clocked(names, SOON, GONE)


@entered("clock_expired")
def _expired(where: Where, names: Any) -> Ways:
    return _clocked(names, GONE, SOON)


def _since(name: str) -> Ways:
    return [setting(**{name: LONG_AGO})], [setting(**{name: JUST_NOW})]


@entered("time_in_state_at_least", "notice_days_passed")
def _long_in_state(where: Where, limit: Any) -> Ways:
    return _since("entered_at")


@entered("time_in_state_at_most")
def _short_in_state(where: Where, limit: Any) -> Ways:
    return _since("entered_at")[::-1]


@entered("days_since_closing_at_most")
def _closed(where: Where, days: Any) -> Ways:
    return _since("closed_at")[::-1]


@entered("time_since_registered_at_most")
def _registered(where: Where, limit: Any) -> Ways:
    return _since("registered_at")[::-1]


@entered("field_reached")
def _reached(where: Where, names: Any) -> Ways:
    def told(ago: timedelta) -> Changes:
        at = NOON - ago
        day = {name for name in names if (f := where.field(name)) and f.kind is Kind.DATE}
        return told_each(
            where, {n: [str(at.date()) if n in day else at.isoformat()] for n in names}
        )

    return told(timedelta(days=2)), told(timedelta(days=-2))
