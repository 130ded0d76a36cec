"""The tree of units as it stands, and who holds which area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.errors import FieldInvalid, NotFound
from domain.organisation import OrganisationUnit


@dataclass(frozen=True, slots=True)
class Organisation:
    """All units of the log by code."""

    units: Mapping[str, OrganisationUnit] = field(default_factory=dict)
    _below: Mapping[str, list[OrganisationUnit]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        below: dict[str, list[OrganisationUnit]] = {}
        for code in sorted(self.units):
            unit = self.units[code]
            below.setdefault(unit.parent, []).append(unit)
        object.__setattr__(self, "_below", below)

    def unit(self, code: str) -> OrganisationUnit:
        """The unit. Raises NotFound."""
        found = self.units.get(code)
        if found is None:
            raise NotFound("unit", code)
        return found

    def name_of(self, code: str) -> str:
        """The name that a unit bears now; its code where there is no such unit."""
        found = self.units.get(code)
        return found.names[-1][1] if found else code

    def takes(self, code: str, on: date) -> bool:
        """Whether something new may name the unit on that day: it is there and not closed."""
        found = self.units.get(code)
        return found is not None and not found.closed(on)

    def taking(self, code: str, on: date, deed: str, field: str) -> OrganisationUnit:
        """The unit, if something new may name it on that day. Raises NotFound, FieldInvalid."""
        found = self.unit(code)
        if found.closed(on):
            raise FieldInvalid(deed, field, f"a unit that was not closed on {found.valid_to}")
        return found

    def below(self, code: str) -> Sequence[OrganisationUnit]:
        """The units right below, in the order of their codes."""
        return self._below.get(code, ()) if code else ()

    def competent(self, code: str, line: str, on: date) -> list[str]:
        """The departments right below a unit that are there on a day for a line: those that name
        it, or where none does those for all lines."""
        there = [
            unit for unit in self.below(code) if unit.kind == "department" and not unit.closed(on)
        ]
        named = [unit.code for unit in there if line in unit.lines]
        return named or [unit.code for unit in there if not unit.lines]

    def worker(self, area: str, on: date) -> str:
        """The account that holds the area on that day, empty where nobody does."""
        found = self.units.get(area)
        return found.worker(on) if found else ""

    def held(self, worker: str, on: date) -> tuple[str, ...]:
        """The areas that an account holds on that day."""
        return tuple(unit.code for unit in self.units.values() if unit.worker(on) == worker)

    def community_of(self, code: str) -> str:
        """The community that an area belongs to; a community is its own. Raises NotFound."""
        unit = self.unit(code)
        while unit.kind != "community":
            unit = self.unit(unit.parent)
        return unit.code

    def above(self, code: str, kind: str) -> str:
        """The unit of that kind above (or at) `code`, empty where there is none."""
        unit = self.units.get(code)
        while unit is not None and unit.kind != kind:
            unit = self.units.get(unit.parent)
        return unit.code if unit else ""
