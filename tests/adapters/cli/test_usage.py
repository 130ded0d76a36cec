"""How commands end: exit codes, languages, and never a traceback."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.cli import views
from adapters.cli.main import COMMANDS
from adapters.cli.times import moment
from adapters.cli.times import shown as told_time
from adapters.cli.words import language
from tests.adapters.cli.conftest import Tenlines

SCRIPT = Path(sys.executable).with_name("tenlines")


def script(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SCRIPT, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **environment},
    )


def test_the_console_script_plays_the_story_and_tells_it(tmp_path: Path) -> None:
    place = ("--data-dir", tmp_path / "var")

    played = script(*place, "demo", LANG="zh_CN.UTF-8")
    again = script(*place, "demo", LANG="zh_CN.UTF-8")
    told = script(*place, "replay", "CG-2011-0001", "--json")

    assert (played.returncode, again.returncode, told.returncode) == (0, 1, 0)
    assert "CG-2011-0001 已归档" in played.stdout
    assert "linxiaohe" in played.stdout
    assert again.stderr.startswith("现在不能进行 demo")
    assert "Traceback" not in again.stderr
    # No terminal, no bars.
    assert played.stderr == ""


@pytest.mark.parametrize(
    "name",
    [
        *COMMANDS,
        "lines",
        "lines check",
        "lines show",
        "calendar",
        "calendar import",
        "calendar show",
        "offerings",
        "offerings open",
        "offerings list",
        "offerings resize",
        "offerings cancel",
    ],
)
def test_every_command_explains_itself(tenlines: Tenlines, name: str) -> None:
    ran = tenlines(*name.split(), "--help")

    assert ran.code == 0
    assert "--help" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing",),
        ("replay",),
        ("replay", "CG-2011-0001", "--as-of", "yesterday"),
        ("replay", "CG-2011-0001", "--as-of", "2011-07-22T10:00"),
        ("replay", "CG-2011-0001", "--as-of", "2011-02-30"),
        ("stats", "--from", "2011-07-01"),
        ("stats", "--from", "2011-07-02", "--to", "2011-07-01"),
        ("init", "--years", "soon"),
        ("init", "--years", "2012-2011"),
        ("init", "--kind", "demonstration"),
        ("init", "--anchor", "2011-07-01"),
        ("serve", "--port", "70000"),
        ("rebuild", "worklist", "--all"),
        ("rebuild", "--outdated", "--all"),
        ("audit", "--from", "soon"),
        ("calendar", "import", "2027", "nothing.csv", "--by", "shilei"),
        ("calendar", "import", "soon", "pyproject.toml", "--by", "shilei"),
        ("calendar", "import", "2027", "pyproject.toml"),
        ("calendar", "show", "soon"),
        ("audit", "--from", "2011-07-02", "--to", "2011-07-01"),
        ("audit", "--limit", "0"),
        ("offerings", "open", "WT01"),
        ("offerings", "resize", "3f2a", "--as", "zhoumin"),
        ("offerings", "cancel", "3f2a", "--as", "zhoumin"),
    ],
)
def test_bad_usage_is_two(tenlines: Tenlines, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = tenlines("--data-dir", tmp_path / "var", *arguments)

    assert ran.code == 2
    assert ran.out == ""
    assert ran.err
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay", "CG-2011-0001"),
        ("stats", "--from", "2011-07-01", "--to", "2011-07-31"),
        ("rebuild", "--all"),
        ("audit",),
        ("parked",),
        ("calendar", "show"),
        ("calendar", "import", "2027", "pyproject.toml", "--by", "shilei"),
        ("verify",),
        ("serve",),
        ("worker",),
        ("lines", "show", "CG"),
        ("offerings", "list"),
        ("offerings", "cancel", "3f2a", "--as", "zhoumin", "--reason", "x"),
    ],
)
def test_where_there_is_no_district_it_says_what_to_do(
    tenlines: Tenlines, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ran = tenlines("--data-dir", tmp_path / "var", *arguments)

    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "tenlines init" in ran.err
    assert not (tmp_path / "var").exists()


def test_bytes_that_are_no_text_are_bad_usage(tenlines: Tenlines, tmp_path: Path) -> None:
    tenlines("--data-dir", tmp_path, "init")

    ran = tenlines("--data-dir", tmp_path, "replay", "x\udcff")

    assert ran.code == 2
    assert "half of a surrogate pair" in ran.err


def test_an_affair_that_is_not_there_is_refused_in_the_terminal_s_language(
    tenlines: Tenlines, shown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = tenlines("--data-dir", shown, "replay", "CG-2011-0099")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    chinese = tenlines("--data-dir", shown, "replay", "CG-2011-0099")

    assert (english.code, english.err) == (1, "there is no affair CG-2011-0099\n")
    assert (chinese.code, chinese.err) == (1, "找不到事务 CG-2011-0099\n")


@pytest.mark.parametrize(
    ("language", "wanted"),
    [("en_GB.UTF-8", "'write=3' is no limit"), ("zh_CN.UTF-8", "请写 write=300/60")],
)
def test_a_rate_that_is_none_is_told_how_to_write_one(
    tenlines: Tenlines,
    shown: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    wanted: str,
) -> None:
    monkeypatch.setenv("TENLINES_RATES", "read=off write=3")
    monkeypatch.setenv("LANG", language)

    ran = tenlines("--data-dir", shown, "verify")

    assert ran.code == 1
    assert ran.err.startswith("TENLINES_RATES ")
    assert wanted in ran.err
    assert "write=off" in ran.err


def test_how_much_is_logged_has_one_of_its_names(
    tenlines: Tenlines, shown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENLINES_LOG_LEVEL", "loud")
    ran = tenlines("--data-dir", shown, "verify")
    assert ran.code == 1
    assert "LOUD" in ran.err
    assert "WARNING" in ran.err

    monkeypatch.setenv("TENLINES_LOG_LEVEL", "warning")
    assert tenlines("--data-dir", shown, "verify").code == 0


@pytest.mark.parametrize("command", [("init",), ("serve",), ("verify",), ("parked",)])
def test_a_master_key_that_is_gone_is_named_and_none_is_made(
    tenlines: Tenlines,
    shown: Path,
    tmp_path: Path,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = Path(shutil.copytree(shown, tmp_path / "var"))
    (place / "master.key").unlink()

    english = tenlines("--data-dir", place, *command)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    chinese = tenlines("--data-dir", place, *command)

    assert (english.code, chinese.code) == (1, 1)
    assert f"the master key {place / 'master.key'} is missing: put it back" in english.err
    assert f"主密钥 {place / 'master.key'} 不在" in chinese.err
    assert not (place / "master.key").exists()


@pytest.mark.parametrize("language", ["en_GB.UTF-8", "zh_CN.UTF-8"])
@pytest.mark.parametrize("url", ["mysql://x", "garbage", "postgresql://h/d?schema=Bad-Name"])
def test_an_address_that_is_none_is_named_by_its_setting_and_nothing_is_made(
    tenlines: Tenlines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, language: str
) -> None:
    monkeypatch.setenv("TENLINES_DATABASE_URL", url)
    monkeypatch.setenv("LANG", language)

    ran = tenlines("--data-dir", tmp_path / "var", "init")

    assert ran.code == 1
    assert ran.err.startswith("TENLINES_DATABASE_URL ")
    assert "postgresql://" in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--data-dir", "/proc/nope", "init"), 1, "/proc/nope cannot be used"),
        (("--data-dir", "/proc/nope", "demo"), 1, "/proc/nope cannot be used"),
        (("init", "--organisation", "/etc/passwd"), 1, "passwd is not right: wanted: YAML"),
        (("init", "--lines-dir", "/proc/self/fdinfo"), 2, "holds no line file"),
        (("lines", "check", "/nope"), 1, ""),
        (("replay", "CG-2011-0001", "--as-of", "9999-12-31"), 2, "write 2011-07-25"),
        (("audit", "--to", "0001-01-01T00:00+14:00"), 2, ""),
    ],
)
def test_what_cannot_be_is_said_in_words(
    tenlines: Tenlines,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: tuple[str, ...],
    code: int,
    says: str,
) -> None:
    monkeypatch.setenv("TENLINES_DATA_DIR", str(tmp_path / "var"))

    ran = tenlines(*arguments)

    assert ran.code == code
    assert says in ran.err
    assert "something went wrong" not in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_copy_goes_nowhere_where_no_folder_can_be(tenlines: Tenlines, shown: Path) -> None:
    ran = tenlines("--data-dir", shown, "backup", "/proc/x")

    assert (ran.code, ran.err) == (
        1,
        "/proc/x cannot be used: No such file or directory; nothing was done or stored\n",
    )


def test_a_log_that_is_no_database_gets_no_master_key(tenlines: Tenlines, tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"not a database" * 1000)

    ran = tenlines("--data-dir", tmp_path, "init")

    assert ran.code == 1
    assert "log.db cannot be used: file is not a database" in ran.err
    assert not (tmp_path / "master.key").exists()


def test_settings_that_cannot_be_are_refused(
    tenlines: Tenlines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TENLINES_DATABASE_URL", "mysql://nowhere/log")
    (tmp_path / "master.key").touch(0o600)

    ran = tenlines("--data-dir", tmp_path, "verify")

    assert ran.code == 1
    assert "Traceback" not in ran.err


def test_a_database_that_is_no_database_is_one_line(
    tenlines: Tenlines, shown: Path, tmp_path: Path
) -> None:
    for name in ("master.key", "keys.db"):
        (tmp_path / name).write_bytes((shown / name).read_bytes())
        (tmp_path / name).chmod(0o600)
    (tmp_path / "log.db").write_bytes(b"not a database" * 1000)

    ran = tenlines("--data-dir", tmp_path, "verify")

    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert "not a database" in ran.err


def broken(*_: object, **__: object) -> None:
    raise RuntimeError("13800001234")


def test_what_nobody_foresaw_is_told_without_its_text(
    tenlines: Tenlines, shown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "opened", broken)

    ran = tenlines("--data-dir", shown, "rebuild", "--all")

    assert ran.code == 1
    assert '"event": "unexpected"' in ran.err
    assert "RuntimeError" in ran.err
    assert "Traceback" not in ran.err
    assert "13800001234" not in ran.err


def test_the_traceback_is_there_for_whoever_asks(
    tenlines: Tenlines, shown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "opened", broken)
    monkeypatch.setenv("TENLINES_DEBUG", "1")

    assert "Traceback" in tenlines("--data-dir", shown, "rebuild", "--all").err


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_ALL": "zh_CN"}, "zh"),
        ({"LANG": "zh_CN", "LC_ALL": ""}, "zh"),
        ({"LANG": ""}, "en"),
    ],
)
def test_the_language_is_the_locale_s(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert language() == expected


def test_a_bare_day_means_its_end_in_shanghai() -> None:
    assert moment("2011-07-25").isoformat() == "2011-07-25T23:59:59.999999+08:00"
    assert told_time(moment("2011-07-25T01:30Z")) == "2011-07-25 09:30+08:00"
