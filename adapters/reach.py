"""Whose rows a query may give, as conditions on the columns that worklist and affair page share."""

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

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
            # Without it the text would be another: not by LIKE, to which SQLite's cases are one.
            sa.func.replace(c.units, msgspec.json.encode(scope.unit).decode(), "") != c.units,
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


def mine(
    account: str, areas: Sequence[str], awaited: Sequence[tuple[str, str, str]], c: Any
) -> sa.ColumnElement[bool]:
    """What is assigned to an account, and what another unit leads that waits for whoever holds one
    of these areas, as a condition. awaited: where it does, by line, state and matter."""
    assigned: sa.ColumnElement[bool] = c.assignee == account
    if not areas or not awaited:
        return assigned
    elsewhere = sa.and_(c.open, c.referral == "", c.lead_unit != c.community, c.area.in_(areas))
    return sa.or_(assigned, sa.and_(elsewhere, sa.tuple_(c.line, c.state, c.matter).in_(awaited)))


def begins(column: Any, prefix: str) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool] = sa.func.substr(column, 1, len(prefix)) == prefix
    return found
