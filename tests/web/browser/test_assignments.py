"""Affairs ticked and given to a colleague, in a real browser: without scripts, by keyboard,
nothing for axe to find, no sideways scroll."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Served
from tests.web.browser.looking import buried
from tests.web.browser.test_accessible import LANGUAGES, well
from tests.web.district import COMMUNITY

pytestmark = pytest.mark.browser


def three(served: Served) -> list[str]:
    """New affairs; the numbers. The last waits for somebody."""
    district = served.district
    made = [district.registered()["number"] for _ in range(2)]
    return [*made, district.registered("suqing", area="", community=COMMUNITY)["number"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bar_the_form_with_errors_and_the_result_are_accessible(
    served: Served, language: str
) -> None:
    numbers = three(served)
    with served.window("zhoumin", language=language) as page:
        page.goto("/")
        well(page)
        page.locator("#assign .btn").click()
        expect(page.locator(".oops")).to_be_focused()
        well(page)
        page.goto("/assignments")
        well(page)
        page.goto("/")
        for number in numbers:
            page.get_by_role("checkbox", name=number).check()
        page.locator("#assign-to").select_option("suqing")
        page.locator("#assign .btn").click()
        expect(page.locator("tbody .tag.ok")).to_have_count(3)
        well(page)
        page.goto("/assignments")
        expect(page.locator(".empty")).to_be_visible()
        well(page)


def test_it_works_without_scripts(served: Served) -> None:
    first, second, _ = three(served)
    with served.window("zhoumin", scripts=False) as page:
        page.goto("/")
        page.get_by_role("checkbox", name=first).check()
        page.get_by_role("checkbox", name=second).check()
        page.locator("#assign .btn").click()
        expect(page.get_by_role("checkbox", name=first)).to_be_checked()
        page.get_by_label("把勾选的事务指派给").select_option(label="苏青 前台")
        page.locator("#assign .btn").click()
        expect(page.get_by_role("status")).to_contain_text("已指派 2 件。")


def test_it_works_by_keyboard_and_the_bar_hides_no_focus(served: Served) -> None:
    for _ in range(12):
        served.district.registered()
    with served.window("zhoumin") as page:
        page.goto("/")
        page.locator("main a[data-row]").first.wait_for()
        for _ in range(9):
            page.keyboard.press("j")
        page.keyboard.press("x")
        box = page.locator("tr", has=page.locator("a:focus")).get_by_role("checkbox")
        expect(box).to_be_checked()
        # What has the focus is above the bar, which stays in sight.
        link, bar = page.locator("a:focus").bounding_box(), page.locator("#assign").bounding_box()
        assert link
        assert bar
        assert link["y"] + link["height"] <= bar["y"]
        page.locator("#assign-to").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("已指派 1 件。")


@pytest.mark.parametrize("width", [1280, 1000, 700])
def test_the_bar_lies_before_nothing_that_the_focus_reaches(shared: Served, width: int) -> None:
    for _ in range(14):
        shared.district.registered()
    with shared.window("zhoumin", width=width) as page:
        page.set_viewport_size({"width": width, "height": 700})
        page.goto("/")
        page.locator("main a[data-row]").first.wait_for()

        assert buried(page) == []
