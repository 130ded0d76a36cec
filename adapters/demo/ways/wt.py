"""文化教育体育: a place in a class, a repair, papers for a school."""

from datetime import timedelta

from adapters.demo.ways import Did, Way, Ways, waited

_REPAIR = Did("林晓禾", "派修", {"维修单位": "器材维修站"})
_VERIFY = Did("苏青", "受理核验")
# The system reserves, or puts on standby where the session is full, at once.
_RESERVED: Way = (waited(minutes=1),)
_ATTENDED: Way = (*_RESERVED, Did("苏青", "签到", after=timedelta(days=3)))

WAYS: Ways = {
    "候补": _RESERVED,
    "已预约": _RESERVED,
    "已签到": _ATTENDED,
    "爽约": (*_RESERVED, waited(days=3)),
    ("WT01", "已办结"): (*_ATTENDED, waited(hours=2)),
    ("WT02", "已办结"): (*_ATTENDED, waited(hours=2)),
    "维修": (_REPAIR,),
    "核验": (_VERIFY,),
    ("WT03", "已办结"): (_REPAIR, Did("韩松", "维修反馈"), Did("林晓禾", "修复验收")),
    ("WT04", "已办结"): (_VERIFY, Did("郑岚", "核验转报", {"接收部门": "区教体局"})),
    ("WT05", "已办结"): (_VERIFY, Did("郑岚", "核验转报", {"接收部门": "区文旅局"})),
    "不予受理": (Did("苏青", "不予受理", {"应当向何处提出": "区教体局"}),),
}
REGULARS = {
    "郑岚": ("街道科室经办", "街道文教办"),
    "韩松": ("服务机构", "器材维修站"),
}
