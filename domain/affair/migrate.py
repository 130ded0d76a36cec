"""Moving a running affair to another version of its line: explicit, reasoned, one by one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.affair import events as e
from domain.affair.commands import MigrateAffair
from domain.affair.decide import Facts, happened
from domain.affair.state import NOT_OPEN, Affair
from domain.affair.under import moved, under
from domain.clock import local_day
from domain.errors import Malformed, NotPermittedNow
from domain.personal import Personal
from domain.record import Field, Kind, Record

MIGRATE = "migrate"


@dataclass(frozen=True, slots=True)
class Target:
    """What of another version decides whether an affair can go on under it: since when it is in
    force, what it knows."""

    states: frozenset[str]
    matters: frozenset[str]
    since: date


def in_the_way(affair: Affair, target: Target, version: str, on: date) -> str:
    """Why an affair cannot be moved to a version on that day; empty where it can."""
    identity, standing = affair.identity, affair.standing
    if standing.state in NOT_OPEN:
        return "the affair is over"
    if identity.accepted_at is None:
        return "it is not accepted yet: it takes the version in force by itself"
    if identity.line_version == version:
        return "it goes by this version already"
    if on < target.since:
        return f"that version begins on {target.since}"
    if standing.suspended_at is not None:
        return "it is suspended"
    if identity.matter not in target.matters:
        return f"that version has no matter {identity.matter}"
    if standing.state not in target.states:
        return f"that version has no state {standing.state}"
    return ""


def migrate(
    affair: Affair, command: MigrateAffair, events: Sequence[Any], target: Target, facts: Facts
) -> list[Any]:
    """Move it. `facts.procedure` is the version that it is moved to; `events` its whole past.

    Raises NotPermittedNow with what is in the way, Malformed, NotAfterTheLast.
    """
    at = happened(command.occurred_at, affair, facts.now)
    if not command.reason.strip():
        raise Malformed("reason", "say in one line why")
    if because := in_the_way(affair, target, command.version, local_day(at)):
        raise NotPermittedNow(MIGRATE, because)
    reason = Personal(command.affair_id, clear=command.reason.strip())
    return [
        e.ProcedureMigrated(
            from_version=affair.identity.line_version,
            to_version=command.version,
            state=affair.standing.state,
            record=Record((Field("reason", Kind.NOTE, reason),)),
            clocks=moved(affair, under(events, facts.procedure, facts.calendar)),
            by=command.by.account,
            occurred_at=at,
        )
    ]
