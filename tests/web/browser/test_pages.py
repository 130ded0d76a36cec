"""The bars of every page, once for each template and set of controls: in Chinese whole, and in
English that its longer words fit. Each role in each language is looked at in test_everything.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from domain.actor import Actor, Role
from tests.adapters.door.conftest import cheap
from tests.web.browser.looking import Window, found_on, opened, sideways, violations
from tests.web.district import AREA, COMMUNITY, District, at, told
from tests.web.serving import served

pytestmark = pytest.mark.browser

WORKER, DESK, DIRECTOR, AUDITOR = "linxiaohe", "suqing", "zhoumin", "bailu"
POLICY, ADMINISTRATOR, SECURITY, NOBODY = "mengzhu", "shilei", "anning", ""

LOOKS = (
    # --- affairs
    ("/", WORKER),
    ("/?line=CG&due=late&whose=mine", WORKER),
    ("/", DIRECTOR),  # with boxes to tick
    (f"/?source=hall&area={AREA}", DIRECTOR),
    ("/affairs/new", ADMINISTRATOR),  # 403
    ("/affairs/{number}", WORKER),
    ("/affairs/{number}/timeline", WORKER),
    ("/affairs/{number}/materials", WORKER),
    ("/affairs/{number}/relations", WORKER),
    ("/affairs/{number}/history?v=8", WORKER),
    ("/affairs/{number}/history?as_of=yesterday", WORKER),
    ("/affairs/{number}/reveal", WORKER),
    ("/find?number=CG-2011-9999", DIRECTOR),
    ("/nowhere", DIRECTOR),
    # --- the house
    ("/procedures", DIRECTOR),
    ("/procedures/CG", DIRECTOR),
    ("/units", DIRECTOR),
    (f"/units/{COMMUNITY}", ADMINISTRATOR),
    (f"/units/{AREA}?done=assign", DIRECTOR),
    (f"/units/{COMMUNITY}?do=register", ADMINISTRATOR),
    (f"/units/{AREA}?do=close", DIRECTOR),
    ("/settings?saved=yes", DIRECTOR),
    # --- accounts
    ("/accounts", SECURITY),
    ("/accounts?kind=idle", ADMINISTRATOR),
    ("/accounts?do=open", ADMINISTRATOR),
    ("/accounts/chenyan?done=grant", SECURITY),
    ("/accounts/chenyan?do=grant", SECURITY),
    ("/accounts/suqing?do=grant&role=SC", SECURITY),
    ("/accounts/chenyan?do=deputy", SECURITY),
    ("/accounts/suqing?do=invite", ADMINISTRATOR),
    ("/rights", POLICY),
    ("/masks", POLICY),
    # --- the door
    ("/signin", NOBODY),
    ("/invitation/{invitation}", NOBODY),
    ("/signin/back?state=a&code=b", NOBODY),
    ("/sessions", WORKER),
    ("/sessions/factor", WORKER),
    ("/role", WORKER),
    ("/audit/door", AUDITOR),
)
"""What is opened, by whom."""

AGAIN = (
    ("/?due=visit", WORKER),
    ("/affairs/{number}/timeline?show=public", WORKER),
    ("/affairs/{number}/history?as_of=2001-01-01T00:00", WORKER),
    ("/find", DIRECTOR),
    ("/accounts/anning", SECURITY),
    ("/rights?role=SC", POLICY),
)
"""The same templates and controls once more, with something else in them."""


@dataclass(frozen=True)
class Office:
    """A district that is served, with the told affair, and windows onto it."""

    district: District
    number: str
    address: str
    chromium: Browser

    def path(self, path: str) -> str:
        """An address, with what is in it put in."""
        link = ""
        if "{invitation}" in path:
            administrator = Actor(account=ADMINISTRATOR, role=Role.ADM, unit="370103")
            link = self.district.house.porter.invite(DESK, administrator)
        return path.format(number=self.number, invitation=link)


@pytest.fixture(scope="module")
def office(district: District, chromium: Browser) -> Iterator[Office]:
    """The told affair, some others, a supervision order."""
    district.house.door.credentials.passwords = cheap()
    number = told(district)
    district.done("gaoyuan", number, "actions/supervise", "07-25 15:40", reason="请说明原因")
    for day in ("07-20 09:00", "07-22 16:00", "07-25 09:00"):
        district.registered(occurred_at=at(day).isoformat())
    district.follow()
    with served(district.app) as address:
        yield Office(district, number, address, chromium)


@pytest.mark.parametrize(("path", "account"), LOOKS)
def test_a_page_shuts_nobody_out_and_fits(office: Office, path: str, account: str) -> None:
    whole(office, path, account, "zh")
    with window_of(office, account, "en") as window:
        window.look(office.path(path))
        assert window.page.locator("html").get_attribute("lang") == "en"
        assert sideways(window.page) == []


def window_of(office: Office, account: str, language: str) -> AbstractContextManager[Window]:
    """A window of somebody, or of nobody."""
    token = office.district.cookies.get(account, "")
    return opened(office.chromium, office.address, token, language)


def whole(office: Office, path: str, account: str, language: str) -> None:
    """All bars of a page in one language."""
    with window_of(office, account, language) as window:
        print(path, window.look(office.path(path)))
        assert (found_on(window.page), window.complaints()) == ([], [])


@pytest.mark.faults
@pytest.mark.parametrize(("path", "account"), [*LOOKS, *AGAIN])
def test_a_page_shuts_nobody_out_in_english(office: Office, path: str, account: str) -> None:
    whole(office, path, account, "en")


@pytest.mark.faults
@pytest.mark.parametrize(("path", "account"), AGAIN)
def test_a_page_shuts_nobody_out_with_something_else_in_it(
    office: Office, path: str, account: str
) -> None:
    whole(office, path, account, "zh")


def test_what_is_wrong_is_seen(office: Office) -> None:
    with window_of(office, DIRECTOR, "zh") as window:
        window.look("/settings")
        page = window.page
        assert window.complaints() == []
        page.evaluate(
            "document.querySelector('main h1').remove();"
            " document.querySelector('main').style.setProperty('width', '1400px');"
            " fetch('http://127.0.0.1:9/').catch(() => console.log('no'))"
        )
        page.wait_for_function("true")

        assert any("page-has-heading-one" in one for one in violations(page))
        assert sideways(page) == ["at 320 px", "at 200 %", "at 200 % on a phone"]
        assert any("127.0.0.1:9" in one for one in window.complaints())
