"""The inbox and the pages of an affair in Debian's chromium: single keys, live counts, paper, and
everything without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.browser.looking import found_on
from tests.web.district import TELEPHONE, District, at, told
from tests.web.serving import served

pytestmark = pytest.mark.browser

PATIENCE_MS = 20_000


@dataclass(frozen=True)
class Office:
    """A district that is served, with the told affair, and windows onto it."""

    district: District
    number: str
    address: str
    browser: Browser

    @contextmanager
    def window(
        self, by: str = "linxiaohe", *, language: str = "zh-CN", width: int = 1280, js: bool = True
    ) -> Iterator[Page]:
        """A window in which somebody has signed in; no error may stand in its console."""
        context = self.browser.new_context(
            base_url=self.address,
            locale=language,
            java_script_enabled=js,
            viewport={"width": width, "height": 800},
        )
        context.set_default_timeout(PATIENCE_MS)
        token = self.district.cookies[by]
        context.add_cookies([{"name": "tenlines", "value": token, "url": self.address}])
        page, said = context.new_page(), []
        page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        try:
            yield page
        finally:
            context.close()
        # A page that refuses what was asked says so to the console too.
        assert [text for text in said if "status of 422" not in text] == []


@pytest.fixture(scope="module")
def office(district: District, chromium: Browser) -> Iterator[Office]:
    """The told affair, some others, a supervision order."""
    number = told(district)
    district.done("gaoyuan", number, "actions/supervise", "07-25 15:40", reason="请说明原因")
    for day in ("07-20 09:00", "07-22 16:00", "07-25 09:00"):
        district.registered(occurred_at=at(day).isoformat())
    district.follow()
    with served(district.app) as address:
        yield Office(district, number, address, chromium)


def test_every_page_is_reached_without_scripts(office: Office) -> None:
    with office.window(js=False) as page:
        page.goto("/?due=new")
        page.get_by_role("link", name="逾期", exact=False).first.click()
        expect(page).to_have_url(re.compile(r"\?due=late$"))
        page.goto(f"/affairs/{office.number}")
        for name in ("时间线", "材料", "关联", "历史"):
            page.get_by_role("navigation", name="本事务").get_by_role("link", name=name).click()
            expect(page.locator("[aria-current=page]").last).to_contain_text(name)
        page.get_by_label("当时的情况").fill("2011-07-22T10:40")
        page.get_by_role("button", name="查看这一刻").click()
        expect(page.get_by_role("heading", name="第 2 条，到这一刻共 2 条")).to_be_visible()
        page.get_by_role("link", name="上一条").click()
        expect(page.get_by_role("heading", name="第 1 条，到这一刻共 2 条")).to_be_visible()


def look_in_clear(page: Page, office: Office) -> None:
    """From the affair to a telephone number in clear, with a form that was wrong between."""
    page.goto(f"/affairs/{office.number}")
    page.get_by_role("link", name="查看明文").click()
    page.get_by_role("button", name="记录并查看").click()
    expect(page.locator(".oops")).to_be_visible()
    expect(page.get_by_text(TELEPHONE)).to_have_count(0)
    page.get_by_label("电话：138****1234").check()
    page.get_by_label("联系当事人").check()
    page.get_by_role("button", name="记录并查看").click()
    expect(page.get_by_text(TELEPHONE)).to_be_visible()
    assert TELEPHONE not in page.url


def test_masked_values_are_looked_at_without_scripts(office: Office) -> None:
    with office.window(js=False) as page:
        look_in_clear(page, office)
        page.get_by_role("link", name="明文查看记录").click()
        expect(page.get_by_role("cell", name="联系当事人").first).to_be_visible()


def test_the_page_in_clear_shuts_nobody_out(office: Office) -> None:
    with office.window() as page:
        look_in_clear(page, office)
        assert found_on(page) == []


def test_the_counts_change_while_the_page_stands(office: Office) -> None:
    with office.window() as page:
        page.goto("/")
        late = page.locator("[data-live=late]")
        before = int(late.inner_text())
        expect(page.locator(".moved")).to_be_hidden()
        office.district.registered(occurred_at=at("07-20 10:00").isoformat())
        expect(late).to_have_text(str(before + 1))
        page.get_by_role("link", name="有新变化，刷新列表").click()
        expect(page.locator(".moved")).to_be_hidden()
        expect(late).to_have_text(str(before + 1))


def test_the_summary_of_errors_has_the_focus(office: Office) -> None:
    with office.window() as page:
        page.goto(f"/affairs/{office.number}/history?as_of=yesterday")
        expect(page.locator(".oops")).to_be_focused()
        page.locator(".oops a").click()
        expect(page.locator("#as_of")).to_be_focused()
        expect(page.locator("#as_of")).to_have_value("yesterday")


# --- single keys -------------------------------------------------------------------------------


def test_single_keys_go_from_row_to_row_and_open(office: Office) -> None:
    with office.window() as page:
        page.goto("/")
        rows = page.locator("[data-row]")
        page.keyboard.press("j")
        expect(rows.nth(0)).to_be_focused()
        page.keyboard.press("j")
        expect(rows.nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(rows.nth(0)).to_be_focused()
        there = rows.nth(0).get_attribute("href")
        page.keyboard.press("o")
        expect(page).to_have_url(f"{office.address}{there}")


def test_a_key_does_what_stands_beside_it(office: Office) -> None:
    with office.window() as page:
        page.goto(f"/affairs/{office.number}/history?v=5")
        page.keyboard.press("j")
        expect(page).to_have_url(re.compile(r"\?v=6$"))
        page.keyboard.press("k")
        expect(page).to_have_url(re.compile(r"\?v=5$"))


COMPOSING = """() => document.body.dispatchEvent(new KeyboardEvent("keydown",
  {key: "j", isComposing: true, bubbles: true, cancelable: true}))"""


def test_no_key_acts_in_a_field_while_composing_or_with_another(office: Office) -> None:
    with office.window() as page:
        page.goto(f"/affairs/{office.number}/history?v=5&as_of=yesterday")
        page.locator("#as_of").fill("")
        page.locator("#as_of").press("j")
        expect(page.locator("#as_of")).to_have_value("j")
        page.goto(f"/affairs/{office.number}/history?v=5")
        assert page.evaluate(COMPOSING) is True
        page.keyboard.press("Control+j")
        page.keyboard.press("Alt+k")
        expect(page).to_have_url(re.compile(r"\?v=5$"))


def test_no_key_acts_for_who_switched_them_off(office: Office) -> None:
    with office.window() as page:
        page.goto(f"/affairs/{office.number}/history?v=5")
        page.evaluate("() => { document.body.dataset.shortcuts = 'off' }")
        page.keyboard.press("j")
        expect(page).to_have_url(re.compile(r"\?v=5$"))
        expect(page.locator("kbd").first).to_be_hidden()


# --- paper -------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["", "/timeline", "/materials", "/relations", "/history"])
def test_a_printed_page_bears_its_number_and_no_navigation(office: Office, part: str) -> None:
    with office.window() as page:
        page.goto(f"/affairs/{office.number}{part}")
        page.emulate_media(media="print")
        head = page.locator(".print-only")
        expect(head).to_be_visible()
        expect(head).to_contain_text(office.number)
        expect(head).to_contain_text("截至 2011年7月25日 16:10")
        for hidden in (".top", ".mods", ".tabs", ".foot"):
            expect(page.locator(hidden)).to_be_hidden()


@pytest.mark.parametrize(
    ("part", "shown"), [("", 5), ("/timeline", 11), ("/timeline?show=public", 10)]
)
def test_a_printed_page_says_how_many_records_it_leaves_out(
    office: Office, part: str, shown: int
) -> None:
    with office.window() as page:
        page.goto(f"/affairs/{office.number}{part}")
        said = page.get_by_text(f"这里印出 {shown} 条记录，共 11 条")
        expect(said).to_be_hidden()
        page.emulate_media(media="print")

        expect(page.locator(".tl > li")).to_have_count(shown)
        if shown == 11:
            expect(said).to_have_count(0)
        else:
            expect(said).to_be_visible()
            expect(said).to_contain_text(f"/affairs/{office.number}/timeline")
