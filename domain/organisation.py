"""Units, areas and who works there: district, street office, community, area, department."""

from dataclasses import dataclass, replace
from datetime import date

from domain.topics import event


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


@dataclass(frozen=True, slots=True)
class OrganisationUnit:
    """A unit as it stands: its names and workers with the dates from which they hold."""

    code: str
    kind: str
    parent: str
    lines: tuple[str, ...]
    names: tuple[tuple[date, str], ...]
    workers: tuple[tuple[date, str], ...] = ()

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


UnitEvent = UnitRegistered | UnitRenamed | AreaAssigned


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
