"""The forms of accounts in a real browser, without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from tests.web.browser.test_door import address, page_of
from tests.web.district import CITY_MANAGEMENT, District

__all__ = ["address"]

pytestmark = pytest.mark.browser


def test_a_form_that_is_wrong_is_mended_and_sent_without_scripts(
    chromium: Chromium, district: District, address: str
) -> None:
    with page_of(chromium, address, district.cookies["shilei"], 320, scripts=False) as page:
        page.goto(f"{address}/accounts?do=open&lang=zh")
        page.fill("#f-account", "T 1")
        page.fill("#f-name", "季风")
        page.click("main form button.btn")
        assert faults_without_scripts(page) == ["#f-account"]
        assert page.input_value("#f-name") == "季风"
        page.fill("#f-account", "t0600")
        page.click("main form button.btn")
        assert "/invitation/" in page.inner_text("#link")
    with page_of(chromium, address, district.cookies["anning"], scripts=False) as page:
        page.goto(f"{address}/accounts/t0600?lang=zh")
        page.click("text=授予角色")
        page.click("text=街道科室经办")
        page.click("main form button.btn")
        assert faults_without_scripts(page) == ["#f-unit", "#f-lines"]
        page.select_option("#f-unit", CITY_MANAGEMENT)
        page.check("input[value=CG]")
        page.click("main form button.btn")
        assert page.url.endswith("/accounts/t0600?done=grant")
        assert "街道科室经办" in page.inner_text("main table")


def faults_without_scripts(page: Page) -> list[str]:
    """Where the summary of what is wrong leads; each place is there."""
    links = [link.get_attribute("href") or "" for link in page.query_selector_all(".oops a")]
    assert all(page.query_selector(link) for link in links)
    return links
