"""The permission matrix as a page: whatever the file says, in words, and nothing else."""

from __future__ import annotations

import pytest

from domain.actor import Role
from tests.web.district import PEOPLE, District
from tests.web.forms import Browser
from tests.web.test_pages import Seen
from web.pages.rights import REACHES, ROLES
from web.words import LANGUAGES, words_of
from workflows.rights import matrix, notes


def test_every_cell_of_the_matrix_is_told(district: District) -> None:
    page = Browser(district, "mengzhu", "en").look("/rights").answer.text
    told = [
        row.partition("</tr>")[0].split("<td>")[1:]
        for row in page.partition("<tbody>")[2].partition("</tbody>")[0].split("<tr>")[1:]
    ]

    assert len(told) == len(matrix())
    words = words_of("en")
    for cells, row in zip(matrix().values(), told, strict=True):
        for role, shown in zip(ROLES, row, strict=True):
            cell = cells.get(role.value, "")
            assert (words("matrix.none") in shown) == (not cell)
            if cell:
                assert words(f"cell.{cell.removesuffix('l')}") in shown
                assert ("lines" in shown) == cell.endswith("l")


@pytest.mark.parametrize("role", ROLES)
def test_of_one_role_it_says_what_it_may_and_may_not(district: District, role: Role) -> None:
    page = Seen(district.page("linxiaohe", f"/rights?role={role.value}").text)
    words = words_of("zh")

    may, may_not = page.text.split(f"{words(f'role.{role.value}')}不可以办的")
    for action, cells in matrix().items():
        assert words(f"right.{action}") in (may if role.value in cells else may_not)


def test_notes_stand_beside_their_rights_in_both_languages(district: District) -> None:
    assert notes().keys() <= matrix().keys()
    for language in LANGUAGES:
        page = Browser(district, "mengzhu", language).look("/rights").text
        for note in notes().values():
            assert words_of(language).label(note) in page


def test_every_reach_of_the_file_has_its_words() -> None:
    cells = {cell for cells in matrix().values() for cell in cells.values()}

    assert {cell.removesuffix("l") for cell in cells} == set(REACHES)


def test_whoever_is_in_reads_it_and_nobody_else(district: District) -> None:
    for entry in PEOPLE:
        assert district.page(entry.account, "/rights").status_code == 200
    assert district.client.get("/rights", follow_redirects=False).status_code == 303
    assert district.page("mengzhu", "/rights?role=NOBODY").status_code == 422


def test_one_finds_it_from_the_accounts_and_the_procedures(district: District) -> None:
    for account, path in (("anning", "/accounts"), ("mengzhu", "/procedures")):
        assert "/rights" in Browser(district, account).look(path).links.values()


def test_the_auditor_finds_the_journal_of_the_door_and_the_accounts(district: District) -> None:
    auditor = Browser(district, "bailu").look("/audit/door")
    other = Browser(district, "mengzhu").look("/procedures")

    assert {"/audit/door", "/accounts"} <= set(auditor.links.values())
    assert auditor.answer.text.count('aria-current="page">出入记录') == 1
    assert not {"/audit/door", "/accounts"} & set(other.links.values())


def test_settings_lead_to_what_is_ones_own(district: District) -> None:
    page = Browser(district, "linxiaohe").look("/settings")

    for address in ("/sessions", "/role", "/accounts/linxiaohe", "/rights"):
        assert address in page.links.values()
        assert district.page("linxiaohe", address).status_code == 200
