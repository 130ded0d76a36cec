"""What an account may do and why: the matrix, told for what it holds.

Pure: roles, units and lines in; rows with their reasons out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.account.state import Grant
from workflows.rights import matrix, scope_of


class Reach(StrEnum):
    """How far a right reaches. The words are those of the matrix."""

    SELF = "self"  # S: what is one's own
    AREA = "area"  # A
    COMMUNITY = "community"  # K
    STREET = "street"  # T
    DISTRICT = "district"  # D
    ASSIGNED = "assigned"  # a: what the account or its unit is assigned to
    SUMS = "sums"  # n: figures without rows
    NOWHERE = "nowhere"  # the grant's unit lies above the level, or lines are missing


_LEVELS = {"A": Reach.AREA, "K": Reach.COMMUNITY, "T": Reach.STREET, "D": Reach.DISTRICT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """A right under one grant.

    where: the code that what it reaches begins with; empty where the reach is no place.
    lines: only these; empty for all. grant: which one gives it, with its days and principal.
    cell: the matrix's own letters.
    """

    right: str
    grant: Grant
    reach: Reach
    where: str
    lines: tuple[str, ...]
    cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A right that no grant gives. held_by: the roles that have it."""

    right: str
    held_by: tuple[str, ...]


def allowed(grants: Iterable[Grant]) -> tuple[Allowed, ...]:
    """Each right that the grants give, in the order of the matrix, then of the grants."""
    held = list(grants)
    return tuple(
        _told(right, grant, cells[grant.role.value])
        for right, cells in matrix().items()
        for grant in held
        if grant.role.value in cells
    )


def lacking(grants: Iterable[Grant]) -> tuple[Lacking, ...]:
    """Each right that none of them gives, and who would have it."""
    roles = {grant.role.value for grant in grants}
    return tuple(
        Lacking(right=right, held_by=tuple(cells))
        for right, cells in matrix().items()
        if not roles & cells.keys()
    )


def _told(right: str, grant: Grant, cell: str) -> Allowed:
    scope = scope_of(grant.actor, right)
    reach = Reach.NOWHERE if scope.prefix is None else _reach(cell)
    place = reach in _LEVELS.values()
    return Allowed(
        right=right,
        grant=grant,
        reach=reach,
        where=(scope.prefix or "") if place else "",
        lines=scope.lines,
        cell=cell,
    )


def _reach(cell: str) -> Reach:
    letters = cell.rstrip("l")
    if letters in _LEVELS:
        return _LEVELS[letters]
    return {"n": Reach.SUMS, "a": Reach.ASSIGNED}.get(letters, Reach.SELF)
