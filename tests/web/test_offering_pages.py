"""Sessions by their pages: listed, opened, resized, cancelled, each once and with its refusals
beside their fields; and intake that has none to choose from.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from adapters.worker import Worker
from domain.commands import CancelOffering
from domain.offering import Offering
from tests.web.district import COMMUNITY, NEIGHBOURS, RESIDENT, District
from tests.web.forms import Browser, Page
from tests.web.test_offerings import enrolled, opened, school
from web.intake import Intake
from web.pages.frame import LINES
from workflows.booking import offering_of

__all__ = ["school"]

FILLED: dict[str, Any] = {
    "matter": "WT01",
    "unit": COMMUNITY,
    "title": "书法课",
    "venue": "社区活动室",
    "starts_at": "2011-07-29T09:00",
    "ends_at": "2011-07-29T11:00",
    "capacity": "20",
    "standby": "5",
}


def browser(district: District, account: str = "zhoumin", language: str = "zh") -> Browser:
    return Browser(district, account, language)


def sent(district: District, **changed: Any) -> Page:
    """The form of a new session, filled in and sent by the director."""
    who = browser(district)
    return who.send(who.look("/offerings/new"), **(FILLED | changed))


def resized(district: District, session: UUID, capacity: str, standby: str = "1") -> Page:
    who = browser(district)
    form = who.look(f"/offerings/{session}?do=resize")
    return who.send(form, capacity=capacity, standby=standby)


def stands(district: District, session: UUID) -> Offering:
    return offering_of(district.house.desk, session)[0]


def sessions(district: District) -> list[str]:
    """The titles of the sessions of the director's list."""
    page = browser(district).look("/offerings")

    one = re.compile("/offerings/[0-9a-f-]{36}")
    return [words for words, to in page.links.items() if one.fullmatch(to)]


def spoken(page: Page) -> str:
    return " ".join(page.text.split())


# --- the list ------------------------------------------------------------------------------------


def test_a_list_tells_when_where_and_how_many_places(school: District) -> None:
    session = opened(school, capacity=1, standby=2)
    for _ in range(2):
        enrolled(school, session)
    Worker(school.house).drain()

    page = browser(school, "linxiaohe").look("/offerings")

    text = spoken(page)
    assert page.links["书法课"] == f"/offerings/{session}"
    for told in (
        "活动课堂报名·建新社区", "社区活动室", "2011年7月29日 09:00 至 11:00", "已满",
        "已占 1 / 1", "余 0", "1 / 2 人候补",
    ):  # fmt: skip
        assert told in text


def test_what_is_over_or_cancelled_is_listed_apart(school: District) -> None:
    opened(school, title="书法课")
    gone = opened(school, title="国画课")
    school.house.desk.run(cancelling(school, gone))
    assert "国画课" not in browser(school).look("/offerings").text
    past = browser(school).look("/offerings?show=past")
    assert "国画课" in past.text
    assert "已取消" in past.text
    assert "书法课" not in past.text

    school.clock.at += timedelta(days=7)

    assert "没有未结束的场次" in browser(school).look("/offerings").text
    assert "书法课" in browser(school).look("/offerings?show=past").text


def cancelling(district: District, session: UUID) -> CancelOffering:
    found = district.house.people.grants("zhoumin", district.clock.at.date())
    return CancelOffering(
        command_id=district.house.new_id(),
        by=found[0].actor,
        occurred_at=district.clock.at,
        offering_id=session,
        reason="老师生病",
    )


def test_each_sees_what_is_held_in_reach_and_above(school: District) -> None:
    opened(school, title="社区课")
    opened(school, title="街道课", unit="370103008")
    opened(school, title="邻居课", unit=NEIGHBOURS)

    def seen(account: str) -> set[str]:
        text = browser(school, account).look("/offerings").text
        return {one for one in ("社区课", "街道课", "邻居课") if one in text}

    assert seen("suqing") == seen("linxiaohe") == {"社区课", "街道课"}
    assert seen("sunping") == {"街道课", "邻居课"}
    assert seen("gaoyuan") == seen("liheng") == {"社区课", "街道课", "邻居课"}
    # Of another line.
    assert seen("zhenglan") == set()


@pytest.mark.parametrize("account", ["hemei", "bailu", "shilei", "anning", "mengzhu", "hansong"])
def test_who_neither_runs_them_nor_enters_anybody_is_refused(
    school: District, account: str
) -> None:
    session = opened(school)

    for path in ("/offerings", "/offerings/new", f"/offerings/{session}"):
        assert browser(school, account).look(path).status == 403


