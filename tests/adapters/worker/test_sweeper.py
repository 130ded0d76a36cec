"""What is due is fired once, in order of time, with the dates on which it was due."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.demo.cast import CITY_MANAGEMENT, SANITATION
from adapters.projector import state
from adapters.projector.rebuild import contents
from adapters.projector.table import ViewTable
from adapters.worker import walk
from adapters.worker.sweeper import FIRST_SECONDS, REFUSALS, Sweeper
from domain.affair import decide
from domain.affair.commands import Expire
from domain.affair.events import Resumed, StepTaken, Supervised, Warned
from domain.errors import NotPermittedNow, OutcomeUnknown, StorageUnavailable
from domain.log import Append, Draft, Metadata, Recorded
from projections.due import DueRow, due
from tests.adapters.projector.district import in_place
from tests.adapters.worker.office import (
    DIRECTOR,
    FRONT_DESK,
    STREET_LEADER,
    STREET_OFFICER,
    Office,
    at,
    office,
)
from tests.projections.histories import Log, change

NEXT_YELLOW, NEXT_RED = at("07-25 09:00"), at("07-26 00:00")
"""When an affair of the morning of 22 July, a Friday, is warned of: one working day."""


class Killed(BaseException):
    """Stands for the end of the process."""


def told(desk: Office, *affairs: UUID) -> list[tuple[datetime, str, str]]:
    """What the system said, in the order of the log: when it was due, of which clock, what."""
    of = set(affairs)
    return [
        (event.occurred_at, event.clock, getattr(event, "colour", "order"))
        for seen in whole(desk)
        if isinstance(event := seen.event, Warned | Supervised) and (not of or seen.stream_id in of)
    ]


def whole(desk: Office) -> list[Recorded]:
    """The log, but for what cannot be read."""
    return desk.house.history.batch(desk.house.log.read(0, 100_000), lambda _row, _why: None)


def test_it_is_warned_of_what_is_due_and_of_nothing_else(desk: Office) -> None:
    affair = desk.registered()

    desk.until("07-25 08:59")
    assert desk.sweeper.sweep() == 0
    desk.until("07-25 09:00")
    assert desk.sweeper.sweep() == 1
    assert desk.sweeper.sweep() == 0
    desk.until("07-25 23:59")
    assert desk.sweeper.sweep() == 0
    desk.until("07-26 00:00")
    assert desk.sweeper.sweep() == 1
    desk.until("2012-06-15 18:00")
    assert desk.sweeper.sweep() == 1
    assert desk.sweeper.sweep() == 0

    assert told(desk, affair) == [
        (NEXT_YELLOW, "acceptance", "yellow"),
        (NEXT_RED, "acceptance", "red"),
        (NEXT_RED, "acceptance", "order"),
        (at("07-30 00:00"), "deemed", "timer"),
    ]
    assert desk.house.affairs.get(affair)[0].identity.accepted_at == at("07-30 00:00")


def test_who_has_been_away_for_a_month_tells_each_in_its_turn(desk: Office) -> None:
    affairs = [desk.registered()]
    desk.until("07-22 11:30")
    affairs += [desk.registered() for _ in range(3)]
    desk.until("07-22 15:00")
    affairs.append(desk.registered())
    desk.run(desk.action(affairs[0], "refer", {"unit": CITY_MANAGEMENT, "reason": "归城管科"}))
    desk.until("07-25 10:00")
    affairs.append(desk.persuading())
    desk.until("08-22 09:00")

    # Yellow and red of each affair's clock, and of the one that was referred, twice; and all
    # but the last, which was accepted, are deemed so.
    assert desk.sweeper.sweep() == 2 * (len(affairs) + 1) + len(affairs) - 1

    warned = [(when, colour) for when, _, colour in told(desk) if colour != "order"]
    assert warned == sorted(warned, key=lambda one: one[0])
    due_at = {
        (seen.stream_id, change.name): (change.warn_at, change.due_at)
        for seen in whole(desk)
        for change in getattr(seen.event, "clocks", ())
        if change.due_at is not None
    }
    for affair in affairs:
        running = [clock for (stream, clock) in due_at if stream == affair]
        for when, clock, colour in told(desk, affair):
            assert clock in running
            assert when == due_at[affair, clock][colour != "yellow"], (clock, colour)


def test_what_is_due_at_one_instant_is_told_in_one_sweep(desk: Office) -> None:
    case, affair, noon = Log(), uuid4(), at("07-22 12:00")
    clock = replace(change("acceptance", due=noon), warn_at=noon)
    case.affair("CG-2011-9001", clocks=(clock,))
    record(desk, case.recorded[0], affair)
    desk.until("07-22 12:00")

    assert desk.sweeper.sweep() == 2

    assert told(desk, affair) == [(noon, "acceptance", how) for how in ("yellow", "red", "order")]


def test_two_at_once_tell_each_thing_once(desk: Office) -> None:
    affairs = [desk.registered() for _ in range(12)]
    desk.until("07-26 09:00")
    sweepers = [desk.sweeper, desk.another().sweeper]

    with ThreadPoolExecutor(2) as threads:
        fired = list(threads.map(lambda sweeper: sweeper.sweep(), sweepers))

    assert sum(fired) == 24
    for affair in affairs:
        assert [colour for *_, colour in told(desk, affair)] == ["yellow", "red", "order"]
    assert desk.sweeper.sweep() == 0


@pytest.mark.parametrize("survived", range(5))
def test_who_dies_after_a_firing_is_followed_by_another(
    desk: Office, monkeypatch: pytest.MonkeyPatch, survived: int
) -> None:
    affairs = [desk.registered() for _ in range(2)]
    desk.until("07-26 09:00")
    plain, count = Sweeper._fire, iter(range(100))

    def fire(self: Sweeper, command: Expire) -> Any:
        fired = plain(self, command)
        if next(count) == survived:
            raise Killed
        return fired

    with monkeypatch.context() as broken:
        broken.setattr(Sweeper, "_fire", fire)
        with suppress(Killed):
            desk.sweeper.sweep()

    desk.another().sweeper.sweep()

    for affair in affairs:
        assert told(desk, affair) == [
            (NEXT_YELLOW, "acceptance", "yellow"),
            (NEXT_RED, "acceptance", "red"),
            (NEXT_RED, "acceptance", "order"),
        ]
    assert desk.sweeper.sweep() == 0


def test_a_lost_answer_is_not_told_twice(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    affair = desk.registered()
    desk.until("07-25 12:00")
    plain = type(desk.house.desk).run

    def run(*given: Any) -> Any:
        plain(*given)
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(type(desk.house.desk), "run", run)
        with pytest.raises(Killed):
            desk.sweeper.sweep()

    assert desk.sweeper.sweep() == 0
    assert told(desk, affair) == [(NEXT_YELLOW, "acceptance", "yellow")]


def test_a_clock_that_was_stopped_meanwhile_says_nothing(desk: Office) -> None:
    affair = desk.registered()
    desk.until("07-25 08:00")
    desk.run(desk.verify(affair))
    desk.until("07-25 12:00")

    assert desk.sweeper.sweep() == 0
    assert told(desk, affair) == []


# --- timers ----------------------------------------------------------------------------------


def enforcing(desk: Office) -> UUID:
    """An affair in enforcement, which may be suspended."""
    affair = desk.persuading()
    desk.run(desk.persuasion(affair))
    desk.take(affair, "G8", by=DIRECTOR)
    desk.take(affair, "G9", {"lead_unit": CITY_MANAGEMENT}, by=STREET_OFFICER)
    desk.take(affair, "G12", by=STREET_OFFICER)
    desk.take(
        affair,
        "G14",
        {"order_number": "历城管罚〔2011〕7号", "rights_told": True},
        by=STREET_OFFICER,
    )
    return affair


def test_an_affair_that_wants_no_visit_is_closed_by_its_timer(desk: Office) -> None:
    affair = desk.persuading(contact_wish="anonymous", applicant="", telephone="")
    photo = desk.house.attachments.put(affair, "after.png", png()).id
    desk.take(affair, "G7", {"after_photos": [photo]})
    desk.later(minutes=1)

    assert desk.sweeper.sweep() == 1

    closing = desk.history(affair)[-1]
    assert isinstance(closing.event, StepTaken)
    assert (closing.event.step, closing.event.to, closing.event.by) == ("X5", "closed", "SYS")
    assert closing.event.occurred_at == desk.history(affair)[-3].event.occurred_at
    assert desk.sweeper.sweep() == 0


def png() -> bytes:
    """The smallest picture."""
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
        "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
    )


def test_a_suspension_ends_by_its_timer_and_what_ran_runs_on(desk: Office) -> None:
    affair = enforcing(desk)
    desk.run(desk.action(affair, "refer", {"unit": SANITATION, "reason": "归城管科"}))
    desk.later(hours=1)
    desk.run(desk.action(affair, "suspend", {"cause": "court"}, by=STREET_LEADER))
    desk.until("11-30 18:00")

    desk.sweeper.sweep()

    history = desk.history(affair)
    resumed = next(seen.event for seen in history if isinstance(seen.event, Resumed))
    assert resumed.occurred_at == at("09-21 00:00")
    moved = {change.name: change for change in resumed.clocks}["referral"]
    assert moved.due_at is not None
    assert moved.due_at > resumed.occurred_at
    later = [one for one in told(desk, affair) if one[1] == "referral"]
    assert later == [
        (moved.warn_at, "referral", "yellow"),
        (moved.due_at, "referral", "red"),
        (moved.due_at, "referral", "order"),
    ]


def test_a_clock_that_runs_on_to_the_same_instant_is_warned_of_once(desk: Office) -> None:
    affair = enforcing(desk)
    desk.run(desk.action(affair, "refer", {"unit": SANITATION, "reason": "归城管科"}))
    desk.until("07-25 12:00")
    assert desk.sweeper.sweep() == 1
    desk.run(desk.action(affair, "suspend", {"cause": "court"}, by=STREET_LEADER))
    desk.later(minutes=5)
    desk.run(desk.action(affair, "resume", {}, by=STREET_LEADER))
    assert desk.sweeper.sweep() == 0
    desk.until("07-26 12:00")

    assert desk.sweeper.sweep() == 1

    assert [colour for *_, colour in told(desk, affair)] == ["yellow", "red", "order"]


def test_while_it_stands_still_nothing_is_due(desk: Office) -> None:
    affair = enforcing(desk)
    desk.run(desk.action(affair, "refer", {"unit": SANITATION, "reason": "归城管科"}))
    desk.run(desk.action(affair, "suspend", {"cause": "court"}, by=STREET_LEADER))
    desk.until("09-01 12:00")

    assert desk.sweeper.sweep() == 0
    assert told(desk, affair) == []


# --- a year that is missing ------------------------------------------------------------------


def test_a_provisional_clock_turns_nothing_red_and_deems_nothing(
    database_url: str, tmp_path: Path
) -> None:
    with office(database_url, tmp_path, years=(2011,), moment="2011-12-31 15:00") as desk:
        affair = desk.registered()
        rows = due_rows(desk)
        assert {row.clock: row.provisional for row in rows} == {"acceptance": True, "deemed": True}
        desk.until("2012-02-15 18:00")

        desk.sweeper.sweep()
        desk.sweeper.sweep()

        assert [colour for *_, colour in told(desk, affair)] == ["yellow"]
        assert [row.next_at for row in due_rows(desk)] == [None, None]
        assert desk.house.affairs.get(affair)[0].identity.accepted_at is None
        assert desk.house.queries.due_backlog(desk.clock.at) == 0


def due_rows(desk: Office) -> list[DueRow]:
    """The whole due table."""
    database = desk.house.log.database
    with database.reading() as connection:
        return contents(connection, ViewTable(due, sqlite=database.is_sqlite))[0]


# --- what cannot be fired --------------------------------------------------------------------


def record(desk: Office, seen: Recorded, stream: UUID) -> None:
    """Store an event past the desk."""
    event = in_place(seen.event, seen.version)
    topic, state = desk.house.codec.encode(event)
    draft = Draft(stream_id=stream, version=seen.version, topic=topic, state=state, event=event)
    append(desk, stream, seen.version, draft)


def append(desk: Office, stream: UUID, version: int, draft: Draft) -> None:
    metadata = Metadata(
        actor="liqiang",
        role="CW",
        unit="",
        command_id=uuid4(),
        request_hash="5f" * 32,
        correlation_id=stream,
    )
    desk.house.log.append(
        Append(drafts=(draft,), expected={stream: version - 1}, metadata=metadata)
    )


def of_no_line(desk: Office) -> UUID:
    """An affair whose line nobody published."""
    case, stream = Log(), uuid4()
    case.affair("ZZ-2011-0001", clocks=(change("acceptance", due="07-23 00:00"),))
    record(desk, case.recorded[0], stream)
    return stream


def unreadable(desk: Office) -> UUID:
    """An affair with an event that nobody can read."""
    stream = of_no_line(desk)
    draft = Draft(
        stream_id=stream, version=2, topic="affair.step_taken.v1", state=b"{]", event=None
    )
    append(desk, stream, 2, draft)
    return stream


@pytest.mark.parametrize("spoil", [of_no_line, unreadable])
def test_an_affair_that_cannot_be_moved_does_not_stop_the_others(
    desk: Office, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Office], UUID]
) -> None:
    monkeypatch.setattr(walk, "PAGE", 3)
    spoilt = [spoil(desk) for _ in range(8)]
    affair = desk.registered()
    desk.until("07-26 09:00")
    head = desk.house.log.head()

    assert desk.sweeper.sweep() == 2

    assert [colour for *_, colour in told(desk, affair)] == ["yellow", "red", "order"]
    assert desk.house.log.head() == head + 3
    assert desk.house.queries.due_backlog(desk.clock.at) == len(spoilt)


def test_the_clocks_of_an_affair_that_cannot_be_read_are_parked_and_told_once(
    desk: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt = unreadable(desk)
    desk.until("07-26 09:00")

    desk.sweeper.sweep()
    told_first = capsys.readouterr().out
    desk.sweeper.sweep()
    Sweeper(desk.house).sweep()
    told_again = capsys.readouterr().out

    # Whoever reads the affair comes upon it too.
    assert [(one.view, one.stream_id, one.topic) for one in desk.house.parked()] == [
        (name, spoilt, "affair.step_taken.v1") for name in ("affairs", "timers")
    ]
    assert desk.house.stale() == {spoilt}
    assert ("timers parked" in told_first, told_again) == (True, "")


def test_parked_clocks_are_swept_again_once_their_affair_can_be_read(desk: Office) -> None:
    affair = desk.registered()
    spoilt = unreadable(desk)
    desk.until("07-26 09:00")
    desk.sweeper.sweep()
    mended = state.Parked(
        view="timers", stream_id=affair, position=1, topic="affair.registered.v1", reason="was"
    )
    with desk.house.follower.database.writing() as connection:
        state.park(connection, [mended], sqlite=desk.house.follower.database.is_sqlite)
    desk.until("2012-06-15 18:00")
    assert desk.sweeper.sweep() == 0
    assert [colour for *_, colour in told(desk, affair)] == ["yellow", "red", "order"]

    desk.sweeper.again()

    assert {one.stream_id for one in desk.house.parked()} == {spoilt}
    assert [colour for *_, colour in told(desk, affair)] == ["yellow", "red", "order", "timer"]
    assert desk.sweeper.sweep() == 0


@contextmanager
def refusing(
    monkeypatch: pytest.MonkeyPatch, odd: UUID, error: Exception
) -> Iterator[list[Expire]]:
    """Every firing of one affair's clocks is refused; those that were tried."""
    plain, tried = decide.expire, list[Expire]()

    def expire(state: Any, command: Expire, facts: Any) -> Any:
        if command.affair_id == odd:
            tried.append(command)
            raise error
        return plain(state, command, facts)

    with monkeypatch.context() as broken:
        broken.setattr(decide, "expire", expire)
        yield tried


