"""The last running number of each line and year; intake gives the next one."""

from dataclasses import dataclass

from domain.affair.events import Registered
from domain.log import Recorded
from projections.view import Lifecycle, Parts, View


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """series: line and year, `CG-2011`. last: the highest running number given in it."""

    series: str
    last: int


numbers = View[NumberRow]("numbers", Lifecycle.INLINE, NumberRow, key=("series",))


def _series(event: Registered, seen: Recorded) -> Parts:
    series, _, running = event.number.rpartition("-")
    if not series or not (running.isascii() and running.isdigit()):
        return ()
    return (((series,), int(running)),)


@numbers.on_each(Registered, parts=_series)
def given(row: NumberRow | None, running: int, event: Registered, seen: Recorded) -> NumberRow:
    """Numbers only grow; a history that is brought in may give them out of order."""
    last = max(running, row.last) if row else running
    return NumberRow(series=event.number.rpartition("-")[0], last=last)
