"""The scrap heap at the estate gate (domain reference, section 7), and a second one still open.

The times of 2011 and what happened are given; names, words and the second heap are invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from adapters.demo.cast import CITY_MANAGEMENT, SANITATION
from domain.clock import SHANGHAI

FOUNDED = datetime(2011, 7, 1, 8, 30, tzinfo=SHANGHAI)
"""When the district began to work with the product."""
ANCHOR = datetime(2012, 6, 15, 18, 0, tzinfo=SHANGHAI)
"""Where the demonstration's clock starts to tick."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that is done to the affair.

    does: a step such as G8, `entry:NAME` or `action:NAME`. by: account.
    photos: of each field that asks for photos, the pictures: before or after, east or west.
    """

    at: datetime
    by: str
    does: str
    record: Mapping[str, object] = field(default_factory=dict)
    photos: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """A visit, the affair that comes of it, and what is done to it."""

    household: str
    visited: tuple[datetime, datetime]
    registered_at: datetime
    resident: str
    telephone: str
    address: str
    seen: str
    heard: str
    noted: str
    summary: str
    moments: tuple[Moment, ...]


def _at(day: int, hour: int, minute: int, *, month: int = 7, year: int = 2011) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def _june(day: int, hour: int, minute: int) -> datetime:
    return _at(day, hour, minute, month=6, year=2012)


FILED = {
    "documents_complete": True,
    "authentic": True,
    "integral": True,
    "usable": True,
    "safe": True,
}
BEFORE = {"photos": ("before east", "before west")}
AFTER = {"after_photos": ("after east", "after west")}

HEAP_OF_2011 = Tale(
    household="6-2-301",
    visited=(_at(22, 9, 20), _at(22, 9, 40)),
    registered_at=_at(22, 10, 5),
    resident="张桂芬",
    telephone="13800001234",
    address="建新小区6号楼2单元301室",
    seen="南门外两侧堆着纸板、塑料和旧家电。",
    heard="收废品的常年堆在大门口，出入不便，也不好看。",
    noted="张桂芬希望社区尽快处理，愿意接受回访。",
    summary="建新小区南门外废品堆放，影响出行和环境",
    moments=(
        Moment(
            at=_at(22, 10, 30),
            by="linxiaohe",
            does="G1",
            record={
                "place": "116.99217,36.63458",
                "note": "南门外两侧堆放纸板、塑料、旧家电，占道约3米。",
            },
            photos=BEFORE,
        ),
        Moment(
            at=_at(22, 10, 50),
            by="zhoumin",
            does="G4",
            record={"note": "与林晓禾、环卫人员一同上门劝导。"},
        ),
        Moment(
            at=_at(22, 10, 50),
            by="zhoumin",
            does="action:open_joint",
            record={"unit": SANITATION, "request": "请环卫所派员一同劝导，并备车。"},
        ),
        Moment(
            at=_at(22, 16, 0),
            by="linxiaohe",
            does="entry:persuasion",
            record={
                "result": "ineffective",
                "note": "与环卫人员同去。对方称无处可放，拒绝清走。",
            },
        ),
        Moment(
            at=_at(22, 16, 0),
            by="linxiaohe",
            does="action:joint_done",
            record={"note": "环卫所作业一班到场。"},
        ),
        Moment(
            at=_at(25, 8, 50),
            by="zhoumin",
            does="G8",
            record={"note": "劝导一次未果，社区无处置权限，报街道城管科立案。"},
        ),
        Moment(at=_at(25, 9, 20), by="zhenglan", does="G9", record={"lead_unit": CITY_MANAGEMENT}),
        Moment(at=_at(25, 9, 40), by="zhenglan", does="G12"),
        Moment(
            at=_at(25, 15, 30),
            by="zhenglan",
            does="G13",
            record={"note": "废品约6立方米已清运，门口通道恢复。"},
            photos=AFTER,
        ),
        Moment(at=_at(26, 9, 0), by="linxiaohe", does="G16", record={"note": "到场查看，已清完。"}),
        Moment(
            at=_at(27, 10, 0),
            by="suqing",
            does="action:return_visit",
            record={
                "outcome": "reached",
                "rating": "5",
                "solved": "yes",
                "comment": "大门口干净了，邻居们都说好。",
            },
        ),
        Moment(at=_at(27, 10, 1), by="suqing", does="X1"),
        Moment(at=_june(15, 10, 0), by="suqing", does="X7", record=FILED),
    ),
)

HEAP_OF_2012 = Tale(
    household="9-1-502",
    visited=(_june(14, 14, 30), _june(14, 14, 55)),
    registered_at=_june(14, 15, 20),
    resident="马秀云",
    telephone="13900005678",
    address="建新小区9号楼1单元502室",
    seen="北门自行车棚旁堆着旧木料和泡沫板。",
    heard="木料堆了一个多月，孩子放学绕着走。",
    noted="马秀云愿意接受回访。",
    summary="建新小区北门旁旧木料堆放，妨碍通行",
    moments=(
        Moment(
            at=_june(14, 15, 40),
            by="linxiaohe",
            does="G1",
            record={"place": "116.99241,36.63671", "note": "木料占用车棚通道约2米。"},
            photos=BEFORE,
        ),
        Moment(at=_june(14, 16, 0), by="linxiaohe", does="G4", record={"note": "电话联系物主。"}),
        Moment(
            at=_june(14, 16, 40),
            by="linxiaohe",
            does="entry:persuasion",
            record={"result": "ineffective", "note": "物主在外地，近期不能回来清理。"},
        ),
        Moment(at=_june(15, 8, 40), by="zhoumin", does="G8", record={"note": "报街道城管科立案。"}),
        Moment(
            at=_june(15, 9, 10), by="zhenglan", does="G9", record={"lead_unit": CITY_MANAGEMENT}
        ),
        Moment(at=_june(15, 9, 30), by="zhenglan", does="G12"),
        Moment(
            at=_june(15, 15, 30),
            by="zhenglan",
            does="G13",
            record={"note": "木料已清走。"},
            photos=AFTER,
        ),
    ),
)

TALES = (HEAP_OF_2011, HEAP_OF_2012)

NOTES = ("note", "request", "comment")
"""Fields of the moments that are free text."""

PERSONAL = tuple(
    text
    for tale in TALES
    for text in (
        tale.resident,
        tale.telephone,
        tale.address,
        tale.seen,
        tale.heard,
        tale.noted,
        tale.summary,
        *(str(m.record[name]) for m in tale.moments for name in NOTES if name in m.record),
    )
)
"""Personal values of the story: they may stand in no database file."""
