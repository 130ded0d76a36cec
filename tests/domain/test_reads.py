"""A look at masked values in clear: what has to be said, and what is written down of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.actor import Actor, Role
from domain.commands import Reveal
from domain.errors import FieldInvalid, FieldMissing
from domain.personal import Personal
from domain.reads import NOTE_LONGEST, Revealed, reads_of, reveal

AFFAIR = UUID("01314fb1-2a48-7c31-9d0f-5b7a1c2e3f40")
NOW = datetime(2011, 7, 22, 3, 0, tzinfo=UTC)
REASONS = {"contact": False, "other": True}
WORKER = Actor(account="linxiaohe", role=Role.CW, unit="370103008001-01")


def wish(**changes: Any) -> Reveal:
    asked: dict[str, Any] = {"fields": ("telephone",), "reason": "contact", **changes}
    return Reveal(
        command_id=UUID(int=1), by=WORKER, occurred_at=NOW.replace(year=2001),
        affair_id=AFFAIR, **asked,
    )  # fmt: skip


def test_a_look_says_who_at_what_why_and_happens_now_whenever_it_was_asked_for() -> None:
    asked = wish(fields=("telephone", "applicant", "telephone"), note=" 约时间 ")

    events = reveal(asked, REASONS, NOW)

    assert events == [
        Revealed(
            affair_id=AFFAIR,
            fields=("telephone", "applicant"),
            reason="contact",
            note=Personal(AFFAIR),
            by="linxiaohe",
            occurred_at=NOW,
        )
    ]
    (event,) = events
    assert isinstance(event, Revealed)
    assert event.note is not None
    assert event.note.clear == "约时间"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fields": ()}, "fields"),
        ({"reason": ""}, "reason"),
        ({"reason": "other"}, "note"),
        ({"reason": "other", "note": " \n"}, "note"),
    ],
)
def test_a_look_without_what_and_why_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldMissing) as refused:
        reveal(wish(**changes), REASONS, NOW)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"reason": "curious"}, "reason"), ({"note": "长" * (NOTE_LONGEST + 1)}, "note")],
)
def test_a_reason_that_nobody_knows_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        reveal(wish(**changes), REASONS, NOW)

    assert refused.value.field == field


def test_a_note_of_the_greatest_length_is_taken() -> None:
    assert reveal(wish(note="长" * NOTE_LONGEST), REASONS, NOW)


def test_the_stream_of_looks_leads_back_to_its_affair_and_keeps_its_time() -> None:
    stream = reads_of(AFFAIR)

    assert stream != AFFAIR
    assert reads_of(stream) == AFFAIR
    assert (stream.version, stream.variant) == (AFFAIR.version, AFFAIR.variant)
    assert stream.int >> 80 == AFFAIR.int >> 80
