"""`tenlines account`: people are opened, granted, stood in for and taken out by commands."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.main import app_entry
from adapters.demo.building import ORGANISATION
from adapters.demo.cast import AREA, COMMUNITY, DISTRICT
from adapters.house import House, open_house
from adapters.settings import Settings
from domain.clock import local_day
from tests.adapters.cli.conftest import Ran, Tenlines

AREA_2 = f"{COMMUNITY}-02"
ADM, SEC = ("--by", "shilei"), ("--by", "anning")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district with its first administrator and its first security administrator, made once."""
    data_dir = tmp_path_factory.mktemp("made") / "var"
    asked = [
        "--data-dir", str(data_dir), "init", "--years", "2011", "--organisation", str(ORGANISATION),
        "--administrator", "shilei=石磊", "--security", "anning=安宁",
    ]  # fmt: skip
    with contextlib.suppress(SystemExit):
        app_entry(asked)
    return data_dir


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """The same for the test alone."""
    return shutil.copytree(made, tmp_path / "var")


@pytest.fixture
def account(place: Path, tenlines: Tenlines) -> Any:
    """`tenlines account …` there."""

    def run(*arguments: str | Path) -> Ran:
        return tenlines("--data-dir", place, "account", *arguments)

    return run


def opened(place: Path) -> House:
    return open_house(Settings(data_dir=place))


def told(account: Any, code: str) -> Any:
    return account("show", code, "--json").json


def hired(account: Any, code: str = "linxiaohe", unit: str = AREA) -> str:
    """A worker; the id of their grant."""
    assert account("open", code, "--name", "林晓禾", *ADM).code == 0
    assert account("grant", code, "CW", "--unit", unit, *SEC).code == 0
    return str(told(account, code)["grants"][0]["grant"])


def test_the_first_two_are_made_by_the_system_and_make_the_rest(account: Any, place: Path) -> None:
    hired(account)

    shilei, lin = told(account, "shilei"), told(account, "linxiaohe")
    assert [(one["role"], one["unit"], one["by"]) for one in shilei["grants"]] == [
        ("ADM", DISTRICT, "SYS")
    ]
    assert lin["name"] == "林晓禾"
    assert [(one["role"], one["unit"], one["by"], one["in_force"]) for one in lin["grants"]] == [
        ("CW", AREA, "anning", True)
    ]


def test_a_link_and_a_token_are_told_once_and_open_what_they_should(
    account: Any, place: Path
) -> None:
    account("open", "linxiaohe", "--name", "林晓禾", *ADM)
    account("grant", "linxiaohe", "CW", "--unit", AREA, *SEC)

    link, token = account("invite", "linxiaohe", *ADM), account("token", "linxiaohe")

    assert (link.code, token.code) == (0, 0)
    with closing(opened(place)) as house:
        assert house.porter.invited(link.out.strip().rpartition("/")[2]).name == "林晓禾"
        known = house.porter.caller(token.out.strip())
    assert known is not None
    assert known.actor.unit == AREA
    assert account("invite", "linxiaohe", *SEC).code == 1


def test_a_list_tells_what_people_are_today(account: Any) -> None:
    hired(account)

    everybody, here = account("list"), account("list", "--unit", AREA, "--json")

    assert everybody.code == 0
    assert "林晓禾" in everybody.out
    assert f"CW {AREA}" in everybody.out
    assert [one["account"] for one in here.json] == ["linxiaohe"]


def test_what_is_withdrawn_or_closed_is_over(account: Any) -> None:
    grant = hired(account)

    withdrawn = account("withdraw", "linxiaohe", grant[:8], *SEC, "--reason", "调离")
    after = told(account, "linxiaohe")
    closed = account("close", "linxiaohe", *ADM)
    again = account("reopen", "linxiaohe", *ADM)

    assert (withdrawn.code, closed.code, again.code) == (0, 0, 0)
    assert [one["in_force"] for one in after["grants"]] == [False]
    assert "林晓禾" in account("show", "linxiaohe").out


