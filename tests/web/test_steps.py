"""Steps, entries and actions as forms: who gets them, what goes wrong, and that they act once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.web.district import (
    CITY_MANAGEMENT,
    NEIGHBOURS,
    SANITATION,
    District,
    at,
    persuading,
    png,
    told,
)
from tests.web.forms import ORIGIN, Browser, Page

PLACE = "116.99,36.65"


def versions(district: District, number: str) -> int:
    """How many records the affair has."""
    found = district.api("liheng", "GET", f"/affairs/{number}")
    version: int = found.json()["version"]
    return version


@pytest.fixture
def number(district: District) -> str:
    """A new affair of the first area."""
    return str(district.registered()["number"])


@pytest.fixture
def worker(district: District) -> Browser:
    return Browser(district, "linxiaohe")


# --- drawn -------------------------------------------------------------------------------------


def test_a_form_says_who_may_on_what_law_and_which_clocks_it_starts(
    district: District, number: str, worker: Browser
) -> None:
    page = worker.look(f"/affairs/{number}/steps/G1")

    assert page.status == 200
    assert page.title.startswith(f"受理核实 {number}")
    assert "社区工作者、社区主任" in page.text
    assert "现场核实 1 个工作日" in page.text
    assert "城市市容和环境卫生管理条例" in page.text
    assert page.values["occurred-at"] == ["2011-07-25T16:10"]
    assert page.files == {"photos"}
    assert list(page.buttons) == ["受理核实"]


def test_an_action_tells_the_clock_it_starts(district: District, number: str) -> None:
    page = Browser(district, "zhoumin").look(f"/affairs/{number}/actions/refer")

    assert "签收 1 个工作日" in page.text


def test_every_link_of_the_affair_page_leads_to_a_form(district: District, number: str) -> None:
    for account in ("linxiaohe", "zhoumin", "suqing", "gaoyuan"):
        browser = Browser(district, account)
        links = {
            link
            for link in browser.look(f"/affairs/{number}").links.values()
            if link.startswith(f"/affairs/{number}/")
        }
        assert {link.split("/")[3] for link in links} & {"steps", "entries", "actions"}, account
        for link in links:
            assert browser.look(link).status == 200, link


def test_who_enters_for_a_resident_hands_in_the_signed_request(
    district: District, number: str
) -> None:
    browser = Browser(district, "zhenglan")
    page = browser.look(f"/affairs/{number}/steps/X8")
    assert page.files == {"signed_request"}
    assert Browser(district, "suqing").look(f"/affairs/{number}/steps/X8").files == set()

    refused = browser.send(page, "撤回", request="不再反映")
    assert refused.errors == [("#f-signed_request", "请添加居民签字的申请")]

    paper = [("signed_request", ("request.txt", "请撤回".encode()))]
    assert "已办：撤回" in browser.send(refused, files=paper).text


# --- refused as by the API ---------------------------------------------------------------------

REFUSED = [
    ("wanglei", "steps/G1", 404),
    ("chenyan", "steps/G1", 404),
    ("sunping", "actions/refer", 404),
    ("hansong", "steps/G1", 404),
    ("bailu", "steps/G1", 403),
    ("shilei", "steps/G1", 403),
    ("suqing", "steps/G1", 409),
    ("linxiaohe", "steps/G8", 409),
    ("linxiaohe", "entries/persuasion", 409),
    ("linxiaohe", "actions/extend", 403),
    ("linxiaohe", "steps/G99", 404),
    ("linxiaohe", "entries/none", 404),
    ("linxiaohe", "actions/none", 404),
    ("linxiaohe", "steps/%20", 422),
    ("linxiaohe", "other/G1", 404),
]


@pytest.mark.parametrize(("account", "deed", "status"), REFUSED)
def test_what_is_not_open_to_the_reader_is_refused_as_by_the_api(
    district: District, number: str, account: str, deed: str, status: int
) -> None:
    page = Browser(district, account).look(f"/affairs/{number}/{deed}")
    by_api = district.api(
        account, "POST", f"/affairs/{number}/{deed}",
        json={"occurred_at": at("07-25 16:00").isoformat(), "record": {}},
    )  # fmt: skip

    assert by_api.status_code == page.status
    assert page.status == status
    assert page.answer.headers["content-type"].startswith("text/html")
    assert page.action == ""


def test_who_was_recused_is_refused_with_the_reason(district: District, number: str) -> None:
    recused = Browser(district, "linxiaohe")
    form = recused.look(f"/affairs/{number}/actions/recuse")
    values: dict[str, Any] = {name: codes[0] for name, codes in form.options.items() if codes[0]}
    assert form.status == 200
    recused.send(form, **values)

    page = recused.look(f"/affairs/{number}/steps/G1")

    assert page.status == 409
    assert "回避" in page.text


def test_a_form_sent_for_what_is_not_open_is_refused_and_keeps_no_file(
    district: District, number: str, worker: Browser
) -> None:
    page = worker.look(f"/affairs/{number}/steps/G1")
    page.action = f"/affairs/{number}/steps/G7"
    kept = len(list(district.house.settings.data_dir.rglob("*")))

    answer = worker.post(page, files=[("after_photos", ("gate.png", png()))])

    assert answer.status_code in (409, 422)
    assert len(list(district.house.settings.data_dir.rglob("*"))) == kept


# --- done --------------------------------------------------------------------------------------


def test_a_step_is_taken_and_confirmed(district: District, number: str, worker: Browser) -> None:
    answer = worker.post(worker.look(f"/affairs/{number}/steps/G1"), place=PLACE)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/affairs/{number}?done=2"
    page = worker.look(answer.headers["location"])
    assert "已办：受理核实（第 2 条记录）。现在轮到您，期限 2011年7月26日" in spoken(page)


def test_what_is_confirmed_is_told_from_the_affair_alone(
    district: District, number: str, worker: Browser
) -> None:
    for asked in ("2", "0", "x", "-1", "1" * 40, "%00", "<b>"):
        assert "已办" not in worker.look(f"/affairs/{number}?done={asked}").text


def test_note_lines_arrive_as_they_were_typed(
    district: District, number: str, worker: Browser
) -> None:
    worker.send(worker.look(f"/affairs/{number}/steps/G1"), place=PLACE, note="一\n二 <b>&amp;")

    life = worker.district.api("linxiaohe", "GET", f"/affairs/{number}/history").json()["items"]
    assert {"name": "note", "kind": "note", "value": "一\n二 <b>&amp;"} in life[-1]["record"]


def test_a_step_within_the_minute_of_the_last_one_is_not_before_it(fresh: District) -> None:
    fresh.clock.at = at("07-25 16:10").replace(second=40)
    browser = Browser(fresh, "linxiaohe")
    exact = {"occurred_at": fresh.clock.at.isoformat()}
    number = str(fresh.registered(**exact)["number"])

    page = browser.send(browser.look(f"/affairs/{number}/steps/G1"), place=PLACE)

    assert "已办：受理核实" in page.text


def test_files_are_handed_in_with_the_step(
    district: District, number: str, worker: Browser
) -> None:
    two = [("photos", ("gate.png", png())), ("photos", ("door.png", png()))]

    page = worker.send(worker.look(f"/affairs/{number}/steps/G1"), files=two, place=PLACE)

    photos = [link for link in page.links.values() if link.startswith("/attachments/")]
    assert len(set(photos)) == 2
    shown = worker.look(photos[0]).answer
    assert shown.content == png()


def test_whoever_hands_an_affair_on_is_told_so(district: District) -> None:
    number = persuading(district)
    district.done("zhoumin", number, "actions/open_joint", "07-22 10:50", unit=SANITATION)
    browser = Browser(district, "hansong")

    page = browser.send(browser.look(f"/affairs/{number}/actions/joint_done"), note="已清走")

    assert page.status == 200
    assert f"已记录在 {number}" in page.text
    assert browser.look(f"/affairs/{number}").status == 404


# --- what goes wrong ---------------------------------------------------------------------------


def test_an_invalid_form_keeps_what_was_typed_and_what_was_handed_in(
    district: District, number: str, worker: Browser
) -> None:
    before = versions(district, number)
    page = worker.send(
        worker.look(f"/affairs/{number}/steps/G1"),
        files=[("photos", ("gate.png", png()))],
        place="村口",
        note="看过了",
        occurred__at="2011-07-25T15:00",
    )

    assert page.status == 422
    assert page.title.startswith("错误：受理核实")
    assert page.errors == [("#f-place", "位置：应为经度和纬度，如 116.99,36.65")]
    assert page.text.count("位置：应为经度和纬度，如 116.99,36.65") == 2
    assert page.values["place"] == ["村口"]
    assert page.values["note"] == ["看过了"]
    assert page.values["occurred-at"] == ["2011-07-25T15:00"]
    (kept,) = page.values["photos.kept"]
    assert 'class="oops" role="alert" tabindex="-1" autofocus' in page.answer.text
    assert versions(district, number) == before

    done = worker.send(page, place=PLACE)
    assert f"/attachments/{kept}" in done.links.values()


def test_what_is_no_picture_is_not_handed_in_as_one_and_is_in_nobodys_way(
    district: District, number: str, worker: Browser
) -> None:
    two = [("photos", ("note.txt", "见面记录".encode())), ("photos", ("gate.png", png()))]
    page = worker.send(worker.look(f"/affairs/{number}/steps/G1"), files=two, place=PLACE)

    assert page.status == 422
    assert page.errors == [
        ("#f-photos", "现场照片：note.txt：应为照片（JPEG 或 PNG）；文件请填在材料项")
    ]
    assert len(page.values["photos.kept"]) == 1
    assert worker.send(page).status == 200


TIMES = [
    ("", "请填写办理时间"),
    ("昨天", "办理时间：应为日期和时间，如 2011年7月22日 10:30"),
    ("2011-07-22", "办理时间：应为日期和时间，如 2011年7月22日 10:30"),
    ("0001-01-01T00:00", "办理时间：年份应在 1900 至 2100 之间"),
    ("9999-12-31T23:59", "办理时间：年份应在 1900 至 2100 之间"),
    ("2011-07-25T16:11", "发生时间 2011年7月25日 16:11 应在"),
    ("2011-07-21T10:00", "发生时间 2011年7月21日 10:00 应在"),
]


@pytest.mark.parametrize(("told", "said"), TIMES)
def test_a_time_that_cannot_be_stands_beside_its_field(
    district: District, number: str, worker: Browser, told: str, said: str
) -> None:
    page = worker.send(worker.look(f"/affairs/{number}/steps/G1"), place=PLACE, occurred__at=told)

    ((where, words),) = page.errors
    assert where == "#f-occurred-at"
    assert words.startswith(said)
    assert page.status == 422
    assert page.values["occurred-at"] == [told]
    assert page.values["place"] == [PLACE]


def test_a_refusal_of_the_decision_stands_beside_the_field_it_names(district: District) -> None:
    number = str(district.registered()["number"])
    browser = Browser(district, "zhoumin")
    form = browser.look(f"/affairs/{number}/actions/escalate")

    page = browser.send(form, unit=NEIGHBOURS, reason="超出能力")

    ((where, words),) = page.errors
    assert where == "#f-unit"
    assert "逐级上报，不越级" in words
    assert page.values["unit"] == [NEIGHBOURS]
    assert page.values["reason"] == ["超出能力"]


def test_what_must_be_confirmed_says_so_beside_what_was_denied(district: District) -> None:
    number = str(district.registered()["number"])
    browser = Browser(district, "zhoumin")
    form = browser.look(f"/affairs/{number}/steps/G0")

    page = browser.send(form, outside_scope="no", reason="不归社区", channel="12345")

    assert page.status == 409
    ((where, said),) = page.errors
    assert where == "#f-outside_scope"
    assert said.startswith("不属于受理范围：须满足：规定的各项均已确认")
    assert page.values["outside_scope"] == ["no"]


def test_a_refusal_that_names_no_field_stands_at_the_top(district: District) -> None:
    number = str(district.registered()["number"])
    browser = Browser(district, "zhoumin")

    form = browser.look(f"/affairs/{number}/actions/correct?of_version=1")

    page = browser.send(form, why="写错了")

    assert page.status == 409
    assert page.errors == []
    assert "现在不能办：没有写明更正哪一项" in page.text
    assert page.values["why"] == ["写错了"]


def test_a_correction_asks_which_record_and_then_only_for_what_it_holds(
    district: District, number: str
) -> None:
    district.done("zhoumin", number, "steps/G1", "07-25 16:00", place=PLACE)
    browser = Browser(district, "zhoumin")
    choose = browser.look(browser.look(f"/affairs/{number}").links["更正"])
    assert [link for link in choose.links.values() if "of_version" in link] == [
        f"/affairs/{number}/actions/correct?of_version={version}" for version in (2, 1)
    ]

    form = browser.look(choose.links["第 2 条 受理核实"])
    assert set(form.values) - {"form-token", "command-id", "drawn-version", "occurred-at"} == {
        "of_version", "why", "place", "note",
    }  # fmt: skip
    assert form.files == {"photos", "signed_request"}
    wrong = browser.send(form, place="117,36")
    assert wrong.errors == [("#f-why", "请填写更正原因")]
    assert wrong.values["place"] == ["117,36"]
    assert "已办：更正" in browser.send(wrong, why="写错了").text


def test_a_corrected_telephone_is_one_as_at_registration(district: District, number: str) -> None:
    browser = Browser(district, "zhoumin")
    form = browser.look(f"/affairs/{number}/actions/correct?of_version=1")

    wrong = browser.send(form, why="写错了", telephone="１２３４５")

    assert wrong.status == 422
    assert wrong.errors == [
        ("#f-telephone", "电话：应为一个电话号码：手机，或座机如 0531-82345678")
    ]
    assert wrong.values["telephone"] == ["１２３４５"]
    assert "已办：更正" in browser.send(wrong, telephone="０５３１ 82345678").text


@pytest.mark.parametrize("told", ["99", "x", "-1", "%00", "1%22%3E"])
def test_a_record_that_is_none_cannot_be_corrected(
    district: District, number: str, told: str
) -> None:
    browser = Browser(district, "zhoumin")
    form = browser.look(f"/affairs/{number}/actions/correct?of_version={told}")

    page = browser.send(form, why="写错了")

    assert page.status in (409, 422)
    assert versions(district, number) == 1


def test_a_number_is_taken_for_the_affair_it_names(district: District) -> None:
    first, second = (str(district.registered()["number"]) for _ in range(2))
    browser = Browser(district, "zhoumin")
    form = browser.look(f"/affairs/{second}/steps/X9")

    wrong = browser.send(form, ground="duplicate", reason="重复", merged_into=second)
    assert wrong.errors == [("#f-merged_into", "并入的事务：应为另一件仍在办理的事务")]
    assert wrong.values["merged_into"] == [second]

    assert "已办：并入其他事务" in browser.send(wrong, merged_into=first).text


@pytest.mark.parametrize("name", ["surprise", "place.kept", "record", "version"])
def test_an_input_that_was_not_asked_for_is_refused(
    district: District, number: str, worker: Browser, name: str
) -> None:
    page = worker.look(f"/affairs/{number}/steps/G1")
    page.values[name] = ["x"]

    answer = worker.post(page, place=PLACE)

    assert answer.status_code == 422
    assert "没有要求填写这一项" in answer.text


@pytest.mark.parametrize(
    ("name", "told"),
    [("command-id", "x"), ("command-id", ""), ("drawn-version", "-1"), ("drawn-version", "²")],
)
def test_a_form_whose_own_marks_were_changed_is_refused(
    district: District, number: str, worker: Browser, name: str, told: str
) -> None:
    page = worker.look(f"/affairs/{number}/steps/G1")
    page.values[name] = [told]

    answer = worker.post(page, place=PLACE)

    assert answer.status_code == 422
    assert versions(district, number) == 1


def test_a_body_that_is_no_form_is_refused(district: District, number: str) -> None:
    headers = {"Cookie": f"tenlines={district.cookies['linxiaohe']}", "Origin": ORIGIN}
    path = f"/affairs/{number}/steps/G1"

    def status(kind: str, content: bytes) -> int:
        headers["Content-Type"] = kind
        return int(district.client.post(path, headers=headers, content=content).status_code)

    assert status("application/json", b"{}") == 415
    assert status("multipart/form-data", b"x") == 400
    assert status("multipart/form-data; boundary=x", b"--x\r\n\r\n") in (400, 403)
    assert status("application/x-www-form-urlencoded", b"a=" + b"x" * 13_000_000) == 413


@pytest.mark.parametrize("bad", [b"\xed\xa0\xa0", b"\xff", b"\xb7\xcf"])
def test_bytes_that_are_no_text_are_refused_and_not_stored_as_other_text(
    district: District, number: str, bad: bytes
) -> None:
    page = Browser(district, "linxiaohe").look(f"/affairs/{number}/steps/G1")
    told = {
        **{name: values[0] for name, values in page.values.items()},
        "place": PLACE,
        "note": "到过现场",
    }
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value.encode() + (bad if name == "note" else b""))
        for name, value in told.items()
    ]
    headers = {
        "Cookie": f"tenlines={district.cookies['linxiaohe']}",
        "Origin": ORIGIN,
        "Content-Type": "multipart/form-data; boundary=x",
    }

    answer = district.client.post(
        f"/affairs/{number}/steps/G1", headers=headers, content=b"".join(parts) + b"--x--\r\n"
    )
    pairs = b"&".join(b"%s=%s" % (n.encode(), b"%FF" if n == "note" else b"") for n in told)
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    other = district.client.post(f"/affairs/{number}/steps/G1", headers=headers, content=pairs)

    for one in (answer, other):
        assert one.status_code == 422
        assert "note：应为 UTF-8 编码的文字" in one.text
    assert versions(district, number) == 1


def test_a_file_where_a_text_is_asked_for_is_told_beside_its_field_and_the_input_kept(
    district: District, number: str, worker: Browser
) -> None:
    page = worker.look(f"/affairs/{number}/steps/G1")

    del page.values["note"]
    answer = worker.send(page, place=PLACE, files=[("note", ("经过.txt", b"seen"))])

    assert answer.status == 422
    assert ("#f-note", "核实情况：应当是文字，不是文件") in answer.errors
    assert answer.values["place"] == [PLACE]
    assert versions(district, number) == 1


def test_a_text_where_a_file_is_asked_for_is_told_beside_its_field_and_the_input_kept(
    district: District, number: str, worker: Browser
) -> None:
    page = worker.look(f"/affairs/{number}/steps/G1")
    page.files.clear()

    answer = worker.send(page, place=PLACE, note="到过现场", photos="gate.png")

    assert answer.status == 422
    assert ("#f-photos", "现场照片：应当是文件，不是文字") in answer.errors
    assert (answer.values["place"], answer.values["note"]) == ([PLACE], ["到过现场"])
    assert versions(district, number) == 1


def test_a_file_without_a_name_is_not_left_out(
    district: District, number: str, worker: Browser
) -> None:
    page = worker.look(f"/affairs/{number}/steps/G1")
    told = {**{name: values[0] for name, values in page.values.items()}, "place": PLACE}
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in told.items()
        if name != "note"
    )
    parts += (
        '--x\r\nContent-Disposition: form-data; name="note"; filename=""\r\n\r\nseen\r\n--x--\r\n'
    )
    headers = {**worker.headers, "Content-Type": "multipart/form-data; boundary=x"}

    answer = district.client.post(
        f"/affairs/{number}/steps/G1", headers=headers, content=parts.encode()
    )

    assert answer.status_code == 422
    assert "核实情况：应当是文字，不是文件" in answer.text


# --- the form token ----------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "令牌"])
def test_a_form_without_the_token_of_this_sign_in_is_refused_plainly(
    district: District, number: str, worker: Browser, token: str
) -> None:
    answer = worker.post(worker.look(f"/affairs/{number}/steps/G1"), place=PLACE, form__token=token)

    assert answer.status_code == 403
    assert "这一页是在另一次登录或另一个角色下打开的" in answer.text
    assert versions(district, number) == 1


def test_the_token_of_another_sign_in_is_none(district: District, number: str) -> None:
    theirs = Browser(district, "zhoumin").look(f"/affairs/{number}/steps/G1")

    answer = Browser(district, "linxiaohe").post(theirs, place=PLACE)

    assert answer.status_code == 403
    assert versions(district, number) == 1


def test_the_token_does_not_tell_the_sign_in(district: District, worker: Browser) -> None:
    number = district.registered()["number"]
    page = worker.look(f"/affairs/{number}/steps/G1")

    assert district.cookies["linxiaohe"] not in page.answer.text
    assert len(page.values["form-token"][0]) == 64


# --- once --------------------------------------------------------------------------------------


def test_a_form_sent_twice_acts_once(district: District, number: str, worker: Browser) -> None:
    page = worker.look(f"/affairs/{number}/steps/G1")

    first = worker.post(page, place=PLACE)
    second = worker.post(page, place=PLACE)

    assert first.headers["location"] == second.headers["location"]
    assert versions(district, number) == 2


def test_a_form_sent_twice_at_the_same_moment_acts_once(
    district: District, number: str, worker: Browser
) -> None:
    page = worker.look(f"/affairs/{number}/steps/G1")
    ready = threading.Barrier(4)

    def click(_: int) -> Any:
        ready.wait(10)
        return worker.post(page, place=PLACE)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(click, range(4)))

    assert {answer.status_code for answer in answers} == {303}
    assert {answer.headers["location"] for answer in answers} == {f"/affairs/{number}?done=2"}
    assert versions(district, number) == 2


def test_an_entry_sent_twice_is_written_once(district: District) -> None:
    number = persuading(district)
    browser = Browser(district, "linxiaohe")
    page = browser.look(f"/affairs/{number}/entries/persuasion")

    for _ in range(2):
        browser.post(page, result="ineffective")

    assert versions(district, number) == 4


def test_a_form_with_a_file_sent_twice_acts_once_and_says_so(
    district: District, number: str, worker: Browser
) -> None:
    page = worker.look(f"/affairs/{number}/steps/G1")
    photo = [("photos", ("gate.png", png()))]

    worker.post(page, files=photo, place=PLACE)
    second = worker.send(page, files=photo, place=PLACE)

    assert "这份表单先前已经提交并办成，没有再办一次" in second.text
    assert versions(district, number) == 2


def test_a_form_changed_and_sent_again_does_not_act_again(
    district: District, number: str, worker: Browser
) -> None:
    page = worker.look(f"/affairs/{number}/actions/refer")

    worker.post(page, unit=CITY_MANAGEMENT, reason="转办")
    second = worker.send(page, unit=SANITATION, reason="改主意")

    assert "没有再办一次" in second.text
    assert versions(district, number) == 2


# --- somebody was faster -----------------------------------------------------------------------


def test_what_changed_meanwhile_and_by_whom_is_told_and_input_is_kept(
    district: District, number: str, worker: Browser
) -> None:
    page = worker.look(f"/affairs/{number}/actions/refer")
    district.done("zhoumin", number, "steps/G1", "07-25 16:05", place=PLACE)

    stale = worker.send(page, unit=CITY_MANAGEMENT, reason="要街道来")

    assert stale.status == 412
    assert stale.title.startswith("错误：")
    assert stale.errors == [
        ("#since", "您打开表单后事务有了变化：那时是第 1 条记录，现在是第 2 条")
    ]
    meanwhile = stale.text.partition("这期间发生的事")[2].partition("您填的内容都还在")[0]
    assert "受理核实" in meanwhile
    assert "周敏" in meanwhile
    assert "登记" not in meanwhile
    assert stale.values["unit"] == [CITY_MANAGEMENT]
    assert stale.values["reason"] == ["要街道来"]

    # Having read it, it is sent once more.
    assert "已办：转办" in worker.send(stale).text


def test_what_is_not_open_any_more_is_told_with_what_changed(
    district: District, number: str, worker: Browser
) -> None:
    page = worker.look(f"/affairs/{number}/steps/G1")
    district.done("zhoumin", number, "steps/G1", "07-25 16:05", place=PLACE)

    stale = worker.send(page, place=PLACE, note="我也看过了")

    assert stale.status == 412
    assert [where for where, _ in stale.errors] == ["#since"]
    assert "现在不能办：事务当前的状态不能办这一步" in stale.text
    assert stale.values["note"] == ["我也看过了"]
    assert worker.send(stale).status == 409


def test_a_stale_form_with_an_error_tells_both(
    district: District, number: str, worker: Browser
) -> None:
    page = worker.look(f"/affairs/{number}/actions/refer")
    district.done("zhoumin", number, "steps/G1", "07-25 16:05", place=PLACE)

    stale = worker.send(page, reason="要街道来")

    assert stale.status == 412
    assert [where for where, _ in stale.errors] == ["#since", "#f-unit"]


def test_a_version_that_never_was_is_no_way_around(
    district: District, number: str, worker: Browser
) -> None:
    page = worker.send(worker.look(f"/affairs/{number}/steps/G1"), place=PLACE, drawn__version="99")

    assert page.status == 412
    assert versions(district, number) == 1


def test_a_checker_who_handled_it_is_refused_on_the_page_too(district: District) -> None:
    number = told(district)

    assert Browser(district, "zhenglan").look(f"/affairs/{number}/steps/G16").status == 409
    assert Browser(district, "linxiaohe").look(f"/affairs/{number}/steps/G16").status == 200


def test_a_form_is_drawn_in_english_too(district: District, number: str) -> None:
    browser = Browser(district, "linxiaohe", "en")
    page = browser.send(browser.look(f"/affairs/{number}/steps/G1"), "Verify on site")

    assert page.title.startswith("Error: Verify on site")
    assert page.errors == [("#f-place", "Place: please fill this in")]
    assert "There is 1 thing to mend" in page.text


def spoken(page: Page) -> str:
    return " ".join(page.text.split())


# --- files that are too large ------------------------------------------------------------------


def test_files_too_large_together_are_named_and_what_was_typed_stays(
    district: District, worker: Browser
) -> None:
    number = district.registered()["number"]
    page = worker.look(f"/affairs/{number}/steps/G1")
    # A picture may be followed by anything; each of the two is small enough by itself.
    half = png() + b"\0" * (7 * 1024 * 1024)

    answer = worker.send(
        page,
        files=[
            ("photos", ("note.txt", "见面记录".encode())),
            ("photos", ("one.png", half)),
            ("photos", ("two.png", half)),
        ],
        place=PLACE,
    )

    assert answer.status == 422
    (told,) = (words for address, words in answer.errors if address == "#f-photos")
    assert "two.png：一次选择的文件合计超过 12 MiB；note.txt：应为照片" in told
    assert answer.values["place"] == [PLACE]
    assert len(answer.values["photos.kept"]) == 1
    assert versions(district, number) == 1
