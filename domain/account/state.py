"""An account as it stands, as far as a later decision asks."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.account import events as e
from domain.actor import Actor, Role

NIL = UUID(int=0)


@lru_cache(maxsize=4_096)
def stream_of(account: str) -> UUID:
    """The stream of an account: one code, one stream, so that a code is opened once."""
    return uuid5(NAMESPACE_URL, f"tenlines:account/{account}")


def grant_id(account: str, by: str, command_id: UUID) -> UUID:
    """The id of the grant that a command gives: nobody chooses it, so none is given twice."""
    return uuid5(stream_of(account), f"{by}/{command_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role that an account holds. The fields are those of `RoleGranted`."""

    account: str
    grant: UUID
    role: Role
    unit: str
    lines: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    of: UUID = NIL
    deputy_for: str = ""

    @property
    def actor(self) -> Actor:
        """Who acts under this grant."""
        return Actor(
            account=self.account,
            role=self.role,
            unit=self.unit,
            lines=self.lines,
            deputy_for=self.deputy_for,
        )

    @property
    def own(self) -> bool:
        """True where it is held in its own right, and not as somebody's deputy."""
        return self.of == NIL

    def on(self, day: date) -> bool:
        """Whether the day lies within its days."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def meets(self, since: date, until: date | None) -> bool:
        """Whether one of its days lies within these."""
        return (self.valid_until is None or since <= self.valid_until) and (
            until is None or self.valid_from <= until
        )

    def spans(self, since: date, until: date | None) -> bool:
        """Whether all these days lie within its own."""
        return self.valid_from <= since and (
            self.valid_until is None or (until is not None and until <= self.valid_until)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A means of coming in that counts. kind: password, factor or identity."""

    credential: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account. grants: those not withdrawn, of days to come and of days past too."""

    account: str
    closed: bool = False
    grants: tuple[Grant, ...] = ()
    credentials: tuple[Credential, ...] = ()

    def holding(self, grant: UUID) -> Grant | None:
        """Its grant of that id, None where it has none or no more."""
        return next((one for one in self.grants if one.grant == grant), None)


def evolve(account: Account | None, event: e.AccountEvent) -> Account:
    """The account after `event`. Never refuses."""
    if isinstance(event, e.AccountOpened):
        return Account(account=event.account)
    assert account is not None, "an account begins with its opening"
    match event:
        case e.AccountClosed():
            return replace(account, closed=True, grants=(), credentials=())
        case e.AccountReopened():
            return replace(account, closed=False)
        case e.RoleGranted():
            return replace(account, grants=(*account.grants, granted(event)))
        case e.RoleWithdrawn():
            left = tuple(one for one in account.grants if one.grant != event.grant)
            return replace(account, grants=left)
        case e.CredentialSet():
            new = Credential(credential=event.credential, kind=event.kind)
            return replace(account, credentials=(*account.credentials, new))
        case e.CredentialRemoved():
            kept = tuple(c for c in account.credentials if c.credential != event.credential)
            return replace(account, credentials=kept)
        case e.AccountRenamed() | e.SessionsEnded():
            return account


def granted(told: Any) -> Grant:
    """The grant that an event gives, or a row that was written from one."""
    return Grant(
        account=told.account,
        grant=told.grant,
        role=Role(told.role),
        unit=told.unit,
        lines=told.lines,
        valid_from=told.valid_from,
        valid_until=told.valid_until,
        of=told.of,
        deputy_for=told.deputy_for,
    )
