"""Pages of accounts: who works where, what one holds, and what one may do and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters import people
from adapters.people import PAGE
from domain.account import commands as c
from domain.actor import SYSTEM, Role
from domain.clock import local_day
from tests.web.district import AREA, AREA_2, COMMUNITY, PEOPLE, District
from tests.web.forms import Browser, Page
from tests.web.test_pages import Seen

KEEPERS = ("shilei", "anning", "bailu")
OTHERS = ("linxiaohe", "zhoumin", "zhenglan", "hemei", "mengzhu", "hansong", "jumin")


def asked(district: District, account: str) -> dict[str, Any]:
    return {
        "command_id": district.house.new_id(),
        "by": SYSTEM,
        "occurred_at": district.house.now(),
        "account": account,
    }


@pytest.mark.parametrize("path", ["/accounts", f"/accounts?unit={AREA}", "/accounts/chenyan"])
def test_those_who_keep_the_accounts_and_the_auditor_look_at_them(
    district: District, path: str
) -> None:
    for account in KEEPERS:
        assert district.page(account, path).status_code == 200
    for account in OTHERS:
        assert district.page(account, path).status_code == 403


def test_one_looks_at_ones_own_account(district: District) -> None:
    for path in ("/accounts/linxiaohe", "/accounts/linxiaohe/rights"):
        assert district.page("linxiaohe", path).status_code == 200
        assert district.page("zhoumin", path).status_code == 403


@pytest.mark.parametrize("path", ["/accounts/nobody", "/accounts/nobody/rights", "/accounts/SYS"])
def test_an_account_that_is_not_there_is_not_found(district: District, path: str) -> None:
    assert district.page("shilei", path).status_code == 404


def test_units_are_told_with_how_many_work_there_and_who(district: District) -> None:
    whole = district.page("anning", "/accounts").text
    unit = district.page("anning", f"/accounts?unit={COMMUNITY}").text
    nobody = district.page("anning", "/accounts?unit=370103009").text

    assert f"/accounts?unit={COMMUNITY}" in whole
    for name in ("周敏", "苏青", "任和"):
        assert name in unit
    assert "林晓禾" not in unit
    assert "3 人" in unit
    assert "今天没有人在这个单位担任角色" in nobody


# --- the list of all -----------------------------------------------------------------------------


def listed(html: str) -> list[str]:
    """The accounts of a list, in its order."""
    return re.findall(r'<th scope="row"><a class="no" href="/accounts/([^"]+)">', html)


def kinds(html: str) -> dict[str, int]:
    """How many of each kind the tabs tell."""
    found = re.findall(r'<a href="/accounts(?:\?kind=(\w+))?"[^>]*>[^<]*<span[^>]*>(\d+)<', html)
    return {kind or "staff": int(count) for kind, count in found}


def test_accounts_open_with_staff_and_tell_how_many_of_each_kind_there_are(
    fresh: District,
) -> None:
    house = fresh.house
    (grant,) = house.people.grants("suqing", local_day(house.now()))
    house.desk.run(c.WithdrawRole(**asked(fresh, "suqing"), grant=grant.grant))
    house.desk.run(c.CloseAccount(**asked(fresh, "renhe")))
    every = sorted(one.account for one in PEOPLE)
    lists = {
        "residents": ["jumin"],
        "idle": ["renhe", "suqing"],
        "all": every,
        "staff": [one for one in every if one not in ("jumin", "renhe", "suqing")],
    }

    html = fresh.page("shilei", "/accounts").text
    assert kinds(html) == {kind: len(accounts) for kind, accounts in lists.items()}
    assert listed(html) == lists["staff"]
    assert "区部门经办 市中区 CG" in " ".join(Seen(html).text.split())
    for kind, accounts in lists.items():
        shown = fresh.page("shilei", f"/accounts?kind={kind}").text
        assert listed(shown) == accounts
        assert ("已停用" in shown) == ("renhe" in accounts)
    assert fresh.page("shilei", "/accounts?kind=strangers").status_code == 422


def test_whoever_is_both_is_in_both_lists_and_counted_once_in_all(fresh: District) -> None:
    before = kinds(fresh.page("anning", "/accounts").text)
    house = fresh.house
    for number in range(2):
        house.desk.run(
            c.GrantRole(
                **asked(fresh, "linxiaohe"),
                role=Role.CW if number else Role.RES,
                unit=AREA_2 if number else "",
                valid_from=local_day(house.now()),
            )
        )
    after = kinds(fresh.page("anning", "/accounts").text)

    assert after == {**before, "residents": before["residents"] + 1}
    assert "linxiaohe" in listed(fresh.page("anning", "/accounts?kind=residents").text)
    whole = fresh.page("anning", "/accounts").text
    assert listed(whole).count("linxiaohe") == 1
    assert "社区工作者 第一片区" in whole
    assert "社区工作者 第二片区" in whole


def test_pages_of_accounts_go_on_where_the_last_one_ended(fresh: District) -> None:
    for number in range(PAGE + 3):
        told = {**asked(fresh, f"t{number:03}"), "name": f"新人{number}"}
        fresh.house.desk.run(c.OpenAccount(**told))
    found, onward = [], "/accounts?kind=idle"
    pages = 0
    while onward:
        html = fresh.page("shilei", onward).text
        found += listed(html)
        (onward,) = re.findall(r'href="([^"]*)" rel="next"', html) or [""]
        onward = onward.replace("&amp;", "&")
        pages += 1

    assert (found, pages) == ([f"t{number:03}" for number in range(PAGE + 3)], 2)


def test_whoever_is_sought_by_name_or_account_is_found_and_no_address_holds_a_name(
    district: District,
) -> None:
    def sought(text: str, kind: str = "staff") -> list[str]:
        answer = district.post("shilei", "/accounts/all/find", text=text, kind=kind)
        assert answer.status_code == 200
        assert not re.search(r'(href|action)="[^"]*(林|%E6%9E%97)', answer.text)
        return listed(answer.text)

    assert sought("林晓") == ["linxiaohe"]
    assert sought("LIN") == ["linxiaohe"]
    assert sought("张敏") == []
    assert sought("张敏", "residents") == ["jumin"]
    assert sought("张敏", "all") == ["jumin"]
    exact = district.post("shilei", "/accounts/all/find", text=" Zhoumin ", kind="staff")
    assert (exact.status_code, exact.headers["location"]) == (303, "/accounts/zhoumin")
    nothing = district.post("shilei", "/accounts/all/find", text="", kind="idle")
    assert nothing.headers["location"] == "/accounts?kind=idle"


def test_a_search_that_looked_through_enough_goes_on_by_a_button(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "LOOKED", 5)
    browser = Browser(district, "shilei", form="find")
    found, pages = [], 0
    page = browser.send(browser.look("/accounts"), "查找", text="敏")
    browser = replace(browser, form="find-on")
    while True:
        found += listed(page.answer.text)
        pages += 1
        if "继续查找" not in page.text:
            break
        page = browser.send(Page("shilei", page.answer, "find-on"), "继续查找")

    assert found == ["zhoumin"]
    assert pages == 4


def test_rights_are_told_with_their_reasons(district: District) -> None:
    worker = district.page("shilei", "/accounts/linxiaohe/rights").text
    officer = district.page("shilei", "/accounts/zhenglan/rights").text

    assert "社区工作者 第一片区；本片区（第一片区）" in worker
    assert "街道科室经办 街道城管科；本街道（二七新村街道）；仅限条线 CG" in officer
    assert "授予角色" in worker
    english = district.page("shilei", "/accounts/linxiaohe/rights?lang=en").text
    assert "own area (第一片区)" in english


@contextmanager
def standing_in(district: District) -> Iterator[None]:
    """陈砚 stands in for 林晓禾, until both are as they were."""
    house, today = district.house, local_day(district.house.now())
    (theirs,) = house.people.grants("linxiaohe", today)
    house.desk.run(
        c.AppointDeputy(
            **asked(district, "chenyan"),
            principal="linxiaohe",
            of=theirs.grant,
            valid_from=today,
            valid_until=today + timedelta(days=6),
        )
    )
    yield
    grant = house.people.grants("chenyan", today)[-1].grant
    house.desk.run(c.WithdrawRole(**asked(district, "chenyan"), grant=grant))


def test_a_deputy_is_told_as_one_and_is_none_afterwards(district: District) -> None:
    with standing_in(district):
        held = district.page("anning", "/accounts/chenyan").text
        may = district.page("anning", "/accounts/chenyan/rights").text
        area = district.page("anning", f"/accounts?unit={AREA}").text
    after = district.page("anning", "/accounts/chenyan").text

    assert held.count("有效") - held.count("无效") == 2
    assert "代理 林晓禾" in may
    assert "至 2011年7月31日" in may
    assert "陈砚" in area
    assert after.count("无效") == 1


def test_rights_are_told_with_what_their_reach_does_not_say(district: District) -> None:
    page = " ".join(Seen(district.page("zhoumin", "/accounts/zhoumin/rights").text).text.split())

    assert "社区主任只登记本社区的责任片区。" in page
    assert "社区主任提出，区部门负责人和安全管理员两人都批准。" in page


def test_a_right_that_is_taken_back_is_gone_at_the_next_request(fresh: District) -> None:
    house = fresh.house
    before = fresh.api("linxiaohe", "GET", "/affairs")
    (grant,) = house.people.grants("linxiaohe", local_day(house.now()))

    house.desk.run(c.WithdrawRole(**asked(fresh, "linxiaohe"), grant=grant.grant))

    assert before.status_code == 200
    assert fresh.api("linxiaohe", "GET", "/affairs").status_code == 403
    assert fresh.page("linxiaohe", "/").status_code == 403
    assert fresh.page("anning", f"/accounts?unit={AREA_2}").status_code == 200
