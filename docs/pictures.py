"""`make pictures`: the pictures that README.md shows, taken of the demonstration in chromium.

A demonstration is played into a folder for a while and served on loopback; a caseworker signs in
with the password that is printed, and looks. Its clock starts where the story ends, so the same
pages come out each time, but for the fonts of the machine.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, sync_playwright

from adapters.demo import build, passwords
from adapters.settings import Settings
from benchmarks.http import SERVE, answering

PICTURES = Path(__file__).with_name("pictures")
CHROMIUM = "/usr/bin/chromium"
CASEWORKER = "linxiaohe"
LARGEST_BYTES = 200_000


class Picture(NamedTuple):
    """What is taken: its name, the page, and how it is looked at. width, height: in pixels."""

    name: str
    path: str
    language: Literal["zh", "en"]
    scheme: Literal["light", "dark"]
    width: int
    height: int


def main() -> None:
    """Take all of them."""
    with TemporaryDirectory(prefix="tenlines-pictures-") as name:
        settings = Settings(data_dir=Path(name) / "var")
        played = build(settings)
        _, still_open = played.numbers
        password = passwords(settings.data_dir)[CASEWORKER]
        pictures = (
            Picture("affair", f"/affairs/{still_open}", "zh", "light", 1200, 900),
            Picture("procedure", "/procedures/CG", "en", "dark", 1200, 900),
        )
        place = {"TENLINES_DATA_DIR": str(settings.data_dir)}
        with (
            answering("-c", SERVE, "serve", "--port", "0", **place) as server,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            for picture in pictures:
                take(browser, server.address, password, picture)
            browser.close()


def take(browser: Browser, address: str, password: str, picture: Picture) -> None:
    """Sign in, look, and keep what is seen."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.scheme,
        reduced_motion="reduce",
    )
    with context:
        page = context.new_page()
        page.goto(f"{address}/signin?lang={picture.language}")
        page.fill("#account", CASEWORKER)
        page.fill("#password", password)
        page.click("main form button.btn")
        page.goto(address + picture.path)
        # What has the focus, or blinks, is not part of the picture.
        page.evaluate("document.activeElement.blur()")
        file = PICTURES / f"{picture.name}.png"
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=file, animations="disabled", caret="hide")
    size = file.stat().st_size
    if size > LARGEST_BYTES:
        raise SystemExit(f"{file} has {size} bytes: take a smaller part of the page")
    print(os.path.relpath(file), size)


if __name__ == "__main__":
    main()
