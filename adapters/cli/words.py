"""Which of the two languages a terminal is spoken to in."""

import os
from typing import Literal

Language = Literal["zh", "en"]


def language() -> Language:
    """Chinese where the locale says so (LC_ALL, else LC_MESSAGES, else LANG), else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if told := os.environ.get(name):
            return "zh" if told.lower().startswith("zh") else "en"
    return "en"


def say(zh: str, en: str) -> str:
    """The one of two texts that the terminal asks for."""
    return zh if language() == "zh" else en
