"""The story of the scrap heap, as the demonstration plays it."""

from __future__ import annotations

import os
import subprocess
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.attachments.media import media_type
from adapters.demo import CAST, Built, build, tokens
from adapters.demo.cast import FRONT_DESK, WORKER
from adapters.demo.pictures import gate
from adapters.demo.story import ANCHOR, PERSONAL, TALES
from adapters.house import House, create, open_house
from adapters.settings import Settings
from adapters.tenancy import LOCK
from adapters.worker import Worker
from domain.account.state import stream_of
from domain.actor import Role
from domain.affair.commands import Act, TakeStep
from domain.affair.events import Registered, StepTaken, Supervised, Warned
from domain.clock import SHANGHAI, local_day
from domain.errors import Malformed, NotPermittedNow
from workflows.rights import EVERYWHERE


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Built]:
    """The demonstration, played once. Read only."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("demo") / "var")
    return settings, build(settings, story_only=True)


@pytest.fixture
def house(played: tuple[Settings, Built]) -> Iterator[House]:
    opened = open_house(played[0])
    yield opened
    opened.close()


def story(house: House, number: str) -> list[Any]:
    return house.history.stream(house.queries.affair(EVERYWHERE, number).affair_id)


EXPECTED = [
    ("2011-07-22T10:05", "registered", "linxiaohe", "CW"),
    ("2011-07-22T10:30", "G1", "linxiaohe", "CW"),
    ("2011-07-22T10:50", "G4", "zhoumin", "CD"),
    ("2011-07-22T10:50", "joint_opened", "zhoumin", "CD"),
    ("2011-07-22T16:00", "persuasion", "linxiaohe", "CW"),
    ("2011-07-22T16:00", "joint_done", "linxiaohe", "CW"),
    ("2011-07-25T08:50", "G8", "zhoumin", "CD"),
    ("2011-07-25T09:20", "G9", "zhenglan", "SC"),
    ("2011-07-25T09:40", "G12", "zhenglan", "SC"),
    ("2011-07-25T15:30", "G13", "zhenglan", "SC"),
    ("2011-07-26T09:00", "G16", "linxiaohe", "CW"),
    ("2011-07-27T10:00", "return_visit_recorded", "suqing", "FD"),
    ("2011-07-27T10:01", "X1", "suqing", "FD"),
    ("2012-06-15T10:00", "X7", "suqing", "FD"),
]


def test_every_event_stands_where_the_table_has_it(house: House) -> None:
    told = story(house, "CG-2011-0001")

    found = [
        (
            seen.event.occurred_at,
            getattr(seen.event, "step", "")
            or getattr(seen.event, "entry", "")
            or seen.topic.split(".")[1],
            seen.metadata.actor,
            seen.metadata.role,
        )
        for seen in told
    ]
    assert found == [(at(when), *rest) for when, *rest in EXPECTED]
    assert [seen.recorded_at for seen in told] == [seen.event.occurred_at for seen in told]


def test_each_deadline_of_the_story_is_the_one_of_the_table(house: House) -> None:
    due = {
        (seen.event.step, change.name): change.due_at
        for seen in story(house, "CG-2011-0001")
        if isinstance(seen.event, StepTaken)
        for change in seen.event.clocks
        if change.due_at is not None
    }

    # The first late instant: pages show the day before.
    assert due["G1", "onsite"] == at("2011-07-26T00:00")
    assert due["G9", "disposal"] == at("2011-07-27T00:00")
    assert due["G16", "return_visit"] == at("2011-07-30T00:00")


def test_nothing_of_the_story_is_warned_of(house: House) -> None:
    every = [
        seen.event for number in ("CG-2011-0001", "CG-2012-0001") for seen in story(house, number)
    ]

    assert [event for event in every if isinstance(event, Warned | Supervised)] == []


def test_the_affair_came_of_the_visit(house: House) -> None:
    registered = story(house, "CG-2011-0001")[0].event
    assert isinstance(registered, Registered)

    visit = house.history.stream(registered.origin_id)[0].event

    assert (registered.source, visit.light, visit.findings) == ("visit", "yellow", ("complaint",))
    assert visit.occurred_at == at("2011-07-22T09:40")


def test_the_figures_are_those_of_the_story(house: House) -> None:
    Worker(house).drain()

    figures = house.queries.statistics(EVERYWHERE, date(2011, 7, 1), date(2011, 11, 30))

    assert {name: (f["numerator"], f["denominator"]) for name, f in figures.items()} == {
        "acceptance_volume": (1, None),
        "resolution_rate": (1, 1),
        "on_time_rate": (1, 1),
        "satisfaction_rate": (1, 1),
        "strict_satisfaction": (1, 1),
        "first_satisfaction_rate": (1, 1),
        "return_visit_rate": (1, 1),
        "visit_count": (1, None),
        "visit_completion_red": (0, 0),
        "visit_completion_yellow": (0, 0),
        "visit_completion_green": (0, 0),
        "daily_work_count": (0, None),
        "spot_check_pass_rate": (0, 0),
        "mean_handling_working_days": (2, 1),
        "reopen_rate": (0, 1),
        "referral_rate": (1, 1),
        "single_handed_rate": (0, 1),
    }


def test_its_clock_ticks_on_from_the_anchor(house: House) -> None:
    assert (house.info.kind, house.info.anchor) == ("demonstration", ANCHOR.isoformat())
    assert house.now() >= ANCHOR
    assert house.now().year == 2012


def test_the_second_affair_can_be_carried_on(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    build(settings, story_only=True)
    house = open_house(settings)
    try:
        affair_id = house.queries.affair(EVERYWHERE, "CG-2012-0001").affair_id

        for person, kind, what in (
            (WORKER, TakeStep, {"step": "G16"}),
            (
                FRONT_DESK,
                Act,
                {
                    "action": "return_visit",
                    "record": {"outcome": "reached", "rating": "4", "solved": "yes"},
                },
            ),
            (FRONT_DESK, TakeStep, {"step": "X1"}),
        ):
            house.desk.run(
                kind(
                    command_id=house.new_id(),
                    by=person.actor,
                    occurred_at=house.now(),
                    affair_id=affair_id,
                    **what,
                )
            )

        assert house.queries.affair(EVERYWHERE, affair_id).state == "closed"
    finally:
        house.close()


def test_no_personal_value_of_the_story_stands_in_a_file(played: tuple[Settings, Built]) -> None:
    files = [path for path in played[0].data_dir.rglob("*") if path.is_file()]
    held = {path.name: path.read_bytes() for path in files}

    found = [
        (name, text)
        for name, content in held.items()
        for text in PERSONAL
        if text.encode() in content or text.encode("utf-16-le") in content
    ]

    assert found == []
    # The search itself sees what is there.
    assert any("建新社区".encode() in content for content in held.values())
    assert len(PERSONAL) > 20


def test_every_account_has_a_token_that_only_the_owner_may_read(
    played: tuple[Settings, Built],
) -> None:
    known = tokens(played[0].data_dir)

    assert set(known) == {person.account for person in CAST}
    assert len(set(known.values())) == len(known)
    for name in ("tokens.json", "passwords.json", "master.key"):
        assert (played[0].data_dir / name).stat().st_mode & 0o077 == 0


def test_each_of_the_fifteen_roles_has_somebody(house: House) -> None:
    today = local_day(house.now())

    held = {grant.role for person in CAST for grant in house.people.grants(person.account, today)}

    assert held == set(Role) - {Role.SYS}


def test_the_cast_was_opened_and_granted_by_those_whose_work_it_is(house: House) -> None:
    by = {
        (seen.topic, seen.event.by)
        for person in CAST
        for seen in house.history.stream(stream_of(person.account))
    }

    assert by == {
        ("account.opened.v1", "SYS"),
        ("account.role_granted.v1", "SYS"),
        ("account.credential_set.v1", "SYS"),
        ("account.opened.v1", "shilei"),
        ("account.role_granted.v1", "anning"),
    }


def test_nothing_is_left_behind_where_it_fails(tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def progress(what: str, done: int, _: int) -> None:
        if (what, done) == ("story", 5):
            raise Stopped

    with pytest.raises(Stopped):
        build(Settings(data_dir=tmp_path / "var"), story_only=True, progress=progress)

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_one_left_is_begun_anew_and_swept(tmp_path: Path) -> None:
    place = tmp_path / "var"
    left = [tmp_path / ".var.0123abcd", tmp_path / ".var.0123abcd.old"]
    kept = [tmp_path / ".var.mine", tmp_path / ".var2.0123abcd", tmp_path / ".other.0123abcd"]
    for folder in (place, *left, *kept):
        folder.mkdir()
        (folder / LOCK).touch()
    (left[0] / "master.key").touch()

    build(Settings(data_dir=place))

    assert sorted(tmp_path.iterdir()) == sorted([place, *kept])
    assert (place / "log.db").exists()


@pytest.mark.parametrize(
    ("there", "does"),
    [
        (None, ["demo", "serve"]),
        ([], ["demo", "serve"]),
        ([LOCK], ["demo", "serve"]),
        ([LOCK, "log.db"], ["serve"]),
        (["log.db"], ["serve"]),
    ],
)
def test_make_run_plays_it_where_nothing_but_a_lock_is(
    tmp_path: Path, there: list[str] | None, does: list[str]
) -> None:
    place, command = tmp_path / "a place", tmp_path / "tenlines"
    command.write_text('#!/bin/sh\necho "$1"\n', "ascii")
    command.chmod(0o700)
    if there is not None:
        place.mkdir()
        for name in there:
            (place / name).touch()

    # `-o`: the environment is there already.
    told = subprocess.run(
        ["make", "--silent", "--no-print-directory", "run", "-o", "setup", f"BIN={tmp_path}"],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"TENLINES_DATA_DIR": str(place), "MAKEFLAGS": ""},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout

    assert told.split() == does


def test_it_refuses_a_place_that_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    for fresh in (False, True):
        with pytest.raises(NotPermittedNow):
            build(Settings(data_dir=tmp_path), fresh=fresh)

    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_afresh_replaces_a_demonstration_and_never_a_production_district(tmp_path: Path) -> None:
    ours, theirs = Settings(data_dir=tmp_path / "demo"), Settings(data_dir=tmp_path / "office")
    build(ours, story_only=True)
    before = tokens(ours.data_dir)
    create(theirs).close()
    kept = {path.name for path in theirs.data_dir.iterdir()}

    build(ours, fresh=True, story_only=True)
    with pytest.raises(NotPermittedNow, match="production"):
        build(theirs, fresh=True)

    assert tokens(ours.data_dir) != before
    assert {path.name for path in theirs.data_dir.iterdir()} >= kept
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo", "office"]


def test_it_keeps_everything_in_its_own_directory(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="TENLINES_DATABASE_URL"):
        build(Settings(data_dir=tmp_path / "var", database_url=f"sqlite:///{tmp_path}/log.db"))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("heap", [True, False])
def test_the_photos_are_pictures(heap: bool) -> None:
    east, west = gate(heap=heap, side=0), gate(heap=heap, side=1)

    assert media_type("gate.png", east) == "image/png"
    pixels = zlib.decompress(east[east.index(b"IDAT") + 4 : -16])
    assert len(pixels) == 240 * (1 + 3 * 320)
    assert (east == west) is not heap


def test_the_tales_are_told_in_the_order_of_time() -> None:
    for tale in TALES:
        times = [*tale.visited, tale.registered_at, *(moment.at for moment in tale.moments)]
        assert times == sorted(times)
