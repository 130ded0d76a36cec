"""人民调解与法律服务: the parties consent, agree in writing, and perform what they agreed."""

from adapters.demo.ways import Did, Way, Ways

_PENDING: Way = (
    Did("周敏", "指派", {"承办人": "严立"}),
    Did("严立", "征询", {"调解的提出": "当事人申请"}),
)
_MEDIATING: Way = (*_PENDING, Did("严立", "受理", {"调解员": "严立"}))
_WRITTEN = {
    "协议形式": "书面",
    "当事人": "张桂芬、冯国强",
    "纠纷事实": "楼上漏水，浸坏天花板",
    "协议内容": "赔偿修缮费用八百元",
    "履行期限": "30日后",
    "各方当事人和调解员已签名": "是",
    "已加盖调委会印章": "是",
}
_AGREED: Way = (*_MEDIATING, Did("严立", "达成协议", _WRITTEN))
_CONFIRMING: Way = (*_AGREED, Did("严立", "申请确认"))
_PERFORMING: Way = (*_AGREED, Did("严立", "转履行", {"履行期限": "30日后"}))

WAYS: Ways = {
    "征求同意": _PENDING,
    "调解中": _MEDIATING,
    "达成协议": _AGREED,
    "司法确认": _CONFIRMING,
    "履行监督": _PERFORMING,
    "已办结": (*_PERFORMING, Did("严立", "履行完毕")),
    "不予受理": (*_PENDING, Did("严立", "一方拒绝", {"应当向何处提出": "区人民法院"})),
    "已终止": (*_MEDIATING, Did("严立", "调解不成")),
    ("TJ05", "已办结"): (
        Did("周敏", "指派", {"承办人": "严立"}),
        Did("严立", "咨询答复", {"办理方式": "当场解答"}),
    ),
}
REGULARS = {"严立": ("调解员", "建新社区")}
AGAIN: Way = (Did("严立", "达成协议", _WRITTEN), Did("严立", "即时履行"))
