"""信访与物业民生诉求: a grievance that is investigated, an enquiry that is answered."""

from adapters.demo.ways import Did, Way, Ways

_ACCEPTED: Way = (Did("郑岚", "受理告知"),)
_FORWARDED: Way = (Did("郑岚", "转送", {"有权处理的单位": "物业办"}),)
_INVESTIGATING: Way = (*_ACCEPTED, Did("郑岚", "调查"))
_OPINED: Way = (*_INVESTIGATING, Did("高远", "出具处理意见", {"处理意见": "不予支持"}))
_REVIEWING: Way = (*_OPINED, Did("苏青", "请求复查"))
_REVIEWED: Way = (*_REVIEWING, Did("贺梅", "出具复查意见"))
_COORDINATING: Way = (*_ACCEPTED, Did("郑岚", "物业联席"))
_ANSWERED: Way = (*_ACCEPTED, Did("郑岚", "答复", {"答复结果": "解释说明"}))

WAYS: Ways = {
    "已受理": _ACCEPTED,
    "已转送": _FORWARDED,
    "导入法定途径": (Did("郑岚", "导入程序", {"法定途径": "诉讼"}),),
    "物业联席协调": _COORDINATING,
    "调查核实": _INVESTIGATING,
    "听证": (*_INVESTIGATING, Did("高远", "听证", {"听证的情形": "重大"})),
    "已出具意见": _OPINED,
    "复查": _REVIEWING,
    "复查意见": _REVIEWED,
    "复核": (*_REVIEWED, Did("苏青", "请求复核")),
    ("XF01", "已办结"): (*_INVESTIGATING, Did("郑岚", "调解和解")),
    ("XF02", "已办结"): _ANSWERED,
    ("XF05", "已办结"): _ANSWERED,
    ("XF06", "已办结"): _ANSWERED,
    ("XF04", "已办结"): (*_COORDINATING, Did("郑岚", "达成整改")),
    "不予受理": (Did("郑岚", "不予受理", {"不予受理的情形": "正在办理"}),),
    "已撤回": (*_ACCEPTED, Did("苏青", "撤回")),
    "已终止": (*_ACCEPTED, Did("周敏", "终止", {"终止原因": "迁出"})),
}
REGULARS = {
    "郑岚": ("街道科室经办", "街道信访办"),
    "高远": ("街道分管领导", "二七新村街道"),
    "贺梅": ("区部门负责人", "区信访局"),
}
AGAIN: Way = (Did("郑岚", "答复", {"答复结果": "采纳或已办"}),)
