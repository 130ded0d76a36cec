"""The checks that the fault tests rely on do see what is wrong."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.house import open_house
from tests.faults import checks
from tests.faults.district import founded, settings_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    house = founded(settings_in(tmp_path))
    while house.follower.step():
        pass
    house.close()
    return tmp_path


def spoil(file: Path, *statements: str) -> None:
    with sqlite3.connect(file) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            assert connection.execute(statement).rowcount


@pytest.mark.parametrize(
    ("wrong", "file", "seen_by"),
    [
        (
            "UPDATE events SET state = CAST(state || ' ' AS BLOB) WHERE position = 3",
            "log.db",
            "partial",
        ),
        ("UPDATE events SET recorded_at = recorded_at + 1 WHERE position = 3", "log.db", "partial"),
        ("DELETE FROM events WHERE position = 3", "log.db", "partial"),
        ("DELETE FROM commands WHERE first = 3", "log.db", "partial"),
        ("UPDATE commands SET last = last + 1 WHERE first = 3", "log.db", "partial"),
        ("DELETE FROM audit_trail WHERE position = 3", "log-views.db", "views"),
        ("UPDATE audit_trail SET actor = 'x' WHERE position = 3", "log-views.db", "views"),
    ],
)
def test_what_is_spoilt_is_seen(folder: Path, wrong: str, file: str, seen_by: str) -> None:
    spoil(folder / file, wrong)
    with closing(open_house(settings_in(folder))) as house:
        check: Callable[[], object] = {
            "partial": lambda: checks.nothing_partial(house),
            "views": lambda: checks.views_equal_a_rebuild(house),
        }[seen_by]

        with pytest.raises(AssertionError):
            check()


def test_a_lost_answer_is_seen(folder: Path) -> None:
    with (
        closing(open_house(settings_in(folder))) as house,
        pytest.raises(AssertionError, match="lost"),
    ):
        checks.nothing_lost(house, [("lin", uuid4(), 3, 3)])


def test_a_sound_district_passes_every_check(folder: Path) -> None:
    with closing(open_house(settings_in(folder))) as house:
        assert checks.nothing_partial(house) == house.log.head()
        checks.views_equal_a_rebuild(house)
