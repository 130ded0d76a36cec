"""The audit trail over HTTP: who did what and when, for the auditor alone."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.web.district import District, told

AUDITOR = "bailu"


@pytest.fixture(scope="module")
def number(district: District) -> str:
    """The scrap heap up to the check of 25 July; the views hold it."""
    made = told(district)
    district.registered()
    district.follow()
    return made


def asked(district: District, **query: Any) -> list[dict[str, Any]]:
    answer = district.api(AUDITOR, "GET", "/audit", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_the_trail_tells_who_did_what(district: District, number: str) -> None:
    items = asked(district, affair=number)

    assert [item["version"] for item in items] == list(range(len(items), 0, -1))
    filed = next(item for item in items if item["action"] == "G8")
    assert filed["affair"] == number
    assert (filed["left"], filed["to"]) == ("persuading", "filed")
    assert filed["actor"] == {"account": "zhoumin", "name": "周敏"}
    assert filed["role"] == "CD"
    assert filed["unit"] == {"code": "370103008001", "name": "建新社区"}
    assert filed["occurred_at"] <= filed["recorded_at"]
    assert filed["topic"] == "affair.step_taken.v1"


def test_what_is_no_affair_is_in_it_without_a_number(district: District, number: str) -> None:
    founded = [item for item in asked(district, limit=200) if item["topic"].startswith("unit.")]

    assert founded
    assert {item["affair"] for item in founded} == {None}
    assert {item["actor"]["account"] for item in founded} == {"SYS"}


@pytest.mark.parametrize("cut", ["actor", "role"])
def test_a_page_of_one_person_or_role_is_found_and_ordered_by_an_index(
    district: District, number: str, cut: str
) -> None:
    engine, sent = district.house.queries.following.engine, []

    def asks(_c: Any, _u: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "audit_trail" in statement:
            sent.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", asks)
    try:
        asked(district, **{cut: {"actor": "zhoumin", "role": "CD"}[cut]})
    finally:
        sa.event.remove(engine, "before_cursor_execute", asks)

    ((statement, parameters),) = sent
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert [re.sub(r"INDEX \S+", "INDEX", row[3]) for row in plan] == [
        f"SEARCH audit_trail USING INDEX ({cut}=?)"
    ]


def test_it_is_cut_by_affair_person_and_day(district: District, number: str) -> None:
    whole = asked(district, limit=200)
    id_ = whole[0]["stream_id"]
    day = "2011-07-25"

    assert asked(district, affair=id_) == [one for one in whole if one["stream_id"] == id_]
    assert asked(district, actor="zhoumin") == [
        one for one in whole if one["actor"]["account"] == "zhoumin"
    ]
    assert asked(district, actor="nobody") == []
    on_the_day = asked(district, **{"from": day, "to": day, "limit": 200})
    assert 0 < len(on_the_day) < len(whole)
    assert asked(district, **{"from": "2031-01-01"}) == []


def test_it_comes_page_by_page(district: District, number: str) -> None:
    whole = asked(district, limit=200)

    paged: list[dict[str, Any]] = []
    cursor = None
    for _ in whole:
        query = {"limit": 7} | ({"cursor": cursor} if cursor else {})
        answer = district.api(AUDITOR, "GET", "/audit", params=query).json()
        paged += answer["items"]
        cursor = answer["next"]
        if cursor is None:
            break

    assert cursor is None
    assert paged == whole


def test_it_waits_for_what_was_just_stored(
    fresh: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.api.routes.WAIT_SECONDS", 0.1)
    receipt = fresh.registered()

    behind = fresh.api(AUDITOR, "GET", "/audit", params={"after": receipt["position"]})
    fresh.follow()
    level = fresh.api(AUDITOR, "GET", "/audit", params={"after": receipt["position"]})

    assert (behind.status_code, level.status_code) == (503, 200)
    assert level.json()["items"][0]["position"] == receipt["position"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2011-07-02", "to": "2011-07-01"}, "to"),
        ({"from": "soon"}, "from"),
        ({"limit": 201}, "limit"),
        ({"limit": 0}, "limit"),
        ({"cursor": "1:2"}, "cursor"),
        ({"cursor": "-1"}, "cursor"),
        ({"cursor": "9" * 20}, "cursor"),
        ({"after": 10**9}, "after"),
        ({"actor": "a" * 65}, "actor"),
        ({"actor": "a\0"}, "actor"),
        ({"who": "bailu"}, "who"),
    ],
)
def test_what_cannot_be_asked_is_named(
    district: District, number: str, query: dict[str, Any], field: str
) -> None:
    answer = district.api(AUDITOR, "GET", "/audit", params=query)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"] == field


@pytest.mark.parametrize("affair", ["CG-2011-9999", str(UUID(int=7)), "nothing"])
def test_an_affair_that_is_not_there_is_not_found(
    district: District, number: str, affair: str
) -> None:
    assert district.api(AUDITOR, "GET", "/audit", params={"affair": affair}).status_code == 404


@pytest.mark.parametrize("account", ["zhoumin", "liheng", "linxiaohe"])
def test_nobody_else_reads_it(district: District, number: str, account: str) -> None:
    for query in ({}, {"affair": number}, {"affair": "CG-2011-9999"}):
        answer = district.api(account, "GET", "/audit", params=query)

        assert answer.status_code == 403
        assert answer.json()["action"] == "read_audit_trail"
