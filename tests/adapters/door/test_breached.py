"""Passwords that were breached elsewhere: looked up in a file, or the file is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from adapters.door import Breached, breached
from adapters.door.passwords import check
from adapters.house import create
from adapters.settings import Settings
from domain.actor import SYSTEM
from domain.errors import Malformed, StorageUnavailable
from tests.adapters.cli.conftest import Tenlines, english, tenlines
from tests.adapters.door.house import PASSWORD, Staffed, staffed

__all__ = ["english", "tenlines"]
"""Fixtures of the command line."""

KNOWN = [f"velvet otter ladder {number}" for number in range(500)]
OTHERS = [f"granite harbour {number}" for number in range(500)]


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()


HASHES = sorted(map(sha1, KNOWN))
COUNTED = [f"{one}:{number}" for number, one in enumerate(HASHES, 1)]


def file_of(folder: Path, text: str | bytes) -> Path:
    path = folder / "pwned-passwords-sha1.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        "\r\n".join([*COUNTED, ""]),
        "\r\n".join(COUNTED),
        "\n".join([*HASHES, ""]),
        "\n".join(HASHES).lower(),
    ],
    ids=["as published", "without a last break", "hashes alone", "small letters"],
)
def test_each_hash_of_the_file_is_found_and_no_other(tmp_path: Path, text: str) -> None:
    found = Breached(file_of(tmp_path, text))

    assert [one for one in KNOWN if one not in found] == []
    assert [one for one in OTHERS if one in found] == []


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_file_of_few_is_one_too(tmp_path: Path, count: int) -> None:
    few = sorted(KNOWN[:count], key=sha1)
    found = Breached(file_of(tmp_path, "\n".join(map(sha1, few))))

    assert all(one in found for one in few)
    assert not any(one in found for one in OTHERS)


def test_a_large_file_is_looked_up_in_a_few_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = sorted(sha1(str(number)) for number in range(100_000))
    found = Breached(file_of(tmp_path, "\n".join(many)))
    look, looked_at = breached._line, []

    def counted(file: BinaryIO, at: int) -> tuple[bytes, int, int]:
        looked_at.append(at)
        return look(file, at)

    monkeypatch.setattr(breached, "_line", counted)

    assert "77777" in found
    assert "nobody's" not in found
    assert len(looked_at) <= 50


BAD = {
    "empty": b"",
    "words": "\n".join(KNOWN).encode(),
    "one line": b"A" * 10_000,
    "NTLM": "\n".join(one[:32] for one in HASHES).encode(),
    "a head": "\n".join(["hash:count", *COUNTED]).encode(),
    "a tail": "\n".join([*COUNTED, "", ""]).encode(),
    "by how often": "\n".join(sorted(COUNTED, key=lambda one: one[::-1])).encode(),
    "UTF-16": "\n".join(COUNTED).encode("utf-16"),
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_file_of_another_kind_is_refused_with_its_place(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Malformed) as refusal:
        Breached(file_of(tmp_path, content))

    assert refusal.value.field == "TENLINES_BREACHED_PASSWORDS"
    assert "not so at byte" in refusal.value.because


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(Malformed, match="a file that can be read"):
            Breached(path)


def test_a_file_that_went_bad_later_lets_no_password_through(tmp_path: Path) -> None:
    path = file_of(tmp_path, "\n".join(COUNTED))
    found = Breached(path)
    path.write_text("\n".join(KNOWN))
    with pytest.raises(StorageUnavailable):
        assert OTHERS[0] not in found
    path.unlink()

    with pytest.raises(StorageUnavailable):
        assert OTHERS[0] not in found


def test_the_check_of_passwords_asks_it(tmp_path: Path) -> None:
    found = Breached(file_of(tmp_path, "\n".join(COUNTED)))

    check(OTHERS[0], breached=found)
    with pytest.raises(Malformed) as refusal:
        check(KNOWN[0], breached=found)
    assert (refusal.value.field, refusal.value.because) == ("password", "breached")


@pytest.fixture
def district(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Staffed]:
    """A district whose operator named a file."""
    path = file_of(tmp_path, "\n".join(sorted([*HASHES, sha1(PASSWORD)])))
    monkeypatch.setenv("TENLINES_BREACHED_PASSWORDS", str(path))
    with staffed(tmp_path / "district") as made:
        yield made


def test_the_file_of_the_settings_counts_for_who_is_invited(district: Staffed) -> None:
    link = district.porter.invite("zhoumin", SYSTEM)
    draft = district.porter.invited(link).draft
    code = district.code(draft.seed)

    with pytest.raises(Malformed, match="breached"):
        district.porter.accept(link, PASSWORD, draft.salt, code)
    assert district.porter.accept(link, OTHERS[0], draft.salt, code)


def test_and_for_another_password(district: Staffed) -> None:
    link = district.porter.invite("zhoumin", SYSTEM)
    draft = district.porter.invited(link).draft
    token = district.porter.accept(link, OTHERS[0], draft.salt, district.code(draft.seed))

    with pytest.raises(Malformed, match="breached"):
        district.porter.change_password(token, OTHERS[0], KNOWN[7])
    assert district.porter.change_password(token, OTHERS[0], OTHERS[1])


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en_GB.UTF-8", "SHA-1 hashes, one a line; not so at byte 0"),
        ("zh_CN.UTF-8", "第 0 字节处不是"),
    ],
)
def test_a_bad_file_is_told_at_the_start(
    tenlines: Tenlines,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    wanted: str,
) -> None:
    create(Settings(data_dir=tmp_path / "district")).close()
    monkeypatch.setenv("TENLINES_BREACHED_PASSWORDS", str(file_of(tmp_path, b"x")))
    monkeypatch.setenv("LANG", language)

    for command in (("serve", "--port", "0"), ("verify",)):
        ran = tenlines("--data-dir", tmp_path / "district", *command)

        assert ran.code == 1
        assert ran.err.startswith("TENLINES_BREACHED_PASSWORDS ")
        assert wanted in ran.err
