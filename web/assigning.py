"""Many affairs given to one account: a command for each, stored together, each with its own
answer. For the API and for the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.affair.commands import Act
from domain.errors import NotFound, Refusal
from domain.log import Receipt
from web.api.conditions import made_for
from web.api.routes import key_of
from web.entrance import reach
from web.ports import Office, SignedIn
from workflows.rights import ASSIGN

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
    """What became of one affair, named as it was asked. command: None where it was not found."""

    key: str
    command: Act | None
    answer: Receipt | Refusal


def carried_out(office: Office, who: SignedIn, asked: Assignment) -> list[Outcome]:
    """An outcome for each, in the order of the request. Raises NotAllowed where the asker may
    assign nothing at all."""
    scope = reach(who, ASSIGN)
    commands: dict[int, Act] = {}
    found: dict[int, Outcome] = {}
    for at, key in enumerate(asked.affairs):
        try:
            named = key_of(key)
            id_ = office.affair(scope, named).affair_id if isinstance(named, str) else named
        except NotFound as refusal:
            found[at] = Outcome(key, None, refusal)
            continue
        own = made_for(asked.command_id, f"assign/{id_}", who.actor.account)
        commands[at] = Act(
            command_id=own or office.new_id(),
            by=who.actor,
            occurred_at=asked.occurred_at,
            affair_id=id_,
            action="assign",
            record={"account": asked.account, "reason": asked.reason},
        )
    answers = office.run_many(list(commands.values()))
    for (at, command), answer in zip(commands.items(), answers, strict=True):
        found[at] = Outcome(asked.affairs[at], command, answer)
    return [found[at] for at in range(len(asked.affairs))]
