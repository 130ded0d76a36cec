"""Units: their names and their people, by the day from which they hold."""

from __future__ import annotations

from datetime import date

import pytest

from domain.actor import SYSTEM, Actor, Role
from domain.organisation import (
    AreaAssigned,
    OrganisationUnit,
    UnitClosed,
    UnitEvent,
    UnitRegistered,
    UnitRenamed,
    evolve,
)

REGISTERED = UnitRegistered(
    code="370103008",
    kind="street",
    name="二七新村街道",
    parent="370103",
    lines=(),
    valid_from=date(2011, 1, 1),
)


def after(*events: UnitEvent) -> OrganisationUnit:
    unit = evolve(None, REGISTERED)
    for event in events:
        unit = evolve(unit, event)
    return unit


def renamed(name: str, on: date) -> UnitRenamed:
    return UnitRenamed(code="370103008", name=name, valid_from=on)


def given_to(worker: str, on: date) -> AreaAssigned:
    return AreaAssigned(code="370103008", worker=worker, valid_from=on)


def closed(on: date) -> UnitClosed:
    return UnitClosed(code="370103008", valid_to=on)


def test_a_unit_has_its_name_and_place() -> None:
    unit = after()

    assert (unit.code, unit.kind, unit.parent) == ("370103008", "street", "370103")
    assert unit.name(date(2011, 7, 22)) == "二七新村街道"
    assert unit.worker(date(2011, 7, 22)) == ""


def test_a_unit_keeps_the_name_it_had() -> None:
    unit = after(renamed("二七街道", date(2020, 1, 1)))

    assert unit.name(date(2019, 12, 31)) == "二七新村街道"
    assert unit.name(date(2020, 1, 1)) == "二七街道"


def test_before_its_first_day_it_bears_its_first_name() -> None:
    assert after().name(date(2010, 1, 1)) == "二七新村街道"


def test_an_area_has_its_worker_from_the_day_on() -> None:
    unit = after(given_to("linxiaohe", date(2011, 7, 1)), given_to("chenyan", date(2011, 9, 1)))

    held = [unit.worker(day) for day in (date(2011, 6, 30), date(2011, 8, 31), date(2011, 9, 1))]

    assert held == ["", "linxiaohe", "chenyan"]


def test_what_holds_is_told_by_validity_and_not_by_the_order_of_recording() -> None:
    unit = after(given_to("chenyan", date(2011, 9, 1)), given_to("linxiaohe", date(2011, 7, 1)))

    assert unit.worker(date(2011, 8, 1)) == "linxiaohe"
    assert unit.worker(date(2011, 9, 1)) == "chenyan"


def test_of_two_words_for_one_day_the_later_counts() -> None:
    unit = after(given_to("chenyan", date(2011, 7, 1)), given_to("linxiaohe", date(2011, 7, 1)))

    assert unit.worker(date(2011, 7, 1)) == "linxiaohe"


def test_a_unit_is_closed_after_its_last_day_and_keeps_its_life() -> None:
    unit = after(given_to("linxiaohe", date(2011, 7, 1)), closed(date(2019, 12, 31)))

    held = [unit.closed(day) for day in (date(2011, 1, 1), date(2019, 12, 31), date(2020, 1, 1))]

    assert held == [False, False, True]
    assert unit.valid_from == date(2011, 1, 1)
    assert unit.worker(date(2020, 1, 1)) == "linxiaohe"
    assert unit.name(date(2020, 1, 1)) == "二七新村街道"


def test_a_unit_without_a_last_day_is_never_closed() -> None:
    assert not after().closed(date.max)


def test_closed_again_a_unit_has_the_later_words_day() -> None:
    unit = after(closed(date(2019, 12, 31)), closed(date(2020, 6, 30)))

    assert unit.valid_to == date(2020, 6, 30)


@pytest.mark.parametrize(
    ("of", "unit", "serves"),
    [
        ("370103008/hw", "370103008/hw", True),
        ("370103008/hw", "370103008", True),
        ("370103008001-01", "370103008001", True),
        ("370103008001", "370103008", False),
        ("370103008", "370103008/hw", False),
        ("370103008/hw", "370103008/cg", False),
        ("370103008/hw2", "370103008/hw", False),
        ("370103008/hw", "", False),
    ],
)
def test_an_actor_serves_their_unit_and_the_one_their_code_goes_on_from(
    of: str, unit: str, serves: bool
) -> None:
    assert Actor(account="x", role=Role.SRV, unit=of).serves(unit) == serves


def test_the_system_serves_all() -> None:
    assert SYSTEM.serves("370103008/hw")
