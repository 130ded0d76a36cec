"""How soon a page is seen, and how much of it there is, in chromium on loopback.

The largest contentful paint is that of a warm load: style sheet and script are in the browser's
cache, the page itself is drawn anew. A first load is one with nothing in the cache.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.http import Server, serving
from benchmarks.pages import AFFAIRS, Desk, Looked, worked
from benchmarks.places import folder
from benchmarks.report import Row, alone
from benchmarks.steps import Place

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LOADS = 5
PAINT_MS, FIRST_KIB = 200.0, 100.0

PAINTED = """() => new Promise(told => new PerformanceObserver(
  seen => told(seen.getEntries().at(-1).startTime)
).observe({type: "largest-contentful-paint", buffered: true}))"""


def rows(large: bool = False) -> list[Row]:
    """Both pages. `large` changes nothing here."""
    del large
    with folder() as place:
        return on((place / "it", ""))


def on(place: Place, *, affairs: int = AFFAIRS, loads: int = LOADS) -> list[Row]:
    """The rows of one database."""
    desk = worked(place, affairs)
    with serving(place) as server, chromium() as browser:
        made = [painted(browser, server, desk, page, loads) for page in desk.pages]
        return [*made, *(first(browser, server, desk, page) for page in desk.pages)]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's chromium. Raises RuntimeError where there is none."""
    if not CHROMIUM.exists():
        raise RuntimeError("chromium is required here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def _signed_in(browser: Browser, server: Server, desk: Desk) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_cookies([{"name": "tenlines", "value": desk.cookie, "url": server.address}])
    return context


def painted(browser: Browser, server: Server, desk: Desk, looked: Looked, loads: int) -> Row:
    """Milliseconds until the largest part is painted, of some loads after the first."""
    seen = []
    with _signed_in(browser, server, desk) as context:
        page = context.new_page()
        for _ in range(loads + 1):
            page.goto(server.address + looked.path)
            seen.append(float(page.evaluate(PAINTED)))
    return alone(
        f"largest contentful paint of {looked.name}",
        seen[1:],
        target=PAINT_MS,
        unit="ms",
        at_most=True,
        note=f"{loads} warm loads, {min(seen[1:]):.0f} to {max(seen[1:]):.0f} ms",
    )


def first(browser: Browser, server: Server, desk: Desk, looked: Looked) -> Row:
    """Bytes that come over the network at the first load, heads included."""
    arrived: list[float] = []
    with _signed_in(browser, server, desk) as context:
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda one: arrived.append(one["encodedDataLength"]))
        # Not until the network rests: the live counts never end.
        page.goto(server.address + looked.path, wait_until="load")
    return alone(
        f"the first load of {looked.name}",
        [sum(arrived) / 1024],
        target=FIRST_KIB,
        unit="KiB",
        at_most=True,
        note=f"{len(arrived)} files",
    )
