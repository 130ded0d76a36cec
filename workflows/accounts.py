"""Handlers of accounts: who may ask, and what the decision has to know of others.

Rows `accounts` and `role_grants` of the matrix. What others hold is read from the log with the
version that was read, so that two who ask at once cannot both be right.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.account import commands as c
from domain.account import decide
from domain.account.state import Account, evolve, stream_of
from domain.actor import SYSTEM, Role
from domain.clock import local_day
from domain.errors import NotAllowed, NotFound, VersionMismatch
from domain.log import NEW
from workflows.decision import Decision
from workflows.desk import Desk, Handler, zoned
from workflows.rights import Resource, authorise, limited

ACCOUNTS, GRANTS = "accounts", "role_grants"
"""The rights, by their rows in the matrix."""

Streams = tuple[tuple[UUID, int], ...]
Decide = Callable[[Account, Any, decide.Facts], list[object]]


def open_account(desk: Desk, command: c.OpenAccount) -> Decision:
    """Make an account."""
    _authorise(command, ACCOUNTS)
    account, _ = _read(desk, command.account)
    return _of(command, NEW, decide.open_account(account, command, _facts(desk)))


def close_account(desk: Desk, command: c.CloseAccount) -> Decision:
    """Close an account, unless the district needs it."""
    _authorise(command, ACCOUNTS)
    account, version = _known(desk, command)
    elsewhere, rests_on = _elsewhere(desk, account)
    return _of(command, version, decide.close(account, command, _facts(desk, elsewhere)), rests_on)


def withdraw_role(desk: Desk, command: c.WithdrawRole) -> Decision:
    """Take a grant back, unless the district needs it."""
    _authorise(command, GRANTS)
    account, version = _known(desk, command)
    elsewhere, rests_on = _elsewhere(desk, account)
    return _of(
        command, version, decide.withdraw(account, command, _facts(desk, elsewhere)), rests_on
    )


def appoint_deputy(desk: Desk, command: c.AppointDeputy) -> Decision:
    """Have one account stand in for another."""
    _authorise(command, GRANTS)
    account, version = _known(desk, command)
    principal, read = _read(desk, command.principal)
    if principal is None:
        raise NotFound("account", command.principal)
    events = decide.appoint(account, command, principal, _facts(desk))
    return _of(command, version, events, ((stream_of(command.principal), read),))


def _by_right(right: str, decided: Decide) -> Handler:
    def handle(desk: Desk, command: Any) -> Decision:
        _authorise(command, right)
        account, version = _known(desk, command)
        return _of(command, version, decided(account, command, _facts(desk)))

    return handle


def _by_itself(rights: tuple[str, ...], decided: Decide) -> Handler:
    """Whose account it is may, and who has one of the rights."""

    def handle(desk: Desk, command: Any) -> Decision:
        if command.by.account != command.account and command.by != SYSTEM:
            _authorise_one_of(command, rights)
        account, version = _known(desk, command)
        return _of(command, version, decided(account, command, _facts(desk)))

    return handle


def _timed(handle: Handler) -> Handler:
    """Told in UTC when it happened, as the log keeps it."""

    def timed(desk: Desk, command: Any) -> Decision:
        at = zoned("occurred_at", command.occurred_at)
        return handle(desk, replace(command, occurred_at=at))

    return timed


_HANDLERS: dict[type, Handler] = {
    c.OpenAccount: open_account,
    c.RenameAccount: _by_right(ACCOUNTS, decide.rename),
    c.CloseAccount: close_account,
    c.ReopenAccount: _by_right(ACCOUNTS, decide.reopen),
    c.GrantRole: _by_right(GRANTS, decide.grant),
    c.AppointDeputy: appoint_deputy,
    c.WithdrawRole: withdraw_role,
    c.SetCredential: _by_itself((), decide.set_credential),
    c.RemoveCredential: _by_itself((GRANTS,), decide.remove_credential),
    c.EndSessions: _by_itself((ACCOUNTS, GRANTS), decide.end_sessions),
}
HANDLERS = {command: _timed(handle) for command, handle in _HANDLERS.items()}


# --- what they share -----------------------------------------------------------------------------


def _authorise(command: c.OfAccount, right: str) -> None:
    authorise(command.by, right, Resource(), command.account, what="account")


def _authorise_one_of(command: c.OfAccount, rights: tuple[str, ...]) -> None:
    for right in rights:
        try:
            return _authorise(command, right)
        except NotAllowed:
            pass
    raise NotAllowed(rights[0] if rights else ACCOUNTS, command.by.role.value)


def _read(desk: Desk, account: str) -> tuple[Account | None, int]:
    state, version = None, NEW
    for seen in desk.history(stream_of(account), 0):
        state, version = evolve(state, seen.event), seen.version
    return state, version


def _known(desk: Desk, command: c.OfAccount) -> tuple[Account, int]:
    account, version = _read(desk, command.account)
    if account is None:
        raise NotFound("account", command.account)
    expected = command.expected_version
    if expected is not None and expected != version:
        stream = stream_of(command.account)
        raise VersionMismatch(stream, expected, version, desk.history(stream, expected))
    return account, version


def _elsewhere(desk: Desk, account: Account) -> tuple[frozenset[Role], Streams]:
    """Which of the needed roles that the account holds somebody else holds too, and the streams
    that this rests on."""
    today = local_day(desk.now())
    found: dict[Role, tuple[UUID, int]] = {}
    for held in account.grants:
        if held.role not in decide.NEEDED:
            continue
        for other in desk.people.who_holds(held.role, held.unit, today):
            if other.account != account.account and other.valid_until is None:
                state, version = _read(desk, other.account)
                # The views may have moved on since: only what is read here is relied on.
                if state is not None and state.holding(other.grant) is not None:
                    found[held.role] = (stream_of(other.account), version)
    return frozenset(found), tuple(found.values())


def _facts(desk: Desk, elsewhere: frozenset[Role] = frozenset()) -> decide.Facts:
    return decide.Facts(
        now=desk.now(),
        units=desk.reference.organisation.units,
        limited=limited(),
        elsewhere=elsewhere,
    )


def _of(
    command: c.OfAccount,
    version: int,
    events: list[object],
    rests_on: Streams = (),
) -> Decision:
    stream = stream_of(command.account)
    return Decision(
        stream_id=stream,
        version=version,
        events=events,
        correlation_id=stream,
        rests_on=rests_on,
    )
