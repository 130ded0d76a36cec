"""What may happen to an account. Pure; each function refuses, or tells the events.

Whether the asker has the right to ask at all is the handler's question.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.account import commands as c
from domain.account import events as e
from domain.account.state import Account, Credential, Grant, grant_id, stream_of
from domain.actor import Role
from domain.affair.commands import deed_of
from domain.clock import local_day
from domain.errors import (
    FieldInvalid,
    LastOfItsRole,
    Malformed,
    NotAfterTheLast,
    NotForOneself,
    NotFound,
    NotPermittedNow,
    RolesApart,
)
from domain.organisation import OrganisationUnit
from domain.personal import Personal
from domain.written import unseen

CODE = re.compile(r"[a-z][a-z0-9.-]{2,31}")
NAME_LONGEST, REASON_LONGEST = 100, 500
CREDENTIALS = ("password", "factor", "identity")

APART = frozenset({Role.ADM, Role.SEC, Role.AUD})
"""Who holds one of these holds nothing else on the same day."""

NEEDED = (Role.ADM, Role.SEC)
"""A district is never without these."""

NEVER_DEPUTED = frozenset({*APART, Role.RES, Role.SRV, Role.SYS})
DEPUTY_DAYS = timedelta(days=60)

PLACES: Mapping[Role, frozenset[str]] = {
    Role.CW: frozenset({"area"}),
    Role.FD: frozenset({"community"}),
    Role.MED: frozenset({"community"}),
    Role.CD: frozenset({"community"}),
    Role.SC: frozenset({"street", "department of street"}),
    Role.SL: frozenset({"street", "department of street"}),
    Role.DO: frozenset({"district", "department of district"}),
    Role.DL: frozenset({"district", "department of district"}),
    Role.SUP: frozenset({"district"}),
    Role.AUD: frozenset({"district"}),
    Role.POL: frozenset({"district"}),
    Role.ADM: frozenset({"district"}),
    Role.SEC: frozenset({"district"}),
    Role.SRV: frozenset({"provider"}),
    Role.RES: frozenset(),
}
"""For which kinds of unit a role is granted; a resident's for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a decision may know besides the account.

    limited: the roles that are held for lines. elsewhere: the roles of `NEEDED` that another
    open account holds today, without a last day.
    """

    now: datetime
    units: Mapping[str, OrganisationUnit]
    limited: frozenset[Role] = frozenset()
    elsewhere: frozenset[Role] = frozenset()


def open_account(account: Account | None, command: c.OpenAccount, facts: Facts) -> list[object]:
    """Make it. Its code is there once, and for ever."""
    if not CODE.fullmatch(command.account) or command.account == "sys":
        raise FieldInvalid("open_account", "account", "3 to 32 of a to z, 0 to 9, . and -")
    _proper(command, facts)
    if account is not None:
        raise NotPermittedNow("open_account", "an account has this code already")
    name = _name(command.account, command.name)
    by, at = command.by.account, command.occurred_at
    return [e.AccountOpened(account=command.account, name=name, by=by, occurred_at=at)]


def rename(account: Account, command: c.RenameAccount, facts: Facts) -> list[object]:
    """Another name."""
    _open(account, command, facts)
    name = _name(account.account, command.name)
    return [e.AccountRenamed(name=name, by=command.by.account, occurred_at=command.occurred_at)]


def close(account: Account, command: c.CloseAccount, facts: Facts) -> list[object]:
    """The end of its roles, unless the district would be without one that it needs."""
    _open(account, command, facts)
    for held in account.grants:
        _not_the_last(held, facts)
    reason = _reason(command, command.reason)
    by, at = command.by.account, command.occurred_at
    return [e.AccountClosed(reason=reason, by=by, occurred_at=at)]


def reopen(account: Account, command: c.ReopenAccount, facts: Facts) -> list[object]:
    """May be used again."""
    _proper(command, facts)
    if not account.closed:
        raise NotPermittedNow("reopen_account", "the account is not closed")
    reason = _reason(command, command.reason)
    by, at = command.by.account, command.occurred_at
    return [e.AccountReopened(reason=reason, by=by, occurred_at=at)]


def grant(account: Account, command: c.GrantRole, facts: Facts) -> list[object]:
    """A role in its own right."""
    _open(account, command, facts)
    _in_order(command.valid_from, command.valid_until)
    _fits(command, facts)
    new = Grant(
        account=account.account,
        grant=_id(command),
        role=command.role,
        unit=command.unit,
        lines=command.lines,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
    )
    return [_given(account, command, new)]


def appoint(
    account: Account, command: c.AppointDeputy, principal: Account, facts: Facts
) -> list[object]:
    """Somebody of the same role beside stands in, for sixty days at most.

    principal: the account for which it stands in, as it stands.
    """
    _open(account, command, facts)
    if command.principal in (*command.by.accounts, account.account):
        raise NotForOneself("appoint_deputy", command.principal)
    _in_order(command.valid_from, command.valid_until)
    if command.valid_until - command.valid_from >= DEPUTY_DAYS:
        raise FieldInvalid("appoint_deputy", "valid_until", "at most 60 days, the first included")
    theirs = principal.holding(command.of)
    if theirs is None:
        raise NotFound("grant", command.of)
    if theirs.role in NEVER_DEPUTED:
        raise NotPermittedNow("appoint_deputy", "nobody stands in for this role")
    if not theirs.own:
        raise NotPermittedNow("appoint_deputy", "a deputy has no deputy")
    if not theirs.spans(command.valid_from, command.valid_until):
        raise NotPermittedNow("appoint_deputy", "the principal does not hold it on all these days")
    if not any(
        held.own
        and held.spans(command.valid_from, command.valid_until)
        and beside(held, theirs, facts.units)
        for held in account.grants
    ):
        raise NotPermittedNow("appoint_deputy", "a deputy holds the same role in a unit beside")
    new = replace(
        theirs,
        account=account.account,
        grant=_id(command),
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        of=theirs.grant,
        deputy_for=theirs.account,
    )
    return [_given(account, command, new)]


def withdraw(account: Account, command: c.WithdrawRole, facts: Facts) -> list[object]:
    """A grant that it holds is over."""
    _open(account, command, facts)
    held = account.holding(command.grant)
    if held is None:
        raise NotFound("grant", command.grant)
    _not_the_last(held, facts)
    reason = _reason(command, command.reason)
    by, at = command.by.account, command.occurred_at
    return [e.RoleWithdrawn(grant=command.grant, reason=reason, by=by, occurred_at=at)]


def set_credential(account: Account, command: c.SetCredential, facts: Facts) -> list[object]:
    """Another means of coming in."""
    _of_open(account, command, facts)
    if command.kind not in CREDENTIALS:
        raise FieldInvalid("set_credential", "kind", f"one of {', '.join(CREDENTIALS)}")
    if _credential(account, command.credential) is not None:
        raise NotPermittedNow("set_credential", "it counts already")
    return [
        e.CredentialSet(
            credential=command.credential,
            kind=command.kind,
            by=command.by.account,
            occurred_at=command.occurred_at,
        )
    ]


def remove_credential(account: Account, command: c.RemoveCredential, facts: Facts) -> list[object]:
    """One less."""
    _of_open(account, command, facts)
    if _credential(account, command.credential) is None:
        raise NotFound("credential", command.credential)
    by, at = command.by.account, command.occurred_at
    return [e.CredentialRemoved(credential=command.credential, by=by, occurred_at=at)]


def end_sessions(account: Account, command: c.EndSessions, facts: Facts) -> list[object]:
    """Whoever is in is out."""
    _of_open(account, command, facts)
    return [e.SessionsEnded(by=command.by.account, occurred_at=command.occurred_at)]


# --- what they share -----------------------------------------------------------------------------


def _id(command: c.GrantRole | c.AppointDeputy) -> UUID:
    return grant_id(command.account, command.by.account, command.command_id)


def _given(account: Account, command: c.GrantRole | c.AppointDeputy, new: Grant) -> e.RoleGranted:
    for held in account.grants:
        if not held.meets(new.valid_from, new.valid_until):
            continue
        if held.role is not new.role and APART & {held.role, new.role}:
            raise RolesApart(new.role.value, held.role.value)
        if _same(held, new):
            raise NotPermittedNow(deed_of(command), "held there on some of these days already")
    return e.RoleGranted(
        account=new.account,
        grant=new.grant,
        role=new.role.value,
        unit=new.unit,
        lines=new.lines,
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        of=new.of,
        deputy_for=new.deputy_for,
        reason=_reason(command, command.reason),
        by=command.by.account,
        occurred_at=command.occurred_at,
    )


# Of a role that is held for lines, other lines are another matter.
def _same(held: Grant, new: Grant) -> bool:
    shared = not held.lines or not new.lines or set(held.lines) & set(new.lines)
    return (held.role, held.unit) == (new.role, new.unit) and bool(shared)


def beside(held: Grant, theirs: Grant, units: Mapping[str, OrganisationUnit]) -> bool:
    """Whether they are of one role, in one unit or in two below the same one."""
    if held.role is not theirs.role or not {held.unit, theirs.unit} <= units.keys():
        return False
    above = {units[held.unit].parent, units[theirs.unit].parent}
    return held.unit == theirs.unit or (len(above) == 1 and above != {""})


def _fits(command: c.GrantRole, facts: Facts) -> None:
    role = command.role
    if role not in PLACES:
        raise FieldInvalid("grant_role", "role", f"one of {', '.join(PLACES)}")
    unit = facts.units.get(command.unit)
    if command.unit and (unit is None or command.valid_from < unit.names[0][0]):
        raise FieldInvalid("grant_role", "unit", "a unit that is there on the first day")
    kind = kind_of(unit, facts.units) if unit else ""
    if kind not in (PLACES[role] or {""}):
        raise FieldInvalid("grant_role", "unit", f"for this role: {_named(PLACES[role])}")
    if bool(command.lines) != (role in facts.limited):
        raise FieldInvalid("grant_role", "lines", "named for this role, or left out for others")
    if not all(re.fullmatch("[A-Z]{2}", line) for line in command.lines):
        raise FieldInvalid("grant_role", "lines", "codes of lines, such as CG")


def _named(kinds: frozenset[str]) -> str:
    return ", ".join(sorted(kinds)) or "none"


def kind_of(unit: OrganisationUnit, units: Mapping[str, OrganisationUnit]) -> str:
    """The kind of a unit as `PLACES` says it: a department's with what it belongs to."""
    if unit.kind != "department":
        return unit.kind
    above = units.get(unit.parent)
    return f"department of {above.kind}" if above else unit.kind


