"""Versions of lines by the API: drafted, compared, tried, published, migrated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.web.district import District, persuading, standing
from workflows.loading import FOLDER

POLICY, CHIEF = "mengzhu", "hemei"
WHEN = "2011-07-25T16:00:00+08:00"
PERSUASION = "label: {zh: 劝导, en: Persuasion}\n    kind: stage\n    limit: {count: 1,"


def text_of(version: str = "2011.2", since: str = "2011-09-01", count: int = 3) -> str:
    """The file of CG in another version, with another limit of persuasion."""
    text = (FOLDER / "CG.yaml").read_text("utf-8")
    for old, new in (
        ('version: "2011.1"', f'version: "{version}"'),
        ("valid: {from: 2011-07-01}", f"valid: {{from: {since}}}"),
        (PERSUASION, PERSUASION.replace("count: 1", f"count: {count}")),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    return text


def body(version: str = "2011.2", **given: Any) -> dict[str, Any]:
    """What is sent to draft it."""
    return {
        "text": text_of(version, **given),
        "note": "劝导的时限放宽",
        "occurred_at": WHEN,
    }


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    """A district of the test's own."""
    with standing(tmp_path) as made:
        yield made


def drafted(district: District, version: str = "2011.2", **given: Any) -> dict[str, Any]:
    answer = district.api(POLICY, "POST", "/drafts", json=body(version, **given))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def published(district: District, version: str = "2011.2", draft: int = 1) -> Any:
    path = f"/lines/CG/versions/{version}/publication"
    return district.api(CHIEF, "POST", path, json={"draft": draft, "occurred_at": WHEN})


def test_a_text_is_drafted_listed_and_published(district: District) -> None:
    stored = drafted(district)
    listed = district.api(CHIEF, "GET", "/drafts").json()["items"]
    answer = published(district)

    assert (stored["line"], stored["line_version"], stored["version"]) == ("CG", "2011.2", 1)
    assert stored["covers"] == ["2011.1"]
    (draft,) = listed
    assert (draft["code"], draft["draft"], draft["by"]["name"]) == ("CG", 1, "孟竹")
    assert (answer.status_code, answer.json()["covers"]) == (201, ["2011.1"])
    assert district.api(CHIEF, "GET", "/drafts").json()["items"] == []
    line = district.api("suqing", "GET", "/lines/CG?on=2011-09-01").json()
    assert line["version"] == "2011.2"


def test_the_same_key_is_answered_as_before(district: District) -> None:
    key = {"Idempotency-Key": str(uuid4())}

    first = district.api(POLICY, "POST", "/drafts", key, json=body())
    again = district.api(POLICY, "POST", "/drafts", key, json=body())

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["repeated"] is True
    assert len(district.api(POLICY, "GET", "/drafts").json()["items"]) == 1


def test_whoever_had_read_another_draft_is_told(district: District) -> None:
    drafted(district)
    answer = district.api(POLICY, "POST", "/drafts", {"If-Match": '"7"'}, json=body())
    second = district.api(POLICY, "POST", "/drafts", {"If-Match": '"1"'}, json=body())
    stale = published(district, draft=1)

    assert (answer.status_code, answer.json()["actual"]) == (412, 1)
    assert second.json()["version"] == 2
    assert stale.status_code == 412
    assert published(district, draft=2).status_code == 201


def test_every_fault_of_a_text_is_told_with_its_line(district: District) -> None:
    text = text_of().replace("    to: persuading\n", "    to: nowhere\n")
    line = text.splitlines().index("    to: nowhere") + 1
    head = district.house.log.head()

    answer = district.api(POLICY, "POST", "/drafts", json={**body(), "text": text})
    chinese = district.api(
        POLICY, "POST", "/drafts", {"Accept-Language": "zh"}, json={**body(), "text": text}
    )

    assert answer.status_code == 422
    assert answer.json()["type"].endswith("line-invalid")
    faults = answer.json()["faults"]
    assert line in [one["line"] for one in faults]
    assert all(one["remedy"] for one in faults)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese.json()["faults"][0]["wrong"])
    assert district.house.log.head() == head


