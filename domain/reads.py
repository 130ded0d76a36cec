"""A look at masked values in clear 明文查看: written down before anything is shown.

Each affair has a stream of its own for that, so that to look never changes the affair.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.commands import Reveal
from domain.errors import FieldInvalid, FieldMissing
from domain.personal import Personal
from domain.topics import event


@event("read.revealed.v1")
class Revealed:
    """Masked values of an affair are about to be shown to who asked for them.

    fields: their names, as events of the affair have them. reason: a code of the mask policy.
    note: the reason in words; None where the code says enough.
    """

    affair_id: UUID
    fields: tuple[str, ...]
    reason: str
    note: Personal | None
    by: str
    occurred_at: datetime


NOTE_LONGEST = 500

_APART = uuid5(NAMESPACE_URL, "tenlines:reads").int & ((1 << 62) - 1)


# The time in the id stays what it is, so that indexes grow at one end.
def reads_of(affair_id: UUID) -> UUID:
    """The stream of the looks at an affair; of that stream, the affair."""
    return UUID(int=affair_id.int ^ _APART)


def reveal(command: Reveal, reasons: Mapping[str, bool], now: datetime) -> list[object]:
    """Write down a look. It happens now, whenever it was asked for.

    reasons: the codes there are, and whether each has to be explained.
    Raises FieldMissing, FieldInvalid.
    """
    note = command.note.strip()
    if not command.fields:
        raise FieldMissing("reveal", "fields")
    if not command.reason:
        raise FieldMissing("reveal", "reason")
    if command.reason not in reasons:
        raise FieldInvalid("reveal", "reason", f"one of {', '.join(reasons)}")
    if reasons[command.reason] and not note:
        raise FieldMissing("reveal", "note")
    if len(note) > NOTE_LONGEST:
        raise FieldInvalid("reveal", "note", f"at most {NOTE_LONGEST} characters")
    return [
        Revealed(
            affair_id=command.affair_id,
            fields=tuple(dict.fromkeys(command.fields)),
            reason=command.reason,
            # Like what else is written down on the affair: its key goes when the resident's does.
            note=Personal(command.affair_id, clear=note) if note else None,
            by=command.by.account,
            occurred_at=now,
        )
    ]
