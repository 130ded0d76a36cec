"""What queries give: no more than the scope reaches, each row once, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.event_store import Database
from adapters.projector.table import ViewTable
from adapters.queries import Page, Queries, Wanted, within
from domain.actor import Actor, Role
from domain.errors import NotAllowed, NotFound
from projections.affair_page import affair_page
from projections.audit import audit_trail
from projections.due import DueRow, due
from projections.satisfaction import affair_facts
from projections.view import View
from projections.visits import visit_facts
from projections.worklist import WorklistRow, worklist
from tests.projections.histories import story
from tests.projections.memory import Memory
from workflows.rights import EVERYWHERE, NOWHERE, Resource, Scope, scope_of

NOON = datetime(2011, 7, 22, 4, tzinfo=UTC)
ROW: WorklistRow = Memory(worklist, story().recorded[:2]).only()


class Views:
    """The tables of some views in one database."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.queries = Queries(self.database, self.database)
        with self.database.creating() as connection:
            for view in (worklist, affair_page, due, audit_trail, affair_facts, visit_facts):
                self.table(view).metadata.create_all(connection)

    def table(self, view: View[Any]) -> ViewTable:
        return ViewTable(view, sqlite=self.database.is_sqlite)

    def write(self, view: View[Any], rows: list[Any]) -> None:
        """Have the view hold these rows, and no others."""
        table = self.table(view)
        keyed = {tuple(getattr(row, name) for name in view.key): row for row in rows}
        with self.database.writing() as connection:
            connection.execute(sa.delete(table.table))
            table.write(connection, keyed)

    def count(self, view: View[Any], sums: dict[tuple[str, str, str, str], int]) -> None:
        """Have the roll-up of the view hold these sums."""
        with self.database.writing() as connection:
            self.table(view).add(connection, sums)


@pytest.fixture
def views(database_url: str) -> Iterator[Views]:
    opened = Views(database_url)
    yield opened
    opened.database.close()


# --- scope -----------------------------------------------------------------------------------

COMMUNITIES = ("370103008001", "370103008002", "370104001001")
UNITS = ("370103008/cg", "370103008/CG", "370103008_cg", "370103008/c%")
ACCOUNTS = ("linxiaohe", "LINXIAOHE", "SYS", "")
LINES = ("CG", "MZ")

ANYWHERE = [
    replace(
        ROW,
        affair_id=UUID(int=number),
        position=number,
        community=community,
        area=area and community + area,
        line=line,
        lead_unit=lead or community,
        units=units,
        assignee=assignee,
        registered_by=owner,
        restricted=restricted,
    )
    for number, (community, area, line, lead, units, assignee, owner, restricted) in enumerate(
        product(
            COMMUNITIES,
            ("", "-01", "-010"),
            LINES,
            ("", UNITS[0], COMMUNITIES[1]),
            ((), UNITS[:1], UNITS[1:]),
            ("linxiaohe", "SYS", ""),
            ACCOUNTS[1:],
            (False, True),
        )
    )
]
"""Affairs anywhere, with anybody's hand in them."""


def resource(row: WorklistRow) -> Resource:
    """What `resource_of` says of the affair behind the row."""
    lead = row.lead_unit if row.lead_unit != row.community else ""
    return Resource(
        area=row.area or row.community,
        line=row.line,
        units=tuple(unit for unit in (lead, *row.units) if unit),
        people=(row.assignee,) if row.assignee else (),
        owner=row.registered_by,
        restricted=row.restricted,
    )


PLACES = ("", "370103", "370103008", *COMMUNITIES, "370103008001-01", "370103008001-010")
SCOPES = st.one_of(
    st.sampled_from((EVERYWHERE, NOWHERE)),
    st.builds(
        Scope,
        prefix=st.sampled_from((None, *PLACES)),
        lines=st.lists(st.sampled_from(LINES), max_size=1).map(tuple),
        assigned=st.booleans(),
        own=st.booleans(),
        aggregates=st.sampled_from((False, False, False, True)),
        account=st.sampled_from(ACCOUNTS),
        unit=st.sampled_from(("", *UNITS, *COMMUNITIES)),
    ),
    st.builds(
        lambda account, role, unit, lines: scope_of(
            Actor(account=account, role=role, unit=unit, lines=tuple(lines)), "view_affair"
        ),
        st.sampled_from(ACCOUNTS),
        st.sampled_from(Role),
        st.sampled_from((*PLACES, *UNITS)),
        st.lists(st.sampled_from(LINES), max_size=2),
    ),
)


