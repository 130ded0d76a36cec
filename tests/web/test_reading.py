"""Reading over HTTP: an affair, its history, its state at a moment, lists, figures, lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from adapters.house import open_house
from domain.line import version_of
from tests.web.district import (
    ADDRESS,
    RESIDENT,
    SUMMARY,
    TELEPHONE,
    THEIR_AREA,
    District,
    at,
    doing,
    png,
    registration,
    spoil,
    spoil_stream,
    told,
)
from web.api.conditions import expected_version
from web.app import create_app
from workflows.loading import FOLDER, load
from workflows.rights import EVERYWHERE


@pytest.fixture(scope="module")
def number(district: District) -> str:
    """The scrap heap up to the check of 25 July, recorded an hour later than it happened."""
    return told(district)


def test_an_affair_is_told_with_its_facts(district: District, number: str) -> None:
    affair = district.api("linxiaohe", "GET", f"/affairs/{number}").json()

    assert affair["number"] == number
    assert affair["state"] == "checking"
    assert affair["state_name"] == {"zh": "核查", "en": "Checking"}
    assert affair["summary"] == SUMMARY
    assert affair["applicant"] == "张*"
    assert affair["telephone"] == "138****1234"
    assert affair["address"] == ADDRESS
    assert affair["lead_unit"] == {"code": "370103008/cg", "name": "街道城管科"}
    assert affair["joint"] == [
        {"task": 1, "unit": {"code": "370103008/hw", "name": "街道环卫所"}, "done": True}
    ]
    assert affair["level"] == "street"
    assert affair["facts"]["result"] == "ineffective"
    assert affair["due_at"] == "2011-07-26T16:00:00Z"
    assert affair["due_clock"] == "checking"
    assert len(affair["attachments"]) == 1
    assert affair["registered_by"] == {"account": "linxiaohe", "name": "林晓禾"}


def test_an_affair_that_was_read_is_not_sent_again(district: District, number: str) -> None:
    first = district.api("linxiaohe", "GET", f"/affairs/{number}")
    version = first.headers["etag"]

    for held in (version, f"W/{version}", f'"1", {version}', "*"):
        again = district.api("linxiaohe", "GET", f"/affairs/{number}", {"If-None-Match": held})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == version
    other = district.api("linxiaohe", "GET", f"/affairs/{number}", {"If-None-Match": '"1"'})
    assert other.status_code == 200


def test_the_history_holds_every_event_with_who_and_both_times(
    district: District, number: str
) -> None:
    history = district.api("zhoumin", "GET", f"/affairs/{number}/history").json()
    items = history["items"]

    assert [item["what"] for item in items] == [
        *("register", "G1", "G4", "open_joint", "persuasion", "joint_done"),
        *("G8", "G9", "G12", "G13"),
    ]
    assert [item["version"] for item in items] == list(range(1, 11))
    assert [item["position"] for item in items] == sorted(item["position"] for item in items)
    dispatched = items[7]
    assert dispatched["name"] == {"zh": "派遣", "en": "Dispatch"}
    assert dispatched["by"] == {"account": "zhenglan", "name": "郑岚"}
    assert dispatched["role"] == "SC"
    assert dispatched["unit"] == {"code": "370103008/cg", "name": "街道城管科"}
    assert dispatched["occurred_at"] == "2011-07-25T01:20:00Z"
    assert dispatched["recorded_at"] == "2011-07-25T08:10:00Z"
    assert (dispatched["left"], dispatched["to"]) == ("filed", "dispatched")
    assert {"name": "lead_unit", "kind": "unit", "value": "370103008/cg"} in dispatched["record"]
    (started,) = (one for one in dispatched["clocks"] if one["change"] == "started")
    assert started["name"] == "disposal"
    assert started["due_at"] == "2011-07-26T16:00:00Z"
    registered = items[0]["event"]
    assert registered["applicant"] == "张*"
    assert registered["telephone"] == "138****1234"
    assert registered["summary"] == SUMMARY


AS_OF = [
    ("2011-07-22T10:05:00+08:00", "registered", 1),
    ("2011-07-22T10:49:59+08:00", "onsite", 2),
    ("2011-07-22T10:50:00+08:00", "persuading", 4),
    ("2011-07-25T08:49:00+08:00", "persuading", 6),
    ("2011-07-25T09:20:00+08:00", "dispatched", 8),
    ("2031-01-01T00:00:00Z", "checking", 10),
]


@pytest.mark.parametrize(("moment", "state", "version"), AS_OF)
def test_the_state_as_of_a_moment(
    district: District, number: str, moment: str, state: str, version: int
) -> None:
    answer = district.api("bailu", "GET", f"/affairs/{number}/state", params={"as_of": moment})

    found = answer.json()
    assert found["state"]["standing"]["state"] == state
    assert found["version"] == version


def test_the_state_as_it_was_known(fresh: District) -> None:
    # Entered in the evening of the 22nd, but for the last, which is entered on the 25th.
    fresh.clock.at = at("07-22 18:00")
    affair = fresh.registered()["number"]
    fresh.done("linxiaohe", affair, "steps/G1", "07-22 10:30", place="116.99,36.65")
    fresh.clock.at = at("07-25 16:10")
    fresh.done("zhoumin", affair, "steps/G4", "07-22 10:50")

    def state(**moments: str) -> tuple[int, str]:
        answer = fresh.api("bailu", "GET", f"/affairs/{affair}/state", params=moments)
        if answer.status_code == 404:
            return 0, ""
        found = answer.json()
        return found["version"], found["state"]["standing"]["state"]

    evening, late = "2011-07-22T18:00:00+08:00", "2011-07-22T23:59:00+08:00"
    morning = "2011-07-22T10:30:00+08:00"
    assert state(as_of=late) == (3, "persuading")
    assert state(as_known_at=late) == (2, "onsite")
    assert state(as_of=late, as_known_at=evening) == (2, "onsite")
    assert state(as_of=morning, as_known_at="2011-07-25T16:10:00+08:00") == (2, "onsite")
    assert state(as_of=morning, as_known_at=morning) == (0, "")
    assert state(as_of="2011-07-01T00:00:00Z") == (0, "")


def test_a_state_holds_nothing_personal(district: District, number: str) -> None:
    text = district.api("linxiaohe", "GET", f"/affairs/{number}/state").text

    assert not [clear for clear in (RESIDENT, TELEPHONE, SUMMARY, ADDRESS) if clear in text]


def test_options_say_what_is_open_for_whom_and_why_not(district: District, number: str) -> None:
    for language, because in (("zh", "要由其他角色来办。"), ("en", "Another role has to do it.")):
        found = district.api(
            "zhenglan", "GET", f"/affairs/{number}/options", {"Accept-Language": language}
        ).json()
        steps = {step["id"]: step for step in found["steps"]}
        assert steps["G16"]["open"] is False
        assert steps["G16"]["because"] == "role"
        assert steps["G16"]["because_text"] == because
        assert steps["G16"]["by"] == ["CW", "CD", "SUP"]
        assert steps["G16"]["to"] == "resolved"
        assert "城市市容和环境卫生管理条例" in steps["G16"]["law"]
    mine = district.api("linxiaohe", "GET", f"/affairs/{number}/options").json()
    rework = next(step for step in mine["steps"] if step["id"] == "G17")
    assert rework["open"] is True
    assert [(field["name"], field["required"]) for field in rework["fields"]] == [("reason", True)]
    assert mine["state"] == "checking"
    assert mine["version"] == 10


# --- lists -------------------------------------------------------------------------------------


def test_a_list_comes_page_by_page_each_affair_once(district: District) -> None:
    for _ in range(5):
        district.registered(area=THEIR_AREA, by="wanglei")
    whole = listed(district, "wanglei", limit=200)

    paged: list[dict[str, Any]] = []
    cursor = None
    for _ in range(10):
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = district.api("wanglei", "GET", "/affairs", params=asked).json()
        assert len(answer["items"]) <= 2
        paged += answer["items"]
        cursor = answer["next"]
        if cursor is None:
            break

    assert cursor is None
    assert len(whole) == 5
    assert paged == whole


def listed(district: District, by: str, **asked: Any) -> list[dict[str, Any]]:
    answer = district.api(by, "GET", "/affairs", params=asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_list_is_narrowed_by_what_is_asked(district: District, number: str) -> None:
    def numbers(**asked: Any) -> set[str]:
        return {item["number"] for item in listed(district, "zhoumin", limit=200, **asked)}

    assert number in numbers()
    assert number in numbers(line="CG", state="checking", area="370103008001-01")
    assert numbers(number=number) == {number}
    # Since the street leads, it is assigned to nobody in particular.
    assert number not in numbers(assignee="linxiaohe")
    mine = district.registered()["number"]
    assert mine in numbers(assignee="linxiaohe")
    assert mine not in numbers(assignee="zhoumin")
    assert number in numbers(due_before="2011-07-27T00:00:01+08:00")
    assert number not in numbers(due_before="2011-07-27T00:00:00+08:00")
    assert number not in numbers(state="registered")
    assert number not in numbers(line="XF")
    assert number not in numbers(open="false")
    assert number in numbers(open="all")
    assert number not in numbers(to_visit="true")


def test_a_row_of_a_list_is_masked_too(district: District, number: str) -> None:
    answer = district.api("zhoumin", "GET", "/affairs", params={"number": number})

    assert RESIDENT not in answer.text
    assert TELEPHONE not in answer.text
    assert SUMMARY in answer.text


# --- attachments -------------------------------------------------------------------------------


def test_a_photo_comes_back_as_it_was_handed_in(district: District, number: str) -> None:
    photo = district.photo("linxiaohe", number)

    kept = district.api("zhoumin", "GET", f"/attachments/{photo}")

    assert kept.content == png()
    assert kept.headers["content-type"] == "image/png"
    assert kept.headers["cache-control"] == "no-store"
    assert kept.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in kept.headers["content-security-policy"]


def test_a_text_is_handed_out_as_a_file(district: District, number: str) -> None:
    path = f"/affairs/{number}/attachments"
    sent = {"file": ("记录.txt", b"<script>alert(1)</script>", "text/html")}

    kept = district.api("linxiaohe", "POST", path, files=sent).json()
    answer = district.api("linxiaohe", "GET", f"/attachments/{kept['id']}")

    assert kept["media_type"] == "text/plain"
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["content-disposition"].startswith("attachment;")


def test_what_was_erased_is_gone(district: District) -> None:
    receipt = district.registered()
    photo = district.photo("linxiaohe", receipt["number"])

    district.house.keys.destroy(district.house.attachments.about(UUID(photo)).subject)
    answer = district.api("linxiaohe", "GET", f"/attachments/{photo}")
    affair = district.api("linxiaohe", "GET", f"/affairs/{receipt['number']}").json()
    history = district.api("linxiaohe", "GET", f"/affairs/{receipt['number']}/history").json()

    assert answer.status_code == 410
    assert answer.json()["title"] == "已依法删除"
    for told_now in (affair, history["items"][0]["event"]):
        assert told_now["applicant"] == told_now["summary"] == "已依法删除"
    page = district.page("linxiaohe", f"/affairs/{receipt['number']}", headers={})
    assert "已依法删除" in page.text
    english = district.page("linxiaohe", f"/affairs/{receipt['number']}?lang=en")
    assert "erased by law" in english.text
    assert "已依法删除" not in english.text


# --- figures -----------------------------------------------------------------------------------


def test_figures_have_the_shape_of_the_command_line(district: District, number: str) -> None:
    district.follow()
    asked = {"from": "2011-07-01", "to": "2011-07-31", "line": "CG", "unit": "370103008001"}

    answer = district.api("bailu", "GET", "/statistics", params=asked)

    figures = district.house.queries.statistics(
        EVERYWHERE, date(2011, 7, 1), date(2011, 7, 31), line="CG", unit="370103008001"
    )
    assert answer.json() == {
        "period": {"from": "2011-07-01", "to": "2011-07-31"},
        "scope": {"line": "CG", "unit": "370103008001"},
        "indicators": json.loads(json.dumps(figures)),
        "parked": 0,
    }
    assert answer.json()["indicators"]["acceptance_volume"]["value"] >= 1
    assert answer.json()["indicators"]["satisfaction_rate"]["value"] is None


def test_figures_of_a_line_that_is_not_there_are_refused(district: District) -> None:
    asked = {"from": "2011-07-01", "to": "2011-07-31", "line": "XX"}

    answer = district.api("bailu", "GET", "/statistics", params=asked)

    assert (answer.status_code, answer.json()["type"]) == (404, "urn:tenlines:problem:not-found")


def test_figures_wait_for_the_position_that_was_answered(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.api.routes.WAIT_SECONDS", 0.1)
    receipt = district.registered()
    asked = {"from": "2011-07-01", "to": "2011-07-31", "after": receipt["position"]}

    behind = district.api("bailu", "GET", "/statistics", params=asked)
    district.follow()
    level = district.api("bailu", "GET", "/statistics", params=asked)

    assert behind.status_code == 503
    assert behind.headers["retry-after"]
    assert level.status_code == 200


def test_figures_of_a_unit_that_is_none(district: District) -> None:
    asked = {"from": "2011-07-01", "to": "2011-07-31", "unit": "999999"}

    assert district.api("bailu", "GET", "/statistics", params=asked).status_code == 404


# --- lines -------------------------------------------------------------------------------------


def test_lines_are_told_as_they_were_published(district: District) -> None:
    (summary,) = district.api("jumin", "GET", "/lines").json()["items"]
    whole = district.api("jumin", "GET", "/lines/CG").json()
    named = district.api("jumin", "GET", "/lines/CG", params={"version": summary["version"]})

    line = load(FOLDER / "CG.yaml")
    assert summary["code"] == "CG"
    assert summary["name"]["zh"] == line.names.zh
    assert {matter["code"] for matter in summary["matters"]} == set(line.matters)
    assert whole["definition"] == line.model_dump(mode="json", by_alias=True)
    assert named.json() == whole


def test_a_line_that_is_not_in_force_is_not_found(district: District) -> None:
    for path in ("/lines/XF", "/lines/CG?on=2010-01-01", "/lines/CG?version=1999.1"):
        assert district.api("jumin", "GET", path).status_code == 404


# --- what cannot be read -----------------------------------------------------------------------


@pytest.fixture
def broken(fresh: District) -> str:
    """An affair whose second event was spoilt on the disk."""
    number = told(fresh)
    spoil(fresh, number)
    return number


def test_an_affair_whose_stream_is_parked_is_marked_wherever_it_is_listed(
    fresh: District, broken: str
) -> None:
    before = fresh.api("linxiaohe", "GET", f"/affairs/{broken}")
    sound = before.json()["stale"]
    fresh.follow()
    held = {"If-None-Match": before.headers["ETag"]}
    marked = fresh.api("linxiaohe", "GET", f"/affairs/{broken}", held)
    held = {"If-None-Match": marked.headers["ETag"]}
    again = fresh.api("linxiaohe", "GET", f"/affairs/{broken}", held)
    for name in ("worklist", "affair_page", "affair_facts"):
        fresh.house.rebuild(name)

    detail = fresh.api("linxiaohe", "GET", f"/affairs/{broken}").json()
    rows = fresh.api("linxiaohe", "GET", "/affairs?open=all").json()["items"]
    figures = fresh.api("zhoumin", "GET", "/statistics?from=2011-07-01&to=2011-11-30").json()
    page = fresh.page("linxiaohe", "/?show=all").text
    ready = fresh.client.get("/readyz").json()

    assert (sound, detail["stale"]) == (False, True)
    # The mark alone changes the answer, and so its tag.
    assert before.json()["version"] == marked.json()["version"]
    assert (marked.status_code, again.status_code) == (200, 304)
    assert marked.headers["ETag"] != before.headers["ETag"]
    assert expected_version(marked.headers["ETag"]) == marked.json()["version"]
    assert {row["number"]: row["stale"] for row in rows}[broken] is True
    assert page.count("有记录无法读取，可能不是最新") == 1
    assert figures["parked"] == 1
    assert ready["checks"]["views"]["parked"] == 1


def test_an_event_that_cannot_be_read_is_shown_and_stops_nothing_else(
    fresh: District, broken: str
) -> None:
    history = fresh.api("linxiaohe", "GET", f"/affairs/{broken}/history").json()["items"]
    state = fresh.api("linxiaohe", "GET", f"/affairs/{broken}/state")
    page = fresh.page("linxiaohe", f"/affairs/{broken}/timeline")
    other = fresh.api("linxiaohe", "POST", "/affairs", json=registration())

    assert [item["unreadable"] for item in history] == [False, True, *[False] * 8]
    assert history[1]["topic"] == "affair.step_taken.v1"
    assert state.status_code == 500
    assert state.json()["type"] == "urn:tenlines:problem:unreadable"
    assert state.json()["version"] == 2
    assert "spoilt" not in state.text
    assert page.status_code == 200
    assert "这条记录无法读取" in page.text
    assert other.status_code == 201


def test_an_affair_that_cannot_be_read_any_more_is_parked_once_somebody_met_it(
    fresh: District,
) -> None:
    number = told(fresh)
    fresh.follow()
    spoil(fresh, number)
    unmet = fresh.client.get("/readyz").json()["checks"]["views"]["parked"]

    for _ in range(2):
        refused = fresh.api("linxiaohe", "GET", f"/affairs/{number}/state")
        assert refused.status_code == 500

    (parked,) = fresh.house.parked()
    assert unmet == 0
    assert (parked.view, parked.topic) == ("affairs", "affair.step_taken.v1")
    assert fresh.client.get("/readyz").json()["checks"]["views"]["parked"] == 1
    assert 'tenlines_parked_streams{view="affairs"} 1.0' in fresh.client.get("/metrics").text
    assert fresh.api("linxiaohe", "GET", f"/affairs/{number}").json()["stale"] is True


@pytest.fixture
def dumb(fresh: District) -> Iterator[District]:
    """A district with an affair of a line whose publication was spoilt on the disk; it was opened
    anew since.
    """
    number = fresh.registered()["number"]
    own = {"account": "linxiaohe", "recusal_ground": "relatives"}
    fresh.done("linxiaohe", number, "actions/recuse", "07-22 10:10", **own)
    spoil_stream(fresh.house, version_of("CG", "2011.1"), 1)
    with closing(open_house(fresh.house.settings, now=fresh.clock)) as house:
        app = create_app(house)
        with TestClient(app) as client:
            yield replace(fresh, house=house, app=app, client=client)


def test_a_line_that_cannot_be_read_is_told_everywhere_and_hides_no_list(dumb: District) -> None:
    number = "CG-2011-0001"

    affair = dumb.api("linxiaohe", "GET", f"/affairs/{number}")
    page = dumb.page("linxiaohe", f"/affairs/{number}")
    step = dumb.api(
        "linxiaohe",
        "POST",
        f"/affairs/{number}/steps/G1",
        json=doing("07-22 10:30", place="116.99,36.65"),
    )
    new = dumb.api("linxiaohe", "POST", "/affairs", json=registration())

    for answer in (affair, step, new):
        assert answer.status_code == 500, answer.text
        assert answer.json()["type"] == "urn:tenlines:problem:unreadable"
        assert answer.json()["topic"] == "line.published.v1"
    assert page.status_code == 500
    assert number in dumb.page("linxiaohe", "/?show=all").text
    assert number in dumb.page("zhoumin", "/assignments").text
    assert [row["number"] for row in dumb.api("linxiaohe", "GET", "/affairs").json()["items"]] == [
        number
    ]
    (parked,) = dumb.house.parked()
    assert (parked.view, parked.topic) == ("reference", "line.published.v1")
    assert dumb.client.get("/readyz").json()["checks"]["views"]["parked"] == 1
    assert 'tenlines_parked_streams{view="reference"} 1.0' in dumb.client.get("/metrics").text
