"""What pages ask of the accounts of a district; `adapters.people` fulfils it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from domain.account.state import Credential, Grant
from projections.grants import GrantRow


class Register(Protocol):
    """The names of the people of the district."""

    def knows(self, account: str) -> bool:
        """Whether there is such an account."""
        ...

    def name_of(self, account: str) -> str:
        """The name that is shown for an account."""
        ...

    def names_of(self, accounts: Iterable[str]) -> Mapping[str, str]:
        """The names of several, asked at once."""
        ...


class ListedAccount(Protocol):
    """An account as a list has it."""

    @property
    def account(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def closed(self) -> bool: ...


class KnownAccount(Protocol):
    """An account as those see it who keep the accounts. grants: all it ever had, in order."""

    @property
    def account(self) -> str: ...
    @property
    def closed(self) -> bool: ...
    @property
    def name(self) -> str: ...
    @property
    def grants(self) -> Sequence[GrantRow]: ...
    @property
    def in_force(self) -> frozenset[UUID]: ...
    @property
    def held(self) -> frozenset[UUID]:
        """Those that nobody has taken back, of days past and to come too."""
        ...

    @property
    def credentials(self) -> Sequence[Credential]:
        """The means of coming in that count."""
        ...


class People(Protocol):
    """Who there is, and what they are on a day."""

    def known(self, account: str, on: date) -> KnownAccount | None:
        """All that there is about the account; None where there is none of that code."""
        ...

    def grants(self, account: str, on: date) -> Sequence[Grant]:
        """What the account is on that day."""
        ...

    def at(self, unit: str, on: date) -> Sequence[Grant]:
        """The grants for exactly that unit that are in force on that day."""
        ...

    def at_each(self, units: Sequence[str], on: date) -> Mapping[str, Sequence[Grant]]:
        """The same for each of several units, asked at once."""
        ...

    def grants_of_each(self, accounts: Sequence[str], on: date) -> Mapping[str, Sequence[Grant]]:
        """What each of several accounts is, asked at once."""
        ...

    def kinds(self, on: date) -> Mapping[str, int]:
        """How many accounts are of each kind: staff, residents, idle (without a role), all."""
        ...

    def listed(
        self, kind: str, on: date, *, text: str, after: str
    ) -> tuple[Sequence[ListedAccount], str]:
        """A page of the accounts of a kind whose code or name holds the text, by code; and the
        code to go on after, empty at the end. A page of a search may hold less than there is."""
        ...

    def counted(self, on: date) -> Mapping[str, int]:
        """How many accounts hold a role of that day, by unit."""
        ...

    def name_of(self, account: str) -> str:
        """The name that is shown for an account."""
        ...
