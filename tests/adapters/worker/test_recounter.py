"""A year that was missing is imported: clocks are told anew, once, and then turn red if late."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters import calendars
from adapters.demo.cast import ADMINISTRATOR, CITY_MANAGEMENT, SANITATION
from adapters.projector.rebuild import contents
from adapters.projector.table import ViewTable
from adapters.worker import recounter as recounting
from adapters.worker import walk
from adapters.worker.recounter import Recounter
from domain.actor import SYSTEM
from domain.affair import recount as deciding
from domain.affair.commands import Recount
from domain.affair.events import ClocksRecounted, StepTaken, Supervised, Warned
from domain.commands import ImportCalendar
from domain.errors import FieldInvalid, NotAllowed, NotFound, StorageUnavailable
from domain.log import Draft
from projections.due import DueRow, due
from tests.adapters.worker.office import DIRECTOR, STREET_LEADER, WORKER, Office, at, office
from tests.adapters.worker.test_sweeper import append, due_rows, enforcing, record
from tests.adapters.worker.test_worker import at_work, comes
from tests.projections.histories import Log, change
from workflows.rights import EVERYWHERE

GUESSED, RIGHT = at("2012-01-03 00:00"), at("2012-01-05 00:00")
"""One working day after 2011-12-31: by weekdays, and by the year's table."""


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """The office on the last day of 2011, without the table of 2012."""
    with office(database_url, tmp_path, years=(2011,), moment="2011-12-31 15:00") as opened:
        yield opened


def imports(desk: Office, year: int = 2012, **given: Any) -> ImportCalendar:
    """What the administrator asks for when the notice has come."""
    (table,) = calendars.seed((year,), by="shilei", occurred_at=desk.clock.at)
    values: dict[str, Any] = {
        "command_id": uuid4(),
        "by": ADMINISTRATOR.actor,
        "occurred_at": desk.clock.at,
        "year": year,
        "version": table.version,
        "source": table.source,
        "holidays": table.holidays,
        "workdays": table.workdays,
        **given,
    }
    return ImportCalendar(**values)


def imported(desk: Office, year: int = 2012, **given: Any) -> None:
    desk.run(imports(desk, year, **given))
    desk.house.reference.refresh()


def told(desk: Office, affair: UUID) -> list[str]:
    """What the system did, in the order of the log."""
    words = {ClocksRecounted: "recounted", Supervised: "order", StepTaken: "accepted"}
    events = [seen.event for seen in desk.history(affair) if seen.metadata.actor == "SYS"]
    return [e.colour if isinstance(e, Warned) else words[type(e)] for e in events]


def acceptance(desk: Office) -> DueRow:
    """The row of the clock that a registration starts besides the one that deems accepted."""
    (row,) = (row for row in due_rows(desk) if row.clock == "acceptance")
    return row


def recount(desk: Office) -> int:
    return Recounter(desk.house).recount()


# --- told anew ---------------------------------------------------------------------------------


def test_when_the_year_is_imported_the_clock_is_told_anew_and_then_turns_red(desk: Office) -> None:
    affair = desk.registered()
    assert acceptance(desk).due_at == GUESSED
    desk.until("2012-01-03 09:00")
    desk.sweeper.sweep()
    imported(desk)

    assert recount(desk) == 1

    row = acceptance(desk)
    assert (row.due_at, row.provisional, row.missing) == (RIGHT, False, "")
    desk.sweeper.sweep()
    assert told(desk, affair) == ["yellow", "recounted"]
    desk.until("2012-01-05 09:00")
    desk.sweeper.sweep()
    assert told(desk, affair) == ["yellow", "recounted", "yellow", "red", "order"]


def test_what_was_late_when_it_came_turns_red_at_once_and_not_before(desk: Office) -> None:
    affair = desk.registered()
    desk.until("2012-01-20 09:00")
    desk.sweeper.sweep()
    assert told(desk, affair) == ["yellow"]
    imported(desk)

    assert desk.worker.drain() > 0

    # Nobody is deemed accepted by a guess either, but at once by what is known.
    late = ["yellow", "red", "order", "timer", "accepted"]
    assert told(desk, affair) == ["yellow", "recounted", *late]
    dates = {s.event.occurred_at for s in desk.history(affair) if s.metadata.actor == "SYS"}
    assert dates == {at("2012-01-02 09:00"), at("2012-01-20 09:00")}


