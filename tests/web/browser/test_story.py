"""The story's affair from intake to archive in a real browser: without scripts, and by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FileChooser, Locator, Page, expect

from tests.web.browser.conftest import PATIENCE_MS, Served
from tests.web.district import png
from tests.web.tale import INTAKE, REGISTERED, TALE, Done

pytestmark = pytest.mark.browser

NUMBER = "CG-2011-0001"
MOST_TABS = 120
PRESSES, LOOK_MS = 6, 50


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "gate.png"
    path.write_bytes(png())
    return path


def archived(served: Served) -> None:
    affair = served.district.api("suqing", "GET", f"/affairs/{NUMBER}").json()
    assert affair["state"] == "archived"
    assert len(affair["attachments"]) == 3


# --- without scripts ---------------------------------------------------------------------------


def fill(page: Page, name: str, value: str) -> None:
    """Fill in a field by its name, whatever it is."""
    found = page.locator(f'form [name="{name}"]')
    kind = found.first.get_attribute("type")
    if kind == "radio":
        page.locator(f'[name="{name}"][value="{value}"]').check()
    elif found.first.evaluate("one => one.tagName") == "SELECT":
        found.select_option(value)
    else:
        found.fill(value)


def do(page: Page, deed: Done, photo: Path) -> None:
    page.goto(f"/affairs/{NUMBER}")
    page.get_by_role("link", name=deed.what, exact=True).click()
    for name, value in deed.filled.items():
        fill(page, name, value)
    if deed.photos:
        page.locator(f'[name="{deed.photos}"]').set_input_files(photo)
    page.get_by_role("button", name=deed.what, exact=True).click()
    said = "不在您的查看范围内" if deed.handed_on else f"已办：{deed.what}"
    expect(page.get_by_role("status")).to_contain_text(said)


# Without a browser it is walked in every run (tests/web/test_story_by_pages.py).
@pytest.mark.faults
@pytest.mark.timeout(300)
def test_the_story_needs_no_script(served: Served, photo: Path) -> None:
    served.district.clock.at = REGISTERED
    with served.window("linxiaohe", scripts=False) as page:
        page.goto("/affairs/new")
        page.get_by_role("link", name="CG01").click()
        for name, value in INTAKE.items():
            fill(page, name, value)
        page.locator('[name="photos"]').set_input_files(photo)
        page.get_by_role("button", name="下一步：核对").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("核对后登记")
        page.get_by_role("button", name="确认登记").click()
        expect(page.get_by_role("status")).to_contain_text(f"已登记，编号 {NUMBER}")

    for deed in TALE:
        served.district.clock.at = deed.at
        with served.window(deed.by, scripts=False) as page:
            do(page, deed, photo)
    archived(served)


# --- by keyboard -------------------------------------------------------------------------------


def tab_to(page: Page, wanted: Locator) -> None:
    """Go on by the tabulator until that element has the focus, which is seen wherever it is."""
    handle = wanted.element_handle()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """wanted => {
                const here = document.activeElement, style = getComputedStyle(here);
                const drawn = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
                return [here === wanted || (here.type === "radio" && here.name === wanted.name),
                        drawn || here === document.body];
            }""",
            handle,
        )
        assert seen[1], "the focus cannot be seen"
        if seen[0]:
            return
    raise AssertionError(f"no way by keyboard to {wanted}")


def skip(page: Page) -> None:
    """Go past the masthead, by the link that leads there."""
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"


def type_in(page: Page, name: str, value: str) -> None:
    found = page.locator(f'form [name="{name}"]')
    tab_to(page, found.first)
    if found.first.get_attribute("type") == "radio":
        for _ in range(found.count()):
            if page.evaluate("() => document.activeElement.value") == value:
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        assert page.locator(f'[name="{name}"][value="{value}"]').is_checked()
    elif found.first.evaluate("one => one.tagName") == "SELECT":
        for _ in range(found.locator("option").count()):
            if found.input_value() == value:
                break
            page.keyboard.press("ArrowDown")
        assert found.input_value() == value
    else:
        page.keyboard.insert_text(value)


def hand_in(page: Page, name: str, photo: Path) -> None:
    """Choose a file by the keyboard.

    The page is listened to for all that follows: a window that opens while nobody listens is a
    real one, behind which chromium opens no other.
    """
    opened: list[FileChooser] = []

    def note(window: FileChooser) -> None:
        opened.append(window)

    page.on("filechooser", note)
    tab_to(page, page.locator(f'[name="{name}"]'))
    for _ in range(PRESSES):
        page.keyboard.press("Enter")
        for _ in range(PATIENCE_MS // PRESSES // LOOK_MS):
            if opened:
                opened[0].set_files(photo)
                return
            page.wait_for_timeout(LOOK_MS)
    raise AssertionError("no window of files opened")


def press(page: Page, wanted: Locator) -> None:
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.timeout(300)
def test_the_story_is_worked_by_keyboard_alone(served: Served, photo: Path) -> None:
    served.district.clock.at = REGISTERED
    with served.window("linxiaohe") as page:
        page.goto("/affairs/new")
        press(page, page.get_by_role("link", name="CG01"))
        for name, value in INTAKE.items():
            type_in(page, name, value)
        hand_in(page, "photos", photo)
        press(page, page.get_by_role("button", name="下一步：核对"))
        press(page, page.get_by_role("button", name="确认登记"))
        expect(page.get_by_role("status")).to_contain_text(f"已登记，编号 {NUMBER}")

    for deed in TALE:
        served.district.clock.at = deed.at
        with served.window(deed.by) as page:
            page.goto(f"/affairs/{NUMBER}")
            skip(page)
            press(page, page.get_by_role("link", name=deed.what, exact=True))
            skip(page)
            for name, value in deed.filled.items():
                type_in(page, name, value)
            if deed.photos:
                hand_in(page, deed.photos, photo)
            press(page, page.get_by_role("button", name=deed.what, exact=True))
            said = "不在您的查看范围内" if deed.handed_on else f"已办：{deed.what}"
            expect(page.get_by_role("status")).to_contain_text(said)
    archived(served)


def test_an_error_has_the_focus_and_leads_to_its_field(served: Served) -> None:
    number = served.district.registered()["number"]
    with served.window("linxiaohe") as page:
        page.goto(f"/affairs/{number}/steps/G1")
        press(page, page.get_by_role("button", name="受理核实"))

        expect(page.locator(".oops")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator('[name="place"]')).to_be_focused()
        page.keyboard.insert_text("116.99,36.65")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("已办：受理核实")


def test_a_double_click_acts_once(served: Served) -> None:
    number = served.district.registered()["number"]
    with served.window("linxiaohe") as page:
        page.goto(f"/affairs/{number}/steps/G1")
        page.locator('[name="place"]').fill("116.99,36.65")
        page.get_by_role("button", name="受理核实").dblclick()
        expect(page.get_by_role("status")).to_be_visible()
    affair = served.district.api("linxiaohe", "GET", f"/affairs/{number}").json()
    assert affair["version"] == 2
