"""Pages of auditors, and of what an account keeps: accessible, in both languages, on a telephone
and on paper.
"""

from __future__ import annotations

import pytest

from tests.web.browser.conftest import Served
from tests.web.browser.test_accessible import LANGUAGES, well
from tests.web.district import told

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def number(shared: Served) -> str:
    """A story to look at, and views that somebody keeps."""
    made = told(shared.district)
    shared.district.follow()
    for name, address in (("逾期的", "/?due=late"), ("我的", "/?whose=mine")):
        shared.district.post("zhoumin", "/filters", name=name, address=address)
    return made


PAGES = (
    ("bailu", "/audit"),
    ("bailu", "/audit?role=CD&kind=affair"),
    ("bailu", "/audit?unit=370199&from=soon"),
    ("bailu", "/audit/door"),
    ("zhoumin", "/filters"),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("account", "path"), PAGES, ids=[path for _, path in PAGES])
def test_a_page_is_accessible_and_no_wider_than_a_telephone(
    shared: Served, number: str, account: str, path: str, language: str
) -> None:
    with shared.window(account, language=language, scripts=True) as page:
        page.goto(path)
        assert page.locator("main h1").is_visible()
        well(page)


def test_on_paper_the_trail_says_what_was_asked_for_and_holds_no_form(
    shared: Served, number: str
) -> None:
    with shared.window("bailu") as page:
        page.goto("/audit?role=CD")
        page.emulate_media(media="print")
        assert not page.locator("form.filters").is_visible()
        assert page.get_by_text("角色：社区主任", exact=True).last.is_visible()
        assert page.locator("tbody tr").first.is_visible()


def test_views_are_kept_renamed_and_forgotten_without_a_script(shared: Served) -> None:
    with shared.window("suqing", scripts=False) as page:
        page.goto("/?due=late")
        page.get_by_text("存为视图").click()
        page.get_by_label("视图名称").fill("逾期的")
        page.get_by_role("button", name="保存").click()
        page.get_by_role("link", name="我的视图").click()
        page.get_by_label("「逾期的」的新名称").fill("拖久了的")
        page.get_by_role("button", name="改名").click()
        assert page.get_by_role("link", name="拖久了的").is_visible()
        page.get_by_role("button", name="删除").click()
        assert page.get_by_text("还没有保存视图").is_visible()
