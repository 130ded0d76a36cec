"""社会治安综合治理: a hazard is found yellow, put right by whoever is responsible, and checked."""

from adapters.demo.ways import Did, Way, Ways

_GRADED = {"受理等级": "黄色"}
_CALLED = {"险情等级": "红色", "报警电话": "110（公安）"}

_VERIFYING: Way = (Did("周敏", "分级受理", _GRADED),)
_RECTIFYING: Way = (*_VERIFYING, Did("周敏", "整改提示", {"整改期限": "7日后"}))
_RECHECKING: Way = (*_RECTIFYING, Did("林晓禾", "到期复查", {"责任方报告整改完毕": "是"}))
_TRANSFERRED: Way = (*_RECHECKING, Did("高远", "移交"))
_EMERGENCY: Way = (Did("林晓禾", "紧急报告", _CALLED),)

# Of what is restricted only the assigned know, one after the other.
_GIVEN: Way = (Did("苏青", "指派", {"承办人": "周敏"}),)
_KNOWN: Way = (*_GIVEN, *_VERIFYING)
_SUPPORTED: Way = (
    *_KNOWN,
    Did("苏青", "指派", {"承办人": "钟毅"}),
    Did("钟毅", "纳入帮扶", {"计划期满": "90日后"}),
)

WAYS: Ways = {
    "核查": _VERIFYING,
    "限期整改": _RECTIFYING,
    "复查": _RECHECKING,
    "移交执法": _TRANSFERRED,
    "稳控观察": (*_TRANSFERRED, Did("钟毅", "结果回告")),
    "应急处置": _EMERGENCY,
    "已办结": (*_VERIFYING, Did("林晓禾", "当场消除")),
    "不予受理": (Did("周敏", "不予受理", {"应当向何处提出": "派出所"}),),
    ("ZZ02", "已办结"): (Did("林晓禾", "当场登记"),),
    ("ZZ04", "核查"): _KNOWN,
    ("ZZ04", "稳控观察"): _SUPPORTED,
    ("ZZ05", "移交执法"): (*_EMERGENCY, *_GIVEN, Did("周敏", "移交")),
}
REGULARS = {
    "钟毅": ("街道科室经办", "街道综治办"),
    "高远": ("街道分管领导", "二七新村街道"),
}
AGAIN: Way = (Did("林晓禾", "当场消除"),)
