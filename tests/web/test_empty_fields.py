"""Fields that are left empty: the page again, with words beside each and above, as ui.md asks of
every form that is wrong. No browser is asked to find them first.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from adapters.time import Told
from tests.adapters.door.conftest import cheap
from tests.web.district import District
from tests.web.forms import Page
from tests.web.test_door import ADM, PASSWORD, Browser, Member, clock, member, salt_of
from web.pages.frame import HERE

__all__ = ["clock", "member"]
"""Fixtures of the door."""

TEMPLATES = sorted((HERE / "templates").glob("*.html"))
BY_BROWSER = re.compile(r"<(?:input|select|textarea)\b[^>]*\srequired\b")


def plain(template: str) -> str:
    """A template without what Jinja fills in."""
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", template, flags=re.S)


def test_no_form_leaves_it_to_the_browser() -> None:
    left = [one.name for one in TEMPLATES if BY_BROWSER.search(plain(one.read_text("utf-8")))]

    assert len(TEMPLATES) > 40
    assert left == []
    assert BY_BROWSER.search(plain('<input name="x"{% if y %} required{% endif %}>'))


def told(page: Page, *fields: str) -> list[str]:
    """The words above, each beside its field too. Everything that ui.md asks of such a page."""
    html = page.answer.text
    assert page.status == 422
    assert page.title.startswith(("错误：", "Error: "))
    assert 'class="oops" role="alert" tabindex="-1" autofocus' in html
    assert [where for where, _ in page.errors] == [f"#{field}" for field in fields]
    for where, words in page.errors:
        field = where[1:]
        assert re.search(rf'<p class="msg" id="{field}-e">{re.escape(words)}</p>', html)
        assert re.search(rf'id="{field}"[^>]*{field}-e" aria-invalid="true"', html)
    return [words for _, words in page.errors]


@pytest.mark.parametrize(
    ("account", "password", "fields"),
    [("", "", ["account", "password"]), ("  ", "x", ["account"]), ("zhoumin", "", ["password"])],
)
def test_the_sign_in_says_what_is_empty_and_counts_no_try(
    member: Member, account: str, password: str, fields: list[str]
) -> None:
    browser = Browser(member[0])

    for _ in range(7):
        answer = browser.sign_in(account, password, onward="/units")

    assert told(Page("", answer), *fields)
    assert f'name="account" value="{account}"' in answer.text
    assert 'name="next" value="/units"' in answer.text
    assert 'value="x"' not in answer.text
    assert browser.sign_in("zhoumin").status_code == 303


def test_it_says_so_in_english_too_and_the_same_of_an_account_that_is_none(member: Member) -> None:
    browser = Browser(member[0])
    browser.get("/signin?lang=en")

    known, nobody = (
        told(Page("", browser.post("/signin", account=one, password="")), "password")
        for one in ("zhoumin", "nobody")
    )

    assert known == nobody == ["Password: please fill this in"]


def test_an_empty_code_is_told_and_the_first_half_goes_on(member: Member) -> None:
    browser = Browser(member[0])
    browser.sign_in("zhoumin")
    browser.get("/signin/code?next=/units")

    answer = browser.post("/signin/code", code=" ", next="/units")

    assert told(Page("", answer), "code") == ["请填写验证码"]
    assert 'name="next" value="/units"' in answer.text
    assert browser.get("/signin/code").status_code == 200


def test_an_empty_code_without_a_first_half_leads_to_the_door(member: Member) -> None:
    district, _, _, clock = member
    browser = Browser(district)
    browser.sign_in("zhoumin")
    browser.get("/signin/code")
    clock.at += timedelta(minutes=6)

    answer = browser.post("/signin/code", code="")

    assert answer.status_code == 401
    assert 'name="password"' in answer.text


def test_an_invitation_names_every_empty_field(fresh: District, clock: Told) -> None:
    browser = Browser(fresh)
    link = f"/invitation/{fresh.house.porter.invite('zhoumin', ADM)}"
    salt = salt_of(browser.get(link).text)

    answer = browser.post(link, password="", again="", code="", salt=salt)

    assert told(Page("", answer), "password", "again", "code") == [
        "请填写密码",
        "请填写确认密码",
        "请填写验证码",
    ]
    assert salt_of(answer.text) == salt
    one = browser.post(link, password=PASSWORD, again="", code="1", salt=salt)
    assert told(Page("", one), "again")
    assert PASSWORD not in one.text


def test_where_no_second_factor_is_needed_its_code_may_be_empty(fresh: District) -> None:
    fresh.house.door.credentials.passwords = cheap()
    fresh.house.porter.two_factors = False
    browser = Browser(fresh)
    link = f"/invitation/{fresh.house.porter.invite('zhoumin', ADM)}"
    salt = salt_of(browser.get(link).text)

    assert browser.post(link, password=PASSWORD, again=PASSWORD, salt=salt).status_code == 303


def test_another_password_names_every_empty_field(member: Member) -> None:
    _, browser, _, _ = member
    browser.get("/sessions")

    answer = browser.post("/sessions/password", old="", password="", again="")

    assert told(Page("zhoumin", answer), "old", "password", "again") == [
        "请填写现在的密码",
        "请填写新密码",
        "请填写确认密码",
    ]


def test_another_factor_names_every_empty_field_in_the_order_of_the_page(member: Member) -> None:
    _, browser, _, _ = member
    salt = salt_of(browser.get("/sessions/factor").text)

    answer = browser.post("/sessions/factor", password="", old="", code="", salt=salt)

    assert told(Page("zhoumin", answer), "password", "old", "code")
    assert salt_of(answer.text) == salt


def test_a_first_factor_asks_for_no_code_of_an_old_one(fresh: District) -> None:
    fresh.house.door.credentials.passwords = cheap()
    fresh.house.porter.two_factors = False
    link = fresh.house.porter.invite("zhoumin", ADM)
    token = fresh.house.porter.accept(link, PASSWORD, "", "")
    browser = Browser(fresh)
    browser.client.cookies.set("tenlines", token)
    salt = salt_of(browser.get("/sessions/factor").text)

    answer = browser.post("/sessions/factor", password="", code="", salt=salt)

    assert told(Page("zhoumin", answer), "password", "code")


def test_a_view_without_a_name_keeps_what_it_lists(fresh: District) -> None:
    answer = fresh.post("linxiaohe", "/filters", name="", address="/?line=CG")

    assert told(Page("linxiaohe", answer), "name") == ["请填写视图名称"]
    assert 'name="address" value="/?line=CG"' in answer.text
