"""What is recorded, and what is personal: closed in print, and never compared by its clear text."""

from __future__ import annotations

from uuid import UUID

from domain.personal import Erased, Personal
from domain.record import NOTHING, Field, Kind, Record

RECORD = Record((Field("result", Kind.CHOICE, "ineffective"), Field("told", Kind.FLAG, True)))


def test_a_value_is_found_by_its_name() -> None:
    assert RECORD.get("result") == "ineffective"
    assert RECORD.get("nothing") is None
    assert (RECORD.text("result"), RECORD.text("told"), RECORD.text("nothing")) == (
        "ineffective",
        "True",
        "",
    )


def test_fields_keep_their_order() -> None:
    assert [field.name for field in RECORD] == ["result", "told"]
    assert (len(RECORD), len(NOTHING)) == (2, 0)


def test_a_personal_value_is_closed_in_print() -> None:
    value = Personal(UUID(int=1), clear="张桂芬")

    assert "张桂芬" not in f"{value} {value!r}"
    assert not value.closed
    assert Personal(UUID(int=1), sealed=b"x").closed


def test_two_values_are_the_same_where_they_are_sealed_the_same() -> None:
    assert Personal(UUID(int=1), clear="张桂芬") == Personal(UUID(int=1), clear="李长海")
    assert Personal(UUID(int=1), sealed=b"x") != Personal(UUID(int=1), sealed=b"y")


def test_what_was_erased_says_so() -> None:
    assert Erased.BY_LAW.value == "已依法删除"
