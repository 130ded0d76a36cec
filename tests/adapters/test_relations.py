"""What a new affair may be a duplicate of: the latest few, counted, and no more than the reach."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from adapters.event_store import Database
from adapters.projector.table import ViewTable
from adapters.relations import FEW, Relations
from projections.worklist import Alike, WorklistRow, worklist
from tests.projections.histories import story
from tests.projections.memory import Memory
from workflows.rights import EVERYWHERE, NOWHERE, Scope

NOON = datetime(2011, 7, 22, 4, tzinfo=UTC)
ROW: WorklistRow = Memory(worklist, story().recorded[:2]).only()
COMMUNITY, AREA = "370103008001", "370103008001-01"
NOBODY = UUID(int=999)


def row(ordinal: int, **changes: object) -> WorklistRow:
    """An open affair of CG02 in the first area, registered so many minutes after noon."""
    told = {
        "affair_id": UUID(int=ordinal),
        "number": f"CG-2011-{ordinal:04d}",
        "matter": "CG02",
        "community": COMMUNITY,
        "area": AREA,
        "registered_at": NOON + timedelta(minutes=ordinal),
        "restricted": False,
        **changes,
    }
    return replace(ROW, **told)  # type: ignore[arg-type]  # any column may be told


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url)) as opened:
        with opened.creating() as connection:
            ViewTable(worklist, sqlite=opened.is_sqlite).metadata.create_all(connection)
        yield opened


def alike(
    database: Database,
    rows: list[WorklistRow],
    scope: Scope = EVERYWHERE,
    place: str = AREA,
    aside: UUID = NOBODY,
) -> Alike:
    """What is found in the last day before noon and since."""
    with database.writing() as connection:
        written = {(one.affair_id,): one for one in rows}
        ViewTable(worklist, sqlite=database.is_sqlite).write(connection, written)
    since = NOON - timedelta(days=1)
    return Relations(database, database).alike(scope, "CG02", place, since, aside)


def test_the_latest_few_are_given_and_all_are_counted(database: Database) -> None:
    rows = [row(ordinal) for ordinal in (3, 1, 12, 7, 5, 9, 2)]

    found = alike(database, rows)

    assert [one.number[-2:] for one in found.rows] == ["12", "09", "07", "05", "03"]
    assert (len(found.rows), found.total) == (FEW, 7)


def test_none_are_none(database: Database) -> None:
    assert alike(database, []) == Alike([], 0)


def test_only_open_ones_of_the_matter_the_place_and_the_time_are_alike(database: Database) -> None:
    other = [
        row(2, open=False),
        row(3, matter="CG01"),
        row(4, area="370103008001-02"),
        row(5, area=""),
        row(6, registered_at=NOON - timedelta(days=1, microseconds=1)),
        row(7),
    ]
    edge = row(1, registered_at=NOON - timedelta(days=1))

    assert alike(database, [edge, *other], aside=UUID(int=7)) == Alike([edge], 1)
    assert alike(database, [], place=COMMUNITY) == Alike([other[3]], 1)


def test_what_is_beyond_the_reach_is_neither_shown_nor_counted(database: Database) -> None:
    seen, restricted = row(1), row(2, restricted=True, assignee="zhoumin")
    scope = Scope(prefix=COMMUNITY, account="chenyan")

    assert alike(database, [seen, restricted], scope) == Alike([seen], 1)
    assert alike(database, [], replace(scope, prefix="370103008002")) == Alike([], 0)
    assert alike(database, [], NOWHERE) == Alike([], 0)
