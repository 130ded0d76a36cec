"""Affairs ticked in a list and given to a colleague: a sentence for each, no script needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.actor import SYSTEM
from domain.commands import PublishLine
from tests.web.district import (
    AREA_2,
    COMMUNITY,
    FOUNDED,
    SUMMARY,
    THEIR_AREA,
    District,
    at,
    form_token_of,
    standing,
)
from tests.web.forms import Browser, Page
from workflows.loading import FOLDER, load
from workflows.publication import defined

ASSIGNERS = ("suqing", "zhoumin", "zhenglan", "gaoyuan", "luocheng", "hemei", "liheng")
OTHERS = ("linxiaohe", "renhe", "hansong", "bailu", "jumin")


def boxes(district: District, account: str) -> Browser:
    """A browser of which only the form that assigns is looked at."""
    return Browser(district, account, form="assign")


def results(page: Page) -> list[tuple[str, str]]:
    """The number of each affair and what became of it, as the page says."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td>', page.answer.text, re.DOTALL)
    return [tuple(re.sub(r"<[^>]*>", "", cell).strip() for cell in row) for row in rows]  # type: ignore[misc]  # two cells


def assignee(district: District, number: str) -> str:
    """Who is responsible for an affair."""
    person = district.api("zhoumin", "GET", f"/affairs/{number}").json()["assignee"]
    return person["account"] if person else ""


@pytest.mark.parametrize("account", ASSIGNERS)
def test_who_assigns_ticks_affairs_in_the_inbox(district: District, account: str) -> None:
    number = district.registered()["number"]
    page = boxes(district, account).look("/")

    assert number in page.options["affair"]
    assert page.links["待指派"] == "/assignments"
    assert page.answer.text.count('action="/assignments"') == 1


@pytest.mark.parametrize("account", OTHERS)
def test_who_assigns_nobody_sees_no_box_and_no_page(district: District, account: str) -> None:
    number = district.registered()["number"]
    page = boxes(district, account).look("/")
    form = {"command_id": str(district.house.new_id()), "affair": number}

    assert "affair" not in page.options
    assert "待指派" not in page.links
    assert district.page(account, "/assignments").status_code == 403
    sent = district.client.post(
        "/assignments",
        data={**form, "account": "suqing", "form-token": form_token_of(page.answer.text)},
        headers=boxes(district, account).headers,
    )
    assert sent.status_code == 403
    assert assignee(district, number) == "linxiaohe"


def test_people_are_offered_by_name_and_post_where_they_may_work(fresh: District) -> None:
    fresh.registered()
    html = fresh.page("zhoumin", "/").text
    offered = re.findall(
        r'<option value="(\w+)">([^<]*)</option>', html.partition('id="assign"')[2]
    )

    assert ("linxiaohe", "林晓禾 社区工作者") in offered
    assert ("zhenglan", "郑岚 街道科室经办") in offered
    assert '<optgroup label="第一片区">' in html
    near = [account for account, _ in offered]
    assert near.index("linxiaohe") < near.index("zhenglan") < near.index("hemei")
    # Another area's, another community's, who only looks on, an administrator, a resident.
    strangers = {"chenyan", "wanglei", "sunping", "bailu", "shilei", "jumin", "hansong"}
    assert not strangers & {account for account, _ in offered}
    assert len(offered) == len({account for account, _ in offered})


def test_many_are_given_at_once_and_each_has_its_sentence(fresh: District) -> None:
    first, second, third = (fresh.registered()["number"] for _ in range(3))
    fresh.done("suqing", second, "actions/recuse", "07-25 10:00", recusal_ground="relatives")
    foreign = fresh.registered("wanglei", area=THEIR_AREA)["number"]
    browser = boxes(fresh, "zhoumin")

    page = browser.send(
        browser.look("/"), affair=[first, second, foreign, third], account="suqing", reason="轮班"
    )

    assert page.status == 200
    assert [number for number, _ in results(page)] == [first, second, foreign, third]
    said = dict(results(page))
    assert said[first] == "已指派 由苏青承办。"
    assert said[third] == "已指派 由苏青承办。"
    assert said[second].startswith("未指派 suqing 已在这件事务中回避")
    assert said[foreign].startswith("未指派 没有这项内容")
    assert "已指派 2 件。" in page.text
    assert "有 2 件没有指派，其他的不受影响。" in page.text
    assert [assignee(fresh, one) for one in (first, second, third)] == [
        "suqing", "linxiaohe", "suqing"
    ]  # fmt: skip
    assert f"/affairs/{foreign}" not in page.answer.text


def test_who_has_it_already_or_may_not_work_there_is_refused_in_words(fresh: District) -> None:
    number = fresh.registered()["number"]
    browser = boxes(fresh, "zhoumin")

    same = browser.send(browser.look("/"), affair=[number], account="linxiaohe")
    stranger = browser.send(browser.look("/"), affair=[number], account="wanglei")

    assert results(same) == [(number, "未指派 承办人：应为别的账号：本事务已由该账号承办")]
    assert results(stranger) == [(number, "未指派 承办人：应为可以办理本事务的账号")]
    assert "已指派" not in stranger.text.replace("未指派", "")


def test_a_form_that_is_sent_twice_acts_once(fresh: District) -> None:
    number = fresh.registered()["number"]
    browser = boxes(fresh, "zhoumin")
    drawn = browser.look("/")

    browser.send(drawn, affair=[number], account="suqing")
    fresh.clock.at = at("07-25 16:20")
    again = browser.send(drawn, affair=[number], account="suqing")
    other = browser.send(drawn, affair=[number], account="zhenglan")

    assert results(again) == [(number, "已指派 由苏青承办；这张表单先前已经提交过。")]
    assert results(other)[0][1].startswith("未指派 这张表单先前已经提交过，内容与这次不同")
    history = fresh.api("zhoumin", "GET", f"/affairs/{number}/history").json()["items"]
    assert [one["what"] for one in history].count("assign") == 1
    assert assignee(fresh, number) == "suqing"


