"""Each benchmark runs at a small size; what its figures are, nobody asks here."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy.engine import URL

from adapters.time import Told
from benchmarks import cost, due, http, large, pages, paint, rebuild, replay, steps
from benchmarks.__main__ import main
from benchmarks.bulk import Bulk, templates
from benchmarks.district import areas, found, opened, settings_of
from benchmarks.places import Server
from benchmarks.report import Row, alone
from benchmarks.steps import LATER, Place, Sizes
from benchmarks.tape import Bare
from domain.record import Kind, Record

YEARS = range(2011, 2013)


class Databases:
    """Databases of the tests' PostgreSQL, or none on SQLite."""

    def __init__(self, server: Server | None) -> None:
        self.server = server
        self._made: list[str] = []

    def __call__(self) -> str:
        """The address of a new one; empty on SQLite."""
        if self.server is None:
            return ""
        self._made.append(f"bench_{uuid4().hex}")
        return self.server.database(self._made[-1])

    def drop(self) -> None:
        for name in self._made:
            assert self.server is not None
            self.server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Each database in turn."""
    server = None
    if request.param == "postgres":
        url: URL = request.getfixturevalue("postgres_server")
        server = Server(url)
    made = Databases(server)
    yield made
    made.drop()


def measured(rows: list[Row], count: int) -> None:
    assert len(rows) == count
    assert all(row.ours > 0 for row in rows)


def test_steps(tmp_path: Path, databases: Databases) -> None:
    root = tmp_path / f"steps_{uuid4().hex[:8]}"

    rows = steps.on("here", root, databases.server, Sizes(rounds=1, affairs=8))

    measured(rows, 2)
    assert all("of the statements alone" in row.note for row in rows)


def test_the_bare_driver_stores_what_ours_stored(tmp_path: Path) -> None:
    lives = steps.prepared((tmp_path / "first", ""), 8)
    shutil.copytree(tmp_path / "first", tmp_path / "again")
    (tape,) = steps.recorded((tmp_path / "first", ""), [lives])
    again = tmp_path / "again", ""

    bare = Bare(settings_of(*again).log_url)
    for _, step in tape:
        bare.run(step)
    bare.close()

    def contents(place: Place) -> tuple[list[object], list[object]]:
        with steps.working(place) as house, house.log.database.reading() as connection:
            listed = connection.exec_driver_sql("SELECT * FROM affair_page ORDER BY affair_id")
            return [*house.log.read(0, 10_000)], [tuple(row) for row in listed]

    events, page = contents((tmp_path / "first", ""))
    assert len(events) > len(tape)
    assert contents(again) == (events, page)


def test_replay(tmp_path: Path, databases: Databases) -> None:
    measured(replay.on("here", (tmp_path / "it", databases()), events=200, replays=3), 2)


def test_the_bare_loop_reads_the_same_records(tmp_path: Path, databases: Databases) -> None:
    settings = settings_of(tmp_path, databases())
    found(settings, streets=1, years=YEARS)
    with opened(settings, Told(LATER)) as house:
        Bulk(house, templates(), a_day=8, within=areas(1)).events(200)

        with replay.bare_loop(settings.log_url) as bare:
            loose = [(plain(event), by) for event, by in bare()]

        read = [(plain(seen.event), seen.metadata) for seen in replay.whole(house)]
        assert loose == read


def plain(event: object) -> tuple[str, object, list[object]]:
    """Its class, its time, and its record without what only the house's own reader knows."""
    record = getattr(event, "record", Record())
    told = [
        (field.name, str(field.kind), field.value if field.kind is not Kind.NOTE else "")
        for field in record
    ]
    return type(event).__name__, getattr(event, "occurred_at", None), [told]


def test_rebuild(tmp_path: Path, databases: Databases) -> None:
    place = tmp_path / "it", databases()

    measured([rebuild.on("here", place, events=300, times=1, streets=1)], 1)


