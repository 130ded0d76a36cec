"""kill -9 between an effect and its checkpoint: done once all the same.

The process really dies there, without any ending of its own: its transaction is whatever the
database makes of it.
"""

import os
import signal
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.house import open_house
from adapters.projector import state
from adapters.time import Told
from adapters.worker.reactor import NAME, Reactor
from tests.adapters.projector.counting import Units, counting
from tests.adapters.projector.district import FOLLOWING, District
from tests.adapters.worker.office import office
from tests.adapters.worker.test_reactor_faults import made_of, publish
from tests.faults.district import settings_in
from tests.faults.test_kills import CONTEXT
from tests.projections.memory import Memory

VIEWS = (*FOLLOWING, counting())
ORDER = [view.name for view in VIEWS]


def dies_at(name: str, *, torn: bool) -> None:
    """Have this process die as it is about to move that checkpoint.

    torn: after it has committed what it has done so far, as nobody should.
    """
    plain = state.advance

    def advance(connection: sa.Connection, view: str, to: int, version: int) -> None:
        if view == name:
            if torn:
                connection.exec_driver_sql("COMMIT")
            os.kill(os.getpid(), signal.SIGKILL)
        plain(connection, view, to, version)

    state.advance = advance


def follow(url: str, name: str, torn: bool) -> None:
    dies_at(name, torn=torn)
    District(url, following=VIEWS).follower.step()


def react(folder: Path, url: str, at: datetime) -> None:
    house = open_house(settings_in(folder, url), now=Told(at))
    dies_at(NAME, torn=False)
    Reactor(house).step()


def killed(target: Any, *given: object) -> None:
    """Run it in a process of its own, which does not come back."""
    child = CONTEXT.Process(target=target, args=given, daemon=True)
    child.start()
    child.join(timeout=60)
    assert child.exitcode == -signal.SIGKILL


def counted(district: District) -> list[str]:
    """The views that hold what folding each event once gives."""
    whole = district.recorded()
    return [view.name for view in VIEWS if district.rows(view) == Memory(view, whole).rows]


@pytest.mark.parametrize("name", ORDER)
def test_a_follower_killed_between_rows_and_checkpoint_folds_nothing_twice(
    database_url: str, name: str
) -> None:
    units = Units()
    with closing(District(database_url, following=VIEWS)) as district:
        district.record([units.named(1, "a"), units.named(2, "b"), units.named(1, "a")])

        killed(follow, database_url, name, False)

        assert district.follower.position() == 0
        assert all(district.contents(view) == ([], []) for view in VIEWS)
        district.follow()
        assert counted(district) == ORDER


def test_rows_that_were_kept_without_their_checkpoint_are_seen(database_url: str) -> None:
    units = Units()
    with closing(District(database_url, following=VIEWS)) as district:
        district.record([units.named(1, "a"), units.named(2, "b"), units.named(1, "a")])

        killed(follow, database_url, "letters", True)
        district.follow()

        assert counted(district) == ORDER[:-1]


def test_a_reactor_killed_between_command_and_checkpoint_makes_nothing_twice(
    database_url: str, tmp_path: Path
) -> None:
    with office(database_url, tmp_path) as desk:
        publish(desk)
        affair = desk.persuading()
        before = desk.house.log.head()

        killed(react, tmp_path / "var", database_url, desk.clock.at)

        head = desk.house.log.head()
        assert head > before, "it died before it had made anything"
        Reactor(desk.another().house).step()
        assert len(made_of(desk, affair)) == 1
        assert desk.house.log.head() == head
