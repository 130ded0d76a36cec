"""The door in a real browser, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyotp
import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from domain.actor import Actor, Role
from tests.adapters.door.conftest import cheap
from tests.web.district import District
from tests.web.serving import served
from tests.web.test_door import seed_of

ADM = Actor(account="shilei", role=Role.ADM, unit="370103")
PASSWORD = "velvet otter ladder 9"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(district: District) -> Iterator[str]:
    district.house.door.credentials.passwords = cheap()
    with served(district.app) as found:
        yield found


@contextmanager
def page_of(
    chromium: Chromium, address: str, cookie: str = "", width: int = 1280, *, scripts: bool = True
) -> Iterator[Page]:
    """A page of a browser of its own."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts
    )
    if cookie:
        context.add_cookies([{"name": "tenlines", "value": cookie, "url": address}])
    try:
        yield context.new_page()
    finally:
        context.close()


def test_one_comes_in_and_goes_without_any_script(
    chromium: Chromium, district: District, address: str
) -> None:
    link = district.house.porter.invite("zhoumin", ADM)
    with page_of(chromium, address, scripts=False) as page:
        page.goto(f"{address}/invitation/{link}")
        seed = seed_of(page.content())
        page.fill("#password", PASSWORD)
        page.fill("#again", PASSWORD)
        page.fill("#code", now(seed))
        page.click("button.btn")
        assert page.url == f"{address}/"
        page.click(".acts button")
        assert page.url == f"{address}/signin"
        page.goto(f"{address}/")
        assert page.url == f"{address}/signin"


def test_what_is_left_empty_is_said_by_the_page_and_not_by_the_browser(
    chromium: Chromium, district: District, address: str
) -> None:
    cookie = district.cookies["linxiaohe"]
    with page_of(chromium, address, cookie, 320, scripts=False) as page:
        for path, field, button in (
            ("/signin", "account", "form[action='/signin'] .btn"),
            ("/sessions", "old", "form[action='/sessions/password'] .btn"),
            ("/sessions/factor", "password", "form[action='/sessions/factor'] .btn"),
            ("/?line=CG", "name", "form[action='/filters'] .btn"),
        ):
            page.goto(address + path)
            if page.locator("details").count():
                page.click("summary")
            with page.expect_navigation():
                page.click(button)
            assert page.title().startswith(("错误：", "Error: ")), path
            assert page.evaluate("document.activeElement.className") == "oops", path
            page.locator(".oops a").first.click()
            assert page.evaluate("document.activeElement.id") == field
            told = page.locator(".oops a").first.inner_text()
            assert page.inner_text(f"#{field}-e") == told


def now(seed: str) -> str:
    """What an authenticator shows now."""
    return pyotp.TOTP(seed).now()
