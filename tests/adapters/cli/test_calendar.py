"""`tenlines calendar`: a year is brought by whoever may, checked line by line, and shown."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adapters.house import open_house
from adapters.settings import Settings
from tests.adapters.cli.conftest import Tenlines

ADMINISTRATOR = ("--by", "shilei")

NOTICE = """date,kind,name
2027-01-01,holiday,元旦
2027-02-08,holiday,春节
2027-02-06,workday,春节
"""


@pytest.fixture
def place(shown: Path, tmp_path: Path) -> Path:
    """A demonstration of the test's own, with the tables of 2011 to 2026."""
    copied = tmp_path / "var"
    shutil.copytree(shown, copied)
    return copied


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "2027.csv"
    path.write_text(NOTICE, "utf-8")
    return path


def head(place: Path) -> int:
    house = open_house(Settings(data_dir=place))
    try:
        return house.log.head()
    finally:
        house.close()


def test_a_year_that_is_brought_counts_from_then_on(
    tenlines: Tenlines, place: Path, notice: Path
) -> None:
    ran = tenlines(
        "--data-dir", place, "calendar", "import", "2027", notice, *ADMINISTRATOR,
        "--source", "国办发明电〔2026〕9号", "--json",
    )  # fmt: skip

    assert ran.code == 0
    assert ran.json["imported"] is True
    assert (ran.json["version"], ran.json["by"]) == ("2027.1", "shilei")
    assert ran.json["source"] == "国办发明电〔2026〕9号"
    assert ran.json["working_days"] == 261 - 2 + 1
    with closing(open_house(Settings(data_dir=place))) as house:
        days = house.reference.calendar.tables[2027].holidays
        trail = house.history.recorded(house.log.read(house.log.head() - 1, 1)[0])
    assert days == {date(2027, 1, 1), date(2027, 2, 8)}
    assert (trail.metadata.actor, trail.metadata.role) == ("shilei", "ADM")
    shown = tenlines("--data-dir", place, "calendar", "show", "2027", "--json").json
    assert {key: ran.json[key] for key in shown} == shown


def test_brought_again_it_is_the_next_revision_and_the_same_is_nothing_new(
    tenlines: Tenlines, place: Path, notice: Path
) -> None:
    bring = ("--data-dir", place, "calendar", "import", "2027", notice, *ADMINISTRATOR)
    tenlines(*bring)
    before = head(place)

    same = tenlines(*bring, "--json")
    told = tenlines(*bring)
    assert (same.code, same.json["imported"], same.json["version"]) == (0, False, "2027.1")
    assert (told.code, told.out) == (0, "")
    assert "already" in told.err
    assert head(place) == before

    notice.write_text(NOTICE + "2027-02-09,holiday,春节\n", "utf-8")
    other = tenlines(*bring)

    assert other.out == (
        "imported 2027.2: 3 weekdays off, 1 weekend days worked, 259 working days\n"
    )
    assert (
        tenlines("--data-dir", place, "calendar", "show", "2027", "--json").json["version"]
        == "2027.2"
    )


def test_a_file_that_is_wrong_is_refused_with_file_line_and_remedy(
    tenlines: Tenlines, place: Path, notice: Path
) -> None:
    notice.write_text(NOTICE + "2027-02-30,holiday\n2026-05-01,holiday\n", "utf-8")
    before = head(place)

    ran = tenlines("--data-dir", place, "calendar", "import", "2027", notice, *ADMINISTRATOR)

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("2027.csv is not right: line 5: ")
    assert "write YYYY-MM-DD" in ran.err
    assert "line 6: 2026-05-01 is not in 2027; put it into the file of 2026" in ran.err
    assert head(place) == before


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ("zhoumin", "CD may not import_calendar"),
        ("bailu", "AUD may not import_calendar"),
        ("nobody", "there is no account nobody"),
        ("SYS", "there is no account SYS"),
    ],
)
def test_who_has_no_right_to_it_is_refused(
    tenlines: Tenlines, place: Path, notice: Path, account: str, told: str
) -> None:
    notice.write_text("not even a table", "utf-8")
    before = head(place)

    ran = tenlines("--data-dir", place, "calendar", "import", "2027", notice, "--by", account)

    assert (ran.code, ran.out, ran.err) == (1, "", f"{told}\n")
    assert head(place) == before


def test_a_year_that_nobody_has_is_refused(tenlines: Tenlines, place: Path, notice: Path) -> None:
    notice.write_text(NOTICE.replace("2027", "2190"), "utf-8")

    ran = tenlines("--data-dir", place, "calendar", "import", "2190", notice, *ADMINISTRATOR)

    assert ran.code == 1


def test_what_is_in_force_is_shown(
    tenlines: Tenlines, shown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = tenlines("--data-dir", shown, "calendar", "show", "--json").json
    one = tenlines("--data-dir", shown, "calendar", "show", "2011")
    listed = tenlines("--data-dir", shown, "calendar", "show")
    missing = tenlines("--data-dir", shown, "calendar", "show", "2027")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    chinese = tenlines("--data-dir", shown, "calendar", "show", "2011")

    assert [year["year"] for year in every] == list(range(2011, 2027))
    assert every[0]["version"] == "2011.1"
    # A year has 260 to 262 weekdays.
    assert all(240 < year["working_days"] < 256 for year in every)
    assert datetime.fromisoformat(every[0]["occurred_at"]) < datetime.now(UTC)
    assert "2011-10-08  │ Sat" in one.out.replace("2011-10-08 │", "2011-10-08  │")
    assert "2026.1" in listed.out
    assert (missing.code, missing.out) == (1, "")
    assert "2027" in missing.err
    assert "周六" in chinese.out
    assert "上班" in chinese.out
