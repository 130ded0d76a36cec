"""Which joint task is meant: the form asks where there are several, and says of whom and what."""

from __future__ import annotations

import re

import pytest

from tests.web.district import CITY_MANAGEMENT, SANITATION, District, doing, persuading
from tests.web.forms import Browser

FORM = "/affairs/{number}/actions/joint_done"


@pytest.fixture
def two(fresh: District) -> str:
    """An affair with two open joint tasks; its number."""
    number = persuading(fresh)
    for unit, request in ((SANITATION, "请派两人一车"), (CITY_MANAGEMENT, "")):
        told = {"unit": unit, **({"request": request} if request else {})}
        fresh.done("zhoumin", number, "actions/open_joint", "07-22 10:50", **told)
    return number


def choices(html: str) -> list[tuple[str, str]]:
    found = re.findall(r'name="task" value="(\d)"[^>]*>(?:<[^>]*>)*([^<]+)<', html)
    return [(code, name.strip()) for code, name in found]


def test_a_unit_with_one_task_is_not_asked_which(fresh: District, two: str) -> None:
    browser = Browser(fresh, "hansong")
    form = browser.look(FORM.format(number=two))

    assert 'name="task"' not in fresh.page("hansong", FORM.format(number=two)).text
    browser.send(form, note="已清走")
    life = fresh.api("zhoumin", "GET", f"/affairs/{two}").json()["joint"]
    assert [(task["task"], task["done"]) for task in life] == [(1, True), (2, False)]


def test_whoever_may_end_several_chooses_by_unit_and_content(fresh: District, two: str) -> None:
    html = fresh.page("zhoumin", FORM.format(number=two)).text

    assert choices(html) == [("1", "街道环卫所：请派两人一车"), ("2", "街道城管科")]
    browser = Browser(fresh, "zhoumin")
    browser.send(browser.look(FORM.format(number=two)), task="2")
    assert 'name="task"' not in fresh.page("zhoumin", FORM.format(number=two)).text


def test_a_choice_that_is_none_is_refused_beside_its_field(fresh: District, two: str) -> None:
    browser = Browser(fresh, "zhoumin")
    page = browser.send(browser.look(FORM.format(number=two)))

    assert page.status == 422
    assert "请选择哪一项协办" in page.text


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "请写明一项未完成的协办：第 1, 2 项"), ("en", "name one open task: 1, 2")],
)
def test_a_wrong_number_is_told_which_are_open(
    fresh: District, two: str, language: str, words: str
) -> None:
    answer = fresh.api(
        "zhoumin",
        "POST",
        f"/affairs/{two}/actions/joint_done",
        {"Accept-Language": language},
        json=doing("07-22 16:00", task="3"),
    )

    assert answer.status_code == 409
    assert words in answer.json()["detail"]
