"""Household visits: what cannot have happened, what counts, and once a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain import visit
from domain.errors import FieldInvalid, NotAfterTheLast
from domain.log import Claim
from domain.visit import VisitRecorded
from tests.builders.affairs import at

VISIT = UUID(int=1)

MADE = VisitRecorded(
    household=UUID(int=2),
    area="370103008001-01",
    light="yellow",
    kind="routine",
    outcome="met",
    visitors=("linxiaohe",),
    started_at=at("07-22 09:20"),
    ended_at=at("07-22 09:40"),
    interviewee=None,
    seen=None,
    heard=None,
    noted=None,
    findings=("complaint",),
    photos=(),
    counted=True,
    next_on=None,
    by="linxiaohe",
    occurred_at=at("07-22 09:40"),
)
NOW = at("07-22 10:00")


def test_a_plain_visit_passes() -> None:
    visit.check(MADE, NOW)
    visit.check(replace(MADE, next_on=date(2011, 7, 22)), NOW)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("light", "blue"),
        ("kind", "by_phone"),
        ("outcome", "asleep"),
        ("findings", ("complaint", "gossip")),
        ("household", UUID(int=0)),
        ("next_on", date(2011, 7, 21)),
    ],
)
def test_what_cannot_be_meant_is_refused(field: str, value: Any) -> None:
    with pytest.raises(FieldInvalid) as refused:
        visit.check(replace(MADE, **{field: value}), NOW)

    assert refused.value.field == field


@pytest.mark.parametrize(
    "times",
    [
        {"started_at": at("07-22 09:41")},
        {"ended_at": at("07-22 10:01"), "occurred_at": at("07-22 10:01")},
        {"ended_at": at("07-22 09:39")},
    ],
)
def test_a_visit_begins_ends_and_is_told_in_this_order(times: dict[str, Any]) -> None:
    with pytest.raises(NotAfterTheLast):
        visit.check(replace(MADE, **times), NOW)


@pytest.mark.parametrize("light", visit.LIGHTS)
@pytest.mark.parametrize("outcome", visit.OUTCOMES)
def test_met_counts_and_refused_for_green_only(light: str, outcome: str) -> None:
    expected = outcome == "met" or (outcome == "refused" and light == "green")

    assert visit.counts(light, outcome) == expected


def test_a_counted_visit_takes_the_household_for_the_day() -> None:
    taken = visit.claims(MADE, VISIT, date(2011, 7, 22))

    assert taken == (Claim(name=f"visit/{MADE.household}/2011-07-22", stream_id=VISIT),)


def test_a_visit_that_does_not_count_takes_nothing() -> None:
    assert visit.claims(replace(MADE, counted=False), VISIT, date(2011, 7, 22)) == ()


def test_a_visit_keeps_where_it_was_and_what_was_found() -> None:
    kept = visit.evolve(None, MADE)

    assert (kept.household, kept.findings) == (MADE.household, ("complaint",))
