"""A line with one thing otherwise, for every kind of thing that it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import ValidationError

from tests.workflows.small import small
from workflows.line import Line

SMALL = small()
Route = tuple[str | int, ...]


def leaves(told: Any, route: Route = ()) -> Iterator[tuple[Route, Any]]:
    """Every value of a definition that holds no other, and where it stands."""
    match told:
        case dict() if told:
            for key, one in told.items():
                yield from leaves(one, (*route, key))
        case list() if told:
            for at, one in enumerate(told):
                yield from leaves(one, (*route, at))
        case _:
            yield route, told


WHOLE = SMALL.model_dump(mode="json", by_alias=True)


def kinds_of_leaves() -> dict[str, tuple[Route, Any]]:
    """Of the members of a list one stands for all that hold the same."""
    found: dict[str, tuple[Route, Any]] = {}
    for route, value in leaves(WHOLE):
        shape = ".".join("*" if isinstance(part, int) else part for part in route)
        found.setdefault(f"{shape}: {type(value).__name__}", (route, value))
    return found


LEAVES = kinds_of_leaves()


def with_leaf(route: Route, value: Any) -> Line | None:
    """The line with another value in one place; None where it cannot stand there."""
    whole = SMALL.model_dump(mode="json", by_alias=True)
    inner: Any = whole
    for part in route[:-1]:
        inner = inner[part]
    inner[route[-1]] = value
    try:
        return Line.model_validate_json(json.dumps(whole))
    except ValidationError:
        return None


def others(value: Any) -> tuple[Any, ...]:
    """What might stand in a value's place."""
    match value:
        case bool():
            return (not value,)
        case int():
            return (value + 1, 6)
        case str():
            return (
                "SUP", f"{value}x", "QQ", "X9", "2030-01-01", "h", "exempt", "required", "text",
                "note",
                "archive", "stage", "promise", "district", "30", "entry", "register", "referred",
                "questions", "clocks", "date", "ends_at", "SL", "10",
                "wd", "step", "X99",
            )  # fmt: skip
        case []:
            field = {"name": "one", "kind": "flag", "label": {"zh": "甲", "en": "A"}}
            return (
                ["X9"],
                ["SUP"],
                ["referred"],
                [field],
                [{"count": 1, "unit": "d"}],
                [{"zh": "甲", "en": "A"}],
                [{"matter_in": ["ZA01"]}],
            )
        case {}:
            return ({"one": {"zh": "甲", "en": "A"}}, {"grade": "grade"}, {"ZA01": ["S1"]})
        case _:
            return (
                "other", "2030-01-01", 5, True, "questions", "date", "ends_at", "street",
                {"zh": "甲", "en": "A"}, {"count": 1, "unit": "d"},
                {"month": 1, "day": 1, "years": 0, "warn": 0},
                {"field": "session", "held_in": ["repairing"]},
            )  # fmt: skip


@cache
def changed_at(leaf: str) -> Line:
    """The line with something else in that place."""
    route, value = LEAVES[leaf]
    found = next(
        (
            line
            for other in others(value)
            if other != value and (line := with_leaf(route, other)) is not None
        ),
        None,
    )
    assert found is not None, f"nothing else can stand at {route}"
    return found
