"""A wide row with some of its columns changed."""

from collections.abc import Mapping
from typing import Any, TypeVar

Row = TypeVar("Row")


def changed(row: Row, columns: Mapping[str, Any]) -> Row:
    """What `dataclasses.replace` gives, for a frozen row without slots.

    Not by `__init__`, which sets a frozen class's columns one call each: 1 microsecond for
    34 columns against 13. The names are not checked.
    """
    new = object.__new__(type(row))
    values = new.__dict__
    values.update(row.__dict__)
    values.update(columns)
    return new
