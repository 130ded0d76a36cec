"""What axe finds on the pages of forms: nothing, in both languages, with errors and without; and
no sideways scroll on a narrow screen.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.browser.conftest import Served
from tests.web.browser.looking import NARROW, WIDE, broken_words, overhang, resize, violations
from tests.web.district import CITY_MANAGEMENT, SANITATION, persuading

pytestmark = pytest.mark.browser

LANGUAGES = ["zh-CN", pytest.param("en", marks=pytest.mark.faults)]
"""The forms are the same in both."""


def well(page: Page) -> None:
    """The page is accessible, and no wider than a telephone."""
    assert violations(page) == []
    resize(page, NARROW)
    assert overhang(page) == 0
    resize(page, WIDE)


def filed(shared: Served) -> str:
    """An affair that waits to be dispatched; its number."""
    district, number = shared.district, persuading(shared.district)
    district.done("linxiaohe", number, "entries/persuasion", "07-22 16:00", result="ineffective")
    district.done("zhoumin", number, "steps/G8", "07-25 08:50")
    return number


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_form_is_accessible_with_and_without_errors(shared: Served, language: str) -> None:
    number = filed(shared)
    with shared.window("zhenglan", language=language) as page:
        page.goto(f"/affairs/{number}/steps/G9")
        well(page)
        page.locator("main form .btn").click()
        expect(page.locator(".oops")).to_be_visible()
        well(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stale_form_is_accessible(shared: Served, language: str) -> None:
    number = filed(shared)
    with shared.window("zhenglan", language=language) as page:
        page.goto(f"/affairs/{number}/steps/G9")
        shared.district.done(
            "zhoumin", number, "actions/open_joint", "07-25 16:00", unit=SANITATION
        )
        page.locator('[name="lead_unit"]').select_option(CITY_MANAGEMENT)
        page.locator("main form .btn").click()
        expect(page.locator("#since")).to_be_visible()
        well(page)


# Flags; a reference; radio buttons that may be left out; a number; a person; a list of clocks.
@pytest.mark.parametrize(
    "deed",
    [
        "steps/X7",
        "steps/X9",
        "actions/return_visit",
        "actions/correct?of_version=1",
        "actions/extend",
    ],
)
def test_every_kind_of_field_is_accessible(
    shared: Served, deed: str, closed: Callable[[], str]
) -> None:
    account = "suqing" if deed in ("steps/X7", "actions/return_visit") else "zhoumin"
    number = closed() if deed == "steps/X7" else str(shared.district.registered()["number"])
    if deed == "actions/return_visit":
        number = resolved(shared)
    with shared.window(account) as page:
        answer = page.goto(f"/affairs/{number}/{deed}")
        assert answer is not None
        assert answer.status == 200
        page.locator("main form .btn").click()
        expect(page.locator(".oops")).to_be_visible()
        well(page)


def resolved(shared: Served) -> str:
    district, number = shared.district, str(shared.district.registered()["number"])
    district.done("linxiaohe", number, "steps/G1", "07-25 15:00", place="116.99,36.65")
    photo = district.photo("linxiaohe", number)
    district.done(
        "linxiaohe", number, "steps/G3", "07-25 15:10", before_photos=[photo], after_photos=[photo]
    )
    return number


@pytest.fixture
def closed(shared: Served) -> Callable[[], str]:
    """An affair that has ended."""

    def make() -> str:
        number = str(shared.district.registered()["number"])
        shared.district.done(
            "zhoumin", number, "steps/X9", "07-25 16:00", ground="moved_out", reason="搬走"
        )
        return number

    return make


@pytest.mark.parametrize("language", LANGUAGES)
def test_intake_and_its_check_are_accessible(shared: Served, language: str) -> None:
    shared.district.registered()
    with shared.window("linxiaohe", language=language) as page:
        page.goto("/affairs/new")
        well(page)
        page.get_by_role("link", name="CG01").click()
        well(page)
        page.locator("main form .btn").click()
        expect(page.locator(".oops")).to_be_visible()
        well(page)
        page.locator('[name="own-source"][value="hall"]').check()
        page.locator('[name="own-summary"]').fill("门口有垃圾")
        page.locator('[name="own-telephone"]').fill("13800001234")
        page.locator("main form .btn").click()
        expect(page.locator("#apart")).to_be_visible()
        well(page)
        assert broken_words(page) == []
        page.locator("main form .btn").first.click()
        expect(page.locator(".oops")).to_be_visible()
        well(page)
        page.locator("#apart").check()
        page.locator("main form .btn").first.click()
        expect(page.get_by_role("status")).to_be_visible()
        well(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_choosing_a_record_to_correct_is_accessible(shared: Served, language: str) -> None:
    number = shared.district.registered()["number"]
    with shared.window("zhoumin", language=language) as page:
        page.goto(f"/affairs/{number}/actions/correct")
        well(page)


def test_the_tables_of_english_pages_break_no_word(shared: Served) -> None:
    persuading(shared.district)
    with shared.window("linxiaohe", language="en") as page:
        page.goto("/procedures/CG")
        assert broken_words(page) == []
        steps = page.locator("tbody th", has=page.locator(".no"))
        narrow = min(one["width"] for one in map(Locator.bounding_box, steps.all()) if one)
        assert narrow >= 150

        page.goto("/affairs/new?matter=CG01")
        page.locator('[name="own-source"][value="hall"]').check()
        page.locator('[name="own-summary"]').fill("门口有垃圾")
        page.locator('[name="own-telephone"]').fill("13800001234")
        page.locator("main form .btn").first.click()
        expect(page.get_by_role("cell", name="Persuading")).to_be_visible()
        assert broken_words(page) == []
        page.get_by_role("cell", name="Persuading").evaluate(
            "one => { one.style.cssText = 'display: block; width: 2rem; word-break: break-all' }"
        )
        assert broken_words(page) != []


def test_axe_is_not_blind(shared: Served) -> None:
    with shared.window("linxiaohe") as page:
        page.goto("/affairs/new?matter=CG01")
        page.locator('label[for="f-own-summary"]').evaluate("one => one.remove()")
        assert [one for one in violations(page) if one.startswith("label")]
