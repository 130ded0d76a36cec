"""What can be asked of an affair. Actor and time are arguments, never ambient."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.actor import Actor

NIL = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What every command carries.

    command_id: the asker's own id; the same id and request gives the first answer again.
    occurred_at: when it happened, instant with its zone.
    expected_version: the version the asker had read; None retries on conflict.
    causation_id: position of the event that a reaction or timer answers, 0 for people.
    """

    command_id: UUID
    by: Actor
    occurred_at: datetime
    expected_version: int | None = None
    causation_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Command):
    """Enter a request. Texts are clear here; they are sealed before they are stored."""

    affair_id: UUID
    matter: str
    source: str
    community: str
    area: str
    summary: str
    applicant: str = ""
    subject: UUID | None = None
    telephone: str = ""
    address: str = ""
    contact_wish: str = "contact"
    origin_id: UUID = NIL
    record: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStep(Command):
    """Take a step of the procedure, such as G8."""

    affair_id: UUID
    step: str
    record: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrateAffair(Command):
    """Let a running affair go on under another published version of its line."""

    affair_id: UUID
    version: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEntry(Command):
    """Write something down without moving on, such as an attempt at persuasion."""

    affair_id: UUID
    entry: str
    record: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Command):
    """A state-neutral action: refer, sign_in, open_joint, suspend, return_visit and so on."""

    affair_id: UUID
    action: str
    record: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire(Command):
    """A clock has come to its warning or its end; only the system asks.

    colour: yellow, red, or timer where the end fires a step.
    """

    affair_id: UUID
    clock: str
    colour: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount(Command):
    """A year of the calendar that was missing is known; only the system asks.

    occurred_at tells one asking from another, and no more: it is recounted now.
    """

    affair_id: UUID


def deed_of(command: Any) -> str:
    """What a refusal calls what was asked for: the step, the entry, the action, or the command."""
    for name in ("step", "entry", "action"):
        if told := getattr(command, name, ""):
            return str(told)
    return re.sub("(?<!^)(?=[A-Z])", "_", type(command).__name__).lower()