def _not_the_last(held: Grant, facts: Facts) -> None:
    if held.role not in NEEDED or not held.on(local_day(facts.now)):
        return
    if held.role not in facts.elsewhere:
        raise LastOfItsRole(held.role.value)


def _open(account: Account, command: c.OfAccount, facts: Facts) -> None:
    _proper(command, facts)
    _not_closed(account, command)


# What one may do to one's own account.
def _of_open(account: Account, command: c.OfAccount, facts: Facts) -> None:
    _in_time(command, facts)
    _not_closed(account, command)


def _not_closed(account: Account, command: c.OfAccount) -> None:
    if account.closed:
        raise NotPermittedNow(deed_of(command), "the account is closed")


def _proper(command: c.OfAccount, facts: Facts) -> None:
    if command.account in command.by.accounts:
        raise NotForOneself(deed_of(command), command.account)
    _in_time(command, facts)


def _in_time(command: c.OfAccount, facts: Facts) -> None:
    if command.occurred_at > facts.now:
        raise NotAfterTheLast(command.occurred_at, None, facts.now)


def _in_order(since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise Malformed("valid_until", f"{since} or later")


def _name(account: str, name: str) -> Personal:
    if not 0 < len(name.strip()) <= NAME_LONGEST:
        raise Malformed("name", f"text of at most {NAME_LONGEST} signs")
    if wrong := unseen(name.strip()):
        raise Malformed("name", wrong)
    return Personal(stream_of(account), clear=name.strip())


def _reason(command: c.OfAccount, reason: str) -> Personal | None:
    if len(reason) > REASON_LONGEST:
        raise Malformed("reason", f"text of at most {REASON_LONGEST} signs")
    return Personal(stream_of(command.account), clear=reason) if reason.strip() else None


def _credential(account: Account, credential: UUID) -> Credential | None:
    return next((one for one in account.credentials if one.credential == credential), None)
