"""`tenlines offerings`: sessions opened, listed, resized, cancelled by commands of an account."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from adapters.demo.cast import AREA, COMMUNITY, STREET
from tests.adapters.cli.conftest import Ran, Tenlines

# In the future of the demonstration's clock, which stands in June of 2012.
BEGINS, ENDS = "2012-07-06T09:00+08:00", "2012-07-06T11:00+08:00"
DIRECTOR = ("--as", "zhoumin")
OPENING = (
    "open", "WT01", "--unit", COMMUNITY, "--title", "书法课", "--venue", "社区活动室",
    "--capacity", "20", "--standby", "5", "--from", BEGINS, "--until", ENDS,
)  # fmt: skip


@pytest.fixture
def offerings(shown: Path, tmp_path: Path, tenlines: Tenlines) -> Any:
    """`tenlines offerings …` in a demonstration of the test's own."""
    place = shutil.copytree(shown, tmp_path / "var")

    def run(*arguments: str) -> Ran:
        return tenlines("--data-dir", place, "offerings", *arguments)

    return run


def opened(offerings: Any, *more: str) -> str:
    """A session; its id."""
    ran = offerings(*OPENING, *DIRECTOR, "--json", *more)
    assert ran.code == 0, ran.err
    return str(ran.json["offering_id"])


def listed(offerings: Any, *more: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = offerings("list", "--json", *more).json
    return found


def test_a_session_is_opened_and_listed(offerings: Any) -> None:
    session = opened(offerings)
    later = opened(
        offerings, "--from", "2012-07-07T09:00+08:00", "--until", "2012-07-07T11:00+08:00"
    )

    rows, table = listed(offerings), offerings("list")

    assert [row["offering_id"] for row in rows] == [session, later]
    told = {
        "matter": "WT01", "unit": COMMUNITY, "title": "书法课", "venue": "社区活动室",
        "capacity": 20, "standby": 5, "held": 0, "cancelled": False,
        "starts_at": "2012-07-06T09:00:00+08:00",
    }  # fmt: skip
    assert told.items() <= rows[0].items()
    assert session in table.out
    assert "0/20" in table.out
    assert [row["unit"] for row in listed(offerings, "--unit", STREET)] == [COMMUNITY] * 2
    assert listed(offerings, "--unit", "370103008/cg") == []


def test_places_are_changed_one_figure_at_a_time(offerings: Any) -> None:
    session = opened(offerings)

    ran = offerings("resize", session[:18], "--capacity", "30", *DIRECTOR)
    again = offerings("resize", session, "--standby", "0", "--by", "suqing", "--json")

    assert (ran.code, again.code) == (0, 0), ran.err + again.err
    assert "30 places, and 5 may wait" in ran.out
    assert (again.json["capacity"], again.json["standby"]) == (30, 0)


def test_a_session_is_cancelled_with_a_reason(offerings: Any) -> None:
    session = opened(offerings)

    ran = offerings("cancel", session, "--reason", "老师生病", *DIRECTOR)

    assert ran.code == 0
    assert "is cancelled: 0 have a place, 0 wait" in ran.out
    assert listed(offerings) == []
    assert [row["cancelled"] for row in listed(offerings, "--all")] == [True]
    twice = offerings("cancel", session, "--reason", "老师生病", *DIRECTOR)
    assert (twice.code, twice.err.count("\n")) == (1, 1)
    assert "it has begun or is cancelled" in twice.err


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--as", "linxiaohe"), "CW may not run_offerings"),
        (("--as", "nobody"), "there is no account nobody"),
        ((*DIRECTOR, "--unit", STREET), f"there is no resource {STREET}"),
        ((*DIRECTOR, "--unit", AREA), "a community, a street office or the district"),
        ((*DIRECTOR, "--capacity", "0"), "a number from 1 to 10000"),
        ((*DIRECTOR, "--from", "2012-01-01T09:00+08:00"), "in the future"),
        ((*DIRECTOR, "--until", BEGINS), "after its beginning"),
        ((*DIRECTOR, "--title", " "), "one line of 1 to 80 characters"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_right_is_one_line(offerings: Any, more: tuple[str, ...], why: str) -> None:
    ran = offerings(*OPENING, *more)

    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert why in ran.err
    assert listed(offerings, "--all") == []


def test_a_matter_without_places_and_a_session_that_is_none_are_refused(offerings: Any) -> None:
    matter = offerings("open", "WT03", *OPENING[2:], *DIRECTOR)
    opened(offerings)
    opened(offerings)
    none = offerings("cancel", "ffff", "--reason", "x", *DIRECTOR)
    # Both begin so: which is meant is not said.
    several = offerings("cancel", "0", "--reason", "x", *DIRECTOR)

    assert "a matter whose affairs take places" in matter.err
    assert (none.code, several.code) == (1, 1)
    assert "ffff" in none.err
    assert len(listed(offerings)) == 2


def test_a_day_alone_is_no_beginning(offerings: Any) -> None:
    ran = offerings(*OPENING, *DIRECTOR, "--from", "2012-07-06")

    assert ran.code == 2
    assert "2011-07-25T09:30+08:00" in ran.err


def test_it_speaks_chinese_where_the_terminal_does(
    offerings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    ran, refused = offerings(*OPENING, *DIRECTOR), offerings(*OPENING, "--as", "linxiaohe")

    assert ran.out.startswith("已开放“书法课”，编号 ")
    assert "无权进行" in refused.err
    assert "已占/名额" in offerings("list").out
