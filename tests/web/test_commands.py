"""Commands over HTTP: each works, and is refused to the wrong method, people, place and twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.web.district import (
    NEIGHBOURS,
    SANITATION,
    THEIR_AREA,
    District,
    doing,
    persuading,
    registration,
)

HOUSEHOLD = "01314f7f-c980-7000-a25b-50f4a95e7e9f"


def visit(**changes: Any) -> dict[str, Any]:
    """What is sent to record a visit; each to a household of its own."""
    return {
        "household": str(uuid4()),
        "area": "370103008001-01",
        "light": "yellow",
        "kind": "routine",
        "outcome": "met",
        "started_at": "2011-07-22T09:40:00+08:00",
        "ended_at": "2011-07-22T09:55:00+08:00",
        "interviewee": "张桂芬",
        "heard": "门口有废品",
        "findings": ["complaint"],
        **changes,
    }


@dataclass(frozen=True)
class Action:
    """A command over HTTP.

    path: from an affair's number. body: what is sent. by: who may. barred: a role that may not
    do it to anything. stranger: somebody with the right, elsewhere.
    """

    name: str
    path: Callable[[str], str]
    body: Callable[[], dict[str, Any]]
    by: str
    barred: str
    stranger: str
    made: int = 200


ACTIONS = [
    Action("register", lambda _: "/affairs", registration, "linxiaohe", "bailu", "wanglei", 201),
    Action(
        "step",
        lambda affair: f"/affairs/{affair}/steps/G6",
        lambda: doing(
            "07-22 15:00",
            held_at="2011-07-22T15:00:00+08:00",
            partners="环卫人员",
            result="ineffective",
        ),
        "linxiaohe",
        "bailu",
        "wanglei",
    ),
    Action(
        "entry",
        lambda affair: f"/affairs/{affair}/entries/persuasion",
        lambda: doing("07-22 16:00", result="ineffective"),
        "linxiaohe",
        "bailu",
        "wanglei",
    ),
    Action(
        "action",
        lambda affair: f"/affairs/{affair}/actions/open_joint",
        lambda: doing("07-22 16:00", unit=SANITATION),
        "zhoumin",
        "bailu",
        "sunping",
    ),
    Action("visit", lambda _: "/visits", visit, "linxiaohe", "suqing", "wanglei", 201),
]


@pytest.fixture(params=ACTIONS, ids=lambda action: action.name)
def action(request: pytest.FixtureRequest) -> Action:
    """Each command in turn."""
    found: Action = request.param
    return found


def test_it_works(district: District, action: Action) -> None:
    affair = persuading(district)

    answer = district.api(action.by, "POST", action.path(affair), json=action.body())

    assert answer.status_code == action.made, answer.text
    receipt = answer.json()
    assert receipt["position"] == district.house.log.head()
    assert receipt["repeated"] is False
    UUID(receipt["command_id"])


def test_another_method_is_refused(district: District, action: Action) -> None:
    affair = persuading(district)

    answer = district.api(action.by, "PUT", action.path(affair), json=action.body())

    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_role_without_the_right_is_refused(district: District, action: Action) -> None:
    affair = persuading(district)
    head = district.house.log.head()

    there = district.api(action.barred, "POST", action.path(affair), json=action.body())
    missing = district.api(action.barred, "POST", action.path("CG-1999-0001"), json=action.body())

    assert there.status_code == missing.status_code == 403
    # Nor does the answer tell whether there is such an affair.
    assert there.json() == missing.json()
    assert district.house.log.head() == head


def test_nobody_is_refused(district: District, action: Action) -> None:
    path = f"/api/v1{action.path('CG-1999-0001')}"

    for headers in ({}, {"Authorization": "Bearer guess"}, {"Authorization": "Basic eDp5"}):
        answer = district.client.post(path, json=action.body(), headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_cookie_does_not_open_the_api(district: District, action: Action) -> None:
    answer = district.client.post(
        f"/api/v1{action.path('CG-1999-0001')}",
        json=action.body(),
        headers={"Cookie": f"tenlines={district.cookies[action.by]}"},
    )

    assert answer.status_code == 401


def test_a_stranger_learns_nothing(district: District, action: Action) -> None:
    affair = persuading(district)
    head = district.house.log.head()

    there = district.api(action.stranger, "POST", action.path(affair), json=action.body())
    missing = district.api(action.stranger, "POST", action.path("CG-1999-0001"), json=action.body())

    assert there.status_code == 404
    assert district.house.log.head() == head
    if "{" not in action.path("{"):
        return
    assert there.json() == missing.json()


def test_the_same_again_gets_the_first_answer(district: District, action: Action) -> None:
    affair, body = persuading(district), action.body()
    key = {"Idempotency-Key": str(district.house.new_id())}

    first = district.api(action.by, "POST", action.path(affair), key, json=body)
    again = district.api(action.by, "POST", action.path(affair), key, json=body)

    assert first.status_code == action.made
    assert again.status_code == 200
    assert again.json() == first.json() | {"repeated": True}


def test_the_same_key_with_another_request_is_refused(district: District, action: Action) -> None:
    affair, key = persuading(district), {"Idempotency-Key": "monday-1"}
    body = action.body()
    first = district.api(action.by, "POST", action.path(affair), key, json=body)
    head = district.house.log.head()

    other = body | {"occurred_at": "2011-07-22T16:05:00+08:00"}
    if action.name == "visit":
        other = body | {"heard": "另一番话"}
    answer = district.api(action.by, "POST", action.path(affair), key, json=other)

    assert first.status_code in (action.made, 409)
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:tenlines:problem:command-reused"
    assert district.house.log.head() == head


def test_keys_are_each_askers_own(district: District) -> None:
    key = {"Idempotency-Key": "tuesday-1"}

    mine = district.api("linxiaohe", "POST", "/affairs", key, json=registration())
    theirs = district.api("zhoumin", "POST", "/affairs", key, json=registration())

    assert mine.status_code == theirs.status_code == 201
    assert mine.json()["affair_id"] != theirs.json()["affair_id"]
    assert mine.json()["command_id"] != theirs.json()["command_id"]


@pytest.mark.parametrize("key", ["a b", "", "x" * 201, "\x7f"])
def test_a_key_that_is_none_is_refused(district: District, key: str) -> None:
    answer = district.api(
        "linxiaohe", "POST", "/affairs", {"Idempotency-Key": key}, json=registration()
    )

    assert answer.status_code == 422
    assert answer.json()["field"] == "Idempotency-Key"
    assert "1 至 200 个可见的 ASCII 字符" in answer.json()["detail"]


# --- registration ------------------------------------------------------------------------------


def test_a_registration_answers_with_the_number_and_where_it_is(district: District) -> None:
    answer = district.api("linxiaohe", "POST", "/affairs", json=registration())

    receipt = answer.json()
    assert receipt["number"].startswith("CG-2011-")
    assert receipt["version"] == 1
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"/api/v1/affairs/{receipt['affair_id']}"
    found = district.api("linxiaohe", "GET", f"/affairs/{receipt['affair_id']}")
    assert found.json()["number"] == receipt["number"]
    assert found.json()["assignee"] == {"account": "linxiaohe", "name": "林晓禾"}


def test_an_affair_needs_a_place(district: District) -> None:
    answer = district.api("linxiaohe", "POST", "/affairs", json=registration(area=""))

    assert answer.status_code == 422
    assert answer.json()["field"] == "area"


def test_an_affair_of_another_community_cannot_be_registered(district: District) -> None:
    for place in ({"area": THEIR_AREA}, {"area": "", "community": NEIGHBOURS}):
        answer = district.api("zhoumin", "POST", "/affairs", json=registration(**place))
        assert answer.status_code == 404


def test_ids_that_are_made_for_a_key_grow_with_time(district: District) -> None:
    keys = [str(district.house.new_id()) for _ in range(3)]

    made = [
        district.api(
            "linxiaohe", "POST", "/affairs", {"Idempotency-Key": key}, json=registration()
        ).json()["affair_id"]
        for key in keys
    ]

    # The first 48 bits are the key's time.
    assert [one[:13] for one in made] == [key[:13] for key in keys]
    assert all(UUID(one).version == 7 for one in made)
    assert not set(made) & set(keys)


# --- versions ----------------------------------------------------------------------------------


def test_a_stale_version_is_refused_with_what_changed_and_by_whom(district: District) -> None:
    affair = district.registered()["number"]
    body = doing("07-22 10:30", place="116.99,36.65", note="占道三米")
    district.api("linxiaohe", "POST", f"/affairs/{affair}/steps/G1", json=body)

    answer = district.api(
        "zhoumin",
        "POST",
        f"/affairs/{affair}/steps/G4",
        {"If-Match": '"1"'},
        json=doing("07-22 10:50"),
    )

    assert answer.status_code == 412
    problem = answer.json()
    assert (problem["expected"], problem["actual"]) == (1, 2)
    (meanwhile,) = problem["since"]
    assert meanwhile["what"] == "G1"
    assert meanwhile["by"] == {"account": "linxiaohe", "name": "林晓禾"}
    assert {"name": "note", "kind": "note", "value": "占道三米"} in meanwhile["record"]


def test_the_version_that_was_read_passes(district: District) -> None:
    affair = district.registered()["number"]
    read = district.api("linxiaohe", "GET", f"/affairs/{affair}").headers["etag"]

    answer = district.api(
        "linxiaohe",
        "POST",
        f"/affairs/{affair}/steps/G1",
        {"If-Match": read},
        json=doing("07-22 10:30", place="116.99,36.65"),
    )

    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'


@pytest.mark.parametrize("version", ["7", '"x"', 'W/"1"', '"1", "2"', '"-1"', '"9" '])
def test_a_version_that_is_none_is_refused(district: District, version: str) -> None:
    affair = district.registered()["number"]

    answer = district.api(
        "linxiaohe",
        "POST",
        f"/affairs/{affair}/steps/G1",
        {"If-Match": version},
        json=doing("07-22 10:30", place="116.99,36.65"),
    )

    assert answer.status_code == (412 if version == '"9" ' else 422)


def test_a_repeated_command_is_answered_whatever_has_changed_since(district: District) -> None:
    affair = district.registered()["number"]
    headers = {"If-Match": '"1"', "Idempotency-Key": "wednesday-1"}
    body = doing("07-22 10:30", place="116.99,36.65")
    path = f"/affairs/{affair}/steps/G1"
    first = district.api("linxiaohe", "POST", path, headers, json=body)
    district.done("zhoumin", affair, "steps/G4", "07-22 10:50")

    again = district.api("linxiaohe", "POST", path, headers, json=body)

    assert again.status_code == 200
    assert again.json() == first.json() | {"repeated": True}


# --- refusals of the procedure -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "deed", "what", "some"),
    [
        ("linxiaohe", "steps/G99", ("step", "步骤"), ("G8", "X9")),
        ("linxiaohe", "entries/nothing", ("entry", "记事"), ("persuasion", "supplement")),
        ("zhoumin", "actions/nothing", ("action", "动作"), ("refer", "suspend")),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_name_that_the_line_does_not_have_is_not_found_and_those_it_has_are_told(
    district: District,
    by: str,
    deed: str,
    what: tuple[str, str],
    some: tuple[str, ...],
    language: str,
) -> None:
    affair = persuading(district)
    head = district.house.log.head()

    answer = district.api(
        by,
        "POST",
        f"/affairs/{affair}/{deed}",
        {"Accept-Language": language},
        json=doing("07-22 16:00", result="effective"),
    )

    told = answer.json()
    assert answer.status_code == 404, answer.text
    assert told["type"] == "urn:tenlines:problem:name-unknown"
    assert (told["what"], told["key"], told["line"]) == (what[0], deed.partition("/")[2], "CG")
    assert set(some) <= set(told["known"].split(", "))
    assert all(name in told["detail"] for name in (told["key"], what[language == "zh"], *some))
    assert district.house.log.head() == head


def test_a_name_is_told_only_to_who_may_use_one(district: District) -> None:
    answer = district.api(
        "bailu", "POST", f"/affairs/{persuading(district)}/steps/G99", json=doing("07-22 16:00")
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("language", "told"), [("zh", ("转办 现在", "已有转办")), ("en", ("refer is", "open already"))]
)
def test_a_second_referral_is_refused_by_its_own_name_and_reason(
    district: District, language: str, told: tuple[str, ...]
) -> None:
    affair = persuading(district)
    district.done("zhoumin", affair, "actions/refer", "07-22 14:00", unit=SANITATION, reason="清运")
    head = district.house.log.head()

    answer = district.api(
        "zhoumin",
        "POST",
        f"/affairs/{affair}/actions/refer",
        {"Accept-Language": language},
        json=doing("07-22 16:00", unit=SANITATION, reason="再转"),
    )

    assert answer.status_code == 409
    assert answer.json()["action"] == "refer"
    assert all(part in answer.json()["detail"] for part in told), answer.text
    assert district.house.log.head() == head


@pytest.mark.parametrize(
    ("by", "deed", "record", "status", "because"),
    [
        ("zhoumin", "steps/G8", {}, 409, "entries_at_least"),
        ("linxiaohe", "steps/G16", {}, 409, "state"),
        ("suqing", "steps/G6", {}, 409, "role"),
        ("zhoumin", "actions/suspend", {"cause": "court"}, 409, "suspendable"),
        ("zhoumin", "actions/sign_in", {}, 409, "referral_open"),
        ("linxiaohe", "entries/persuasion", {"result": "perhaps"}, 422, "one of"),
        ("linxiaohe", "entries/persuasion", {"result": "effective", "x": 1}, 422, "not asked for"),
    ],
)
def test_what_is_not_open_is_refused_with_what_stands_in_the_way(
    district: District, by: str, deed: str, record: dict[str, Any], status: int, because: str
) -> None:
    affair = persuading(district)
    head = district.house.log.head()

    answer = district.api(
        by, "POST", f"/affairs/{affair}/{deed}", json=doing("07-22 16:00", **record)
    )

    assert answer.status_code == status, answer.text
    assert answer.json()["because"].startswith(because)
    assert district.house.log.head() == head


def test_what_is_missing_is_named(district: District) -> None:
    affair = district.registered()["number"]

    answer = district.api(
        "linxiaohe", "POST", f"/affairs/{affair}/steps/G1", json=doing("07-22 10:30")
    )

    assert answer.status_code == 422
    assert answer.json()["step"] == "G1"
    assert answer.json()["field"] == "place"


@pytest.mark.parametrize("when", ["07-22 10:00", "07-26 09:00"])
def test_nothing_happens_before_the_last_or_after_now(district: District, when: str) -> None:
    affair = persuading(district)

    answer = district.api(
        "linxiaohe",
        "POST",
        f"/affairs/{affair}/entries/persuasion",
        json=doing(when, result="effective"),
    )

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:tenlines:problem:not-after-the-last"


def test_a_household_has_one_counted_visit_a_day(district: District) -> None:
    first = district.api("linxiaohe", "POST", "/visits", json=visit(household=HOUSEHOLD))
    second = district.api("linxiaohe", "POST", "/visits", json=visit(household=HOUSEHOLD))

    assert first.status_code == 201
    assert second.status_code == 409
    assert second.json()["type"] == "urn:tenlines:problem:claim-held"
    # Whose visit it is, is nobody's business who did not make it.
    assert HOUSEHOLD not in second.text
    assert first.json()["visit_id"] not in second.text


def test_who_prefers_to_wait_is_answered_when_the_views_are_level(district: District) -> None:
    following = threading.Event()

    def follow() -> None:
        while not following.wait(0.01):
            district.follow()

    worker = threading.Thread(target=follow)
    worker.start()
    try:
        answer = district.api(
            "linxiaohe", "POST", "/affairs", {"Prefer": "wait"}, json=registration()
        )
    finally:
        following.set()
        worker.join()

    assert answer.headers["preference-applied"] == "wait"
    assert district.house.follower.position() >= answer.json()["position"]


def test_who_cannot_wait_so_long_is_answered_all_the_same(district: District) -> None:
    answer = district.api(
        "linxiaohe", "POST", "/affairs", {"Prefer": "respond-async, wait=0"}, json=registration()
    )

    assert answer.status_code == 201
    assert "preference-applied" not in answer.headers


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", "劝导结果；G6 再次劝导"), ("en", "Result of persuasion; G6 Persuade again")],
)
def test_g8_without_a_failed_attempt_names_the_entry_and_how_many(
    district: District, language: str, told: str
) -> None:
    answer = district.api(
        "zhoumin",
        "POST",
        f"/affairs/{persuading(district)}/steps/G8",
        {"Accept-Language": language},
        json=doing("07-22 16:00"),
    )

    [missing] = answer.json()["missing"]
    assert missing["guard"] == "entries_at_least"
    assert [one["code"] for one in missing["named"]] == ["persuasion", "G6", "result"]
    assert missing["counts"] == [{"of": "times", "limit": "at_least", "need": 1, "have": 0}]
    assert told in answer.json()["detail"]


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "须写明并入哪一件"), ("en", "has to name the affair")]
)
def test_a_duplicate_that_names_no_other_affair_is_refused_in_words_of_its_own(
    district: District, language: str, told: str
) -> None:
    affair = persuading(district)
    head = district.house.log.head()

    answer = district.api(
        "zhoumin",
        "POST",
        f"/affairs/{affair}/steps/X9",
        {"Accept-Language": language},
        json=doing("07-22 16:00", ground="duplicate", reason="与前一件重复"),
    )

    assert answer.status_code == 409
    assert told in answer.json()["detail"]
    assert "merged_into" in answer.json()["detail"]
    assert district.house.log.head() == head
