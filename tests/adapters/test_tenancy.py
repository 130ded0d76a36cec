"""A district that somebody has open is not replaced under them, on either database."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from adapters.backup import back_up, restore
from adapters.demo import build
from adapters.house import create, open_house
from adapters.settings import Settings
from adapters.tenancy import LOCK, Tenancy
from domain.errors import DistrictInUse


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path / "var", database_url=database_url)
    create(settings).close()
    return settings


def test_any_number_have_it_open_in_common(place: Settings) -> None:
    with closing(open_house(place)), closing(open_house(place)), closing(create(place)):
        pass


def test_nobody_is_alone_while_a_house_is_open(place: Settings) -> None:
    with closing(open_house(place)), pytest.raises(DistrictInUse) as refused:
        Tenancy(place, alone=True)

    assert refused.value.holders != "?"
    assert "stop tenlines serve" in str(refused.value)
    Tenancy(place, alone=True).close()


def test_no_house_opens_nor_is_made_while_one_is_alone(place: Settings) -> None:
    with closing(Tenancy(place, alone=True)):
        for enter in (open_house, create):
            with pytest.raises(DistrictInUse, match="is being replaced"):
                enter(place)

    open_house(place).close()


def test_a_schema_is_held_whatever_the_folder(place: Settings, tmp_path: Path) -> None:
    elsewhere = place.model_copy(update={"data_dir": tmp_path / "elsewhere"})

    with closing(open_house(place)) as house:
        if house.log.database.is_sqlite:
            Tenancy(elsewhere, alone=True).close()
        else:
            with pytest.raises(DistrictInUse):
                Tenancy(elsewhere, alone=True)


def test_a_house_that_could_not_be_opened_holds_nothing(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    create(settings).close()
    settings.master_key_path.write_text("no key")
    with pytest.raises(Exception, match="master"):
        open_house(settings)

    Tenancy(settings, alone=True).close()


def test_a_copy_is_not_brought_to_where_a_house_is_open(place: Settings, tmp_path: Path) -> None:
    with closing(open_house(place)) as house:
        back_up(house, tmp_path / "copy")

        with pytest.raises(DistrictInUse):
            restore(tmp_path / "copy", place)

    open_house(place).close()


def test_the_lock_outlives_what_is_replaced(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    build(settings, story_only=True)
    before = (settings.data_dir / LOCK).stat().st_ino

    build(settings, fresh=True, story_only=True)

    assert (settings.data_dir / LOCK).stat().st_ino == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["var"]


def test_a_demonstration_that_fails_leaves_an_empty_place_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path / "var")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("adapters.demo.building._keep", full)
    with pytest.raises(Exception, match="No space left"):
        build(settings, story_only=True)

    assert list(tmp_path.iterdir()) == []
