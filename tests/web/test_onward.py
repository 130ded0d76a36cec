"""Back to the page where one was, as it was chosen, and without what was typed."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute
from starlette.datastructures import URL

from tests.web.district import District
from tests.web.test_door import ORIGIN, Browser, Member, clock, code, member
from web.asked import OF_ALL, known
from web.onward import CHOSEN, LONGEST, onward

__all__ = ["clock", "member"]
"""Fixtures of the door."""

TYPED = {"account", "affair", "number", "who"}
"""Names whose values are typed."""
TOLD = {"saved"}
"""What a page was led to by."""


@pytest.mark.parametrize(
    ("asked", "back"),
    [
        ("/", "/"),
        ("/?line=CG&due=late&whose=mine", "/?line=CG&due=late&whose=mine"),
        ("/?line=CG&cursor=12:34&lang=en", "/?line=CG&cursor=12%3A34"),
        ("/affairs/1/steps/G3?of_version=2", "/affairs/1/steps/G3?of_version=2"),
        ("/audit?from=2011-07-22T10:30&who=x", "/audit?from=2011-07-22T10%3A30"),
        ("/accounts?unit=370103008/cg", "/accounts?unit=370103008%2Fcg"),
        ("/find?number=13812341234", "/find"),
        ("/accounts?after=linxiaohe", "/accounts?after=linxiaohe"),
        ("/audit?who=张敏&role=CW", "/audit?role=CW"),
        ("/?state=张敏&show=all", "/?show=all"),
        ("/?line=" + "A" * 65, "/"),
        ("/?line=CG%0d%0aX", "/"),
        ("/?line=CG&line=MZ", "/?line=MZ"),
        ("/?colour=red", "/"),
        ("/accounts/a?done=grant&do=rename", "/accounts/a?do=rename"),
    ],
)  # fmt: skip
def test_the_page_is_kept_with_what_was_chosen(asked: str, back: str) -> None:
    assert onward(URL(f"http://testserver{asked}")) == back


def test_what_is_too_long_is_left_out() -> None:
    long = "/units/" + "1" * (LONGEST - 10)

    assert onward(URL(f"{long}?do=rename")) == long
    assert onward(URL(long + "1" * 10)) == "/"


def test_every_name_of_a_page_is_known_to_be_chosen_or_typed(district: District) -> None:
    # Who is not in is not led back to these.
    door = ("/signin", "/invitation", "/api/", "/live")
    names = {
        name: route.path
        for route in district.app.routes
        if isinstance(route, APIRoute) and not route.path.startswith(door)
        for name in known(route.dependant)
    }

    assert len(names) > 20
    assert {*names} - OF_ALL - TOLD == (CHOSEN | TYPED) - OF_ALL
    assert not CHOSEN & TYPED


def test_who_was_idle_comes_back_to_the_list_as_it_was(member: Member) -> None:
    _, browser, seed, clock = member
    clock.at += timedelta(minutes=30)

    turned = browser.get("/?line=CG&due=late")
    door = browser.get(turned.headers["location"])
    half = browser.post("/signin", account="zhoumin", password="velvet otter ladder 9",
                        next=value_of(door.text))  # fmt: skip
    second = browser.get(half.headers["location"])
    back = browser.post("/signin/code", code=code(seed, clock), next=value_of(second.text))

    assert back.headers["location"] == "/?line=CG&due=late"
    assert browser.get("/?line=CG&due=late").status_code == 200


def value_of(page: str) -> str:
    """Where the form leads on to."""
    return unescape(page.partition('name="next" value="')[2].partition('"')[0])


def test_what_was_typed_stands_in_no_address_of_the_door(district: District) -> None:
    answer = Browser(district).get(f"/audit?who={quote('张敏')}&kind=reads")

    assert answer.headers["location"] == "/signin?next=/audit%3Fkind%3Dreads"


def test_a_form_whose_page_is_no_address_leads_to_the_door(district: District) -> None:
    browser = Browser(district)

    for referer in ("http://[", "http://testserver:x/", "x"):
        sent = browser.post("/settings", {**ORIGIN, "Referer": referer})

        assert (sent.status_code, sent.headers["location"]) == (303, "/signin?unsent=yes"), referer
