"""What happens to an account. No secret is ever here, and no sign-in: only facts about rights.

Each account is a stream of its own (`stream_of`). `by`: the account that did it, or SYS.
`reason`: free text, which may name people.
"""

from datetime import date, datetime
from uuid import UUID

from domain.personal import Personal
from domain.topics import event


@event("account.opened.v1")
class AccountOpened:
    """The account is there, with no role yet. account: its code, which it keeps for ever."""

    account: str
    name: Personal
    by: str
    occurred_at: datetime


@event("account.renamed.v1")
class AccountRenamed:
    """Its holder bears another name."""

    name: Personal
    by: str
    occurred_at: datetime


@event("account.closed.v1")
class AccountClosed:
    """Nobody comes in with it any more; the roles it held and its credentials are over."""

    reason: Personal | None
    by: str
    occurred_at: datetime


@event("account.opened_again.v1")
class AccountReopened:
    """It may be used again. What it held before is not given back."""

    reason: Personal | None
    by: str
    occurred_at: datetime


@event("account.role_granted.v1")
class RoleGranted:
    """The account holds a role.

    grant: the id of this grant. role, unit, lines: as in `domain.actor.Actor`.
    valid_from, valid_until: the first and the last day, None where no last day is set.
    of: the principal's grant that a deputy stands in for, NIL for a grant in its own right.
    deputy_for: the principal's account, empty likewise.
    """

    account: str
    grant: UUID
    role: str
    unit: str
    lines: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    of: UUID
    deputy_for: str
    reason: Personal | None
    by: str
    occurred_at: datetime


@event("account.role_withdrawn.v1")
class RoleWithdrawn:
    """The grant is worth nothing from now on."""

    grant: UUID
    reason: Personal | None
    by: str
    occurred_at: datetime


@event("account.credential_set.v1")
class CredentialSet:
    """A means of coming in counts from now on. credential: its id at the door.

    kind: password, factor or identity.
    """

    credential: UUID
    kind: str
    by: str
    occurred_at: datetime


@event("account.credential_removed.v1")
class CredentialRemoved:
    """It counts no more."""

    credential: UUID
    by: str
    occurred_at: datetime


@event("account.sessions_ended.v1")
class SessionsEnded:
    """Whoever is in with the account is out."""

    by: str
    occurred_at: datetime


AccountEvent = (
    AccountOpened
    | AccountRenamed
    | AccountClosed
    | AccountReopened
    | RoleGranted
    | RoleWithdrawn
    | CredentialSet
    | CredentialRemoved
    | SessionsEnded
)
