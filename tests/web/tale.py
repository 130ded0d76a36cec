"""The scrap heap of July 2011 (domain reference, section 7), as it is worked at the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.clock import SHANGHAI
from tests.web.district import CITY_MANAGEMENT, RESIDENT, SANITATION, SUMMARY, TELEPHONE, at, png

REGISTERED = at("07-22 10:05")
INTAKE = {
    "own-source": "visit",
    "own-summary": SUMMARY,
    "own-applicant": RESIDENT,
    "own-telephone": TELEPHONE,
    "place": "116.99,36.65",
}
PHOTO = ("gate.png", png())


@dataclass(frozen=True)
class Done:
    """Who did what when: the words of the link on the affair page, the fields, the files."""

    at: datetime
    by: str
    what: str
    filled: Mapping[str, str] = field(default_factory=dict)
    photos: str = ""
    handed_on: bool = False


YES = dict.fromkeys(("documents_complete", "authentic", "integral", "usable", "safe"), "yes")

TALE = (
    Done(at("07-22 10:30"), "linxiaohe", "受理核实", {"place": "116.99,36.65"}, photos="photos"),
    Done(at("07-22 10:50"), "zhoumin", "劝导", {"note": "与环卫所一同劝导"}),
    Done(at("07-22 10:50"), "zhoumin", "请求协办", {"unit": SANITATION}),
    Done(at("07-22 16:00"), "linxiaohe", "劝导结果", {"result": "ineffective", "note": "未果"}),
    Done(at("07-22 16:00"), "hansong", "协办完成", {"note": "派了两个人"}, handed_on=True),
    Done(at("07-25 08:50"), "zhoumin", "劝导未果上报", {"category": "piles"}),
    Done(at("07-25 09:20"), "zhenglan", "派遣", {"lead_unit": CITY_MANAGEMENT}),
    Done(at("07-25 09:40"), "zhenglan", "签收"),
    Done(at("07-25 15:30"), "zhenglan", "处置反馈", {"note": "已清走"}, photos="after_photos"),
    Done(at("07-26 09:00"), "linxiaohe", "核查结案"),
    Done(
        at("07-27 10:00"), "suqing", "回访", {"outcome": "reached", "solved": "yes", "rating": "5"}
    ),
    Done(at("07-27 10:01"), "suqing", "回访满意"),
    Done(datetime(2012, 6, 15, 10, tzinfo=SHANGHAI), "suqing", "归档", YES),
)

STATES = (
    "registered", "onsite", "persuading", "filed", "dispatched", "handling", "checking",
    "resolved", "closed",
)  # fmt: skip
"""Those that the affair goes through before it is archived."""