def test_rows_are_shown_where_the_scope_covers_them(views: Views) -> None:
    table = views.table(worklist).table
    views.write(worklist, ANYWHERE)
    resources = {row.position: resource(row) for row in ANYWHERE}

    @settings(max_examples=150, deadline=None)
    @given(SCOPES)
    def agree(scope: Scope) -> None:
        with views.database.reading() as connection:
            query = sa.select(table.c.position).where(*within(scope, table.c))
            shown = {position for (position,) in connection.execute(query)}

        assert shown == {at for at, there in resources.items() if scope.covers(there)}

    agree()


# --- lists -----------------------------------------------------------------------------------


def listed(count: int) -> list[WorklistRow]:
    """Affairs with deadlines that coincide, and some without one."""
    return [
        replace(
            ROW,
            affair_id=UUID(int=n),
            number=f"CG-2011-{n:04d}",
            position=n,
            due_at=None if n % 7 == 0 else NOON + timedelta(hours=n * 37 % 11),
            open=n % 5 != 0,
            to_visit=n % 3 == 0,
            assignee=("linxiaohe", "zhoumin")[n % 2],
            state=("onsite", "filed")[n % 4 == 0],
        )
        for n in range(1, count + 1)
    ]


def pages(views: Views, wanted: Wanted, scope: Scope = EVERYWHERE) -> list[WorklistRow]:
    """All pages of a list, one after the other."""
    found: list[WorklistRow] = []
    page = views.queries.worklist(scope, wanted)
    found += page.rows
    while page.next is not None:
        assert len(page.rows) == wanted.limit
        page = views.queries.worklist(scope, replace(wanted, cursor=page.next))
        found += page.rows
    return found


@pytest.mark.parametrize("limit", [1, 7, 25, 200])
def test_pages_give_each_row_once_and_the_first_due_first(views: Views, limit: int) -> None:
    made = listed(60)
    views.write(worklist, made)
    never = NOON + timedelta(days=999)

    found = pages(views, Wanted(open=None, limit=limit))

    assert found == sorted(made, key=lambda row: (row.due_at or never, row.position))


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(open=False),
        Wanted(open=None, to_visit=True),
        Wanted(open=None, to_visit=False, state="filed"),
        Wanted(open=None, assignee="zhoumin"),
        Wanted(open=None, number="CG-2011-0042"),
        Wanted(open=None, due_before=NOON + timedelta(hours=4)),
        Wanted(open=None, line="MZ"),
        Wanted(open=None, area="370103008001-03", limit=7),
    ],
    ids=repr,
)
def test_a_list_gives_what_is_asked_for(views: Views, wanted: Wanted) -> None:
    made = listed(60)
    views.write(worklist, made)

    found = pages(views, replace(wanted, limit=7))

    assert {row.position for row in found} == {
        row.position
        for row in made
        if (wanted.open is None or row.open == wanted.open)
        and (wanted.to_visit is None or row.to_visit == wanted.to_visit)
        and wanted.state in ("", row.state)
        and wanted.assignee in ("", row.assignee)
        and wanted.number in ("", row.number)
        and wanted.line in ("", row.line)
        and wanted.area in ("", row.area)
        and (
            wanted.due_before is None or (row.due_at is not None and row.due_at < wanted.due_before)
        )
    }


def test_nobody_lists_more_than_a_page_holds(views: Views) -> None:
    views.write(worklist, listed(250))

    largest = views.queries.worklist(EVERYWHERE, Wanted(open=None, limit=10_000))
    smallest = views.queries.worklist(EVERYWHERE, Wanted(open=None, limit=-3))

    assert (len(largest.rows), len(smallest.rows)) == (200, 1)
    assert views.queries.worklist(NOWHERE, Wanted(open=None)) == Page([])


def test_an_affair_outside_the_scope_is_not_there(views: Views) -> None:
    page = Memory(affair_page, story().recorded).only()
    views.write(affair_page, [page])
    near = Scope(prefix="370103008001", account="zhoumin", unit="370103008001")
    far = Scope(prefix="370103008002", account="zhaolei", unit="370103008002")

    assert views.queries.affair(near, page.affair_id) == page
    assert views.queries.affair(near, page.number) == page
    for asked in (page.affair_id, page.number, UUID(int=9), "CG-2011-9999", ""):
        with pytest.raises(NotFound):
            views.queries.affair(far, asked)


# --- due -------------------------------------------------------------------------------------


