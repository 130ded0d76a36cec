"""Accounts as they stand: whether one may be used, and which means of coming in count."""

from dataclasses import dataclass, replace
from uuid import UUID

from domain.account import events as e
from domain.account.state import Credential
from domain.log import Recorded
from domain.personal import Personal
from projections.view import Lifecycle, View


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account.

    closed_at: the position of its last closing, 0 for none; grants up to there are over.
    sessions_end: the position of the last event that ended its sessions, 0 for none.
    version: of its stream.
    """

    account_id: UUID
    account: str
    name: Personal
    closed: bool
    closed_at: int
    sessions_end: int
    credentials: tuple[Credential, ...]
    version: int


accounts = View[AccountRow](
    "accounts",
    Lifecycle.INLINE,
    AccountRow,
    key=("account_id",),
    indexes=(("account",),),
)


@accounts.on(e.AccountOpened)
def opened(_: AccountRow | None, event: e.AccountOpened, seen: Recorded) -> AccountRow:
    """A new account has its row."""
    return AccountRow(
        account_id=seen.stream_id,
        account=event.account,
        name=event.name,
        closed=False,
        closed_at=0,
        sessions_end=0,
        credentials=(),
        version=seen.version,
    )


@accounts.on(
    e.AccountRenamed,
    e.AccountClosed,
    e.AccountReopened,
    e.RoleGranted,
    e.RoleWithdrawn,
    e.CredentialSet,
    e.CredentialRemoved,
    e.SessionsEnded,
)
def went_on(row: AccountRow | None, event: e.AccountEvent, seen: Recorded) -> AccountRow:
    """Whatever happens to it moves its row."""
    assert row is not None, "an account begins with its opening"
    row = replace(row, version=seen.version)
    match event:
        case e.AccountRenamed(name=name):
            return replace(row, name=name)
        case e.AccountClosed():
            at = seen.position
            return replace(row, closed=True, closed_at=at, sessions_end=at, credentials=())
        case e.AccountReopened():
            return replace(row, closed=False)
        case e.CredentialSet(credential=id_, kind=kind):
            new = (*row.credentials, Credential(credential=id_, kind=kind))
            return replace(row, credentials=new, sessions_end=_ended(row, kind, seen))
        case e.CredentialRemoved(credential=id_):
            (gone,) = (one for one in row.credentials if one.credential == id_)
            kept = tuple(one for one in row.credentials if one.credential != id_)
            return replace(row, credentials=kept, sessions_end=_ended(row, gone.kind, seen))
        case e.SessionsEnded():
            return replace(row, sessions_end=seen.position)
        case _:
            return row


# Whoever is in by an identity elsewhere came in by a door that is none of ours.
def _ended(row: AccountRow, kind: str, seen: Recorded) -> int:
    return row.sessions_end if kind == "identity" else seen.position
