"""Many affairs at once, such as those given to one account: a command for each, stored together,
each with its own answer. For the API and for the pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.affair.commands import Act, Command
from domain.errors import Refusal
from domain.log import Receipt
from web.api.conditions import made_for
from web.api.routes import key_of
from web.entrance import reach
from web.ports import Office, SignedIn
from workflows.rights import ASSIGN, Scope

MOST = 100
"""Affairs at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What is asked for. command_id: the asker's own, None for a fresh one for each affair."""

    affairs: Sequence[str]
    account: str
    reason: str
    occurred_at: datetime
    command_id: UUID | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one affair, named as it was asked. affair_id: None where it was not found."""

    key: str
    affair_id: UUID | None
    answer: Receipt | Refusal


def carried_out(office: Office, who: SignedIn, asked: Assignment) -> list[Outcome]:
    """An outcome for each, in the order of the request. Raises NotAllowed where the asker may
    assign nothing at all."""

    def assign(affair_id: UUID) -> Act:
        own = made_for(asked.command_id, f"assign/{affair_id}", who.actor.account)
        return Act(
            command_id=own or office.new_id(),
            by=who.actor,
            occurred_at=asked.occurred_at,
            affair_id=affair_id,
            action="assign",
            record={"account": asked.account, "reason": asked.reason},
        )

    return each(office, reach(who, ASSIGN), asked.affairs, assign)


def each(
    office: Office, scope: Scope, keys: Sequence[str], command: Callable[[UUID], Command]
) -> list[Outcome]:
    """One command for each affair, stored together: an outcome for each, in their order. What is
    refused spoils no other."""
    meant: dict[int, tuple[UUID, Command]] = {}
    found: dict[int, Outcome] = {}
    for at, key in enumerate(keys):
        try:
            named = key_of(key)
            id_ = office.affair(scope, named).affair_id if isinstance(named, str) else named
            meant[at] = id_, command(id_)
        except Refusal as refusal:
            found[at] = Outcome(key, None, refusal)
    answers = office.run_many([command for _, command in meant.values()])
    for (at, (id_, _)), answer in zip(meant.items(), answers, strict=True):
        found[at] = Outcome(keys[at], id_, answer)
    return [found[at] for at in range(len(keys))]
