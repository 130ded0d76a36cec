"""What is wrong with a line file, and the places in it that checks look at."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from workflows.fields import FieldSpec
from workflows.line import Line

Route = tuple[str | int, ...]
Faults = Iterator["Fault"]


class Fault(NamedTuple):
    """Where in the line (keys and positions), what is wrong, what to write."""

    route: Route
    wrong: str
    remedy: str


class Asking(NamedTuple):
    """A place in the file that asks for fields."""

    route: Route
    fields: Sequence[FieldSpec]


def near(name: str, known: Iterable[str]) -> str:
    """What to write instead of `name`: the one most like it, or all there are."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"write `{close[0]}`"
    return f"write one of {', '.join(names[:40])}" if names else "leave it out: there is none"


def numbered(line: Line, key: str) -> Iterator[tuple[Route, Any]]:
    """The parts of a list of the line's, then of the common ones, and where they stand."""
    for at, one in enumerate(getattr(line, key, ())):
        yield (key, at), one
    for at, one in enumerate(getattr(line.common, key, ())):
        yield ("common", key, at), one


def asking_of(line: Line) -> Iterator[Asking]:
    """Every place that asks for fields."""
    for code, matter in line.matters.items():
        yield Asking(("matters", code, "fields"), matter.fields)
    for key in ("transitions", "entries", "actions"):
        for route, one in numbered(line, key):
            yield Asking((*route, "fields"), one.fields)
    for state, entering in line.common.entering.items():
        yield Asking(("common", "entering", state, "fields"), entering.fields)
