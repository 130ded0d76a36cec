"""When things happened: not before the step before, not after now, and warnings aside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.affair import decide
from domain.errors import Malformed, NotAfterTheLast
from tests.builders.affairs import (
    FRIDAY,
    STREET_LEADER,
    WORKER,
    a_scrap_heap,
    at,
    facts,
    persuading,
    registration,
)


def test_what_happened_is_kept_in_utc() -> None:
    event = a_scrap_heap().takes(WORKER, "G1", "07-22 10:30", place="116.99,36.63").event()

    assert event.occurred_at.isoformat() == "2011-07-22T02:30:00+00:00"


def test_the_time_of_the_step_before_is_late_enough() -> None:
    given = persuading()

    event = given.writes(WORKER, "persuasion", given.now, result="ineffective").event()

    assert event.occurred_at == given.now


def test_nothing_happened_before_the_step_before() -> None:
    given = persuading()

    refusal = given.writes(WORKER, "persuasion", "07-22 10:19", result="ineffective").is_refused()

    assert isinstance(refusal, NotAfterTheLast)
    assert (refusal.earliest, refusal.occurred_at) == (given.now, at("07-22 10:19"))


def test_nothing_has_happened_in_the_future() -> None:
    with pytest.raises(NotAfterTheLast) as refused:
        decide.register(registration(), facts(at("07-22 09:59")))

    assert refused.value.latest == at("07-22 09:59")


def test_a_time_without_zone_is_refused() -> None:
    asked = registration(occurred_at=FRIDAY.replace(tzinfo=None))

    with pytest.raises(Malformed) as refused:
        decide.register(asked, facts(FRIDAY))

    assert refused.value.field == "occurred_at"


def test_what_was_done_before_a_warning_may_be_entered_after_it() -> None:
    given = persuading()
    warned = given.expires("persuading", "red", "07-26 09:00").happened()
    after = given.given(*warned, now=at("07-26 09:00"))

    event = after.writes(WORKER, "persuasion", "07-22 16:00", result="ineffective").event()

    assert [type(each).__name__ for each in warned] == ["Warned", "Supervised"]
    assert event.occurred_at == at("07-22 16:00")


def test_an_order_by_a_person_moves_time_on() -> None:
    given = persuading().later("07-25 09:00").act(STREET_LEADER, "supervise", reason="居民来电")

    refusal = given.writes(WORKER, "persuasion", "07-22 16:00", result="ineffective").is_refused()

    assert isinstance(refusal, NotAfterTheLast)


def test_a_warning_that_comes_late_is_dated_when_it_was_due() -> None:
    given = persuading()

    warned, ordered = given.expires("persuading", "red", "07-29 09:00").happened()

    assert warned.occurred_at == ordered.occurred_at == at("07-26 00:00")


def test_a_warning_does_not_lie_before_what_happened_before_it() -> None:
    given = persuading().later("07-25 10:00").entry(WORKER, "persuasion", result="ineffective")

    warned = given.expires("persuading", "yellow", "07-25 11:00").event()

    assert warned.occurred_at == at("07-25 10:00")


def test_the_same_moment_in_another_zone_is_the_same() -> None:
    given = a_scrap_heap()
    shanghai, utc = at("07-22 10:30"), at("07-22 10:30").astimezone(tz=None)

    assert given.takes(WORKER, "G1", shanghai, place="116,36") == given.takes(
        WORKER, "G1", utc, place="116,36"
    )
    assert replace(registration(), occurred_at=utc).occurred_at == shanghai
