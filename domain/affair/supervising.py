"""Supervision 督办: who orders it, who only proposes it, and the reports on it. Pure."""

from typing import TYPE_CHECKING, Any

from domain.affair import events as e
from domain.affair.state import Affair
from domain.errors import NotPermittedNow

if TYPE_CHECKING:
    from domain.affair.neutral import Ask


def supervise(affair: Affair, ask: "Ask") -> list[Any]:
    """Open a supervision order. It settles what was proposed, too."""
    return [
        e.Supervised(
            order=affair.work.orders + 1, clock="", record=ask.record, by=ask.by, occurred_at=ask.at
        )
    ]


def propose_supervision(affair: Affair, ask: "Ask") -> list[Any]:
    """Ask a leader for a supervision order. One proposal at a time."""
    if affair.work.proposed_by:
        raise NotPermittedNow("propose_supervision", "proposed already, not confirmed yet")
    return [e.SupervisionProposed(record=ask.record, by=ask.by, occurred_at=ask.at)]


def confirm_supervision(affair: Affair, ask: "Ask") -> list[Any]:
    """Open the order that somebody else proposed."""
    _of_another(affair, ask, "confirm_supervision")
    return supervise(affair, ask)


def decline_supervision(affair: Affair, ask: "Ask") -> list[Any]:
    """Answer what somebody else proposed without an order."""
    _of_another(affair, ask, "decline_supervision")
    return [e.SupervisionDeclined(record=ask.record, by=ask.by, occurred_at=ask.at)]


def answer_supervision(affair: Affair, ask: "Ask") -> list[Any]:
    """Report on the oldest open order."""
    if affair.work.orders_answered >= affair.work.orders:
        raise NotPermittedNow("answer_supervision", "no order is open")
    return [
        e.SupervisionAnswered(
            order=affair.work.orders_answered + 1, record=ask.record, by=ask.by, occurred_at=ask.at
        )
    ]


def _of_another(affair: Affair, ask: "Ask", deed: str) -> None:
    if not affair.work.proposed_by:
        raise NotPermittedNow(deed, "no supervision was proposed")
    if affair.work.proposed_by == ask.by:
        raise NotPermittedNow(deed, "proposed by the same account")
