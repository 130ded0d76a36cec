"""What queries give: no more than the scope reaches, each row once, page by page."""

from __future__ import annotations

from collections import Counter
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
from adapters.queries import Page, Queries, Unassigned
from adapters.reach import within
from adapters.tallies import Counts, Tallies
from adapters.trail import TrailWanted
from domain.actor import Actor, Role
from domain.clock import local_day
from domain.errors import NotAllowed, NotFound
from projections.affair_page import affair_page
from projections.audit import AuditRow, audit_trail
from projections.due import DueRow, due
from projections.satisfaction import affair_facts
from projections.view import View
from projections.visits import visit_facts
from projections.worklist import Wanted, WorklistRow, worklist
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
        stubs=st.booleans(),
        account=st.sampled_from(ACCOUNTS),
        deputy_for=st.sampled_from(("", *ACCOUNTS)),
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


@pytest.mark.parametrize("action", ["view_affair", "assign_affair"])
def test_an_assigner_is_shown_what_nobody_is_assigned_to_and_of_it_a_stub(
    views: Views, action: str
) -> None:
    due = NOON + timedelta(hours=3)
    bare = replace(ROW, assignee="", assigned_at=None, restricted=False, open=True, due_at=None)
    views.write(
        worklist,
        [
            replace(row, affair_id=UUID(int=number), position=number, number=str(number))
            for number, row in enumerate(
                (
                    bare,
                    replace(bare, restricted=True, due_at=due),
                    replace(bare, restricted=True, open=False, state="closed"),
                    replace(bare, restricted=True, open=False, state="archived"),
                    replace(bare, open=False, state="closed"),
                    replace(bare, assignee="chenyan"),
                    replace(bare, community=COMMUNITIES[1], area="", lead_unit=COMMUNITIES[1]),
                ),
                1,
            )
        ],
    )
    director = Actor(account="zhoumin", role=Role.CD, unit=COMMUNITIES[0])

    found = views.queries.unassigned(scope_of(director, action))

    stubs = [
        Unassigned(UUID(int=2), "2", "CG", due, restricted=True),
        Unassigned(UUID(int=1), "1", "CG", None, restricted=False),
        Unassigned(UUID(int=3), "3", "CG", None, restricted=True),
    ]
    # Who only views sees nothing of what is restricted.
    assert found == (stubs if action == "assign_affair" else stubs[1:2])


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
            source=("hall", "phone")[n % 3 == 0],
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
        Wanted(open=None, source="phone"),
        Wanted(open=None, source="phone", community="370103008001"),
        Wanted(open=None, community="370103008002"),
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
        and wanted.source in ("", row.source)
        and wanted.community in ("", row.community)
        and wanted.area in ("", row.area)
        and (
            wanted.due_before is None or (row.due_at is not None and row.due_at < wanted.due_before)
        )
    }


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(open=False),
        Wanted(open=None, line="MZ", source="phone"),
        Wanted(open=None, state="filed", due_before=NOON + timedelta(hours=4)),
        Wanted(new="linxiaohe"),
        Wanted(open=None, community="370103008009"),
    ],
    ids=repr,
)
def test_lines_are_counted_as_they_are_listed(views: Views, wanted: Wanted) -> None:
    made = [replace(row, line=LINES[row.position % 4 == 0]) for row in listed(60)]
    views.write(worklist, made)
    tallies = Tallies(views.database)

    def counted(scope: Scope, wanted: Wanted) -> Counts:
        return tallies(scope, "linxiaohe", NOON, NOON + timedelta(hours=8), wanted)

    found = counted(EVERYWHERE, wanted)
    assert found.lines == Counter(row.line for row in pages(views, replace(wanted, line="")))
    assert replace(found, lines={}) == replace(counted(EVERYWHERE, Wanted()), lines={})
    assert found.late + found.today > 0
    assert counted(NOWHERE, wanted) == Counts(late=0, today=0, new=0, visit=0, lines={})


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
        figures.audit(scope, TrailWanted())