def test_without_a_colleague_what_was_ticked_stays_ticked(fresh: District) -> None:
    numbers = [fresh.registered()["number"] for _ in range(3)]
    browser = boxes(fresh, "zhoumin")

    page = browser.send(browser.look("/"), affair=numbers[:2], reason="轮班")

    assert page.status == 422
    assert page.title.startswith("错误：")
    assert page.errors == [("#assign-to", "请选择承办人")]
    assert "assign-to" in page.ids
    assert page.values["affair"] == numbers[:2]
    assert page.values["reason"] == ["轮班"]
    done = browser.send(page, account="suqing")
    assert [words for _, words in results(done)] == ["已指派 由苏青承办。"] * 2


def test_where_nothing_was_ticked_what_waits_is_listed(fresh: District) -> None:
    fresh.registered()
    waits = fresh.registered("suqing", area="", community=COMMUNITY)["number"]
    browser = boxes(fresh, "zhoumin")

    page = browser.send(browser.look("/"), account="suqing")

    assert (page.status, page.errors) == (422, [("#affairs", "请先勾选要指派的事务")])
    assert page.options["affair"] == [waits]
    assert "affair" not in page.values
    assert page.values["account"] == ["suqing"]


def test_the_form_is_drawn_again_in_the_other_language(fresh: District) -> None:
    number = fresh.registered()["number"]
    browser = boxes(fresh, "zhoumin")
    page = browser.send(browser.look("/"), affair=[number], reason="轮班")
    assert "English" not in page.links

    answer = fresh.client.post(
        "/assignments?lang=en",
        headers=browser.headers,
        data={**page.values, "account": "suqing", "draw_again": "yes"},
    )
    english = Page("zhoumin", answer, "assign")

    assert english.values["affair"] == [number]
    assert english.values["account"] == ["suqing"]
    assert english.values["reason"] == ["轮班"]
    assert "Assign what was ticked" in english.text
    assert assignee(fresh, number) == "linxiaohe"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"command_id": "x"}, "command_id"),
        ({"affair": ["CG-2011-0001"] * 101}, "affair"),
        ({"affair": ["x" * 65]}, "affair"),
        ({"account": "a\x00b"}, "account"),
        ({"reason": "a\x00b"}, "reason"),
        ({"urgent": "yes"}, "urgent"),
    ],
    ids=["no id", "too many", "too long", "NUL", "NUL in the reason", "unknown"],
)
def test_a_form_of_another_shape_is_refused(
    district: District, change: dict[str, str | list[str]], field: str
) -> None:
    browser = Browser(district, "zhoumin")
    form = {
        "command_id": str(district.house.new_id()),
        "affair": ["x"],
        "account": "suqing",
        "form-token": district.form_token(district.cookies["zhoumin"]),
    }

    answer = district.client.post("/assignments", data={**form, **change}, headers=browser.headers)

    assert answer.status_code == 422
    assert field in answer.text


def test_what_waits_for_somebody_is_listed_and_given(fresh: District) -> None:
    fresh.registered()
    waits = fresh.registered("suqing", area="", community=COMMUNITY)["number"]
    browser = boxes(fresh, "zhoumin")
    page = browser.look("/assignments")

    assert page.options["affair"] == [waits]
    assert SUMMARY in page.text

    done = browser.send(page, affair=[waits], account="suqing")

    assert results(done) == [(waits, "已指派 由苏青承办。")]
    assert "没有等待指派的事务。" in browser.look("/assignments").text


# --- what is restricted ------------------------------------------------------------------------


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[District]:
    """A district in which every affair of the line is restricted."""
    with standing(tmp_path) as made:
        line = load(FOLDER / "CG.yaml")
        matters = {
            code: matter.model_copy(update={"restricted": True})
            for code, matter in line.matters.items()
        }
        hidden = line.model_copy(update={"matters": matters, "version": "2011.99"})
        made.house.desk.run(
            PublishLine(
                command_id=made.house.new_id(), by=SYSTEM, occurred_at=FOUNDED, **defined(hidden)
            )
        )
        made.house.reference.refresh()
        yield made


def test_of_a_restricted_affair_number_line_and_deadline_are_shown_and_it_is_given(
    closed: District,
) -> None:
    number = closed.registered("chenyan", area=AREA_2)["number"]
    closed.done("chenyan", number, "actions/recuse", "07-25 10:00", recusal_ground="relatives")
    browser = boxes(closed, "zhoumin")
    page = browser.look("/assignments")

    assert page.options["affair"] == [number]
    assert "城市管理与环境卫生" in page.text
    assert "今天到期" in page.text
    for hidden in (SUMMARY, "已登记", "受理核实", f"/affairs/{number}"):
        assert hidden not in page.answer.text
    # Whoever is offered gives no hint at the area.
    assert {"linxiaohe", "chenyan", "suqing"} <= set(page.options["account"])

    own = browser.send(page, affair=[number], account="zhoumin")
    recused = browser.send(browser.look("/assignments"), affair=[number], account="chenyan")
    given = browser.send(browser.look("/assignments"), affair=[number], account="suqing")

    assert results(own) == [(number, "未指派 承办人：应为别的账号：限制知悉的事务不能指派给自己")]
    assert results(recused)[0][1].startswith("未指派 chenyan 已在这件事务中回避")
    assert results(given) == [(number, "已指派 由苏青承办。")]
    assert f"/affairs/{number}" not in given.answer.text
    assert closed.page("suqing", f"/affairs/{number}").status_code == 200
