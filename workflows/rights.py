"""The one decision point: may this actor do this to that, and which rows may it see.

The matrix is data (`rights.yaml`); whatever it does not allow is refused.
"""

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
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
    units: those that lead. asked: those that were asked to take over or to lend a hand, and
        have not led yet. people: assigned accounts.
    """

    area: str = ""
    line: str = ""
    units: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    owner: str = ""
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The rows that an actor may see: every query takes one. The default sees nothing.

    prefix: codes of areas within reach begin with it; codes are hierarchical (GB/T 2260).
    lines: only these lines; empty for all.
    assigned: only what the account or its unit is assigned to. own: only the account's own.
    helping: what a unit was only asked to help with counts as assigned to it.
    deputy_for: what the principal is assigned to counts as assigned to the deputy.
    aggregates: sums only, no rows.
    stubs: what is restricted too, of which nothing but number, line and deadline may be shown.
    """

    prefix: str | None = None
    lines: tuple[str, ...] = ()
    assigned: bool = False
    own: bool = False
    helping: bool = False
    aggregates: bool = False
    stubs: bool = False
    account: str = ""
    deputy_for: str = ""
    unit: str = ""

    @property
    def named(self) -> tuple[str, ...]:
        """The accounts under which the asker is named: their own, and whose deputy they are."""
        return tuple(account for account in (self.account, self.deputy_for) if account)

    def covers(self, resource: Resource) -> bool:
        """True where the resource lies within, or the asker's unit was asked to take part."""
        if self == EVERYWHERE:
            return True
        if self.prefix is None or self.aggregates:
            return False
        named = any(account in resource.people for account in self.named)
        # Of what is restricted a unit knows nothing, whatever it was asked for: its people do.
        if resource.restricted and not named and not self.stubs:
            return False
        units = (*resource.units, *resource.asked) if self.helping else resource.units
        assigned = named or (bool(self.unit) and self.unit in units)
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


@dataclass(frozen=True, slots=True)
class Note:
    """What a row of the matrix says beside its cells."""

    zh: str
    en: str


@cache
def notes(path: Path = MATRIX) -> dict[str, Note]:
    """The notes of the matrix, by action."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load(path.read_text("utf-8"))["notes"]
    return {action: Note(**note) for action, note in loaded.items()}


# A page asks it dozens of times, of the same actor.
@lru_cache(maxsize=4_096)
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
    helping = action in _HELPING
    match reach.rstrip("l"):
        case "n":
            return Scope(prefix="", aggregates=True, account=actor.account)
        case "S" | "Sa":
            return Scope(prefix="", own=True, account=actor.account)
        case "a":
            return Scope(
                prefix="",
                assigned=True,
                helping=helping,
                account=actor.account,
                deputy_for=actor.deputy_for,
                unit=_seat(actor),
            )
        case level:
            return Scope(
                prefix=_reach(actor.unit, level),
                lines=lines,
                helping=helping,
                stubs=action == ASSIGN,
                account=actor.account,
                deputy_for=actor.deputy_for,
                unit=_seat(actor),
            )


@cache
def limited(path: Path = MATRIX) -> frozenset[Role]:
    """The roles that are granted for lines: some right of theirs reaches their own lines only."""
    return frozenset(
        Role(role)
        for reaches in matrix(path).values()
        for role, reach in reaches.items()
        if reach.endswith("l")
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
    plain = _plain(unit)
    # A role granted for a unit above its level would reach too far: it reaches nothing.
    return plain[: LENGTH[level]] if len(plain) >= LENGTH[level] else None


# What an office leads or was asked for is its people's, of whatever line. What a whole district,
# street or community leads is of all lines: to those who were granted some of them it is not.
def _seat(actor: Actor) -> str:
    return "" if actor.lines and _plain(actor.unit) == actor.unit else actor.unit


def _plain(unit: str) -> str:
    return re.split("[/-]", unit, maxsplit=1)[0]


def authorise(
    actor: Actor, action: str, resource: Resource, shown: object = "", *, what: str = "resource"
) -> None:
    """Let it pass, or refuse. `what`, `shown`: what the resource is, and the asker's name for it.

    Raises NotAllowed where the role has no such right at all, and NotFound where it has,
    but not here: a stranger's affair answers like one that does not exist.
    """
    if actor.role is Role.SYS:
        return
    scope = scope_of(actor, action)
    if scope.prefix is None:
        raise NotAllowed(action, actor.role.value)
    if not scope.covers(resource):
        raise NotFound(what, shown)


def authorise_affair(actor: Actor, right: str, resource: Resource, shown: object) -> None:
    """Let pass whoever may view the affair and has the right to it, or refuse. To assign it,
    nobody needs to view it.

    Raises NotAllowed where the role has no such right, or where its unit only lends a hand, and
    NotFound where the affair is out of view.
    """
    scope = scope_of(actor, right)
    if scope.prefix is None:
        raise NotAllowed(right, actor.role.value)
    authorise(actor, ASSIGN if right == ASSIGN else VIEW, resource, shown, what="affair")
    if not scope.covers(resource):
        raise NotAllowed(right, actor.role.value)


def resource_of(affair: Affair) -> Resource:
    """What rights ask of an affair."""
    standing, work = affair.standing, affair.work
    open_joint = tuple(joint.unit for joint in work.joint if not joint.done)
    # The community leads whatever nobody else does: that assigns it to nobody in particular.
    lead = standing.lead_unit if standing.lead_unit != affair.identity.community else ""
    return Resource(
        area=affair.identity.area or affair.identity.community,
        line=affair.identity.line,
        units=(lead,) if lead else (),
        asked=tuple(unit for unit in (work.referral, *open_joint) if unit and unit != lead),
        people=(standing.assignee,) if standing.assignee else (),
        owner=affair.identity.registered_by,
        restricted=affair.identity.restricted,
    )


# Asked of all colleagues for each list.
@lru_cache(maxsize=8_192)
def may_work(actor: Actor, resource: Resource) -> bool:
    """Whether an affair can be given to the actor: it lies within reach, whoever has it now.

    Residents act on what is their own, and are given nothing.
    """
    scope = scope_of(actor, WORK)
    return not scope.own and scope.covers(replace(resource, people=(), restricted=False))


WORK, VIEW, ASSIST = "work_affair", "view_affair", "assist_affair"
"""Whoever works on an affair, or assists with it, views it too: both are asked."""

ASSIGN = "assign_affair"

PROFILE, REVEAL = "view_profile", "reveal"
"""To be shown personal values under their masks, and to look at them in clear."""

_HELPING = (VIEW, ASSIST, PROFILE, REVEAL)


def right_of(kind: str, name: str = "") -> str:
    """The right that a step, an entry or an action asks for, by its kind and its name."""
    if kind == "archive":
        return "archive"
    return _ACTIONS.get(name, WORK) if kind == "action" else WORK


_ACTIONS = {
    "refer": "refer",
    "escalate": "refer",
    "open_joint": "refer",
    "extend": "extend_or_suspend",
    "suspend": "extend_or_suspend",
    "resume": "extend_or_suspend",
    "return_visit": "return_visit",
    "supervise": "supervise",
    "propose_supervision": "supervise",
    "confirm_supervision": "supervise",
    "decline_supervision": "supervise",
    "assign": ASSIGN,
    "recuse": ASSIST,
    "sign_in": ASSIST,
    "refuse_referral": ASSIST,
    "joint_done": ASSIST,
}

STEPS = (WORK, right_of("archive"))
"""The rights of steps, before it is known which kind one is."""
