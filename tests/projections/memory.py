"""Views in memory: the contract of `projections.view`, without a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from domain.log import Recorded
from projections.view import Key, View


class Memory:
    """One view's rows and its roll-up, folded event by event as a runner would.

    rows: by primary key. tally: what `view.tally` says, summed from differences of old and
    new rows; measures that came to nothing are left out.
    """

    def __init__(self, view: View[Any], recorded: Iterable[Recorded] = ()) -> None:
        self.view = view
        self.rows: dict[Key, Any] = {}
        self.tally: Counter[Key] = Counter()
        for seen in recorded:
            self.fold(seen)

    def fold(self, seen: Recorded) -> None:
        """Apply one event."""
        handler = self.view.handlers.get(type(seen.event))
        if handler is None:
            return
        for key, part in handler.parts(seen.event, seen):
            old = self.rows.get(key)
            new = handler.fold(old, part, seen.event, seen)
            self._write(key, new)
            self._count(old, new)

    def only(self) -> Any:
        """The one row there is."""
        (row,) = self.rows.values()
        return row

    def measured(self) -> dict[str, dict[str, int]]:
        """{measure: {day: number}}, over all lines and areas."""
        found: dict[str, dict[str, int]] = {}
        for (measure, day, _line, _area), number in self.tally.items():
            days = found.setdefault(measure, {})
            days[day] = days.get(day, 0) + number
        return found

    def sums(self) -> dict[str, int]:
        """{measure: number}, over all days too."""
        return {measure: sum(days.values()) for measure, days in self.measured().items()}

    def _write(self, key: Key, row: Any) -> None:
        if row is None:
            self.rows.pop(key, None)
            return
        assert tuple(getattr(row, name) for name in self.view.key) == tuple(key)
        self.rows[key] = row

    def _count(self, old: Any, new: Any) -> None:
        for row, sign in ((old, -1), (new, 1)):
            for key, number in self._tally_of(row).items():
                self.tally[key] += sign * number
                if not self.tally[key]:
                    del self.tally[key]

    def _tally_of(self, row: Any) -> Mapping[Key, int]:
        return {} if row is None or self.view.tally is None else self.view.tally(row)
