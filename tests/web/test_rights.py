"""Who may ask what: every route against every role, as the permission matrix says."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from domain.actor import Role
from tests.web.district import PEOPLE, District, doing, persuading, registration, told
from tests.web.test_commands import visit
from workflows.rights import MATRIX

RIGHTS: dict[str, dict[str, str]] = yaml.safe_load(MATRIX.read_text("utf-8"))["actions"]

OPEN_TO_ALL = ""
"""Lines are public knowledge: any account may read them."""

# Route as OpenAPI names it, a request to it, and the right it needs.
ROUTES: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("GET", "/affairs", "/affairs", {}, "view_affair"),
    ("POST", "/affairs", "/affairs", {"json": registration()}, "register_affair"),
    ("GET", "/affairs/{affair}", "/affairs/{number}", {}, "view_affair"),
    ("GET", "/affairs/{affair}/history", "/affairs/{number}/history", {}, "view_affair"),
    ("GET", "/affairs/{affair}/state", "/affairs/{number}/state", {}, "view_affair"),
    ("GET", "/affairs/{affair}/options", "/affairs/{number}/options", {}, "view_affair"),
    (
        "POST",
        "/affairs/{affair}/steps/{step}",
        "/affairs/{number}/steps/G99",
        {"json": doing("07-25 16:00")},
        "work_affair",
    ),
    (
        "POST",
        "/affairs/{affair}/entries/{entry}",
        "/affairs/{number}/entries/nothing",
        {"json": doing("07-25 16:00")},
        "work_affair",
    ),
    (
        "POST",
        "/affairs/{affair}/actions/{action}",
        "/affairs/{number}/actions/return_visit",
        {"json": doing("07-25 16:00")},
        "return_visit",
    ),
    (
        "POST",
        "/affairs/{affair}/attachments",
        "/affairs/{number}/attachments",
        {"files": {"file": ("x.png", b"no picture \0")}},
        "work_affair",
    ),
    ("GET", "/attachments/{attachment}", f"/attachments/{'0' * 32}", {}, "view_affair"),
    ("POST", "/visits", "/visits", {"json": visit()}, "record_visit"),
    ("GET", "/statistics", "/statistics?from=2011-07-01&to=2011-07-31", {}, "statistics"),
    ("GET", "/lines", "/lines", {}, OPEN_TO_ALL),
    ("GET", "/lines/{code}", "/lines/CG", {}, OPEN_TO_ALL),
]


def test_every_route_of_the_api_is_in_the_matrix(district: District) -> None:
    described = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in district.app.openapi()["paths"].items()
        for method in methods
    }

    assert described == {(method, template) for method, template, *_ in ROUTES}


def test_there_is_somebody_in_every_role() -> None:
    assert {entry.role for entry in PEOPLE} == set(Role) - {Role.SYS}


@pytest.fixture(scope="module")
def number(district: District) -> str:
    """An affair of the first area."""
    return persuading(district)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route[0]} {route[1]}")
@pytest.mark.parametrize("entry", PEOPLE, ids=lambda entry: f"{entry.role}-{entry.account}")
def test_a_role_passes_where_the_matrix_lets_it(
    district: District, number: str, entry: Any, route: tuple[str, str, str, dict[str, Any], str]
) -> None:
    method, _, path, sent, right = route
    allowed = right == OPEN_TO_ALL or entry.role in RIGHTS[right]

    answer = district.api(entry.account, method, path.format(number=number), **sent)

    assert (answer.status_code != 403) == allowed, answer.text
    assert answer.status_code != 500
    if not allowed:
        assert answer.json()["action"] == right


# Everybody who may look at the whole community or more, and those who may not.
INSIDE = ("linxiaohe", "zhoumin", "suqing", "zhenglan", "gaoyuan", "luocheng", "liheng", "bailu")
OUTSIDE = ("chenyan", "renhe", "hansong", "jumin", "wanglei", "sunping")


@pytest.mark.parametrize("path", ["", "/history", "/state", "/options"])
def test_who_is_outside_gets_the_answer_of_what_is_missing(
    district: District, number: str, path: str
) -> None:
    id_ = district.api("zhoumin", "GET", f"/affairs/{number}").json()["id"]
    for account in INSIDE:
        assert district.api(account, "GET", f"/affairs/{number}{path}").status_code == 200
    for account in OUTSIDE:
        for key in (number, id_):
            there = district.api(account, "GET", f"/affairs/{key}{path}")
            missing = district.api(account, "GET", f"/affairs/{key[:-1]}0{path}")
            assert there.status_code == missing.status_code == 404
            assert there.json() == missing.json()


def test_lists_and_figures_end_where_the_reach_ends(district: District, number: str) -> None:
    for account in (*INSIDE, *OUTSIDE):
        listed = district.api(account, "GET", "/affairs?limit=200&open=all").json()["items"]
        assert (number in {item["number"] for item in listed}) == (account in INSIDE)


def test_a_provider_sees_the_affair_while_it_is_asked_to_help(district: District) -> None:
    affair = persuading(district)
    district.done("zhoumin", affair, "actions/open_joint", "07-22 10:50", unit="370103008/hw")

    during = district.api("hansong", "GET", f"/affairs/{affair}")
    district.done("hansong", affair, "actions/joint_done", "07-22 16:00")
    after = district.api("hansong", "GET", f"/affairs/{affair}")

    assert (during.status_code, after.status_code) == (200, 404)


def test_who_handled_it_does_not_check_it(district: District) -> None:
    affair = told(district)

    worker = district.api("linxiaohe", "GET", f"/affairs/{affair}/options").json()
    officer = district.api("zhenglan", "GET", f"/affairs/{affair}/options").json()

    assert {step["id"] for step in worker["steps"] if step["open"]} == {"G16", "G17"}
    assert {step["id"]: step["because"] for step in officer["steps"]}["G16"] == "role"


def test_an_auditor_is_told_that_the_right_is_missing(district: District, number: str) -> None:
    supervisor = district.api("liheng", "GET", f"/affairs/{number}/options").json()
    auditor = district.api("bailu", "GET", f"/affairs/{number}/options").json()

    every = [*auditor["steps"], *auditor["entries"], *auditor["actions"]]
    assert every
    assert not any(option["open"] for option in every)
    assert any(option["open"] for option in supervisor["actions"])
    assert all(option["because_text"] for option in every)


def test_an_attachment_is_seen_by_who_sees_its_affair(district: District, number: str) -> None:
    photo = district.photo("linxiaohe", number)

    for account in INSIDE:
        assert district.api(account, "GET", f"/attachments/{photo}").status_code == 200
    for account in OUTSIDE:
        there = district.api(account, "GET", f"/attachments/{photo}")
        missing = district.api(account, "GET", f"/attachments/{photo[:-1]}0")
        assert there.status_code == missing.status_code == 404
        assert there.json() == missing.json()
        page = district.page(account, f"/attachments/{photo}")
        assert page.status_code == 404
