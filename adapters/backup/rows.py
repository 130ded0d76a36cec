"""From the lines of a copy to rows of tables, many at a time."""

from collections import Counter
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from adapters.backup import records as r
from adapters.backup.making import PAGE, Progress
from domain.errors import Malformed

Kinds = Mapping[type, tuple[sa.Table, Mapping[str, Any]]]
"""Of each kind of line the table of its rows, and what stands in every row besides."""


class Rows:
    """Rows by table, to be inserted together."""

    def __init__(self) -> None:
        self._rows: dict[sa.Table, list[dict[str, Any]]] = {}

    def add(self, table: sa.Table, line: r.Line, besides: Mapping[str, Any] | None = None) -> None:
        """The row of a line. besides: columns that are not its own, or not as it has them."""
        row = {name: getattr(line, name) for name in line.__struct_fields__} | dict(besides or {})
        self._rows.setdefault(table, []).append(row)

    def insert(self, connection: sa.Connection) -> None:
        """Store what was added."""
        for table, rows in self._rows.items():
            connection.execute(sa.insert(table), rows)


def brought(
    connection: sa.Connection, path: Path, kinds: Kinds, what: str, progress: Progress
) -> Counter[type]:
    """All lines of a file but its head, as rows; how many of each kind. Raises Malformed."""
    counts: Counter[type] = Counter()
    lines = (line for _, line in islice(r.read(path), 1, None))
    while page := list(islice(lines, PAGE)):
        rows = Rows()
        for line in page:
            if type(line) not in kinds:
                raise Malformed(path.name, f"holds a {type(line).__name__}")
            rows.add(kinds[type(line)][0], line, kinds[type(line)][1])
            counts[type(line)] += 1
        rows.insert(connection)
        progress(what, counts.total(), counts.total())
    return counts
