"""The first page of an affair: whose turn it is, what is due first, what is barred and why."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

import pytest

from tests.web.district import CITY_MANAGEMENT, SANITATION, District, persuading

HEADING = re.compile(r'<h2 id="next">(.*?)</h2>', re.DOTALL)
CARD = re.compile(r'<article class="step(.*?)</article>', re.DOTALL)
ROW = re.compile(r'<tr>(<th scope="row">.*?)</tr>', re.DOTALL)
BUTTON = re.compile(r'class="(btn[^"]*)" href="/affairs/[^/"]*/([^"]*)"')
YOURS = "下一步，轮到您"


class Card(NamedTuple):
    """A card: its title, the class and address of its button, why it is barred, who takes it."""

    title: str
    button: str
    link: str
    why: str
    who: str


class Page(NamedTuple):
    """What the first page says."""

    heading: str
    turn: str
    cards: list[Card]
    also: list[str]

    @property
    def titles(self) -> list[str]:
        return [card.title for card in self.cards]


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def one(pattern: str, html: str) -> str:
    found = re.search(pattern, html, re.DOTALL)
    return text(found.group(1)) if found else ""


def seen(district: District, by: str, number: str) -> Page:
    answer = district.page(by, f"/affairs/{number}")
    assert answer.status_code == 200, answer.text
    cards = []
    for html in CARD.findall(answer.text):
        button = BUTTON.search(html)
        style, link = button.groups() if button else ("", "")
        why = " ".join(text(told) for told in re.findall(r'<p class="why">(.*?)</p>', html))
        title, who = one(r"<h3>(.*?)</h3>", html), one(r"<dt>谁</dt><dd>(.*?)</dd>", html)
        cards.append(Card(title, style, link, why, who))
    also = re.search(r"另外可以</span>(.*?)</p>", answer.text, re.DOTALL)
    return Page(
        one(HEADING.pattern, answer.text),
        one(r"<dt>轮到</dt><dd>(.*?)</dd>", answer.text),
        cards,
        re.findall(r'href="/affairs/[^/"]*/([^"]*)"', also.group(1)) if also else [],
    )


# --- whose turn --------------------------------------------------------------------------------


def test_it_is_your_turn_where_it_is_yours_and_else_theirs_and_by_when(fresh: District) -> None:
    number = fresh.registered()["number"]

    assert seen(fresh, "linxiaohe", number).heading == YOURS
    for other in ("suqing", "zhoumin", "bailu"):
        page = seen(fresh, other, number)
        assert page.turn == "建新社区·林晓禾"
        assert page.heading == "下一步，轮到建新社区·林晓禾，2011年7月25日 24:00 前"


def test_what_was_done_is_confirmed_with_the_same_turn(fresh: District) -> None:
    number = fresh.registered()["number"]

    def toast(by: str) -> str:
        html = fresh.page(by, f"/affairs/{number}?done=1").text
        return one(r'<div class="toast"[^>]*>(.*?)</div>', html)

    assert "现在轮到您，期限 2011年7月25日 24:00" in toast("linxiaohe")
    assert "现在轮到建新社区·林晓禾，期限" in toast("suqing")


def test_what_one_may_do_besides_stands_below(fresh: District) -> None:
    number = fresh.registered()["number"]

    desk, director = seen(fresh, "suqing", number), seen(fresh, "zhoumin", number)

    assert desk.titles == ["受理核实 G1", "不予受理 G0"]
    assert not any(card.button for card in desk.cards)
    assert desk.also[0] == "steps/X8"
    # The director may take the worker's step, but nothing urges it.
    assert {card.button for card in director.cards} == {"btn btn-2"}
    assert director.also[0] == "steps/X9"


def test_the_turn_after_an_ending_is_nobodys(fresh: District) -> None:
    number = resolved(fresh)
    visited = {"outcome": "reached", "solved": "yes", "rating": "5"}
    fresh.done("suqing", number, "actions/return_visit", "07-25 15:00", **visited)
    fresh.done("suqing", number, "steps/X1", "07-25 15:10")

    page = seen(fresh, "suqing", number)

    assert (page.heading, page.turn, page.cards) == ("本事务已结束", "—", [])
    assert page.also[0] == "steps/X7"


def test_while_it_stands_still_it_is_nobodys_turn_and_can_be_resumed(fresh: District) -> None:
    number = handling(fresh)
    rights = {"order_number": "城管〔2011〕7号", "rights_told": True}
    fresh.done("zhenglan", number, "steps/G14", "07-25 10:00", **rights)
    fresh.done("gaoyuan", number, "actions/suspend", "07-25 10:10", cause="appraisal")

    officer, leader = seen(fresh, "zhenglan", number), seen(fresh, "gaoyuan", number)

    assert officer.heading == leader.heading == "现在没有轮到谁"
    assert (leader.titles[0], leader.cards[0].link) == ("恢复", "actions/resume")
    assert officer.cards[1].why == "现在不能办：须满足：事务没有挂起"


# --- what is due -------------------------------------------------------------------------------


def test_a_return_visit_that_is_owed_comes_first(fresh: District) -> None:
    number = resolved(fresh)

    page = seen(fresh, "suqing", number)

    assert page.heading == YOURS
    assert page.titles == ["回访", "回访满意 X1", "未联系上 X4"]
    assert page.cards[0][1:3] == ("btn", "actions/return_visit")
    assert page.cards[1].why == "现在不能办：须满足：评分 3 以上"
    assert "联系（3 次、3 天、2 个时段）" in page.cards[2].why
    assert "actions/return_visit" not in page.also


def test_whoever_handled_it_is_not_asked_to_visit(fresh: District) -> None:
    page = seen(fresh, "zhoumin", resolved(fresh))

    assert page.heading.startswith("下一步，轮到建新社区·前台、社区主任")
    (visit,) = (card for card in page.cards if card.title == "回访")
    assert (visit.button, "经办人本人须回避" in visit.why) == ("", True)


def test_an_entry_that_a_step_waits_for_comes_first_until_it_is_written(fresh: District) -> None:
    number = persuading(fresh)

    before = seen(fresh, "linxiaohe", number)
    fresh.done("linxiaohe", number, "entries/persuasion", "07-22 16:00", result="ineffective")
    after = seen(fresh, "linxiaohe", number)

    assert before.titles == ["劝导结果", "再次劝导 G6", "劝导有效 G7", "劝导未果上报 G8"]
    assert before.cards[0][1:3] == ("btn", "entries/persuasion")
    assert before.cards[3].why
    assert after.titles == ["再次劝导 G6", "劝导有效 G7", "劝导未果上报 G8"]
    assert not any(card.why for card in after.cards)
    assert "entries/persuasion" in after.also


@pytest.mark.parametrize("by", ["linxiaohe", "bailu", "hansong"])
def test_a_barred_step_is_barred_whoever_looks(fresh: District, by: str) -> None:
    number = persuading(fresh)
    fresh.done("zhoumin", number, "actions/open_joint", "07-22 10:50", unit=SANITATION)

    html = fresh.page(by, f"/affairs/{number}").text
    barred = [html for html in CARD.findall(html) + ROW.findall(html) if "须满足" in html]

    assert [one(r"<(?:h3|th)[^>]*>(.*?)</(?:h3|th)>", html) for html in barred] == [
        "劝导有效 G7",
        "劝导未果上报 G8",
    ]
    assert "协办均已完成" in barred[0]
    assert "劝导结果" in barred[1]


def test_a_joint_task_is_a_card_for_the_unit_that_was_asked(fresh: District) -> None:
    number = persuading(fresh)
    told = {"unit": SANITATION, "request": "派车清运"}
    fresh.done("zhoumin", number, "actions/open_joint", "07-22 10:50", **told)

    asked, worker = seen(fresh, "hansong", number), seen(fresh, "linxiaohe", number)
    card = CARD.findall(fresh.page("hansong", f"/affairs/{number}").text)[0]
    assert "派车清运" in text(card)
    assert "社区主任" not in text(card)

    assert asked.turn == worker.turn == "建新社区·林晓禾；协办 街道环卫所"
    assert asked.heading == worker.heading == YOURS
    assert asked.cards[0][:3] == ("协办完成", "btn", "actions/joint_done")
    (waiting,) = (card for card in worker.cards if card.title == "协办完成")
    assert (waiting.button, waiting.who) == ("", "街道环卫所")


def test_a_task_of_the_whole_district_is_nobodys_who_cannot_answer_it(fresh: District) -> None:
    number = persuading(fresh)
    fresh.done("zhoumin", number, "actions/open_joint", "07-22 10:50", unit="370103")

    for by, theirs in (("hemei", True), ("luocheng", True), ("bailu", False), ("liheng", False)):
        assert (seen(fresh, by, number).heading == YOURS) is theirs, by
        assert (number in text(fresh.page(by, "/?whose=mine").text)) is theirs, by


def test_it_is_not_said_to_be_yours_while_nothing_is_open(fresh: District) -> None:
    number = persuading(fresh)
    note = {"result": "ineffective"}
    fresh.done("linxiaohe", number, "entries/persuasion", "07-22 16:00", **note)
    fresh.done("zhoumin", number, "actions/open_joint", "07-22 16:10", unit=SANITATION)

    page = seen(fresh, "linxiaohe", number)

    assert (page.heading == YOURS) is any(card.button for card in page.cards)


def test_a_unit_that_lends_a_hand_has_it_among_its_own(fresh: District) -> None:
    number = persuading(fresh)

    def mine(by: str) -> str:
        return text(fresh.page(by, "/?whose=mine").text)

    assert number not in mine("hansong")
    fresh.done("zhoumin", number, "actions/open_joint", "07-22 10:50", unit=SANITATION)
    assert number in mine("hansong")
    assert "建新社区 林晓禾 协办 街道环卫所" in mine("hansong")
    fresh.done("hansong", number, "actions/joint_done", "07-22 16:00")
    assert number not in mine("hansong")
    assert "协办" not in mine("linxiaohe")


def test_a_referral_is_signed_in_by_the_unit_that_was_asked(fresh: District) -> None:
    number = fresh.registered()["number"]
    told = {"unit": CITY_MANAGEMENT, "reason": "在街道管辖"}
    fresh.done("zhoumin", number, "actions/refer", "07-25 09:00", **told)

    asked, worker = seen(fresh, "zhenglan", number), seen(fresh, "linxiaohe", number)

    assert asked.heading == YOURS
    assert [card.link for card in asked.cards if card.link] == [
        "actions/sign_in",
        "actions/refuse_referral",
    ]
    assert worker.heading.startswith("下一步，轮到街道城管科")
    (waiting,) = (card for card in worker.cards if card.title == "签收")
    assert (waiting.button, waiting.who) == ("", "街道城管科")


def resolved(district: District) -> str:
    """An affair that persuasion by the director resolved; its number."""
    number = persuading(district)
    photo = district.photo("linxiaohe", number)
    district.done("linxiaohe", number, "steps/G7", "07-25 10:00", after_photos=[photo])
    return number


def handling(district: District) -> str:
    """An affair that the street's office handles; its number."""
    number = persuading(district)
    district.done("linxiaohe", number, "entries/persuasion", "07-22 16:00", result="ineffective")
    district.done("zhoumin", number, "steps/G8", "07-25 08:50")
    district.done("zhenglan", number, "steps/G9", "07-25 09:20", lead_unit=CITY_MANAGEMENT)
    district.done("zhenglan", number, "steps/G12", "07-25 09:40")
    return number
