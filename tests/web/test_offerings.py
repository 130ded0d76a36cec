"""A place in a session, through the pages: chosen at intake, offered when it is free, answered."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from adapters.worker import Worker
from domain.actor import SYSTEM
from domain.commands import OpenOffering, PublishLine
from tests.web.district import COMMUNITY, FOUNDED, NEIGHBOURS, District, at, registration
from workflows.loading import FOLDER, load
from workflows.publication import defined


@pytest.fixture
def school(fresh: District) -> District:
    """The district with line WT."""
    house = fresh.house
    house.desk.run(
        PublishLine(
            command_id=house.new_id(),
            by=SYSTEM,
            occurred_at=FOUNDED,
            **defined(load(FOLDER / "WT.yaml")),
        )
    )
    house.reference.refresh()
    return fresh


def opened(district: District, **given: Any) -> UUID:
    """A class of one place."""
    house = district.house
    asked: dict[str, Any] = {
        "command_id": house.new_id(),
        "by": SYSTEM,
        "occurred_at": house.now(),
        "offering_id": house.new_id(),
        "matter": "WT01",
        "unit": COMMUNITY,
        "title": "书法课",
        "venue": "社区活动室",
        "capacity": 1,
        "standby": 1,
        "starts_at": at("07-29 09:00"),
        "ends_at": at("07-29 11:00"),
        **given,
    }
    house.desk.run(OpenOffering(**asked))
    found: UUID = asked["offering_id"]
    return found


def enrolled(district: District, session: UUID) -> str:
    """An affair that wants a place; its number."""
    told = registration(
        matter="WT01",
        area="",
        community=COMMUNITY,
        summary="报书法课",
        occurred_at=district.house.now().isoformat(),
        record={"session": str(session)},
    )
    answer = district.api("suqing", "POST", "/affairs", json=told)
    assert answer.status_code == 201, answer.text
    number: str = answer.json()["number"]
    return number


def test_the_sessions_of_ones_own_community_are_offered_at_intake(school: District) -> None:
    session = opened(school)
    opened(school, title="别处的课", unit=NEIGHBOURS)

    page = school.page("suqing", "/affairs/new?matter=WT01").text

    assert "书法课，" in page
    assert "社区活动室，余 1 个名额" in page
    assert str(session) in page
    assert "别处的课" not in page
    # What the session tells is not asked for.
    assert "ends_at" not in page


def test_a_place_is_taken_offered_and_answered(school: District) -> None:
    session, worker = opened(school), Worker(school.house)
    first, second = enrolled(school, session), enrolled(school, session)
    worker.drain()
    states = [
        school.api("suqing", "GET", f"/affairs/{one}").json()["state"] for one in (first, second)
    ]
    told = {"request": "来不了了"}
    gone = school.api(
        "suqing",
        "POST",
        f"/affairs/{first}/steps/X8",
        json={
            "occurred_at": school.house.now().isoformat(),
            "record": told,
        },
    )
    worker.drain()
    options = school.api("suqing", "GET", f"/affairs/{second}/options").json()
    page = school.page("suqing", f"/affairs/{second}")
    answer = school.api(
        "suqing",
        "POST",
        f"/affairs/{second}/entries/place_answer",
        json={
            "occurred_at": school.house.now().isoformat(),
            "record": {"place_answer": "accepted"},
        },
    )
    worker.drain()

    assert states == ["reserved", "waitlisted"]
    assert gone.status_code == 200, gone.text
    opens = {one["id"]: one["open"] for one in options["entries"]}
    assert opens["place_answer"] is True
    assert page.status_code == 200
    assert answer.status_code == 200, answer.text
    assert school.api("suqing", "GET", f"/affairs/{second}").json()["state"] == "reserved"
    timeline = school.page("suqing", f"/affairs/{second}/timeline").text
    assert "书法课" in timeline
    assert not re.search(str(session), timeline)


def test_a_session_elsewhere_is_none_of_theirs(school: District) -> None:
    session = opened(school, unit=NEIGHBOURS)
    told = registration(
        matter="WT01", area="", community=COMMUNITY, record={"session": str(session)}
    )
    told["occurred_at"] = school.house.now().isoformat()

    answer = school.api("suqing", "POST", "/affairs", json=told)

    assert answer.status_code == 422
    assert answer.json()["field"] == "session"
