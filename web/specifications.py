"""The specifications that govern a line: the features of `features/`, by name, and how their
scenarios ended when they last ran.

They stand beside the program where it runs from its sources, and are absent where it was
installed without them. `make test` writes down how they ended; where it was not run here, and of
a feature that has changed since, a page says so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

FEATURES = Path(__file__).parent.parent / "features"
SHARED = "共同规则"
RESULTS = FEATURES / ".results.json"
"""Written by the tests: by feature, its run."""
_SCENARIO = re.compile(r"(?:场景|场景大纲): *(.+)")


class Run(msgspec.Struct, frozen=True):
    """How a feature's scenarios ended. sha256: of the feature that ran, by which a run of another
    text is told. failed: their titles."""

    sha256: str
    at: datetime
    passed: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Specification:
    """A feature, as its first lines say. rules: what it promises. scenarios: their titles."""

    name: str
    rules: tuple[str, ...]
    shared: bool
    path: str = ""
    sha256: str = ""
    scenarios: tuple[str, ...] = ()


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


def runs(results: Path) -> dict[str, Run]:
    """By the path of a feature, how it last ended here; empty where nothing was written."""
    try:
        return msgspec.json.decode(results.read_bytes(), type=dict[str, Run])
    except (OSError, msgspec.MsgspecError):
        return {}


def last_run(one: Specification, known: Mapping[str, Run]) -> Run | None:
    """How the feature as it stands last ended; None where it did not run since it changed."""
    run = known.get(one.path)
    return run if run is not None and run.sha256 == one.sha256 else None


def digest(path: Path) -> str:
    """What tells one text of a feature from another."""
    return sha256(path.read_bytes()).hexdigest()


# Its signs stand in the name in this order.
def _is_short_for(short: str, name: str) -> bool:
    signs = iter(name)
    return all(sign in signs for sign in short)


def _read(folder: Path, *, shared: bool) -> Iterator[Specification]:
    for path in sorted(folder.glob("*.feature")):
        lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
        name = next((line for line in lines if line.startswith("功能:")), "")
        yield Specification(
            name=_said(name) or path.stem,
            rules=tuple(_said(line) for line in lines if line.startswith("规则:")),
            shared=shared,
            path=f"{folder.name}/{path.name}",
            sha256=digest(path),
            scenarios=tuple(
                found[1].strip() for line in lines if (found := _SCENARIO.fullmatch(line))
            ),
        )


def _said(line: str) -> str:
    return line.partition(":")[2].strip()
