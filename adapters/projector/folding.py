"""Folding a batch of events over the rows of one view."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from adapters.projector.table import ViewTable
from domain.log import Recorded
from projections.view import Handler, Key, Parts

Spoilt = Callable[[Recorded, Exception], None]
"""Told of an event whose fold failed; where there is none, the failure is the caller's."""


class Folding:
    """Folds batches over a view's rows.

    keep: how many rows stay in memory between batches; only where nobody else writes the
        table, as in a rebuild. 0 keeps none.
    """

    def __init__(self, table: ViewTable, *, keep: int = 0) -> None:
        self.table = table
        self._handlers = table.view.handlers
        self._keep = keep
        self._rows: dict[Key, Any] = {}

    def wants(self, event: type) -> bool:
        """True where the view has a fold for events of this class."""
        return event in self._handlers

    def apply(
        self,
        connection: sa.Connection,
        recorded: Sequence[Recorded],
        *,
        spoilt: Spoilt | None = None,
        goes_on: Callable[[Recorded], bool] | None = None,
    ) -> None:
        """Load, fold in order of position, write.

        goes_on: asked before each fold; False leaves the event out.
        """
        work = self._work(recorded)
        if not work:
            return
        before = self._load(connection, work)
        rows = dict(before)
        for seen, handler, parts in work:
            if goes_on is not None and not goes_on(seen):
                continue
            folded: dict[Key, Any] = {}
            try:
                if isinstance(parts, Exception):
                    raise parts
                for key, part in parts:
                    row = folded[key] if key in folded else rows.get(key)
                    folded[key] = handler.fold(row, part, seen.event, seen)
            except Exception as error:
                if spoilt is None:
                    raise
                spoilt(seen, error)
                continue
            rows.update(folded)
        changed = {key: row for key, row in rows.items() if row is not before.get(key)}
        self.table.write(connection, changed)
        self._tally(connection, before, changed)
        if self._keep:
            self._remember(rows)

    def forget(self) -> None:
        """Drop the rows that are kept in memory."""
        self._rows.clear()

    # An event that names no rows fails in its turn, when it is known whether it is wanted.
    def _work(
        self, recorded: Sequence[Recorded]
    ) -> list[tuple[Recorded, Handler, Parts | Exception]]:
        work: list[tuple[Recorded, Handler, Parts | Exception]] = []
        for seen in recorded:
            handler = self._handlers.get(type(seen.event))
            if handler is None:
                continue
            try:
                parts: Parts | Exception = handler.parts(seen.event, seen)
            except Exception as error:  # noqa: BLE001 - raised again below
                parts = error
            work.append((seen, handler, parts))
        return work

    def _load(self, connection: sa.Connection, work: Sequence[Any]) -> dict[Key, Any]:
        keys = {
            key: None
            for _, _, parts in work
            if not isinstance(parts, Exception)
            for key, _ in parts
        }
        known = {key: self._rows[key] for key in keys if key in self._rows}
        missing = [key for key in keys if key not in known]
        if missing:
            known.update(self.table.load(connection, missing))
        return known

    def _tally(
        self, connection: sa.Connection, before: dict[Key, Any], changed: dict[Key, Any]
    ) -> None:
        tally = self.table.view.tally
        if tally is None:
            return
        differences: dict[Key, int] = {}
        for key, row in changed.items():
            old = before.get(key)
            if old is not None:
                for measure, number in tally(old).items():
                    differences[measure] = differences.get(measure, 0) - number
            if row is not None:
                for measure, number in tally(row).items():
                    differences[measure] = differences.get(measure, 0) + number
        self.table.add(connection, differences)

    def _remember(self, rows: dict[Key, Any]) -> None:
        if len(self._rows) > self._keep:
            self._rows.clear()
        self._rows.update(rows)
