"""文化教育体育: a place in a class, a repair, papers for a school."""

from __future__ import annotations

from domain import errors
from tests.steps.standing import Did, Ways, Why

_REPAIR = Did("林晓禾", "派修", {"维修单位": "器材维修站"})
_VERIFY = Did("苏青", "受理核验")

WAYS: Ways = {
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

REASONS = {
    "名额已满": Why(errors.StepNotOpen, "place_left"),
    "候补也已满": Why(errors.StepNotOpen, "standby_left"),
    "九十日内爽约三次，三十日内不得预约": Why(errors.StepNotOpen, "not_barred"),
    "活动还没有开始": Why(errors.StepNotOpen, "field_reached"),
    "没有名额留待答复": Why(errors.StepNotOpen, "place_kept"),
    "维修的人不得验收自己的维修": Why(errors.StepNotOpen, "actor_is_not"),
    "活动场次已开始或已取消": Why(errors.FieldInvalid, "an offering of this matter"),
}
