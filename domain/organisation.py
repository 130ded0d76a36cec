"""Units, areas and who works there: district, street office, community, area, department."""

import re
from dataclasses import dataclass, replace
from datetime import date

from domain.topics import event

DIGITS = {"community": 12, "street": 9, "district": 6}
"""How many digits the code of each level has (GB/T 2260)."""


def place_of(code: str) -> str:
    """The district, street or community that a unit belongs to: its code goes on from theirs."""
    return re.split("[/-]", code, maxsplit=1)[0]


@event("unit.registered.v1")
class UnitRegistered:
    """A unit exists from `valid_from` on.

    code: GB/T 2260 division code for districts (6 digits), streets (9), communities (12);
        our own codes, `370103008001-03` or `370103008/cg`, for areas, departments, providers.
    kind: district, street, community, area, department, provider.
    parent: code of the unit above, empty for a district.
    lines: the service lines a department is competent for; empty means all.
    """

    code: str
    kind: str
    name: str
    parent: str
    lines: tuple[str, ...]
    valid_from: date


@event("unit.renamed.v1")
class UnitRenamed:
    """The unit bears another name from `valid_from` on; the history keeps both."""

    code: str
    name: str
    valid_from: date


@event("unit.area_assigned.v1")
class AreaAssigned:
    """A responsibility area was given to a worker (an account) from `valid_from` on."""

    code: str
    worker: str
    valid_from: date


@event("unit.closed.v1")
class UnitClosed:
    """`valid_to` is the unit's last day. Nothing new is entered for it afterwards; what was open
    by then goes on under it. Closed again, it has the later word's day."""

    code: str
    valid_to: date


@dataclass(frozen=True, slots=True)
class OrganisationUnit:
    """A unit as it stands: its names and workers with the dates from which they hold.

    valid_to: its last day, None while it is not closed.
    """

    code: str
    kind: str
    parent: str
    lines: tuple[str, ...]
    names: tuple[tuple[date, str], ...]
    workers: tuple[tuple[date, str], ...] = ()
    valid_to: date | None = None

    @property
    def valid_from(self) -> date:
        """Its first day."""
        return self.names[0][0]

    def closed(self, on: date) -> bool:
        """Whether its last day lies before that day."""
        return self.valid_to is not None and self.valid_to < on

    def worker(self, on: date) -> str:
        """The account that holds the area on that day, empty where nobody does."""
        return _held(self.workers, on) or ""

    def name(self, on: date) -> str:
        """The name it bore on that day."""
        return _held(self.names, on) or self.names[0][1]


# By validity, not by the order of recording; of two for one day the later word counts.
def _held(held: tuple[tuple[date, str], ...], on: date) -> str | None:
    so_far = [(since, place, what) for place, (since, what) in enumerate(held) if since <= on]
    return max(so_far)[2] if so_far else None


UnitEvent = UnitRegistered | UnitRenamed | AreaAssigned | UnitClosed


def evolve(unit: OrganisationUnit | None, event: UnitEvent) -> OrganisationUnit:
    """The unit after `event`. Never refuses."""
    match event:
        case UnitRegistered():
            return OrganisationUnit(
                code=event.code,
                kind=event.kind,
                parent=event.parent,
                lines=event.lines,
                names=((event.valid_from, event.name),),
            )
        case UnitRenamed():
            assert unit is not None
            return replace(unit, names=(*unit.names, (event.valid_from, event.name)))
        case AreaAssigned():
            assert unit is not None
            return replace(unit, workers=(*unit.workers, (event.valid_from, event.worker)))
        case UnitClosed():
            assert unit is not None
            return replace(unit, valid_to=event.valid_to)
