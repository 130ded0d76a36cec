"""What can be asked of an account. Texts are clear here and sealed before they are stored."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.actor import Role
from domain.affair.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class OfAccount(Command):
    """What every command about an account carries. account: its code."""

    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount(OfAccount):
    """Make an account, which holds no role yet (row `accounts` of the matrix)."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameAccount(OfAccount):
    """Give its holder another name (`accounts`)."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAccount(OfAccount):
    """Let nobody in with it, and end its roles and credentials for good (`accounts`)."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenAccount(OfAccount):
    """Let it be used again; its roles are granted anew (`accounts`)."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRole(OfAccount):
    """Give it a role in its own right (`role_grants`). The fields are those of `RoleGranted`.

    The id of the grant is `grant_id`.
    """

    role: Role
    valid_from: date
    unit: str = ""
    lines: tuple[str, ...] = ()
    valid_until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointDeputy(OfAccount):
    """Have the account stand in for another one's grant (`role_grants`).

    principal, of: whose grant it stands in for, and which. The id of the new one is `grant_id`.
    """

    principal: str
    of: UUID
    valid_from: date
    valid_until: date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRole(OfAccount):
    """Take a grant back, at once (`role_grants`)."""

    grant: UUID
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCredential(OfAccount):
    """Have a means of coming in count: the account itself may, and the system.

    credential: its id at the door, where it lies already. kind: password, factor or identity.
    """

    credential: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveCredential(OfAccount):
    """Have it count no more: the account itself may, and who grants roles (`role_grants`)."""

    credential: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSessions(OfAccount):
    """Put out whoever is in: the account itself may, `accounts` and `role_grants`."""
