"""A program of another version: it neither opens on old tables nor folds into new ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import adapters.house as house_module
from adapters.house import House, open_house
from adapters.projector import state
from adapters.projector.rebuild import Rebuild, contents
from adapters.projector.table import ViewTable
from domain.errors import ViewOutdated
from projections.catalogue import ALL
from projections.view import Lifecycle, View
from projections.worklist import WorklistRow, worklist
from tests.adapters.worker.office import Office, office

EACH = pytest.mark.parametrize("name", ["worklist", "affair_facts"], ids=["inline", "following"])


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """A district with an affair that goes on, held open by the program that made it."""
    with office(database_url, tmp_path) as made:
        made.persuading()
        follow(made.house)
        yield made


class Program:
    """Which version of the product the houses opened from now on belong to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    def of(self, views: tuple[View[Any], ...]) -> None:
        self._patch.setattr(house_module, "ALL", views)
        for name, lifecycle in (("INLINE", Lifecycle.INLINE), ("FOLLOWING", Lifecycle.FOLLOWING)):
            kept = tuple(view for view in views if view.lifecycle is lifecycle)
            self._patch.setattr(house_module, name, kept)

    def raised(self, name: str) -> View[Any]:
        """The next version, whose fold of one view has changed."""
        views = tuple(replace(v, version=v.version + 1) if v.name == name else v for v in ALL)
        self.of(views)
        return next(view for view in views if view.name == name)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Program:
    """The program, as it may be upgraded."""
    return Program(monkeypatch)


def follow(house: House) -> None:
    while house.follower.step():
        pass


def rows(house: House, view: View[Any]) -> Any:
    inline = view.lifecycle is Lifecycle.INLINE
    database = house.log.database if inline else house.follower.database
    with database.reading() as connection:
        return contents(connection, ViewTable(view, sqlite=database.is_sqlite))


@EACH
def test_a_house_does_not_open_on_a_view_of_another_version(
    desk: Office, program: Program, name: str
) -> None:
    settings, before = desk.house.settings, desk.house
    view = program.raised(name)
    live = rows(before, view)

    with pytest.raises(
        ViewOutdated, match=f"view {name} .* tenlines rebuild --outdated"
    ) as refused:
        open_house(settings)

    assert (refused.value.view, refused.value.ours) == (name, view.version)
    assert rows(before, view) == live


@EACH
def test_it_opens_once_the_view_is_rebuilt(desk: Office, program: Program, name: str) -> None:
    settings = desk.house.settings
    view = program.raised(name)
    live = rows(desk.house, view)

    with closing(open_house(settings, outdated=True)) as upgrading:
        assert [one.view for one in upgrading.outdated()] == [name]
        assert upgrading.rebuild(name) == upgrading.log.head()

    with closing(open_house(settings)) as after:
        assert after.outdated() == []
        assert rows(after, view) == live


def test_the_program_before_stores_nothing_once_a_view_is_of_the_next_version(
    desk: Office, program: Program
) -> None:
    view = program.raised("worklist")
    # Before the switch both may be there: the one goes on, the other builds.
    with closing(open_house(desk.house.settings, outdated=True)) as upgrading:
        desk.run(desk.registration())
        upgrading.rebuild("worklist")
        head, live = desk.house.log.head(), rows(upgrading, view)

        here = worklist.version
        told = f"stands at version {here + 1}, this program has version {here}"
        for _ in range(2):
            with pytest.raises(ViewOutdated, match=told):
                desk.run(desk.registration())

        assert desk.house.log.head() == head
        assert rows(upgrading, view) == live
        program.of(ALL)
        with pytest.raises(ViewOutdated):
            open_house(desk.house.settings)


def test_the_one_after_folds_nothing_into_a_view_of_the_version_before(
    desk: Office, program: Program
) -> None:
    program.raised("worklist")
    with closing(open_house(desk.house.settings, now=desk.clock, outdated=True)) as after:
        live = rows(after, worklist)

        with pytest.raises(ViewOutdated):
            after.desk.run(desk.registration())

        assert rows(after, worklist) == live


def fresh(name: str = "newcomer") -> View[Any]:
    """A view that the version before did not have."""
    return View(name, Lifecycle.INLINE, WorklistRow, handlers=dict(worklist.handlers))


def test_a_new_inline_view_is_built_before_a_house_opens(desk: Office, program: Program) -> None:
    program.of((*ALL, fresh()))
    settings = desk.house.settings

    with pytest.raises(ViewOutdated) as refused:
        open_house(settings)
    assert (refused.value.view, refused.value.stored) == ("newcomer", 0)

    with closing(open_house(settings, outdated=True)) as upgrading:
        upgrading.rebuild("newcomer")
        assert rows(upgrading, fresh()) == rows(upgrading, worklist)
    open_house(settings).close()


def test_a_killed_rebuild_does_not_pass_for_a_built_view(
    desk: Office, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.of((*ALL, fresh()))

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with closing(open_house(desk.house.settings, outdated=True)) as upgrading:
        # Neither where it was never begun at all.
        with upgrading.log.database.writing() as connection:
            connection.execute(
                sa.delete(state.checkpoints).where(state.checkpoints.c.view == "newcomer")
            )
        monkeypatch.setattr(Rebuild, "_switch", killed)
        with pytest.raises(KeyboardInterrupt):
            upgrading.rebuild("newcomer")

    with pytest.raises(ViewOutdated):
        open_house(desk.house.settings)
