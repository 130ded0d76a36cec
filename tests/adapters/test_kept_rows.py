"""Rows that a list keeps: each as it stands now, none twice, and no page that ends too early."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from adapters import kept_rows
from adapters.event_store import Database
from adapters.projector.table import ViewTable
from adapters.queries import Queries
from projections.worklist import Wanted, WorklistRow, worklist
from tests.projections.histories import story
from tests.projections.memory import Memory
from workflows.rights import EVERYWHERE

ROW: WorklistRow = Memory(worklist, story().recorded[:2]).only()
ROWS = [
    replace(ROW, affair_id=UUID(int=number), number=f"CG-2011-{number:04}", position=number)
    for number in range(1, 6)
]


class Kept:
    """A worklist of five affairs, and what has been asked of the database through SQLAlchemy."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.queries = Queries(self.database, self.database)
        self.table = ViewTable(worklist, sqlite=self.database.is_sqlite)
        with self.database.creating() as connection:
            self.table.metadata.create_all(connection)
        self.write(*ROWS)

    def write(self, *rows: WorklistRow) -> None:
        """Have these rows stand in place of those of the same affairs."""
        with self.database.writing() as connection:
            self.table.write(connection, {(row.affair_id,): row for row in rows})

    def listed(self, limit: int = 50) -> list[WorklistRow]:
        """The list as a page reads it."""
        return self.queries.worklist(EVERYWHERE, Wanted(limit=limit)).rows


@pytest.fixture
def kept(database_url: str) -> Iterator[Kept]:
    opened = Kept(database_url)
    yield opened
    opened.database.close()


def test_a_row_is_read_once(kept: Kept) -> None:
    first, second = kept.listed(), kept.listed()

    assert first == ROWS
    assert all(one is other for one, other in zip(first, second, strict=True))


def test_an_affair_that_moved_on_is_shown_as_it_stands(kept: Kept) -> None:
    before = kept.listed()
    moved = replace(ROWS[1], state="verifying", version=9, position=99)
    kept.write(moved)

    after = kept.listed()
    assert after == [ROWS[0], *ROWS[2:], moved]
    assert after[0] is before[0]


def test_more_than_are_kept_are_shown_all(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_rows, "KEPT", 2)
    assert kept.listed(2) == ROWS[:2]

    assert kept.listed() == ROWS
    assert kept.listed(3) == ROWS[:3]


def test_what_changes_while_a_page_is_read_does_not_end_the_list(kept: Kept) -> None:
    moved = replace(ROWS[0], state="verifying", version=9, position=99)

    # The rows are read after their positions: between the two somebody takes a step.
    def meanwhile(*_: Any) -> None:
        kept.write(moved)

    sa.event.listen(kept.database.engine, "before_cursor_execute", meanwhile, once=True)
    page = kept.queries.worklist(EVERYWHERE, Wanted(limit=3))

    assert page.rows == ROWS[1:4]
    assert page.next is not None
    onward = kept.queries.worklist(EVERYWHERE, Wanted(limit=3, cursor=page.next))
    assert onward.rows == [*ROWS[4:], moved]