AWAY = [StorageUnavailable("the disk is full"), OutcomeUnknown(UUID(int=1))]
REFUSED = [NotPermittedNow("expire", "it is not its time"), ZeroDivisionError("unforeseen")]


@pytest.mark.parametrize("error", REFUSED, ids=lambda error: type(error).__name__)
def test_what_is_refused_is_tried_after_twice_as_long_each_time_and_then_parked(
    desk: Office,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
) -> None:
    ticks = [0.0]
    sweeper = Sweeper(desk.house, tick=lambda: ticks[0])
    odd, affair = desk.registered(), desk.registered()
    desk.until("07-26 09:00")

    with refusing(monkeypatch, odd, error) as tried:
        for times in range(REFUSALS):
            wait = FIRST_SECONDS * 2**times
            for moment in (0.0, 0.75 * wait):
                ticks[0] += moment
                sweeper.sweep()
                assert len(tried) == times + 1
            ticks[0] += 0.25 * wait
        sweeper.sweep()
        assert len(tried) == REFUSALS

    assert [colour for *_, colour in told(desk, affair)] == ["yellow", "red", "order"]
    (parked,) = desk.house.parked()
    first = desk.history(odd)[-1]
    assert (parked.view, parked.stream_id, parked.position) == ("timers", odd, first.position)
    assert parked.reason.startswith("acceptance: ")
    assert str(error) in parked.reason
    assert capsys.readouterr().out.count("timers parked") == 1


