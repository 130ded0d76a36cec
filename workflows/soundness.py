"""Soundness."""

from collections.abc import Iterator
from typing import NamedTuple

from workflows.line import Line


class Fault(NamedTuple):
    """Where in the line (keys and positions), what is wrong, what to write."""

    route: tuple[str | int, ...]
    wrong: str
    remedy: str


def faults_of(line: Line) -> Iterator[Fault]:
    yield from ()
