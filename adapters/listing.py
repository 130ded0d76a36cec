"""What a list asks for, as conditions on the worklist: its rows and its numbers are by the same."""

from typing import Any, NamedTuple

import sqlalchemy as sa

from adapters.event_store.instants import to_micros
from adapters.reach import mine, newly
from projections.own import Own
from projections.worklist import Wanted

EQUAL = ("line", "state", "source", "community", "area", "assignee", "number")
BOUNDS = ("due_before", "due_after")


class Terms(NamedTuple):
    """What a list asks for without the values that it is given with: of as many lists as ask alike
    the statement is put together once. told: the names of those values."""

    told: frozenset[str]
    open: bool | None
    to_visit: bool | None
    new: str
    mine: tuple[Own, ...]

    def conditions(self, c: Any) -> list[sa.ColumnElement[bool]]:
        """On the columns of the worklist."""
        found: list[sa.ColumnElement[bool]] = [
            c[name] == given(name, c[name]) for name in EQUAL if name in self.told
        ]
        for column, flag in ((c.open, self.open), (c.to_visit, self.to_visit)):
            if flag is not None:
                found.append(column == flag)
        if "due_before" in self.told:
            found.append(c.due_at < given("due_before", c.due_at))
        if "due_after" in self.told:
            found.append(c.due_at > given("due_after", c.due_at))
        if self.new:
            found += newly(self.new, c)
        if self.mine:
            found.append(mine(self.mine, c))
        return found


def terms_of(wanted: Wanted, *aside: str) -> tuple[Terms, dict[str, Any]]:
    """What is asked, but for some columns, and the values that it is given with."""
    told: dict[str, Any] = {
        name: value for name in EQUAL if name not in aside and (value := getattr(wanted, name))
    }
    for name in BOUNDS:
        if (moment := getattr(wanted, name)) is not None:
            told[name] = to_micros(moment)
    return Terms(
        frozenset(told),
        wanted.open,
        wanted.to_visit,
        wanted.new,
        wanted.mine,
    ), told


def given(name: str, column: Any) -> sa.BindParameter[Any]:
    """A value of that name, given with the statement."""
    return sa.bindparam(name, type_=column.type)
