"""What the pages of the door ask of the district's porter; `adapters.door` fulfils it.

Raises the refusals of `domain.errors`: SignInRefused, SignInOver, TooManyTries and their like.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.state import Grant
from domain.actor import Actor
from web.ports import Session, SignedIn


class Entered(Protocol):
    """What somebody gets who has shown the first factor. half: the second is still to come."""

    @property
    def token(self) -> str: ...
    @property
    def half(self) -> bool: ...


class Draft(Protocol):
    """A second factor that is shown and not kept yet. salt: what the form sends back."""

    @property
    def salt(self) -> str: ...
    @property
    def seed(self) -> str: ...
    @property
    def uri(self) -> str: ...
    @property
    def picture(self) -> tuple[int, str]:
        """The same as a QR code: how wide it is, and the path of what is dark."""
        ...


class Invited(Protocol):
    """Who is invited."""

    @property
    def account(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def draft(self) -> Draft: ...


class Hats(Protocol):
    """What an account may act under today, and which of it a session acts under."""

    @property
    def account(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def current(self) -> UUID: ...
    @property
    def grants(self) -> Sequence[Grant]: ...


class Happened(Protocol):
    """What happened at the door within a minute, and how often."""

    @property
    def id(self) -> int: ...
    @property
    def minute(self) -> datetime: ...
    @property
    def account(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def times(self) -> int: ...


class Porter(Protocol):
    """Who stands at the door of a district. idle_seconds: so long a person may rest."""

    two_factors: bool
    idle_seconds: int

    def sign_in(self, account: str, password: str, address: str) -> Entered:
        """Show a password."""
        ...

    def half_in(self, token: str) -> str:
        """Who has shown the first factor."""
        ...

    def code(self, token: str, typed: str) -> str:
        """Show the second factor; the token of the session."""
        ...

    @property
    def elsewhere(self) -> str:
        """What people call the identity provider; empty where there is none."""
        ...

    def leave(self, back: str, purpose: str = "enter") -> tuple[str, str]:
        """A token for the browser to hold, and where to send it. purpose: enter or link."""
        ...

    def come_back(self, token: str, back: str, state: str, code: str) -> Entered:
        """Come in by what the provider proves."""
        ...

    def link(self, session: str, token: str, back: str, state: str, code: str) -> None:
        """Have what the provider proves open the account of who is in."""
        ...

    def invite(self, account: str, by: Actor) -> str:
        """Invite an account that has no means of coming in; the token, told only here."""
        ...

    def invited(self, token: str, salt: str = "") -> Invited:
        """Whom an invitation invites."""
        ...

    def accept(self, token: str, password: str, salt: str, code: str) -> str:
        """Come in by an invitation; the token of the session."""
        ...

    def visitor(self, token: str, *, used: bool = True) -> SignedIn | None:
        """Whose page it is; None for nobody. Raises NoRoleToday.

        used: somebody asks, and not an open page by itself, which keeps no session alive.
        """
        ...

    def caller(self, token: str) -> SignedIn | None:
        """Whose program it is; None for nobody. Raises NoRoleToday."""
        ...

    def hats(self, token: str) -> Hats | None:
        """What the holder of a session may act under today."""
        ...

    def switch(self, token: str, grant: UUID) -> str:
        """Act under another grant; the new token."""
        ...

    def change_password(self, token: str, old: str, new: str) -> str:
        """Another password; the new token."""
        ...

    def factor(self, token: str, salt: str = "") -> tuple[Draft, bool]:
        """A factor for who is in, not kept yet; and whether they have one."""
        ...

    def change_factor(self, token: str, password: str, old: str, salt: str, code: str) -> str:
        """Another second factor; the new token."""
        ...

    def identities(self, account: str) -> Sequence[tuple[UUID, datetime]]:
        """The identities that open an account, each with when it was linked."""
        ...

    def unlink(self, token: str, identity: UUID) -> None:
        """Have an identity open the account of who is in no more. Raises NotFound."""
        ...

    def reset(self, account: str, by: Actor) -> None:
        """Take away all that an account comes in by. Raises NotAllowed, NotForOneself."""
        ...

    def sign_out(self, token: str) -> None:
        """End a session."""
        ...

    def sign_out_everywhere(self, token: str) -> None:
        """End every session of who holds this one."""
        ...

    def sessions_of(self, account: str) -> Sequence[Session]:
        """What an account is in by."""
        ...

    def end_session(self, account: str, id_: UUID) -> None:
        """End one of an account's own sessions. Raises NotFound."""
        ...

    def refused(self, what: str, why: str, account: str = "") -> None:
        """Write down in the journal that something else was refused."""
        ...

    def happened(
        self, actor: Actor, *, account: str = "", what: str = "", before: int | None = None
    ) -> Sequence[Happened]:
        """The journal, the latest first. Raises NotAllowed."""
        ...
