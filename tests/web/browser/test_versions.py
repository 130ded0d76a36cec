"""The bars of the pages of versions, and a version brought in force without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.browser.conftest import Served, serving
from tests.web.browser.looking import found_on, opened
from tests.web.district import persuading
from tests.web.test_drafts import drafted, published, text_of

pytestmark = pytest.mark.browser

POLICY, CHIEF = "mengzhu", "hemei"
DRAFT = "/procedures/CG/versions/2011.2"
DAYS = "from=2011-07-01&to=2011-07-31"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Served]:
    """A running affair, a draft that is published, and one that is not."""
    with serving(tmp_path_factory.mktemp("versions"), chromium) as made:
        persuading(made.district)
        drafted(made.district, "2011.3", since="2011-07-25", count=5)
        published(made.district, "2011.3")
        drafted(made.district, count=0)
        yield made


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("path", "account"),
    [
        ("/procedures/CG/versions", CHIEF),
        (f"{DRAFT}?{DAYS}", CHIEF),
        (f"{DRAFT}?from=2011-07-02&to=2011-07-01", POLICY),
        ("/procedures/CG/versions/2011.3/migration", CHIEF),
        ("/drafts", POLICY),
    ],
)
def test_a_page_shuts_nobody_out_and_fits(
    office: Served, path: str, account: str, language: str
) -> None:
    token = office.district.cookies[account]
    with opened(office.chromium, office.address, token, language) as window:
        window.look(path)

        assert found_on(window.page) == []
        assert window.complaints() == []


def test_faults_are_listed_where_the_text_can_be_put_right(office: Served, tmp_path: Path) -> None:
    file = tmp_path / "CG.yaml"
    file.write_text(text_of("2011.4").replace("    to: persuading\n", "    to: nowhere\n"), "utf-8")
    token = office.district.cookies[POLICY]
    with opened(office.chromium, office.address, token, "zh") as window:
        window.look("/drafts")
        window.page.set_input_files("#file", file)
        window.page.fill("#note", "试行")
        window.page.click("main button.btn")

        assert "to: nowhere" in window.page.input_value("#text")
        assert found_on(window.page) == []


def test_a_version_comes_into_force_without_scripts(office: Served, tmp_path: Path) -> None:
    file = tmp_path / "CG.yaml"
    file.write_text(text_of("2011.5", since="2011-07-25"), "utf-8")
    with office.window(POLICY, scripts=False) as page:
        page.goto("/drafts")
        page.set_input_files("#file", file)
        page.fill("#note", "试行")
        page.click("main button.btn")
        assert page.locator(".toast").is_visible()
    with office.window(CHIEF, scripts=False) as page:
        page.goto("/procedures/CG/versions/2011.5")
        page.click("#publish-form button")
        assert page.locator(".toast").is_visible()
        page.goto("/procedures/CG/versions/2011.5/migration")
        page.fill("#reason", "按新的时限办理")
        page.click("main form button.btn")
        assert "已迁移" in page.locator("h1").inner_text()
