"""Colleagues to choose from: by name and post, under the unit in which they have it."""

import re
from collections.abc import Iterable
from functools import lru_cache

from domain.actor import Role
from domain.clock import local_day
from projections.worklist import WorklistRow
from web.forms import Groups
from web.ports import Office, SignedIn
from web.telling import Teller
from web.words import Words
from workflows.rights import ASSIGN, Resource, may_work, scope_of


def colleagues(
    office: Office,
    words: Words,
    resources: Iterable[Resource],
    more: Iterable[str] = (),
    teller: Teller | None = None,
) -> Groups:
    """Those whose post of today may work on one of these, whoever has it now. more: accounts that
    are offered anyhow, where they have a post in one of the units that are looked at."""
    wanted, named, teller = set(resources), set(more), teller or Teller(office, words)
    today, told = local_day(office.now()), set()
    groups = []
    near = _near(office.organisation.units, wanted)
    held = office.people.at_each(near, today)
    teller.introduce(grant.account for grants in held.values() for grant in grants)
    for unit, grants in held.items():
        choices = []
        for grant in grants:
            if grant.account in told or grant.role is Role.RES:
                continue
            actor = grant.actor
            if actor.account in named or any(may_work(actor, one) for one in wanted):
                told.add(grant.account)
                post = words(f"role.{grant.role.value}")
                name = words("form.post", name=teller.staff(grant.account), post=post)
                choices.append((grant.account, name))
        if choices:
            groups.append((teller.unit_name(unit), choices))
    return groups


def offered(
    office: Office,
    who: SignedIn,
    words: Words,
    rows: Iterable[WorklistRow],
    teller: Teller | None = None,
) -> Groups:
    """Whom the reader may give these affairs to. Where one of them is nobody may learn from it."""
    wanted: dict[Resource, None] = {}
    alike = {(r.area or r.community, r.line, r.lead_unit, r.restricted): r for r in rows}
    for row in alike.values():
        here = _anywhere(office, who, row.line) if row.restricted else [resource_of_row(row)]
        wanted |= dict.fromkeys(here)
    return colleagues(office, words, wanted, teller=teller)


def without(groups: Groups, accounts: Iterable[str]) -> Groups:
    """The same without these."""
    left = set(accounts)
    kept = [(name, [one for one in choices if one[0] not in left]) for name, choices in groups]
    return [(name, choices) for name, choices in kept if choices]


def resource_of_row(row: WorklistRow) -> Resource:
    """What rights ask of an affair before it is given to somebody."""
    lead = row.lead_unit if row.lead_unit != row.community else ""
    units = (lead,) if lead else ()
    return Resource(area=row.area or row.community, line=row.line, units=units)


def _anywhere(office: Office, who: SignedIn, line: str) -> list[Resource]:
    scope, units = scope_of(who.actor, ASSIGN), office.organisation.units.values()
    places = (Resource(area=one.code, line=line) for one in units if one.kind in PLACES)
    return [place for place in places if scope.covers(place)]


PLACES = ("community", "area")
"""Kinds of units in which affairs happen."""


# A unit's people reach what lies below it, or what it leads: others need not be asked for. Those
# who sit nearest come first.
def _near(units: Iterable[str], wanted: set[Resource]) -> list[str]:
    above = {one.area[:end] for one in wanted for end in range(1, len(one.area) + 1)}
    leading = {unit for one in wanted for unit in one.units}
    near = (unit for unit in units if _place(unit) in above or unit in leading)
    return sorted(near, key=lambda unit: (-len(_place(unit)), unit))


@lru_cache(maxsize=4_096)
def _place(unit: str) -> str:
    """The code of the place that a unit is of: without its area, or its department."""
    return re.split("[/-]", unit, maxsplit=1)[0]
