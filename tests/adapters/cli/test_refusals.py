"""Refusals at a terminal: one clear line, in its language."""

from __future__ import annotations

from uuid import UUID

import pytest

from adapters.cli.refusals import SENTENCES, sentence
from domain import errors as e
from domain.errors import Refusal

NIL = UUID(int=0)

EVERY = (
    Refusal("anything"),
    e.Malformed("summary", "say in one line what is asked"),
    e.NotFound("affair", "CG-2011-0009"),
    e.NameUnknown("step", "G99", "CG", ("G1", "G2")),
    e.MediaTypeWrong("application/json"),
    e.FormTooLong("files", 50),
    e.NotAllowed("publish_line", "CW"),
    e.SignInRefused(),
    e.SignInOver(),
    e.FactorMissing(),
    e.TooManyTries(2),
    e.InvitationOver(),
    e.NoRoleToday("zhoumin"),
    e.FormStale(),
    e.StepNotOpen("G8", "entries_at_least"),
    e.FieldMissing("G1", "place"),
    e.FieldInvalid("G1", "place", "longitude and latitude"),
    e.NotAfterTheLast("2011-07-22", "2011-07-23", "2011-07-24"),
    e.NotPermittedNow("extend", "no running clock"),
    e.NotForOneself("grant_role", "anning"),
    e.RolesApart("ADM", "AUD"),
    e.LastOfItsRole("SEC"),
    e.MustRecuse("linxiaohe"),
    e.Conflict(NIL, 3, 4),
    e.VersionMismatch(NIL, 3, 4, []),
    e.ClaimHeld("number/CG-2011-0001", NIL),
    e.NoPlaceLeft("Painting"),
    e.CommandReused(NIL),
    e.LineInvalid([("CG.yaml", 7, "unknown key", "write `by`")]),
    e.CalendarMissing(2031),
    e.AttachmentRefused("gate.png", "empty"),
    e.Unreadable("affair.step_taken.v9", NIL, 3, "unknown topic"),
    e.DistrictInUse("/srv/tenlines", (4711,), alone=True),
    e.MasterKeyMissing("/srv/tenlines/master.key"),
    e.MasterKeyWrong("/srv/tenlines/master.key"),
    e.PlaceUnusable("127.0.0.1:8000", OSError(98, "Address already in use")),
    e.StorageUnavailable("disk full"),
    e.ViewOutdated("worklist", 1, 2),
    e.OutcomeUnknown(NIL),
)


def below(kind: type[Refusal]) -> set[type[Refusal]]:
    return {kind}.union(*(below(sub) for sub in kind.__subclasses__()))


def test_every_refusal_has_an_example_here() -> None:
    ours = {kind for kind in below(Refusal) if kind.__module__ == "domain.errors"}

    assert {type(refusal) for refusal in EVERY} == ours


@pytest.mark.parametrize("refusal", EVERY, ids=lambda refusal: type(refusal).__name__)
def test_a_refusal_is_one_line_in_either_language(refusal: Refusal) -> None:
    chinese, english = sentence(refusal, "zh"), sentence(refusal, "en")

    assert "\n" not in chinese + english
    assert "{" not in chinese + english
    if not isinstance(refusal, e.LineInvalid):
        assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
        assert english.isascii()


def test_what_stands_in_the_way_is_named() -> None:
    assert "entries_at_least" in sentence(e.StepNotOpen("G8", "entries_at_least"), "zh")


def test_each_fault_of_a_file_has_its_line() -> None:
    faults = [("CG.yaml", 7, "unknown key", "write `by`"), ("CG.yaml", 9, "gone", "write it")]

    told = sentence(e.LineInvalid(faults), "en")

    assert told == "CG.yaml:7: unknown key (write `by`)\nCG.yaml:9: gone (write it)"


def test_text_with_line_breaks_stays_on_one_line() -> None:
    assert sentence(e.Malformed("file", "a\nb\r\n  c"), "en") == "file is not right: a b c"


def test_no_sentence_is_kept_for_a_refusal_that_is_gone() -> None:
    assert set(SENTENCES) <= below(Refusal)
