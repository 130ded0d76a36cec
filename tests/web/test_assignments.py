"""Who is given which affairs: one by one, many at once, and what nobody may see before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from domain.actor import SYSTEM
from domain.commands import PublishLine
from tests.web.district import (
    COMMUNITY,
    FOUNDED,
    NEIGHBOURS,
    SUMMARY,
    District,
    at,
    doing,
    standing,
)
from workflows.loading import FOLDER, load
from workflows.publication import defined

WHEN = at("07-25 10:00").isoformat()


def many(affairs: list[str], account: str, **more: Any) -> dict[str, Any]:
    """What is sent to assign them all."""
    return {"affairs": affairs, "account": account, "occurred_at": WHEN, **more}


def results(answer: Any) -> list[tuple[int, str]]:
    """The status of each, and the code of its problem."""
    assert answer.status_code == 207, answer.text
    return [
        (one["status"], one["problem"]["type"].rpartition(":")[2] if one["problem"] else "")
        for one in answer.json()["results"]
    ]


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> Iterator[District]:
    """A district of the test's own, on either database."""
    with standing(tmp_path / "district", database_url) as made:
        yield made


# --- many at once ------------------------------------------------------------------------------


def test_many_are_assigned_at_once_and_a_refused_one_spoils_no_other(district: District) -> None:
    first = district.registered()
    second = district.registered()
    theirs = district.registered("sunping", area="", community=NEIGHBOURS)
    asked = [first["number"], theirs["affair_id"], "CG-2011-9999", second["affair_id"], "x"]

    answer = district.api("zhoumin", "POST", "/assignments", json=many(asked, "suqing"))

    assert results(answer) == [
        (200, ""),
        (404, "not-found"),
        (404, "not-found"),
        (200, ""),
        (404, "not-found"),
    ]
    told = answer.json()["results"]
    assert [one["affair"] for one in told] == asked
    assert told[0]["stored"]["number"] == first["number"]
    for made in (first, second):
        found = district.api("suqing", "GET", f"/affairs/{made['number']}").json()
        assert found["assignee"] == {"account": "suqing", "name": "苏青"}
        assert found["assigned_at"] == "2011-07-25T02:00:00Z"
    page = district.api("sunping", "GET", f"/affairs/{theirs['number']}").json()
    assert page["assignee"] is None


def test_an_account_that_may_not_work_there_is_refused_for_each(district: District) -> None:
    number = district.registered()["number"]

    for account in ("wanglei", "jumin", "bailu", "nobody", "SYS"):
        answer = district.api("zhoumin", "POST", "/assignments", json=many([number], account))
        assert results(answer) == [(422, "field-invalid")], account


def test_the_same_twice_in_one_request_is_assigned_once(district: District) -> None:
    made = district.registered()

    asked = many([made["number"], made["affair_id"]], "suqing")
    answer = district.api("zhoumin", "POST", "/assignments", json=asked)

    assert results(answer) == [(200, ""), (422, "field-invalid")]


def test_the_same_key_gives_the_first_answers_again(district: District) -> None:
    numbers = [district.registered()["number"] for _ in range(3)]
    sent = {"json": many(numbers, "suqing"), "headers": {"Idempotency-Key": f"a-{uuid4()}"}}

    first = district.api("zhoumin", "POST", "/assignments", **sent).json()["results"]
    again = district.api("zhoumin", "POST", "/assignments", **sent).json()["results"]
    other = {**sent, "json": many(numbers, "renhe")}
    refused = district.api("zhoumin", "POST", "/assignments", **other)

    assert [one["stored"]["repeated"] for one in first] == [False] * 3
    assert [one["stored"]["repeated"] for one in again] == [True] * 3
    told = [[one["stored"]["position"] for one in answers] for answers in (first, again)]
    assert told[0] == told[1]
    assert results(refused) == [(409, "command-reused")] * 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"affairs": []}, "affairs"),
        ({"affairs": ["CG-2011-0001"] * 101}, "affairs"),
        ({"account": ""}, "account"),
        ({"account": "a\x00b"}, "account"),
        ({"occurred_at": "2011-07-25T10:00:00"}, "occurred_at"),
        ({"urgent": True}, "urgent"),
    ],
    ids=["none", "too many", "nobody", "NUL", "no zone", "unknown"],
)
def test_a_request_of_another_form_is_refused(
    district: District, change: dict[str, Any], field: str
) -> None:
    sent = {**many(["CG-2011-0001"], "suqing"), **change}

    answer = district.api("zhoumin", "POST", "/assignments", json=sent)

    assert answer.status_code == 422
    assert answer.json()["field"] == field


@pytest.mark.parametrize("account", ["linxiaohe", "renhe", "hansong", "bailu", "shilei", "jumin"])
def test_who_assigns_nobody_is_refused(district: District, account: str) -> None:
    number = district.registered()["number"]

    sent = district.api(account, "POST", "/assignments", json=many([number], "suqing"))
    listed = district.api(account, "GET", "/assignments")

    assert (sent.status_code, listed.status_code) == (403, 403)


def test_a_hundred_are_stored_on_either_database(office: District) -> None:
    ids = [office.registered()["affair_id"] for _ in range(100)]

    answer = office.api("zhoumin", "POST", "/assignments", json=many(ids, "suqing"))

    assert results(answer) == [(200, "")] * 100
    positions = [one["stored"]["position"] for one in answer.json()["results"]]
    assert positions == sorted(set(positions))


