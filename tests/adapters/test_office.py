"""The affairs with which the demonstration fills the community: every line in every state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from adapters.demo import CAST, Person, affairs, build
from adapters.demo.cases import DAILY, Case, when
from adapters.demo.filing import schedule
from adapters.demo.story import ANCHOR, HEAP_OF_2012, PERSONAL
from adapters.demo.ways import Did, waited
from adapters.house import House, open_house
from adapters.settings import Settings
from adapters.verify import verify
from adapters.worker import Worker
from domain.clock import local_day
from domain.record import Kind
from projections.worklist import Wanted, WorklistRow
from tests.builders import lines
from tests.faults.checks import views_equal_a_rebuild
from tests.templates import copied
from tests.web.district import Silent, browser
from web.app import create_app
from web.turns import own_of, waits_for
from workflows.rights import EVERYWHERE

CASES: list[Case] = [case for _, cases in affairs.every() for case in cases]
TODAY = local_day(ANCHOR)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the whole demonstration, played once in a run. Read only."""
    place = tmp_path_factory.mktemp("filled")
    copied("demonstration", lambda folder: build(Settings(data_dir=folder / "var")), place)
    return place / "var"


@pytest.fixture(scope="module")
def house(filled: Path) -> Iterator[House]:
    opened = open_house(Settings(data_dir=filled))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[TestClient]:
    """The pages over it."""
    with TestClient(create_app(house, log=Silent()), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def own(tmp_path: Path, filled: Path) -> Iterator[House]:
    """One that the test may write to."""
    del filled
    copied("demonstration", lambda folder: build(Settings(data_dir=folder / "var")), tmp_path)
    opened = open_house(Settings(data_dir=tmp_path / "var"))
    yield opened
    opened.close()


def all_rows(house: House) -> list[WorklistRow]:
    found: list[WorklistRow] = []
    cursor = None
    while True:
        page = house.queries.worklist(EVERYWHERE, Wanted(open=None, cursor=cursor))
        found += page.rows
        if (cursor := page.next) is None:
            return found


@pytest.mark.parametrize("code", lines.codes())
def test_an_affair_of_the_line_stands_in_every_state(code: str, house: House) -> None:
    line = house.reference.lines.in_force(code, TODAY)

    found = Counter(row.state for row in all_rows(house) if row.line == code)

    print(f"{code} {line.version}: {found.total()} affairs in {len(found)} states: {dict(found)}")
    assert set(line.states) - set(found) == set()


def test_what_the_story_tells_is_as_it_was(house: House) -> None:
    figures = house.queries.statistics(EVERYWHERE, date(2011, 7, 1), date(2011, 11, 30))
    heap = house.queries.affair(EVERYWHERE, "CG-2012-0001")

    told = {name: (one["numerator"], one["denominator"]) for name, one in figures.items()}
    assert told["acceptance_volume"] == told["visit_count"] == (1, None)
    assert told["resolution_rate"] == told["on_time_rate"] == told["satisfaction_rate"] == (1, 1)
    assert told["referral_rate"] == (1, 1)
    assert told["single_handed_rate"] == (0, 1)
    # Nothing else of it is counted in that time.
    assert max(part or 0 for pair in told.values() for part in pair) == 2
    assert (heap.state, heap.registered_at) == ("checking", HEAP_OF_2012.registered_at)


def test_whoever_comes_in_finds_work_of_every_kind(house: House) -> None:
    rows = [row for row in all_rows(house) if row.open]
    now = house.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)

    kinds = {
        "new": [row for row in rows if row.registered_at >= midnight and row.state == "registered"],
        "due today": [
            row for row in rows if row.due_at and now < row.due_at and _due(row) == TODAY
        ],
        "overdue": [row for row in rows if row.due_at and row.due_at <= now],
        "suspended": [row for row in rows if row.suspended],
        "to be checked": [row for row in rows if row.state in ("checking", "rechecking")],
        "to be visited": [row for row in rows if row.to_visit],
        "referred": [row for row in rows if row.referral],
        "joint": [row for row in rows if set(row.units) - {row.referral}],
        "on standby": [row for row in rows if row.state == "waitlisted"],
        "reopened": [row for row in rows if row.round],
        "restricted": [row for row in rows if row.restricted],
    }

    print({kind: len(found) for kind, found in kinds.items()})
    assert [kind for kind, found in kinds.items() if not found] == []
    orders = [house.affairs.get(row.affair_id)[0].work.orders for row in rows]
    assert any(orders)


# The first late instant of a whole day is the next midnight.
def _due(row: WorklistRow) -> date:
    assert row.due_at is not None
    return local_day(row.due_at - timedelta(microseconds=1))


