"""The audit trail as a page: in words, cut and paged, and nothing of what is out of reach."""

from __future__ import annotations

import re
from typing import Any

import pytest

from domain.account import commands as c
from domain.account.state import grant_id
from domain.actor import SYSTEM, Role
from domain.commands import CloseUnit
from tests.web.district import AREA_2, COMMUNITY, SUMMARY, TELEPHONE, District, spoil, told
from tests.web.test_pages import Seen

AUDITOR = "bailu"


@pytest.fixture(scope="module")
def number(district: District) -> str:
    """The scrap heap up to the check of 25 July; the views hold it."""
    made = told(district)
    district.registered(by="wanglei", area="370103008002-01")
    district.follow()
    return made


def look(district: District, by: str = AUDITOR, **query: Any) -> Seen:
    answer = district.page(by, "/audit", params=query)
    assert answer.status_code == 200, answer.text
    return Seen(answer.text)


def rows(district: District, **query: Any) -> list[list[str]]:
    """The cells of every row in words."""
    html = district.page(AUDITOR, "/audit", params=query).text
    table = html.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in row.split("</td>")[:-1]]
        for row in table.split("</tr>")[:-1]
    ]


def hrefs(seen: Seen) -> list[str]:
    """Where the links of a page lead."""
    return [told["href"] or "" for tag, told in seen.tags if tag == "a"]


def positions(district: District, **query: Any) -> list[int]:
    return [int(row[4]) for row in rows(district, **query)]


def test_a_row_says_in_words_who_did_what_to_what(district: District, number: str) -> None:
    (filed,) = (row for row in rows(district, affair=number) if row[2].startswith("劝导未果上报"))

    assert filed[0].startswith("2011年7月25日 16:10 发生于 2011年7月25日 08:50")
    assert filed[1] == "周敏 zhoumin 社区主任·建新社区"
    assert filed[2] == "劝导未果上报 G8 劝导 改为 已立案"
    assert filed[3] == number
    english = look(district, affair=number, lang="en").text
    assert "File after failed persuasion" in english
    assert "happened 25 July 2011, 08:50" in english


def test_the_affair_is_shown_as_it_stood_then(district: District, number: str) -> None:
    seen = look(district, affair=number)

    links = [one for one in hrefs(seen) if "/history?v=" in one]
    assert links[-1] == f"/affairs/{number}/history?v=1"
    answer = district.page(AUDITOR, str(links[-1]))
    assert answer.status_code == 200
    assert TELEPHONE not in answer.text


def test_what_is_no_affair_is_named(fresh: District) -> None:
    house = fresh.house
    command = house.new_id()
    asked: dict[str, Any] = {"by": SYSTEM, "occurred_at": fresh.clock.at}
    grant = c.GrantRole(
        **asked,
        command_id=command,
        account="suqing",
        role=Role.MED,
        unit=COMMUNITY,
        lines=("TJ",),
        valid_from=fresh.clock.at.date(),
    )
    house.desk.run(grant)
    taken = grant_id("suqing", "SYS", command)
    house.desk.run(
        c.WithdrawRole(**asked, command_id=house.new_id(), account="suqing", grant=taken)
    )
    house.desk.run(
        CloseUnit(**asked, command_id=house.new_id(), code=AREA_2, valid_to=fresh.clock.at.date())
    )
    house.reference.refresh()
    fresh.follow()

    closed, withdrawn, granted, *_ = rows(fresh)
    assert closed[2:4] == ["撤销单位", f"第二片区 {AREA_2}"]
    assert withdrawn[2:4] == ["收回角色", "苏青 suqing：调解员 建新社区"]
    assert granted[2:4] == ["授予角色", "苏青 suqing：调解员 建新社区"]
    assert closed[1] == "系统"
    assert rows(fresh, kind="line")[0][2:4] == ["发布条线", "CG 2011.1"]
    assert rows(fresh, kind="calendar")[0][2:4] == ["导入工作日历", "2012 年"]


def test_it_is_cut_by_everything_that_is_asked(district: District, number: str) -> None:
    api = district.api(AUDITOR, "GET", "/audit", params={"limit": 200}).json()["items"]

    def those(**wanted: Any) -> list[int]:
        return [one["position"] for one in api if all(one[k] == v for k, v in wanted.items())][:50]

    assert positions(district, who="linxiaohe") == [
        one["position"] for one in api if one["actor"]["account"] == "linxiaohe"
    ]
    assert positions(district, role="SC") == those(role="SC")
    assert positions(district, affair=number) == those(affair=number)
    assert positions(district, kind="affair.joint_opened") == those(topic="affair.joint_opened.v1")
    assert (
        positions(district, kind="unit")
        == [one["position"] for one in api if one["topic"].startswith("unit.")][:50]
    )
    within = [one for one in api if one["unit"] and one["unit"]["code"].startswith(COMMUNITY)]
    assert positions(district, unit=COMMUNITY) == [one["position"] for one in within]
    assert {one["unit"]["code"] for one in within} > {COMMUNITY}
    assert positions(district, kind="affair.step") == []
    day = "2011-07-25"
    there = positions(district, **{"from": day, "to": day, "kind": "affair"})
    assert there == [one["position"] for one in api if one["topic"].startswith("affair.")]
    assert positions(district, to="2011-07-24", kind="affair") == []
    both = positions(district, role="CD", affair=number)
    assert both == those(role="CD", affair=number)
    assert 0 < len(both) < len(those(affair=number))


