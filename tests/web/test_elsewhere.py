"""Coming in by an identity provider: a real one, in a process of its own."""

from __future__ import annotations

import html
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest

from adapters.door.provider import Provider
from adapters.time import Told
from domain.account.commands import CloseAccount, RemoveCredential
from domain.actor import SYSTEM
from domain.errors import Malformed
from tests.web.district import District
from tests.web.test_door import Browser, clock, code, set_up

__all__ = ["clock"]
"""The fixture of the door's clock."""

SECONDS = 30
TWO = ["pwd", "otp"]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider on loopback. `two` is proved by two factors, `one` by one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    users = [{"sub": "two", "amr": TWO}, {"sub": "one", "amr": ["pwd"]}]
    told = [part for user in users for part in ("--user-claims", json.dumps(user))]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "-n", "true", *told],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(SECONDS * 10):
            try:
                httpx2.get(f"{address}/jwks", trust_env=False).raise_for_status()
                break
            except httpx2.HTTPError:
                time.sleep(0.1)
        else:
            pytest.fail("the provider did not come up")
        yield address
    finally:
        process.terminate()
        process.wait(SECONDS)


@pytest.fixture
def district(fresh: District, issuer: str) -> District:
    """A district that knows the provider."""
    provider = Provider(issuer, "tenlines", "a word that they share", fresh.house.keys, "统一认证")
    fresh.house.porter.provider = provider
    return fresh


def agreed(address: str, subject: str) -> dict[str, str]:
    """What the provider sends back when somebody agrees there."""
    answer = httpx2.post(address, data={"sub": subject}, trust_env=False)
    assert answer.status_code in (302, 303), answer.text
    back = urlsplit(answer.headers["location"])
    assert back.path == "/signin/back"
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def linked(district: District, subject: str, clock: Told, account: str = "zhoumin") -> str:
    """An account that an identity opens; the seed of its factor."""
    browser, seed = set_up(district, account, clock)
    browser.get("/sessions")
    page = browser.post("/sessions/identity")
    assert page.status_code == 200
    found = re.search(r'class="btn" href="([^"]+)"', page.text)
    assert found
    browser.get("/signin/back")
    answer = browser.client.post(
        "/signin/back",
        data=agreed(html.unescape(found.group(1)), subject),
        headers={"Origin": "http://testserver"},
    )
    assert answer.status_code == 303, answer.text
    return seed


def gone(browser: Browser, way: str = "/signin/with") -> str:
    """The way to the provider."""
    answer = browser.get(way)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert "SameSite=lax" in cookie
    assert "HttpOnly" in cookie
    return str(answer.headers["location"])


def came(browser: Browser, told: dict[str, str]) -> httpx2.Response:
    """Back from it, and the button pressed."""
    shown = browser.get(f"/signin/back?code={told['code']}&state={told['state']}")
    assert shown.status_code == 200
    assert not browser.is_in()
    sent = dict(re.findall(r'name="(state|code)" value="([^"]*)"', shown.text))
    return browser.client.post("/signin/back", data=sent, headers={"Origin": "http://testserver"})


def test_two_factors_there_are_enough_here(district: District, clock: Told) -> None:
    linked(district, "two", clock)
    browser = Browser(district)
    answer = came(browser, agreed(gone(browser), "two"))

    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert browser.is_in()


PAGE = "/affairs/new?matter=CG01"


@pytest.mark.parametrize("subject", ["two", "one"])
def test_who_was_out_too_long_comes_back_to_the_page(
    district: District, clock: Told, subject: str
) -> None:
    seed, browser = linked(district, subject, clock), Browser(district)
    browser.get(browser.get(PAGE).headers["location"])
    found = re.search(r'href="(/signin/with[^"]*)"', browser.page)
    assert found is not None
    answer = came(browser, agreed(gone(browser, html.unescape(found[1])), subject))

    if subject == "one":
        browser.get(answer.headers["location"])
        onward = re.search(r'name="next" value="([^"]*)"', browser.page)
        assert onward is not None
        sent: dict[str, Any] = {"code": code(seed, clock), "next": html.unescape(onward[1])}
        answer = browser.post("/signin/code", **sent)
    assert answer.headers["location"] == PAGE


@pytest.mark.parametrize("way", ["//elsewhere.example", "https://elsewhere.example", "/\\x"])
def test_nobody_is_led_out_of_the_house(district: District, clock: Told, way: str) -> None:
    linked(district, "two", clock)
    browser = Browser(district)
    told = agreed(gone(browser, f"/signin/with?{urlencode({'next': way})}"), "two")

    assert came(browser, told).headers["location"] == "/"


def test_one_factor_there_asks_for_the_second_here(district: District, clock: Told) -> None:
    seed = linked(district, "one", clock)
    browser = Browser(district)
    answer = came(browser, agreed(gone(browser), "one"))

    assert answer.headers["location"] == "/signin/code"
    assert not browser.is_in()
    browser.get("/signin/code")
    assert browser.post("/signin/code", code=code(seed, clock)).status_code == 303
    assert browser.is_in()


def test_the_way_there_carries_state_nonce_and_a_hidden_verifier(district: District) -> None:
    asked = parse_qs(urlsplit(gone(Browser(district))).query)
    again = parse_qs(urlsplit(gone(Browser(district))).query)

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name][0]) >= 43
        assert asked[name] != again[name]


