"""The specifications that govern a line: the features of `features/`, by name.

They stand beside the program where it runs from its sources, and are absent where it was
installed without them. Whether they hold is told by `make test`, never by a page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FEATURES = Path(__file__).parent.parent / "features"
SHARED = "共同规则"


@dataclass(frozen=True, slots=True)
class Specification:
    """A feature, as its first lines say. rules: what it promises."""

    name: str
    rules: tuple[str, ...]
    shared: bool


@cache
def governing(line: str, features: Path = FEATURES) -> tuple[Specification, ...]:
    """The features of the line of that Chinese name, then those of all lines."""
    folders = (*folders_of(line, features), features / SHARED)
    return tuple(one for folder in folders for one in _read(folder, shared=folder.name == SHARED))


def folders_of(line: str, features: Path = FEATURES) -> list[Path]:
    """Where the line's own features stand: in the folder that is short for its name, as 城管 is
    for 城市管理与环境卫生."""
    folders = sorted(features.iterdir()) if features.is_dir() else []
    return [folder for folder in folders if folder.is_dir() and _is_short_for(folder.name, line)]


# Its signs stand in the name in this order.
def _is_short_for(short: str, name: str) -> bool:
    signs = iter(name)
    return all(sign in signs for sign in short)


def _read(folder: Path, *, shared: bool) -> Iterator[Specification]:
    for path in sorted(folder.glob("*.feature")):
        lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
        name = next((line for line in lines if line.startswith("功能:")), "")
        rules = tuple(_said(line) for line in lines if line.startswith("规则:"))
        yield Specification(_said(name) or path.stem, rules, shared)


def _said(line: str) -> str:
    return line.partition(":")[2].strip()