def test_a_clock_that_is_refused_does_not_hold_up_the_others_of_its_affair(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    affair = desk.registered()
    desk.run(desk.action(affair, "refer", {"unit": CITY_MANAGEMENT, "reason": "归城管科"}))
    desk.until("07-26 09:00")
    plain = decide.expire

    def expire(state: Any, command: Expire, facts: Any) -> Any:
        if command.clock == "acceptance":
            raise NotPermittedNow("expire", "it is not its time")
        return plain(state, command, facts)

    with monkeypatch.context() as broken:
        broken.setattr(decide, "expire", expire)
        desk.sweeper.sweep()

    assert {clock for _, clock, _ in told(desk, affair)} == {"referral"}
    assert desk.house.parked() == []


def test_parked_clocks_that_are_refused_again_stay_parked(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = desk.registered()
    ticks = [0.0]
    sweeper = Sweeper(desk.house, tick=lambda: ticks[0])
    desk.until("07-26 09:00")
    with refusing(monkeypatch, odd, REFUSED[0]) as tried:
        for _ in range(REFUSALS):
            sweeper.sweep()
            ticks[0] += FIRST_SECONDS * 2**REFUSALS
        (before,) = desk.house.parked()
        count = len(tried)

        Sweeper(desk.house).again()

        assert len(tried) == count + 1
        assert desk.house.parked() == [before]
        assert sweeper.sweep() == 0
        assert len(tried) == count + 1

    Sweeper(desk.house).again()

    assert desk.house.parked() == []
    assert [colour for *_, colour in told(desk, odd)] == ["yellow", "red", "order"]


def test_an_affair_that_nobody_foresaw_does_not_stop_the_others(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = [0.0]
    sweeper = Sweeper(desk.house, tick=lambda: ticks[0])
    odd, affair = desk.registered(), desk.registered()
    desk.until("07-26 09:00")

    with refusing(monkeypatch, odd, ZeroDivisionError()):
        assert sweeper.sweep() == 2

    assert [colour for *_, colour in told(desk, affair)] == ["yellow", "red", "order"]
    ticks[0] += FIRST_SECONDS
    assert sweeper.sweep() == 2
    assert [colour for *_, colour in told(desk, odd)] == ["yellow", "red", "order"]


@pytest.mark.parametrize("away", AWAY, ids=lambda away: away.code)
def test_when_the_database_is_away_the_others_are_not_tried(
    desk: Office, monkeypatch: pytest.MonkeyPatch, away: Exception
) -> None:
    affairs = [desk.registered() for _ in range(4)]
    desk.until("07-26 09:00")
    tried: list[int] = []

    def run(*_given: Any) -> Any:
        tried.append(1)
        raise away

    with monkeypatch.context() as broken:
        broken.setattr(type(desk.house.desk), "run", run)
        with pytest.raises(type(away)):
            desk.sweeper.sweep()

    assert len(tried) == 1
    assert desk.sweeper.sweep() == 2 * len(affairs)


def test_it_stops_when_told(desk: Office) -> None:
    for _ in range(4):
        desk.registered()
    desk.until("07-26 09:00")
    stop = threading.Event()
    stop.set()

    assert desk.sweeper.sweep(stop) == 0
    assert desk.sweeper.sweep(threading.Event()) == 8


def test_whoever_does_not_see_to_it_is_seen_to(desk: Office) -> None:
    affair = desk.registered()
    desk.until("07-25 16:00")
    desk.sweeper.sweep()
    desk.run(desk.verify(affair, by=DIRECTOR))
    desk.until("07-28 09:00")
    desk.sweeper.sweep()

    colours = [(clock, colour) for _, clock, colour in told(desk, affair)]
    assert colours == [
        ("acceptance", "yellow"),
        ("onsite", "yellow"),
        ("onsite", "red"),
        ("onsite", "order"),
    ]
    assert FRONT_DESK.account not in {seen.metadata.actor for seen in desk.history(affair)}