def test_one_out_of_reach_is_answered_like_one_that_is_not_there(school: District) -> None:
    session, none = opened(school), school.house.new_id()

    for query in ("", "?do=resize", "?do=cancel"):
        there = school.page("sunping", f"/offerings/{session}{query}")
        gone = school.page("sunping", f"/offerings/{none}{query}")
        assert there.status_code == gone.status_code == 404
        assert there.text.replace(str(session), "") == gone.text.replace(str(none), "")


# --- opening -------------------------------------------------------------------------------------


def test_a_session_is_opened_and_can_be_chosen_at_intake(school: District) -> None:
    form = browser(school).look("/offerings/new?matter=WT02")
    assert form.values["matter"] == ["WT02"]
    assert form.values["unit"] == [COMMUNITY]
    assert set(form.options["unit"]) - {""} == {COMMUNITY}

    page = sent(school)

    assert "已开放" in page.text
    assert sessions(school) == ["书法课"]
    intake = school.page("suqing", "/affairs/new?matter=WT01").text
    assert "书法课，2011年7月29日 09:00，社区活动室，余 20 个名额" in intake


def test_a_double_click_opens_one_session(school: District) -> None:
    who = browser(school)
    form = who.look("/offerings/new")
    who.send(form, **FILLED)
    head = school.house.log.head()
    school.clock.at += timedelta(seconds=1)

    again = who.send(form, **FILLED)

    assert again.status == 200
    assert "没有再办一次" in again.text
    assert school.house.log.head() == head


