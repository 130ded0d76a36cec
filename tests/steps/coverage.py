"""Which words of the lines the features use: what is done, and what is expected, in which line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pytest_bdd.parser import Feature, FeatureParser, ScenarioTemplate, Step

from adapters.demo.deeds import named
from tests.builders import lines
from tests.steps.affair import ABOUT, MATTER, NAMED, PLAIN_MATTER, WHO
from tests.steps.labels import DEED, matter
from tests.steps.log import HAPPENED
from tests.steps.time import MOMENT

DONE = tuple(
    re.compile(f"{WHO}于{MOMENT}{between}{DEED}{end}")
    for between, end in (
        ("", ""),
        ("按先前所见", ""),
        (f"补录{HAPPENED}的", ""),
        ("把同一请求改为", "再交"),
    )
)
BY_ITSELF = re.compile("经过中有“.+系统：(?P<deed>.+)”")

# From such a sentence on, another affair is spoken of.
REGISTERED = re.compile(f"{WHO}于{MOMENT}登记{ABOUT}|{ABOUT.replace('about', 'stood')}已于.+")
TURNED = re.compile(f"说到{ABOUT}")
MADE = re.compile(f"{ABOUT}另立一件{MATTER}(?:，称为{NAMED})?")


class Told(NamedTuple):
    """A sentence, and the line of the affair that it speaks of."""

    line: str
    text: str


def read(folder: Path) -> list[Feature]:
    """Every feature below the folder."""
    return [
        FeatureParser(str(folder), str(path.relative_to(folder))).parse()
        for path in sorted(folder.rglob("*.feature"))
    ]


def sentences(features: Iterable[Feature]) -> Iterator[Told]:
    """Every step as it is written, once for each example."""
    for feature in features:
        for scenario in feature.scenarios.values():
            yield from _played(scenario)


def _played(scenario: ScenarioTemplate) -> Iterator[Told]:
    contexts = [context for example in scenario.examples for context in example.as_contexts()]
    for context in contexts or [{}]:
        known: dict[str, str] = {}
        here = matter(PLAIN_MATTER)[:2]
        for step in scenario.render(context).steps:
            if found := REGISTERED.fullmatch(step.name):
                here = known[found["about"] or found["stood"]] = _matter(step)[:2]
            elif found := TURNED.fullmatch(step.name):
                here = known.get(found["about"], here)
            yield Told(here, step.name)
            if found := MADE.fullmatch(step.name):
                here = known[found["named"] or found["matter"]] = matter(found["matter"])[:2]


def _matter(step: Step) -> str:
    rows = step.datatable.raw() if step.datatable else ()
    told = {str(row[0]): str(row[1]) for row in rows}
    return matter(told.get("事项", PLAIN_MATTER))


def deeds(told: Iterable[Told]) -> set[tuple[str, str]]:
    """Line and id of what somebody does, tries to do, or is expected of the system."""
    found = set()
    for line, text in told:
        for pattern in DONE:
            if match := pattern.fullmatch(text):
                found |= _ids(line, match["deed"], apart=bool(match["apart"]))
        if match := BY_ITSELF.fullmatch(text):
            found |= _ids(line, match["deed"])
    return found


# By any version of the line: which one rules is told by a day, and the ids are the same.
def _ids(code: str, text: str, *, apart: bool = False) -> set[tuple[str, str]]:
    return {(code, done.id) for line in lines.of(code) for done in named(line, text, apart=apart)}


def used(told: Iterable[Told], code: str, words: Iterable[str], pattern: str) -> set[str]:
    """Those of the words for which some sentence of the line holds the pattern, `{}` standing for
    the word; of any line where `code` is empty."""
    text = "\n".join(one.text for one in told if code in ("", one.line))
    return {word for word in words if re.search(pattern.format(re.escape(word)), text)}
