"""The two languages of the house: its words, its dates, and which of the two somebody reads.

The words stand in `locale/zh.json` and `locale/en.json`, key by key; a text may hold `{name}`s
to be filled. A key that one of them lacks is a bug, and a test says so.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, Protocol

from domain.clock import SHANGHAI, local_day

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
"""Of HTML's `lang`."""

LOCALE = Path(__file__).with_name("locale")

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Bilingual(Protocol):
    """A name in both languages, as line files give it."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Every text of a language by its key."""
    loaded: dict[str, str] = json.loads((LOCALE / f"{language}.json").read_text("utf-8"))
    return loaded


class Words:
    """One language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.tag = TAGS[language]
        self._texts = catalogue(language)

    def __call__(self, key: str, /, **facts: object) -> str:
        """The text of that key, filled. Raises KeyError where there is none."""
        text = self._texts[key]
        return text.format(**facts) if facts else text

    def counted(self, key: str, count: int) -> str:
        """The text of that key for so many: one has a text of its own."""
        return self(f"{key}.one" if count == 1 else key, count=count)

    def has(self, key: str) -> bool:
        """Whether there is a text of that key."""
        return key in self._texts

    def label(self, label: Bilingual) -> str:
        """A name in this language."""
        return label.zh if self.language == "zh" else label.en

    def listed(self, parts: Iterable[str]) -> str:
        """Several names one after another."""
        return self("list.comma").join(parts)

    def day(self, on: date | datetime, *, year: bool = True) -> str:
        """`2011年7月22日`, `22 July 2011`; a day in Asia/Shanghai."""
        if isinstance(on, datetime):
            on = local_day(on)
        if self.language == "zh":
            return f"{on.year}年{on.month}月{on.day}日" if year else f"{on.month}月{on.day}日"
        told = f"{on.day} {MONTHS[on.month - 1]}"
        return f"{told} {on.year}" if year else told

    @lru_cache(maxsize=4_096)  # noqa: B019 (there is one of each language)
    def moment(self, at: datetime, *, year: bool = True) -> str:
        """`2011年7月22日 10:05`, `22 July 2011, 10:05`; Asia/Shanghai."""
        between = " " if self.language == "zh" else ", "
        return f"{self.day(at, year=year)}{between}{clock_time(at)}"

    def weekday(self, at: datetime) -> str:
        """`周一`, `Monday`."""
        return self(f"weekday.{_WEEKDAYS[local_day(at).weekday()]}")

    def deadline(self, due_at: datetime, *, year: bool = True) -> str:
        """The end of a limit as people say it: midnight is 24:00 of the day before."""
        local = due_at.astimezone(SHANGHAI)
        if (local.hour, local.minute, local.second) != (0, 0, 0):
            return self.moment(due_at, year=year)
        between = " " if self.language == "zh" else ", "
        return f"{self.day(local - timedelta(seconds=1), year=year)}{between}24:00"


def clock_time(at: datetime) -> str:
    """`10:05`, Asia/Shanghai."""
    local = at.astimezone(SHANGHAI)
    return f"{local.hour:02}:{local.minute:02}"


@cache
def words_of(language: Language) -> Words:
    """The words of a language."""
    return Words(language)


def preferred(accept: str) -> Language | None:
    """The language that an Accept-Language header asks for first; None where it is neither."""
    best: tuple[float, Language] | None = None
    for part in accept.lower().split(",")[:20]:
        tag, _, weight = part.strip().partition(";")
        language = _language(tag.strip())
        if language is None:
            continue
        quality = _quality(weight)
        if quality > 0 and (best is None or quality > best[0]):
            best = (quality, language)
    return best[1] if best else None


def _language(tag: str) -> Language | None:
    primary = tag.partition("-")[0]
    return next((language for language in LANGUAGES if language == primary), None)


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
