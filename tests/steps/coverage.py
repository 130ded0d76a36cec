"""Which words of the line the features use: what is done, and what is expected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pytest_bdd.parser import Feature, FeatureParser

from tests.steps.affair import VERB, WHO
from tests.steps.labels import ACTIONS, DEED, ENTRIES, STEPS, deed
from tests.steps.log import HAPPENED
from tests.steps.time import MOMENT

DONE = tuple(
    re.compile(f"{WHO}于{MOMENT}{between}{DEED}{end}")
    for between, end in (
        (VERB, ""),
        ("按先前所见", ""),
        (f"补录{HAPPENED}的", ""),
        ("把同一请求改为", "再交"),
    )
)
BY_ITSELF = re.compile("经过中有“.+系统：(?P<deed>.+)”")
LABELS = {*STEPS, *ENTRIES, *ACTIONS}


def read(folder: Path) -> list[Feature]:
    """Every feature below the folder."""
    return [
        FeatureParser(str(folder), str(path.relative_to(folder))).parse()
        for path in sorted(folder.rglob("*.feature"))
    ]


def sentences(features: Iterable[Feature]) -> Iterator[str]:
    """Every step as it is written."""
    for feature in features:
        for scenario in feature.scenarios.values():
            yield from (step.name for step in scenario.steps)


def deeds(told: Iterable[str]) -> set[str]:
    """The ids of what somebody does, tries to do, or is expected of the system."""
    found = set()
    for sentence in told:
        for pattern in DONE:
            if match := pattern.fullmatch(sentence):
                found.add(deed(match["deed"], on_referral=bool(match["on_referral"])).id)
        if (match := BY_ITSELF.fullmatch(sentence)) and match["deed"] in LABELS:
            found.add(deed(match["deed"]).id)
    return found


def used(told: Iterable[str], words: Iterable[str], pattern: str) -> set[str]:
    """Those of the words for which some sentence holds the pattern, `{}` standing for the word."""
    text = "\n".join(told)
    return {word for word in words if re.search(pattern.format(re.escape(word)), text)}
