"""What a line file names as its law stands in force while the version does, or says since when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.builders import lines
from workflows.machine import CompiledLine

SINCE = {
    "行政强制法": date(2012, 1, 1),
    "社会救助暂行办法": date(2014, 5, 1),
    "反家庭暴力法": date(2016, 3, 1),
    "志愿服务条例": date(2017, 12, 1),
    "个人信息保护法": date(2021, 11, 1),
    "信访工作条例": date(2022, 5, 1),
    "噪声污染防治法": date(2022, 6, 5),
    "国务院关于渐进式延迟法定退休年龄的办法": date(2025, 1, 1),
}


def laws(told: Any) -> Iterator[str]:
    """Each law that a definition names, at whatever depth."""
    if isinstance(told, dict):
        yield from (one for law in (told.get("law") or "").split("；") if (one := law.strip()))
        yield from (law for value in told.values() for law in laws(value))
    elif isinstance(told, list):
        yield from (law for value in told for law in laws(value))


@pytest.mark.parametrize("line", lines.versions(), ids=lambda line: f"{line.line}-{line.version}")
def test_a_law_that_is_younger_than_the_version_says_since_when(line: CompiledLine) -> None:
    begins = line.spec.valid.since
    own = line.spec.model_dump(mode="json", exclude={"common"})
    younger = [
        (law, since)
        for law in laws(own)
        for name, since in SINCE.items()
        if law.startswith(name) and since > begins
    ]

    undated = [
        law for law, day in younger if f"（{day.year}年{day.month}月{day.day}日起）" not in law
    ]
    assert undated == []