def test_all_clocks_of_an_affair_are_told_anew_together(desk: Office) -> None:
    affair = desk.persuading()
    desk.run(desk.action(affair, "refer", {"unit": CITY_MANAGEMENT, "reason": "归城管科"}))
    imported(desk)

    assert recount(desk) == 1

    event = desk.history(affair)[-1].event
    assert [change.name for change in event.clocks] == ["persuading", "referral"]
    assert {row.missing for row in due_rows(desk)} == {""}


def test_a_clock_that_stands_still_is_told_anew_and_stands_still(desk: Office) -> None:
    affair = enforcing(desk)
    desk.run(desk.action(affair, "refer", {"unit": SANITATION, "reason": "归城管科"}))
    desk.run(desk.action(affair, "suspend", {"cause": "court"}, by=STREET_LEADER))
    imported(desk)

    assert recount(desk) == 1

    rows = {row.clock: row for row in due_rows(desk)}
    assert (rows["referral"].due_at, rows["referral"].next_at) == (RIGHT, None)
    assert rows["referral"].paused
    assert rows["suspension"].next_at == rows["suspension"].due_at


def test_page_list_and_state_say_the_same_after_it(desk: Office) -> None:
    affair = desk.registered()
    imported(desk)
    recount(desk)

    state, version = desk.house.affairs.get(affair)
    page = desk.house.queries.affair(EVERYWHERE, affair)

    assert version == len(desk.history(affair)) == page.version
    assert (page.due_at, page.clocks[0].provisional) == (RIGHT, False)
    assert state.clocks[0].due_at == RIGHT
    database = desk.house.log.database
    live = due_rows(desk)
    desk.house.rebuild("due")
    with database.reading() as connection:
        assert contents(connection, ViewTable(due, sqlite=database.is_sqlite))[0] == live


# --- and nothing else --------------------------------------------------------------------------


def test_without_the_year_nothing_is_told(desk: Office) -> None:
    desk.registered()
    imported(desk, 2013)
    head = desk.house.log.head()

    assert recount(desk) == 0
    assert desk.house.log.head() == head


def test_a_revised_table_of_a_year_that_was_used_changes_no_clock(desk: Office) -> None:
    imported(desk)
    affair = desk.registered()
    rows, history = due_rows(desk), desk.history(affair)

    imported(desk, version="2012.2", holidays=(date(2012, 1, 4), date(2012, 1, 5)), workdays=())

    assert recount(desk) == 0
    assert (due_rows(desk), desk.history(affair)) == (rows, history)
    another = desk.registered()
    assert desk.house.affairs.get(another)[0].clocks[0].calendar == "2011.1+2012.2"


def test_told_once_it_is_told(desk: Office) -> None:
    affair = desk.registered()
    imported(desk)

    assert [recount(desk), recount(desk)] == [1, 0]
    assert told(desk, affair) == ["recounted"]


def test_a_second_worker_that_knows_less_does_nothing(desk: Office) -> None:
    affair = desk.registered()
    other = desk.another()
    other.house.affairs.get(affair)
    imported(desk)
    other.house.reference.refresh()
    row = acceptance(desk)
    recount(desk)
    desk.later(hours=1)

    # It read the row before, and has the affair in memory as it was before.
    assert Recounter(other.house)._tell(row) is False
    assert recount(other) == 0
    assert told(desk, affair) == ["recounted"]


def test_the_same_request_is_one_request_whenever_it_is_made(desk: Office) -> None:
    affair = desk.registered()
    imported(desk)
    command = Recount(command_id=uuid4(), by=SYSTEM, occurred_at=desk.clock.at, affair_id=affair)
    first = desk.run(command)
    desk.later(hours=1)

    # It decides nothing now, and stores nothing.
    assert desk.run(command).first == 0
    assert first.first == desk.house.log.head()


@pytest.mark.parametrize("by", [WORKER, DIRECTOR, ADMINISTRATOR.actor])
def test_only_the_system_asks_for_it(desk: Office, by: Any) -> None:
    affair = desk.registered()
    imported(desk)
    head = desk.house.log.head()

    with pytest.raises(NotAllowed):
        desk.run(Recount(command_id=uuid4(), by=by, occurred_at=desk.clock.at, affair_id=affair))

    assert desk.house.log.head() == head


def test_of_an_affair_that_never_was_it_says_so(desk: Office) -> None:
    with pytest.raises(NotFound):
        desk.run(
            Recount(command_id=uuid4(), by=SYSTEM, occurred_at=desk.clock.at, affair_id=uuid4())
        )


@pytest.mark.parametrize("version", ["2012", "2012.1?", "2011.1", "2012.1+2013.1", ""])
def test_a_table_names_its_year_and_its_number(desk: Office, version: str) -> None:
    with pytest.raises(FieldInvalid) as refusal:
        desk.run(imports(desk, version=version))

    assert refusal.value.field == "version"


