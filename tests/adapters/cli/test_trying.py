"""`tenlines lines try` and `lines migrate`: recorded affairs under another version."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adapters.house import open_house
from adapters.settings import Settings
from adapters.trials import Trials
from domain.affair.events import ProcedureMigrated
from tests.adapters.cli.conftest import Tenlines
from tests.adapters.cli.test_drafts import CHIEF, NOTE, POLICY, head, place, written
from workflows.rights import EVERYWHERE

__all__ = ["place"]

SAME_DAY = (
    "label: {zh: 劝导, en: Persuasion}\n    kind: stage\n    limit: {count: 1,",
    "label: {zh: 劝导, en: Persuasion}\n    kind: stage\n    limit: {count: 0,",
)
BY_THE_DIRECTOR = (
    "label: {zh: 劝导, en: Persuade}\n    by: [CW, CD]",
    "label: {zh: 劝导, en: Persuade}\n    by: [SUP]",
)
DAYS = ("--from", "2011-07-01", "--to", "2012-06-15")


def of(told: dict[str, Any], number: str) -> dict[str, Any]:
    (found,) = [one for one in told["affairs"] if one["number"] == number]
    return dict(found)


def test_a_draft_is_tried_and_nothing_is_stored(
    tenlines: Tenlines, place: Path, tmp_path: Path
) -> None:
    file, before = written(tmp_path, SAME_DAY, BY_THE_DIRECTOR), head(place)

    told = tenlines("--data-dir", place, "lines", "try", file, *DAYS, "--json")
    table = tenlines("--data-dir", place, "lines", "try", file, *DAYS)

    assert (told.code, table.code) == (0, 0)
    sums = {key: told.json[key] for key in ("tried", "differ", "were_late", "would_be_late")}
    assert sums == {"tried": 2, "differ": 2, "were_late": 0, "would_be_late": 2}
    story = of(told.json, "CG-2011-0001")
    assert [(one["clock"], one["was"], one["would_be"]) for one in story["moved"]] == [
        ("persuading", "2011-07-26T00:00:00+08:00", "2011-07-23T00:00:00+08:00")
    ]
    assert [(one["name"], one["because"]) for one in story["closed"]] == [("G4", "role")]
    assert "2 tried, 2 would differ; 0 were late, 2 would have been" in table.out
    assert "persuading Persuasion: 2011-07-26 00:00+08:00 → 2011-07-23 00:00+08:00" in table.out
    assert "G4 Persuade" in table.out
    assert head(place) == before


def test_what_was_drafted_is_tried_by_its_name(
    tenlines: Tenlines, place: Path, tmp_path: Path
) -> None:
    file, at = written(tmp_path, SAME_DAY), ("--data-dir", place, "lines")
    tenlines(*at, "draft", file, *POLICY, *NOTE)

    by_name = tenlines(*at, "try", "CG 2012.1", *DAYS, "--json").json

    assert by_name == tenlines(*at, "try", file, *DAYS, "--json").json


def test_only_the_affairs_of_these_days_are_tried(
    tenlines: Tenlines, place: Path, tmp_path: Path
) -> None:
    file, at = written(tmp_path, SAME_DAY), ("--data-dir", place, "lines", "try")

    year = tenlines(*at, file, "--from", "2011-07-22", "--to", "2011-07-22", "--json").json
    none = tenlines(*at, file, "--from", "2011-07-23", "--to", "2011-07-31")
    ever = tenlines(*at, file, "--from", "0001-01-01", "--to", "9999-12-31")

    assert [one["number"] for one in year["affairs"]] == ["CG-2011-0001"]
    assert none.code == 0
    assert "0 tried" in none.out
    assert "2 tried" in ever.out
    assert tenlines(*at, file, "--from", "2012-01-02", "--to", "2012-01-01").code == 2


def in_force(tenlines: Tenlines, place: Path, folder: Path) -> None:
    at = ("--data-dir", place, "lines")
    file = written(folder, SAME_DAY, since="2012-06-15")
    tenlines(*at, "draft", file, *POLICY, *NOTE)
    assert tenlines(*at, "publish", "CG", "2012.1", "--draft", "1", *CHIEF).code == 0


def migrated(place: Path) -> list[ProcedureMigrated]:
    with closing(open_house(Settings(data_dir=place))) as house:
        trials = Trials(house.log.database, house.history, house.desk, house.now)
        known = trials.registered(EVERYWHERE, "CG", date(2011, 1, 1), date(2012, 12, 31))
        return [
            seen.event
            for one in known
            for seen in house.history.stream(one.id)
            if isinstance(seen.event, ProcedureMigrated)
        ]


def test_a_dry_run_tells_and_the_real_one_moves_once(
    tenlines: Tenlines, place: Path, tmp_path: Path
) -> None:
    in_force(tenlines, place, tmp_path)
    at = ("--data-dir", place, "lines", "migrate", "CG", "2012.1", *CHIEF)
    before = head(place)

    dry = tenlines(*at, "--dry-run", "--json").json
    assert head(place) == before
    other = tenlines(*at, "--dry-run", "--from", "2010.9", "--json").json
    real = tenlines(*at, "--reason", "按新的时限办理", "--json").json
    again = tenlines(*at, "--reason", "按新的时限办理")

    assert [one["number"] for one in dry["affairs"]] == ["CG-2012-0001"]
    assert (dry["move"], dry["stay"], dry["dry_run"]) == (1, 0, True)
    assert other["affairs"] == []
    assert (real["move"], real["dry_run"]) == (1, False)
    assert [one["number"] for one in real["affairs"]] == ["CG-2012-0001"]
    assert "0 moved, 0 cannot" in again.out
    (event,) = migrated(place)
    assert (event.from_version, event.to_version, event.by) == ("2011.1", "2012.1", "hemei")


def test_nobody_is_moved_without_a_reason_or_the_right(
    tenlines: Tenlines, place: Path, tmp_path: Path
) -> None:
    in_force(tenlines, place, tmp_path)
    at = ("--data-dir", place, "lines", "migrate", "CG", "2012.1")

    without = tenlines(*at, *CHIEF)
    policy = tenlines(*at, *POLICY, "--reason", "按新的时限办理")
    unknown = tenlines("--data-dir", place, "lines", "migrate", "CG", "9", *CHIEF, "--dry-run")

    assert (without.code, policy.code, unknown.code) == (2, 1, 1)
    assert "may not publish_line" in policy.err
    assert migrated(place) == []


def test_what_cannot_move_is_told_with_why(
    tenlines: Tenlines, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force(tenlines, place, tmp_path)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    fresh = registered(place)

    at = ("--data-dir", place, "lines", "migrate", "CG", "2011.1", *CHIEF)
    told = tenlines(*at, "--dry-run")

    assert fresh in told.out
    assert "事务尚未受理，受理时自然适用现行版本" in told.out


def registered(place: Path) -> str:
    """A new affair, under the version in force today; its number."""
    from adapters.demo.cast import AREA, COMMUNITY, WORKER
    from domain.affair.commands import Register

    with closing(open_house(Settings(data_dir=place))) as house:
        affair_id = house.new_id()
        house.desk.run(
            Register(
                command_id=house.new_id(),
                by=WORKER.actor,
                occurred_at=house.now(),
                affair_id=affair_id,
                matter="CG01",
                source="hall",
                community=COMMUNITY,
                area=AREA,
                summary="楼道堆放杂物",
                applicant="张敏",
                telephone="13800001234",
            )
        )
        return house.affairs.get(affair_id)[0].identity.number
