"""The plain way into each state of a line: who does what, with nothing unusual happening on it.

The demonstration walks them, and so do the specifications. One module per line, named for its
code, is found by itself. It says

    WAYS        by the name of a state: what is done after the registration until the affair comes
                into it. What holds for one matter or one version alone stands under both names,
                ("MZ03", "先行救助") or ("2011.1", "审核意见"), ("2011.1", "MZ01", "审核意见").
    REGULARS    who does it: post and unit by name.

and, where the line needs it,

    REGISTRARS  who registers, by matter; 林晓禾 where nobody is named.
    AGAIN       from where a reopened affair returns to until it is resolved again.

The ways that are the same in every line stand here: 登记在册, and from 已办结 to 已结案 and 已归档,
已撤回, 已终止. A line's own goes before them.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any, NamedTuple

NOTHING: Mapping[str, str] = MappingProxyType({})
APART = timedelta(minutes=20)
REGISTERED = "登记在册"
"""What stands for the first state of a line, whatever its name."""


class Did(NamedTuple):
    """What somebody did, `after` so much time; a date may be told as 当日 or 90日后."""

    who: str
    deed: str
    told: Mapping[str, str] = NOTHING
    after: timedelta = APART


def waited(**time: float) -> Did:
    """Time passed, and nobody did anything but the system itself: `waited(days=8)`."""
    return Did("", "", after=timedelta(**time))


Way = tuple[Did, ...]
Ways = Mapping[str | tuple[str, ...], Way]

PRAISED = {"回访结果": "已联系上", "评价": "非常满意", "是否解决": "已解决"}
UNSATISFIED = {
    "回访结果": "已联系上",
    "评价": "不满意",
    "是否解决": "未解决",
    "回访认定": "应当重办",
}
REGULARS = {
    "林晓禾": ("社区工作者", "第一责任片区"),
    "周敏": ("社区主任", "建新社区"),
    "苏青": ("前台", "建新社区"),
}
# What follows on another state, the same in every line.
FOLLOWING: Mapping[str, tuple[str, Way]] = {
    "已归档": ("已结案", (Did("苏青", "归档"),)),
    "已撤回": (REGISTERED, (Did("苏青", "撤回"),)),
    "已终止": (REGISTERED, (Did("周敏", "终止", {"终止原因": "迁出"}),)),
}


@cache
def _modules() -> dict[str, Any]:
    return {
        module.name.upper(): import_module(f"{__name__}.{module.name}")
        for module in iter_modules(__path__)
    }


def _said(code: str, name: str) -> Any:
    return getattr(_modules().get(code), name, {})


def way(code: str, version: str, matter: str, state: str) -> Way:
    """How an affair comes into a state, after its registration."""
    ways: Ways = _said(code, "WAYS")
    for key in ((version, matter, state), (version, state), (matter, state), state):
        if key in ways:
            return ways[key]
    if state == REGISTERED:
        return ()
    if state == "已结案":
        return _visited(way(code, version, matter, "已办结"))
    assert state in FOLLOWING, f"adapters/demo/ways/{code.lower()}.py knows no way into {state}"
    before, then = FOLLOWING[state]
    return (*way(code, version, matter, before), *then)


# Whoever handled an affair asks nobody how it went.
def _visited(resolved: Way) -> Way:
    visitor = "周敏" if any(did.who == "苏青" for did in resolved) else "苏青"
    return (*resolved, Did(visitor, "回访", PRAISED), Did(visitor, "回访满意"))


def again(code: str) -> Way:
    """From where a reopened affair returns to until it is resolved again."""
    found: Way = _said(code, "AGAIN")
    return found


def regulars(code: str) -> dict[str, tuple[str, str]]:
    """Post and unit of those who are there where nobody else is named."""
    own: dict[str, tuple[str, str]] = _said(code, "REGULARS")
    return REGULARS | own


def registrar(code: str, matter: str) -> str:
    """Who registers an affair that comes the plain way."""
    found: str = _said(code, "REGISTRARS").get(matter, "林晓禾")
    return found


def states() -> frozenset[str]:
    """The names of all states that some line has a way into."""
    own = (key for code in _modules() for key in _said(code, "WAYS"))
    named = (key if isinstance(key, str) else key[-1] for key in own)
    return frozenset({REGISTERED, "已结案", *FOLLOWING, *named})
