"""`tenlines audit`: the trail at a terminal."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.demo.story import PERSONAL
from adapters.house import open_house
from adapters.settings import Settings
from domain.actor import Actor, Role
from domain.commands import Reveal
from tests.adapters.cli.conftest import Tenlines
from tests.builders.lines import EVENTS
from workflows.rights import EVERYWHERE


def test_the_whole_trail_has_every_event_the_latest_first(tenlines: Tenlines, shown: Path) -> None:
    ran = tenlines("--data-dir", shown, "audit", "--limit", "1000", "--json")

    assert ran.code == 0
    assert [row["position"] for row in ran.json] == list(range(EVENTS, 0, -1))


def test_more_than_one_page_is_read_until_the_limit(
    tenlines: Tenlines, shown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.queries.LARGEST_PAGE", 10)

    ran = tenlines("--data-dir", shown, "audit", "--limit", "25", "--json")

    assert [row["position"] for row in ran.json] == list(range(EVENTS, EVENTS - 25, -1))


def test_it_is_cut_by_affair_person_and_day(tenlines: Tenlines, shown: Path) -> None:
    cut = ("--affair", "CG-2011-0001", "--actor", "zhoumin", "--from", "2011-07-25", "--to")

    rows = tenlines("--data-dir", shown, "audit", *cut, "2011-07-25", "--json").json

    assert [row["action"] for row in rows] == ["G8"]
    assert rows[0]["affair"] == "CG-2011-0001"
    assert (rows[0]["left"], rows[0]["to"]) == ("persuading", "filed")
    assert rows[0]["recorded_at"] == "2011-07-25T08:50:00+08:00"
    assert (rows[0]["role"], rows[0]["unit"]) == ("CD", "370103008001")
    assert tenlines("--data-dir", shown, "audit", *cut, "2011-07-26", "--json").code == 0


def test_it_is_cut_by_kind_of_event(tenlines: Tenlines, shown: Path) -> None:
    steps = tenlines("--data-dir", shown, "audit", "--kind", "affair.step_taken", "--json").json
    looks = tenlines("--data-dir", shown, "audit", "--kind", "read", "--json").json
    door = tenlines("--data-dir", shown, "audit", "--kind", "read", "--door")

    assert {row["topic"] for row in steps} == {"affair.step_taken.v1"}
    assert looks == []
    assert door.code == 2


def test_who_looked_in_clear_stands_with_the_affair(
    tenlines: Tenlines, shown: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "looked"
    shutil.copytree(shown, folder)
    with closing(open_house(Settings(data_dir=folder))) as house:
        affair = house.queries.affair(EVERYWHERE, "CG-2011-0001")
        house.desk.run(
            Reveal(
                command_id=house.new_id(),
                by=Actor(account="zhoumin", role=Role.CD, unit=affair.community),
                occurred_at=house.now(),
                affair_id=affair.affair_id,
                fields=("telephone",),
                reason="other",
                note="核对13812341234",
            )
        )

    of_kind = tenlines("--data-dir", folder, "audit", "--kind", "read", "--json")
    of_affair = tenlines("--data-dir", folder, "audit", "--affair", "CG-2011-0001", "--json").json

    (row,) = of_kind.json
    assert (row["affair"], row["actor"], row["role"]) == ("CG-2011-0001", "zhoumin", "CD")
    assert row["action"] == "revealed"
    assert of_affair[0]["position"] == row["position"]
    assert "13812341234" not in of_kind.out


def test_the_id_of_an_affair_is_as_good_as_its_number(tenlines: Tenlines, shown: Path) -> None:
    by_number = tenlines("--data-dir", shown, "audit", "--affair", "CG-2011-0001", "--json").json

    id_ = by_number[0]["stream_id"]

    assert tenlines("--data-dir", shown, "audit", "--affair", id_, "--json").json == by_number


def test_the_table_names_affair_person_and_action(
    tenlines: Tenlines, shown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = tenlines("--data-dir", shown, "audit", "--actor", "zhoumin")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    chinese = tenlines("--data-dir", shown, "audit", "--actor", "zhoumin")

    for told in ("CG-2011-0001", "zhoumin (CD)", "G8", "persuading", "2011-07-25 08:50+08:00"):
        assert told in english.out
        assert told in chinese.out
    assert "recorded" in english.out
    assert "记录" in chinese.out
    assert not [text for text in PERSONAL if text in english.out]


def test_an_affair_that_is_not_there_is_refused(tenlines: Tenlines, shown: Path) -> None:
    ran = tenlines("--data-dir", shown, "audit", "--affair", "CG-2011-0099")

    assert (ran.code, ran.out, ran.err) == (1, "", "there is no affair CG-2011-0099\n")


def test_what_is_parked_is_mentioned(tenlines: Tenlines, shown: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "var"
    shutil.copytree(shown, spoilt)
    engine = sa.create_engine(f"sqlite:///{spoilt}/log.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER events_no_update")
        connection.exec_driver_sql(f"UPDATE events SET state = '{{]' WHERE position = {EVENTS}")
    engine.dispose()
    tenlines("--data-dir", spoilt, "rebuild", "audit_trail")

    ran = tenlines("--data-dir", spoilt, "audit", "--limit", "1", "--json")

    assert (ran.code, ran.json[0]["position"]) == (0, EVENTS - 1)
    assert "1 streams are parked" in ran.err


def test_the_door_has_a_journal_of_its_own(tenlines: Tenlines, shown: Path) -> None:
    told = tenlines("--data-dir", shown, "audit", "--door", "--json")
    ours = tenlines("--data-dir", shown, "audit", "--door", "--actor", "bailu", "--json")
    before = tenlines("--data-dir", shown, "audit", "--door", "--to", "2012-06-30", "--json")
    ever = tenlines("--data-dir", shown, "audit", "--door", "--to", "9999-12-31", "--json")
    wrong = tenlines("--data-dir", shown, "audit", "--door", "--affair", "CG-2011-0001")

    assert {row["what"] for row in told.json} == {"token"}
    assert {row["account"] for row in ours.json} == {"bailu"}
    # Its times are the world's, not the story's.
    assert (before.json, ever.json) == ([], told.json)
    assert wrong.code == 2
