"""`tenlines lines draft`, `drafts`, `diff`, `publish`, `try`, `migrate`, as people type them."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from adapters.house import open_house
from adapters.settings import Settings
from tests.adapters.cli.conftest import Tenlines
from workflows.loading import FOLDER

POLICY, CHIEF = ("--by", "mengzhu"), ("--by", "hemei")
LONGER = (
    "label: {zh: 劝导, en: Persuasion}\n    kind: stage\n    limit: {count: 1,",
    "label: {zh: 劝导, en: Persuasion}\n    kind: stage\n    limit: {count: 3,",
)
NOTE = ("--note", "劝导的时限放宽到三个工作日")


@pytest.fixture
def place(shown: Path, tmp_path: Path) -> Path:
    """A demonstration of the test's own, whose clock stands at 15 June 2012."""
    copied = tmp_path / "var"
    shutil.copytree(shown, copied)
    return copied


def written(folder: Path, *changes: tuple[str, str], since: str = "2012-09-01") -> Path:
    """The file of CG 2012.1, otherwise than the shipped one."""
    text = (FOLDER / "CG.yaml").read_text("utf-8")
    for old, new in (
        ('version: "2011.1"', 'version: "2012.1"'),
        ("valid: {from: 2011-07-01}", f"valid: {{from: {since}}}"),
        *changes,
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    file = folder / "CG-2012.yaml"
    file.write_text(text, "utf-8")
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path, LONGER)


def head(place: Path) -> int:
    with closing(open_house(Settings(data_dir=place))) as house:
        return house.log.head()


def test_from_the_file_to_being_in_force(tenlines: Tenlines, place: Path, file: Path) -> None:
    at = ("--data-dir", place, "lines")

    drafted = tenlines(*at, "draft", file, *POLICY, *NOTE)
    listed = tenlines(*at, "drafts", "--json").json
    shown = tenlines(*at, "drafts")
    published = tenlines(*at, "publish", "CG", "2012.1", "--draft", "1", *CHIEF)
    after = tenlines(*at, "show", "CG", "--version", "2012.1", "--json").json
    none = tenlines(*at, "drafts")

    assert (drafted.code, drafted.out) == (0, "CG 2012.1 is drafted, draft 1\n")
    assert "counts before 2011.1 (2011-07-01 — …)" in drafted.err
    assert [(one["code"], one["version"], one["draft"], one["by"]) for one in listed] == [
        ("CG", "2012.1", 1, "mengzhu")
    ]
    assert listed[0]["note"] == NOTE[1]
    assert NOTE[1] in shown.out
    assert published.out == "CG 2012.1 is published, in force from 2012-09-01\n"
    assert after["version"] == "2012.1"
    assert (none.out, none.err) == ("", "there are no drafts\n")


def test_who_has_no_right_to_it_is_refused(
    tenlines: Tenlines, place: Path, file: Path, tmp_path: Path
) -> None:
    at, before = ("--data-dir", place, "lines"), head(place)
    spoilt = tmp_path / "spoilt.yaml"
    spoilt.write_text("- 1\n", "utf-8")

    for by in ("hemei", "zhoumin"):
        ran = tenlines(*at, "draft", spoilt, "--by", by, *NOTE)
        assert (ran.code, ran.out) == (1, "")
        assert "may not draft_line" in ran.err
    tenlines(*at, "draft", file, *POLICY, *NOTE)
    ran = tenlines(*at, "publish", "CG", "2012.1", "--draft", "1", *POLICY)

    assert (ran.code, ran.err) == (1, "POL may not publish_line\n")
    assert head(place) == before + 1


def test_a_file_that_is_not_sound_is_told_line_by_line(
    tenlines: Tenlines, place: Path, tmp_path: Path
) -> None:
    file = written(tmp_path, ("    to: persuading\n", "    to: nowhere\n"))
    line = file.read_text("utf-8").splitlines().index("    to: nowhere") + 1
    before = head(place)

    ran = tenlines("--data-dir", place, "lines", "draft", file, *POLICY, *NOTE)

    assert ran.code == 1
    assert f"{file}:{line}: " in ran.err
    assert head(place) == before


