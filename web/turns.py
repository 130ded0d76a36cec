"""Whose turn it is: the unit and the person or post that the procedure waits for."""

from dataclasses import dataclass

from domain.actor import Role
from projections.worklist import WorklistRow
from web.telling import Teller
from web.words import Words
from workflows.line import for_matter
from workflows.machine import CompiledLine
from workflows.organisation import Organisation

COMMUNITY = frozenset({Role.CW, Role.CD, Role.FD, Role.MED})
STREET = frozenset({Role.SC, Role.SL})
NOBODY = frozenset({Role.SYS, Role.RES})


@dataclass(frozen=True, slots=True)
class Turn:
    """The unit's name, and the worker's or the posts that may take the next step."""

    unit: str
    who: str

    def __str__(self) -> str:
        return "·".join(part for part in (self.unit, self.who) if part)


def turn_of(
    row: WorklistRow,
    line: CompiledLine | None,
    organisation: Organisation,
    teller: Teller,
    words: Words,
) -> Turn:
    """Whose turn an affair is; nobody's where it has ended."""
    if not row.open or line is None:
        return Turn("", "")
    if row.referral:
        return Turn(teller.unit_name(row.referral), "")
    roles = _awaited(line, row.state, row.matter)
    here = roles & COMMUNITY
    if here:
        if Role.CW in here and row.assignee:
            return Turn(teller.unit_name(row.community), teller.staff(row.assignee))
        return Turn(teller.unit_name(row.community), _posts(here, words))
    unit = row.lead_unit
    if unit == row.community:
        kind = "street" if roles & STREET else "district"
        unit = organisation.above(row.community, kind) or unit
    return Turn(teller.unit_name(unit), _posts(roles, words))


# The line's own next steps; where it has none here, those of all lines, such as after resolving.
def _awaited(line: CompiledLine, state: str, matter: str) -> frozenset[Role]:
    for specs in (line.spec.transitions, line.spec.common.transitions):
        roles = frozenset(
            role
            for spec in specs
            if state in line.spec.states_of(spec.sources) and for_matter(spec.matters, matter)
            for role in spec.by
        )
        if roles - NOBODY:
            return roles - NOBODY
    return frozenset()


def _posts(roles: frozenset[Role], words: Words) -> str:
    return words.listed(words(f"role.{role.value}") for role in Role if role in roles)
