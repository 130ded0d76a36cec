"""Numbers of affairs: they run on without gaps, whatever was refused on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from adapters.intake import Numbers
from domain.affair.commands import Register
from domain.errors import Conflict, NotPermittedNow, Refusal, StorageUnavailable
from tests.adapters.worker.office import Office, office


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with office(database_url, tmp_path) as opened:
        yield opened


def number(desk: Office, affair_id: UUID) -> str:
    return desk.house.affairs.get(affair_id)[0].identity.number


def registered(desk: Office, count: int = 1) -> list[str]:
    """So many more affairs; their numbers."""
    return [number(desk, desk.registered())[-4:] for _ in range(count)]


# Two ways to fail after the number was drawn: before the log is asked, and by the log.
def of_a_person_who_is_erased(desk: Office) -> Register:
    person = uuid4()
    desk.registered(subject=person)
    desk.house.keys.destroy(person)
    return desk.registration(subject=person)


def of_an_affair_that_is_there(desk: Office) -> Register:
    return desk.registration(desk.registered())


FAILS = [
    (of_a_person_who_is_erased, NotPermittedNow),
    (of_an_affair_that_is_there, Conflict),
]


def one_by_one(desk: Office, command: Register) -> Refusal:
    with pytest.raises(Refusal) as refused:
        desk.run(command)
    return refused.value


def without_blocking(desk: Office, command: Register) -> Refusal:
    with pytest.raises(Refusal) as refused:
        asyncio.run(desk.house.desk.run_async(command))
    return refused.value


def among_many(desk: Office, command: Register) -> Refusal:
    (answer,) = desk.house.desk.run_many([command])
    assert isinstance(answer, Refusal)
    return answer


@pytest.mark.parametrize("run", [one_by_one, without_blocking, among_many])
@pytest.mark.parametrize(("fails", "refusal"), FAILS)
def test_the_number_of_a_refused_registration_is_given_out_again(
    desk: Office,
    fails: Callable[[Office], Register],
    refusal: type[Refusal],
    run: Callable[[Office, Register], Refusal],
) -> None:
    command = fails(desk)

    for _ in range(3):
        assert isinstance(run(desk, replace(command, command_id=uuid4())), refusal)

    assert registered(desk, 2) == ["0002", "0003"]


def test_one_that_was_given_back_is_given_out_before_the_next(desk: Office) -> None:
    there = desk.registered()
    both = [desk.registration(there), desk.registration()]

    refused, receipt = desk.house.desk.run_many(both)

    assert isinstance(refused, Conflict)
    assert not isinstance(receipt, Refusal)
    assert number(desk, both[1].affair_id)[-4:] == "0003"
    assert registered(desk, 2) == ["0002", "0004"]


def test_a_registration_that_was_stored_before_uses_up_no_number(desk: Office) -> None:
    command = desk.registration()
    with ThreadPoolExecutor(4) as threads:
        receipts = list(threads.map(desk.run, [command] * 8))

    assert len({receipt.first for receipt in receipts}) == 1
    first = number(desk, command.affair_id)[-4:]
    assert {first, *registered(desk, 3)} == {"0001", "0002", "0003", "0004"}


def test_what_is_held_after_all_is_not_given_out_again(desk: Office) -> None:
    other = desk.another()
    numbers = Numbers(desk.house.log)
    drawn = numbers("CG", 2011)
    # Nobody knows whether it was stored; another process has stored it meanwhile.
    assert registered(other) == ["0001"]

    numbers.give_back([drawn])

    assert drawn == "CG-2011-0001"
    assert [numbers("CG", 2011) for _ in range(2)] == ["CG-2011-0002", "CG-2011-0003"]


def test_numbers_of_lines_and_years_are_given_back_apart(desk: Office) -> None:
    numbers = Numbers(desk.house.log)
    drawn = [numbers(line, year) for line, year in (("CG", 2011), ("CG", 2012), ("MZ", 2011))]

    numbers.give_back([drawn[1]])

    assert numbers("CG", 2011) == "CG-2011-0002"
    assert numbers("MZ", 2011) == "MZ-2011-0002"
    assert numbers("CG", 2012) == "CG-2012-0001"


def test_on_a_full_disk_no_number_is_used_up(tmp_path: Path) -> None:
    with office(f"sqlite:///{tmp_path}/log.db", tmp_path) as desk:
        engine, limited = desk.house.log.database.engine, list[Any]()

        def full(connection: Any, *_: object) -> None:
            # SQLite's own limit on the pages of a file: no more than there are.
            connection.execute("PRAGMA max_page_count = 1")
            limited.append(connection)

        sa.event.listen(engine, "checkout", full)
        stored, refused = 0, 0
        while refused < 5:
            try:
                desk.registered()
                stored += 1
            except StorageUnavailable:
                refused += 1
            assert stored < 500
        sa.event.remove(engine, "checkout", full)
        for connection in limited:
            connection.execute("PRAGMA max_page_count = 1000000")

        assert registered(desk, 2) == [f"{stored + 1:04d}", f"{stored + 2:04d}"]
