"""How a person is shown to a reader: by the policy, erased, unreadable."""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.actor import Role
from domain.errors import Unreadable
from domain.personal import Erased, Personal
from domain.record import Kind
from web.masks import Opened

STREAM = UUID(int=7)
VALUE = Personal(UUID(int=1), sealed=b"x", origin="1/applicant")


def opened(clear: str | Erased | None, reader: Role | None = Role.CW) -> Opened:
    """What opens every value to this, or cannot open it."""

    def reveal(value: Personal, stream_id: UUID) -> str | Erased:
        assert stream_id == STREAM
        if clear is None:
            raise Unreadable("personal", STREAM, 1, "no key")
        return clear

    return Opened(reveal, STREAM, reader=reader, erased="已依法删除", unreadable="（无法读取）")


@pytest.mark.parametrize(
    ("field", "kind", "shown"),
    [
        ("applicant", None, "1*"),
        ("telephone", None, "138****1234"),
        ("address", None, "138****1234"),
        ("summary", None, "138****1234"),
        ("note", Kind.NOTE, "138****1234"),
        ("signer", Kind.PERSON, "138****1234"),
        ("applicant", Kind.NOTE, "1*"),
        ("telephone", Kind.NOTE, "138****1234"),
        ("anything_else", None, "138****1234"),
    ],
)
def test_a_field_is_masked_by_its_name_and_kind(field: str, kind: Kind | None, shown: str) -> None:
    assert opened("13812341234").field(field, VALUE, kind) == shown


def test_what_was_erased_or_cannot_be_opened_says_so() -> None:
    assert opened(Erased.BY_LAW).field("applicant", VALUE) == "已依法删除"
    assert opened(None).field("applicant", VALUE) == "（无法读取）"
    assert opened("x").field("applicant", None) == ""


def test_for_nobody_in_particular_nothing_is_opened() -> None:
    assert opened(None, None).field("summary", VALUE) == "***"
    assert opened("张敏", Role.ADM).field("applicant", VALUE) == "***"


def test_only_what_is_hidden_and_may_be_revealed_can_be_revealed() -> None:
    assert opened("张敏").hidden("applicant", VALUE) == "张敏"
    assert opened("堆放废品").hidden("note", VALUE, Kind.NOTE) is None
    assert opened("张敏").hidden("interviewee", VALUE) is None
    assert opened("张敏", Role.RES).hidden("objector", VALUE) is None
    assert opened(Erased.BY_LAW).hidden("applicant", VALUE) is None
    assert opened(None).hidden("applicant", VALUE) is None
