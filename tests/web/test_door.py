"""The door over HTTP: what lets in, what does not, what a form must carry, what ends it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx2
import pyotp
import pytest
from starlette.testclient import TestClient

from adapters.time import Told, wall
from domain.account import commands as c
from domain.account.state import grant_id
from domain.actor import SYSTEM, Actor, Role
from domain.clock import local_day
from tests.adapters.door.conftest import cheap
from tests.web.district import AREA, AREA_2, District, form_token_of

ORIGIN = {"Origin": "http://testserver"}
PASSWORD = "velvet otter ladder 9"
ADM = Actor(account="shilei", role=Role.ADM, unit="370103")


class Browser:
    """Keeps cookies as a browser does, and sends the forms that it was shown."""

    def __init__(self, district: District, base: str = "http://testserver") -> None:
        self.client = TestClient(
            district.app, base, raise_server_exceptions=False, follow_redirects=False
        )
        self.page = ""

    def get(self, path: str) -> httpx2.Response:
        answer = self.client.get(path)
        self.page = answer.text
        return answer

    def post(self, path: str, sent_by: Mapping[str, str] = ORIGIN, **data: Any) -> httpx2.Response:
        found = re.search(r'name="form-token" value="([0-9a-f]*)"', self.page)
        sent = {"form-token": found.group(1) if found else "", **data}
        answer = self.client.post(path, data=sent, headers=dict(sent_by))
        self.page = answer.text if answer.status_code != 303 else self.page
        return answer

    def sign_in(self, account: str, password: str = PASSWORD, onward: str = "/") -> httpx2.Response:
        self.get("/signin")
        return self.post("/signin", account=account, password=password, next=onward)

    def is_in(self) -> bool:
        return self.client.get("/").status_code == 200


@pytest.fixture
def clock(fresh: District) -> Told:
    """The clock of the door."""
    told = Told(wall())
    fresh.house.door.place.clock = told
    fresh.house.door.credentials.passwords = cheap()
    return told


def set_up(district: District, account: str, clock: Told) -> tuple[Browser, str]:
    """Somebody who accepts an invitation in a browser; and the seed of their factor."""
    browser = Browser(district)
    link = f"/invitation/{district.house.porter.invite(account, ADM)}"
    browser.get(link)
    seed = seed_of(browser.page)
    answer = browser.post(
        link,
        password=PASSWORD,
        again=PASSWORD,
        salt=salt_of(browser.page),
        code=pyotp.TOTP(seed).at(clock.at),
    )
    assert answer.status_code == 303, answer.text
    return browser, seed


def salt_of(page: str) -> str:
    found = re.search(r'name="salt" value="([^"]+)"', page)
    assert found
    return found.group(1)


def seed_of(page: str) -> str:
    found = re.search(r'<code class="no">([A-Z2-7 ]+)</code>', page)
    assert found
    return found.group(1).replace(" ", "")


def code(seed: str, clock: Told) -> str:
    clock.at += timedelta(seconds=30)
    return pyotp.TOTP(seed).at(clock.at)


@pytest.fixture
def member(fresh: District, clock: Told) -> tuple[District, Browser, str, Told]:
    browser, seed = set_up(fresh, "zhoumin", clock)
    return fresh, browser, seed, clock


Member = tuple[District, Browser, str, Told]


def test_an_invitation_leads_in_and_is_used_up(fresh: District, clock: Told) -> None:
    link = f"/invitation/{fresh.house.porter.invite('zhoumin', ADM)}"
    browser = Browser(fresh)
    shown = browser.get(link)
    assert "周敏" in shown.text
    assert "<svg" in shown.text
    salt, seed = salt_of(shown.text), seed_of(shown.text)

    # Told beside the field and above, the same factor again, and no password sent back.
    wrong = browser.post(link, password="short", again="short", salt=salt, code="1")
    assert wrong.status_code == 422
    assert wrong.text.count("密码太短，至少 12 个字符") == 2
    assert "<title>错误：" in wrong.text
    assert seed_of(wrong.text) == seed
    assert 'value="short"' not in wrong.text
    other = browser.post(link, password=PASSWORD, again="x", salt=salt, code="1")
    assert other.text.count("两次输入的密码不一样") == 2
    late = browser.post(link, password=PASSWORD, again=PASSWORD, salt=salt, code="000000")
    assert late.text.count("验证码不正确") == 2

    given: dict[str, Any] = {
        "password": PASSWORD,
        "again": PASSWORD,
        "salt": salt,
        "code": pyotp.TOTP(seed).at(clock.at),
    }
    assert browser.post(link, **given).status_code == 303
    assert browser.is_in()
    again = Browser(fresh)
    assert again.get(link).status_code == 410
    again.get("/signin")
    assert again.post(link, **given).status_code == 410
    assert not again.is_in()


def test_an_invitation_is_taken_where_somebody_else_is_in(fresh: District, clock: Told) -> None:
    link = f"/invitation/{fresh.house.porter.invite('zhoumin', ADM)}"
    browser = Browser(fresh)
    browser.client.cookies.set("tenlines", fresh.cookies["linxiaohe"])
    shown = browser.get(link).text
    code = pyotp.TOTP(seed_of(shown)).at(clock.at)

    answer = browser.post(link, password=PASSWORD, again=PASSWORD, salt=salt_of(shown), code=code)

    assert answer.status_code == 303
    assert "周敏" in browser.get("/").text


def test_password_and_code_lead_in_and_onward(member: Member) -> None:
    district, _, seed, clock = member
    browser = Browser(district)
    half = browser.sign_in("zhoumin", onward="/?show=all")

    assert half.status_code == 303
    assert half.headers["location"] == "/signin/code?next=/%3Fshow%3Dall"
    assert not browser.is_in()
    shown = browser.get(half.headers["location"])
    assert 'name="next" value="/?show=all"' in shown.text
    answer = browser.post("/signin/code", code=code(seed, clock), next="/?show=all")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?show=all"
    cookies = answer.headers.get_list("set-cookie")
    session = next(one for one in cookies if one.startswith("tenlines="))
    assert "HttpOnly" in session
    assert "SameSite=strict" in session
    assert "Path=/" in session
    assert "Max-Age" not in session
    assert browser.is_in()


def test_what_somebody_chose_is_there_on_the_next_machine(member: Member) -> None:
    district, first, seed, clock = member
    first.get("/settings")
    first.post("/settings", language="en", theme="dark", shortcuts="off")
    second = Browser(district)
    second.sign_in("zhoumin")
    second.get("/signin/code")

    answer = second.post("/signin/code", code=code(seed, clock))

    told = [one.partition(";")[0] for one in answer.headers.get_list("set-cookie")]
    assert {"lang=en", "theme=dark", "shortcuts=off"} <= set(told)
    page = second.get("/settings")
    assert "Sign out" in page.text
    assert 'content="dark"' in page.text
    assert "data-shortcuts" in page.text


def test_who_chose_nothing_leaves_a_browser_as_it_is(member: Member) -> None:
    district, _, seed, clock = member
    browser = Browser(district)
    browser.sign_in("zhoumin")
    browser.get("/signin/code")

    answer = browser.post("/signin/code", code=code(seed, clock))

    names = {one.partition("=")[0] for one in answer.headers.get_list("set-cookie")}
    assert not names & {"lang", "theme", "shortcuts"}


def test_a_code_that_was_used_is_refused(member: Member) -> None:
    district, _, seed, clock = member
    one, two = Browser(district), Browser(district)
    for browser in (one, two):
        browser.sign_in("zhoumin")
        browser.get("/signin/code")
    typed = code(seed, clock)

    assert one.post("/signin/code", code=typed).status_code == 303
    again = two.post("/signin/code", code=typed)
    assert again.status_code == 401
    assert again.text.count("账号、密码或验证码不正确。") == 2
    assert not two.is_in()


@pytest.mark.parametrize(
    ("account", "password"),
    [("zhoumin", "wrong wrong wrong"), ("nobody", PASSWORD), ("林晓禾", "\x00")],
)
def test_whatever_is_wrong_is_told_the_same(member: Member, account: str, password: str) -> None:
    browser = Browser(member[0])
    answer = browser.sign_in(account, password)

    assert answer.status_code == 401
    assert not [one for one in answer.headers.get_list("set-cookie") if "-form" not in one]
    assert "<title>错误：登录" in answer.text
    assert answer.text.count("账号、密码或验证码不正确。") == 2
    assert password not in answer.text
    assert not browser.is_in()


def test_the_sixth_try_waits(member: Member) -> None:
    browser = Browser(member[0])
    told = [browser.sign_in("zhoumin", "wrong wrong").status_code for _ in range(5)]
    locked = browser.sign_in("zhoumin")

    assert told == [401] * 5
    assert locked.status_code == 429
    assert "请等 1 分钟后再试" in locked.text


def test_over_tls_the_cookies_are_bound_to_the_host(member: Member) -> None:
    district, _, seed, clock = member
    browser = Browser(district, "https://testserver")
    tls = {"Origin": "https://testserver"}
    browser.get("/signin")
    browser.post("/signin", tls, account="zhoumin", password=PASSWORD)
    browser.get("/signin/code")
    answer = browser.post("/signin/code", tls, code=code(seed, clock))

    cookies = answer.headers.get_list("set-cookie")
    assert {one.partition("=")[0] for one in cookies} == {
        "__Host-tenlines",
        "__Host-tenlines-half",
    }
    assert all("Secure" in one and "Domain" not in one for one in cookies)


def test_without_the_first_half_there_is_no_second(fresh: District) -> None:
    browser = Browser(fresh)
    answer = browser.get("/signin/code")

    assert answer.status_code == 401
    assert "请重新登录" in answer.text
    assert 'name="password"' in answer.text


@pytest.mark.parametrize(
    "onward",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "", "/\r\nX: y"],
)
def test_nobody_is_sent_elsewhere(fresh: District, clock: Told, onward: str) -> None:
    fresh.house.porter.two_factors = False
    link = fresh.house.porter.invite("zhoumin", ADM)
    fresh.house.porter.accept(link, PASSWORD, "", "")
    browser = Browser(fresh)

    assert browser.sign_in("zhoumin", onward=onward).headers["location"] == "/"
    shown = Browser(fresh).client.get("/signin", params={"next": onward})
    assert 'name="next" value="/"' in shown.text


# --- forms -------------------------------------------------------------------------------------


FROM_ELSEWHERE = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "https://testserver"},
    {"Referer": "https://evil.example/testserver"},
    {"Referer": "http://["},
    {"Sec-Fetch-Site": "cross-site", **ORIGIN},
    {"Sec-Fetch-Site": "same-site", **ORIGIN},
    {},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
@pytest.mark.parametrize("path", ["/signin", "/signout", "/signout/everywhere", "/role"])
def test_a_form_from_elsewhere_is_refused(
    district: District, path: str, headers: dict[str, str]
) -> None:
    cookie = district.cookies["linxiaohe"]
    answer = district.client.post(
        path,
        data={"form-token": district.form_token(cookie)},
        headers={"Cookie": f"tenlines={cookie}", **headers},
        follow_redirects=False,
    )

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_form_from_elsewhere_is_written_down(fresh: District) -> None:
    fresh.client.post("/role", headers={"Origin": "https://evil.example"})

    journal = fresh.page("bailu", "/audit/door").text
    assert "表单被拒" in journal
    assert journal.count("来自别处，或者没有说明来源") == 1


FROM_HERE = [
    ORIGIN,
    {"Referer": "http://testserver/signin"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin", **ORIGIN},
]


@pytest.mark.parametrize("headers", FROM_HERE, ids=str)
def test_a_form_from_here_passes(district: District, headers: dict[str, str]) -> None:
    browser = Browser(district)
    browser.get("/signin")

    assert browser.post("/signin", headers, account="nobody", password="x").status_code == 401


FORMS = ["/signout", "/signout/everywhere", "/sessions/password", "/role"]


@pytest.mark.parametrize("path", FORMS)
def test_a_form_of_another_session_is_refused(district: District, path: str) -> None:
    ours, theirs = district.cookies["linxiaohe"], district.cookies["chenyan"]
    grant = "00000000-0000-0000-0000-000000000001"
    for token in (district.form_token(theirs), "", "0" * 64, "林"):
        data = {"form-token": token} | ({"grant": grant} if path == "/role" else {})
        answer = district.client.post(
            path, data=data, headers={"Cookie": f"tenlines={ours}", **ORIGIN}
        )
        assert answer.status_code == 403
        assert "没有保存任何内容" in answer.text
    assert district.page("linxiaohe", "/").status_code == 200


def test_a_sign_in_that_was_drawn_for_another_browser_is_refused(district: District) -> None:
    one, two = Browser(district), Browser(district)
    drawn = form_token_of(one.get("/signin").text)
    two.get("/signin")

    for browser in (two, Browser(district)):
        browser.page = f'name="form-token" value="{drawn}"'
        assert browser.post("/signin", account="x", password="y").status_code == 403


def test_a_form_with_more_than_was_asked_for_is_refused(district: District) -> None:
    browser = Browser(district)
    browser.get("/signin")

    assert browser.post("/signin", account="x", role="SL").status_code == 422


# --- being in, going out -----------------------------------------------------------------------


def test_signing_out_ends_the_session_and_not_only_the_cookie(member: Member) -> None:
    _, browser, _, _ = member
    cookie = browser.client.cookies["tenlines"]
    browser.get("/sessions")
    answer = browser.post("/signout")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/signin"
    assert 'tenlines=""' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]
    # An old token opens nothing.
    browser.client.cookies.set("tenlines", cookie)
    assert not browser.is_in()


def test_signing_out_everywhere_ends_the_others_too(member: Member) -> None:
    district, browser, seed, clock = member
    other = Browser(district)
    other.sign_in("zhoumin")
    other.get("/signin/code")
    other.post("/signin/code", code=code(seed, clock))
    assert other.is_in()
    house = district.house
    grant = house.people.grants("zhoumin", local_day(house.now()))[0].grant
    program = {"Authorization": f"Bearer {house.porter.issue('zhoumin', grant)}"}
    assert district.client.get("/api/v1/affairs", headers=program).status_code == 200
    browser.get("/sessions")
    browser.post("/signout/everywhere")

    assert not other.is_in()
    assert not browser.is_in()
    assert district.page("suqing", "/").status_code == 200
    assert district.client.get("/api/v1/affairs", headers=program).status_code == 401


def test_a_session_ends_when_it_rests_and_when_it_is_old(member: Member) -> None:
    _, browser, _, clock = member
    for _ in range(24):
        clock.at += timedelta(minutes=29)
        assert browser.is_in()
    clock.at += timedelta(minutes=29)
    assert not browser.is_in()


def test_half_an_hour_of_rest_ends_a_session(member: Member) -> None:
    _, browser, _, clock = member
    clock.at += timedelta(minutes=30)

    assert not browser.is_in()


def test_who_was_out_too_long_is_told_so_and_goes_on_from_the_page_of_the_form(
    member: Member,
) -> None:
    district, browser, _, clock = member
    browser.get("/affairs/new")
    clock.at += timedelta(minutes=30)

    there = "http://testserver/affairs/new?matter=CG01"
    sent = browser.post("/affairs/new?matter=CG01", {**ORIGIN, "Referer": there})
    door = browser.get(sent.headers["location"]).text
    anybody = Browser(district).get("/signin").text

    assert sent.headers["location"] == "/signin?next=/affairs/new%3Fmatter%3DCG01&unsent=yes"
    assert "登录已结束" in door
    assert "没有提交" in door
    assert 'name="next" value="/affairs/new?matter=CG01"' in door
    assert "登录已结束" not in anybody


def test_a_form_of_another_site_does_not_say_where_to_go(member: Member) -> None:
    _, browser, _, clock = member
    clock.at += timedelta(minutes=30)

    sent = browser.post("/settings", {**ORIGIN, "Referer": "http://elsewhere/affairs/new"})

    assert sent.headers["location"] == "/signin?unsent=yes"


def test_a_session_is_no_bearer_and_a_token_no_cookie(district: District) -> None:
    session, token = district.cookies["linxiaohe"], district.tokens["linxiaohe"]
    api = district.client.get("/api/v1/affairs", headers={"Authorization": f"Bearer {session}"})
    page = district.client.get("/", headers={"Cookie": f"tenlines={token}"}, follow_redirects=False)

    assert api.status_code == 401
    assert page.status_code == 303


def test_a_session_is_seen_and_ended_in_the_list(member: Member) -> None:
    district, browser, seed, clock = member
    other = Browser(district)
    other.sign_in("zhoumin")
    other.get("/signin/code")
    other.post("/signin/code", code=code(seed, clock))
    page = browser.get("/sessions").text
    # What the fixture had issued is over since the password was set.
    ends = re.findall(r'action="(/sessions/[0-9a-f-]+/end)"', page)
    assert len(ends) == 2
    assert page.count("本次") == 1

    assert district.post("suqing", ends[0]).status_code == 404
    for path in ends:
        if browser.is_in():
            browser.post(path)
    assert not other.is_in()


def test_a_password_is_changed_and_the_token_with_it(member: Member) -> None:
    district, browser, _, _ = member
    before = browser.client.cookies["tenlines"]
    browser.get("/sessions")
    wrong = browser.post("/sessions/password", old="x", password="a" * 12, again="a" * 12)
    assert wrong.status_code == 422
    assert wrong.text.count("现在的密码不正确") == 2
    new = "granite harbour nine"
    answer = browser.post("/sessions/password", old=PASSWORD, password=new, again=new)

    assert answer.status_code == 303
    assert browser.is_in()
    assert browser.client.cookies["tenlines"] != before
    assert Browser(district).sign_in("zhoumin").status_code == 401
    assert Browser(district).sign_in("zhoumin", new).status_code == 303


def test_a_password_that_was_breached_elsewhere_is_not_taken(member: Member) -> None:
    district, browser, _, _ = member
    new = "granite harbour nine"
    district.house.door.breached = {new}
    browser.get("/sessions")
    answer = browser.post("/sessions/password", old=PASSWORD, password=new, again=new)

    assert answer.status_code == 422
    assert answer.text.count("这个密码在别处泄露过，请换一个") == 2
    assert Browser(district).sign_in("zhoumin").status_code == 303


def granted(district: District, account: str, role: Role, unit: str) -> str:
    """Another grant; its id."""
    house = district.house
    command = c.GrantRole(
        command_id=house.new_id(),
        by=SYSTEM,
        occurred_at=house.now(),
        account=account,
        role=role,
        unit=unit,
        valid_from=local_day(house.now()),
    )
    house.desk.run(command)
    return str(grant_id(account, "SYS", command.command_id))


def test_the_switch_makes_a_new_session_and_old_forms_are_refused(fresh: District) -> None:
    second = granted(fresh, "linxiaohe", Role.CW, AREA_2)
    browser = Browser(fresh)
    browser.client.cookies.set("tenlines", fresh.cookies["linxiaohe"])
    page = browser.get("/role").text
    assert "第二片区" in page
    drawn = browser.page
    answer = browser.post("/role", grant=second)

    assert answer.status_code == 303
    assert fresh.page("linxiaohe", "/").status_code == 303
    shown = browser.get("/role").text
    assert re.search(r"第二片区.*?当前", shown, re.S)
    browser.page = drawn
    assert browser.post("/signout").status_code == 403
    assert browser.is_in()


def test_a_post_is_not_taken_up_by_who_came_in_with_one_factor(fresh: District) -> None:
    fresh.house.door.credentials.passwords = cheap()
    fresh.house.porter.two_factors = False
    link = fresh.house.porter.invite("jumin", ADM)
    browser = Browser(fresh)
    browser.client.cookies.set("tenlines", fresh.house.porter.accept(link, PASSWORD, "", ""))
    fresh.house.porter.two_factors = True
    post = granted(fresh, "jumin", Role.CW, AREA)
    assert f'value="{post}"' in browser.get("/role").text

    answer = browser.post("/role", grant=post)

    assert answer.status_code == 403
    assert "缺少第二重验证" in answer.text
    assert "set-cookie" not in answer.headers
    assert re.search(r"居民.*?当前", browser.get("/role").text, re.S)


def test_a_role_that_is_over_is_told_and_not_replaced(fresh: District) -> None:
    granted(fresh, "linxiaohe", Role.CW, AREA_2)
    house = fresh.house
    first = house.people.grants("linxiaohe", local_day(house.now()))[0]
    assert first.unit == AREA
    house.desk.run(
        c.WithdrawRole(
            command_id=house.new_id(),
            by=SYSTEM,
            occurred_at=house.now(),
            account="linxiaohe",
            grant=first.grant,
        )
    )
    browser = Browser(fresh)
    browser.client.cookies.set("tenlines", fresh.cookies["linxiaohe"])

    shown = browser.get("/")
    assert shown.status_code == 403
    assert "今天已不再有效，请另选一个" in shown.text
    assert fresh.api("linxiaohe", "GET", "/affairs").status_code == 403
    found = re.search(r'name="grant" value="([0-9a-f-]+)"', shown.text)
    assert found
    assert browser.post("/role", grant=found.group(1)).status_code == 303
    assert browser.is_in()


# --- another factor ----------------------------------------------------------------------------


def test_another_factor_is_set_up_from_the_list_of_sessions(member: Member) -> None:
    district, browser, seed, clock = member
    old = code(seed, clock)
    shown = browser.get("/sessions/factor").text
    new, salt = seed_of(shown), salt_of(shown)

    def sent(**told: str) -> httpx2.Response:
        form = {
            "password": PASSWORD,
            "old": old,
            "salt": salt,
            "code": pyotp.TOTP(new).at(clock.at),
        }
        return browser.post("/sessions/factor", ORIGIN, **{**form, **told})

    for field, words in (
        ("password", "现在的密码不正确"),
        ("old", "现在的验证码不正确"),
        ("code", "新的验证码不正确"),
    ):
        wrong = sent(**{field: "x"})
        assert wrong.status_code == 422
        assert wrong.text.count(words) == 2
        assert f'href="#{field}"' in wrong.text
        # The same factor again: it was scanned already. No secret is sent back.
        assert seed_of(wrong.text) == new
        assert PASSWORD not in wrong.text

    answer = sent()
    assert answer.status_code == 303
    assert "第二重验证已更换" in browser.get(answer.headers["location"]).text
    other = Browser(district)
    other.sign_in("zhoumin")
    other.get("/signin/code")
    assert other.post("/signin/code", code=code(seed, clock)).status_code == 401
    assert other.post("/signin/code", code=code(new, clock)).status_code == 303


def test_a_form_of_another_factor_needs_its_token(member: Member) -> None:
    _, browser, seed, clock = member
    shown = browser.get("/sessions/factor").text
    browser.page = ""
    answer = browser.post(
        "/sessions/factor",
        password=PASSWORD,
        old=code(seed, clock),
        salt=salt_of(shown),
        code=pyotp.TOTP(seed_of(shown)).at(clock.at),
    )

    assert answer.status_code == 403


# --- the journal -------------------------------------------------------------------------------


def test_the_auditor_reads_what_was_refused_and_nobody_else(fresh: District, clock: Told) -> None:
    browser = Browser(fresh)
    browser.sign_in("zhoumin", "my secret typed by mistake")
    browser.sign_in("my account by mistake", "x")
    browser.page = ""
    browser.post("/signin", account="x")
    fresh.page("bailu", "/")

    page = fresh.page("bailu", "/audit/door").text
    for words in ("登录被拒", "表单被拒", "周敏", "不明"):
        assert words in page
    assert "mistake" not in page
    told = fresh.page("bailu", "/audit/door?account=zhoumin").text
    assert "表单被拒</td>" not in told
    for account in ("shilei", "anning", "linxiaohe"):
        assert fresh.page(account, "/audit/door").status_code == 403


def test_pages_of_the_door_are_whole_in_both_languages(member: Member) -> None:
    district, browser, _, _ = member
    for path in ("/sessions", "/role"):
        for language in ("zh", "en"):
            page = browser.get(f"{path}?lang={language}")
            assert page.status_code == 200
    told = district.page("bailu", "/audit/door?lang=en").text
    assert "Journal of the door" in told
    assert "signed in" in told
