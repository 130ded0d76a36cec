"""The lists that a person keeps under a name: with the account, by forms, at most so many."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx2
import pytest

from tests.web.district import AREA_2, THEIR_AREA, District, browser
from tests.web.forms import Browser, Page
from tests.web.test_pages import Seen
from web.pages.filters import MOST, NAME_LONGEST


def kept(district: District, by: str) -> list[tuple[str, str]]:
    """Name and address of what the inbox offers."""
    html = district.page(by, "/").text
    tabs = html.partition('<nav class="tabs"')[2].partition("</nav>")[0]
    links = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', tabs)[4:]
    filters = [(name, address.replace("&amp;", "&")) for address, name in links]
    return [one for one in filters if one[1] != "/assignments"]


def errors(by: str, answer: httpx2.Response) -> list[tuple[str, str]]:
    """The summary: which field, and what is wrong."""
    return [one for one in Page(by, answer).errors if one[0].startswith("#")]


def test_a_list_is_kept_looked_at_called_otherwise_and_forgotten(fresh: District) -> None:
    saved = fresh.post("linxiaohe", "/filters", name=" 垃圾 ", address="/?line=CG&due=late")

    assert saved.status_code == 303
    assert saved.headers["location"] == "/?line=CG&due=late"
    assert "set-cookie" not in saved.headers
    assert kept(fresh, "linxiaohe") == [("垃圾", "/?line=CG&due=late")]
    renamed = fresh.post("linxiaohe", "/filters/rename", name="垃圾", to="逾期的垃圾")
    assert renamed.headers["location"] == "/filters"
    assert kept(fresh, "linxiaohe") == [("逾期的垃圾", "/?line=CG&due=late")]
    fresh.post("linxiaohe", "/filters/drop", name="逾期的垃圾")
    assert kept(fresh, "linxiaohe") == []


def test_they_follow_the_account_to_another_machine_and_nobody_else(fresh: District) -> None:
    fresh.post("linxiaohe", "/filters", name="我的", address="/?whose=mine")
    (grant,) = fresh.house.people.grants("linxiaohe", fresh.clock.at.date())
    other = browser(fresh.house, "linxiaohe", grant.grant)
    machine = replace(fresh, cookies={"linxiaohe": other})

    assert kept(machine, "linxiaohe") == [("我的", "/?whose=mine")]
    assert kept(fresh, "zhoumin") == []


def test_a_list_that_is_kept_is_the_one_shown(fresh: District) -> None:
    fresh.post("linxiaohe", "/filters", name="我的", address="/?whose=mine")

    shown = fresh.page("linxiaohe", "/?whose=mine").text
    assert re.search(r'<a href="/\?whose=mine" aria-current="page">我的</a>', shown)
    assert "已保存的视图：我的" in shown


def test_the_page_says_what_each_asks_for_in_either_language(fresh: District) -> None:
    fresh.post("linxiaohe", "/filters", name="一", address="/?line=CG&due=late&whose=mine")
    fresh.post("linxiaohe", "/filters", name="二", address="/")
    fresh.post("linxiaohe", "/filters", name="三", address="/?state=registered&show=all")

    zh, en = fresh.page("linxiaohe", "/filters").text, fresh.page("linxiaohe", "/filters?lang=en")
    assert "条线：CG" in zh
    assert "逾期" in zh
    assert "共 3 个" in zh
    assert "My views" in en.text
    assert "Line: CG" in en.text
    assert "3 views" in en.text


def test_where_from_and_where_are_kept_too(fresh: District) -> None:
    address = f"/?source=phone&area={AREA_2}"
    assert fresh.post("zhoumin", "/filters", name="电话", address=address).status_code == 303

    assert kept(fresh, "zhoumin") == [("电话", address)]
    assert "来源：电话、片区：第二片区" in fresh.page("zhoumin", "/filters").text
    assert "Source: telephone, Area: 第二片区" in fresh.page("zhoumin", "/filters?lang=en").text


@pytest.mark.parametrize("code", [THEIR_AREA, "370103008009-01"])
def test_a_place_beyond_reach_is_not_kept(district: District, code: str) -> None:
    answer = district.post("zhoumin", "/filters", name="x", address=f"/?area={code}")

    assert answer.status_code == 404
    assert kept(district, "zhoumin") == []


def test_the_forms_of_the_page_work_without_a_script(fresh: District) -> None:
    fresh.post("linxiaohe", "/filters", name="一", address="/?line=CG")
    fresh.post("linxiaohe", "/filters", name="二", address="/?due=late")
    first, second = (Browser(fresh, "linxiaohe", form=form) for form in ("rename-1", "drop-2"))

    renamed = first.send(first.look("/filters"), "改名", to="垃圾")
    assert renamed.status == 200
    assert kept(fresh, "linxiaohe") == [("垃圾", "/?line=CG"), ("二", "/?due=late")]
    second.send(second.look("/filters"), "删除 二")
    assert kept(fresh, "linxiaohe") == [("垃圾", "/?line=CG")]
    first = Browser(fresh, "linxiaohe", form="drop-1")
    forgotten = first.send(first.look("/filters"), "删除 垃圾")
    assert kept(fresh, "linxiaohe") == []
    assert "还没有保存视图" in forgotten.text


def test_as_many_as_there_may_be_then_one_has_to_go_first(fresh: District) -> None:
    for number in range(MOST):
        fresh.post("linxiaohe", "/filters", name=f"视图{number}", address="/?line=CG")

    refused = fresh.post("linxiaohe", "/filters", name="还有", address="/?due=late")
    assert refused.status_code == 422
    assert "<title>错误：" in refused.text
    assert errors("linxiaohe", refused) == [("#name", f"已保存 {MOST} 个，请先删除一个")]
    assert 'value="还有"' in refused.text
    assert 'name="address" value="/?due=late"' in refused.text
    assert len(kept(fresh, "linxiaohe")) == MOST
    # The inbox says so before anybody tries.
    inbox = fresh.page("linxiaohe", "/?due=late").text
    assert f"已保存 {MOST} 个，不能再多" in inbox
    assert 'action="/filters"' not in inbox
    # The same name leads elsewhere then.
    assert (
        fresh.post("linxiaohe", "/filters", name="视图5", address="/?due=late").status_code == 303
    )
    assert ("视图5", "/?due=late") in kept(fresh, "linxiaohe")


def test_a_name_that_another_has_is_refused_with_what_was_typed(fresh: District) -> None:
    for name in ("一", "二"):
        fresh.post("linxiaohe", "/filters", name=name, address="/?line=CG")

    answer = fresh.post("linxiaohe", "/filters/rename", name="一", to="二")

    assert answer.status_code == 422
    assert errors("linxiaohe", answer) == [("#to", "已有同名视图")]
    assert {"to", "to-e"} <= Page("linxiaohe", answer).ids
    assert re.search(r'id="to" name="to" value="二"', answer.text)
    assert [name for name, _ in kept(fresh, "linxiaohe")] == ["一", "二"]


def test_what_is_not_there_is_not_renamed(district: District) -> None:
    assert district.post("zhoumin", "/filters/rename", name="无", to="有").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/?colour=red",
        "/?due=soon",
        "//evil.example/?line=CG",
        "/affairs/1",
        "/?line=CG&line=MZ",
        "/?line=张敏",
        "/?source=张敏",
        "/?state=13812341234",
        "x",
        "",
    ],
)
def test_what_is_no_list_of_codes_is_not_kept(district: District, address: str) -> None:
    answer = district.post("linxiaohe", "/filters", name="x", address=address)

    assert answer.status_code == 422
    assert kept(district, "linxiaohe") == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "x" * (NAME_LONGEST + 1),
        "a\x00b",
        "a\nb",
        "a\u202eb",
        "\u200b",
        "张敏 13812341234",
        "110105 19491231",
        "0531-8888 1234",
    ],
)
def test_what_is_no_name_is_not_kept_and_told_beside_its_field(
    district: District, name: str
) -> None:
    answer = district.post("linxiaohe", "/filters", name=name, address="/?line=CG")

    ((field, wrong),) = errors("linxiaohe", answer)
    assert (answer.status_code, field) == (422, "#name")
    assert not re.search("[a-z]{4}", wrong)
    assert answer.text.count(wrong) == 2
    assert kept(district, "linxiaohe") == []


def test_a_kept_filter_from_elsewhere_is_refused(district: District) -> None:
    answer = district.client.post(
        "/filters",
        data={"name": "x", "address": "/"},
        headers={
            "Cookie": f"tenlines={district.cookies['linxiaohe']}",
            "Origin": "https://evil.example",
        },
    )

    assert answer.status_code == 403


def test_a_name_is_shown_as_it_is_written(fresh: District) -> None:
    fresh.post("linxiaohe", "/filters", name="<b>粗</b>", address="/?line=CG")

    assert "<b>粗" not in fresh.page("linxiaohe", "/").text
    assert "<b>粗" in Seen(fresh.page("linxiaohe", "/filters").text).text