@pytest.mark.parametrize(
    "text", ["", "- 1\n", "a: &b 1\nc: *b\n", "\tx", "{" * 5_000, "a: [" * 900]
)
def test_what_is_no_line_file_is_refused(district: District, text: str) -> None:
    answer = district.api(POLICY, "POST", "/drafts", json={**body(), "text": text})

    assert answer.status_code == 422


def test_a_difference_is_told_in_the_readers_words(district: District) -> None:
    drafted(district)
    path = "/lines/CG/differences?new=2011.2"

    english = district.api(CHIEF, "GET", path, {"Accept-Language": "en"}).json()
    chinese = district.api(CHIEF, "GET", f"{path}&old=2011.1", {"Accept-Language": "zh"}).json()

    assert (english["old"], english["new"]) == ("2011.1", "2011.2")
    (limit,) = [one for one in english["items"] if one["part"] == "limit"]
    assert (limit["was"], limit["now"]) == ("1 working day", "3 working days")
    assert ("劝导", "1 个工作日", "3 个工作日") in [
        (one["what"], one["was"], one["now"]) for one in chinese["items"]
    ]


def test_published_versions_are_public_and_drafts_are_not(district: District) -> None:
    drafted(district)

    public = district.api("suqing", "GET", "/lines/CG/differences?new=2011.1&old=2011.1")
    draft = district.api("suqing", "GET", "/lines/CG/differences?new=2011.2")
    none = district.api(CHIEF, "GET", "/lines/CG/differences?new=2011.9")

    assert (public.status_code, public.json()["items"]) == (200, [])
    assert (draft.status_code, none.status_code) == (403, 404)


DAYS = "from=2011-07-01&to=2011-07-31"


def test_a_trial_counts_all_and_names_what_the_asker_may_view(district: District) -> None:
    number = persuading(district)
    drafted(district, count=0)
    head = district.house.log.head()
    path = f"/lines/CG/versions/2011.2/trial?{DAYS}"

    chief = district.api(CHIEF, "GET", path).json()
    policy = district.api(POLICY, "GET", path).json()

    assert (chief["registered"], chief["tried"], chief["differ"]) == (1, 1, 1)
    (one,) = chief["affairs"]
    assert one["number"] == number
    assert [moved["clock"] for moved in one["moved"]] == ["persuading"]
    # Policy staff view no affair.
    assert {**policy, "affairs": []} == {**chief, "affairs": []}
    assert policy["affairs"] == []
    assert district.house.log.head() == head


def test_a_trial_needs_days_in_their_order(district: District) -> None:
    drafted(district)

    answer = district.api(
        CHIEF, "GET", "/lines/CG/versions/2011.2/trial?from=2011-08-01&to=2011-07-01"
    )

    assert (answer.status_code, answer.json()["field"]) == (422, "to")


def test_a_dry_run_tells_and_the_real_one_moves(district: District) -> None:
    number = persuading(district)
    drafted(district, since="2011-07-25")
    published(district)
    path, head = "/lines/CG/versions/2011.2/migration", district.house.log.head()

    dry = district.api(CHIEF, "GET", path).json()
    assert district.house.log.head() == head
    real = district.api(CHIEF, "POST", path, json={"reason": "按新的时限办理"}).json()
    again = district.api(CHIEF, "POST", path, json={"reason": "按新的时限办理"}).json()

    assert [one["number"] for one in dry["affairs"]] == [number]
    assert (dry["move"], dry["stay"], dry["left"]) == (1, 0, 0)
    assert real == dry
    assert (again["move"], again["affairs"]) == (0, [])
    history = district.api("zhoumin", "GET", f"/affairs/{number}/history").json()["items"]
    assert history[-1]["topic"] == "affair.procedure_migrated.v1"


def test_a_draft_binds_nobody_and_nobody_is_moved_to_it(district: District) -> None:
    persuading(district)
    drafted(district)

    answer = district.api(CHIEF, "GET", "/lines/CG/versions/2011.2/migration")

    assert answer.status_code == 404


def test_whoever_drafted_it_does_not_publish_it(district: District) -> None:
    drafted(district)
    path = "/lines/CG/versions/2011.2/publication"

    answer = district.api(POLICY, "POST", path, json={"draft": 1, "occurred_at": WHEN})

    assert (answer.status_code, answer.json()["action"]) == (403, "publish_line")
