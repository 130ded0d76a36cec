"""The policy of masks as a page: all of it, in both languages, for whoever is in."""

from __future__ import annotations

import pytest

from tests.web.district import PEOPLE, District
from tests.web.forms import Browser
from web.words import words_of
from workflows.masks import policy


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_field_mask_reason_and_exception_stands_there(
    district: District, language: str
) -> None:
    page, words = Browser(district, "mengzhu", language).look("/masks"), words_of(language)

    assert page.status == 200
    told = policy()
    for shown in (*told.fields.values(), *told.kinds.values(), told.other):
        assert words.label(shown) in page.text
        assert words.label(told.masks[shown.mask]) in page.text
    for reason in told.reasons.values():
        assert words.label(reason) in page.text
    assert words.label(told.masks["withheld"]) in page.text


def test_whoever_is_in_reads_it_and_the_matrix_leads_there(district: District) -> None:
    for account in {entry.role: entry.account for entry in PEOPLE}.values():
        assert Browser(district, account).look("/rights").links["脱敏规则"] == "/masks"
        assert district.page(account, "/masks").status_code == 200
    assert district.client.get("/masks", follow_redirects=False).status_code == 303
