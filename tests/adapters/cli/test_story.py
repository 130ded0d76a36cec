"""The story read back at a terminal: replay, figures, rebuild, verify, copies."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from adapters.demo.story import PERSONAL
from tests.adapters.cli.conftest import Tenlines
from tests.builders.lines import EVENTS


def test_replay_tells_every_event_and_the_state(tenlines: Tenlines, shown: Path) -> None:
    ran = tenlines("--data-dir", shown, "replay", "CG-2011-0001", "--json")

    told = ran.json
    assert ran.code == 0
    assert [event["version"] for event in told["events"]] == list(range(1, 15))
    assert told["events"][6]["event"]["step"] == "G8"
    assert told["events"][6]["occurred_at"] == "2011-07-25T08:50:00+08:00"
    assert told["events"][6]["recorded_at"] == "2011-07-25T08:50:00+08:00"
    assert (told["events"][6]["actor"], told["events"][6]["role"]) == ("zhoumin", "CD")
    assert told["state"]["standing"]["state"] == "archived"


@pytest.mark.parametrize(
    ("when", "count", "state"),
    [
        ("2011-07-22", 6, "persuading"),
        ("2011-07-25T09:30+08:00", 8, "dispatched"),
        ("2011-07-25T01:30Z", 8, "dispatched"),
        ("2011-07-25", 10, "checking"),
        ("2011-07-26", 11, "resolved"),
    ],
)
@pytest.mark.parametrize("axis", ["--as-of", "--as-known-at"])
def test_replay_goes_back_on_both_axes(
    tenlines: Tenlines, shown: Path, axis: str, when: str, count: int, state: str
) -> None:
    told = tenlines("--data-dir", shown, "replay", "CG-2011-0001", axis, when, "--json").json

    assert len(told["events"]) == count
    assert told["state"]["standing"]["state"] == state


def test_before_its_registration_an_affair_has_no_state(tenlines: Tenlines, shown: Path) -> None:
    arguments = ("--data-dir", shown, "replay", "CG-2011-0001", "--as-of", "2011-07-21")

    assert tenlines(*arguments, "--json").json["state"] is None
    assert "not been registered" in tenlines(*arguments).out


def test_replay_shows_no_personal_value(tenlines: Tenlines, shown: Path) -> None:
    for arguments in (("CG-2011-0001",), ("CG-2011-0001", "--json")):
        ran = tenlines("--data-dir", shown, "replay", *arguments)

        assert [text for text in PERSONAL if text in ran.out] == []
        assert "***" in ran.out


def test_replay_in_chinese_names_the_steps(
    tenlines: Tenlines, shown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")

    ran = tenlines("--data-dir", shown, "replay", "CG-2011-0001")

    assert "G8 劝导未果上报" in ran.out
    assert "2011-07-25 08:50+08:00" in ran.out
    assert "状态：archived 已归档" in ran.out


def test_replay_takes_the_id_too(tenlines: Tenlines, shown: Path) -> None:
    by_number = tenlines("--data-dir", shown, "replay", "CG-2011-0001", "--json").json

    by_id = tenlines("--data-dir", shown, "replay", by_number["affair_id"], "--json").json

    assert by_id == by_number


def test_an_event_that_cannot_be_read_is_told_in_its_place(
    tenlines: Tenlines, shown: Path, tmp_path: Path
) -> None:
    spoilt = tmp_path / "var"
    shutil.copytree(shown, spoilt)
    engine = sa.create_engine(f"sqlite:///{spoilt}/log.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER events_no_update")
        connection.exec_driver_sql(
            "UPDATE events SET topic = 'affair.step_taken.v99' WHERE topic = "
            "'affair.return_visit_recorded.v1'"
        )
    engine.dispose()

    ran = tenlines("--data-dir", spoilt, "replay", "CG-2011-0001")
    told = tenlines("--data-dir", spoilt, "replay", "CG-2011-0001", "--json")

    assert (ran.code, told.code) == (1, 1)
    assert "affair.step_taken.v99" in ran.err
    assert len(told.json["events"]) == 13
    (row,) = (line for line in ran.out.splitlines() if "cannot be read" in line)
    assert row.strip("│ ").startswith("12 ")
    assert "not known from here" in row
    assert [one["version"] for one in told.json["unread"]] == [12]
    assert told.json["state"] is None


def test_stats_are_those_of_the_story(tenlines: Tenlines, shown: Path) -> None:
    ran = tenlines(
        "--data-dir", shown, "stats", "--from", "2011-07-01", "--to", "2011-11-30", "--json"
    )

    assert ran.code == 0
    assert ran.json["period"] == {"from": "2011-07-01", "to": "2011-11-30"}
    assert ran.json["scope"] == {"line": "", "unit": ""}
    figures = ran.json["indicators"]
    assert list(figures) == [
        "acceptance_volume",
        "resolution_rate",
        "on_time_rate",
        "satisfaction_rate",
        "strict_satisfaction",
        "first_satisfaction_rate",
        "return_visit_rate",
        "visit_count",
        "visit_completion_red",
        "visit_completion_yellow",
        "visit_completion_green",
        "daily_work_count",
        "spot_check_pass_rate",
        "mean_handling_working_days",
        "reopen_rate",
        "referral_rate",
        "single_handed_rate",
    ]
    assert figures["mean_handling_working_days"] == {
        "value": 2.0,
        "numerator": 2,
        "denominator": 1,
    }
    assert figures["satisfaction_rate"] == {"value": 1.0, "numerator": 1, "denominator": 1}
    assert figures["single_handed_rate"] == {"value": 0.0, "numerator": 0, "denominator": 1}
    assert figures["visit_completion_red"]["value"] is None


@pytest.mark.parametrize(
    ("cut", "volume"),
    [
        (("--line", "CG"), 1),
        (("--unit", "370103008001-01"), 1),
        (("--unit", "370103008001-02"), 0),
        (("--line", "CG", "--unit", "370103008"), 1),
    ],
)
def test_stats_can_be_cut(
    tenlines: Tenlines, shown: Path, cut: tuple[str, ...], volume: int
) -> None:
    period = ("--from", "2011-07-01", "--to", "2011-11-30")

    figures = tenlines("--data-dir", shown, "stats", *period, *cut, "--json").json["indicators"]

    assert figures["acceptance_volume"]["value"] == volume


@pytest.mark.parametrize("cut", [("--line", "QQ"), ("--unit", "999999")])
def test_stats_of_what_is_not_there_are_refused(
    tenlines: Tenlines, shown: Path, cut: tuple[str, ...]
) -> None:
    ran = tenlines("--data-dir", shown, "stats", "--from", "2011-07-01", "--to", "2011-11-30", *cut)

    assert ran.code == 1
    assert cut[1] in ran.err
    assert ran.out == ""


def test_stats_wait_for_what_was_just_stored(tenlines: Tenlines, tmp_path: Path) -> None:
    tenlines("--data-dir", tmp_path / "var", "demo", "--story-only")
    views = tmp_path / "var" / "log-views.db"
    engine = sa.create_engine(f"sqlite:///{views}")
    with engine.begin() as connection:
        for table in ("affair_facts", "affair_facts_tally", "visit_facts", "visit_facts_tally"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        connection.exec_driver_sql("DELETE FROM checkpoints")
        connection.exec_driver_sql("DELETE FROM audit_trail")
    engine.dispose()

    ran = tenlines(
        "--data-dir", tmp_path / "var", "stats", "--from", "2011-07-01", "--to", "2011-11-30",
        "--json",
    )  # fmt: skip

    assert ran.json["indicators"]["acceptance_volume"]["value"] == 1
    assert ran.json["indicators"]["visit_count"]["value"] == 1


def test_every_view_can_be_rebuilt(tenlines: Tenlines, shown: Path) -> None:
    one = tenlines("--data-dir", shown, "rebuild", "worklist", "--json")
    every = tenlines("--data-dir", shown, "rebuild", "--all", "--json")

    assert one.json == {"worklist": EVENTS}
    assert set(every.json) == {
        "due",
        "worklist",
        "affair_page",
        "numbers",
        "offerings",
        "accounts",
        "grants",
        "audit_trail",
        "affair_facts",
        "visit_facts",
        "relations",
    }
    assert set(every.json.values()) == {EVENTS}


def test_views_of_another_version_are_rebuilt_when_told(
    tenlines: Tenlines, shown: Path, tmp_path: Path
) -> None:
    old = tmp_path / "var"
    shutil.copytree(shown, old)
    for name, views in (("log.db", ("due", "worklist")), ("log-views.db", ("visit_facts",))):
        engine = sa.create_engine(f"sqlite:///{old / name}")
        with engine.begin() as connection:
            for view in views:
                connection.exec_driver_sql(
                    f"UPDATE checkpoints SET version = 0 WHERE view = '{view}'"
                )
        engine.dispose()

    refused = tenlines("--data-dir", old, "replay", "CG-2011-0001")
    checked = tenlines("--data-dir", old, "verify")
    built = tenlines("--data-dir", old, "rebuild", "--outdated", "--json")
    again = tenlines("--data-dir", old, "rebuild", "--outdated", "--json")

    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "tenlines rebuild --outdated" in refused.err
    assert checked.code == 0
    assert built.json == dict.fromkeys(("due", "worklist", "visit_facts"), EVENTS)
    assert (again.code, again.json) == (0, {})
    assert tenlines("--data-dir", old, "replay", "CG-2011-0001").code == 0


def test_a_view_that_is_not_there_is_refused(tenlines: Tenlines, shown: Path) -> None:
    unknown, none = (
        tenlines("--data-dir", shown, "rebuild", "nothing"),
        tenlines("--data-dir", shown, "rebuild"),
    )

    assert (unknown.code, none.code) == (1, 2)
    assert "nothing" in unknown.err
    assert "worklist" in none.err


def test_verify_says_what_it_checked_and_what_it_cannot(tenlines: Tenlines, shown: Path) -> None:
    ran = tenlines("--data-dir", shown, "verify")
    told = tenlines("--data-dir", shown, "verify", "--json").json

    assert ran.code == 0
    assert f"{EVENTS} events" in ran.out
    assert "cut off at the end" in ran.err
    assert told["ok"] is True
    assert told["fault"] is None
    assert told["cannot_tell"] == ["truncated", "rewritten"]


def test_verify_names_the_bad_position(tenlines: Tenlines, shown: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "var"
    shutil.copytree(shown, spoilt)
    engine = sa.create_engine(f"sqlite:///{spoilt}/log.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER events_no_update")
        connection.exec_driver_sql("UPDATE events SET state = '{}' WHERE position = 40")
    engine.dispose()

    ran = tenlines("--data-dir", spoilt, "verify")
    told = tenlines("--data-dir", spoilt, "verify", "--json")

    assert (ran.code, told.code) == (1, 1)
    assert "position 40 is wrong: altered" in ran.out
    assert (told.json["fault"]["position"], told.json["fault"]["wrong"]) == (40, "altered")


def test_verify_names_an_event_that_its_stream_does_not_find(
    tenlines: Tenlines, shown: Path, tmp_path: Path
) -> None:
    spoilt = tmp_path / "var"
    shutil.copytree(shown, spoilt)
    before = tenlines("--data-dir", spoilt, "replay", "CG-2012-0001", "--json").json
    version = len(before["events"])
    data = bytearray((spoilt / "log.db").read_bytes())
    # A record of the index: its header of four bytes, stream, version, row.
    key = re.escape(UUID(before["affair_id"]).bytes + bytes([version]))
    (found,) = re.finditer(rb"\x04\x2c\x01[\x01\x02\x03\x04]" + key, data, re.DOTALL)
    data[found.start() + 4] ^= 0x80
    (spoilt / "log.db").write_bytes(data)

    after = tenlines("--data-dir", spoilt, "replay", "CG-2012-0001", "--json").json
    told = tenlines("--data-dir", spoilt, "verify", "--json")

    # This is what makes it worth telling: without a word the affair lacks what was done.
    assert len(after["events"]) < version
    assert told.code == 1
    assert told.json["fault"]["wrong"] == "unreadable"
    assert 0 < told.json["fault"]["position"] <= before["events"][-1]["position"]


def test_a_copy_is_made_and_brought_back(tenlines: Tenlines, shown: Path, tmp_path: Path) -> None:
    made = tenlines("--data-dir", shown, "backup", tmp_path / "copy", "--json")
    (tmp_path / "new").mkdir()
    shutil.copy(shown / "master.key", tmp_path / "new")

    brought = tenlines("--data-dir", tmp_path / "new", "restore", tmp_path / "copy", "--json")

    assert (made.code, brought.code) == (0, 0)
    assert made.json["events"] == brought.json["events"] == EVENTS
    assert made.json["attachments"] == brought.json["attachments"] == 8
    assert made.json["keys"] == brought.json["keys"]
    assert "keys.jsonl" in made.err
    assert "master key" in made.err
    there, here = (
        tenlines("--data-dir", place, "replay", "CG-2011-0001", "--json").json
        for place in (shown, tmp_path / "new")
    )
    assert there == here


def test_a_spoilt_copy_is_named(tenlines: Tenlines, shown: Path, tmp_path: Path) -> None:
    tenlines("--data-dir", shown, "backup", tmp_path / "copy")
    (tmp_path / "new").mkdir()
    shutil.copy(shown / "master.key", tmp_path / "new")
    log = tmp_path / "copy" / "log.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"event",20,', b'"event",21,'))

    ran = tenlines("--data-dir", tmp_path / "new", "restore", tmp_path / "copy")

    assert ran.code == 1
    assert "log.jsonl:21" in ran.err


def test_a_copy_that_is_not_there_is_bad_usage(tenlines: Tenlines, tmp_path: Path) -> None:
    assert tenlines("--data-dir", tmp_path, "restore", tmp_path / "nothing").code == 2
