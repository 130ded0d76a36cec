"""The handler of a look at masked values in clear."""

from domain import reads
from domain.commands import Reveal
from domain.log import NEW
from workflows.decision import Decision
from workflows.desk import Desk, Handler
from workflows.masks import policy
from workflows.rights import REVEAL


def reveal(desk: Desk, command: Reveal) -> Decision:
    """Write a look down, for who may have it of the affair as it stands."""
    _, version = desk.affair(command, REVEAL)
    reasons = {code: reason.explain for code, reason in policy().reasons.items()}
    stream = reads.reads_of(command.affair_id)
    before = desk.history(stream, 0)
    return Decision(
        stream_id=stream,
        version=before[-1].version if before else NEW,
        events=reads.reveal(command, reasons, desk.now()),
        correlation_id=command.affair_id,
        rests_on=((command.affair_id, version),),
        of_many=True,
    )


HANDLERS: dict[type, Handler] = {Reveal: reveal}
