"""Affairs of urban management as they go in life: the templates of the synthetic district."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PLACE = "116.99217,36.63458"
OFFICE = "{street}/cg"
"""The office of urban management; the street's code is put in when the tale is played."""
SANITATION = "{street}/hw"
FILED = dict.fromkeys(("documents_complete", "authentic", "integral", "usable", "safe"), True)
YEAR = 330
"""Days after which an affair is archived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that is done to an affair.

    day, at: days after its registration and the time of day, `09:30`.
    by: CW, CD, FD, SC or SUP. does: a step, `entry:NAME` or `action:NAME`.
    photos: field of the record that gets a photo, empty where none does.
    """

    day: int
    at: str
    by: str
    does: str
    record: Mapping[str, object] = field(default_factory=dict)
    photos: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """An affair from its registration at 08:40 to the archive."""

    matter: str
    summary: str
    deeds: tuple[Deed, ...]


def _deed(
    day: int,
    at: str,
    by: str,
    does: str,
    record: Mapping[str, object] | None = None,
    photos: str = "",
) -> Deed:
    return Deed(day=day, at=at, by=by, does=does, record=record or {}, photos=photos)


def _verified(day: int = 0) -> Deed:
    note = {"place": PLACE, "note": "到场查看，情况属实，占道约三米，已拍照。"}
    return _deed(day, "09:10", "CW", "G1", note)


def _filed(day: int = 0) -> Deed:
    return _deed(day, "10:00", "CD", "G5", {"beyond_means": True, "category": "piles"})


def _dispatched(day: int) -> Deed:
    return _deed(day, "10:30", "SC", "G9", {"lead_unit": OFFICE})


def _signed_in(day: int) -> Deed:
    return _deed(day, "11:00", "SC", "G12")


def _reported(day: int) -> Deed:
    return _deed(day, "15:00", "SC", "G13", {"note": "已清运完毕，通道恢复。"}, "after_photos")


def _passed(day: int) -> Deed:
    return _deed(day, "16:00", "CW", "G16", {"note": "到场查看，已清完。"})


def _asked(day: int, rating: int, **told: object) -> Deed:
    answer = {"outcome": "reached", "rating": str(rating), "solved": "yes", **told}
    return _deed(day, "16:30", "FD", "action:return_visit", answer)


def _missed(day: int, at: str) -> Deed:
    return _deed(day, at, "FD", "action:return_visit", {"outcome": "unreachable"})


def _closed(day: int) -> Deed:
    return _deed(day, "16:40", "FD", "X1")


def _archived() -> Deed:
    return _deed(YEAR, "10:00", "FD", "X7", FILED)


def _reminded(day: int, at: str = "09:30") -> Deed:
    return _deed(day, at, "CD", "action:remind", {"note": "请尽快办理，居民多次询问。"})


HEAP = Tale(
    matter="CG01",
    summary="小区南门外废品堆放，影响出行和环境",
    deeds=(
        _verified(),
        _deed(0, "10:50", "CD", "G4", {"note": "与环卫人员一同上门劝导。"}),
        _deed(
            0, "10:50", "CD", "action:open_joint", {"unit": SANITATION, "request": "请派员同去。"}
        ),
        _deed(
            0,
            "14:00",
            "CW",
            "entry:persuasion",
            {"result": "ineffective", "note": "对方称无处可放，拒绝清走。"},
        ),
        _deed(0, "14:00", "CW", "action:joint_done", {"note": "环卫所作业一班到场。"}),
        _deed(1, "08:50", "CD", "G8", {"note": "劝导一次未果，报街道城管科立案。"}),
        _dispatched(1),
        _signed_in(1),
        _reported(1),
        _passed(2),
        _asked(3, 5, comment="大门口干净了，邻居们都说好。"),
        _closed(3),
        _archived(),
    ),
)

PERSUADED = Tale(
    matter="CG03",
    summary="早餐摊占用人行道，学生上学绕行",
    deeds=(
        _verified(),
        _deed(0, "09:40", "CW", "G4", {"note": "上门说明规定。"}),
        _deed(0, "10:20", "CW", "entry:persuasion", {"result": "ineffective"}),
        _deed(
            0,
            "15:00",
            "CW",
            "G6",
            {
                "held_at": "{at}",
                "partners": "周敏、物业",
                "result": "effective",
            },
        ),
        _deed(1, "09:00", "CW", "G7", photos="after_photos"),
        _asked(2, 4),
        _closed(2),
        _archived(),
    ),
)

