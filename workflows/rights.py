"""The one decision point: may this actor do this to that, and which rows may it see.

The matrix is data (`rights.yaml`); whatever it does not allow is refused.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from domain.actor import Actor, Role
from domain.affair.state import Affair
from domain.errors import NotAllowed, NotFound

MATRIX = Path(__file__).with_name("rights.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What an action is about, as far as rights ask. Empty where it does not apply.

    area: code of the responsibility area, or of the community where there is none; empty
        for what belongs to the whole district.
    units: units that were asked to lead or to lend a hand. people: assigned accounts.
    """

    area: str = ""
    line: str = ""
    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    owner: str = ""
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The rows that an actor may see: every query takes one. The default sees nothing.

    prefix: codes of areas within reach begin with it; codes are hierarchical (GB/T 2260).
    lines: only these lines; empty for all.
    assigned: only what the account or its unit is assigned to. own: only the account's own.
    aggregates: sums only, no rows.
    """

    prefix: str | None = None
    lines: tuple[str, ...] = ()
    assigned: bool = False
    own: bool = False
    aggregates: bool = False
    account: str = ""
    unit: str = ""

    def covers(self, resource: Resource) -> bool:
        """True where the resource lies within, or the asker's unit was asked to take part."""
        if self == EVERYWHERE:
            return True
        if self.prefix is None or self.aggregates:
            return False
        assigned = (bool(self.account) and self.account in resource.people) or (
            bool(self.unit) and self.unit in resource.units
        )
        if resource.restricted and not assigned:
            return False
        if self.own:
            return bool(self.account) and resource.owner == self.account
        if self.assigned or assigned:
            return assigned
        if self.lines and resource.line and resource.line not in self.lines:
            return False
        if not resource.area:
            return len(self.prefix) <= LENGTH["D"]
        if len(self.prefix) > COMMUNITY:
            return resource.area == self.prefix
        return resource.area.startswith(self.prefix)


NOWHERE = Scope()
EVERYWHERE = Scope(prefix="", account="SYS")


@cache
def matrix(path: Path = MATRIX) -> dict[str, dict[str, str]]:
    """The matrix: action to role to reach."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load(path.read_text("utf-8"))["actions"]
    return loaded


def scope_of(actor: Actor, action: str) -> Scope:
    """How far `actor` reaches with `action`. Default deny: NOWHERE."""
    if actor.role is Role.SYS:
        return EVERYWHERE
    reach = matrix().get(action, {}).get(actor.role.value)
    if reach is None:
        return NOWHERE
    lines = actor.lines if reach.endswith("l") else ()
    if reach.endswith("l") and not lines:
        return NOWHERE
    match reach.rstrip("l"):
        case "n":
            return Scope(prefix="", aggregates=True, account=actor.account)
        case "S" | "Sa":
            return Scope(prefix="", own=True, account=actor.account)
        case "a":
            return Scope(prefix="", assigned=True, account=actor.account, unit=actor.unit)
        case level:
            return Scope(
                prefix=_reach(actor.unit, level),
                lines=lines,
                account=actor.account,
                unit=actor.unit,
            )


COMMUNITY = 12
LENGTH = {"K": COMMUNITY, "T": 9, "D": 6}


# Codes carry their place: 370103 district, 370103008 street, 370103008001 community,
# 370103008001-03 area, 370103008/cg a department of the street.
def _reach(unit: str, level: str) -> str | None:
    if not unit:
        return None
    if level == "A":
        return unit if len(unit) > COMMUNITY else None
    plain = re.split("[/-]", unit, maxsplit=1)[0]
    # A role granted for a unit above its level would reach too far: it reaches nothing.
    return plain[: LENGTH[level]] if len(plain) >= LENGTH[level] else None


def authorise(actor: Actor, action: str, resource: Resource, shown: object = "") -> None:
    """Let it pass, or refuse. `shown` is what the asker called the resource.

    Raises NotAllowed where the role has no such right at all, and NotFound where it has,
    but not here: a stranger's affair answers like one that does not exist.
    """
    if actor.role is Role.SYS:
        return
    scope = scope_of(actor, action)
    if scope.prefix is None:
        raise NotAllowed(action, actor.role.value)
    if action == "register_affair":
        # Nobody has a part yet in what is not there: only the place and the line count.
        resource = replace(resource, people=(), units=())
    if not scope.covers(resource):
        raise NotFound("resource", shown)


def resource_of(affair: Affair) -> Resource:
    """What rights ask of an affair."""
    standing, work = affair.standing, affair.work
    open_joint = tuple(joint.unit for joint in work.joint if not joint.done)
    # The community leads whatever nobody else does: that assigns it to nobody in particular.
    lead = standing.lead_unit if standing.lead_unit != affair.identity.community else ""
    units = (lead, work.referral, *open_joint)
    return Resource(
        area=affair.identity.area or affair.identity.community,
        line=affair.identity.line,
        units=tuple(unit for unit in units if unit),
        people=(standing.assignee,) if standing.assignee else (),
        owner=affair.identity.registered_by,
        restricted=affair.identity.restricted,
    )


ACTIONS = {
    "refer": "refer",
    "escalate": "refer",
    "open_joint": "refer",
    "extend": "extend_or_suspend",
    "suspend": "extend_or_suspend",
    "resume": "extend_or_suspend",
    "return_visit": "return_visit",
    "supervise": "supervise",
}
"""Which right an action of the procedure asks for; `work_affair` for the others."""
