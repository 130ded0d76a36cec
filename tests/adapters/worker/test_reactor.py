"""An event of one affair makes a command for another: once, whatever happens to the worker."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from adapters.house import House
from adapters.projector import state
from adapters.worker import Worker
from adapters.worker.reactor import NAME
from domain.actor import SYSTEM, Actor
from domain.affair.commands import RecordEntry, Register, TakeStep
from domain.commands import PublishLine
from tests.builders.asking import AskedOfAffair, asks, asks_of
from tests.faults.district import AREA, DIRECTOR, WORKER, founded, settings_in
from workflows.loading import FOLDER, read
from workflows.publication import defined
from workflows.rights import EVERYWHERE

REACTIONS = """
reactions:
  - id: garbage_too
    on: G4
    make:
      command: register
      line: CG
      matter: CG02
      summary: {zh: 同处另有暴露垃圾, en: Garbage at the same place}
"""


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    with closing(founded(settings_in(tmp_path, database_url))) as house:
        text = (FOLDER / "CG.yaml").read_text("utf-8").replace('"2011.1"', '"2011.2"')
        line = read(text + REACTIONS, "CG.yaml", (FOLDER / "common.yaml").read_text("utf-8"))
        house.desk.run(PublishLine(**asks(house, SYSTEM), **defined(line)))
        house.reference.refresh()
        yield house


def persuaded(house: House) -> UUID:
    """An affair on which G4 was taken, which makes another affair."""
    affair_id = house.new_id()

    def common(by: Actor) -> AskedOfAffair:
        return asks_of(house, affair_id, by)

    house.desk.run(
        Register(
            **common(WORKER),
            matter="CG01",
            source="hall",
            community="",
            area=AREA,
            summary="废品",
            telephone="13800001234",
        )
    )
    house.desk.run(TakeStep(**common(WORKER), step="G1", record={"place": "117.0,36.6"}))
    house.desk.run(TakeStep(**common(DIRECTOR), step="G4"))
    house.desk.run(
        RecordEntry(**common(WORKER), entry="persuasion", record={"result": "ineffective"})
    )
    return affair_id


def test_a_reaction_registers_an_affair_that_knows_where_it_came_from(house: House) -> None:
    origin = persuaded(house)

    Worker(house).drain()

    made = house.queries.affair(EVERYWHERE, "CG-" + str(house.now().year) + "-0002")
    assert (made.matter, made.source, made.origin_id) == ("CG02", "reaction", origin)
    assert made.assignee == "lin"


def test_a_worker_that_forgot_how_far_it_was_makes_nothing_twice(house: House) -> None:
    persuaded(house)
    Worker(house).drain()
    head = house.log.head()
    with house.follower.database.writing() as connection:
        state.advance(connection, NAME, 0, 1)

    Worker(house).drain()

    assert house.log.head() == head


def test_a_line_without_reactions_makes_nothing(tmp_path: Path, sqlite_url: str) -> None:
    with closing(founded(settings_in(tmp_path, sqlite_url))) as house:
        persuaded(house)
        head = house.log.head()

        Worker(house).drain()

        assert house.log.head() == head
