"""What the two halves of a porter share: the door, the people, and how the log is told."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from adapters.door.counters import Limit
from adapters.door.door import Door
from adapters.door.place import MINUTE
from adapters.people import People, Standing
from domain.account.commands import OfAccount, SetCredential
from domain.actor import Actor, Role
from domain.clock import local_day
from domain.errors import TooManyTries
from domain.log import Receipt


class Keeping:
    """Knows who there is, and tells the log what somebody did with their own account.

    run: carries a command out. now: the house's clock, by whose days grants count.
    two_factors: whether staff must show a second one; a demonstration does not ask for it.
    """

    def __init__(
        self,
        door: Door,
        people: People,
        *,
        run: Callable[[Any], Receipt],
        new_id: Callable[[], UUID],
        now: Callable[[], datetime],
        two_factors: bool,
    ) -> None:
        self.door, self.two_factors = door, two_factors
        self._people, self._run, self._new_id, self._now = people, run, new_id, now

    def _usable(self, account: str) -> Standing | None:
        standing = self._people.standing(account)
        return None if standing is None or standing.closed else standing

    def _count(self, limit: Limit, name: str, what: str, account: str) -> None:
        if wait := self.door.counters.try_(limit, name):
            raise self._no(what, "too many tries", account, TooManyTries(-(-wait // MINUTE)))

    def _no(self, what: str, why: str, account: str, refusal: Exception) -> Exception:
        self.door.journal.note(what, why, account)
        return refusal

    def _set(self, account: str, credential: UUID, kind: str) -> None:
        self._own(account, SetCredential, credential=credential, kind=kind)

    # What somebody does with their own account needs no role.
    def _own(self, account: str, command: type[OfAccount], **fields: Any) -> None:
        self._run(
            command(
                command_id=self._new_id(),
                by=Actor(account=account, role=Role.RES),
                occurred_at=self._now(),
                account=account,
                **fields,
            )
        )

    def _today(self) -> date:
        return local_day(self._now())


def ids_of(standing: Standing | None, kind: str) -> list[UUID]:
    credentials = standing.credentials if standing else ()
    return [one.credential for one in credentials if one.kind == kind]
