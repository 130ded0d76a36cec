"""Short English sentences of refusals and faults, in Chinese.

Decisions and checks say what is wrong in short plain English; `locale/*.json` holds a pattern of
each sentence with its Chinese, which takes over what the pattern found. The first that fits
counts. `{0:told}` is a part that is a sentence itself.
"""

import json
import re
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).with_name("locale")
TABLES = ("faults", "details", "reasons")
"""What is wrong with a line file; with other files and settings; why a decision says no."""


def in_chinese(english: str, *tables: str) -> str:
    """The Chinese of a sentence; the sentence itself where none of the tables has it."""
    for table in tables or TABLES:
        for pattern, chinese in _sentences(table):
            if found := pattern.fullmatch(english):
                return chinese.format(*(_Part(part) for part in found.groups()))
    return english


class _Part(str):
    __slots__ = ()

    def __format__(self, how: str) -> str:
        return in_chinese(str(self)) if how == "told" else str(self)


@cache
def _sentences(table: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    loaded: list[list[str]] = json.loads((LOCALE / f"{table}.json").read_text("utf-8"))
    return tuple((re.compile(pattern, re.DOTALL), chinese) for pattern, chinese in loaded)
