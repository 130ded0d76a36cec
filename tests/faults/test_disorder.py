"""Commands that come in any order, and more than once: each does its work once or not at all."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from domain.affair.commands import Command
from domain.affair.events import EntryRecorded
from domain.errors import Refusal
from domain.log import Receipt
from tests.adapters.worker.office import Office, office
from tests.faults import checks
from tests.faults.test_kills import SEED

AFFAIRS, TIMES = 4, 3


def orders(desk: Office) -> list[Command]:
    """The first four commands of an affair, in the only order in which all are open."""
    register = desk.registration()
    affair = register.affair_id
    return [
        register,
        desk.verify(affair),
        desk.step(affair, "G4"),
        desk.persuasion(affair),
    ]


def sent(desk: Office, commands: list[Command]) -> list[Receipt]:
    """Send them from four threads over two processes; the answers that are no refusals."""
    other = desk.another()

    def send(numbered: tuple[int, Command]) -> Receipt | None:
        number, command = numbered
        try:
            return (desk, other)[number % 2].run(command)
        except Refusal:
            return None

    with ThreadPoolExecutor(4) as threads:
        return [one for one in threads.map(send, enumerate(commands)) if one is not None]


def test_each_is_done_once_whatever_comes_first_and_how_often(
    database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    print(f"TENLINES_TEST_SEED={SEED}")
    with office(database_url, tmp_path) as desk:
        affairs = [orders(desk) for _ in range(AFFAIRS)]
        disorder = [command for affair in affairs for command in affair for _ in range(TIMES)]
        chance.shuffle(disorder)
        head = desk.house.log.head()

        early = sent(desk, disorder)

        done = {receipt.command_id for receipt in early}
        assert desk.house.log.head() == head + len(done)
        assert len(done) < AFFAIRS * 4, "all came in order: the test proves nothing"
        late = [desk.run(command) for affair in affairs for command in affair]
        assert desk.house.log.head() == head + AFFAIRS * 4
        places = Counter((one.command_id, one.first, one.last) for one in [*early, *late])
        assert len(places) == AFFAIRS * 4, "one command had two answers"
        checks.nothing_partial(desk.house)
        checks.views_equal_a_rebuild(desk.house)


def test_it_is_the_id_that_tells_the_same_command_from_another(
    database_url: str, tmp_path: Path
) -> None:
    with office(database_url, tmp_path) as desk:
        affair = desk.persuading()
        attempt = desk.persuasion(affair)

        sent(desk, [attempt] * TIMES)
        sent(desk, [replace(attempt, command_id=uuid4()) for _ in range(TIMES)])

        events = [seen.event for seen in desk.history(affair)]
        assert sum(isinstance(event, EntryRecorded) for event in events) == 1 + TIMES
