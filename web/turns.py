"""Whose turn it is: the unit and the person or post that the procedure waits for."""

import re
from functools import lru_cache
from typing import NamedTuple

from domain.actor import Actor, Role
from domain.clock import local_day
from projections.worklist import WorklistRow
from web.telling import Teller
from web.words import Words
from workflows.due import is_next
from workflows.line import for_matter
from workflows.machine import CompiledLine
from workflows.organisation import Organisation

COMMUNITY = frozenset({Role.CW, Role.CD, Role.FD, Role.MED})
STREET = frozenset({Role.SC, Role.SL})
LEADERS = frozenset({Role.SL, Role.DL, Role.SUP})
NOBODY = frozenset({Role.SYS, Role.RES})


class Waits(NamedTuple):
    """The unit that an affair waits for; in it an account, or the posts that may take the step;
    neither where whoever serves in it is meant, and no unit where it is nobody's turn.

    line: the affair's.
    """

    unit: str
    account: str = ""
    roles: frozenset[Role] = frozenset()
    line: str = ""

    def on(self, actor: Actor) -> bool:
        """Whether it is the turn of whoever acts. Every page that says "you" asks this."""
        if self.account:
            return self.account in actor.accounts
        if not self.roles:
            return bool(self.unit) and actor.serves(self.unit)
        return (
            actor.role in self.roles
            and (not actor.lines or self.line in actor.lines)
            and (actor.serves(self.unit) or _above(actor, self.unit))
        )

    def posts(self, words: Words) -> str:
        """The posts in words."""
        return _posts(self.roles, words)


class Turn(NamedTuple):
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
    """Whose turn an affair is, in words; nobody's where it has ended."""
    waits = waits_for(row, line, organisation)
    who = teller.staff(waits.account) if waits.account else waits.posts(words)
    return Turn(teller.unit_name(waits.unit), who)


def waits_for(row: WorklistRow, line: CompiledLine | None, organisation: Organisation) -> Waits:
    """Whom an affair waits for; nobody where it has ended or stands still, or where only the
    clock or the applicant goes on."""
    if not row.open or row.suspended or line is None:
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
    return Waits(unit, roles=roles, line=row.line)


@lru_cache(maxsize=64)
def awaiting(role: Role, lines: tuple[CompiledLine, ...]) -> tuple[tuple[str, str, str], ...]:
    """In which states these lines wait for a role: line, state, matter."""
    return tuple(
        (line.line, state, matter)
        for line in lines
        for state in line.states
        for matter in line.spec.matters
        if role in _awaited(line, state, matter)[0]
    )


# All who take a next step, and those of them who sit in the community.
@lru_cache(maxsize=4_096)
def _awaited(
    line: CompiledLine, state: str, matter: str
) -> tuple[frozenset[Role], frozenset[Role]]:
    roles = frozenset(
        role
        for spec in line.spec.all_transitions()
        if is_next(line, spec.id, state)
        and state in line.spec.states_of(spec.sources)
        and for_matter(spec.matters, matter)
        for role in spec.by
    )
    return roles - NOBODY, roles & COMMUNITY


def _above(actor: Actor, unit: str) -> bool:
    """Whether a unit is of the actor's office; a leader's office is all of its place."""
    if actor.role in LEADERS:
        return unit.startswith(re.split("[/-]", actor.unit, maxsplit=1)[0])
    return unit.startswith(f"{actor.unit}/")


@lru_cache(maxsize=1_024)
def _posts(roles: frozenset[Role], words: Words) -> str:
    return words.listed(words(f"role.{role.value}") for role in Role if role in roles)
