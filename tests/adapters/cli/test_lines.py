"""`tenlines lines`: files checked, lines shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adapters.cli.conftest import Tenlines
from workflows.loading import FOLDER


def test_the_shipped_files_are_sound(tenlines: Tenlines) -> None:
    ran = tenlines("lines", "check", "--json")

    assert ran.code == 0
    assert ran.json["faults"] == []
    assert str(FOLDER / "CG.yaml") in ran.json["sound"]


def test_a_fault_is_told_with_file_line_and_remedy(tenlines: Tenlines, tmp_path: Path) -> None:
    text = (FOLDER / "CG.yaml").read_text("utf-8")
    spoilt = tmp_path / "CG.yaml"
    spoilt.write_text(text.replace("    by: [SC]\n", "    bye: [SC]\n", 1), "utf-8")
    line = spoilt.read_text("utf-8").splitlines().index("    bye: [SC]") + 1

    ran = tenlines("lines", "check", spoilt)
    told = tenlines("lines", "check", spoilt, "--json")

    assert (ran.code, told.code) == (1, 1)
    assert f"{spoilt}:{line}: unknown key `bye` (" in ran.out
    assert "Traceback" not in ran.err
    assert {fault["file"] for fault in told.json["faults"]} == {str(spoilt)}
    assert line in [fault["line"] for fault in told.json["faults"]]


def test_faults_of_several_files_are_all_told(tenlines: Tenlines, tmp_path: Path) -> None:
    (tmp_path / "A.yaml").write_text("code: AA\n\tx: 1\n")
    (tmp_path / "B.yaml").write_text("- 1\n")

    ran = tenlines("lines", "check", tmp_path)

    assert ran.code == 1
    assert f"{tmp_path / 'A.yaml'}:2:" in ran.out
    assert f"{tmp_path / 'B.yaml'}:1:" in ran.out


@pytest.mark.parametrize("name", ["nothing.yaml", "."])
def test_where_there_is_no_line_file_it_says_so(
    tenlines: Tenlines, tmp_path: Path, name: str
) -> None:
    ran = tenlines("lines", "check", tmp_path / name)

    assert ran.code == 1
    assert str(tmp_path / name) in ran.out


def test_what_is_hidden_is_no_line_file(tenlines: Tenlines, tmp_path: Path) -> None:
    for path in (tmp_path / ".A.yaml", tmp_path / ".git" / "B.yaml", tmp_path / "C.yaml"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("- 1\n")

    told = tenlines("lines", "check", tmp_path, "--json").json

    assert {fault["file"] for fault in told["faults"]} == {str(tmp_path / "C.yaml")}


def test_a_path_that_is_not_there_has_no_line(tenlines: Tenlines) -> None:
    ran = tenlines("lines", "check", "/nope")

    assert (ran.code, ran.out) == (1, "/nope: no such file or folder (check the path)\n")


def test_show_prints_states_steps_clocks_and_law(tenlines: Tenlines, shown: Path) -> None:
    ran = tenlines("--data-dir", shown, "lines", "show", "CG")

    assert ran.code == 0
    for told in (
        "CG 城市管理与环境卫生 Urban management and sanitation",
        "Filed",
        "G8",
        "File after failed persuasion",
        "城市市容和环境卫生管理条例 第三十六条",
        "disposal",
        "CG04: 20 wd",
        "return_visit",
    ):
        assert told in ran.out


@pytest.mark.parametrize(
    ("language", "wanted"),
    [("en_GB.UTF-8", "there is no version CG 1\n"), ("zh_CN.UTF-8", "找不到版本 CG 1\n")],
)
def test_a_version_that_is_neither_published_nor_drafted_is_told(
    tenlines: Tenlines, shown: Path, monkeypatch: pytest.MonkeyPatch, language: str, wanted: str
) -> None:
    monkeypatch.setenv("LANG", language)
    ran = tenlines("--data-dir", shown, "lines", "show", "CG", "--version", "1")
    assert (ran.code, ran.out, ran.err) == (1, "", wanted)


def test_show_prints_the_definition_that_was_published(tenlines: Tenlines, shown: Path) -> None:
    published = tenlines("--data-dir", shown, "lines", "show", "CG", "--json").json
    file = tenlines("lines", "show", "CG", "--file", FOLDER / "CG.yaml", "--json").json

    assert published == file
    assert published["code"] == "CG"
    assert json.dumps(published)


def test_a_version_that_is_not_there_is_refused(tenlines: Tenlines, shown: Path) -> None:
    unknown = tenlines("--data-dir", shown, "lines", "show", "CG", "--version", "1999.1")
    other = tenlines("--data-dir", shown, "lines", "show", "QQ")

    assert (unknown.code, other.code) == (1, 1)
    assert "CG 1999.1" in unknown.err
