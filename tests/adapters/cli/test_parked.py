"""`tenlines parked`: what a view cannot follow is shown, and tried again once it is mended."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.adapters.cli.conftest import Tenlines
from tests.builders.lines import EVENTS

POSITION = EVENTS - 11
"""The return visit of CG-2011-0001."""


def write(place: Path, file: str, statement: str, *values: object) -> list[tuple[object, ...]]:
    engine = sa.create_engine(f"sqlite:///{place / file}")
    with engine.begin() as connection:
        done = connection.exec_driver_sql(statement, values)
        found = [tuple(row) for row in done] if done.returns_rows else []
    engine.dispose()
    return found


@pytest.fixture
def spoilt(shown: Path, tmp_path: Path) -> tuple[Path, object]:
    """A demonstration in which an event became unreadable; and what it held before."""
    place = tmp_path / "var"
    shutil.copytree(shown, place)
    ((state,),) = write(place, "log.db", "SELECT state FROM events WHERE position = ?", POSITION)
    put(place, "{]")
    return place, state


def put(place: Path, state: object, position: object = POSITION) -> None:
    """Change the event past everything that forbids it: whoever opens it brings that back."""
    write(place, "log.db", "DROP TRIGGER events_no_update")
    write(place, "log.db", "UPDATE events SET state = ? WHERE position = ?", state, position)


def test_where_nothing_is_parked_it_says_so(tenlines: Tenlines, shown: Path) -> None:
    ran, told = (
        tenlines("--data-dir", shown, "parked"),
        tenlines("--data-dir", shown, "parked", "--json"),
    )

    assert (ran.code, ran.out) == (0, "nothing is parked\n")
    assert (told.code, told.json) == (0, [])
    assert tenlines("--data-dir", shown, "parked", "--retry").code == 0


def test_what_is_parked_is_told_with_its_affair(
    tenlines: Tenlines, spoilt: tuple[Path, object]
) -> None:
    place, _ = spoilt
    for view in ("audit_trail", "worklist"):
        tenlines("--data-dir", place, "rebuild", view)

    ran = tenlines("--data-dir", place, "parked", "--json")
    told = tenlines("--data-dir", place, "parked")

    assert (ran.code, told.code) == (1, 1)
    assert [one["view"] for one in ran.json] == ["audit_trail", "worklist"]
    one = ran.json[0]
    assert (one["affair"], one["position"]) == ("CG-2011-0001", POSITION)
    assert one["topic"] == "affair.return_visit_recorded.v1"
    assert one["since"] == "2011-07-27T10:00:00+08:00"
    assert one["reason"].startswith("Unreadable: ")
    assert len(one["stream_id"]) == 36
    for text in ("audit_trail", "worklist", "CG-2011-0001", "2011-07-27 10:00+08:00"):
        assert text in told.out
    assert "tenlines parked --retry" in told.err


def test_it_stays_parked_until_it_is_mended(
    tenlines: Tenlines, spoilt: tuple[Path, object]
) -> None:
    place, state = spoilt
    for view in ("audit_trail", "worklist"):
        tenlines("--data-dir", place, "rebuild", view)

    early = tenlines("--data-dir", place, "parked", "--retry", "--json")
    put(place, state)
    mended = tenlines("--data-dir", place, "parked", "--retry", "--json")

    assert (early.code, [one["view"] for one in early.json]) == (1, ["audit_trail", "worklist"])
    assert (mended.code, mended.json) == (0, [])
    trail = tenlines("--data-dir", place, "audit", "--affair", "CG-2011-0001", "--json").json
    assert [row["version"] for row in trail] == list(range(14, 0, -1))


@pytest.mark.parametrize(
    ("view", "reason"),
    [("reactions", "step-not-open: G8"), ("timers", "visit: not-permitted-now: expire")],
)
def test_work_that_was_refused_is_listed_and_tried_again(
    tenlines: Tenlines, spoilt: tuple[Path, object], view: str, reason: str
) -> None:
    place, _ = spoilt
    park(place, view, EVENTS, reason)

    listed = tenlines("--data-dir", place, "parked", "--json")
    tried = tenlines("--data-dir", place, "parked", "--retry", "--json")

    assert [(one["view"], one["reason"]) for one in listed.json] == [(view, reason)]
    assert (listed.code, tried.code, tried.json) == (1, 0, [])


def test_the_clocks_of_an_affair_that_cannot_be_read_yet_stay_in_the_list(
    tenlines: Tenlines, spoilt: tuple[Path, object]
) -> None:
    place, state = spoilt
    park(place, "timers", POSITION, "it was refused")

    tried = tenlines("--data-dir", place, "parked", "--retry", "--json")
    put(place, state)
    again = tenlines("--data-dir", place, "parked", "--retry", "--json")

    # It is met anew by whoever tries.
    assert [(one["view"], one["position"]) for one in tried.json] == [
        ("affairs", POSITION),
        ("timers", POSITION),
    ]
    assert tried.code == 1
    assert all(one["reason"].startswith("unreadable: ") for one in tried.json)
    assert (again.code, again.json) == (0, [])


def test_a_line_that_cannot_be_read_is_in_the_list_until_it_is_mended(
    tenlines: Tenlines, shown: Path, tmp_path: Path
) -> None:
    place = tmp_path / "var"
    shutil.copytree(shown, place)
    asked = "SELECT position, state FROM events WHERE topic = 'line.published.v1'"
    position, state = write(place, "log.db", asked)[0]

    put(place, "{]", position)
    spoilt = tenlines("--data-dir", place, "parked", "--json")
    put(place, state, position)
    mended = tenlines("--data-dir", place, "parked", "--json")

    (one,) = spoilt.json
    assert (spoilt.code, one["view"], one["affair"], one["position"]) == (
        1,
        "reference",
        None,
        position,
    )
    assert (mended.code, mended.json) == (0, [])


def park(place: Path, view: str, position: int, reason: str) -> None:
    """Keep an event in the list, as the worker does."""
    asked = "SELECT stream_id, topic FROM events WHERE position = ?"
    ((stream, topic),) = write(place, "log.db", asked, position)
    kept = (view, stream, position, topic, reason)
    write(place, "log-views.db", "INSERT INTO parked VALUES (?, ?, ?, ?, ?)", *kept)


def test_a_stream_counts_once_however_many_views_cannot_follow_it(
    tenlines: Tenlines, spoilt: tuple[Path, object]
) -> None:
    place, _ = spoilt
    period = ("--from", "2011-07-01", "--to", "2011-11-30")

    rebuilt = tenlines("--data-dir", place, "rebuild", "--all")
    told = tenlines("--data-dir", place, "stats", *period)
    asked = tenlines("--data-dir", place, "stats", *period, "--json")

    assert rebuilt.code == 0
    assert "Mind: 1 streams could not be read whole" in rebuilt.err
    assert "tenlines parked" in rebuilt.err
    assert "Mind: 1 streams are parked and not counted" in told.err
    assert asked.json["parked"] == 1


def test_in_chinese_it_says_what_to_do(
    tenlines: Tenlines, spoilt: tuple[Path, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, _ = spoilt
    tenlines("--data-dir", place, "rebuild", "audit_trail")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")

    ran = tenlines("--data-dir", place, "parked")

    assert "事务或流" in ran.out
    assert "修复" in ran.err