# --- many, and some that cannot be told --------------------------------------------------------


def of_no_line(desk: Office) -> UUID:
    """An affair whose line nobody published."""
    case, stream = Log(), uuid4()
    waits = change("acceptance", due="2012-01-03 00:00", calendar="2011.1+2012?")
    case.affair("ZZ-2011-0001", "2011-12-31 10:00", clocks=(waits,))
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
def test_an_affair_that_cannot_be_told_does_not_stop_the_others(
    desk: Office, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Office], UUID]
) -> None:
    monkeypatch.setattr(walk, "PAGE", 2)
    spoilt = {spoil(desk) for _ in range(5)}
    affairs = {desk.registered() for _ in range(7)}
    imported(desk)

    assert recount(desk) == len(affairs)

    assert {row.affair_id for row in due_rows(desk) if row.missing} == spoilt
    assert recount(desk) == 0


def test_an_affair_that_nobody_foresaw_does_not_stop_the_others(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, affair = desk.registered(), desk.registered()
    imported(desk)
    plain = deciding.recount

    def broken(state: Any, command: Recount, *given: Any) -> Any:
        if command.affair_id == odd:
            raise ZeroDivisionError
        return plain(state, command, *given)

    with monkeypatch.context() as spoilt:
        spoilt.setattr(deciding, "recount", broken)
        assert recount(desk) == 1

    assert (told(desk, odd), told(desk, affair)) == ([], ["recounted"])
    assert recount(desk) == 1


def test_when_the_database_is_away_the_others_are_not_tried(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        desk.registered()
    imported(desk)
    tried: list[int] = []

    def run(*_given: Any) -> Any:
        tried.append(1)
        raise StorageUnavailable("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(type(desk.house.desk), "run", run)
        with pytest.raises(StorageUnavailable):
            recount(desk)

    assert len(tried) == 1
    assert recount(desk) == 3


def test_it_stops_when_told(desk: Office) -> None:
    for _ in range(3):
        desk.registered()
    imported(desk)
    stop = threading.Event()
    stop.set()

    assert Recounter(desk.house).recount(stop) == 0
    assert Recounter(desk.house).recount(threading.Event()) == 3


def test_a_clock_of_several_missing_years_is_found_by_any_of_them(desk: Office) -> None:
    affair = desk.persuading()
    desk.run(desk.action(affair, "refer", {"unit": CITY_MANAGEMENT, "reason": "归城管科"}))
    longer = {"clock": "persuading", "count": "300", "reason": "等料", "applicant_told": True}
    desk.run(desk.action(affair, "extend", longer))
    assert {row.missing for row in due_rows(desk)} == {"2012", "2012+2013"}
    imported(desk, 2013)

    assert recount(desk) == 1

    assert {row.missing for row in due_rows(desk)} == {"2012"}
    imported(desk)
    assert recount(desk) == 1
    assert {row.missing for row in due_rows(desk)} == {""}


# --- how often it looks ------------------------------------------------------------------------


def test_it_looks_when_a_year_has_come_and_now_and_then(desk: Office) -> None:
    ticks = [0.0]
    seen = Recounter(desk.house, tick=lambda: ticks[0])
    desk.registered()
    assert seen.step() == 0
    imported(desk)
    assert seen.step() == 1

    # As where another process did not know of the year yet.
    record(desk, _registration(desk)._replace(version=1), uuid4())
    assert seen.step() == 0
    ticks[0] += recounting.AGAIN_SECONDS
    assert seen.step() == 1


def _registration(desk: Office) -> Any:
    (first, *_) = [
        s
        for s in desk.house.history.batch(desk.house.log.read(0, 100), _never)
        if s.topic == "affair.registered.v1"
    ]
    return first


def _never(*_: Any) -> None:
    raise AssertionError


def test_the_worker_sees_to_it_whoever_imports_the_year(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    affair = desk.registered()
    other = desk.another()

    with at_work(desk.worker):
        imported(other)

        assert comes(lambda: told(desk, affair) == ["recounted"])

    desk.until("2012-01-06 09:00")
    desk.sweeper.sweep()
    assert told(desk, affair)[-1] == "order"


def test_rows_that_wait_for_nothing_are_not_read(desk: Office) -> None:
    imported(desk)
    desk.registered()

    assert desk.house.queries.missing_after("") == ""
    assert desk.house.queries.waiting("2012", 10) == []
    rows: list[DueRow] = due_rows(desk)
    assert {row.missing for row in rows} == {""}