def test_cost(tmp_path: Path) -> None:
    place = tmp_path / "it", ""
    lives = steps.prepared(place, 4)

    with opened(settings_of(*place), Told(LATER)) as house:
        measured([cost.share(house, lives, 2)], 1)


def test_what_is_open(tmp_path: Path) -> None:
    measured([due.open_here((tmp_path / "it", ""), times=1)], 1)


def test_the_sweep(tmp_path: Path, databases: Databases) -> None:
    row = due.sweep("here", (tmp_path / "it", databases()), affairs=20, followed=0.1)

    measured([row], 1)
    assert row.note.startswith("20 rows were due")


def test_http(tmp_path: Path, databases: Databases) -> None:
    place = tmp_path / "it", databases()

    measured([http.on("here", place, rounds=1, connections=4)], 1)


def without_wrk() -> bool:
    """Whether wrk is missing, which it never is in CI."""
    found = shutil.which("wrk") is not None
    assert found or "CI" not in os.environ, "wrk is required here: apt-get install wrk"
    return not found


def test_pages(tmp_path: Path) -> None:
    if without_wrk():
        pytest.skip("wrk is not installed")
    place = tmp_path / "it", ""

    desk = pages.worked(place, 8)

    measured(pages.on("here", place, desk, rounds=1, seconds=1), 2)


def test_pages_that_are_no_success_are_not_counted(tmp_path: Path) -> None:
    if without_wrk():
        pytest.skip("wrk is not installed")
    place = tmp_path / "it", ""
    found(settings_of(*place), streets=1, years=YEARS)

    with http.serving(place) as server, pytest.raises(RuntimeError, match="Non-2xx"):
        pages.asked(server, pages.Looked("nothing", "/nowhere"), "nobody's", 1)


def test_what_access_and_masks_take(tmp_path: Path) -> None:
    place = tmp_path / "it", ""
    desk = pages.worked(place, 8)

    rows = [pages.share(place, desk, page, times=2) for page in desk.pages]

    assert all(0 < row.ours < 100 for row in rows)


def test_of_calls_the_outermost_are_taken_with_what_they_were_given() -> None:
    said: list[str] = []

    def inner(word: str) -> None:
        said.append(word)

    def outer(word: str) -> None:
        inner(word + "!")

    calls = pages.Calls((inner, outer))
    with calls.listening():
        outer("a")
        inner("b")
    outer("c")

    assert [(function.__name__, given) for function, given in calls.taken] == [
        ("outer", {"word": "a"}), ("inner", {"word": "b"}),
    ]  # fmt: skip
    said.clear()
    calls.again()
    assert said == ["a!", "b"]


@pytest.mark.browser
def test_paint(tmp_path: Path) -> None:
    if not paint.CHROMIUM.exists():
        assert "CI" not in os.environ, "chromium is required here: apt-get install chromium"
        pytest.skip("chromium is not installed")

    measured(paint.on((tmp_path / "it", ""), affairs=8, loads=1), 4)


def test_large(tmp_path: Path, databases: Databases) -> None:
    places = (tmp_path / "small", databases()), (tmp_path / "large", databases())
    sizes = large.Sizes(small=300, large=1500, rounds=1, calls=3, sample=5, streets=1)

    measured(large.on("here", places, sizes, databases.server), 4)


def test_a_broken_benchmark_is_told_and_hides_no_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missed = alone("cost", [20.0], target=10.0, unit="%", at_most=True)
    monkeypatch.setitem(
        sys.modules, "benchmarks.cost", SimpleNamespace(rows=lambda large: [missed])
    )
    monkeypatch.setitem(sys.modules, "benchmarks.rebuild", SimpleNamespace())

    code = main(["--only", "rebuild", "--only", "cost"])

    out, err = capsys.readouterr()
    assert code == 0
    assert "0 of 1 targets met" in out
    assert "rebuild: not measured" in out
    assert "AttributeError" in err
