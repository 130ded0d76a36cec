"""The power is cut: what was promised is there, and what was not is there whole or not at all.

A district is founded and worked in by a process of its own, under strace. From the record, the
disk is laid out as it may be at one moment or another, and the district opened on it.
"""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest

from adapters.house import create, open_house
from tests.faults import checks
from tests.faults.disk import Disk, honest, lay
from tests.faults.district import settings_in
from tests.faults.shift import Day
from tests.faults.test_kills import SEED
from tests.faults.tracing import Deed, Told, recorded

DATABASES = ("log.db", "keys.db", "log-views.db")


class Recording(NamedTuple):
    """What a process did in a folder, from the first to the last."""

    folder: Path
    deeds: list[Deed]


class Examined(NamedTuple):
    """What was found on a disk after the power cut."""

    commands: int
    events: int
    sealed: int
    attachments: int


def day(folder: Path, affairs: int, synchronous: str = "") -> Recording:
    """Have a district founded and worked in, and record it."""
    folder.mkdir()
    house = folder / "var"
    deeds = recorded(folder, "tests.faults.shift", str(house), str(affairs), synchronous)
    assert sum(isinstance(deed, Told) for deed in deeds) == 5 * affairs + 2
    return Recording(folder, deeds)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return day(tmp_path_factory.mktemp("power") / "disk", 15)


def examined(folder: Path, told: Sequence[str]) -> Examined:
    """Open the district, look at everything, and work on in it."""
    settings = settings_in(folder / "var")
    answers = [answer.split() for answer in told]
    founded = ["founded"] in answers
    # Founding that was cut off is begun anew: nobody was told that there is anything.
    house = open_house(settings) if founded else create(settings)
    try:
        for name in DATABASES:
            sound(folder / "var" / name)
        commands = [
            (actor, UUID(command), int(first), int(last))
            for actor, command, first, last in (one for one in answers if len(one) == 4)
        ]
        checks.nothing_lost(house, commands)
        events = checks.nothing_partial(house)
        checks.verified(house)
        sealed = checks.what_is_sealed_opens(house)
        kept = [UUID(one[1]) for one in answers if one[0] == "kept"]
        attachments = checks.attachments_are_whole(house, kept)
        checks.views_equal_a_rebuild(house)
        if founded:
            Day(house, lambda *_: None).affair()
            assert checks.nothing_partial(house) >= events + 4
    finally:
        house.close()
    return Examined(len(commands), events, sealed, attachments)


def sound(file: Path) -> None:
    """SQLite finds nothing wrong with it."""
    connection = sqlite3.connect(file)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()


def cuts(
    recording: Recording, count: int, folder: Path, keeps: Callable[[str], bool] = honest
) -> Iterator[tuple[int, Path, list[str]]]:
    """Cut the power so many times: after how many deeds, the disk, what had been told."""
    chance = random.Random(SEED)
    print(f"TENLINES_TEST_SEED={SEED}, {len(recording.deeds)} deeds")
    moments = sorted(chance.choices(range(1, len(recording.deeds) + 1), k=count))
    disk, taken = Disk(recording.folder, keeps), 0
    for number, moment in enumerate(moments):
        for deed in recording.deeds[taken:moment]:
            disk.take(deed)
        taken = moment
        place = folder / f"cut-{number}"
        lay(disk.cut(chance), place)
        yield moment, place, list(disk.answers)
        shutil.rmtree(place)


def cut_many(recording: Recording, count: int, folder: Path) -> None:
    found = Examined(0, 0, 0, 0)
    for number, (moment, place, told) in enumerate(cuts(recording, count, folder), 1):
        try:
            found = examined(place, told)
        except BaseException as error:
            error.add_note(f"after {moment} of {len(recording.deeds)} deeds")
            raise
        if number % 50 == 0:
            print(f"{number} power cuts, the last after {moment} deeds: {found}", flush=True)
    print(f"{count} power cuts, at last {found}")


def is_seen(
    recording: Recording, folder: Path, because: str, keeps: Callable[[str], bool] = honest
) -> bool:
    """Whether one power cut of forty is found to have done harm, and that harm."""
    for _, place, told in cuts(recording, 40, folder, keeps):
        try:
            examined(place, told)
        except Exception as error:  # noqa: BLE001 (whatever is raised must be the one expected)
            seen = f"{type(error).__name__}: {error}"
            if because in seen:
                return True
            print(seen)
    return False


def test_the_record_is_all_that_was_written(recording: Recording) -> None:
    disk = Disk(recording.folder)
    for deed in recording.deeds:
        disk.take(deed)

    there = {
        str(path.relative_to(recording.folder)): None if path.is_dir() else path.read_bytes()
        for path in recording.folder.rglob("*")
    }

    assert disk.whole() == there


def test_a_power_cut_takes_nothing_that_was_promised(recording: Recording, tmp_path: Path) -> None:
    cut_many(recording, 30, tmp_path)


@pytest.mark.parametrize(
    ("lies", "because"),
    [
        ("*/log.db-wal", "AssertionError: lost: "),
        ("*/keys.db*", "no key of "),
        ("*/attachments*", "NotFound: no attachment "),
        ("*/disk", "NotFound: no log "),
    ],
)
def test_a_disk_that_lies_is_seen(
    recording: Recording, tmp_path: Path, lies: str, because: str
) -> None:
    assert is_seen(recording, tmp_path, because, lambda path: not fnmatch(path, lies))


def test_writes_that_nobody_waits_for_are_seen(tmp_path: Path) -> None:
    careless = day(tmp_path / "disk", 15, "OFF")

    assert is_seen(careless, tmp_path, "malformed")


@pytest.mark.faults
@pytest.mark.timeout(1500)
def test_a_thousand_power_cuts_take_nothing_that_was_promised(tmp_path: Path) -> None:
    cut_many(day(tmp_path / "disk", 30), 1000, tmp_path)
