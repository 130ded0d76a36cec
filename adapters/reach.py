"""Whose rows a query may give, as conditions on the columns that worklist and affair page share."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from projections.own import Own
from workflows.rights import COMMUNITY, EVERYWHERE, Scope


def within(scope: Scope, c: Any) -> list[sa.ColumnElement[bool]]:
    """The scope as conditions on the columns that worklist and affair page share.

    The same rule as `Scope.covers`; a test holds the two together.
    """
    if scope == EVERYWHERE:
        return []
    if scope.prefix is None or scope.aggregates:
        return [sa.false()]
    named: sa.ColumnElement[bool] = sa.false()
    if scope.named:
        named = c.assignee.in_(scope.named)
    assigned = named
    if scope.unit:
        assigned = sa.or_(
            assigned,
            sa.and_(c.lead_unit == scope.unit, c.lead_unit != c.community),
            _among(scope.unit, c.units),
        )
    conditions = [] if scope.stubs else [sa.or_(sa.not_(c.restricted), named)]
    if scope.own:
        return [*conditions, c.registered_by == scope.account, c.registered_by != ""]
    if scope.assigned:
        return [*conditions, assigned]
    reach: list[sa.ColumnElement[bool]] = []
    if scope.lines:
        reach.append(c.line.in_(scope.lines))
    area = sa.func.coalesce(sa.func.nullif(c.area, ""), c.community)
    if len(scope.prefix) > COMMUNITY:
        reach.append(area == scope.prefix)
    elif scope.prefix:
        reach.append(begins(c.community, scope.prefix))
    return [*conditions, sa.or_(sa.and_(sa.true(), *reach), assigned)]


def newly(account: str, c: Any) -> list[sa.ColumnElement[bool]]:
    """What was assigned to an account and has not moved on since, as conditions."""
    return [c.assignee == account, c.entered_at <= c.assigned_at]


def mine(own: Sequence[Own], c: Any) -> sa.ColumnElement[bool]:
    """What is somebody's own, as a condition.

    The same rule as `web.turns.Waits.on`, with what is assigned; a test holds the two together.
    """
    return sa.or_(sa.false(), *(sa.and_(*_own(one, c)) for one in own))


def _own(one: Own, c: Any) -> Iterator[sa.ColumnElement[bool]]:
    if one.assigned:
        yield c.assignee.in_(one.assigned)
        return
    yield c.open
    if one.joint:
        # One of its tasks is the open referral, if there is one.
        yield _among(one.joint, c.units)
        yield c.referral != one.joint
        return
    yield sa.not_(c.suspended)
    if one.referred:
        yield c.referral.in_(one.referred)
        return
    yield c.referral == ""
    yield sa.tuple_(c.line, c.state, c.matter).in_(one.states)
    if one.areas:
        yield c.area.in_(one.areas)
    if one.within:
        yield begins(c.community, one.within)
    if one.led is not None:
        led = c.lead_unit == c.community
        yield led if one.led else sa.not_(led)
    if one.leads:
        yield sa.or_(c.lead_unit.in_(one.leads), begins(c.lead_unit, one.office))
    if one.free:
        yield c.assignee == ""


# Without it the text would be another: not by LIKE, to which SQLite's cases are one.
def _among(unit: str, units: Any) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = (
        sa.func.replace(units, msgspec.json.encode(unit).decode(), "") != units
    )
    return found


def begins(column: Any, prefix: str) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = sa.func.substr(column, 1, len(prefix)) == prefix
    return found
