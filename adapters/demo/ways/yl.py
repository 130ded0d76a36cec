"""养老助老与残疾人服务: care at home after an assessment, an allowance without one, a refit."""

from datetime import timedelta

from adapters.demo.ways import Did, Way, Ways

_ACCEPTED: Way = (Did("苏青", "受理"),)
_TWO = {"评估员一": "吴桂兰", "评估员二": "孙建军"}
_ASSESSING: Way = (*_ACCEPTED, Did("郑岚", "委托评估", _TWO))
_SHOWN = {"公示姓名（脱敏）": "张*"}
_NOTICING: Way = (*_ASSESSING, Did("郑岚", "公示", _SHOWN))
_APPROVING: Way = (*_NOTICING, Did("郑岚", "期满送审", after=timedelta(days=10)))
_DIRECT: Way = (*_ACCEPTED, Did("郑岚", "免评估送审"))
_CONTRACTED: Way = (*_APPROVING, Did("贺梅", "批准服务", {"服务机构": "居家养老服务站"}))
_SERVING: Way = (*_CONTRACTED, Did("韩松", "首次服务", {"首次服务时间": "当时"}))

WAYS: Ways = {
    "已受理": _ACCEPTED,
    "能力评估": _ASSESSING,
    "公示": _NOTICING,
    "待审批": _APPROVING,
    ("YL02", "待审批"): _DIRECT,
    ("YL04", "待审批"): _DIRECT,
    "待服务": _CONTRACTED,
    "服务中": _SERVING,
    "服务暂停": (*_SERVING, Did("林晓禾", "暂停服务", {"暂停原因": "住院"})),
    "复评": (*_SERVING, Did("郑岚", "复评", {"情况有变化": "是"})),
    ("YL01", "已办结"): (*_SERVING, Did("林晓禾", "服务终结", {"终结原因": "本人放弃"})),
    ("YL02", "已办结"): (*_DIRECT, Did("贺梅", "批准发放或发证")),
    ("YL03", "已办结"): (*_APPROVING, Did("贺梅", "批准发放或发证")),
    ("YL04", "已办结"): (*_DIRECT, Did("贺梅", "批准发放或发证")),
    ("YL05", "已办结"): (*_CONTRACTED, Did("韩松", "一次性服务完成")),
    "不予受理": (Did("郑岚", "不予受理", {"应当向何处提出": "户籍地民政部门"}),),
    "已撤回": (*_ACCEPTED, Did("苏青", "撤回")),
    "已终止": (*_ACCEPTED, Did("周敏", "终止", {"终止原因": "迁出"})),
}
REGULARS = {
    "郑岚": ("街道科室经办", "街道民政办"),
    "贺梅": ("区部门负责人", "区民政局"),
    "韩松": ("服务机构", "居家养老服务站"),
    "吴桂兰": ("街道科室经办", "街道民政办"),
    "孙建军": ("街道科室经办", "街道残联"),
}
