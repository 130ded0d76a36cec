"""Whose turn it is: the unit and the person or post that the procedure waits for."""

import re
from datetime import date
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from domain.actor import Actor, Role
from domain.affair.state import ENDS
from domain.clock import local_day
from domain.organisation import OrganisationUnit
from projections.own import Own, State
from projections.worklist import WorklistRow
from web.telling import Teller
from web.words import Words
from workflows.due import is_next
from workflows.fields import Label
from workflows.line import RESOLVED, for_matter
from workflows.machine import CompiledLine
from workflows.organisation import Organisation
from workflows.rights import LENGTH

COMMUNITY = frozenset({Role.CW, Role.CD, Role.FD, Role.MED})
STREET = frozenset({Role.SC, Role.SL})
DISTRICT = frozenset({Role.DO, Role.DL, Role.SUP})
OFFICERS = frozenset({Role.SC, Role.DO, Role.DL})
"""They act in their own lines only: each in the office that is competent for them."""
LEADERS = frozenset({Role.SL, Role.DL, Role.SUP})
NOBODY = frozenset({Role.SYS, Role.RES})
HELPERS = COMMUNITY | STREET | OFFICERS | {Role.SRV}
"""They answer for a unit that was asked to take over or to lend a hand; a test compares them with
the line files."""


class Waits(NamedTuple):
    """The unit that an affair waits for; in it an account, or the posts that may take the step;
    neither where whoever serves in it is meant, and no unit where it is nobody's turn.

    line: the affair's. joint: the units whose joint tasks are open. As it is told: posts, those of
    the roles that sit where the affair is, where any does; else all of them, and places, where they
    are, by the code of a unit or as the line calls it.
    """

    unit: str
    account: str = ""
    roles: frozenset[Role] = frozenset()
    line: str = ""
    joint: tuple[str, ...] = ()
    posts: frozenset[Role] = frozenset()
    places: tuple[str | Label, ...] = ()

    def on(self, actor: Actor) -> bool:
        """Whether it is the turn of whoever acts, or their unit's to lend a hand. Every page that
        says "you" asks this, and `own_of` says it to the list."""
        if actor.role in HELPERS and any(actor.serves(unit) for unit in self.joint):
            return True
        if self.account:
            return self.account in actor.accounts
        if not self.roles:
            return bool(self.unit) and actor.role in HELPERS and actor.serves(self.unit)
        return (
            actor.role in self.roles
            and (not actor.lines or self.line in actor.lines)
            and (actor.serves(self.unit) or _above(actor, self.unit))
        )

    def where(self, organisation: Organisation, words: Words) -> str:
        """Where it waits, in words: of a whole street or district the office that can act."""
        return words.listed(
            organisation.name_of(place) if isinstance(place, str) else words.label(place)
            for place in self.places or (self.unit,)
        )

    def whose(self, words: Words) -> str:
        """The posts in words."""
        return _posts(self.posts or self.roles, words)


class Turn(NamedTuple):
    """The unit's name, and the worker's or the posts that may take the next step; and the units
    that lend a hand, as they are told behind it."""

    unit: str
    who: str
    joint: str = ""

    def __str__(self) -> str:
        return "·".join(part for part in (self.unit, self.who) if part) + self.joint


def turn_of(
    row: WorklistRow,
    line: CompiledLine | None,
    organisation: Organisation,
    teller: Teller,
    words: Words,
) -> Turn:
    """Whose turn an affair is, in words; nobody's where it has ended."""
    waits = waits_for(row, line, organisation)
    who = teller.staff(waits.account) if waits.account else waits.whose(words)
    joint = joint_of(waits, organisation, words)
    if joint and waits.unit:
        joint = words("list.semicolon") + joint
    return Turn(waits.where(organisation, words), who, joint)


def joint_of(waits: Waits, organisation: Organisation, words: Words) -> str:
    """The units that lend a hand, in words; empty for none."""
    names = words.listed(organisation.name_of(unit) for unit in waits.joint)
    return words("list.joint", units=names) if names else ""


def waits_for(row: WorklistRow, line: CompiledLine | None, organisation: Organisation) -> Waits:
    """Whom an affair waits for; nobody where it has ended or stands still, or where only the
    clock or the applicant goes on."""
    if not row.open or line is None:
        return Waits("")
    joint = tuple(unit for unit in row.units if unit != row.referral)
    return _leading(row, line, organisation)._replace(joint=joint)


def _leading(row: WorklistRow, line: CompiledLine, organisation: Organisation) -> Waits:
    if row.suspended:
        return Waits("")
    if row.referral:
        return Waits(row.referral)
    roles, here = _awaited(line, row.state, row.matter)
    if here:
        # Where another unit leads, the community's part is the worker's of the area.
        led = row.lead_unit == row.community
        worker = row.assignee if led else organisation.worker(row.area, local_day(row.last_at))
        if Role.CW in here and worker:
            return Waits(row.community, worker)
        return Waits(row.community, roles=here, line=row.line)
    if not roles:
        return Waits("")
    unit = row.lead_unit
    if unit == row.community:
        kind = "street" if roles & STREET else "district"
        unit = organisation.above(row.community, kind) or unit
    # What a leader decides is no step of whoever has the affair.
    if row.assignee and unit == row.lead_unit and roles - LEADERS:
        return Waits(unit, row.assignee)
    waits = Waits(unit, roles=roles, line=row.line)
    if posts := roles & _sitting(organisation.units.get(unit), organisation):
        return waits._replace(posts=posts)
    places: list[str | Label] = []
    for role in Role:
        if role in roles and (place := _sits(role, row, line, organisation)) not in places:
            places.append(place)
    return waits._replace(places=tuple(places))


