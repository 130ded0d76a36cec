"""城市管理与环境卫生: the way of an affair in which persuasion was in vain."""

from adapters.demo.ways import Did, Way, Ways

_ONSITE: Way = (Did("林晓禾", "受理核实"),)
_FILED: Way = (
    *_ONSITE,
    Did("林晓禾", "劝导"),
    Did("林晓禾", "劝导结果", {"劝导结果": "未果"}),
    Did("林晓禾", "劝导未果上报"),
)
_HANDLING: Way = (*_FILED, Did("郑岚", "派遣", {"主办单位": "城管科"}), Did("郑岚", "签收"))
_RESOLVED: Way = (*_HANDLING, Did("郑岚", "处置反馈"), Did("林晓禾", "核查结案"))

WAYS: Ways = {
    "现场核实": _ONSITE,
    "劝导": _FILED[:2],
    "已立案": _FILED,
    "已派遣": _HANDLING[:-1],
    "处置": _HANDLING,
    "执法程序": (*_HANDLING, Did("郑岚", "转执法")),
    "核查": _RESOLVED[:-1],
    "已办结": _RESOLVED,
    "不予受理": (Did("周敏", "不予受理", {"应当向何处提出": "区城管局"}),),
    "已撤回": (*_ONSITE, Did("苏青", "撤回")),
    "已终止": (*_ONSITE, Did("周敏", "终止", {"终止原因": "迁出"})),
}
REGULARS = {"郑岚": ("街道科室经办", "城管科")}
AGAIN: Way = (Did("郑岚", "签收"), Did("郑岚", "处置反馈"), Did("林晓禾", "核查结案"))