@pytest.mark.parametrize("person", CAST, ids=lambda person: person.account)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_first_page_of_every_account_can_be_read(
    house: House, client: TestClient, person: Person, language: str
) -> None:
    (grant,) = house.people.grants(person.account, TODAY)
    cookie = browser(house, person.account, grant.grant)
    came_in = {"Cookie": f"tenlines={cookie}; lang={language}"}

    answer = client.get("/", headers=came_in, follow_redirects=False)
    # Whoever looks at no affairs is sent to the first part that is theirs.
    if answer.is_redirect:
        answer = client.get(answer.headers["location"], headers=came_in, follow_redirects=False)

    assert answer.status_code == 200
    assert person.name in answer.text
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}"' in answer.text


PRIVATE = (Kind.NOTE, Kind.PERSON)


def personal() -> set[str]:
    """What the affairs say that is of somebody: names, addresses, texts of sealed fields."""
    kinds: dict[str, set[Kind]] = {}
    for line in lines.versions():
        ways = (*line.steps.values(), *line.entries.values(), *line.actions.values())
        for field in (
            field for way in ways for form in way.forms.values() for field in form.own.specs
        ):
            kinds.setdefault(field.label.zh, set()).add(field.kind)
        for matter in line.spec.matters.values():
            for field in matter.fields:
                kinds.setdefault(field.label.zh, set()).add(field.kind)
    sealed = {label for label, found in kinds.items() if found <= set(PRIVATE)}
    told = {case.resident for case in CASES} | {case.summary for case in CASES}
    for words, cases in affairs.every():
        for said in (words, *(case.words for case in cases)):
            told |= {text for label, text in said.items() if label in sealed and "{" not in text}
    # The cast has accounts.
    return told - {person.name for person in CAST}


def test_no_personal_value_of_an_affair_stands_in_a_file(filled: Path) -> None:
    held = {path.name: path.read_bytes() for path in filled.rglob("*") if path.is_file()}
    values = personal() | set(PERSONAL)

    found = [
        (name, text)
        for name, content in held.items()
        for text in values
        if text.encode() in content or text.encode("utf-16-le") in content
    ]

    print(f"{len(values)} values, {len(held)} files")
    assert found == []
    assert len(values) > 400
    # The search itself sees what is there.
    assert any("区核对中心".encode() in content for content in held.values())


def test_its_log_is_what_was_written(house: House) -> None:
    found = verify(house.log)

    assert (found.fault, found.events) == (None, house.log.head())


def test_its_views_equal_a_rebuild(own: House) -> None:
    views_equal_a_rebuild(own)


def test_the_worker_has_nothing_left_to_do(own: House) -> None:
    Worker(own).drain()
    head = own.log.head()

    again = Worker(own).drain()

    assert (again, own.log.head(), own.parked()) == (0, head, [])


def test_every_affair_was_recorded_when_it_happened(house: House) -> None:
    rows = all_rows(house)

    late = [
        (row.number, seen.topic)
        for row in rows
        for seen in house.history.stream(row.affair_id)
        if not timedelta() <= seen.recorded_at - seen.event.occurred_at < timedelta(minutes=5)
    ]

    assert late == []


def test_people_work_in_office_hours(house: House) -> None:
    calendar = house.reference.calendar
    steps = (Did("林晓禾", "受理"), Did("何静", "公示"), waited(days=8), Did("何静", "期满上报"))

    # 30 April and 1 May 2012 were holidays, 28 April was worked.
    times = schedule(steps, when("05-09 14:00"), DAILY, calendar)

    assert times == sorted(times)
    assert times[-1] == when("05-09 14:00")
    assert times[-2] <= times[-1] - DAILY
    assert times[-3] <= times[-2] - timedelta(days=8)
    for at in times:
        assert calendar.is_working(local_day(at)), at
        assert at.hour in (9, 10, 11, 13, 14, 15, 16), at


def test_whoever_has_the_turn_has_it_among_their_own(house: House, client: TestClient) -> None:
    office = client.app.state.office  # type: ignore[attr-defined]  # Starlette's is any application
    organisation, today = house.reference.organisation, local_day(house.now())
    lines_now = {line.line: line for line in office.lines_in_force(today)}
    rows = {row.number: row for row in all_rows(house)}
    turns = 0
    for person in CAST:
        mine = own_of(person.actor, tuple(lines_now.values()), organisation, today)
        found = house.queries.worklist(EVERYWHERE, Wanted(mine=mine, open=None, limit=200))
        turn = {
            number
            for number, row in rows.items()
            if waits_for(row, lines_now[row.line], organisation).on(person.actor)
        }
        assigned = {number for number, row in rows.items() if row.assignee == person.account}
        assert {row.number for row in found.rows} == turn | assigned, person.account
        turns += len(turn)
    assert turns > 100
