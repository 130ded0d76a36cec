"""How a person is shown: 张*, 138****1234, 110105********002X; of everybody and every event."""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.errors import Unreadable
from domain.personal import Erased, Personal
from domain.record import Kind
from web import masks
from web.masks import Opened

STREAM = UUID(int=7)


@pytest.mark.parametrize(
    ("clear", "shown"),
    [
        ("张敏", "张*"),
        ("欧阳春晓", "欧*"),
        (" 张敏 ", "张*"),
        ("John Smith", "J*"),
        ("𠮷田", "𠮷*"),
        ("13812341234", "138****1234"),
        ("+86 13812341234", "138****1234"),
        ("0531-88881234", "****34"),
        ("110", "1*"),
        ("11010519491231002X", "110105********002X"),
        ("440524188001010014", "440524********0014"),
        ("110105491231002", "110105*****1002"),
        ("E12345678", "E****"),
        ("张敏 13812341234", "****34"),
    ],
)
def test_a_person_is_masked_by_the_shape_of_the_value(clear: str, shown: str) -> None:
    assert masks.person(clear) == shown


def opened(clear: str | Erased | None) -> Opened:
    """What opens every value to this, or cannot open it."""

    def reveal(value: Personal, stream_id: UUID) -> str | Erased:
        assert stream_id == STREAM
        if clear is None:
            raise Unreadable("personal", STREAM, 1, "no key")
        return clear

    return Opened(reveal, STREAM, erased="已依法删除", unreadable="（无法读取）")


VALUE = Personal(UUID(int=1), sealed=b"x", origin="1/applicant")


@pytest.mark.parametrize(
    ("field", "kind", "shown"),
    [
        ("applicant", None, "1*"),
        ("telephone", None, "138****1234"),
        ("address", None, "13812341234"),
        ("summary", None, "13812341234"),
        ("note", Kind.NOTE, "13812341234"),
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
