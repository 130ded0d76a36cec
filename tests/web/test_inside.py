"""To a resident, what stays inside the house is not there: no record, no file, no value of it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from adapters.staff import Entry, hire
from domain.actor import SYSTEM, Role
from domain.commands import PublishLine
from tests.web.district import CITY_MANAGEMENT, FOUNDED, District, browser
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
