"""The house in a real browser: narrow screens, light and dark, paper, keyboard, no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.district import AREA, COMMUNITY, District, standing, told
from tests.web.serving import served as answering
from tests.web.test_units import holding

WIDE, NARROW = 1280, 320
A4 = (680, 994)
"""A printed page within its margins, in CSS pixels."""
DIRECTOR, ADMINISTRATOR = "zhoumin", "shilei"

pytestmark = pytest.mark.browser


@dataclass
class Looked:
    """A page in a browser, and what the browser had to say about it."""

    page: Page
    said: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Served:
    """The district on an address of this machine, and a browser."""

    district: District
    address: str
    browser: Browser

    def context(self, account: str, *, language: str = "zh", scheme: str = "light",
                width: int = WIDE, **more: str) -> BrowserContext:  # fmt: skip
        """A browser of somebody's own."""
        made = self.browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        cookies = {"tenlines": self.district.cookies[account], "lang": language, **more}
        made.add_cookies(
            [{"name": name, "value": value, "url": self.address} for name, value in cookies.items()]
        )
        return made

    def look(self, context: BrowserContext, path: str) -> Looked:
        """Open a page and listen."""
        looked = Looked(context.new_page())
        looked.page.on("console", lambda message: looked.said.append(message.text))
        looked.page.on("pageerror", lambda error: looked.said.append(str(error)))
        looked.page.on("request", lambda request: looked.fetched.append(request.url))
        looked.page.goto(self.address + path)
        return looked


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Served]:
    """A district with the scrap heap in it, served until the tests are done."""
    with (
        standing(tmp_path_factory.mktemp("served")) as district,
        answering(district.app) as address,
    ):
        told(district)
        yield Served(district, address, chromium)


def test_on_a_phone_the_masthead_leaves_the_page_its_room(served: Served) -> None:
    with served.context(DIRECTOR, width=NARROW) as context:
        page = served.look(context, "/settings").page
        top = page.evaluate("document.querySelector('main').getBoundingClientRect().top")

    assert top < 120


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_word_of_the_diagram_lies_on_another_or_outside_its_box(
    served: Served, language: str
) -> None:
    with served.context(DIRECTOR, language=language) as context:
        page = served.look(context, "/procedures/CG").page
        texts = page.evaluate(
            "[...document.querySelectorAll('.flow svg text')].map(t =>"
            " {const b = t.getBBox(); return [t.textContent, b.x, b.y + b.height * .2,"
            " b.x + b.width, b.y + b.height * .8]})"
        )
        outside = page.evaluate(
            "[...document.querySelectorAll('.flow svg g')].filter(g => g.querySelector('rect'))"
            ".filter(g => {const r = g.querySelector('rect').getBBox();"
            " return [...g.querySelectorAll('text')].some(t => {const b = t.getBBox();"
            " return b.x < r.x || b.x + b.width > r.x + r.width})}).length"
        )

    crossing = [
        (one[0], other[0])
        for at, one in enumerate(texts)
        for other in texts[at + 1 :]
        if one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]
    ]
    assert len(texts) > 20
    assert (crossing, outside) == ([], 0)


def test_the_diagram_is_no_wider_than_it_is_drawn_and_printed_on_one_page(served: Served) -> None:
    measured = "(s => [s.getBoundingClientRect(), s.viewBox.baseVal])"
    wide = f"{measured}(document.querySelector('.flow.wide svg')).map(r => r.width)"
    with served.context(DIRECTOR, language="en", width=NARROW) as context:
        page = served.look(context, "/procedures/CG").page
        there, drawn = page.evaluate(wide)
        page.set_viewport_size({"width": A4[0], "height": A4[1]})
        page.emulate_media(media="print")
        box = page.locator(".flow svg").bounding_box()
        navigation = page.locator("main nav:visible").count()

    assert there <= drawn
    assert navigation == 0
    assert box is not None
    assert box["width"] <= A4[0]
    assert box["height"] <= A4[1] * 0.9


def test_dark_and_light_are_what_the_reader_chose(served: Served) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        for theme in ("system", "light", "dark"):
            with served.context(DIRECTOR, scheme=scheme, theme=theme) as context:
                page = served.look(context, "/settings").page
                grounds[scheme, theme] = page.evaluate(
                    "getComputedStyle(document.body).backgroundColor"
                )

    day, night = grounds["light", "light"], grounds["dark", "dark"]
    assert day != night
    assert grounds == {
        ("light", "system"): day, ("light", "light"): day, ("light", "dark"): night,
        ("dark", "system"): night, ("dark", "light"): day, ("dark", "dark"): night,
    }  # fmt: skip