@pytest.mark.parametrize(
    ("told", "beside", "said"),
    [
        ({"title": ""}, "f-title", "请填写名称"),
        ({"title": "课" * 81}, "f-title", "80"),
        ({"matter": ""}, "f-matter", "请选择事项"),
        ({"unit": NEIGHBOURS}, "f-unit", "请选择开放单位"),
        ({"capacity": "0"}, "f-capacity", "名额：应"),
        ({"capacity": "2.5"}, "f-capacity", "整数"),
        ({"capacity": "很多"}, "f-capacity", "应为数字"),
        ({"standby": "-1"}, "f-standby", "候补：应"),
        ({"starts_at": "明天"}, "f-starts_at", "应为日期和时间"),
        ({"starts_at": "2011-07-25T09:00"}, "f-starts_at", "应在现在之后"),
        ({"ends_at": "2011-07-29T08:00"}, "f-ends_at", "应在开始时间之后"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_above(
    school: District, told: dict[str, Any], beside: str, said: str
) -> None:
    head = school.house.log.head()

    page = sent(school, **told)

    assert page.status == 422
    assert [address for address, _ in page.errors] == [f"#{beside}"]
    assert said in page.errors[0][1]
    assert {beside, f"{beside}-e"} <= page.ids
    assert page.title.startswith("错误：")
    assert page.values["venue"] == ["社区活动室"]
    assert school.house.log.head() == head


def test_what_was_typed_is_shown_in_the_other_language(school: District) -> None:
    who = browser(school)
    wrong = who.send(who.look("/offerings/new"), **(FILLED | {"title": ""}))
    data = {**wrong.values, "draw-again": ["yes"]}

    answer = school.client.post(
        "/offerings/new?lang=en", headers=who.headers, data=data, follow_redirects=False
    )

    assert answer.status_code == 422
    assert "<title>Error: Open a session" in answer.text
    assert 'value="社区活动室"' in answer.text


def test_where_no_line_takes_places_there_is_nothing_to_open(district: District) -> None:
    page = browser(district).look("/offerings/new")

    assert page.status == 200
    assert "没有占用名额的事项" in page.text
    assert "开放场次" not in browser(district).look("/offerings").links


# --- one of them ---------------------------------------------------------------------------------


def test_a_session_tells_who_has_a_place_and_who_waits_in_order(school: District) -> None:
    session = opened(school, capacity=1, standby=3)
    numbers = [enrolled(school, session) for _ in range(3)]
    Worker(school.house).drain()

    page = browser(school).look(f"/offerings/{session}")

    text = spoken(page)
    assert all(page.links[one] == f"/affairs/{one}" for one in numbers)
    assert re.search(rf"已有名额 1 .*?{numbers[0]}张\*", text)
    assert re.search(rf"候补 2 .*?1{numbers[1]}张\* 2{numbers[2]}张\*", text)
    assert RESIDENT not in text
    assert "开放名额 名额 1，候补 3系统" in text
    # The latest first.
    assert text.index("列入候补") < text.index("开放名额")


def test_affairs_out_of_reach_are_counted_and_not_named(school: District) -> None:
    session = opened(school, unit="370103008")
    number = enrolled(school, session)
    Worker(school.house).drain()

    page = browser(school, "sunping").look(f"/offerings/{session}")

    assert page.status == 200
    assert number not in page.text
    assert "另有 1 人" in page.text
    assert "占用名额" in page.text


def test_who_only_enters_people_is_offered_no_change(school: District) -> None:
    session = opened(school)

    page = browser(school, "linxiaohe").look(f"/offerings/{session}")

    assert page.status == 200
    assert "取消这一场" not in page.links
    assert browser(school, "linxiaohe").look(f"/offerings/{session}?do=cancel").status == 403


@pytest.mark.parametrize(("language", "said"), [("zh", "经过"), ("en", "History")])
def test_a_session_is_told_in_both_languages(school: District, language: str, said: str) -> None:
    session = opened(school)

    page = browser(school, language=language).look(f"/offerings/{session}")

    assert said in page.text


# --- resizing ------------------------------------------------------------------------------------


def test_places_that_are_added_go_to_who_waits(school: District) -> None:
    session, worker = opened(school, capacity=1, standby=2), Worker(school.house)
    _, second, third = [enrolled(school, session) for _ in range(3)]
    worker.drain()

    page = resized(school, session, "2", "2")
    worker.drain()

    assert "名额已调整" in page.text
    text = spoken(browser(school).look(f"/offerings/{session}"))
    assert re.search(rf"留给答复的名额 1 .*?{second}", text)
    assert re.search(rf"候补 1 .*?1{third}", text)


def test_nobody_loses_what_they_have(school: District) -> None:
    session = opened(school, capacity=3, standby=1)
    for _ in range(2):
        enrolled(school, session)
    Worker(school.house).drain()

    page = resized(school, session, "1")

    assert page.status == 422
    assert page.errors[0][0] == "#f-capacity"
    assert stands(school, session).capacity == 3


def test_whoever_was_overtaken_sees_it_and_sends_again(school: District) -> None:
    session = opened(school, capacity=3, standby=1)
    who = browser(school)
    form = who.look(f"/offerings/{session}?do=resize")
    enrolled(school, session)
    Worker(school.house).drain()

    overtaken = who.send(form, capacity="5", standby="1")

    assert overtaken.status == 412
    assert "已不是最新" in overtaken.text or "现在已到第" in overtaken.text
    assert overtaken.values["capacity"] == ["5"]
    assert stands(school, session).capacity == 3
    assert "名额已调整" in who.send(overtaken).text
    assert stands(school, session).capacity == 5


# --- cancelling ----------------------------------------------------------------------------------


def test_cancelling_says_first_how_many_are_concerned(school: District) -> None:
    session, worker = opened(school, capacity=1, standby=2), Worker(school.house)
    numbers = [enrolled(school, session) for _ in range(2)]
    worker.drain()
    who = browser(school)

    form = who.look(f"/offerings/{session}?do=cancel")
    assert "涉及 2 人" in form.text
    missing = who.send(form, reason="")
    assert missing.errors == [("#f-reason", "请填写取消理由")]
    page = who.send(form, reason="老师生病")
    worker.drain()

    assert "已取消，不再给名额" in page.text
    after = spoken(who.look(f"/offerings/{session}"))
    assert "已取消： 老师生病" in after
    assert re.search(rf"已有名额 1 .*?{numbers[0]}", after)
    assert "取消这一场" not in after
    # Who waited is out of it; who has a place is to be told one by one.
    assert stands(school, session).waiting == ()
    assert "下列已有名额的还没有终止" in after


# --- letting go of those who have a place ---------------------------------------------------------


ENDED: dict[str, Any] = {
    "cancel_cause": "organiser", "applicant_told": "yes", "reason": "老师生病，已电话告知",
}  # fmt: skip


def called_off(school: District, count: int = 3) -> tuple[UUID, list[str]]:
    """A session that is cancelled while so many have a place; their affairs."""
    session = opened(school, capacity=count)
    numbers = [enrolled(school, session) for _ in range(count)]
    Worker(school.house).drain()
    school.house.desk.run(cancelling(school, session))
    Worker(school.house).drain()
    return session, numbers


def ender(district: District, account: str = "zhoumin", language: str = "zh") -> Browser:
    """A browser of which only the form that lets go is looked at."""
    return Browser(district, account, language, form="end")


def states(district: District, numbers: list[str]) -> list[str]:
    return [district.api("suqing", "GET", f"/affairs/{one}").json()["state"] for one in numbers]


def test_an_affair_with_a_place_in_it_says_that_it_was_cancelled(school: District) -> None:
    _, (number, *_) = called_off(school)

    for account in ("suqing", "zhoumin"):
        assert "场次已取消" in school.page(account, f"/affairs/{number}").text
    told = ENDED | {"applicant_told": True}
    school.done("zhoumin", number, "steps/H8", "07-25 16:10", **told)
    assert "场次已取消" not in school.page("zhoumin", f"/affairs/{number}").text


def test_those_who_are_ticked_are_let_go_by_the_step_of_their_line(school: District) -> None:
    session, numbers = called_off(school)
    who = ender(school)
    form = who.look(f"/offerings/{session}")
    assert sorted(form.options["affair"]) == numbers
    assert "affair" not in form.values, "nobody is ticked who was not told"

    done = who.send(form, affair=numbers[:2], **ENDED)

    assert done.status == 200
    assert "已办 2 件" in done.text
    assert spoken(done).count("活动取消 已终止") == 2
    assert states(school, numbers) == ["terminated", "terminated", "reserved"]
    last = school.api("zhoumin", "GET", f"/affairs/{numbers[0]}/history").json()["items"][-1]
    assert (last["what"], last["by"]["account"]) == ("H8", "zhoumin")
    assert {one["name"] for one in last["record"]} >= {*ENDED}
    assert who.look(f"/offerings/{session}").options["affair"] == numbers[2:]


def test_all_can_be_ticked_at_once_without_a_script(school: District) -> None:
    session, numbers = called_off(school)
    form = ender(school).look(f"/offerings/{session}")

    everyone = ender(school).look(form.links["全部勾选"].partition("#")[0])

    assert sorted(everyone.values["affair"]) == numbers


def test_one_that_is_refused_spoils_no_other(school: District) -> None:
    session, numbers = called_off(school)
    other = enrolled(school, opened(school, title="别的课"))
    Worker(school.house).drain()
    who = ender(school)
    form = who.look(f"/offerings/{session}")
    school.done(
        "zhoumin", numbers[0], "steps/H8", "07-25 16:10", **{**ENDED, "applicant_told": True}
    )

    done = who.send(form, affair=[*numbers[:2], other, "WT-2011-9999"], **ENDED)

    assert "已办 1 件" in done.text
    assert "有 3 件没有办成" in done.text
    assert "事务当前的状态不能办这一步" in done.text
    assert states(school, [*numbers, other]) == ["terminated", "terminated", "reserved", "reserved"]


def test_what_is_missing_is_told_and_the_ticks_and_words_are_kept(school: District) -> None:
    session, numbers = called_off(school)
    who = ender(school)
    form = who.look(f"/offerings/{session}")
    head = school.house.log.head()

    bare = who.send(form, reason="老师生病")
    lacking = who.send(form, affair=numbers[:1], reason="老师生病")

    assert bare.status == lacking.status == 422
    assert bare.errors[0] == ("#held", "请先勾选要办的事务")
    assert "held" in bare.ids
    assert lacking.errors == [
        ("#f-cancel_cause", "请选择取消原因"), ("#f-applicant_told", "请选择已通知报名人"),
    ]  # fmt: skip
    assert lacking.title.startswith("错误：")
    assert (lacking.values["affair"], lacking.values["reason"]) == (numbers[:1], ["老师生病"])
    assert school.house.log.head() == head


def test_whoever_was_not_told_is_not_let_go(school: District) -> None:
    session, numbers = called_off(school)
    who = ender(school)

    done = who.send(
        who.look(f"/offerings/{session}"), affair=numbers, **{**ENDED, "applicant_told": "no"}
    )

    assert "有 3 件没有办成" in done.text
    assert states(school, numbers) == ["reserved"] * 3


@pytest.mark.parametrize(
    ("ticked", "told"),
    [(["a\0b"], "affair：应为事务的编号"), (["x"] * 101, "affair：一次至多 100 件")],
)
def test_ticks_that_no_browser_sends_are_refused(
    school: District, ticked: list[str], told: str
) -> None:
    session, _ = called_off(school, 1)
    who = ender(school)

    answer = who.send(who.look(f"/offerings/{session}"), affair=ticked, **ENDED)

    assert answer.status == 422
    assert told in answer.text


def test_sent_twice_they_are_let_go_once(school: District) -> None:
    session, numbers = called_off(school)
    who = ender(school)
    form = who.look(f"/offerings/{session}")
    who.send(form, affair=numbers, **ENDED)
    head = school.house.log.head()
    school.clock.at += timedelta(minutes=2)

    again = who.send(form, affair=numbers, **ENDED)

    assert "已办 3 件" in again.text
    assert school.house.log.head() == head


@pytest.mark.parametrize("account", ["suqing", "linxiaohe", "gaoyuan", "wanglei"])
def test_who_may_not_take_the_step_is_given_no_ticks(school: District, account: str) -> None:
    session, numbers = called_off(school, 1)
    form = ender(school).look(f"/offerings/{session}")
    page = ender(school, account).look(f"/offerings/{session}")

    told = {name: values[0] for name, values in form.values.items() if name != "form-token"}
    sent = school.post(account, form.action, **{**told, **ENDED, "affair": numbers[0]})

    assert "affair" not in page.options
    assert sent.status_code in (403, 404)
    assert states(school, numbers) == ["reserved"]


def test_a_session_that_takes_place_lets_go_of_nobody(school: District) -> None:
    session = opened(school)
    number = enrolled(school, session)
    Worker(school.house).drain()
    command = {"command-id": str(school.house.new_id())}

    page = ender(school).look(f"/offerings/{session}")
    sent = school.post("zhoumin", f"/offerings/{session}?do=end", affair=number, **command)

    assert "affair" not in page.options
    assert sent.status_code == 404


# --- once ----------------------------------------------------------------------------------------


def test_a_double_click_cancels_once(school: District) -> None:
    session = opened(school)
    who = browser(school)
    form = who.look(f"/offerings/{session}?do=cancel")
    who.send(form, reason="老师生病")
    head = school.house.log.head()
    school.clock.at += timedelta(seconds=1)

    again = who.send(form, reason="老师生病")

    assert again.status == 200
    assert "没有再办一次" in again.text
    assert school.house.log.head() == head


@pytest.mark.parametrize("do", ["resize", "cancel"])
def test_what_has_begun_is_changed_no_more(school: District, do: str) -> None:
    session = opened(school)
    who = browser(school)
    form = who.look(f"/offerings/{session}?do={do}")
    school.clock.at += timedelta(days=5)

    told: dict[str, Any] = {"reason": "老师生病"} if do == "cancel" else {}
    late = who.send(form, **told)

    assert late.status == 409
    assert "已开始或已取消" in late.text
    assert who.look(f"/offerings/{session}?do={do}").status == 409
    assert "取消这一场" not in who.look(f"/offerings/{session}").links


def test_a_form_of_another_session_is_refused(school: District) -> None:
    session = opened(school)
    answer = school.post("zhoumin", f"/offerings/{session}?do=cancel", **{"form-token": "0" * 64})

    assert answer.status_code == 403
    assert not stands(school, session).cancelled


# --- intake --------------------------------------------------------------------------------------


def test_intake_without_a_session_says_who_can_open_one(school: District) -> None:
    desk = browser(school, "suqing").look("/affairs/new?matter=WT01")
    worker = browser(school, "linxiaohe").look("/affairs/new?matter=WT01")

    for page in (desk, worker):
        assert page.status == 200
        assert "现在没有可报名的场次" in page.text
        assert "前台、社区主任、街道科室经办、区部门经办" in page.text
        assert "own-summary" not in page.values
    assert desk.links["开放场次"] == "/offerings/new?matter=WT01"
    assert "开放场次" not in worker.links


def test_what_was_typed_is_kept_where_the_last_session_was_cancelled(school: District) -> None:
    session = opened(school)
    who = browser(school, "suqing")
    form = who.look("/affairs/new?matter=WT01")
    school.house.desk.run(cancelling(school, session))

    page = who.send(form, "下一步：核对", own__summary="报书法课", session=str(session))

    assert page.status == 422
    assert page.values["own-summary"] == ["报书法课"]
    assert "现在没有可报名的场次" in page.text


def test_the_lines_of_intake_stand_in_the_order_of_the_ten(
    school: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Intake.lines

    def more(self: Intake) -> Any:
        return [("AA", "甲", []), *told(self), ("DJ", "党建", []), ("ZA", "乙", [])]

    monkeypatch.setattr(Intake, "lines", more)

    text = school.page("suqing", "/affairs/new").text

    order = re.findall('id="line-([A-Z]{2})"', text)
    assert order == [*(line for line in LINES if line in ("DJ", "CG", "WT")), "AA", "ZA"]
