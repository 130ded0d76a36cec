"""What an account has chosen, and the filters it keeps, wherever it comes in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from adapters.door import Door
from adapters.door.preferences import MOST_FILTERS, Preferences
from adapters.door.tables import PREFERENCES
from adapters.keys import KeyStore
from adapters.time import Told
from domain.errors import Malformed, NotFound
from tests.adapters.door.conftest import at_once


@pytest.fixture
def preferences(door: Door) -> Preferences:
    return door.preferences


def names(preferences: Preferences, account: str = "zhoumin") -> list[str]:
    return [one.name for one in preferences.filters(account)]


def test_what_is_chosen_is_kept_by_account_and_what_is_not_named_stays(
    preferences: Preferences,
) -> None:
    preferences.choose("zhoumin", {"language": "en", "theme": "dark"})
    preferences.choose("zhoumin", {"language": "zh"})

    assert preferences.chosen("zhoumin") == {"language": "zh", "theme": "dark"}
    assert preferences.chosen("suqing") == {}


def test_filters_stand_in_the_order_in_which_they_were_first_kept(
    preferences: Preferences, clock: Told
) -> None:
    for name in ("乙", "甲", "丙"):
        clock.at += timedelta(minutes=1)
        preferences.keep("zhoumin", name, "/?due=late")
    preferences.keep("zhoumin", "乙", "/?line=CG")
    preferences.rename("zhoumin", "甲", "早的")

    found = preferences.filters("zhoumin")
    assert [(one.name, one.address) for one in found] == [
        ("乙", "/?line=CG"),
        ("早的", "/?due=late"),
        ("丙", "/?due=late"),
    ]
    assert names(preferences, "suqing") == []


def test_one_more_than_there_may_be_is_refused_and_nothing_is_lost(
    preferences: Preferences,
) -> None:
    for number in range(MOST_FILTERS):
        preferences.keep("zhoumin", f"{number:02}", "/")

    with pytest.raises(Malformed, match="delete one first"):
        preferences.keep("zhoumin", "99", "/")
    preferences.keep("zhoumin", "03", "/?due=late")
    preferences.keep("suqing", "99", "/")
    assert len(names(preferences)) == MOST_FILTERS
    preferences.drop("zhoumin", "05")
    preferences.keep("zhoumin", "99", "/")
    assert len(names(preferences)) == MOST_FILTERS


def test_of_many_at_once_no_more_are_kept_than_there_may_be(preferences: Preferences) -> None:
    def keep(number: int) -> bool:
        try:
            preferences.keep("zhoumin", str(number), "/")
        except Malformed:
            return False
        return True

    assert sum(at_once(MOST_FILTERS + 4, keep)) == MOST_FILTERS
    assert len(names(preferences)) == MOST_FILTERS


def test_a_name_is_one_filter_s(preferences: Preferences, clock: Told) -> None:
    preferences.keep("zhoumin", "甲", "/?due=late")
    clock.at += timedelta(minutes=1)
    preferences.keep("zhoumin", "乙", "/?line=CG")

    with pytest.raises(Malformed, match="another filter"):
        preferences.rename("zhoumin", "甲", "乙")
    with pytest.raises(NotFound):
        preferences.rename("zhoumin", "丙", "丁")
    with pytest.raises(NotFound):
        preferences.rename("suqing", "甲", "丁")
    preferences.rename("zhoumin", "甲", "甲")
    assert names(preferences) == ["甲", "乙"]


def test_what_is_forgotten_is_forgotten_once_and_only_of_that_account(
    preferences: Preferences,
) -> None:
    preferences.keep("zhoumin", "甲", "/")
    preferences.keep("suqing", "甲", "/")

    preferences.drop("zhoumin", "甲")
    preferences.drop("zhoumin", "甲")

    assert (names(preferences), names(preferences, "suqing")) == ([], ["甲"])


def test_a_door_of_before_gets_the_table(database_url: str, keys: KeyStore, clock: Told) -> None:
    before = Door(database_url, keys, now=clock)
    before.journal.note("sign-in", "password", "zhoumin")
    with before.place.writing() as connection:
        PREFERENCES.drop(connection)
    before.close()

    door = Door(database_url, keys, now=clock)
    try:
        assert door.preferences.chosen("zhoumin") == {}
        door.preferences.keep("zhoumin", "甲", "/")
        assert names(door.preferences) == ["甲"]
        assert [seen.what for seen in door.journal.read()] == ["sign-in"]
        with door.place.reading() as connection:
            assert sa.inspect(connection).has_table(PREFERENCES.name)
    finally:
        door.close()
