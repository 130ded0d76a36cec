"""What two versions say differently, in words that people read."""

from __future__ import annotations

import re

import pytest

from tests.builders import lines
from tests.builders.leaves import LEAVES, SMALL, changed_at
from web.differing import Differing, told
from web.words import LANGUAGES, Language, catalogue, words_of
from workflows.differences import differences

PAIRS = {code: lines.of(code) for code in lines.codes() if len(lines.of(code)) == 2}


def of(code: str, language: Language = "zh") -> list[Differing]:
    old, new = PAIRS[code]
    return told(old.spec, new.spec, words_of(language))


def test_four_lines_have_two_versions() -> None:
    assert set(PAIRS) == {"MZ", "JS", "TJ", "XF"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", PAIRS)
def test_all_of_it_is_told_in_words(code: str, language: Language) -> None:
    old, new = PAIRS[code]

    found = of(code, language)

    assert len(found) == len(list(differences(old.spec, new.spec)))
    for one in found:
        assert one.what
        assert one.part or one.change in ("新增", "取消", "new", "gone")
        assert not one.part or one.was != one.now, one
        # No key of a file, no guard's own name, nothing in braces.
        assert not re.search(r"[{}\[\]]|\b[a-z]+_[a-z_]+\b", one.was + one.now + one.what), one


@pytest.mark.parametrize("leaf", LEAVES)
def test_whatever_is_otherwise_can_be_told_apart(leaf: str) -> None:
    other = changed_at(leaf)

    for language in LANGUAGES:
        found = told(SMALL, other, words_of(language))

        assert found
        for one in found:
            assert not one.part or one.was != one.now, one


def row(code: str, what: str, part: str) -> Differing:
    (found,) = [one for one in of(code) if (one.what, one.part) == (what, part)]
    return found


def test_a_limit_is_told_with_its_law() -> None:
    limit = row("MZ", "办结", "多久")

    assert (limit.group, limit.change) == ("时限", "修改")
    assert (limit.was, limit.now) == ("30 天", "30 个工作日")
    assert limit.law == "最低生活保障审核确认办法（民发〔2021〕57号）"


def test_validity_is_told_in_days() -> None:
    valid = row("XF", "条线", "施行日期")

    assert (valid.was, valid.now) == ("2011年7月1日至2022年4月30日", "2022年5月1日起")


def test_what_is_gone_is_told_with_all_that_it_was() -> None:
    clock = row("TJ", "法院决定是否受理", "")

    assert (clock.change, clock.now) == ("取消", "")
    assert clock.was == (
        "种类：承诺；多久：3 天；计时的状态：司法确认；停止：记下法院受理；至多延长：0"
    )


def test_a_field_that_is_new_is_told_with_its_step() -> None:
    (field,) = [one for one in of("JS") if "单独同意" in one.what]

    assert field.what == "D1 当场登记 · 本人单独同意使用健康信息"
    assert (field.change, field.was) == ("新增", "")
    assert field.now == "种类：是否；必填：是；事项：JS06"


def test_of_many_conditions_only_those_that_changed_are_told() -> None:
    when = row("MZ", "B7 提出意见", "条件（只列变动的）")

    assert when.was == "已办过所需的步骤（B8、1 次）；同样的步骤未到次数上限（B12、1 次）"
    assert when.now == ""


def test_where_the_words_are_the_same_the_file_is_told() -> None:
    label = SMALL.states["repairing"].model_copy(update={"en": "Mending"})
    other = SMALL.model_copy(update={"states": {**SMALL.states, "repairing": label}})

    (found,) = told(SMALL, other, words_of("zh"))

    assert (found.what, found.part) == ("维修", "英文名称")
    assert (found.was, found.now) == ("Repairing", "Mending")


def test_every_word_is_in_both_languages() -> None:
    keys = {key for key in catalogue("zh") if key.startswith("differ.")}

    assert keys == {key for key in catalogue("en") if key.startswith("differ.")}
    assert len(keys) > 100