def clocks(count: int) -> list[DueRow]:
    """Clocks that run out by turns, many at the same instant."""
    return [
        DueRow(
            affair_id=UUID(int=n // 2),
            clock=("disposal", "referral")[n % 2],
            kind="stage",
            started_at=NOON,
            warn_at=NOON + timedelta(minutes=n * 7919 % 500),
            due_at=NOON + timedelta(days=9),
            next_at=NOON + timedelta(minutes=n * 7919 % 500) if n % 10 else None,
            colour="green",
            provisional=False,
        )
        for n in range(count)
    ]


def test_ten_thousand_due_clocks_are_each_given_once_in_order(views: Views) -> None:
    views.write(due, clocks(10_000))
    now = NOON + timedelta(minutes=399)

    found: list[DueRow] = []
    while page := views.queries.due(now, 500, after=found[-1] if found else None):
        assert len(page) <= 500
        found += page

    wanted = [row for row in clocks(10_000) if row.next_at is not None and row.next_at <= now]
    assert len(found) == len(wanted) == views.queries.due_backlog(now)
    assert sorted(found, key=lambda row: (row.next_at, row.affair_id, row.clock)) == found
    assert {(row.affair_id, row.clock) for row in found} == {
        (row.affair_id, row.clock) for row in wanted
    }


def test_what_is_due_this_instant_is_due(views: Views) -> None:
    (row,) = clocks(2)[1:]
    views.write(due, [row])
    assert row.next_at is not None

    assert views.queries.due(row.next_at, 9) == [row]
    assert views.queries.due(row.next_at - timedelta(microseconds=1), 9) == []


# --- figures and the trail -------------------------------------------------------------------

DAYS = (date(2011, 7, 1), date(2011, 7, 31))


@pytest.fixture
def figures(views: Views) -> Queries:
    """One acceptance for each area and line, and a visit in two areas."""
    areas = ("370103008001-01", "370103008001-010", "370103008002-01", "370103009001-01")
    views.count(
        affair_facts,
        {("volume", "2011-07-22", line, area): 1 for line in ("CG", "MZ") for area in areas}
        | {("volume", day, "CG", areas[0]): 100 for day in ("2011-06-30", "2011-08-01")}
        | {("volume", day, "CG", areas[0]): 1 for day in ("2011-07-01", "2011-07-31")},
    )
    views.count(visit_facts, {("visits", "2011-07-22", "", area): 1 for area in areas[:2]})
    return views.queries


@pytest.mark.parametrize(
    ("scope", "cuts", "volume"),
    [
        (EVERYWHERE, {}, 10),
        (Scope(prefix="370103008"), {}, 8),
        (Scope(prefix="370103008001"), {}, 6),
        (Scope(prefix="370103008001-01"), {}, 4),
        (Scope(prefix="370103008001-010"), {}, 2),
        (Scope(prefix="370103008", lines=("CG",)), {}, 5),
        (Scope(prefix="370103008"), {"line": "MZ"}, 3),
        (Scope(prefix="370103008", lines=("CG",)), {"line": "MZ"}, 0),
        (Scope(prefix="370103"), {"unit": "370103009001"}, 2),
        (Scope(prefix="370103"), {"unit": "370103008001-01"}, 4),
        (Scope(prefix="370103008001"), {"unit": "370103009001"}, 0),
        (Scope(prefix="", aggregates=True), {}, 10),
    ],
)
def test_figures_reach_as_far_as_the_scope(
    figures: Queries, scope: Scope, cuts: dict[str, Any], volume: int
) -> None:
    told = figures.statistics(scope, *DAYS, **cuts)

    assert told["acceptance_volume"]["value"] == volume


def test_visits_of_an_area_are_its_own(figures: Queries) -> None:
    assert figures.statistics(EVERYWHERE, *DAYS)["visit_count"]["value"] == 2
    area = Scope(prefix="370103008001-01")
    assert figures.statistics(area, *DAYS)["visit_count"]["value"] == 1


@pytest.mark.parametrize(
    "scope",
    [NOWHERE, Scope(prefix="", own=True, account="a"), Scope(prefix="", assigned=True)],
    ids=["nowhere", "own", "assigned"],
)
def test_who_reaches_no_sums_is_refused(figures: Queries, scope: Scope) -> None:
    with pytest.raises(NotAllowed):
        figures.statistics(scope, *DAYS)
    with pytest.raises(NotAllowed):
        figures.audit(scope)


def test_who_sees_sums_only_reads_no_trail(views: Views) -> None:
    with pytest.raises(NotAllowed):
        views.queries.audit(Scope(prefix="", aggregates=True))


def test_the_trail_is_read_page_by_page(views: Views) -> None:
    trail = list(Memory(audit_trail, story().recorded).rows.values())
    views.write(audit_trail, trail)

    found = views.queries.audit(EVERYWHERE, limit=4)
    while page := views.queries.audit(EVERYWHERE, after=found[-1].position, limit=4):
        found += page

    assert found == trail
