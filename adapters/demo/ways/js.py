"""卫生健康与计划生育: the plain ways of a birth that is registered, cross-checked or done on
commitment, and of a reward that is reviewed, posted and confirmed.
"""

from datetime import timedelta

from adapters.demo.ways import Did, Way, Ways

_CHECKING: Way = (Did("许宁", "发起协查"),)
_VERIFIED: Way = (
    *_CHECKING,
    Did("许宁", "户籍地答复", {"答复结果": "属实"}, after=timedelta(days=5)),
    Did("许宁", "核实登记"),
)
_REVIEWING: Way = (Did("林晓禾", "受理初核"),)
_NOTICING: Way = (*_REVIEWING, Did("许宁", "公示", {"公示姓名": "张*"}))
_CONFIRMING: Way = (*_NOTICING, Did("许宁", "期满上报", after=timedelta(days=10)))

WAYS: Ways = {
    "户籍地协查": _CHECKING,
    "承诺先办": (Did("苏青", "承诺先办"),),
    "村居初核": _REVIEWING,
    "公示": _NOTICING,
    "区级确认": _CONFIRMING,
    "已办结": (Did("苏青", "当场登记"),),
    ("JS04", "已办结"): _VERIFIED,
    ("JS02", "已办结"): (*_CONFIRMING, Did("江澄", "确认发放")),
    ("JS03", "已办结"): (*_CONFIRMING, Did("江澄", "确认发放")),
    "不予受理": (Did("许宁", "不予受理"),),
}
REGULARS = {
    "许宁": ("街道科室经办", "街道卫健办"),
    "江澄": ("区部门负责人", "区卫健局"),
    "白露": ("区部门经办", "区卫健局"),
}
AGAIN: Way = (
    Did("许宁", "户籍地答复", {"答复结果": "属实"}),
    Did("许宁", "核实登记"),
)
