"""Sessions over the API: read, opened, resized, cancelled, each once and at the version read."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from adapters.worker import Worker
from domain.offering import Offering
from tests.web.district import AREA, COMMUNITY, NEIGHBOURS, RESIDENT, District, at
from tests.web.test_offerings import enrolled, opened, school
from tests.web.test_openapi import mismatches
from workflows.booking import offering_of

__all__ = ["school"]

NOW = "2011-07-25T16:05:00+08:00"


def asked(**changed: Any) -> dict[str, Any]:
    """What is sent to open a session."""
    return {
        "matter": "WT01",
        "unit": COMMUNITY,
        "title": "书法课",
        "venue": "社区活动室",
        "capacity": 20,
        "standby": 5,
        "starts_at": at("07-29 09:00").isoformat(),
        "ends_at": at("07-29 11:00").isoformat(),
        "occurred_at": NOW,
        **changed,
    }


def sent(
    district: District, path: str, body: dict[str, Any], by: str = "zhoumin", **headers: str
) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return district.api(by, "POST", f"/offerings{path}", json=body, headers=named)


def size(capacity: int, standby: int = 1) -> dict[str, Any]:
    return {"capacity": capacity, "standby": standby, "occurred_at": NOW}


ENDED = {"reason": "老师生病", "occurred_at": NOW}


def stands(district: District, session: UUID) -> Offering:
    return offering_of(district.house.desk, session)[0]


def test_a_session_is_opened_once(school: District) -> None:
    first = sent(school, "", asked(), Idempotency_Key="brush-1")
    again = sent(school, "", asked(), Idempotency_Key="brush-1")
    other = sent(school, "", asked(title="国画课"), Idempotency_Key="brush-1")

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert other.json()["type"].endswith(":command-reused")
    receipt = first.json()
    assert again.json() == {**receipt, "repeated": True}
    assert first.headers["location"] == f"/api/v1/offerings/{receipt['offering_id']}"
    assert first.headers["etag"] == '"1"'
    assert stands(school, UUID(receipt["offering_id"])).title == "书法课"


def test_a_list_tells_those_to_come_the_next_one_first(school: District) -> None:
    later = opened(school, title="国画课", starts_at=at("07-30 09:00"), ends_at=at("07-30 11:00"))
    first = opened(school, title="书法课", capacity=3)
    opened(school, title="邻居课", unit=NEIGHBOURS)
    gone = opened(school, title="剪纸课")
    sent(school, f"/{gone}/cancel", ENDED)
    enrolled(school, first)
    Worker(school.house).drain()

    def told(query: str = "") -> list[str]:
        answer = school.api("suqing", "GET", f"/offerings{query}")
        return [one["id"] for one in answer.json()["items"]]

    assert told() == [str(first), str(later)]
    assert set(told("?cancelled=true")) == {str(first), str(later), str(gone)}
    assert told("?matter=WT02") == []
    assert told("?since=2011-07-29T12:00:00%2B08:00") == [str(later)]
    assert told(f"?unit={COMMUNITY}") == told()
    assert school.api("suqing", "GET", "/offerings?unit=370199").status_code == 404
    (one, _) = school.api("suqing", "GET", "/offerings").json()["items"]
    assert {name: one[name] for name in ("held", "kept", "waiting", "left", "capacity")} == {
        "held": 1, "kept": 0, "waiting": 0, "left": 2, "capacity": 3,
    }  # fmt: skip
    assert one["matter_name"] == {"zh": "活动课堂报名", "en": "Enrolment in a session"}


def test_one_tells_who_has_a_place_and_who_waits(school: District) -> None:
    session = opened(school, capacity=1, standby=2)
    numbers = [enrolled(school, session) for _ in range(3)]
    Worker(school.house).drain()

    answer = school.api("suqing", "GET", f"/offerings/{session}")
    told, text = answer.json(), answer.text
    elsewhere = school.api("linxiaohe", "GET", f"/offerings/{session}").json()

    assert [one["number"] for one in told["holders"]["items"]] == numbers[:1]
    queue = [(one["rank"], one["number"], one["applicant"]) for one in told["queue"]["items"]]
    assert queue == [(1, numbers[1], "张*"), (2, numbers[2], "张*")]
    assert RESIDENT not in text
    # An affair of the whole community lies in no worker's area.
    assert (elsewhere["queue"], elsewhere["waiting"]) == ({"items": [], "others": 2}, 2)
    tag = answer.headers["etag"]
    same = school.api("suqing", "GET", f"/offerings/{session}", {"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")


def test_a_change_holds_at_the_version_read_only(school: District) -> None:
    session = opened(school, capacity=2)
    path = f"/{session}/resize"
    assert sent(school, path, size(3), If_Match='"1"').headers["etag"] == '"2"'

    stale = sent(school, path, size(4), If_Match='"1"')

    assert stale.status_code == 412
    told = stale.json()
    assert (told["expected"], told["actual"]) == (1, 2)
    assert [one["topic"] for one in told["since"]] == ["offering.resized.v1"]
    assert stands(school, session).capacity == 3
    assert sent(school, path, size(4)).status_code == 200


def test_a_change_sent_again_does_nothing(school: District) -> None:
    session = opened(school)
    for deed, body in (("resize", size(5)), ("cancel", ENDED)):
        first = sent(school, f"/{session}/{deed}", body, Idempotency_Key=f"{deed}-1")
        again = sent(school, f"/{session}/{deed}", body, Idempotency_Key=f"{deed}-1")
        assert first.status_code == again.status_code == 200
        assert again.json() == {**first.json(), "repeated": True}

    told = school.api("zhoumin", "GET", f"/offerings/{session}").json()
    assert (told["cancelled"], told["reason"], told["capacity"]) == (True, "老师生病", 5)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"unit": AREA}, "unit"),
        ({"matter": "WT03"}, "matter"),
        ({"matter": "CG01"}, "matter"),
        ({"title": " "}, "title"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 20.5}, "capacity"),
        ({"standby": 10_001}, "standby"),
        ({"starts_at": NOW}, "starts_at"),
        ({"ends_at": at("07-29 09:00").isoformat()}, "ends_at"),
        ({"occurred_at": "2011-07-25T17:00:00+08:00"}, "occurred_at"),
        ({"more": 1}, "more"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    school: District, changed: dict[str, Any], field: str
) -> None:
    head = school.house.log.head()

    answer = sent(school, "", asked(**changed))

    assert answer.status_code == 422
    told = answer.json()
    assert (told.get("field") or "occurred_at") == field
    assert school.house.log.head() == head


def test_nobody_loses_what_they_have(school: District) -> None:
    session = opened(school, capacity=2)
    for _ in range(2):
        enrolled(school, session)
    Worker(school.house).drain()

    answer = sent(school, f"/{session}/resize", size(1))

    assert answer.status_code == 422
    assert answer.json()["field"] == "capacity"
    assert "2 至 10000" in answer.json()["detail"]


def test_what_has_begun_or_was_cancelled_is_changed_no_more(school: District) -> None:
    session, other = opened(school), opened(school)
    sent(school, f"/{other}/cancel", ENDED)
    cancelled = sent(school, f"/{other}/resize", size(3))
    school.clock.at = at("07-29 09:30")

    # Whoever says that it was yesterday changes what has begun all the same.
    begun = sent(school, f"/{session}/cancel", ENDED)

    for answer in (cancelled, begun):
        assert answer.status_code == 409
        assert answer.json()["type"].endswith(":not-permitted-now")
        assert "已开始或已取消" in answer.json()["detail"]
    assert not stands(school, session).cancelled


def test_a_stranger_learns_nothing(school: District) -> None:
    session = opened(school)

    for path, body in (("resize", size(3)), ("cancel", ENDED)):
        there = sent(school, f"/{session}/{path}", body, by="sunping")
        gone = sent(school, f"/{uuid4()}/{path}", body, by="sunping")
        barred = sent(school, f"/{session}/{path}", body, by="linxiaohe")
        assert (there.status_code, barred.status_code) == (404, 403)
        assert there.json() == gone.json()
    assert sent(school, "/x/cancel", ENDED).status_code == 422


def test_answers_are_of_the_shape_that_is_described(school: District) -> None:
    session = opened(school)
    enrolled(school, session)
    described = school.client.get("/api/openapi.json").json()

    for path, template in (
        ("/offerings", "/offerings"),
        (f"/offerings/{session}", "/offerings/{offering}"),
    ):
        answer = school.api("suqing", "GET", path).json()
        ok = described["paths"][f"/api/v1{template}"]["get"]["responses"]["200"]
        assert mismatches(answer, ok["content"]["application/json"]["schema"], described) == []
    stored = sent(school, "", asked()).json()
    schema = described["components"]["schemas"]["OfferingStored"]
    assert mismatches(stored, schema, described) == []