def test_settings_are_changed_by_keyboard_and_kept(served: Served) -> None:
    with served.context(DIRECTOR) as context:
        page = served.look(context, "/settings").page
        page.locator("#theme-dark").focus()
        page.keyboard.press("Space")
        page.locator("main .btn").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/settings?saved=yes")

        assert page.locator("#theme-dark").is_checked()
        assert page.locator('meta[name="color-scheme"]').get_attribute("content") == "dark"


def test_an_area_is_handed_over_without_a_script(served: Served) -> None:
    holding(served.district, "chenyan", AREA)
    context = served.browser.new_context(java_script_enabled=False)
    with context:
        kept = {"tenlines": served.district.cookies[DIRECTOR], "lang": "zh"}
        context.add_cookies(
            [{"name": name, "value": value, "url": served.address} for name, value in kept.items()]
        )
        page = served.look(context, f"/units/{COMMUNITY}").page
        page.get_by_role("link", name="第一片区").click()
        page.get_by_role("link", name="交接片区").click()
        page.get_by_label("负责人").fill("chenyan")
        page.get_by_label("从哪一天起").fill("2011-08-01")
        page.get_by_role("button", name="交接片区").click()

        assert page.get_by_role("status").inner_text() == "已交接。"
        assert "陈砚" in page.locator("main").inner_text()


def test_a_form_that_is_wrong_puts_its_summary_into_focus(served: Served) -> None:
    with served.context(ADMINISTRATOR) as context:
        page = served.look(context, f"/units/{COMMUNITY}?do=rename").page
        page.get_by_label("名称").fill(" ")
        page.locator("main .btn").click()

        assert page.evaluate("document.activeElement.className") == "oops"
        page.locator(".oops a").click()
        assert page.evaluate("document.activeElement.id") == "name"


def test_in_forced_colours_and_in_greyscale_words_say_what_colours_say(served: Served) -> None:
    with served.context(DIRECTOR) as context:
        page = served.look(context, "/procedures/CG").page
        page.emulate_media(forced_colors="active")
        frame = page.evaluate(
            "[...document.querySelectorAll('.flow rect')].every(r =>"
            " getComputedStyle(r).stroke !== getComputedStyle(document.body).backgroundColor)"
        )
        current = page.evaluate(
            "getComputedStyle(document.querySelector('.mods [aria-current]')).outlineStyle"
        )

    assert frame
    assert current == "solid"


def test_a_printed_page_has_its_head_and_no_navigation(served: Served, tmp_path: Path) -> None:
    with served.context(DIRECTOR, scheme="dark") as context:
        page = served.look(context, "/procedures/CG").page
        page.emulate_media(media="print")
        shown = {
            name: page.locator(name).first.is_visible()
            for name in (".top", ".mods", ".foot", ".print-only")
        }
        paper = page.evaluate("getComputedStyle(document.body).color")
        pdf = tmp_path / "page.pdf"
        page.pdf(path=pdf, format="A4")

    assert shown == {".top": False, ".mods": False, ".foot": False, ".print-only": True}
    assert paper == "rgb(20, 35, 43)", "the ink of day, even where the screen is dark"
    assert pdf.read_bytes().startswith(b"%PDF")


def test_before_a_session_rests_too_long_the_page_says_so_and_nothing_is_lost(
    served: Served,
) -> None:
    house = served.district.house
    account = house.people.standing("linxiaohe")
    (grant, *_) = house.people.grants("linxiaohe", served.district.clock.at.date())
    assert account is not None

    def anew() -> str:
        return house.door.sessions.begin(
            "linxiaohe", grant.grant, method="password+factor", position=account.sessions_end
        )

    first = anew()
    with served.context("linxiaohe") as context:
        page = context.new_page()
        page.clock.install()
        context.add_cookies([{"name": "tenlines", "value": first, "url": served.address}])
        page.goto(f"{served.address}/affairs/new?matter=CG01")
        page.fill("[name=own-summary], [name=summary]", "北门路灯不亮")
        page.clock.fast_forward("27:55")
        assert not page.locator(".rests").is_visible()

        page.clock.fast_forward("00:10")
        assert "两分钟后退出登录" in page.inner_text(".rests")
        page.click(".rests button")
        page.locator(".rests").wait_for(state="hidden")

        house.door.sessions.end(first)
        page.clock.fast_forward("28:05")
        page.click(".rests button")
        page.locator(".rests a").wait_for()
        assert "填写的内容还在这一页" in page.inner_text(".rests")
        assert "两分钟" not in page.inner_text(".rests")

        # In the other window.
        context.add_cookies([{"name": "tenlines", "value": anew(), "url": served.address}])
        with page.expect_navigation():
            page.click("main form button.btn:not([type=button])")
        assert "另一次登录" in page.inner_text(".oops")
        assert "北门路灯不亮" in page.content()