def test_the_api_cuts_by_the_same(district: District, number: str) -> None:
    for query in ({"role": "SC"}, {"unit": COMMUNITY}, {"kind": "unit"}, {"kind": "affair"}):
        answer = district.api(AUDITOR, "GET", "/audit", params={**query, "limit": 50}).json()
        assert [one["position"] for one in answer["items"]] == positions(district, **query)
    for query, status in (
        ({"role": "KING"}, 422),
        ({"kind": "Affair!"}, 422),
        ({"unit": "370199"}, 404),
    ):
        assert district.api(AUDITOR, "GET", "/audit", params=query).status_code == status
    assert district.api(AUDITOR, "GET", "/audit", params={"kind": "moon"}).json()["items"] == []


def test_it_comes_page_by_page_with_what_was_asked_for(fresh: District) -> None:
    for _ in range(20):
        fresh.registered()
    affair = fresh.registered()["number"]
    for minute in range(10, 45):
        fresh.done("zhoumin", affair, "actions/remind", f"07-25 15:{minute}")
    fresh.follow()

    first = fresh.page(AUDITOR, "/audit?kind=affair").text
    (link,) = re.findall(r'href="(/audit\?[^"]*cursor=[^"]*)"[^>]*rel="next"', first)
    link = link.replace("&amp;", "&")
    assert "kind=affair" in link
    second = fresh.page(AUDITOR, link).text

    def shown(html: str) -> list[str]:
        return re.findall(r'<td class="num">(\d+)</td>', html)

    assert len(shown(first)) == 50
    assert shown(first) + shown(second) == [
        str(one["position"])
        for one in fresh.api(AUDITOR, "GET", "/audit?kind=affair&limit=200").json()["items"]
    ]
    assert 'rel="next"' not in second
    assert 'href="/audit?kind=affair"' in second


def test_what_is_chosen_is_removed_one_by_one(district: District, number: str) -> None:
    seen = look(district, role="CD", unit=COMMUNITY, kind="affair.step_taken")

    chips = {told["href"] for tag, told in seen.tags if told.get("class") == "chip"}
    assert chips == {
        f"/audit?unit={COMMUNITY}&kind=affair.step_taken",
        "/audit?role=CD&kind=affair.step_taken",
        f"/audit?role=CD&unit={COMMUNITY}",
    }
    assert "角色：社区主任" in seen.text
    assert "建新社区" in seen.text
    assert "事项：办理" in seen.text


@pytest.mark.parametrize(
    ("query", "field", "status"),
    [
        ({"affair": "CG-2011-9999"}, "affair", 404),
        ({"unit": "370199"}, "unit", 422),
        ({"from": "soon"}, "from", 422),
        ({"from": "2011-07-25", "to": "2011-07-24"}, "to", 422),
    ],
)
def test_what_cannot_be_asked_is_told_beside_its_field_and_kept(
    district: District, number: str, query: dict[str, str], field: str, status: int
) -> None:
    answer = district.page(AUDITOR, "/audit", params=query)

    assert answer.status_code == status
    assert "<title>错误：" in answer.text
    assert f'<a href="#f-{field}">' in answer.text
    assert f'id="f-{field}-e"' in answer.text
    assert f'value="{query[field]}"' in answer.text
    assert "<tbody>" not in answer.text


@pytest.mark.parametrize(
    "query", ["who=" + "x" * 65, "cursor=0", "cursor=x", "role=KING", "kind=A", "colour=red"]
)
def test_an_address_that_nobody_gave_is_refused(district: District, query: str) -> None:
    assert district.page(AUDITOR, f"/audit?{query}").status_code == 422


def test_nothing_personal_and_nothing_that_was_written_is_in_it(
    district: District, number: str
) -> None:
    whole = district.page(AUDITOR, "/audit").text

    for said in (TELEPHONE, "张桂芬", "张*", SUMMARY, "占道三米"):
        assert said not in whole


def test_an_affair_out_of_reach_has_neither_number_nor_link(fresh: District) -> None:
    """Of what is restricted to its people an auditor learns that something happened."""
    affair = fresh.registered()["number"]
    fresh.follow()
    house = fresh.house
    with house.log.database.writing() as connection:
        connection.exec_driver_sql("UPDATE affair_page SET restricted = 1")

    html = fresh.page(AUDITOR, "/audit?kind=affair").text

    assert affair not in html
    assert "不在查看范围内的事务" in html
    assert "/history?v=" not in html
    assert fresh.page(AUDITOR, f"/audit?affair={affair}").status_code == 404


def test_what_cannot_be_read_and_what_is_to_come_is_said(fresh: District) -> None:
    affair = fresh.registered()["number"]
    assert "还有" in look(fresh).text
    fresh.done("linxiaohe", affair, "steps/G1", "07-25 15:00", place="116.99,36.65")
    spoil(fresh, affair, 2)
    fresh.follow()

    shown = look(fresh).text
    assert "有 1 处无法读取" in shown
    assert "还有" not in shown


def test_the_parts_of_the_audit_lead_to_one_another(district: District) -> None:
    for path in ("/audit", "/audit/door"):
        seen = Seen(district.page(AUDITOR, path).text)
        assert {"/audit", "/audit/door"} <= set(hrefs(seen))
        current = [t["href"] for tag, t in seen.tags if t.get("aria-current") == "page"]
        assert current == ["/audit", path]


@pytest.mark.parametrize("account", ["zhoumin", "liheng", "shilei", "anning", "mengzhu"])
def test_nobody_else_looks_at_it_or_is_led_there(
    district: District, number: str, account: str
) -> None:
    assert district.page(account, "/audit").status_code == 403
    assert district.page(account, f"/audit?affair={number}").status_code == 403
    assert 'href="/audit"' not in district.page(account, "/settings").text
