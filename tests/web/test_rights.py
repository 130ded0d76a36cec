"""How far who may ask reaches; every route against every role stands in test_matrix.py."""

from __future__ import annotations

import pytest

from tests.web.district import District, persuading, told


@pytest.fixture(scope="module")
def number(district: District) -> str:
    """An affair of the first area."""
    return persuading(district)


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
