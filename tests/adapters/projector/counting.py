"""Small views over units: the runner's own rules, without the product's folds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from domain.log import Recorded
from domain.organisation import UnitRegistered, UnitRenamed
from projections.view import Key, Lifecycle, Parts, View
from tests.projections.histories import Log

DAY = date(2011, 7, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """How many names begin with a letter, and all of them in the order in which they came."""

    letter: str
    number: int
    names: tuple[str, ...]


def tally(row: CountRow) -> dict[Key, int]:
    """The names, on no day."""
    return {("names", "", "", row.letter): row.number}


def _letters(event: Any, seen: Recorded) -> Parts:
    if event.name == "?":
        raise ValueError("which letter?")
    return [((name[0],), name) for name in event.name.split()]


def counting(name: str = "letters", lifecycle: Lifecycle = Lifecycle.FOLLOWING) -> View[CountRow]:
    """Counts the words of units' names by their first letter.

    A name of `?` names no row, `!` cannot be folded, `-x` removes the row of x.
    """
    view = View[CountRow](name, lifecycle, CountRow, key=("letter",), tally=tally)

    @view.on_each(UnitRegistered, UnitRenamed, parts=_letters)
    def named(row: CountRow | None, name: str, event: Any, seen: Recorded) -> CountRow | None:
        if name == "!":
            raise ValueError("that is no name")
        if name.endswith("-"):
            return None
        known = row or CountRow(letter=name[0], number=0, names=())
        return replace(known, number=known.number + 1, names=(*known.names, name))

    return view


def unit(number: int) -> UUID:
    """The stream of a unit."""
    return UUID(int=0xC000 + number)


class Units:
    """A log of units and their names."""

    def __init__(self) -> None:
        self.log = Log()
        self._known: set[int] = set()

    def named(self, number: int, name: str) -> Recorded:
        """The next event of a unit: it gets this name."""
        event: Any = UnitRenamed(code=str(number), name=name, valid_from=DAY)
        if number not in self._known:
            self._known.add(number)
            event = UnitRegistered(
                code=str(number), kind="area", name=name, parent="", lines=(), valid_from=DAY
            )
        return self.log.add(unit(number), event)
