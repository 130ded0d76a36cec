"""党建群团: a letter of introduction, an admission, a wish that is fulfilled."""

from datetime import timedelta

from adapters.demo.ways import Did, Way, Ways, waited

_ACCEPTED: Way = (
    Did("苏青", "受理", {"所在支部": "建新社区第一支部", "党费交至年月": "2011年7月"}),
)
_LETTER: Way = (*_ACCEPTED, Did("郑岚", "开具介绍信", {"有效期至": "90日后"}))
_MATCHED: Way = (Did("林晓禾", "认领", {"帮扶人": "何秀英"}),)
_ADMITTED = Did("郑岚", "编入支部或登记")

WAYS: Ways = {
    "组织审核": _ACCEPTED,
    ("DJ04", "组织审核"): (Did("苏青", "受理"),),
    "介绍信在途": _LETTER,
    "逾期未报到": (*_LETTER, waited(days=91)),
    "已结对": _MATCHED,
    ("DJ01", "已办结"): (*_LETTER, Did("郑岚", "收到回执", after=timedelta(days=3))),
    ("DJ02", "已办结"): (*_ACCEPTED, _ADMITTED),
    ("DJ03", "已办结"): (*_ACCEPTED, _ADMITTED),
    ("DJ04", "已办结"): (Did("苏青", "受理"), _ADMITTED),
    ("DJ05", "已办结"): (*_MATCHED, Did("林晓禾", "完成帮扶", after=timedelta(days=2))),
    ("DJ06", "已办结"): (*_MATCHED, Did("林晓禾", "完成帮扶", after=timedelta(days=2))),
    "不予受理": (Did("周敏", "不予受理", {"应当向何处提出": "原所在党组织"}),),
}
REGULARS = {"郑岚": ("街道科室经办", "街道党建办")}
AGAIN: Way = (Did("林晓禾", "完成帮扶"),)