def _sitting(unit: OrganisationUnit | None, organisation: Organisation) -> frozenset[Role]:
    """Who sits in a unit, where that is one department or one provider."""
    if unit is None or unit.kind not in ("department", "provider"):
        return frozenset()
    if unit.kind == "provider":
        return frozenset({Role.SRV})
    return OFFICERS & (STREET if organisation.above(unit.code, "street") else DISTRICT)


def _sits(
    role: Role, row: WorklistRow, line: CompiledLine, organisation: Organisation
) -> str | Label:
    """Where a role sits that acts on an affair: in the street's or the district's one office of
    the line, in what the line calls so where there is no such one, or above them all."""
    department = line.spec.department
    kind, office = (
        ("street", department.street) if role in STREET else ("district", department.district)
    )
    above = organisation.above(row.community, kind)
    if not above or role not in STREET | DISTRICT:
        return row.lead_unit
    if role not in OFFICERS:
        return above
    there = organisation.competent(above, line.line, local_day(row.last_at))
    return there[0] if len(there) == 1 else office


def own_of(
    actor: Actor, lines: tuple[CompiledLine, ...], organisation: Organisation, on: date
) -> tuple[Own, ...]:
    """What is the actor's own: what is assigned to them, and all of which it is their turn."""
    held = [area for account in actor.accounts for area in organisation.held(account, on)]
    worker = Own(states=_posted(lines, Role.CW).beside, areas=tuple(held), led=False)
    own = [Own(assigned=actor.accounts), *([worker] if held else ())]
    if not actor.unit:
        return tuple(own)
    place = _place(actor.unit)
    serves = tuple(dict.fromkeys((actor.unit, place)))
    if actor.role in HELPERS:
        own += [*(Own(joint=unit) for unit in serves), Own(referred=serves)]
    posts = _posted(
        tuple(line for line in lines if not actor.lines or line.line in actor.lines), actor.role
    )
    if actor.role in COMMUNITY:
        vacant = (area.code for area in organisation.below(place) if not area.worker(on))
        own += [
            Own(states=posts.alone, within=place),
            Own(states=posts.beside, within=place, led=True, free=True),
            Own(states=posts.beside, within=place, led=False, areas=("", *vacant)),
        ]
    else:
        leads, district = actor.role in LEADERS, len(place) == LENGTH["D"]
        office = place if leads else f"{actor.unit}/"
        levels = (posts.district if district else ()) + (
            posts.street if leads or not district else ()
        )
        own += [
            Own(states=levels, within=place, led=True),
            Own(states=posts.free, led=False, leads=serves, office=office, free=True),
            Own(states=posts.decided, led=False, leads=serves, office=office),
        ]
    return tuple(one for one in own if one.states or one.assigned or one.joint or one.referred)


class _Posts(NamedTuple):
    """States in which lines wait for a post, by line, state and matter.

    alone, beside: in the community, without its worker and with. street, district: of the others,
    where such an office takes up what the community leads. free, decided: where whoever has the
    affair may take a step, and where only a leader may.
    """

    alone: tuple[State, ...]
    beside: tuple[State, ...]
    street: tuple[State, ...]
    district: tuple[State, ...]
    free: tuple[State, ...]
    decided: tuple[State, ...]


@lru_cache(maxsize=64)
def _posted(lines: tuple[CompiledLine, ...], role: Role) -> _Posts:
    alone: list[State] = []
    beside: list[State] = []
    street: list[State] = []
    district: list[State] = []
    free: list[State] = []
    decided: list[State] = []
    for line in lines:
        for state, matter in product(line.states, line.spec.matters):
            roles, here = _awaited(line, state, matter)
            told = line.line, state, matter
            if role in here:
                (beside if Role.CW in here else alone).append(told)
            elif role in roles and not here:
                (street if roles & STREET else district).append(told)
                (free if roles - LEADERS else decided).append(told)
    return _Posts(*map(tuple, (alone, beside, street, district, free, decided)))


# All who take a next step, and those of them who sit in the community. What the applicant may do,
# such as object to a notice, and what ends the affair is waited for only where nothing else is.
@lru_cache(maxsize=4_096)
def _awaited(
    line: CompiledLine, state: str, matter: str
) -> tuple[frozenset[Role], frozenset[Role]]:
    steps = [
        spec
        for spec in line.spec.all_transitions()
        if is_next(line, spec.id, state)
        and state in line.spec.states_of(spec.sources)
        and for_matter(spec.matters, matter)
    ]
    onward = [spec for spec in steps if Role.RES not in spec.by and spec.to not in ENDS]
    for part in (onward, steps):
        roles = frozenset(role for spec in part for role in spec.by) - NOBODY
        if roles and state != RESOLVED:
            break
    return roles, roles & COMMUNITY


def _above(actor: Actor, unit: str) -> bool:
    """Whether a unit is of the actor's office; a leader's office is all of its place."""
    return unit.startswith(_place(actor.unit) if actor.role in LEADERS else f"{actor.unit}/")


def _place(unit: str) -> str:
    return re.split("[/-]", unit, maxsplit=1)[0]


@lru_cache(maxsize=1_024)
def _posts(roles: frozenset[Role], words: Words) -> str:
    return words.listed(words(f"role.{role.value}") for role in Role if role in roles)