def test_an_identity_that_opens_no_account_lets_nobody_in(district: District) -> None:
    browser = Browser(district)
    answer = came(browser, agreed(gone(browser), "stranger"))

    assert answer.status_code == 401
    assert not browser.is_in()


def test_an_answer_for_another_browser_is_refused(district: District, clock: Told) -> None:
    linked(district, "two", clock)
    one, two = Browser(district), Browser(district)
    told = agreed(gone(one), "two")
    gone(two)

    assert came(two, told).status_code == 401
    assert came(Browser(district), told).status_code == 401
    assert not two.is_in()
    # Before the provider is asked for anything.
    journal = district.house.door.journal.read(what="identity refused")
    assert [seen.why for seen in journal] == ["state"]


def test_an_answer_is_good_once(district: District, clock: Told) -> None:
    linked(district, "two", clock)
    browser = Browser(district)
    told = agreed(gone(browser), "two")
    cookie = browser.client.cookies["tenlines-way"]
    assert came(browser, told).status_code == 303

    other = Browser(district)
    other.client.cookies.set("tenlines-way", cookie)
    assert came(other, told).status_code == 401
    assert not other.is_in()


def test_an_answer_to_another_question_is_refused(district: District, clock: Told) -> None:
    """The code of one way with the state of another: its nonce does not fit."""
    linked(district, "two", clock)
    one, two = Browser(district), Browser(district)
    theirs, ours = agreed(gone(one), "two"), agreed(gone(two), "two")

    answer = came(two, {"code": theirs["code"], "state": ours["state"]})

    assert answer.status_code == 401
    told = [seen.why for seen in district.house.door.journal.read(what="identity refused")]
    assert told[0] == "claims"


def test_an_identity_opens_one_account_alone(district: District, clock: Told) -> None:
    linked(district, "two", clock)
    browser, _ = set_up(district, "suqing", clock)
    browser.get("/sessions")
    page = browser.post("/sessions/identity").text
    found = re.search(r'class="btn" href="([^"]+)"', page)
    assert found
    answer = browser.client.post(
        "/signin/back",
        data=agreed(html.unescape(found.group(1)), "two"),
        headers={"Origin": "http://testserver"},
    )

    assert answer.status_code == 409


def test_a_closed_account_is_not_opened_by_its_identity(district: District, clock: Told) -> None:
    linked(district, "two", clock)
    house = district.house
    house.desk.run(
        CloseAccount(
            command_id=house.new_id(), by=SYSTEM, occurred_at=house.now(), account="zhoumin"
        )
    )
    browser = Browser(district)

    assert came(browser, agreed(gone(browser), "two")).status_code == 401


def test_an_identity_that_the_log_names_no_more_opens_nothing(
    district: District, clock: Told
) -> None:
    linked(district, "two", clock)
    house = district.house
    standing = house.people.standing("zhoumin")
    assert standing is not None
    (identity,) = [one for one in standing.credentials if one.kind == "identity"]
    house.desk.run(
        RemoveCredential(
            command_id=house.new_id(),
            by=SYSTEM,
            occurred_at=house.now(),
            account="zhoumin",
            credential=identity.credential,
        )
    )
    browser = Browser(district)

    assert came(browser, agreed(gone(browser), "two")).status_code == 401


def test_a_provider_that_is_away_is_told_like_any_refusal(district: District) -> None:
    keys = district.house.keys
    district.house.porter.provider = Provider("http://127.0.0.1:9", "tenlines", "x", keys)

    answer = Browser(district).get("/signin/with")
    assert answer.status_code == 401
    assert district.house.door.journal.read(what="identity refused")[0].why == "provider"


def test_without_a_provider_there_is_no_way(fresh: District) -> None:
    browser = Browser(fresh)

    assert "/signin/with" not in browser.get("/signin").text
    assert browser.get("/signin/with").status_code == 404


@pytest.mark.parametrize(
    "address", ["http://id.example", "ftp://127.0.0.1", "https://", "id.example", ""]
)
def test_a_provider_in_clear_is_refused(fresh: District, address: str) -> None:
    with pytest.raises(Malformed):
        Provider(address, "tenlines", "x", fresh.house.keys)


def test_an_identity_that_is_unlinked_opens_nothing(district: District, clock: Told) -> None:
    browser, _ = set_up(district, "zhoumin", clock)
    browser.get("/sessions")
    page = browser.post("/sessions/identity")
    found = re.search(r'class="btn" href="([^"]+)"', page.text)
    assert found
    browser.get("/signin/back")
    browser.client.post(
        "/signin/back",
        data=agreed(html.unescape(found.group(1)), "two"),
        headers={"Origin": "http://testserver"},
    )
    shown = browser.get("/sessions").text
    address = re.search(r'action="(/sessions/identity/[0-9a-f-]+/unlink)"', shown)
    assert address

    assert browser.post(address.group(1)).status_code == 303
    assert browser.is_in()
    assert "/unlink" not in browser.get("/sessions").text
    assert browser.post(address.group(1)).status_code == 404
    other = Browser(district)
    assert came(other, agreed(gone(other), "two")).status_code == 401
    assert not other.is_in()
