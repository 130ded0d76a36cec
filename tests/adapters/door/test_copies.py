"""A copy takes along what people come in by and the journal, and leaves who was in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from adapters.backup import back_up, restore
from adapters.backup import records as r
from adapters.door import Door
from adapters.house import open_house
from adapters.settings import Settings
from domain.actor import SYSTEM
from domain.errors import InvitationOver, Malformed, NotPermittedNow
from tests.adapters.door.conftest import cheap
from tests.adapters.door.house import Staffed, staffed


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Staffed]:
    with staffed(tmp_path / "var") as made:
        yield made


def target(district: Staffed, folder: Path, database_url: str = "") -> Settings:
    """An empty place that has the master key."""
    folder.mkdir()
    shutil.copy(district.house.settings.master_key_path, folder)
    url = "" if database_url.startswith("sqlite") else database_url
    return Settings(data_dir=folder, database_url=url)


def test_after_a_restore_all_sign_in_anew_with_what_they_had(
    district: Staffed, tmp_path: Path, database_url: str
) -> None:
    token, seed = district.set_up("zhoumin")
    link = district.porter.invite("suqing", SYSTEM)
    district.house.door.preferences.keep("zhoumin", "迟的", "/?due=late")
    district.house.door.preferences.choose("zhoumin", {"lang": "en"})
    journal = district.journal()
    back_up(district.house, tmp_path / "copy")
    there = target(district, tmp_path / "there", database_url)
    restore(tmp_path / "copy", there)

    house = open_house(there, now=district.clock)
    try:
        house.door.place.clock = district.clock
        house.door.credentials.passwords = cheap()
        brought = Staffed(house, district.clock)
        assert brought.journal() == journal
        preferences = house.door.preferences
        kept = [(one.name, one.address) for one in preferences.filters("zhoumin")]
        assert kept == [("迟的", "/?due=late")]
        assert preferences.chosen("zhoumin") == {"lang": "en"}
        assert brought.porter.visitor(token) is None
        with pytest.raises(InvitationOver):
            brought.porter.invited(link)
        assert brought.porter.visitor(brought.sign_in("zhoumin", seed))
        # Numbers go on after those that came.
        ids = [seen.id for seen in house.door.journal.read()]
        assert len(ids) == len(set(ids)) > len(journal)
    finally:
        house.close()


def test_a_copy_of_before_there_were_preferences_is_brought_back(
    district: Staffed, tmp_path: Path
) -> None:
    _, seed = district.set_up("zhoumin")
    back_up(district.house, tmp_path / "copy")
    for file in (tmp_path / "copy").glob("*.jsonl"):
        lines = [line for _, line in r.read(file)]
        file.unlink()
        with r.Writer(file) as writer:
            for line in lines:
                old = hasattr(line, "format")
                writer.write(msgspec.structs.replace(line, format=2) if old else line)
    there = target(district, tmp_path / "there")
    restore(tmp_path / "copy", there)

    house = open_house(there, now=district.clock)
    try:
        house.door.place.clock = district.clock
        house.door.credentials.passwords = cheap()
        assert Staffed(house, district.clock).sign_in("zhoumin", seed)
        assert house.door.preferences.filters("zhoumin") == []
    finally:
        house.close()


@pytest.mark.parametrize("number", [1, r.FORMAT + 1])
def test_a_copy_of_another_format_is_refused(
    district: Staffed, tmp_path: Path, number: int
) -> None:
    back_up(district.house, tmp_path / "copy")
    file = tmp_path / "copy" / r.DOOR
    file.unlink()
    with r.Writer(file) as writer:
        writer.write(r.DoorHeader(number, district.house.info.log_id, "now"))

    with pytest.raises(Malformed, match="another format"):
        restore(tmp_path / "copy", target(district, tmp_path / "there"))


def test_no_token_and_no_secret_stands_in_a_copy_in_clear(
    district: Staffed, tmp_path: Path
) -> None:
    token, seed = district.set_up("zhoumin")
    back_up(district.house, tmp_path / "copy")

    held = (tmp_path / "copy" / r.DOOR).read_text("utf-8")
    assert token not in held
    assert seed not in held
    assert "session" not in held


def test_a_copy_is_not_brought_where_somebody_is_in(district: Staffed, tmp_path: Path) -> None:
    back_up(district.house, tmp_path / "copy")
    there = target(district, tmp_path / "there")
    door = Door(there.entrance_url, district.house.keys)
    door.sessions.begin("zhoumin", UUID(int=0), method="password", position=0)
    door.close()

    with pytest.raises(NotPermittedNow, match="sessions"):
        restore(tmp_path / "copy", there)


def test_an_altered_copy_of_the_door_leaves_nothing_behind(
    district: Staffed, tmp_path: Path
) -> None:
    district.set_up("zhoumin")
    back_up(district.house, tmp_path / "copy")
    file = tmp_path / "copy" / r.DOOR
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0x20
    file.write_bytes(data)
    there = target(district, tmp_path / "there")

    with pytest.raises(Malformed, match=r"door\.jsonl"):
        restore(tmp_path / "copy", there)
    assert sorted(path.name for path in there.data_dir.iterdir()) == ["house.lock", "master.key"]