def test_a_deputy_stands_in_until_a_day(account: Any, place: Path) -> None:
    hired(account)
    hired(account, "chenyan", AREA_2)
    with closing(opened(place)) as house:
        until = str(local_day(house.now()) + timedelta(days=2))

    ran = account("deputy", "chenyan", "--for", "linxiaohe", "--until", until, *SEC)

    assert ran.code == 0, ran.err
    assert f"stands in for linxiaohe, CW {AREA}, until {until}" in ran.out
    assert told(account, "chenyan")["grants"][1]["deputy_for"] == "linxiaohe"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("open", "chenyan", "--name", "陈砚", *SEC), "SEC may not accounts"),
        (("open", "chenyan", "--name", "陈砚", "--by", "nobody"), "there is no account nobody"),
        (("open", "Chen", "--name", "陈砚", *ADM), "account"),
        (("grant", "linxiaohe", "CD", "--unit", COMMUNITY, *ADM), "ADM may not role_grants"),
        (("grant", "anning", "POL", "--unit", DISTRICT, *SEC), "own account"),
        (("grant", "shilei", "CW", "--unit", AREA, *SEC), "never held by one account"),
        (("grant", "linxiaohe", "CW", "--unit", COMMUNITY, *SEC), "area"),
        (("withdraw", "shilei", "", *SEC), "nobody else holds ADM"),
        (("close", "anning", *ADM), "nobody else holds SEC"),
        (("withdraw", "linxiaohe", "ffff", *SEC), "ffff"),
        (("deputy", "linxiaohe", "--for", "shilei", "--until", "2099-01-01", *SEC), "60 days"),
        (("show", "nobody"), "there is no account nobody"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_right_is_one_line(account: Any, arguments: tuple[str, ...], why: str) -> None:
    hired(account)

    ran = account(*arguments)

    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert why in ran.err


def test_a_role_that_there_is_not_is_bad_usage(account: Any) -> None:
    assert account("grant", "shilei", "SYS", *SEC).code == 2
    assert account("grant", "shilei", "CW", "--from", "soon", *SEC).code == 2


def test_whoever_may_run_a_command_here_acts_as_the_system_and_it_is_told(account: Any) -> None:
    account("open", "linxiaohe", "--name", "林晓禾", "--by", "SYS")
    account("grant", "linxiaohe", "CW", "--unit", AREA, "--by", "SYS")

    assert told(account, "linxiaohe")["grants"][0]["by"] == "SYS"


def test_a_register_of_before_is_brought_in_with_its_tokens(
    account: Any, place: Path, tmp_path: Path
) -> None:
    token = "a-token-of-before"
    row = {"account": "linxiaohe", "name": "林晓禾", "role": "CW", "unit": AREA, "lines": []}
    digest = hashlib.sha256(token.encode()).hexdigest()
    file = tmp_path / "accounts.json"
    file.write_text(json.dumps({"accounts": [{**row, "token_sha256": digest}]}), "utf-8")

    first, second = account("import", file), account("import", file)

    assert (first.code, second.code) == (0, 0)
    assert "1 accounts" in first.out
    assert "0 accounts" in second.out
    with closing(opened(place)) as house:
        known = house.porter.caller(token)
        assert known is not None
        assert (known.name, known.actor.unit) == ("林晓禾", AREA)


def test_a_register_that_is_wrong_is_refused(account: Any, tmp_path: Path) -> None:
    file = tmp_path / "accounts.json"
    file.write_text('{"accounts": [{}]}', "utf-8")

    ran = account("import", file)

    assert ran.code == 1
    assert "accounts.json" in ran.err


@pytest.mark.parametrize(
    ("option", "why"),
    [("--administrator=shilei", "CODE=NAME"), ("--security=An=安宁", "CODE=NAME")],
)
def test_the_first_two_have_a_code_and_a_name(
    tenlines: Tenlines, tmp_path: Path, option: str, why: str
) -> None:
    ran = tenlines(
        "--data-dir", tmp_path / "var", "init", "--years", "2011",
        "--organisation", ORGANISATION, option,
    )  # fmt: skip

    assert ran.code == 1
    assert why in ran.err


def test_the_first_two_need_a_district(tenlines: Tenlines, tmp_path: Path) -> None:
    ran = tenlines(
        "--data-dir", tmp_path / "var", "init", "--years", "2011", "--administrator", "shilei=石磊"
    )

    assert ran.code == 1
    assert "no district" in ran.err
