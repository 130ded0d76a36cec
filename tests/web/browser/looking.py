"""What is looked at on every page: what axe finds, sideways scroll, what the browser has to say.

The bars are those of WCAG 2.2 AA and axe's best practice, at 1280 and at 320 pixels, with text at
200 %, in light and in dark; what has the focus lies behind nothing; nothing is fetched from
elsewhere, and the console stays empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

WIDE, PHONE, NARROW = 1280, 360, 320
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"type": "tag", "values": STANDARDS}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
PATIENCE_MS = 30_000
# What is in order is only counted: told in full it takes longer than looking.
RUN = """options => axe.run(options).then(found => [
  found.passes.length,
  found.violations.map(one => [one.id, one.nodes.map(node => node.html).slice(0, 3)]),
])"""

# The middle of what can be seen of an element that has the focus is the element's own, or its
# label's: nothing lies before it (WCAG 2.2, 2.4.11).
BURIED = """() => {
  const found = [], reached = "a[href],button,input,select,textarea,summary,[tabindex]";
  for (const one of document.querySelectorAll(reached)) {
    if (one.tabIndex < 0 || one.disabled || !one.checkVisibility()) continue;
    one.focus();
    if (document.activeElement !== one) continue;
    const box = one.getClientRects()[0];
    // What scrolls sideways cuts off what is in it.
    const room = one.parentElement.closest(".scroll")?.getBoundingClientRect();
    const left = Math.max(box.left, room?.left ?? 0);
    const right = Math.min(box.right, room?.right ?? innerWidth, innerWidth);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const own = [one, ...(one.labels ?? [])].some((mine) => mine.contains(hit));
    if (left >= right || top >= bottom || !own) found.push(one.outerHTML.slice(0, 120));
  }
  document.activeElement?.blur();
  scrollTo(0, 0);
  return found;
}"""


# A word that stands on two lines has two boxes.
BROKEN = """() => {
  const found = [];
  for (const cell of document.querySelectorAll("main td, main th")) {
    const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      for (const word of walk.currentNode.data.matchAll(/[a-z]+/gi)) {
        const range = document.createRange();
        range.setStart(walk.currentNode, word.index);
        range.setEnd(walk.currentNode, word.index + word[0].length);
        if (range.getClientRects().length > 1) found.push(word[0]);
      }
    }
  }
  return found;
}"""


def broken_words(page: Page) -> list[str]:
    """The English words in tables that are broken over two lines."""
    found: list[str] = page.evaluate(BROKEN)
    return found


def violations(page: Page, only: dict[str, Any] = RULES) -> list[str]:
    """The rules that are broken, each with the first elements that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    looked, broken = page.evaluate(RUN, {"runOnly": only, "resultTypes": ["violations"]})
    assert looked, "axe looked at nothing"
    return [f"{rule}: {elements}" for rule, elements in broken]


def buried(page: Page) -> list[str]:
    """What the focus reaches in turn and lies behind something else."""
    found: list[str] = page.evaluate(BURIED)
    return [f"buried: {one}" for one in found]


def resize(page: Page, width: int) -> None:
    """Make the window so wide."""
    page.set_viewport_size({"width": width, "height": 800})


def enlarge(page: Page) -> None:
    """Text at 200 %, as the reader's own setting of a browser makes it."""
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")


def overhang(page: Page) -> int:
    """How many pixels of the page lie beyond its right edge."""
    wide: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide


def unfold(page: Page) -> None:
    """What is folded is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def sideways(page: Page) -> list[str]:
    """Where the page scrolls sideways: on a phone, with large text, or with both. Leaves the text
    large."""
    resize(page, NARROW)
    narrow = overhang(page)
    resize(page, WIDE)
    enlarge(page)
    large = overhang(page)
    resize(page, PHONE)
    both = overhang(page)
    resize(page, WIDE)
    found = {"at 320 px": narrow, "at 200 %": large, "at 200 % on a phone": both}
    return [where for where, pixels in found.items() if pixels > 0]


def found_on(page: Page) -> list[str]:
    """All that is wrong with a page at 1280 pixels. Leaves its text large."""
    unfold(page)
    wide = violations(page)
    page.emulate_media(color_scheme="dark")
    # Nothing else changes with the light.
    dark = violations(page, CONTRAST)
    page.emulate_media(color_scheme="light")
    hidden = buried(page)
    resize(page, NARROW)
    narrow = [*violations(page), *buried(page)]
    return [
        *wide, *(f"dark: {one}" for one in dark), *hidden, *(f"narrow: {one}" for one in narrow),
        *sideways(page),
    ]  # fmt: skip


@dataclass
class Window:
    """A page in a browser, what its console said, and what it fetched."""

    page: Page
    address: str
    said: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def look(self, path: str) -> int:
        """Open a page; its status."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        return answer.status

    def fetch(self, path: str) -> tuple[int, str]:
        """The status and the text of a page, which is not opened."""
        answer = self.page.request.get(self.address + path)
        return answer.status, answer.text()

    def hear(self, message: ConsoleMessage) -> None:
        """What the console says that is no mere note."""
        if message.type in ("error", "warning"):
            self.said.append(message.text)

    def complaints(self) -> list[str]:
        """What the console said, and what was fetched from elsewhere; heard until now."""
        # A page that says no is told by its status, which chromium notes.
        loud = [one for one in self.said if "the server responded with a status" not in one]
        assert self.fetched, "the browser fetched nothing"
        away = [url for url in self.fetched if not url.startswith(self.address)]
        self.said.clear()
        self.fetched.clear()
        return loud + away


@contextmanager
def opened(
    chromium: Browser, address: str, token: str = "", language: str = "zh"
) -> Iterator[Window]:
    """A window of somebody who has that session, or of nobody."""
    context = chromium.new_context(viewport={"width": WIDE, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    cookies = {"lang": language, **({"tenlines": token} if token else {})}
    context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
    )
    window = Window(context.new_page(), address)
    window.page.on("console", window.hear)
    window.page.on("pageerror", lambda error: window.said.append(str(error)))
    window.page.on("request", lambda request: window.fetched.append(request.url))
    try:
        yield window
    finally:
        context.close()
