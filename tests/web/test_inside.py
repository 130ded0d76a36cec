"""To a resident, what stays inside the house is not there: no record, no file, no value of it, and
nothing that only follows from it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from adapters.staff import Entry, hire
from domain.actor import SYSTEM, Role
from domain.commands import PublishLine
from tests.web.district import CITY_MANAGEMENT, FOUNDED, District, browser, doing, spoil
from workflows.loading import FOLDER, load
from workflows.publication import defined

OFFICER = Entry(account="xuning", name="许宁", role=Role.SC, unit=CITY_MANAGEMENT, lines=("JS",))
LETTER = "不属实"


@pytest.fixture
def answered(fresh: District) -> tuple[District, str, str]:
    """A resident's affair that another office has answered, which stays inside: the district, the
    affair's number, and the letter."""
    house = fresh.house
    line = defined(load(FOLDER / "JS" / "2011.yaml"))
    house.desk.run(PublishLine(command_id=house.new_id(), by=SYSTEM, occurred_at=FOUNDED, **line))
    house.reference.refresh()
    grant = hire(house, [OFFICER])["xuning"]
    token, cookie = house.porter.issue("xuning", grant), browser(house, "xuning", grant)
    fresh = replace(
        fresh,
        tokens={**fresh.tokens, "xuning": token},
        cookies={**fresh.cookies, "xuning": cookie},
    )
    asked = {"checked_person": "王芳", "home_place": "章丘"}
    number = fresh.registered("jumin", matter="JS04", record=asked)["number"]
    fresh.done("xuning", number, "steps/D2", "07-25 09:00", target_office="历下区")
    path = f"/affairs/{number}/attachments"
    kept = fresh.api("xuning", "POST", path, files={"file": ("a.txt", b"a letter")}).json()["id"]
    fresh.done("xuning", number, "entries/reply", "07-25 09:30", reply="negative", papers=[kept])
    return fresh, number, str(kept)


def test_a_resident_opens_no_file_of_a_record_that_stays_inside(
    answered: tuple[District, str, str],
) -> None:
    district, _, letter = answered

    path, missing = f"/attachments/{letter}", f"/attachments/{letter[:-1]}0"

    assert district.api("xuning", "GET", path).status_code == 200
    there, gone = (district.api("jumin", "GET", one) for one in (path, missing))
    assert there.status_code == gone.status_code == 404
    assert there.json()["title"] == gone.json()["title"]
    assert district.page("jumin", path).status_code == 404


def test_a_resident_opens_a_file_of_any_other_record(fresh: District) -> None:
    number = fresh.registered("jumin")["number"]
    photo = fresh.photo("linxiaohe", number)
    fresh.done("linxiaohe", number, "steps/G1", "07-22 10:30", place="116.99,36.65", photos=[photo])

    assert fresh.api("jumin", "GET", f"/attachments/{photo}").status_code == 200
    assert fresh.api("jumin", "GET", f"/affairs/{number}").json()["attachments"] == [photo]


@pytest.mark.parametrize("page", ["", "/timeline", "/timeline?show=internal", "/materials",
                                  "/history"])  # fmt: skip
def test_no_page_tells_a_resident_of_it(answered: tuple[District, str, str], page: str) -> None:
    district, number, letter = answered

    staff, resident = (
        district.page(who, f"/affairs/{number}{page}").text for who in ("xuning", "jumin")
    )

    assert "复函" in staff or "户籍地答复" in staff
    assert letter not in resident
    assert not re.search(r"复函|不属实|内部|户籍地答复 *<", resident)


def test_the_history_goes_from_one_open_record_to_the_next(
    answered: tuple[District, str, str],
) -> None:
    district, number, _ = answered
    last = district.page("jumin", f"/affairs/{number}/history").text

    assert "户籍地协查" in last, "the state is told"
    assert district.page("jumin", f"/affairs/{number}/history?v=2").status_code == 200
    assert district.page("jumin", f"/affairs/{number}/history?v=3").status_code == 404
    assert district.page("xuning", f"/affairs/{number}/history?v=3").status_code == 200


def test_the_api_tells_a_resident_nothing_of_it(answered: tuple[District, str, str]) -> None:
    district, number, letter = answered

    def told(who: str) -> str:
        paths = (f"/affairs/{number}{part}" for part in ("", "/history", "/state"))
        return "".join(district.api(who, "GET", path).text for path in paths)

    assert "negative" in told("xuning")
    assert letter in told("xuning")
    assert "negative" not in told("jumin")
    assert letter not in told("jumin")
    assert district.api("jumin", "GET", f"/affairs/{number}/state").json()["state"]["standing"]


# --- what only follows from it -------------------------------------------------------------------


