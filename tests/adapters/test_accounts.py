"""Who may come in: by token only, from a private file, changed from the next request on."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from adapters.accounts import Accounts, Entry, create
from domain.actor import Actor, Role
from domain.errors import Malformed, NotFound

AREA = "370103008001-03"
WORKER = Entry(account="linxiaohe", name="林晓禾", role=Role.CW, unit=AREA)
OFFICER = Entry(account="zhenglan", name="郑岚", role=Role.SC, unit="370103008/cg", lines=("CG",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.json"


def written(path: Path, **changes: Any) -> Path:
    """The worker's register with some of its values changed."""
    create(path, [WORKER])
    stored = json.loads(path.read_text("utf-8"))
    stored["accounts"][0] |= changes
    path.write_text(json.dumps(stored), "utf-8")
    return path


def test_a_token_tells_who_came_in(path: Path) -> None:
    tokens = create(path, [WORKER, OFFICER])

    known = Accounts.load(path).by_token(tokens["zhenglan"])

    assert known is not None
    assert known.name == "郑岚"
    assert known.actor == Actor(
        account="zhenglan", role=Role.SC, unit="370103008/cg", lines=("CG",)
    )


@pytest.mark.parametrize("token", ["", "guess", "\ud800", "林晓禾", "a" * 100_000])
def test_another_token_tells_nothing(path: Path, token: str) -> None:
    create(path, [WORKER])

    assert Accounts.load(path).by_token(token) is None


def test_tokens_are_long_and_all_different(path: Path) -> None:
    tokens = create(path, [WORKER, OFFICER])

    assert len(set(tokens.values())) == 2
    assert all(len(token) * 6 >= 256 for token in tokens.values())


def test_the_file_is_private_and_holds_no_token(path: Path) -> None:
    tokens = create(path, [WORKER])

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert tokens["linxiaohe"] not in path.read_text("utf-8")


def test_an_account_that_is_taken_out_is_out_at_once(path: Path) -> None:
    tokens = create(path, [WORKER, OFFICER])
    accounts = Accounts.load(path)

    stored = json.loads(path.read_text("utf-8"))
    stored["accounts"].pop(0)
    path.write_text(json.dumps(stored), "utf-8")

    assert accounts.by_token(tokens["linxiaohe"]) is None
    assert accounts.by_token(tokens["zhenglan"]) is not None


def test_names_are_shown_for_accounts(path: Path) -> None:
    create(path, [WORKER])
    accounts = Accounts.load(path)

    assert accounts.name_of("linxiaohe") == "林晓禾"
    assert accounts.name_of("SYS") == "SYS"


def test_a_register_is_never_written_over(path: Path) -> None:
    create(path, [WORKER])

    with pytest.raises(Malformed):
        create(path, [OFFICER])

    assert Accounts.load(path).name_of("linxiaohe") == "林晓禾"


def test_there_is_no_account_where_there_is_no_file(path: Path) -> None:
    with pytest.raises(NotFound):
        Accounts.load(path)


def test_a_register_that_others_can_read_is_refused(path: Path) -> None:
    create(path, [WORKER])
    path.chmod(0o644)

    with pytest.raises(Malformed, match="chmod 600"):
        Accounts.load(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "SYS"},
        {"role": "KING"},
        {"account": "SYS"},
        {"account": ""},
        {"token_sha256": "00"},
        {"token_sha256": "zz" * 32},
        {"password": "secret"},
    ],
)
def test_a_wrong_register_is_refused(path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        Accounts.load(written(path, **changes))


def test_an_account_stands_once(path: Path) -> None:
    with pytest.raises(Malformed):
        create(path, [WORKER, WORKER])

    create(path, [WORKER])
    stored = json.loads(path.read_text("utf-8"))
    stored["accounts"] *= 2
    path.write_text(json.dumps(stored), "utf-8")
    with pytest.raises(Malformed, match="twice"):
        Accounts.load(path)


def test_nobody_comes_in_as_the_system(path: Path) -> None:
    with pytest.raises(Malformed):
        create(path, [Entry(account="SYS", name="系统", role=Role.SYS)])

    assert not path.exists()
