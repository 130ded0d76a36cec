"""民政救助: an application that is granted; in 2011 by way of a democratic review."""

from collections.abc import Iterator, Mapping

from adapters.demo.ways import Did, Way, Ways, waited

_CHECK = {"核查事项": "家庭经济状况核对"}
_SURVEYORS = {"调查人甲": "林晓禾", "调查人乙": "何静"}
_UNRELATED = {"与经办人员、居委会成员的近亲属关系": "不是"}
_REVIEWED = {"评议成员人数": "9", "到会人数": "7"}

_ACCEPTED: Way = (Did("何静", "受理", _UNRELATED),)
_AIDED: Way = (
    Did("何静", "受理", {**_UNRELATED, "情况紧急": "是"}),
    Did("高远", "先行救助", {"金额（元）": "1500", "街道先行救助限额（元）": "2000"}),
)
_SURVEYING: Way = (
    *_ACCEPTED,
    Did("何静", "请求核查", {**_CHECK, "被请求单位": "区核对中心"}),
    Did("何静", "派员调查", _SURVEYORS),
)
_ANSWERED = Did("何静", "收到答复", _CHECK)


def _surveyed(disputed: str) -> Way:
    return (Did("林晓禾", "入户调查", {**_SURVEYORS, "对调查结果有争议": disputed}), _ANSWERED)


def _ways(version: str, matter: str) -> Iterator[tuple[str, Way]]:
    always = version == "2011.1"
    review = matter == "MZ05"
    money = {} if matter == "MZ04" else {"金额（元）": "620"}
    opinion, grants = ("复核意见", "增发") if review else ("审核意见", "符合条件")
    reviewing = (
        *_SURVEYING,
        *_surveyed("否" if always else "是"),
        Did("何静", "提请评议"),
    )
    if always:
        concluded = Did("周敏", "评议结论", {**_REVIEWED, f"评议后的{opinion}": grants})
        proposed: Way = (*reviewing, concluded)
    else:
        proposed = (*_SURVEYING, *_surveyed("否"), Did("何静", "提出意见", {opinion: grants}))
    noticing = (*proposed, Did("高远", "公示", {"公示姓名": "张*", **money}))
    submitted = (*noticing, waited(days=12), Did("何静", "期满上报"))
    yield from {
        "已受理": _ACCEPTED,
        "入户调查": _SURVEYING,
        "民主评议": reviewing,
        "审核意见": proposed,
        "公示": noticing,
        "异议核查": (*noticing, Did("周敏", "提出异议")),
        "待确认": submitted,
        "已办结": (*submitted, Did("贺明", "确认同意", money)),
    }.items()


_MATTERS = ("MZ01", "MZ02", "MZ03", "MZ04", "MZ05")

WAYS: Ways = {
    "不予受理": (Did("何静", "不予受理", {"应当向何处提出": "区人社局"}),),
    "先行救助": _AIDED,
    **{
        (version, matter, state): way
        for version in ("2011.1", "2021.1")
        for matter in _MATTERS
        for state, way in _ways(version, matter)
    },
}
REGULARS: Mapping[str, tuple[str, str]] = {
    "何静": ("街道科室经办", "街道民政办"),
    "高远": ("街道分管领导", "二七新村街道"),
    "贺明": ("区部门负责人", "区民政局"),
}
REGISTRARS = {"MZ05": "何静"}
AGAIN: Way = (
    *_surveyed("否"),
    Did("何静", "提请评议"),
    Did("周敏", "评议结论", {**_REVIEWED, "评议后的审核意见": "符合条件"}),
    Did("高远", "公示", {"公示姓名": "张*", "金额（元）": "620"}),
    waited(days=12),
    Did("何静", "期满上报"),
    Did("贺明", "确认同意", {"金额（元）": "620"}),
)
