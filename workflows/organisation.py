"""The tree of units as it stands, and who holds which area."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.errors import NotFound
from domain.organisation import OrganisationUnit


@dataclass(frozen=True, slots=True)
class Organisation:
    """All units of the log by code."""

    units: Mapping[str, OrganisationUnit] = field(default_factory=dict)

    def unit(self, code: str) -> OrganisationUnit:
        """The unit. Raises NotFound."""
        found = self.units.get(code)
        if found is None:
            raise NotFound("unit", code)
        return found

    def worker(self, area: str, on: date) -> str:
        """The account that holds the area on that day, empty where nobody does."""
        found = self.units.get(area)
        return found.worker(on) if found else ""

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
