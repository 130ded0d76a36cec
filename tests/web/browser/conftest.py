"""A district behind a real server on loopback, and Debian's chromium in front of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.district import District, standing
from tests.web.serving import served as answering

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE_MS = 30_000


# Not for the whole run: while it is open, the event loop that drives it counts as running in this
# thread, and neither another one nor any other asynchronous test could begin.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a module; without one they are passed over, but never in CI."""
    if not Path(CHROMIUM).exists():
        assert "CI" not in os.environ, "chromium is required here: apt-get install chromium"
        pytest.skip("chromium is not installed: nothing is looked at in a browser in this run")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Served:
    """A district with its address, and everybody's windows onto it."""

    district: District
    address: str
    chromium: Browser

    @contextmanager
    def window(
        self, account: str, *, scripts: bool = True, language: str = "zh-CN", width: int = 1280
    ) -> Iterator[Page]:
        """A window in which somebody has signed in."""
        context = self.chromium.new_context(
            base_url=self.address,
            locale=language,
            java_script_enabled=scripts,
            viewport={"width": width, "height": 800},
        )
        token = self.district.cookies[account]
        context.add_cookies([{"name": "tenlines", "value": token, "url": self.address}])
        context.set_default_timeout(PATIENCE_MS)
        try:
            yield context.new_page()
        finally:
            context.close()


@pytest.fixture
def served(tmp_path: Path, chromium: Browser) -> Iterator[Served]:
    """A district of the test's own, up."""
    with serving(tmp_path, chromium) as made:
        yield made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Served]:
    """A district that the tests of a module share."""
    with serving(tmp_path_factory.mktemp("district"), chromium) as made:
        yield made


@contextmanager
def serving(folder: Path, chromium: Browser) -> Iterator[Served]:
    """A district in the folder behind a server on loopback."""
    with standing(folder) as district, answering(district.app) as address:
        yield Served(district, address, chromium)