def test_who_sees_sums_only_reads_no_trail(views: Views) -> None:
    with pytest.raises(NotAllowed):
        views.queries.audit(Scope(prefix="", aggregates=True), TrailWanted())


@pytest.fixture
def trail(views: Views) -> list[AuditRow]:
    """The trail of the story, the latest first, kept by the views."""
    rows = list(Memory(audit_trail, story().recorded).rows.values())
    views.write(audit_trail, rows)
    return rows[::-1]


def test_the_trail_is_read_page_by_page_the_latest_first(
    views: Views, trail: list[AuditRow]
) -> None:
    found: list[AuditRow] = []
    before = None
    for _ in trail:
        page = views.queries.audit(EVERYWHERE, TrailWanted(before=before, limit=4))
        assert len(page.rows) <= 4
        found += page.rows
        before = page.next
        if before is None:
            break

    assert before is None
    assert found == trail


def test_a_last_page_that_is_full_leads_nowhere(views: Views, trail: list[AuditRow]) -> None:
    assert views.queries.audit(EVERYWHERE, TrailWanted(limit=len(trail))).next is None


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2011, 7, 22), date(2011, 7, 22)),
        (date(2011, 7, 23), date(2011, 7, 25)),
        (date(2011, 7, 26), None),
        (None, date(2011, 7, 24)),
        (date(2011, 7, 23), date(2011, 7, 24)),
        (date(2031, 1, 1), None),
        (None, date(2001, 1, 1)),
        (None, None),
    ],
)
def test_the_trail_of_some_days_holds_both(
    views: Views, trail: list[AuditRow], start: date | None, end: date | None
) -> None:
    wanted = [
        row
        for row in trail
        if (start is None or local_day(row.recorded_at) >= start)
        and (end is None or local_day(row.recorded_at) <= end)
    ]

    assert views.queries.audit(EVERYWHERE, TrailWanted(start=start, end=end)).rows == wanted


def test_a_day_of_the_trail_begins_at_midnight_in_shanghai(
    views: Views, trail: list[AuditRow]
) -> None:
    midnight = datetime(2011, 7, 21, 16, tzinfo=UTC)
    times = (midnight - timedelta.resolution, midnight, midnight + timedelta(days=1))
    rows = [replace(trail[0], position=n, recorded_at=at) for n, at in enumerate(times, 1)]
    views.write(audit_trail, rows)

    one = TrailWanted(start=date(2011, 7, 22), end=date(2011, 7, 22))

    assert views.queries.audit(EVERYWHERE, one).rows == [rows[1]]


def test_the_trail_of_one_stream_and_of_one_person(views: Views, trail: list[AuditRow]) -> None:
    stream, actor = trail[-1].stream_id, trail[-1].actor
    other = replace(trail[0], position=9999, stream_id=UUID(int=9), actor="nobody")
    views.write(audit_trail, [*trail, other])

    of_stream = views.queries.audit(EVERYWHERE, TrailWanted(stream_id=stream)).rows
    of_actor = views.queries.audit(EVERYWHERE, TrailWanted(actor=actor)).rows

    assert of_stream == [row for row in trail if row.stream_id == stream]
    assert of_actor == [row for row in trail if row.actor == actor]
    assert 0 < len(of_actor) < len(trail)


def test_the_trail_tells_the_numbers_of_affairs_within_reach(
    views: Views, trail: list[AuditRow]
) -> None:
    shown = Memory(affair_page, story().recorded).only()
    for restricted, scope, told in (
        (False, Scope(prefix="370103"), {shown.affair_id: shown.number}),
        (True, Scope(prefix="370103"), {}),
        (False, Scope(prefix="110105"), {}),
    ):
        views.write(affair_page, [replace(shown, restricted=restricted)])

        assert views.queries.audit(scope, TrailWanted(limit=200)).numbers == told
