"""A frozen value with some of its fields changed, without the price of its `__init__`."""

from collections.abc import Mapping
from typing import Any, TypeVar

T = TypeVar("T")


def changed(value: T, fields: Mapping[str, Any]) -> T:
    """What `dataclasses.replace` gives, for a frozen dataclass without slots.

    `__init__` sets a frozen class's fields one call each: for 34 fields 13 microseconds
    against 1. The names are not checked.
    """
    new = object.__new__(type(value))
    into = new.__dict__
    into.update(value.__dict__)
    into.update(fields)
    return new
