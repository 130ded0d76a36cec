"""Return visits 回访: who asks, what is recorded, and what follows from it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.affair.events import ReturnVisitRecorded
from domain.errors import FieldInvalid, NotPermittedNow, StepNotOpen
from tests.builders.affairs import (
    EXPLAINED,
    FRONT_DESK,
    REWORK_DUE,
    SATISFIED,
    STREET_OFFICER,
    SUPERVISOR,
    Case,
    Outcome,
    handling,
    resolved,
)

TOLD: dict[str, Any] = {"explanation": "收购点另行选址", "remedies_told": True}


def because(outcome: Outcome) -> str:
    refusal = outcome.is_refused()
    assert isinstance(refusal, NotPermittedNow | StepNotOpen), repr(refusal)
    return refusal.because


def test_a_visit_is_kept_with_its_rating() -> None:
    event = resolved().does(FRONT_DESK, "return_visit", comment="干净了", **SATISFIED).event()

    assert isinstance(event, ReturnVisitRecorded)
    assert (event.outcome, event.rating, event.solved, event.finding) == (
        "reached",
        5,
        "yes",
        "none",
    )
    assert event.comment is not None
    assert event.comment.clear == "干净了"


def test_an_attempt_that_found_nobody_has_no_rating() -> None:
    event = resolved().does(FRONT_DESK, "return_visit", outcome="unreachable").event()

    assert (event.rating, event.solved, event.comment) == (0, "", None)


@pytest.mark.parametrize(
    ("when", "band"),
    [("07-25 11:59", "morning"), ("07-25 12:00", "afternoon"), ("07-25 18:00", "evening")],
)
def test_the_time_of_day_is_the_one_of_the_attempt(when: str, band: str) -> None:
    given = resolved().later("07-25 09:00")

    event = given.does(FRONT_DESK, "return_visit", when, outcome="unreachable").event()

    assert event.time_band == band


@pytest.mark.parametrize(
    ("field", "record"),
    [
        ("rating", {"outcome": "reached", "solved": "yes"}),
        ("solved", {"outcome": "reached", "rating": "5"}),
        ("rating", {"outcome": "unreachable", "rating": "5"}),
        ("solved", {"outcome": "refused", "solved": "no"}),
        ("rating", {"outcome": "reached", "rating": "6", "solved": "yes"}),
        ("rating", {"outcome": "reached", "rating": "0", "solved": "yes"}),
        ("outcome", {"outcome": "asleep"}),
    ],
)
def test_rating_and_solved_belong_to_a_resident_who_was_reached(
    field: str, record: dict[str, Any]
) -> None:
    refusal = resolved().does(FRONT_DESK, "return_visit", **record).is_refused()

    assert isinstance(refusal, FieldInvalid)
    assert refusal.field == field


def test_whoever_handled_it_does_not_ask() -> None:
    assert because(resolved().does(STREET_OFFICER, "return_visit", **SATISFIED)) == "actor_is_not"


def test_nobody_asks_before_it_is_resolved() -> None:
    outcome = handling().does(FRONT_DESK, "return_visit", **SATISFIED)

    assert because(outcome).startswith("any_of: clock_running")


@pytest.mark.parametrize("rating", ["1", "2"])
@pytest.mark.parametrize("finding", [{}, {"finding": "none"}])
def test_a_low_rating_says_whether_the_work_must_be_done_again(
    rating: str, finding: dict[str, str]
) -> None:
    record = {"outcome": "reached", "rating": rating, "solved": "no", **finding}

    outcome = resolved().does(FRONT_DESK, "return_visit", **record)

    assert because(outcome) == "any_of: not: field_is, field_is"


# --- what follows ------------------------------------------------------------------------------


@pytest.mark.parametrize(("rating", "closes"), [("5", True), ("3", True), ("2", False)])
def test_three_or_better_closes(rating: str, closes: bool) -> None:
    given = resolved().rated(
        outcome="reached",
        rating=rating,
        solved="partly",
        **({} if closes else {"finding": "lawfully_done"}),
    )

    outcome = given.takes(FRONT_DESK, "X1")

    assert (outcome.refusal is None) == closes
    assert closes or because(outcome) == "rating_at_least"


def test_one_final_rating_in_a_round() -> None:
    given = resolved().rated(**EXPLAINED)

    again = given.does(FRONT_DESK, "return_visit", **SATISFIED)

    assert because(again).startswith("any_of: clock_running")
    assert because(given.takes(FRONT_DESK, "X1")) == "rating_at_least"
    assert given.takes(SUPERVISOR, "X3", **TOLD).event().to == "closed"


def test_whoever_refused_may_be_rated_after_all() -> None:
    given = resolved().rated(outcome="refused").rated(**SATISFIED)

    assert given.takes(FRONT_DESK, "X1").event().to == "closed"


def test_what_is_explained_was_lawfully_done_or_cannot_be_done_again() -> None:
    explained = resolved().rated(**EXPLAINED)
    due = resolved().rated(**REWORK_DUE)

    assert explained.takes(SUPERVISOR, "X3", **TOLD).event().to == "closed"
    assert because(due.takes(SUPERVISOR, "X3", **TOLD)).startswith("any_of: finding_is")
    untold = explained.takes(SUPERVISOR, "X3", explanation="已释明", remedies_told=False)
    assert because(untold) == "field_true"


def tried(*days: str) -> Case:
    given = resolved()
    for day in days:
        given = given.later(day).rated(outcome="unreachable")
    return given


@pytest.mark.parametrize(
    ("days", "closes"),
    [
        (("07-25 10:00", "07-26 15:00", "07-27 10:00"), True),
        (("07-25 10:00", "07-26 10:00", "07-27 10:00"), False),
        (("07-25 10:00", "07-25 15:00", "07-26 10:00"), False),
        (("07-25 10:00", "07-26 15:00"), False),
    ],
)
def test_three_attempts_on_three_days_at_two_times_of_day(
    days: tuple[str, ...], closes: bool
) -> None:
    outcome = tried(*days).takes(FRONT_DESK, "X4", attempt_log="三次未接")

    assert (outcome.refusal is None) == closes
    assert closes or because(outcome).startswith("any_of: contact_attempts")


def test_whoever_was_reached_once_is_not_unreachable() -> None:
    given = tried("07-25 10:00", "07-26 15:00", "07-27 10:00").rated(**SATISFIED)

    outcome = given.takes(FRONT_DESK, "X4", attempt_log="三次未接")

    assert because(outcome).startswith("any_of: contact_attempts")


def test_a_resident_who_refuses_may_be_left_in_peace() -> None:
    given = resolved().rated(outcome="refused")

    assert given.takes(FRONT_DESK, "X4", attempt_log="不愿回访").event().to == "closed"


def test_two_reopenings_are_the_most() -> None:
    given = resolved()
    for _ in range(2):
        given = given.reopened().handling().reported_done().passed()
    given = given.rated(**REWORK_DUE)

    third = given.takes(SUPERVISOR, "X2", reason="又堆了起来")

    assert because(third) == "reopened_fewer_than"
    unreported = given.takes(SUPERVISOR, "X3", **TOLD)
    assert because(unreported).startswith("any_of: finding_is")
    supervised = given.act(SUPERVISOR, "supervise", reason="两次重办")
    assert because(supervised.takes(SUPERVISOR, "X3", **TOLD)).startswith("any_of: finding_is")
    reported = supervised.act(STREET_OFFICER, "answer_supervision", report="已建围挡")
    assert reported.takes(SUPERVISOR, "X3", **TOLD).event().to == "closed"