def test_what_begins_in_the_past_is_drafted_and_never_published(
    tenlines: Tenlines, place: Path, tmp_path: Path
) -> None:
    file, at = written(tmp_path, since="2012-06-14"), ("--data-dir", place, "lines")

    drafted = tenlines(*at, "draft", file, *POLICY, *NOTE)
    published = tenlines(*at, "publish", "CG", "2012.1", "--draft", "1", *CHIEF)

    assert drafted.code == 0
    assert "it cannot be published: 2012-06-15 or later" in drafted.err
    assert (published.code, published.out) == (1, "")
    assert "valid_from" in published.err


def test_a_difference_is_told_with_its_law(tenlines: Tenlines, place: Path, file: Path) -> None:
    at = ("--data-dir", place, "lines")

    of_file = tenlines(*at, "diff", file, "--json").json
    tenlines(*at, "draft", file, *POLICY, *NOTE)
    of_draft = tenlines(*at, "diff", "CG", "2011.1", "2012.1", "--json").json
    alone = tenlines(*at, "diff", "CG", "2012.1", "--json").json
    same = tenlines(*at, "diff", "CG", "2011.1", "2011.1")
    table = tenlines(*at, "diff", "CG", "2012.1")

    assert of_file == of_draft == alone
    assert (of_file["old"], of_file["new"]) == ("2011.1", "2012.1")
    (limit,) = [one for one in of_file["differences"] if one["part"] == "limit"]
    assert (limit["was"], limit["now"]) == ("1 working day", "3 working days")
    assert limit["law"] == "product default"
    assert (same.code, same.err) == (0, "they say the same\n")
    assert "3 working days" in table.out


@pytest.mark.parametrize("arguments", [("CG",), ("CG", "1", "2", "3"), ("x.yaml", "1", "2")])
def test_a_comparison_needs_two(
    tenlines: Tenlines, place: Path, arguments: tuple[str, ...]
) -> None:
    assert tenlines("--data-dir", place, "lines", "diff", *arguments).code == 2


def test_a_comparison_is_told_in_chinese(
    tenlines: Tenlines, place: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")

    ran = tenlines("--data-dir", place, "lines", "diff", file)

    assert "3 个工作日" in ran.out
    assert "施行日期" in ran.out


# --- a folder of one's own -----------------------------------------------------------------------


def test_the_lines_of_a_folder_of_ones_own_are_checked_and_published(
    tenlines: Tenlines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    file = written(own, since="2011-09-01")
    monkeypatch.setenv("TENLINES_LINES_DIR", str(own))

    checked = tenlines("lines", "check", "--json").json
    made = tenlines("--data-dir", tmp_path / "var", "init", "--years", "2026", "--json").json

    assert {str(file), str(FOLDER / "CG.yaml")} <= set(checked["sound"])
    assert {"CG 2011.1", "CG 2012.1"} <= set(made["lines"])


def test_a_version_that_stands_twice_is_a_fault(
    tenlines: Tenlines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    twice = shutil.copy(FOLDER / "CG.yaml", own / "CG.yaml")
    monkeypatch.setenv("TENLINES_LINES_DIR", str(own))

    checked = tenlines("lines", "check", "--json")
    made = tenlines("--data-dir", tmp_path / "var", "init", "--years", "2026")

    assert [fault["file"] for fault in checked.json["faults"]] == [str(twice)]
    assert (checked.code, made.code) == (1, 1)
    assert "CG 2011.1 stands in" in made.err
    assert not (tmp_path / "var").exists()


def test_a_folder_that_is_not_there_is_told(
    tenlines: Tenlines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENLINES_LINES_DIR", str(tmp_path / "nowhere"))

    ran = tenlines("lines", "check")

    assert ran.code == 2
    assert "TENLINES_LINES_DIR" in ran.err
