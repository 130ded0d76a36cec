"""The same over each database: the story as far as the check, read back every way."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.web.district import District, doing, persuading, registration, standing, told


@pytest.fixture
def district(tmp_path: Path, database_url: str) -> Iterator[District]:
    """A district on each database."""
    with standing(tmp_path, database_url) as made:
        yield made


def test_the_story_is_told_and_read_back(district: District) -> None:
    number = told(district)
    district.follow()

    affair = district.api("linxiaohe", "GET", f"/affairs/{number}").json()
    history = district.api("linxiaohe", "GET", f"/affairs/{number}/history").json()
    state = district.api(
        "bailu", "GET", f"/affairs/{number}/state", params={"as_of": "2011-07-22T11:00:00+08:00"}
    ).json()
    listed = district.api("zhoumin", "GET", "/affairs", params={"limit": 1}).json()
    figures = district.api(
        "bailu", "GET", "/statistics?from=2011-07-01&to=2011-07-31&line=CG"
    ).json()
    page = district.page("linxiaohe", f"/affairs/{number}")

    assert affair["state"] == "checking"
    assert affair["applicant"] == "张*"
    assert len(history["items"]) == 10
    assert state["state"]["standing"]["state"] == "persuading"
    assert [item["number"] for item in listed["items"]] == [number]
    assert figures["indicators"]["acceptance_volume"]["value"] == 1
    assert figures["indicators"]["referral_rate"]["value"] == 1.0
    assert page.status_code == 200
    assert "138****1234" in page.text
    assert district.client.get("/readyz").json()["ready"] is True


@pytest.mark.parametrize("by", ["linxiaohe", "zhoumin", "suqing", "zhenglan", "gaoyuan", "hemei"])
def test_what_is_somebodys_own_is_found(district: District, by: str) -> None:
    number = persuading(district)

    answer = district.page(by, "/?whose=mine")

    assert answer.status_code == 200
    assert (number in answer.text) is (by == "linxiaohe")


def test_of_two_with_the_same_version_one_is_refused(district: District) -> None:
    number = persuading(district)
    path, stale = f"/affairs/{number}/entries/persuasion", {"If-Match": '"3"'}
    body = doing("07-22 16:00", result="ineffective")

    def send(account: str) -> int:
        return district.api(account, "POST", path, stale, json=body).status_code

    with ThreadPoolExecutor(4) as senders:
        statuses = sorted(senders.map(send, ["linxiaohe", "zhoumin"] * 4))

    assert statuses == [200, *[412] * 7]


def test_numbers_are_given_once_however_many_ask(district: District) -> None:
    def send(_: int) -> str:
        answer = district.api("linxiaohe", "POST", "/affairs", json=registration())
        assert answer.status_code == 201, answer.text
        return str(answer.json()["number"])

    with ThreadPoolExecutor(4) as senders:
        numbers = list(senders.map(send, range(24)))

    assert sorted(numbers) == [f"CG-2011-{number:04d}" for number in range(1, 25)]


def test_a_repeated_key_is_stored_once_however_often_it_is_sent_at_once(
    district: District,
) -> None:
    key = {"Idempotency-Key": "01314f7f-c980-7000-a25b-50f4a95e7e9f"}

    def send(_: int) -> tuple[int, str]:
        answer = district.api("linxiaohe", "POST", "/affairs", key, json=registration())
        return answer.status_code, answer.json().get("number", answer.text)

    with ThreadPoolExecutor(4) as senders:
        answers = list(senders.map(send, range(8)))

    assert sorted(status for status, _ in answers) == [*[200] * 7, 201]
    assert {number for _, number in answers} == {"CG-2011-0001"}
