"""Looking at masked values in clear: asked for with a reason, recorded first, shown once."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from domain.actor import SYSTEM, Actor, Role
from domain.commands import PublishLine, Reveal
from domain.errors import NotAllowed, StorageUnavailable
from domain.log import Receipt, Recorded
from domain.reads import Revealed, reads_of
from tests.web.district import (
    ADDRESS,
    AREA,
    COMMUNITY,
    FOUNDED,
    RESIDENT,
    SUMMARY,
    TELEPHONE,
    District,
    standing,
    uuid,
)
from tests.web.forms import Browser, Page
from tests.web.test_choices import again
from tests.web.test_rates import limited
from web.app import create_app
from web.journal import Lines
from workflows.loading import FOLDER, load
from workflows.publication import defined
from workflows.rights import EVERYWHERE

WHY: dict[str, Any] = {"reason": "contact", "note": "约上门核实的时间"}
BUTTON = "记录并查看"


@pytest.fixture
def number(fresh: District) -> str:
    return str(fresh.registered()["number"])


def id_of(district: District, number: str) -> UUID:
    return district.house.queries.affair(EVERYWHERE, number).affair_id


def looks(district: District, number: str) -> list[Recorded]:
    """What is recorded of looks at an affair."""
    return district.house.history.stream(reads_of(id_of(district, number)))


def looked(district: District, number: str, by: str = "linxiaohe", **filled: Any) -> Page:
    """The form of somebody, filled in and sent."""
    browser = Browser(district, by)
    page = browser.look(f"/affairs/{number}/reveal")
    assert page.status == 200, page.text
    return browser.send(page, BUTTON, **{"fields": ["telephone"], **WHY, **filled})


def refusals(district: District) -> list[tuple[str, str]]:
    """What the journal of the door has of looks that were refused: who, why."""
    seen = district.house.door.journal.read(what="reveal refused")
    return [(one.account, one.why) for one in seen]


# --- the page ------------------------------------------------------------------------------------


def test_the_affair_leads_to_the_form_which_shows_masks_and_chooses_nothing(
    fresh: District, number: str
) -> None:
    affair = Browser(fresh, "linxiaohe").look(f"/affairs/{number}")
    form = Browser(fresh, "linxiaohe").look(affair.links["查看明文"])

    assert form.status == 200
    assert form.options["fields"] == ["applicant", "telephone"]
    assert "张*" in form.text
    assert "138****1234" in form.text
    assert {"fields", "reason"}.isdisjoint(form.values)
    for clear in (RESIDENT, TELEPHONE):
        assert clear not in form.answer.text
    assert looks(fresh, number) == []


def test_what_was_asked_for_is_shown_and_nothing_else(fresh: District, number: str) -> None:
    shown = looked(fresh, number)

    assert shown.status == 200
    assert TELEPHONE in shown.text
    assert RESIDENT not in shown.answer.text
    assert shown.answer.headers["cache-control"] == "no-store"
    assert "location" not in shown.answer.headers
    assert TELEPHONE not in str(shown.answer.request.url)
    assert TELEPHONE not in Browser(fresh, "linxiaohe").look(f"/affairs/{number}").answer.text


def test_who_looked_in_which_role_at_what_why_and_when_is_recorded(
    fresh: District, number: str
) -> None:
    looked(fresh, number, fields=["applicant", "telephone"])

    (seen,) = looks(fresh, number)
    event = seen.event
    assert isinstance(event, Revealed)
    assert event.fields == ("applicant", "telephone")
    assert event.reason == "contact"
    assert event.affair_id == id_of(fresh, number)
    assert event.note is not None
    assert event.note.closed
    assert fresh.house.reveal(event.note, seen.stream_id) == WHY["note"]
    assert (seen.metadata.actor, seen.metadata.role) == ("linxiaohe", "CW")
    assert seen.metadata.unit == AREA
    assert event.occurred_at == seen.recorded_at == fresh.house.now()


def test_to_look_changes_nothing_of_the_affair(fresh: District, number: str) -> None:
    before = fresh.api("linxiaohe", "GET", f"/affairs/{number}")
    version = fresh.house.log.read_stream(id_of(fresh, number))[-1].version

    looked(fresh, number)

    assert fresh.house.log.read_stream(id_of(fresh, number))[-1].version == version
    assert (
        fresh.api("linxiaohe", "GET", f"/affairs/{number}").headers["etag"]
        == (before.headers["etag"])
    )


@pytest.mark.parametrize(
    ("filled", "wrong"),
    [
        ({"reason": []}, "请选择查看事由"),
        ({"fields": []}, "请选择要查看的内容"),
        ({"fields": ["summary"]}, "请选择要查看的内容"),
        ({"fields": ["telephone", "nothing"]}, "请选择要查看的内容"),
        ({"reason": "curious"}, "请选择查看事由"),
        ({"reason": "other", "note": " "}, "选“其他”时，请写明查看事由"),
        ({"note": "长" * 501}, "补充说明最多 500 个字"),
    ],
)
def test_without_saying_why_and_what_nothing_is_shown(
    fresh: District, number: str, filled: dict[str, Any], wrong: str
) -> None:
    page = looked(fresh, number, **filled)

    assert page.status == 422
    assert wrong in [words for _, words in page.errors]
    assert page.title.startswith("错误：")
    assert TELEPHONE not in page.answer.text
    assert looks(fresh, number) == []
    assert refusals(fresh) == [("linxiaohe", "no reason")]
    if "note" not in filled:
        assert page.values["note"] == [WHY["note"]]


def test_a_form_that_was_wrong_is_shown_in_the_other_language(fresh: District, number: str) -> None:
    wrong = looked(fresh, number, reason=[])
    browser = Browser(fresh, "linxiaohe")
    english = Page("linxiaohe", again(browser, wrong))

    assert english.status == 200
    assert "Look at masked values" in english.text
    assert english.values["fields"] == ["telephone"]
    assert TELEPHONE not in english.answer.text
    assert looks(fresh, number) == []


# --- who may not ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "status", "why"),
    [
        ("bailu", 403, "no right"),
        ("liheng", 403, "no right"),
        ("shilei", 403, "no right"),
        # Sees it, and has it not.
        ("suqing", 403, "no right"),
        ("zhenglan", 403, "no right"),
        ("chenyan", 404, "out of reach"),
        ("sunping", 404, "out of reach"),
    ],
)
def test_who_has_no_right_to_it_is_refused_and_that_is_written_down(
    fresh: District, number: str, by: str, status: int, why: str
) -> None:
    drawn = fresh.page(by, f"/affairs/{number}/reveal")
    sent = fresh.post(
        by, f"/affairs/{number}/reveal", fields="telephone", **{"command-id": str(uuid4())}, **WHY
    )
    called = fresh.api(by, "POST", f"/affairs/{number}/reveal", json=asked())

    assert [one.status_code for one in (drawn, sent, called)] == [status] * 3
    assert all(TELEPHONE not in one.text for one in (drawn, sent, called))
    assert looks(fresh, number) == []
    # The two that were sent; within a second they may stand in one row.
    assert set(refusals(fresh)) == {(by, why)}


def test_no_page_offers_what_would_be_refused(fresh: District, number: str) -> None:
    for by in ("bailu", "suqing", "zhenglan"):
        assert "查看明文" not in Browser(fresh, by).look(f"/affairs/{number}").links


def test_who_is_given_it_may_look(fresh: District, number: str) -> None:
    fresh.done("zhoumin", number, "actions/assign", "07-25 10:00", account="suqing")

    assert TELEPHONE in looked(fresh, number, "suqing").text


def test_who_lost_it_meanwhile_looks_no_more(fresh: District, number: str) -> None:
    """Another process gave it away: what this one remembers of the affair is no right."""
    fresh.done("zhoumin", number, "actions/assign", "07-25 10:00", account="suqing")
    id_ = id_of(fresh, number)
    remembered, version = fresh.house.affairs.get(id_)
    fresh.done("zhoumin", number, "actions/assign", "07-25 10:10", account="linxiaohe")
    fresh.house.affairs.keep(id_, remembered, version)

    with pytest.raises(NotAllowed):
        fresh.house.desk.run(
            wish(fresh, id_, Actor(account="suqing", role=Role.FD, unit=COMMUNITY))
        )

    assert looks(fresh, number) == []


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
                command_id=made.house.new_id(),
                by=SYSTEM,
                occurred_at=FOUNDED,
                **defined(hidden),
            )
        )
        made.house.reference.refresh()
        yield made


def test_of_what_is_restricted_only_who_has_it_looks(closed: District) -> None:
    number = closed.registered()["number"]

    for by in ("zhoumin", "suqing", "chenyan"):
        answer = closed.api(by, "POST", f"/affairs/{number}/reveal", json=asked())
        assert answer.status_code == 404
    assert TELEPHONE in looked(closed, number).text
    closed.follow()
    # That somebody looked is in the trail; at which affair is not for who may not see it.
    rows = closed.api("bailu", "GET", "/audit?kind=read").json()["items"]
    assert [(row["actor"]["account"], row["affair"]) for row in rows] == [("linxiaohe", None)]
    page = closed.page("bailu", "/audit?kind=read").text
    assert number not in page
    assert "范围" in page


# --- once, and recorded first --------------------------------------------------------------------


def test_a_double_click_is_one_look(fresh: District, number: str) -> None:
    browser = Browser(fresh, "linxiaohe")
    page = browser.look(f"/affairs/{number}/reveal")

    first = browser.send(page, BUTTON, fields=["telephone"], **WHY)
    fresh.clock.at += timedelta(seconds=2)
    second = browser.send(page, BUTTON, fields=["telephone"], **WHY)

    assert TELEPHONE in first.text
    assert TELEPHONE in second.text
    assert len(looks(fresh, number)) == 1


def test_the_same_form_shows_no_more_than_was_recorded(fresh: District, number: str) -> None:
    browser = Browser(fresh, "linxiaohe")
    page = browser.look(f"/affairs/{number}/reveal")

    browser.send(page, BUTTON, fields=["telephone"], **WHY)
    again = browser.send(page, BUTTON, fields=["telephone", "applicant"], **WHY)

    assert TELEPHONE in again.text
    assert RESIDENT not in again.text


def test_the_same_form_later_has_to_be_sent_anew(fresh: District, number: str) -> None:
    browser = Browser(fresh, "linxiaohe")
    page = browser.look(f"/affairs/{number}/reveal")
    browser.send(page, BUTTON, fields=["telephone"], **WHY)
    fresh.clock.at += timedelta(minutes=5)

    late = browser.send(page, BUTTON, fields=["telephone"], **WHY)

    assert late.status == 409
    assert TELEPHONE not in late.answer.text
    assert "先前已经提交过" in late.text
    assert TELEPHONE in browser.send(late, BUTTON).text
    assert len(looks(fresh, number)) == 2


def test_the_record_stands_where_the_answer_breaks_off(
    fresh: District, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the line broke")

    browser = Browser(fresh, "linxiaohe")
    page = browser.look(f"/affairs/{number}/reveal")
    monkeypatch.setattr("web.pages.reveal._shown", broken)

    answer = browser.post(page, BUTTON, fields=["telephone"], **WHY)

    assert answer.status_code == 500
    assert len(looks(fresh, number)) == 1


def test_where_the_record_cannot_be_written_nothing_is_shown(
    fresh: District, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> Receipt:
        raise StorageUnavailable("disk full")

    browser = Browser(fresh, "linxiaohe")
    page = browser.look(f"/affairs/{number}/reveal")
    monkeypatch.setattr(type(fresh.house.desk.log), "append_async", full)

    answer = browser.post(page, BUTTON, fields=["telephone"], **WHY)
    called = fresh.api("linxiaohe", "POST", f"/affairs/{number}/reveal", json=asked())

    assert (answer.status_code, called.status_code) == (503, 503)
    assert TELEPHONE not in answer.text + called.text


def wish(district: District, affair_id: UUID, by: Actor) -> Reveal:
    return Reveal(
        command_id=district.house.new_id(),
        by=by,
        occurred_at=district.house.now(),
        affair_id=affair_id,
        fields=("telephone",),
        reason="contact",
    )


def test_two_who_look_first_at_once_both_look(fresh: District, number: str) -> None:
    id_ = id_of(fresh, number)
    holder = Actor(account="linxiaohe", role=Role.CW, unit=AREA)
    director = Actor(account="zhoumin", role=Role.CD, unit=COMMUNITY)

    stored = fresh.house.desk.run_many([wish(fresh, id_, holder), wish(fresh, id_, director)])

    assert [type(one) for one in stored] == [Receipt, Receipt]
    assert [one.metadata.actor for one in looks(fresh, number)] == ["linxiaohe", "zhoumin"]


def test_so_many_looks_and_no_more(fresh: District, number: str) -> None:
    with limited(fresh, "reveal=2/3600") as here:
        answers = [
            here.api("linxiaohe", "POST", f"/affairs/{number}/reveal", json=asked())
            for _ in range(3)
        ]
        page = here.page("linxiaohe", f"/affairs/{number}/reveal")

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert TELEPHONE not in answers[-1].text
    # A form that is only looked at shows nothing.
    assert page.status_code == 200
    assert len(looks(fresh, number)) == 2


# --- what can be looked at -----------------------------------------------------------------------


def test_numbers_in_texts_and_values_that_were_corrected_can_be_looked_at(fresh: District) -> None:
    number = fresh.registered(summary=f"{SUMMARY}，请打13900005678")["number"]
    fresh.done(
        "linxiaohe", number, "actions/correct", "07-25 10:00",
        of_version="1", why="记错了", telephone="13700002222",
    )  # fmt: skip

    shown = looked(fresh, number, fields=["telephone", "summary"])

    for clear in (TELEPHONE, "13700002222", "13900005678"):
        assert clear in shown.text


def test_what_was_erased_cannot_be_looked_at(fresh: District) -> None:
    subject = uuid4()
    number = fresh.registered(subject=str(subject))["number"]
    fresh.house.keys.destroy(subject)

    page = Browser(fresh, "linxiaohe").look(f"/affairs/{number}/reveal")

    assert "没有可以查看的脱敏内容" in page.text
    assert "fields" not in page.options


def test_what_was_said_of_a_look_goes_with_the_resident(fresh: District) -> None:
    subject = uuid4()
    number = fresh.registered(subject=str(subject))["number"]
    looked(fresh, number)

    fresh.house.keys.destroy(subject)

    page = fresh.page("linxiaohe", f"/affairs/{number}/history").text
    assert WHY["note"] not in page
    assert "联系当事人" in page


# --- the API -------------------------------------------------------------------------------------


def asked(**changes: Any) -> dict[str, Any]:
    return {"fields": ["telephone"], **WHY, **changes}


def test_the_api_answers_with_the_values_and_their_record(fresh: District, number: str) -> None:
    both = ["telephone", "applicant"]
    answer = fresh.api("zhoumin", "POST", f"/affairs/{number}/reveal", json=asked(fields=both))

    (seen,) = looks(fresh, number)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told["number"] == number
    assert told["position"] == seen.position
    assert told["values"] == [
        {"field": "telephone", "version": 1, "value": TELEPHONE},
        {"field": "applicant", "version": 1, "value": RESIDENT},
    ]
    assert seen.metadata.role == "CD"


def test_the_same_key_is_the_same_look_for_a_minute(fresh: District, number: str) -> None:
    key = {"Idempotency-Key": "one-look"}
    path = f"/affairs/{number}/reveal"

    first = fresh.api("linxiaohe", "POST", path, key, json=asked())
    second = fresh.api("linxiaohe", "POST", path, key, json=asked())
    fresh.clock.at += timedelta(minutes=5)
    third = fresh.api("linxiaohe", "POST", path, key, json=asked())

    assert (first.json()["repeated"], second.json()["repeated"]) == (False, True)
    assert second.json()["values"] == first.json()["values"]
    assert third.status_code == 409
    assert len(looks(fresh, number)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": ""}, "field-missing"),
        ({"fields": []}, "field-missing"),
        ({"reason": "other", "note": ""}, "field-missing"),
        ({"reason": "curious"}, "field-invalid"),
        ({"fields": ["summary"]}, "field-invalid"),
        ({"note": "长" * 501}, "field-invalid"),
    ],
)
def test_the_api_refuses_a_look_without_reason(
    fresh: District, number: str, changes: dict[str, Any], code: str
) -> None:
    answer = fresh.api("linxiaohe", "POST", f"/affairs/{number}/reveal", json=asked(**changes))

    assert answer.status_code == 422
    assert answer.json()["type"] == f"urn:tenlines:problem:{code}"
    assert looks(fresh, number) == []
    assert refusals(fresh) == [("linxiaohe", "no reason")]


# --- who sees that somebody looked ---------------------------------------------------------------


def test_who_may_view_the_history_sees_who_looked_when_and_why(
    fresh: District, number: str
) -> None:
    looked(fresh, number)

    for by in ("linxiaohe", "zhoumin", "zhenglan", "bailu"):
        page = Browser(fresh, by).look(f"/affairs/{number}/history").text
        for told in ("明文查看记录", "林晓禾", "社区工作者", "电话", "联系当事人", WHY["note"]):
            assert told in page
        assert TELEPHONE not in page


def test_a_resident_sees_that_somebody_looked_and_not_what_stays_inside(fresh: District) -> None:
    number = fresh.registered("jumin")["number"]
    looked(fresh, number)

    page = Browser(fresh, "jumin").look(f"/affairs/{number}/history").text

    assert "林晓禾" in page
    assert "联系当事人" in page
    assert WHY["note"] not in page


def test_the_auditor_finds_looks_by_kind_and_with_their_affair(
    fresh: District, number: str
) -> None:
    looked(fresh, number)
    fresh.follow()

    of_kind = fresh.api("bailu", "GET", "/audit?kind=read.revealed").json()["items"]
    of_affair = fresh.api("bailu", "GET", f"/audit?affair={number}").json()["items"]
    page = Browser(fresh, "bailu").look("/audit?kind=read")

    assert [(one["actor"]["account"], one["role"], one["affair"]) for one in of_kind] == [
        ("linxiaohe", "CW", number)
    ]
    assert [one["topic"].split(".")[0] for one in of_affair] == ["read", "affair"]
    assert "电话：联系当事人" in page.text
    assert page.links[number] == f"/affairs/{number}/history#looks"
    assert TELEPHONE not in page.text
    assert WHY["note"] not in page.text


def test_a_refusal_stands_in_the_journal_of_the_door(fresh: District, number: str) -> None:
    fresh.api("bailu", "POST", f"/affairs/{number}/reveal", json=asked())

    page = fresh.page("bailu", "/audit/door?what=reveal refused").text

    assert "明文查看被拒" in page
    assert "没有权限" in page


# --- and nowhere else ----------------------------------------------------------------------------


def test_neither_the_record_of_requests_nor_any_file_holds_a_clear_value(
    fresh: District, tmp_path: Path
) -> None:
    stream = io.StringIO()
    with TestClient(create_app(fresh.house, log=Lines(stream))) as client:
        cookie = fresh.cookies["linxiaohe"]
        headers = {"Cookie": f"tenlines={cookie}", "Origin": "http://testserver"}
        number = fresh.registered()["number"]
        sent = {"form-token": fresh.form_token(cookie), "command-id": str(uuid4())}
        told = {**sent, "fields": ["telephone", "applicant"], **WHY}
        shown = client.post(f"/affairs/{number}/reveal", data=told, headers=headers)
        token = {"Authorization": f"Bearer {fresh.tokens['linxiaohe']}"}
        client.post(f"/api/v1/affairs/{number}/reveal", json=asked(), headers=token)
    fresh.follow()

    assert TELEPHONE in shown.text
    assert len(looks(fresh, number)) == 2
    secrets = (TELEPHONE, RESIDENT, WHY["note"], ADDRESS)
    for secret in secrets:
        assert secret not in stream.getvalue()
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert any(b"read.revealed.v1" in content for content in kept.values())
    for path, content in kept.items():
        for secret in secrets:
            for written in (secret.encode(), secret.encode("unicode_escape")):
                assert written not in content, path


def test_an_affair_of_another_id_has_looks_of_its_own(fresh: District) -> None:
    first, second = (uuid(fresh.registered()["affair_id"]) for _ in range(2))

    assert reads_of(first) != reads_of(second)
    assert reads_of(reads_of(first)) == first
    # In the order of the affairs, so that indexes grow at one end.
    assert (reads_of(first) < reads_of(second)) is (first < second)
