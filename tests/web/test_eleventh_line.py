"""A line that is none of the ten, by its file alone: intake, inbox, affair page, worker, API,
procedure page, figures."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from adapters.worker import Worker
from domain.clock import SHANGHAI
from tests.web.district import AREA, District
from tests.web.forms import Browser
from workflows.loading import FOLDER

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "handbook" / "examples" / "BX.yaml"
SUMMARY = "厨房水龙头滴水，老人独居"


def day(moment: str) -> datetime:
    """`06-18 09:00` in 2012, Asia/Shanghai."""
    return datetime.fromisoformat(f"2012-{moment}").replace(tzinfo=SHANGHAI)


@pytest.fixture
def repairs(fresh: District) -> District:
    """The district on a Monday of 2012, with the example, drafted and published from its file, and
    with the line it turns to."""
    fresh.clock.at = day("06-18 08:30")
    for path in (EXAMPLE, FOLDER / "ZZ.yaml"):
        drafted = fresh.api(
            "mengzhu",
            "POST",
            "/drafts",
            json={
                "text": path.read_text("utf-8"),
                "note": "社区议事会要求",
                "occurred_at": day("06-18 08:10").isoformat(),
            },
        )
        assert drafted.status_code == 201, drafted.text
        told = drafted.json()
        published = fresh.api(
            "hemei",
            "POST",
            f"/lines/{told['line']}/versions/{told['line_version']}/publication",
            json={"draft": told["version"], "occurred_at": day("06-18 08:20").isoformat()},
        )
        assert published.status_code == 201, published.text
    return fresh


def registered(district: District) -> str:
    """An affair of the line, by the pages, on the morning of 18 June; its number."""
    district.clock.at = day("06-18 09:10")
    desk = Browser(district, "suqing")
    intake = desk.look("/affairs/new")
    assert "BX01 入户维修" in intake.links
    form = desk.look(intake.links["BX01 入户维修"])
    checked = desk.send(
        form,
        "下一步：核对",
        own__source="hall",
        own__unit=AREA,
        own__summary=SUMMARY,
        own__applicant="张桂芬",
        own__telephone="13812341234",
        trade="water",
        alone="yes",
    )
    assert "确认登记" in checked.buttons, " ".join(checked.text.split())[-900:]
    desk.send(checked, "确认登记")
    (item,) = [
        one
        for one in district.api("suqing", "GET", "/affairs").json()["items"]
        if one["line"] == "BX"
    ]
    number: str = item["number"]
    return number


def do(district: District, by: str, number: str, deed: str, moment: str, **record: object) -> None:
    district.clock.at = day(moment)
    answer = district.api(
        by,
        "POST",
        f"/affairs/{number}/{deed}",
        json={"occurred_at": day(moment).isoformat(), "record": record},
    )
    assert answer.status_code == 200, answer.text


def test_it_goes_from_intake_to_archive(repairs: District) -> None:
    number = registered(repairs)
    assert number.startswith("BX-2012-")
    desk = Browser(repairs, "suqing")
    step = desk.look(f"/affairs/{number}/steps/S1")
    desk.send(step, worker="街道便民维修队")
    inbox = repairs.page("linxiaohe", "/?line=BX").text
    affair = repairs.page("linxiaohe", f"/affairs/{number}").text

    assert number in inbox
    assert "已派单" in inbox
    # One working day for whoever lives alone, as the file says.
    assert "6月19日" in affair
    assert "上门开始" in affair

    do(repairs, "linxiaohe", number, "entries/hazard", "06-18 14:00", kind="gas")
    do(repairs, "linxiaohe", number, "steps/S3", "06-18 14:05", seen_first="垫片老化")
    do(repairs, "linxiaohe", number, "steps/S4", "06-18 14:40", charge="0")
    repairs.clock.at = day("06-18 15:00")
    own = repairs.api(
        "linxiaohe",
        "POST",
        f"/affairs/{number}/steps/S6",
        json={"occurred_at": day("06-18 15:00").isoformat(), "record": {}},
    )
    assert own.status_code == 409
    assert "维修的人不能自己确认" in own.text
    # Five working days, of which 22 to 24 June are 端午节.
    repairs.clock.at = day("06-28 09:00")
    Worker(repairs.house).drain()
    assert repairs.api("suqing", "GET", f"/affairs/{number}").json()["state"] == "resolved"

    do(
        repairs, "zhoumin", number, "actions/return_visit", "06-28 10:00",
        outcome="reached", solved="yes", rating="5",
    )  # fmt: skip
    do(repairs, "suqing", number, "steps/X1", "06-28 10:30")
    checks = ("documents_complete", "authentic", "integral", "usable", "safe")
    do(repairs, "suqing", number, "steps/X7", "06-28 11:00", **dict.fromkeys(checks, "yes"))
    state = repairs.api("suqing", "GET", f"/affairs/{number}").json()["state"]
    assert state == "archived"


def test_the_hazard_that_was_seen_is_an_affair_of_its_own(repairs: District) -> None:
    number = registered(repairs)
    do(repairs, "suqing", number, "steps/S1", "06-18 09:30", worker="维修队")
    do(repairs, "linxiaohe", number, "entries/hazard", "06-18 14:00", kind="gas")
    Worker(repairs.house).drain()

    (child,) = [
        one
        for one in repairs.api("zhoumin", "GET", "/affairs").json()["items"]
        if one["line"] == "ZZ"
    ]
    assert child["matter"] == "ZZ01"
    relations = repairs.page("zhoumin", f"/affairs/{number}/relations").text
    assert child["number"] in relations


def test_it_is_told_and_counted_like_any_other(repairs: District) -> None:
    number = registered(repairs)
    do(repairs, "suqing", number, "steps/S1", "06-18 09:30", worker="维修队")
    repairs.follow()

    page = repairs.page("mengzhu", "/procedures/BX").text
    figures = repairs.api(
        "zhoumin", "GET", "/statistics?from=2012-06-01&to=2012-06-30&line=BX"
    ).json()
    line = repairs.api("zhoumin", "GET", "/lines/BX").json()

    assert "<svg" in page
    assert "便民维修" in page
    assert figures["indicators"]["acceptance_volume"]["value"] == 1
    assert line["code"] == "BX"
