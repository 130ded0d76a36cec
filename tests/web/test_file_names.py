"""The name of a file hides what its affair hides of people: on the page of materials and in what a
browser keeps it as."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from domain.actor import Role
from tests.builders.affairs import CG
from tests.web.district import ID_NUMBER, RESIDENT, District
from web.file_names import FileNames
from web.telling import Teller
from web.words import words_of
from workflows.rights import EVERYWHERE

NAME = f"{RESIDENT}身份证{ID_NUMBER}.txt"
SHOWN = "张*身份证110105********002X.txt"


def handed_in(district: District, name: str) -> tuple[str, str]:
    """A paper of that name in an affair of the resident; the affair's number and its id."""
    number = district.registered()["number"]
    files = {"file": (name, b"a paper")}
    path = f"/affairs/{number}/attachments"
    kept = str(district.api("linxiaohe", "POST", path, files=files).json()["id"])
    told = {"answers": "补齐", "papers": [kept]}
    district.done(
        "linxiaohe", number, "entries/supplement_notice", "07-22 10:10", missing_list="证件"
    )
    district.done("linxiaohe", number, "entries/supplement", "07-22 10:20", **told)
    return number, kept


@pytest.mark.parametrize("account", ["linxiaohe", "zhoumin", "zhenglan", "liheng", "bailu"])
def test_what_is_masked_of_people_is_masked_in_the_name_of_a_file(
    fresh: District, account: str
) -> None:
    number, kept = handed_in(fresh, NAME)

    page = fresh.page(account, f"/affairs/{number}/materials").text
    answer = fresh.api(account, "GET", f"/attachments/{kept}")

    assert SHOWN in page
    assert RESIDENT not in page
    assert unquote(answer.headers["content-disposition"].partition("''")[2]) == SHOWN


def test_a_name_that_says_nothing_of_people_stays(fresh: District) -> None:
    number, _ = handed_in(fresh, "户口簿首页.txt")

    assert "户口簿首页.txt" in fresh.page("linxiaohe", f"/affairs/{number}/materials").text


def test_to_whom_no_profile_is_shown_it_has_its_kind_and_number(fresh: District) -> None:
    number, _ = handed_in(fresh, NAME)
    office = fresh.app.state.office
    row = fresh.house.queries.affair(EVERYWHERE, number)
    life = office.life(row.affair_id)

    def shown(role: Role, name: str) -> str:
        return FileNames(Teller(office, words_of("zh")), role, CG, life).shown(name, "文件 1")

    assert shown(Role.ADM, NAME) == "文件 1"
    assert shown(Role.CW, "") == "文件 1"
