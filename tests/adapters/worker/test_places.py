"""Places of offerings: the last one goes to one, whoever waits comes next, in order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.demo.cast import COMMUNITY
from adapters.offerings import Offerings
from domain.affair.commands import RecordEntry
from domain.commands import CancelOffering, OpenOffering, ResizeOffering
from domain.errors import FieldInvalid, NotAllowed, NotPermittedNow, Refusal, StepNotOpen
from domain.log import Receipt
from domain.offering import Offering
from tests.adapters.worker.office import (
    DIRECTOR,
    FRONT_DESK,
    WORKER,
    Office,
    at,
)
from workflows.booking import offering_of

BEGINS, ENDS = "07-25 09:00", "07-25 11:00"


def opened(desk: Office, *, capacity: int = 1, standby: int = 2, **given: Any) -> UUID:
    """A class of Monday morning."""
    offering_id = uuid4()
    values: dict[str, Any] = {
        "command_id": uuid4(),
        "by": DIRECTOR,
        "occurred_at": desk.clock.at,
        "offering_id": offering_id,
        "matter": "WT01",
        "unit": COMMUNITY,
        "title": "书法课",
        "venue": "社区活动室",
        "capacity": capacity,
        "standby": standby,
        "starts_at": at(BEGINS),
        "ends_at": at(ENDS),
        **given,
    }
    desk.run(OpenOffering(**values))
    return offering_id


def enrolled(desk: Office, session: UUID, **given: Any) -> UUID:
    """Somebody who wants a place."""
    return desk.registered(
        affair_id=desk.house.new_id(),
        matter="WT01",
        record={"session": str(session)},
        by=FRONT_DESK,
        summary="报名",
        **given,
    )


def state(desk: Office, affair_id: UUID) -> str:
    return desk.house.affairs.get(affair_id)[0].standing.state


def offering(desk: Office, session: UUID) -> Offering:
    return offering_of(desk.house.desk, session)[0]


def answered(desk: Office, affair_id: UUID, answer: str) -> None:
    desk.run(
        RecordEntry(
            command_id=uuid4(),
            by=FRONT_DESK,
            occurred_at=desk.clock.at,
            affair_id=affair_id,
            entry="place_answer",
            record={"place_answer": answer},
        )
    )


def test_places_are_given_in_order_then_ranks_to_wait_in(desk: Office) -> None:
    session = opened(desk)
    first, second, third, fourth = (enrolled(desk, session) for _ in range(4))

    desk.worker.drain()

    assert [state(desk, one) for one in (first, second, third, fourth)] == [
        "reserved",
        "waitlisted",
        "waitlisted",
        "registered",
    ]
    assert offering(desk, session).holders == (first,)
    assert offering(desk, session).waiting == (second, third)


def test_a_free_place_is_kept_for_the_first_who_waits_until_they_answer(desk: Office) -> None:
    session = opened(desk)
    first, second, third = (enrolled(desk, session) for _ in range(3))
    desk.worker.drain()

    desk.until("07-22 10:30")
    desk.take(first, "X8", {"request": "有事来不了"}, by=FRONT_DESK)
    desk.worker.drain()
    kept = offering(desk, session)
    late = enrolled(desk, session)
    desk.worker.drain()
    desk.until("07-22 11:00")
    answered(desk, second, "accepted")
    desk.worker.drain()

    assert (kept.offered, kept.waiting, kept.free) == ((second,), (second, third), 0)
    assert state(desk, late) == "waitlisted"
    assert state(desk, second) == "reserved"
    assert offering(desk, session).waiting == (third, late)


def test_whoever_gives_the_offer_up_or_does_not_answer_lapses_and_the_next_is_asked(
    desk: Office,
) -> None:
    session = opened(desk, standby=3)
    first, second, third, fourth = (enrolled(desk, session) for _ in range(4))
    desk.worker.drain()
    desk.take(first, "X8", {"request": "有事来不了"}, by=FRONT_DESK)
    desk.worker.drain()

    desk.until("07-22 11:00")
    answered(desk, second, "declined")
    desk.worker.drain()
    asked = offering(desk, session).offered
    desk.until("07-23 11:00")
    desk.worker.drain()

    assert asked == (third,)
    assert [state(desk, one) for one in (second, third)] == ["terminated", "terminated"]
    assert offering(desk, session).offered == (fourth,)


def test_the_last_place_under_a_race_goes_to_one(desk: Office) -> None:
    session = opened(desk, standby=0)
    rivals = [enrolled(desk, session) for _ in range(8)]
    others = [desk.another() for _ in range(2)]

    def wants(number: int) -> Receipt | Refusal:
        try:
            return others[number % 2].take(rivals[number], "H1", by=FRONT_DESK)
        except StepNotOpen as refusal:
            return refusal

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(wants, range(8)))

    won = [one for one in answers if isinstance(one, Receipt)]
    assert len(won) == 1
    assert {one.because for one in answers if isinstance(one, StepNotOpen)} == {"place_left"}
    assert len(offering(desk, session).holders) == 1
    for rival in rivals:
        desk.house.affairs.forget(rival)
    assert sorted(state(desk, one) for one in rivals) == ["registered"] * 7 + ["reserved"]


def test_more_places_are_offered_to_those_who_wait(desk: Office) -> None:
    session = opened(desk)
    _, second, third = (enrolled(desk, session) for _ in range(3))
    desk.worker.drain()

    sized: dict[str, Any] = {
        "command_id": uuid4(),
        "by": DIRECTOR,
        "occurred_at": desk.clock.at,
        "offering_id": session,
    }
    desk.run(ResizeOffering(**sized, capacity=3, standby=2))
    desk.worker.drain()
    with pytest.raises(FieldInvalid) as fewer:
        desk.run(ResizeOffering(**{**sized, "command_id": uuid4()}, capacity=2, standby=2))

    assert offering(desk, session).offered == (second, third)
    assert (fewer.value.field, fewer.value.because) == ("capacity", "a number from 3 to 10000")


def test_what_is_cancelled_ends_the_waiting_and_gives_no_place(desk: Office) -> None:
    session = opened(desk)
    first, second = enrolled(desk, session), enrolled(desk, session)
    desk.worker.drain()

    cancelled = CancelOffering(
        command_id=uuid4(),
        by=DIRECTOR,
        occurred_at=desk.clock.at,
        offering_id=session,
        reason="老师生病",
    )
    desk.run(cancelled)
    desk.worker.drain()

    assert (state(desk, first), state(desk, second)) == ("reserved", "terminated")
    with pytest.raises(FieldInvalid):
        enrolled(desk, session)
    told = {"cancel_cause": "organiser", "applicant_told": True, "reason": "老师生病"}
    desk.take(first, "H8", told, by=DIRECTOR)
    assert offering(desk, session).holders == ()


def test_whoever_missed_three_in_ninety_days_gets_no_place_for_thirty(desk: Office) -> None:
    resident = uuid4()
    for day in ("25", "26", "27"):
        session = opened(desk, starts_at=at(f"07-{day} 09:00"), ends_at=at(f"07-{day} 11:00"))
        enrolled(desk, session, subject=resident)
    desk.until("07-27 12:00")
    desk.worker.drain()
    later = opened(desk, starts_at=at("08-03 09:00"), ends_at=at("08-03 11:00"))
    after = opened(desk, starts_at=at("09-01 09:00"), ends_at=at("09-01 11:00"))

    barred, other = enrolled(desk, later, subject=resident), enrolled(desk, later)
    desk.worker.drain()
    with pytest.raises(StepNotOpen) as refused:
        desk.take(barred, "H1", by=FRONT_DESK)
    desk.until("08-26 11:00")
    free = enrolled(desk, after, subject=resident)
    desk.worker.drain()

    assert refused.value.because == "not_barred"
    assert (state(desk, barred), state(desk, other)) == ("registered", "terminated")
    assert state(desk, free) == "reserved"


def test_an_excuse_takes_the_miss_back(desk: Office) -> None:
    session = opened(desk)
    affair = enrolled(desk, session)
    desk.worker.drain()
    desk.until("07-25 12:00")
    desk.worker.drain()
    missed = state(desk, affair)

    desk.take(affair, "H16", {"excuse": "当日住院，有证明"}, by=FRONT_DESK)
    desk.worker.drain()

    assert (missed, state(desk, affair)) == ("no_show", "resolved")


def test_whoever_checks_in_finishes_with_the_session(desk: Office) -> None:
    session = opened(desk)
    affair = enrolled(desk, session)
    desk.worker.drain()

    with pytest.raises(StepNotOpen) as early:
        desk.take(affair, "H6", by=FRONT_DESK)
    desk.until("07-25 09:05")
    desk.take(affair, "H6", by=WORKER)
    desk.until("07-25 12:00")
    desk.worker.drain()

    assert early.value.because == "field_reached"
    assert state(desk, affair) == "resolved"
    # What has begun is not given to anybody else.
    assert offering(desk, session).holders == (affair,)


def test_who_may_run_offerings(desk: Office) -> None:
    with pytest.raises(NotAllowed):
        opened(desk, by=WORKER)
    session = opened(desk)
    desk.until("07-25 09:00")

    with pytest.raises(NotPermittedNow):
        desk.run(
            CancelOffering(
                command_id=uuid4(),
                by=DIRECTOR,
                occurred_at=desk.clock.at,
                offering_id=session,
                reason="太晚了",
            )
        )


def test_the_list_tells_what_the_stream_tells(desk: Office) -> None:
    session = opened(desk, capacity=2)
    first, *_ = (enrolled(desk, session) for _ in range(4))
    desk.worker.drain()
    desk.take(first, "X8", {"request": "有事来不了"}, by=FRONT_DESK)
    desk.worker.drain()

    (row,) = Offerings(desk.house.log.database).coming(desk.clock.at, unit=COMMUNITY)
    stands = offering(desk, session)
    assert (row.held, row.kept, row.waiting, row.free) == (1, 1, 1, 0)
    assert len(stands.holders) == row.held
    assert len(stands.offered) == row.kept
    assert len(stands.waiting) == row.kept + row.waiting
