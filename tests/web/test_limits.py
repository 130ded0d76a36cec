"""The limits that are told of a matter before it is registered are those of the domain reference:
all that it names, for every matter of every line."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from web.deadlines import limits_promised
from web.words import Language, words_of
from workflows.line import Line
from workflows.loading import line_files, load
from workflows.machine import CompiledLine
from workflows.promised import promised

LINES: Mapping[str, Line] = {
    f"{line.code} {line.version}": line for line in map(load, line_files())
}
REVIEWS = "30d 30d 30d 30d"
CITY = "1wd 1wd 1wd 4wh 1wd"
GRADES = "2h 24h 3wd 7d 30d"
NAMED = {
    **dict.fromkeys(("DJ02", "DJ03", "DJ04"), "5wd"),
    "DJ01": "5wd 90d",
    **dict.fromkeys(("DJ05", "DJ06"), "7d 30d"),
    **dict.fromkeys(("MZ01", "MZ02", "MZ04", "MZ05"), "30wd 7d 10wd 3wd"),
    "MZ03": "30wd 7d 10wd 3wd 24h 10wd",
    "LB01": "3wd 5wd",
    **dict.fromkeys(("LB02", "LB04"), "20wd 5wd"),
    "LB06": "0d",
    **dict.fromkeys(("LB03", "LB05", "TJ05"), ""),
    "JS01": "0d 7wd 15wd 20wd",
    **dict.fromkeys(("JS02", "JS03"), "7d 30wd"),
    "JS04": "7wd 15wd",
    **dict.fromkeys(("JS05", "JS06"), "0d"),
    **dict.fromkeys(("ZZ01", "ZZ02", "ZZ03", "ZZ04", "ZZ05"), GRADES),
    **dict.fromkeys(("TJ01", "TJ02", "TJ03", "TJ04"), "30d 30d 30d"),
    "CG01": f"{CITY} 1wd 2wd",
    "CG02": f"{CITY} 4wh",
    "CG03": f"{CITY} 1wd",
    "CG04": f"{CITY} 20wd",
    "CG05": f"{CITY} 5wd",
    "CG06": f"{CITY} 3wd",
    **dict.fromkeys(("WT01", "WT02"), "0h 24h"),
    "WT03": "1wd 10wd",
    **dict.fromkeys(("WT04", "WT05"), "5wd"),
    **dict.fromkeys(("YL01", "YL05"), "10wd 7d 10wd 10wd 365d"),
    **dict.fromkeys(("YL02", "YL04"), "10wd"),
    "YL03": "10wd 7d 10wd",
    **dict.fromkeys(("XF01", "XF02", "XF03"), f"15d 60d {REVIEWS}"),
    **dict.fromkeys(("XF04", "XF05", "XF06"), "5wd 5wd"),
}
"""What the domain reference says under 3.1 to 3.10; twelve months are 365 days."""

OTHERWISE = {
    **dict.fromkeys(("MZ01", "MZ02", "MZ04", "MZ05"), "30d 7d 10wd 3wd"),
    "MZ03": "30d 7d 10wd 3wd 24h 10wd",
    **dict.fromkeys(("TJ01", "TJ02", "TJ03", "TJ04"), "30d 30d 3d 15d"),
}
"""And of the versions of 2011."""


def named(line: Line, matter: str) -> list[str]:
    """The limits that the domain reference names for a matter."""
    in_2011 = line.version.startswith("2011") and len([
        one for one in LINES.values() if one.code == line.code
    ]) > 1  # fmt: skip
    return ((in_2011 and OTHERWISE.get(matter)) or NAMED[matter]).split()


MATTERS = [
    pytest.param(line, matter, id=f"{key} {matter}")
    for key, line in LINES.items()
    for matter in line.matters
]


@pytest.mark.parametrize(("line", "matter"), MATTERS)
def test_every_limit_of_the_domain_reference_is_told(line: Line, matter: str) -> None:
    told = [
        f"{one.limit.count}{one.limit.unit.value}" for one in promised(CompiledLine(line), matter)
    ]

    for limit in named(line, matter):
        assert limit in told, told
        told.remove(limit)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("line", "matter"), MATTERS)
def test_they_are_told_in_words(line: Line, matter: str, language: Language) -> None:
    told = limits_promised(CompiledLine(line), matter, words_of(language))

    assert bool(told) == bool(named(line, matter))
    for limit in told:
        assert " 0 " not in limit
        assert "{" not in limit


@pytest.mark.parametrize(("key", "matter", "told"), [
    ("LB 2011.1", "LB01", ["办结 3 个工作日", "首次联系 5 个工作日"]),
    ("LB 2011.1", "LB06", ["办结 当日"]),
    ("JS 2011.1", "JS05", ["当场办结 当日（一方户籍在外地除外）"]),
    ("MZ 2011.1", "MZ01", ["办结 30 天", "公示 7 天", "确认 10 个工作日",
                             "不予救助告知 3 个工作日"]),
    ("YL 2011.1", "YL02", ["审批 10 个工作日"]),
    ("TJ 2011.1", "TJ05", []),
    ("DJ 2011.1", "DJ01", ["组织审核 5 个工作日", "介绍信有效期 90 天"]),
])  # fmt: skip
def test_a_matter_is_told_its_own_limits_and_no_other(
    key: str, matter: str, told: list[str]
) -> None:
    assert limits_promised(CompiledLine(LINES[key]), matter, words_of("zh")) == told


def test_where_a_limit_only_counts_is_told_with_it() -> None:
    told = limits_promised(CompiledLine(LINES["ZZ 2011.1"]), "ZZ01", words_of("zh"))

    assert "现场核查 3 个工作日（受理等级：蓝色；险情等级：红色除外）" in told
    assert "现场核查 24 小时" in told
