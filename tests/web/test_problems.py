"""Every refusal has its answer, in both languages, as JSON to programs and a page to people."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter
from uuid import UUID

import pytest

from domain import errors as e
from domain.errors import Refusal
from tests.web.district import District
from web.problems import problem_of
from web.refusals import TABLE, Kind, kind_of
from web.words import words_of

NIL = UUID(int=0)


def family(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """The refusal and all that descend from it."""
    yield kind
    for child in kind.__subclasses__():
        yield from family(child)


def lacking(table: dict[type[Refusal], Kind]) -> list[str]:
    """Refusals without a row of their own."""
    return sorted({kind.__name__ for kind in family() if kind not in table})


def test_no_refusal_lacks_a_row() -> None:
    assert lacking(TABLE) == []


def test_a_refusal_without_a_row_is_caught() -> None:
    assert lacking({kind: row for kind, row in TABLE.items() if kind is not e.ClaimHeld}) == [
        "ClaimHeld"
    ]


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_a_row_says_the_same_in_both_languages(kind: type[Refusal]) -> None:
    row = TABLE[kind]

    assert row.zh
    assert row.en
    assert 400 <= row.status <= 599
    assert bool(row.detail_zh) == bool(row.detail_en)
    assert fields(row.detail_zh) == fields(row.detail_en)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


EXAMPLES: list[tuple[Refusal, int]] = [
    (Refusal(), 409),
    (e.Malformed("area", "not asked for"), 422),
    (e.NotFound("affair", "CG-2011-0001"), 404),
    (e.NameUnknown("step", "G99", "CG", ("G1", "G2")), 404),
    (e.MediaTypeWrong("application/json"), 415),
    (e.FormTooLong("files", 50), 413),
    (e.NotAllowed("work_affair", "AUD"), 403),
    (e.SignInRefused(), 401),
    (e.SignInOver(), 401),
    (e.FactorMissing(), 403),
    (e.TooManyTries(2), 429),
    (e.InvitationOver(), 410),
    (e.NoRoleToday("zhoumin"), 403),
    (e.FormStale(), 403),
    (e.StepNotOpen("G8", "entries_at_least"), 409),
    (e.FieldMissing("G1", "place"), 422),
    (e.FieldInvalid("G1", "place", "a text"), 422),
    (e.NotAfterTheLast("then", None, "now"), 422),
    (e.NotPermittedNow("suspend", "suspended already"), 409),
    (e.NotForOneself("grant_role", "anning"), 403),
    (e.RolesApart("ADM", "AUD"), 409),
    (e.LastOfItsRole("ADM"), 409),
    (e.MustRecuse("linxiaohe"), 409),
    (e.Conflict(NIL, 1, 2), 409),
    (e.VersionMismatch(NIL, 1, 2, ()), 412),
    (e.ClaimHeld("visit/…", NIL), 409),
    (e.NoPlaceLeft("书法课"), 409),
    (e.CommandReused(NIL), 409),
    (e.LineInvalid([("CG.yaml", 3, "wrong", "right")]), 422),
    (e.CalendarMissing(2027), 409),
    (e.AttachmentRefused("x.gif", "empty"), 422),
    (e.Unreadable("affair.registered.v1", NIL, 1, "secret details"), 500),
    (e.StorageUnavailable("disk full at /var/lib"), 503),
    (e.ViewOutdated("worklist", 1, 2), 503),
    (e.PlaceUnusable("var", "Permission denied"), 503),
    (e.MasterKeyMissing("master.key"), 503),
    (e.MasterKeyWrong("master.key"), 503),
    (e.DistrictInUse("/srv/tenlines", (), alone=False), 503),
    (e.OutcomeUnknown(NIL), 503),
]


def test_there_is_an_example_of_each() -> None:
    assert {type(refusal) for refusal, _ in EXAMPLES} == set(family())


@pytest.mark.parametrize(("refusal", "status"), EXAMPLES, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_answer_names_what_stands_in_the_way(
    refusal: Refusal, status: int, language: str
) -> None:
    body = problem_of(refusal, words_of("zh" if language == "zh" else "en")).body()

    assert body["type"] == f"urn:tenlines:problem:{refusal.code}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert "{" not in body["detail"]
    # Nothing of how the house is built, and nothing that tells what lies out of reach.
    assert not {"/var/lib", "secret details", "CG-2011-0001"} & set(str(body).split("'"))


def test_what_can_be_tried_again_says_when() -> None:
    assert problem_of(e.StorageUnavailable("x"), words_of("zh")).headers["Retry-After"]
    assert not problem_of(e.NotFound("x", 1), words_of("zh")).headers


def test_a_refusal_to_come_is_answered_as_its_nearest_ancestor() -> None:
    class Later(e.VersionMismatch):
        """A refusal that the table does not know."""

    try:
        assert kind_of(Later) is TABLE[e.VersionMismatch]
    finally:
        # The family is walked by other tests: this one must not stay in it.
        del Later
        import gc

        gc.collect()


def test_programs_get_json_and_people_a_page(district: District) -> None:
    to_program = district.api("linxiaohe", "GET", "/affairs/CG-1999-0001")
    to_person = district.page("linxiaohe", "/affairs/CG-1999-0001")

    assert to_program.status_code == to_person.status_code == 404
    assert to_program.headers["content-type"] == "application/problem+json"
    assert to_person.headers["content-type"].startswith("text/html")
    assert "没有找到" in to_program.json()["title"]
    assert "没有找到" in to_person.text


@pytest.mark.parametrize(
    ("accept", "title"),
    [
        ("", "没有找到"),
        ("en", "Not found"),
        ("en-GB,zh;q=0.5", "Not found"),
        ("zh-TW,en;q=0.9", "没有找到"),
        ("fr", "没有找到"),
        ("en;q=0, zh", "没有找到"),
        ("de,en;q=x;;,,=", "没有找到"),
    ],
)
def test_the_reader_chooses_the_language(district: District, accept: str, title: str) -> None:
    answer = district.api("linxiaohe", "GET", "/affairs/CG-1999-0001", {"Accept-Language": accept})

    assert answer.json()["title"] == title


def test_what_http_refuses_is_answered_alike(district: District) -> None:
    client = district.client

    assert client.get("/api/v1/nowhere").json()["type"] == "urn:tenlines:problem:not-found"
    wrong = client.delete("/api/v1/affairs")
    assert wrong.status_code == 405
    assert wrong.headers["content-type"] == "application/problem+json"
    assert wrong.headers["allow"] == "GET, POST"
    assert client.get("/nowhere").headers["content-type"].startswith("text/html")
