"""The affairs that fill the community: of each line, one in every state and a few more.

One module per line, named for its code, is found by itself. It says

    CASES   the affairs.
    WORDS   by the label of a field, what is said there where the way and the affair say nothing;
            `{n}` is the number of the affair.

Everybody in them is invented, and all of it happens in the spring of 2012 or the winter before,
when the story of 2011 has ended. Affairs of urban management of 2012 are registered after the
second heap, so that it keeps its number.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules

from adapters.demo.affairs.sessions import SESSIONS
from adapters.demo.cases import Case

__all__ = ["SESSIONS", "every"]

COMMON = {
    "理由": "材料已经核对，当面说明了原因。",
    "申请人的撤回请求": "情况有变，本人不再需要办理。",
    "应当向何处提出": "区政务服务大厅，0531-80000000",
    "意见": "办得快，说得也清楚。",
}
"""What all lines ask for."""


def every() -> Iterator[tuple[Mapping[str, str], Sequence[Case]]]:
    """Of each line its words and its affairs."""
    for module in iter_modules(__path__):
        said = import_module(f"{__name__}.{module.name}")
        if hasattr(said, "CASES"):
            yield {**COMMON, **said.WORDS}, said.CASES
