"""Roles that were granted: one row per grant, those that are over too."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from domain.account.events import RoleGranted, RoleWithdrawn
from domain.log import Recorded
from domain.personal import Personal
from projections.view import Lifecycle, Parts, View


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRow:
    """A grant. The fields are those of `RoleGranted`.

    granted_at: its position in the log; a closing of the account after it ended it.
    withdrawn: taken back. reason: why it was granted.
    """

    grant: UUID
    account_id: UUID
    account: str
    role: str
    unit: str
    lines: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    of: UUID
    deputy_for: str
    by: str
    reason: Personal | None
    granted_at: int
    withdrawn: bool


grants = View[GrantRow](
    "grants",
    Lifecycle.INLINE,
    GrantRow,
    key=("grant",),
    indexes=(("account_id", "granted_at"), ("role", "unit")),
)


def _grant(event: RoleGranted | RoleWithdrawn, seen: Recorded) -> Parts:
    return (((event.grant,), None),)


@grants.on_each(RoleGranted, parts=_grant)
def granted(_row: GrantRow | None, _: None, event: RoleGranted, seen: Recorded) -> GrantRow:
    """A new grant has its row."""
    return GrantRow(
        grant=event.grant,
        account_id=seen.stream_id,
        account=event.account,
        role=event.role,
        unit=event.unit,
        lines=event.lines,
        valid_from=event.valid_from,
        valid_until=event.valid_until,
        of=event.of,
        deputy_for=event.deputy_for,
        by=event.by,
        reason=event.reason,
        granted_at=seen.position,
        withdrawn=False,
    )


@grants.on_each(RoleWithdrawn, parts=_grant)
def withdrawn(row: GrantRow | None, _: None, event: RoleWithdrawn, seen: Recorded) -> GrantRow:
    """It stays as a row, and is worth nothing."""
    assert row is not None, "what is withdrawn was granted"
    return replace(row, withdrawn=True)
