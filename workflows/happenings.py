"""What happens when something is done, in the words that clocks start and stop on."""

from collections.abc import Iterator, Mapping

from domain.affair.state import ENDS, Affair
from domain.record import Record
from workflows import limits
from workflows.ways import ACCEPTED, CLOCK_STOP, Way


def happenings(
    steps: Mapping[str, Way],
    affair: Affair,
    matter: str,
    done: str,
    leaves: str,
    enters: str,
    record: Record,
) -> Iterator[str]:
    """Its own name first: `register`, a step's id, `entry:NAME`, an action."""
    yield done
    if leaves != enters:
        yield f"state:{enters}"
        if enters in ENDS:
            yield "ended"
    way = steps.get(done)
    if way is not None and matter in way.forms:
        marks = way.forms[matter].marks
        if ACCEPTED in marks and affair.identity.accepted_at is None:
            yield ACCEPTED
        if CLOCK_STOP in marks and not _stopped_before(steps, affair, matter):
            yield CLOCK_STOP
        if way.kind == "reopen":
            yield "reopened"
    for action, word, field in limits.TOLD_APART:
        if done == action:
            yield f"{word}:{record.text(field)}"


def _stopped_before(steps: Mapping[str, Way], affair: Affair, matter: str) -> bool:
    now = affair.standing.round
    return any(
        done.round == now
        and done.step in steps
        and CLOCK_STOP in steps[done.step].forms[matter].marks
        for done in affair.work.steps
    )
