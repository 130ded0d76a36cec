"""A read model: a row type and pure functions from (own row, event, seen) to the new row.

No clock, no fresh ids, no look at other views: a view that is dropped and rebuilt from the
log is the same, row by row. `adapters/projector` loads, folds and writes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from domain.log import Recorded

Row = TypeVar("Row")
Key = tuple[Any, ...]
Parts = Sequence[tuple[Key, Any]]


class Lifecycle(StrEnum):
    """inline: written in the transaction of the events. following: soon after, in batches."""

    INLINE = "inline"
    FOLLOWING = "following"


@dataclass(frozen=True, slots=True)
class Handler:
    """What an event does to the view.

    parts: the keys an event touches, each with what concerns that row.
    fold: from the row (None where there is none) to the new one (None removes it).
    """

    parts: Callable[[Any, Recorded], Parts]
    fold: Callable[[Any, Any, Any, Recorded], Any]


@dataclass(slots=True, eq=False)
class View(Generic[Row]):
    """A table and how events change it.

    row: a frozen dataclass; its fields are the columns.
    key: names of the fields that make the primary key.
    tally: how a row counts: a function from a row to {(measure, day, line, area): number}.
        The difference between the new and the old row is added to a roll-up table.
    reads_metadata: the folds look at `seen.metadata`; where not, a rebuild leaves it unread.
    version: raise it when the row, an index or the fold changes. A table of another version takes
        no event and no house opens on it until it is rebuilt.
    """

    name: str
    lifecycle: Lifecycle
    row: type[Row]
    key: tuple[str, ...] = ("affair_id",)
    indexes: tuple[tuple[str, ...], ...] = ()
    tally: Callable[[Row], Mapping[Key, int]] | None = None
    reads_metadata: bool = False
    version: int = 1
    handlers: dict[type, Handler] = field(default_factory=dict)

    def on(
        self, *events: type
    ) -> Callable[[Callable[[Any, Any, Recorded], Row | None]], Callable[..., Row | None]]:
        """Fold these events into the row whose key is the stream."""

        def enter(fold: Callable[[Any, Any, Recorded], Row | None]) -> Callable[..., Row | None]:
            handler = Handler(_stream, lambda row, _, event, seen: fold(row, event, seen))
            self.handlers.update(dict.fromkeys(events, handler))
            return fold

        return enter

    def on_each(
        self, *events: type, parts: Callable[[Any, Recorded], Parts]
    ) -> Callable[[Callable[[Any, Any, Any, Recorded], Row | None]], Callable[..., Row | None]]:
        """Fold these events into several rows: `parts` names each key and what concerns it."""

        def enter(
            fold: Callable[[Any, Any, Any, Recorded], Row | None],
        ) -> Callable[..., Row | None]:
            self.handlers.update(dict.fromkeys(events, Handler(parts, fold)))
            return fold

        return enter


def _stream(event: Any, seen: Recorded) -> Parts:
    return (((seen.stream_id,), None),)
