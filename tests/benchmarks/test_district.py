"""The synthetic district is one that the product could have made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adapters.house import FOLLOWING, INLINE, House
from adapters.projector.rebuild import contents
from adapters.projector.table import ViewTable
from adapters.time import Told
from benchmarks.bulk import LONGEST, Bulk, templates
from benchmarks.district import FOUNDED, MONDAY, Player, areas, found, opened, settings_of
from benchmarks.steps import LATER
from benchmarks.tales import LONG, TALES
from projections.view import Lifecycle, View

YEARS = range(2011, 2013)


def rows_of(house: House, view: View[Any]) -> tuple[list[Any], list[Any]]:
    inline = view.lifecycle is Lifecycle.INLINE
    database = house.log.database if inline else house.follower.database
    table = ViewTable(view, sqlite=database.is_sqlite)
    with database.reading() as connection:
        return contents(connection, table)


def test_every_tale_ends(tmp_path: Path) -> None:
    settings, clock = settings_of(tmp_path), Told(FOUNDED)
    found(settings, streets=1, years=YEARS)

    with opened(settings, clock) as house:
        player = Player(house, clock)
        ends = [house.affairs.get(player.play(tale, MONDAY, areas(1)[0])) for tale in TALES]
        long, version = house.affairs.get(player.play(LONG, MONDAY, areas(1)[0]))

    assert {affair.standing.state for affair, _ in ends} == {"archived"}
    assert max(version for _, version in ends) <= LONGEST
    assert (long.standing.state, version) == ("closed", 50)


def test_views_made_in_bulk_are_those_of_a_rebuild(tmp_path: Path, database_url: str) -> None:
    settings = settings_of(tmp_path, database_url)
    found(settings, streets=1, years=YEARS)
    with opened(settings, Told(LATER)) as house:
        bulk = Bulk(house, templates(), a_day=8, within=areas(1))
        bulk.events(400)
        bulk.views()
        assert house.follower.step() == 0

        for view in (*INLINE, *FOLLOWING):
            made = rows_of(house, view)
            house.rebuild(view.name)
            assert rows_of(house, view) == made, view.name


def test_the_bulk_goes_on_where_it_ended(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    found(settings, streets=1, years=YEARS)
    with opened(settings, Told(LATER)) as house:
        bulk = Bulk(house, templates(), a_day=4, within=areas(1))
        head = bulk.events(200)
        bulk.views()

        append = bulk.following(bulk.affairs - 1, LATER)
        assert append is not None
        receipt = house.log.append(append)

        assert receipt.first == head + 1
        assert house.affairs.get(bulk.stream(bulk.affairs - 1))[1] == append.drafts[0].version
