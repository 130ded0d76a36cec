"""Accounts are changed from their pages: who may, what a form refuses, that it acts once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from domain.clock import local_day
from tests.adapters.door.conftest import cheap
from tests.web.district import AREA, AREA_2, CITY_MANAGEMENT, COMMUNITY, District
from tests.web.forms import Browser, Page
from web.account_forms import RIGHTS, Deed

ADM, SEC, AUD = "shilei", "anning", "bailu"
PASSWORD = "velvet otter ladder 9"
FORMS = ("rename", "close", "reopen", "invite", "deputy", "reset", "sessions")


def adm(district: District) -> Browser:
    return Browser(district, ADM)


def sec(district: District) -> Browser:
    return Browser(district, SEC)


def link_of(page: Page) -> str:
    found = re.search(r"http://testserver(/invitation/[\w-]+)", page.answer.text)
    assert found, page.text
    return found.group(1)


def opened(district: District, account: str = "t0500", name: str = "季风") -> Page:
    form = adm(district).look("/accounts?do=open")
    return adm(district).send(form, account=account, name=name)


def granted(district: District, account: str, role: str, **told: Any) -> Page:
    form = sec(district).look(f"/accounts/{account}?do=grant&role={role}")
    return sec(district).send(form, **told)


def on(district: District, account: str) -> list[str]:
    today = local_day(district.house.now())
    return [f"{one.role.value} {one.unit}" for one in district.house.people.grants(account, today)]


def let_in(district: District, account: str) -> str:
    """Give an account a way in; a session of its browser."""
    district.house.door.credentials.passwords = cheap()
    page = adm(district).send(adm(district).look(f"/accounts/{account}?do=invite"))
    token = link_of(page).rpartition("/")[2]
    draft = district.house.porter.invited(token).draft
    code = pyotp.TOTP(draft.seed).at(district.house.door.place.clock())
    return district.house.porter.accept(token, PASSWORD, draft.salt, code)


# --- ADM ---------------------------------------------------------------------------------------


def test_an_account_is_opened_and_its_link_is_shown_once(fresh: District) -> None:
    page = opened(fresh)
    link = link_of(page)
    after = adm(fresh).look("/accounts/t0500")

    assert "季风" in page.text
    assert fresh.client.get(link).status_code == 200
    assert "/invitation/" not in after.answer.text
    assert "还没有登录手段" in after.text
    # Who holds nothing yet is found all the same, by whoever grants.
    assert "t0500" in sec(fresh).look("/accounts?kind=idle").links
    found = fresh.post(SEC, "/accounts/all/find", text="T0500")
    assert found.headers["location"] == "/accounts/t0500"
    missing = fresh.post(SEC, "/accounts/all/find", text="t0501")
    assert "没有姓名或账号带“t0501”的" in missing.text


def test_a_name_with_a_sign_that_nobody_sees_is_told_beside_its_field(fresh: District) -> None:
    page = opened(fresh, name="季\u202e风")

    assert page.errors == [("#f-name", "姓名：含有看不见的字符 U+202E")]
    assert page.values["name"] == ["季\u202e风"]
    assert not fresh.house.people.known("t0500", local_day(fresh.house.now()))


def test_a_double_click_opens_one_account(fresh: District) -> None:
    form = adm(fresh).look("/accounts?do=open")
    first = adm(fresh).send(form, account="t0500", name="季风")
    version = fresh.house.people.standing("t0500")
    fresh.clock.at += timedelta(seconds=1)
    second = adm(fresh).send(form, account="t0500", name="季风")

    assert fresh.house.people.standing("t0500") == version
    # Of two links, the later one is good: it is the one on the screen.
    assert fresh.client.get(link_of(first)).status_code == 410
    assert fresh.client.get(link_of(second)).status_code == 200
    # The same form about another account does nothing, and says so.
    other = adm(fresh).send(form, account="t0501", name="季风")
    assert (other.status, fresh.house.people.knows("t0501")) == (409, False)


@pytest.mark.parametrize(
    ("told", "beside", "said"),
    [
        ({"account": "T1", "name": "季风"}, "f-account", "应为 3 至 32 位小写字母"),
        ({"account": "chenyan", "name": "季风"}, "f-account", "已有同名账号"),
        ({"account": "", "name": "季风"}, "f-account", "请填写账号"),
        ({"account": "t0500", "name": ""}, "f-name", "请填写姓名"),
        ({"account": "t0500", "name": "风" * 101}, "f-name", "100"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_above(
    district: District, told: dict[str, Any], beside: str, said: str
) -> None:
    page = adm(district).send(adm(district).look("/accounts?do=open"), **told)

    assert page.status in (409, 422)
    assert [address for address, _ in page.errors] == [f"#{beside}"]
    assert said in page.errors[0][1]
    assert f'id="{beside}-e"' in page.answer.text
    assert page.values["account"] == [told["account"]]
    assert page.values["name"] == [told["name"]]
    assert page.answer.text.count("<title>错误：") == 1


def test_an_account_is_renamed_closed_and_opened_again(fresh: District) -> None:
    rename = adm(fresh).look("/accounts/chenyan?do=rename")
    assert rename.values["name"] == ["陈砚"]
    assert "已改名" in adm(fresh).send(rename, name="陈岩").text
    assert fresh.house.people.name_of("chenyan") == "陈岩"

    closing = adm(fresh).look("/accounts/chenyan?do=close")
    closed = adm(fresh).send(closing, reason="调离")
    assert "已停用账号" in closed.text
    assert on(fresh, "chenyan") == []
    assert fresh.page("chenyan", "/").status_code == 303

    again = adm(fresh).send(adm(fresh).look("/accounts/chenyan?do=close"))
    assert again.status == 409
    assert "该账号已停用" in again.text

    reopened = adm(fresh).send(adm(fresh).look("/accounts/chenyan?do=reopen"))
    assert "已重新启用" in reopened.text
    assert on(fresh, "chenyan") == []
    assert "该账号没有停用" in adm(fresh).send(adm(fresh).look("/accounts/chenyan?do=reopen")).text


def test_who_has_a_way_in_is_not_invited(fresh: District) -> None:
    let_in(fresh, "suqing")

    page = adm(fresh).send(adm(fresh).look("/accounts/suqing?do=invite"))

    assert page.status == 409
    assert "发出邀请" not in adm(fresh).look("/accounts/suqing").links
    assert "密码、第二重验证" in adm(fresh).look("/accounts/suqing").text


# --- SEC ---------------------------------------------------------------------------------------


def test_a_role_is_chosen_then_a_unit_that_fits_it(fresh: District) -> None:
    opened(fresh)
    choice = sec(fresh).look("/accounts/t0500?do=grant")
    worker = sec(fresh).look("/accounts/t0500?do=grant&role=CW")
    officer = sec(fresh).look("/accounts/t0500?do=grant&role=SC")
    resident = sec(fresh).look("/accounts/t0500?do=grant&role=RES")

    roles = {"CW", "SC", "RES", "SEC"}
    assert {f"/accounts/t0500?do=grant&role={role}" for role in roles} <= {*choice.links.values()}
    assert AREA in worker.options["unit"]
    assert COMMUNITY not in worker.options["unit"]
    assert "lines" not in worker.options
    assert {CITY_MANAGEMENT, "370103008"} <= set(officer.options["unit"])
    assert "CG" in officer.options["lines"]
    assert "unit" not in resident.options

    page = granted(fresh, "t0500", "SC", unit=CITY_MANAGEMENT, lines=["CG", "TJ"])
    assert "已授予角色" in page.text
    assert on(fresh, "t0500") == [f"SC {CITY_MANAGEMENT}"]


def test_a_grant_sent_twice_is_one(fresh: District) -> None:
    opened(fresh)
    form = sec(fresh).look("/accounts/t0500?do=grant&role=CW")
    sec(fresh).send(form, unit=AREA)
    fresh.clock.at += timedelta(seconds=1)
    again = sec(fresh).send(form, unit=AREA)

    assert again.status == 200
    assert on(fresh, "t0500") == [f"CW {AREA}"]


@pytest.mark.parametrize(
    ("account", "role", "told", "said"),
    [
        ("suqing", "CW", {}, "请选择单位"),
        ("suqing", "CW", {"unit": COMMUNITY}, "应与该角色相符"),
        ("suqing", "SC", {"unit": CITY_MANAGEMENT}, "请选择条线"),
        ("suqing", "CW", {"unit": AREA, "valid_until": "2011-07-01"}, "末日"),
        ("suqing", "CW", {"unit": AREA, "valid_from": "yesterday"}, "首日"),
        ("suqing", "FD", {"unit": COMMUNITY}, "这些日子里已担任"),
        ("suqing", "AUD", {"unit": "370103"}, "审计员 与 前台 不得由同一账号"),
        (AUD, "CW", {"unit": AREA}, "社区工作者 与 审计员 不得由同一账号"),
        (ADM, "POL", {"unit": "370103"}, "政策编辑 与 系统管理员 不得由同一账号"),
    ],
)
def test_a_grant_that_may_not_be_is_refused_in_words(
    district: District, account: str, role: str, told: dict[str, str], said: str
) -> None:
    before = on(district, account)
    page = granted(district, account, role, reason="顶岗", **told)

    assert page.status in (409, 422)
    assert any(said in words for _, words in page.errors) or said in page.text
    assert page.values["reason"] == ["顶岗"]
    assert page.values.get("unit", [""]) == [told.get("unit", "")] or told["unit"] == COMMUNITY
    assert on(district, account) == before


def test_nobody_does_it_for_themselves(district: District) -> None:
    for browser, account, does in ((sec(district), SEC, "grant"), (adm(district), ADM, "rename")):
        own = browser.look(f"/accounts/{account}")
        form = browser.look(f"/accounts/{account}?do={does}")
        sent = district.post(
            account, f"/accounts/{account}?do={does}&role=POL", **{"command-id": "x"}
        )

        assert "不能由您自己办理" in own.text
        assert not [link for link in own.links.values() if "do=" in link]
        assert (form.status, sent.status_code) == (403, 403)
        assert "不得对本人的账号办理" in form.text


def test_the_last_of_its_role_is_neither_withdrawn_nor_closed(fresh: District) -> None:
    (only,) = fresh.house.people.grants(ADM, local_day(fresh.house.now()))
    page = sec(fresh).send(sec(fresh).look(f"/accounts/{ADM}?do=withdraw&grant={only.grant}"))
    closing = adm(fresh).send(adm(fresh).look(f"/accounts/{SEC}?do=close"))

    assert "没有其他账号长期担任 系统管理员" in page.text
    assert "没有其他账号长期担任 安全管理员" in closing.text
    assert (page.status, closing.status) == (409, 409)
    assert on(fresh, ADM) == ["ADM 370103"]
    assert on(fresh, SEC) == ["SEC 370103"]


def test_a_role_is_withdrawn_and_gone_at_the_next_request(fresh: District) -> None:
    assert fresh.page("chenyan", "/").status_code == 200
    (held,) = fresh.house.people.grants("chenyan", local_day(fresh.house.now()))
    address = f"/accounts/chenyan?do=withdraw&grant={held.grant}"
    form = sec(fresh).look(address)
    page = sec(fresh).send(form, reason="调离")

    assert "第二片区" in form.text
    assert "已收回角色" in page.text
    assert on(fresh, "chenyan") == []
    assert fresh.page("chenyan", "/").status_code == 403
    assert "收回" not in sec(fresh).look("/accounts/chenyan").links
    # Sent again it is the same request; asked anew there is nothing left to take.
    fresh.clock.at += timedelta(seconds=1)
    assert sec(fresh).send(form, reason="调离").status == 200
    assert sec(fresh).look(address).status == 404


def test_a_deputy_is_appointed_for_a_colleague_beside(fresh: District) -> None:
    today = local_day(fresh.house.now())
    until = (today + timedelta(days=59)).isoformat()
    (theirs,) = fresh.house.people.grants("linxiaohe", today)
    form = sec(fresh).look("/accounts/chenyan?do=deputy")

    late = (today + timedelta(days=60)).isoformat()
    refused = sec(fresh).send(form, of=str(theirs.grant), valid_until=late)
    stranger = sec(fresh).send(form, of="0" * 8, valid_until=until)
    page = sec(fresh).send(form, of=str(theirs.grant), valid_until=until)

    assert form.options["of"] == ["", str(theirs.grant)]
    assert "代理最多六十天" in refused.errors[0][1]
    assert refused.errors[0][0] == "#f-valid_until"
    assert refused.values["of"] == [str(theirs.grant)]
    assert "代理人须在同级相邻单位担任同一角色" in stranger.errors[0][1]
    assert "已安排代理" in page.text
    assert on(fresh, "chenyan") == [f"CW {AREA_2}", f"CW {AREA}"]


def test_who_has_nobody_beside_stands_in_for_nobody(district: District) -> None:
    page = sec(district).look("/accounts/suqing?do=deputy")

    assert "没有可以代理的人" in page.text
    assert not page.buttons


def test_a_reset_takes_two(fresh: District) -> None:
    session = let_in(fresh, "suqing")
    headers = {"Cookie": f"tenlines={session}"}
    assert fresh.client.get("/", headers=headers, follow_redirects=False).status_code == 200

    form = sec(fresh).look("/accounts/suqing?do=reset")
    page = sec(fresh).send(form)

    assert "密码、第二重验证" in form.text
    assert "请系统管理员发出邀请" in page.text
    assert fresh.client.get("/", headers=headers, follow_redirects=False).status_code == 303
    standing = fresh.house.people.standing("suqing")
    assert standing is not None
    assert standing.credentials == ()
    # A double click takes nothing more; SEC does not invite, and ADM does not reset.
    assert sec(fresh).send(form).status == 200
    assert fresh.house.people.standing("suqing") == standing
    assert sec(fresh).look("/accounts/suqing?do=invite").status == 403
    assert adm(fresh).look("/accounts/suqing?do=reset").status == 403
    assert link_of(adm(fresh).send(adm(fresh).look("/accounts/suqing?do=invite")))
    seen = fresh.house.door.journal.read(account="suqing")
    assert {"reset", "invitation"} <= {one.what for one in seen}


def test_both_administrators_end_the_sessions_of_somebody(fresh: District) -> None:
    for browser in (adm(fresh), sec(fresh)):
        page = browser.send(browser.look("/accounts/chenyan?do=sessions"))
        assert "已结束该账号的全部登录" in page.text
        assert fresh.page("chenyan", "/").status_code == 303


# --- who may not -------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", [*RIGHTS])
def test_only_who_has_the_right_sees_a_form_or_sends_one(district: District, deed: Deed) -> None:
    path = "/accounts?do=open" if deed == "open" else f"/accounts/chenyan?do={deed}&role=CW"
    may = {"accounts": ADM, "role_grants": SEC}
    allowed = {may[right] for right in RIGHTS[deed]}
    (grant,) = district.house.people.grants("chenyan", local_day(district.house.now()))
    if deed == "withdraw":
        path += f"&grant={grant.grant}"
    for account in (ADM, SEC, AUD, "linxiaohe", "mengzhu"):
        looked = district.page(account, path).status_code
        assert looked == (200 if account in allowed else 403), account
        if account not in allowed:
            assert district.post(account, path).status_code == 403


def test_the_auditor_reads_and_changes_nothing(district: District) -> None:
    for path in ("/accounts", "/accounts/chenyan", "/accounts/chenyan/rights"):
        page = Browser(district, AUD).look(path)
        assert page.status == 200
        assert not [link for link in page.links.values() if "do=" in link]


def test_a_form_without_its_token_or_with_more_than_it_asks_does_nothing(
    district: District,
) -> None:
    form = adm(district).look("/accounts/chenyan?do=rename")
    forged = adm(district).send(form, name="陈岩", form__token="0" * 64)
    more = adm(district).send(form, name="陈岩", role="ADM")
    nothing = adm(district).send(form, name="陈岩", command__id="1")

    assert (forged.status, more.status, nothing.status) == (403, 422, 422)
    assert district.house.people.name_of("chenyan") == "陈砚"


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/nobody?do=rename",
        "/accounts/chenyan?do=open",
        "/accounts/chenyan?do=withdraw&grant=00000000-0000-0000-0000-000000000001",
    ],
)
def test_what_is_not_there_is_not_found(district: District, path: str) -> None:
    who = SEC if "withdraw" in path else ADM
    assert district.page(who, path).status_code == 404
    assert district.post(who, path, **{"command-id": str(district.house.new_id())}).status_code in (
        404,
        422,
    )


@pytest.mark.parametrize("deed", FORMS)
def test_the_forms_speak_both_languages(district: District, deed: str) -> None:
    who = SEC if deed in ("deputy", "reset") else ADM
    page = Browser(district, who, "en").look(f"/accounts/chenyan?do={deed}")

    assert page.status == 200
    main = page.answer.text.partition("<main")[2].partition("<footer")[0]
    assert set(re.findall("[\u4e00-\u9fff]+", main)) <= {"陈砚", "林晓禾", "第一片区"}
