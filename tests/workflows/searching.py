"""The search for a scene: one in which a step is open, or in which one guard alone is in the way.

It begins with a bare affair and changes whatever stands in the way, one guard after another,
by what `tests.workflows.holding` knows of that guard. Nothing found is trusted: the tests ask
the compiled line itself.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import product

from domain.actor import Role
from domain.errors import FieldInvalid, FieldMissing
from domain.record import NOTHING
from tests.workflows.holding import Where, changes
from tests.workflows.scenes import AFFAIR, CALENDAR, NOON, Scene, sample
from workflows.guards import Ask, Guard
from workflows.machine import CompiledLine
from workflows.ways import Way

DEEPER = 4
"""How many changes more than there are guards a scene may take."""


def bare(where: Where) -> Scene:
    """An affair of that matter and state, an actor of that role, and all that must be recorded."""
    record = plainly(where, NOON)
    return Scene(matter=where.matter, state=where.state, role=where.role, record=record)


def plainly(where: Where, at: datetime) -> dict[str, object]:
    """All that must be recorded, at that time."""
    asked = where.way.reader(where.matter, where.role).specs
    record = {spec.name: sample(spec, at) for spec in asked if spec.required}
    if where.way.id == "extend":
        record["clock"] = _extended(where)
    return record


# Some are extended as far as their line says, and when it says so; those are tested apart.
def _extended(where: Where) -> str:
    field = where.field("clock")
    assert field is not None
    clocks = (where.line.clock(name) for name in field.choices)
    free = (c for c in clocks if c and c.extension != 0 and not c.extends_when)
    return next(clock.name for clock in free)


def in_the_way(where: Where, scene: Scene) -> list[Guard] | None:
    """The guards that do not hold; None where what is recorded cannot be read."""
    line, way = where.line, where.way
    ask = Ask(
        scene.affair(), scene.actor, NOTHING, scene.at, CALENDAR, line, way.asked, scene.place
    )
    reader = way.reader(where.matter, where.role)
    try:
        ask.record = reader.read(scene.record, AFFAIR, scene.at, scene.registered_at)
    except (FieldMissing, FieldInvalid):
        return None
    return [guard for guard in where.guards if not guard.holds(ask)]


def found(where: Where, failing: Guard | None = None, start: Scene | None = None) -> Scene | None:
    """A scene in which all guards hold, or all but `failing`; None where there is none."""
    return _changed(where, start or bare(where), failing, len(where.guards) + DEEPER)


def _changed(where: Where, scene: Scene, failing: Guard | None, deeper: int) -> Scene | None:
    standing = in_the_way(where, scene)
    if standing is None:
        return None
    # Guards may be equal and yet stand twice: it is this very one that is meant.
    if failing is not None and not any(guard is failing for guard in standing):
        wrong, wanted = failing, False
    else:
        others = [guard for guard in standing if guard is not failing]
        if not others:
            return scene
        wrong, wanted = others[0], True
    if not deeper:
        return None
    for change in changes(wrong, where)[0 if wanted else 1]:
        tried = scene.copy()
        change(tried)
        if tried == scene:
            continue
        if (done := _changed(where, tried, failing, deeper - 1)) is not None:
            return done
    return None


def everywhere(
    line: CompiledLine,
    way: Way,
    *,
    roles: tuple[Role, ...] = (),
    matters: tuple[str, ...] = (),
    states: tuple[str, ...] = (),
) -> Iterator[Where]:
    """Every matter, state and role that the way is for; or only these."""
    by = [role for role in Role if role in way.by or role in way.behalf]
    sources = [state for state in line.states if state in way.sources]
    for matter, state, role in product(matters or way.forms, states or sources, roles or by):
        yield Where(line, way, matter, state, role)