@pytest.fixture
def supervised(fresh: District) -> tuple[District, str]:
    """A resident's affair under an order, with another proposed, and an officer who takes no part:
    the district and the affair's number."""
    number = fresh.registered("jumin")["number"]
    fresh.done("linxiaohe", number, "steps/G1", "07-22 10:30", place="116.99,36.65")
    fresh.done("gaoyuan", number, "actions/supervise", "07-22 11:00", reason="拖延")
    fresh.done("luocheng", number, "actions/propose_supervision", "07-22 11:30", reason="又拖延")
    fresh.done(
        "zhoumin", number, "actions/recuse", "07-22 12:00", account="suqing",
        recusal_ground="relatives",
    )  # fmt: skip
    return fresh, number


SUPERVISED = r"督办|催办|回避|1/1|0/1|高远|罗成|苏青|gaoyuan|luocheng|suqing"


@pytest.mark.parametrize("page", ["", "/timeline", "/relations", "/history", "/history?v=2"])
def test_no_page_tells_a_resident_what_follows_from_it(
    supervised: tuple[District, str], page: str
) -> None:
    district, number = supervised
    there = rf"/affairs/{number}{page}"

    main = district.page("jumin", there).text.partition("<main")[2]

    assert "核实" in main or "现场" in main
    assert not re.search(SUPERVISED, main)


def test_the_api_tells_a_resident_nothing_that_follows_from_it(
    supervised: tuple[District, str],
) -> None:
    district, number = supervised

    staff, resident = (
        district.api(who, "GET", f"/affairs/{number}").json() for who in ("zhoumin", "jumin")
    )

    follows = ("supervision_orders", "supervision_proposed_by", "recused", "last_at")
    assert [staff[name] for name in follows] == [
        1,
        {"account": "luocheng", "name": "罗成"},
        [{"account": "suqing", "name": "苏青"}],
        "2011-07-22T04:00:00Z",
    ]
    assert [resident[name] for name in follows] == [0, None, [], "2011-07-22T02:30:00Z"]
    same = ("state", "clocks", "due_at", "assignee", "version", "facts", "applicant", "area")
    assert [resident[name] for name in same] == [staff[name] for name in same]


@pytest.mark.parametrize("path", ["/affairs?number={}", "/affairs/{}/state", "/affairs/{}/history"])
def test_nothing_else_of_the_api_does(supervised: tuple[District, str], path: str) -> None:
    district, number = supervised

    staff, resident = (
        district.api(who, "GET", path.format(number)).text for who in ("zhoumin", "jumin")
    )

    later = r"2011-07-22T(11|12|03:[03]|04)"
    assert re.search(later, staff)
    assert not re.search(later, resident)
    assert not re.search(SUPERVISED, resident)


def test_what_changed_meanwhile_is_told_without_it(supervised: tuple[District, str]) -> None:
    district, number = supervised
    sent = doing("07-22 12:30", request="不办了")

    def since(who: str, version: int) -> list[str]:
        stale = {"If-Match": f'"{version}"'}
        path = f"/affairs/{number}/steps/X8"
        answer = district.api(who, "POST", path, stale, json=sent)
        assert answer.status_code == 412
        return [one["what"] for one in answer.json()["since"]]

    assert since("suqing", 1) == ["G1", "supervise", "propose_supervision", "recuse"]
    assert since("jumin", 1) == ["G1"]
    assert since("jumin", 2) == []


def test_a_form_that_came_too_late_is_told_without_it(supervised: tuple[District, str]) -> None:
    district, number = supervised
    sent = {
        "command-id": str(district.house.new_id()), "drawn-version": "1",
        "occurred-at": "2011-07-22T12:30", "request": "不办了",
    }  # fmt: skip

    page = district.post("jumin", f"/affairs/{number}/steps/X8", **sent)

    assert page.status_code == 412
    main = page.text.partition("<main")[2]
    assert "林晓禾" in main
    assert not re.search(SUPERVISED, main)


def test_what_corrects_it_stays_inside_too(answered: tuple[District, str, str]) -> None:
    district, number, _ = answered
    district.done(
        "xuning",
        number,
        "actions/correct",
        "07-25 10:00",
        of_version=3,
        why="录错",
        reply="positive",
    )

    staff, resident = (
        "".join(
            district.api(who, "GET", f"/affairs/{number}{part}").text
            for part in ("", "/history", "/state")
        )
        for who in ("xuning", "jumin")
    )

    assert "positive" in staff
    assert not re.search("positive|negative|correct", resident)
    page = district.page("xuning", f"/affairs/{number}/timeline?show=internal").text
    assert "更正" in page, "its mark says so to staff"


def test_of_what_cannot_be_read_a_resident_is_not_told_what_it_was(
    supervised: tuple[District, str],
) -> None:
    district, number = supervised
    spoil(district, number, 3)

    told = [
        district.api(who, "GET", f"/affairs/{number}/history").text for who in ("zhoumin", "jumin")
    ]
    page = district.page("jumin", f"/affairs/{number}/timeline").text

    assert ["affair.supervised" in one for one in told] == [True, False]
    assert "supervised" not in page
    assert district.api("jumin", "GET", f"/affairs/{number}").json()["supervision_orders"] == 0
