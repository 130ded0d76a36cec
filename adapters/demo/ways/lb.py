"""劳动就业与社会保障: the plain ways of somebody who registers, is recommended a post and keeps it,
and of what is certified, granted or done at the counter.
"""

from datetime import timedelta

from adapters.demo.ways import Did, Way, Ways

_SHOWN = {"出示的证件": "身份证"}
_BORN = {**_SHOWN, "出生日期": "1972年3月5日", "法定退休年龄类别": "男"}
_VERIFYING: Way = (Did("苏青", "受理", _BORN),)
_AT_THE_COUNTER: Way = (Did("苏青", "受理", _SHOWN),)
_DONE: Way = (*_AT_THE_COUNTER, Did("苏青", "即时办结", {"经办机构办理结果": "已办成"}))

_SERVED: Way = (*_VERIFYING, Did("何平", "登记办结", {"失业原因": "劳动合同终止或者解除"}))
_CERTIFYING: Way = (*_VERIFYING, Did("何平", "转认定", {"人员类别": "大龄失业人员"}))
_NOTICING: Way = (*_CERTIFYING, Did("何平", "公示", {"公示姓名": "张*"}))
_CERTIFIED: Way = (*_NOTICING, Did("方圆", "认定", after=timedelta(days=8)))
_GRANTED: Way = (*_NOTICING, Did("方圆", "批准补贴", after=timedelta(days=8)))

_RECOMMENDED = Did("林晓禾", "推荐")
_HIRED = Did("何平", "录用", {"上岗日期": "当日"})
_RETAINED = Did("林晓禾", "稳岗", after=timedelta(days=40))

WAYS: Ways = {
    "核验": _VERIFYING,
    "登记失业服务中": _SERVED,
    "岗位推荐": (*_SERVED, _RECOMMENDED),
    "已上岗": (*_SERVED, _RECOMMENDED, _HIRED),
    "已办结": (*_SERVED, _RECOMMENDED, _HIRED, _RETAINED),
    "认定审核": _CERTIFYING,
    "公示": _NOTICING,
    ("LB02", "登记失业服务中"): _CERTIFIED,
    ("LB02", "岗位推荐"): (*_CERTIFIED, _RECOMMENDED),
    ("LB02", "已上岗"): (*_CERTIFIED, _RECOMMENDED, _HIRED),
    ("LB02", "已办结"): (*_CERTIFIED, _RECOMMENDED, _HIRED, _RETAINED),
    ("LB04", "已办结"): _GRANTED,
    ("LB05", "核验"): _AT_THE_COUNTER,
    ("LB05", "已办结"): _DONE,
    ("LB06", "核验"): _AT_THE_COUNTER,
    ("LB06", "已办结"): _DONE,
    "不予受理": (Did("苏青", "不予受理"),),
}
REGULARS = {
    "何平": ("街道科室经办", "街道人社所"),
    "方圆": ("区部门经办", "区人社局"),
}
AGAIN: Way = (
    Did("何平", "登记办结", {"失业原因": "劳动合同终止或者解除"}),
    _RECOMMENDED,
    _HIRED,
    _RETAINED,
)
