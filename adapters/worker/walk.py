"""Going through what is to be done, row by row; what one row is at fault for is its own."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from adapters.event_store.faults import Fault, classify
from domain.errors import OutcomeUnknown, Refusal, StorageUnavailable

PAGE = 50
"""Rows read at a time."""

Row = TypeVar("Row")


def walk(
    read: Callable[[Row | None, int], Sequence[Row]],
    act: Callable[[Row], bool],
    failed: Callable[[Row, Exception], None],
    *,
    anew: Callable[[Row], Row | None] | None = None,
    stop: threading.Event | None = None,
) -> int:
    """Act on every row, page by page, until none is left or it is told to stop; on how many
    something was done.

    read: at most so many rows that follow the last one, those at the beginning after None.
    act: whether something was done.
    failed: told of a row that is at fault itself. What concerns all of them is raised.
    anew: where something was done, the rest is read again, after the row that this names.
    """
    done, last = 0, None
    while rows := read(last, PAGE):
        for row in rows:
            if stop is not None and stop.is_set():
                return done
            last = row
            try:
                acted = act(row)
            except Exception as error:
                if is_away(error):
                    raise
                failed(row, error)
                continue
            done += acted
            if acted and anew is not None:
                last = anew(row)
                break
    return done


def is_away(error: Exception) -> bool:
    """Whether the database is away, so that it would be the same with any other command."""
    if isinstance(error, Refusal):
        return isinstance(error, StorageUnavailable | OutcomeUnknown)
    return classify(error) is not Fault.OTHER
