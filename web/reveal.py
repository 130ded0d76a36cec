"""Looking at masked values in clear 明文查看: what is hidden, the record of a look, then the look.

Nothing is shown unless its record is stored; what is refused stands in the journal of the door.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool

from domain.commands import Reveal
from domain.errors import (
    CommandReused,
    FieldInvalid,
    FieldMissing,
    NotAllowed,
    NotFound,
    Refusal,
)
from domain.log import Recorded
from domain.personal import Personal
from domain.reads import Revealed, reads_of
from domain.record import Kind, Record
from projections.affair_page import AffairPageRow
from web.inside import inside
from web.ports import Office, SignedIn, Unread
from web.telling import Teller
from web.words import Words
from workflows.fields import FieldSpec
from workflows.machine import CompiledLine
from workflows.masks import policy

AGAIN = timedelta(minutes=1)
"""So long a look that is sent twice is shown twice; later it has to be asked for anew."""

FIRST = ("applicant", "telephone", "address")
"""Fields that stand before the others."""


@dataclass(frozen=True, slots=True)
class Value:
    """A hidden value. version: of the event that holds it."""

    version: int
    masked: str
    clear: str


Hidden = Mapping[str, Sequence[Value]]
"""Hidden values by the name of their field."""


def hidden(teller: Teller, line: CompiledLine, life: Sequence[Recorded | Unread]) -> Hidden:
    """The masked values of an affair that the reader may ask for, by field, as they were recorded.

    Values that stayed the same stand once.
    """
    kept = inside(life, line)
    found: dict[str, list[Value]] = {name: [] for name in FIRST}
    for seen in life:
        if not isinstance(seen, Recorded):
            continue
        opened = teller.opened(seen.stream_id, internal=seen.version in kept)
        for field, value, kind in personal(seen.event):
            clear = opened.hidden(field, value, kind)
            values = found.setdefault(field, [])
            if clear is not None and clear not in (one.clear for one in values):
                values.append(Value(seen.version, opened.field(field, value, kind), clear))
    return {field: values for field, values in found.items() if values}


def personal(event: Any) -> Iterator[tuple[str, Personal, Kind | None]]:
    """The personal values of an event: field, value, and the kind of a recorded one."""
    for part in dataclasses.fields(event):
        match getattr(event, part.name):
            case Personal() as value:
                yield part.name, value, None
            case Record() as record:
                for field in record:
                    if isinstance(field.value, Personal):
                        yield field.name, field.value, field.kind


def label(field: str, words: Words, line: CompiledLine | None = None, matter: str = "") -> str:
    """What a field is called; as the line does, where it has one name for it."""
    if words.has(f"fact.{field}"):
        return words(f"fact.{field}")
    if field in policy().fields:
        return words.label(policy().fields[field])
    found = {words.label(spec.label) for spec in _asked(line, matter) if spec.name == field}
    return found.pop() if len(found) == 1 else words.label(policy().kinds[Kind.NOTE])


def _asked(line: CompiledLine | None, matter: str) -> Iterator[FieldSpec]:
    if line is None:
        return
    yield from line.matter(matter).fields
    for ways in (line.steps, line.entries, line.actions):
        for way in ways.values():
            if matter in way.forms:
                yield from way.forms[matter].behalf.specs


@contextmanager
def noted(office: Office, who: SignedIn) -> Iterator[None]:
    """What is refused is written down, like all that is refused at the door."""
    try:
        yield
    except tuple(_WHY) as refusal:
        refused(office, who, next(why for kind, why in _WHY.items() if isinstance(refusal, kind)))
        raise


def refused(office: Office, who: SignedIn, why: str) -> None:
    """Write down that a look was refused."""
    office.porter.refused("reveal refused", why, who.actor.account)


_WHY: dict[type[Refusal], str] = {
    NotAllowed: "no right",
    NotFound: "out of reach",
    FieldMissing: "no reason",
    FieldInvalid: "no reason",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A look that is written down. position: of its record. repeated: it had been before."""

    fields: Sequence[str]
    position: int
    recorded_at: datetime
    repeated: bool = False


async def look(office: Office, who: SignedIn, asked: Reveal) -> Written:
    """Write a look down. What may be shown then is what was written.

    Raises the refusals of rights and of the log; CommandReused where the same command was another,
    or comes again too late.
    """
    with suppress(CommandReused):
        receipt = await office.run(asked)
        if not receipt.repeated:
            return Written(asked.fields, receipt.last, receipt.recorded_at)
    found = await run_in_threadpool(_written, office, who, asked)
    if found is None or office.now() - found.recorded_at > AGAIN:
        raise CommandReused(asked.command_id)
    return found


def _written(office: Office, who: SignedIn, asked: Reveal) -> Written | None:
    for seen in office.life(reads_of(asked.affair_id)):
        if isinstance(seen, Recorded) and isinstance(seen.event, Revealed):
            told = (seen.metadata.command_id, seen.metadata.actor)
            if told == (asked.command_id, who.actor.account):
                return Written(seen.event.fields, seen.position, seen.recorded_at, repeated=True)
    return None


@dataclass(frozen=True, slots=True)
class Look:
    """A look that was had, in words."""

    iso: str
    when: str
    by: str
    fields: str
    reason: str
    note: str


def looks(
    office: Office, teller: Teller, words: Words, row: AffairPageRow, line: CompiledLine
) -> list[Look]:
    """Who looked at masked values of an affair, when and why, the latest first."""
    stream = reads_of(row.affair_id)
    found = []
    for seen in office.life(stream):
        if not (isinstance(seen, Recorded) and isinstance(seen.event, Revealed)):
            continue
        event, told = seen.event, seen.metadata
        who = [teller.unit_name(told.unit)] if told.unit else []
        who += [teller.staff(told.actor), words(f"role.{told.role}")]
        found.append(
            Look(
                iso=event.occurred_at.isoformat(),
                when=words.moment(event.occurred_at),
                by="·".join(who),
                fields=words.listed(label(one, words, line, row.matter) for one in event.fields),
                reason=reason_of(event.reason, words),
                note=teller.opened(stream, internal=True).field("reason", event.note),
            )
        )
    return found[::-1]


def reason_of(code: str, words: Words) -> str:
    """A reason in words; its code, where the policy has it no more."""
    known = policy().reasons.get(code)
    return words.label(known) if known else code