# --- what is restricted ------------------------------------------------------------------------


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[District]:
    """A district in which every affair of the line is restricted."""
    with standing(tmp_path) as made:
        line = load(FOLDER / "CG.yaml")
        matters = {
            code: matter.model_copy(update={"restricted": True})
            for code, matter in line.matters.items()
        }
        hidden = line.model_copy(update={"matters": matters, "version": "2011.99"})
        house = made.house
        publication = PublishLine(
            command_id=house.new_id(), by=SYSTEM, occurred_at=FOUNDED, **defined(hidden)
        )
        house.desk.run(publication)
        house.reference.refresh()
        yield made


def test_of_a_restricted_affair_an_assigner_sees_number_line_and_deadline(
    closed: District,
) -> None:
    made = closed.registered("suqing", area="", community=COMMUNITY)
    number = made["number"]

    for account in ("suqing", "zhoumin", "zhenglan", "gaoyuan", "luocheng", "hemei", "liheng"):
        answer = closed.api(account, "GET", "/assignments")
        (shown,) = answer.json()["items"]
        assert shown == {
            "id": made["affair_id"],
            "number": number,
            "line": "CG",
            "due_at": "2011-07-25T16:00:00Z",
            "restricted": True,
        }
        assert closed.api(account, "GET", f"/affairs/{number}").status_code == 404
        assert closed.api(account, "GET", "/affairs").json()["items"] == []
        for part in ("history", "options", "state"):
            assert closed.api(account, "GET", f"/affairs/{number}/{part}").status_code == 404
    assert closed.api("sunping", "GET", "/assignments").json()["items"] == []


def test_it_opens_to_whom_somebody_else_gives_it(closed: District) -> None:
    number = closed.registered("suqing", area="", community=COMMUNITY)["number"]

    own = closed.api("zhoumin", "POST", "/assignments", json=many([number], "zhoumin"))
    assert results(own) == [(422, "field-invalid")]
    given = closed.api("suqing", "POST", "/assignments", json=many([number], "zhoumin"))
    assert results(given) == [(200, "")]

    assert closed.api("zhoumin", "GET", f"/affairs/{number}").json()["summary"] == SUMMARY
    assert closed.api("suqing", "GET", f"/affairs/{number}").status_code == 404
    assert closed.api("zhoumin", "GET", "/assignments").json()["items"] == []


def test_what_changed_meanwhile_is_not_told_to_who_may_not_see_it(closed: District) -> None:
    number = closed.registered("suqing", area="", community=COMMUNITY)["number"]
    closed.done("suqing", number, "actions/assign", "07-25 10:00", account="zhoumin")
    place = "116.99,36.65"
    closed.done("zhoumin", number, "steps/G1", "07-25 10:30", place=place, note="占道三米")

    sent = {"json": doing("07-25 11:00", account="renhe"), "headers": {"If-Match": '"1"'}}
    answer = closed.api("gaoyuan", "POST", f"/affairs/{number}/actions/assign", **sent)

    assert answer.status_code == 412
    assert answer.json()["since"] == []
    assert "占道三米" not in answer.text
    # Whoever sees it is told.
    told = closed.api("zhoumin", "POST", f"/affairs/{number}/actions/assign", **sent)
    assert [one["what"] for one in told.json()["since"]] == ["assign", "G1"]


def test_a_recused_assignee_sees_a_restricted_affair_no_more(closed: District) -> None:
    number = closed.registered("suqing", area="", community=COMMUNITY)["number"]
    closed.done("suqing", number, "actions/assign", "07-25 10:00", account="zhoumin")

    closed.done("zhoumin", number, "actions/recuse", "07-25 10:30", recusal_ground="relatives")

    assert closed.api("zhoumin", "GET", f"/affairs/{number}").status_code == 404
    (waiting,) = closed.api("gaoyuan", "GET", "/assignments").json()["items"]
    assert waiting["number"] == number
    asked = many([number], "zhoumin", occurred_at=at("07-25 11:00").isoformat())
    again = closed.api("suqing", "POST", "/assignments", json=asked)
    assert results(again) == [(409, "must-recuse")]


# --- told in words -----------------------------------------------------------------------------


def test_the_page_and_the_api_tell_who_was_assigned_and_who_was_recused(
    district: District,
) -> None:
    number = district.registered()["number"]
    district.done("zhoumin", number, "actions/assign", "07-25 10:00", account="suqing")
    district.done(
        "zhoumin",
        number,
        "actions/recuse",
        "07-25 10:30",
        account="linxiaohe",
        recusal_ground="relatives",
    )

    page = district.page("zhoumin", f"/affairs/{number}").text
    detail = district.api("zhoumin", "GET", f"/affairs/{number}").json()

    for words in ("指派", "苏青", "回避", "林晓禾", "与当事人有亲属关系"):
        assert words in page
    assert detail["recused"] == [{"account": "linxiaohe", "name": "林晓禾"}]
    refused = district.api(
        "linxiaohe", "POST", f"/affairs/{number}/steps/G1", json=doing("07-25 11:00")
    )
    assert (refused.status_code, refused.json()["account"]) == (409, "linxiaohe")
    options = district.api("linxiaohe", "GET", f"/affairs/{number}/options").json()
    assert {one["because"] for one in options["steps"]} == {"recused"}


def test_a_proposal_of_supervision_waits_for_a_leader(district: District) -> None:
    number = district.registered()["number"]
    district.done("zhenglan", number, "actions/propose_supervision", "07-25 10:00", reason="拖延")
    detail = district.api("zhoumin", "GET", f"/affairs/{number}").json()
    assert detail["supervision_proposed_by"] == {"account": "zhenglan", "name": "郑岚"}

    district.done("gaoyuan", number, "actions/confirm_supervision", "07-25 10:30")

    detail = district.api("zhoumin", "GET", f"/affairs/{number}").json()
    assert detail["supervision_proposed_by"] is None
    assert detail["supervision_orders"] == 1
