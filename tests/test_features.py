"""The promise, in Chinese: every scenario of `features/` against a real district on SQLite."""

from __future__ import annotations

from pathlib import Path

from pytest_bdd import scenario
from pytest_bdd.parser import FeatureParser

pytest_plugins = (
    "tests.steps.world",
    "tests.steps.people",
    "tests.steps.time",
    "tests.steps.affair",
    "tests.steps.deadlines",
    "tests.steps.story",
    "tests.steps.refusals",
    "tests.steps.visit",
    "tests.steps.figures",
    "tests.steps.log",
)

FEATURES = Path(__file__).resolve().parent.parent / "features"
PATHS = sorted(FEATURES.rglob("*.feature"))


def _bound(path: Path, title: str) -> object:
    @scenario(str(path), title)
    def play() -> None:
        """The steps have said it all."""

    return play


# One test per scenario, named for its feature and its title.
for _path in PATHS:
    for _title in FeatureParser(str(FEATURES), str(_path.relative_to(FEATURES))).parse().scenarios:
        globals()[f"test_{_path.stem}_{_title}"] = _bound(_path, _title)
