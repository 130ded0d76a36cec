"""Who works on an affair, and who may not: assignment 指派 and recusal 回避. Pure."""

from typing import TYPE_CHECKING, Any

from domain.affair import events as e
from domain.affair.state import Affair
from domain.errors import FieldInvalid, MustRecuse, NotPermittedNow
from domain.record import Record

if TYPE_CHECKING:
    from domain.affair.neutral import Ask


def check_recusal(affair: Affair, account: str) -> None:
    """Whoever was recused neither works on the affair, nor visits, nor is assigned to it.

    Raises MustRecuse.
    """
    if account in affair.work.recused:
        raise MustRecuse(account)


def assign(affair: Affair, ask: "Ask") -> list[Any]:
    """Give the affair to somebody who may work on it. What ends that later, the fold knows.

    Raises FieldInvalid, MustRecuse.
    """
    account = ask.record.text("account")
    check_recusal(affair, account)
    if not ask.facts.staff.get(account, False):
        raise FieldInvalid("assign", "account", "an account that may work on this affair")
    if account == affair.standing.assignee:
        raise FieldInvalid("assign", "account", "another account: it is assigned to this one")
    # Of what is restricted only the assigned know: nobody lets themselves in.
    if affair.identity.restricted and account == ask.by:
        raise FieldInvalid("assign", "account", "another account: what is restricted is given")
    return [
        e.Assigned(
            account=account, record=_rest(ask.record, "account"), by=ask.by, occurred_at=ask.at
        )
    ]


def recuse(affair: Affair, ask: "Ask") -> list[Any]:
    """Keep somebody out of the affair: oneself where no account is named.

    Raises FieldInvalid, NotPermittedNow.
    """
    account = ask.record.text("account") or ask.by
    if account != ask.by and account not in ask.facts.staff:
        raise FieldInvalid("recuse", "account", "an account that is known")
    if account in affair.work.recused:
        raise NotPermittedNow("recuse", f"{account} was recused already")
    return [
        e.Recused(
            account=account,
            ground=ask.record.text("recusal_ground"),
            record=_rest(ask.record, "account", "recusal_ground"),
            by=ask.by,
            occurred_at=ask.at,
        )
    ]


# Who is meant stands in the event itself, and is no fact of the affair.
def _rest(record: Record, *names: str) -> Record:
    return Record(tuple(field for field in record if field.name not in names))