FIXED = Tale(
    matter="CG02",
    summary="单元门口垃圾满溢，气味很大",
    deeds=(
        _verified(),
        _filed(),
        _dispatched(0),
        _signed_in(0),
        _reported(0),
        _passed(1),
        _asked(2, 5),
        _closed(2),
        _archived(),
    ),
)

REWORKED = Tale(
    matter="CG05",
    summary="小区主路路灯损坏三盏，夜间看不清路",
    deeds=(
        _verified(),
        _filed(),
        _dispatched(1),
        _signed_in(1),
        _reminded(3),
        _reported(4),
        _deed(5, "09:00", "CW", "G17", {"reason": "还有一盏不亮。"}),
        _signed_in(5),
        _reported(7),
        _passed(8),
        _asked(9, 3, comment="修了两次才好。"),
        _closed(9),
        _archived(),
    ),
)

REOPENED = Tale(
    matter="CG06",
    summary="楼下饭馆油烟直排，晚上开不了窗",
    deeds=(
        _verified(),
        _filed(),
        _dispatched(1),
        _signed_in(1),
        _reported(2),
        _passed(3),
        _asked(4, 2, finding="rework_due", solved="no", comment="没有解决，还是一样。"),
        _deed(7, "09:00", "SUP", "X2", {"reason": "居民不满意，应当重办。"}),
        _signed_in(7),
        _reported(9),
        _passed(10),
        _asked(11, 4),
        _closed(11),
        _archived(),
    ),
)

STRUCTURE = Tale(
    matter="CG04",
    summary="一楼住户在绿地搭建棚屋",
    deeds=(
        _verified(),
        _filed(),
        _dispatched(1),
        _signed_in(1),
        _reminded(10),
        _deed(14, "10:00", "SUP", "action:supervise", {"reason": "临近期限。"}),
        _deed(15, "10:00", "SC", "action:answer_supervision", {"report": "已约谈当事人。"}),
        _deed(
            16, "09:00", "SC", "G14", {"order_number": "历城管〔2011〕12号", "rights_told": True}
        ),
        _deed(44, "15:00", "SC", "G15", {"enforcement_outcome": "棚屋已拆除。"}),
        _passed(45),
        _asked(46, 5),
        _closed(46),
        _archived(),
    ),
)

UNREACHED = Tale(
    matter="CG02",
    summary="垃圾桶旁堆放装修垃圾",
    deeds=(
        _verified(),
        _filed(),
        _dispatched(0),
        _signed_in(0),
        _reported(0),
        _passed(1),
        _missed(2, "09:30"),
        _missed(3, "15:00"),
        _missed(4, "10:00"),
        _deed(4, "10:20", "FD", "X4", {"attempt_log": "三天三次，均无人接听。"}),
        _archived(),
    ),
)

UNFOUNDED = Tale(
    matter="CG01",
    summary="有人说车棚里堆着旧家具",
    deeds=(
        _verified(),
        _deed(0, "10:10", "CW", "G2", {"note": "已由物主搬走。"}, "photos"),
        _asked(1, 5),
        _closed(1),
        _archived(),
    ),
)

TALES = (HEAP, PERSUADED, FIXED, REWORKED, REOPENED, STRUCTURE, UNREACHED, UNFOUNDED)
"""Eleven events each on average, with their registration."""


def _again(day: int) -> tuple[Deed, ...]:
    return (
        _signed_in(day),
        _reminded(day, "11:30"),
        _deed(day, "13:00", "SC", "action:open_joint", {"unit": SANITATION, "request": "请协助。"}),
        _deed(day, "14:00", "SC", "action:joint_done", {"note": "协助完毕。"}),
        _reported(day),
    )


def _rework(day: int) -> tuple[Deed, ...]:
    return (_deed(day, "09:00", "CW", "G17", {"reason": "没有清干净。"}), *_again(day))


def _retold(day: int) -> tuple[Deed, ...]:
    return (
        _passed(day),
        _asked(day + 1, 1, finding="rework_due", solved="no", comment="又堆起来了。"),
        _deed(day + 2, "08:50", "SUP", "X2", {"reason": "居民不满意，应当重办。"}),
        *_again(day + 2),
    )


LONG = Tale(
    matter="CG01",
    summary="小区南门外废品堆放，清了又堆",
    deeds=(
        *HEAP.deeds[:7],
        *_again(2),
        *_rework(3),
        *_rework(4),
        *_retold(5),
        *_rework(8),
        *_retold(9),
        _passed(12),
        _asked(13, 4),
        _closed(13),
    ),
)
"""Fifty events with its registration: as long as an affair gets."""
