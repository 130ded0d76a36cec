"""The decision on a correction: which event it names, what of it, and whose the values are."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from domain.affair import events as e
from domain.affair.applicant import applicant_fault
from domain.affair.state import SEALED, Affair
from domain.errors import FieldInvalid, NotPermittedNow
from domain.personal import Personal
from domain.record import Record

if TYPE_CHECKING:
    from domain.affair.neutral import Ask


def correct(affair: Affair, ask: "Ask") -> list[Any]:
    """Say what should have been recorded. The wrong value stays in the log.

    Of the registration, what stands beside its record can be corrected too, and stays sealed
    for the same person. A correction is not corrected itself: its event is, once more.
    """
    version = ask.record.get("of_version")
    if not isinstance(version, Decimal) or version < 1 or version != int(version):
        raise FieldInvalid("correct", "of_version", "a whole number, 1 or more")
    event = ask.facts.corrected
    if isinstance(event, e.Corrected) or not hasattr(event, "record"):
        raise FieldInvalid("correct", "of_version", "an event of this affair that holds a record")
    procedure, matter = ask.facts.procedure, affair.identity.matter
    known = procedure.holdable(event, matter) | {field.name for field in event.record}
    told = [field.name for field in ask.record if field.name not in ("of_version", "why")]
    for name in told:
        if name not in known:
            raise FieldInvalid("correct", name, "not recorded by that event")
    if not told:
        raise NotPermittedNow("correct", "nothing to correct is named")
    record = ask.record
    if isinstance(event, e.Registered):
        if fault := applicant_fault(event.contact_wish, _clear(record)):
            raise FieldInvalid("correct", *fault)
        record = _sealed_alike(record, event)
    return [e.Corrected(of_version=int(version), record=record, by=ask.by, occurred_at=ask.at)]


def _clear(record: Record) -> dict[str, str]:
    values = ((field.name, field.value) for field in record)
    return {name: value.clear or "" for name, value in values if isinstance(value, Personal)}


# Who registers says whose the applicant's values are: what corrects them is erased with them.
def _sealed_alike(record: Record, event: e.Registered) -> Record:
    theirs = (event.applicant, event.telephone, event.address)
    subject = next((one.subject for one in theirs if one), event.summary.subject)
    return Record(
        tuple(
            replace(field, value=replace(field.value, subject=subject))
            if field.name in SEALED[1:] and isinstance(field.value, Personal)
            else field
            for field in record
        )
    )
