"""How an event changes where an affair stands: shared by the worklist and the affair page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from domain.affair import events as e
from domain.affair.state import ENDS, NOT_OPEN, SEALED
from domain.clock import ClockChange
from domain.log import Recorded
from domain.personal import Personal

SHUT = frozenset({*ENDS, "archived"})
"""States in which nobody has a step to take but the archivist."""

SETTLED = ("reached", "refused")
"""Outcomes after which the resident is not asked again in this round."""

RETURN_VISIT = "return_visit"
"""The clock of the common rules whose start says that a return visit is owed."""

Columns = dict[str, Any]

NOBODY: Columns = {"assignee": "", "assigned_at": None}
"""It is assigned to nobody."""


class RunningClock(NamedTuple):
    """A clock that can fall due. due_at: the first late instant. warn_at: 80 % used; in UTC.

    provisional: a year of the calendar was missing; it turns nothing red.
    """

    name: str
    kind: str
    due_at: datetime
    warn_at: datetime
    provisional: bool


# Without slots: `changed` copies the row's dictionary.
@dataclass(frozen=True, kw_only=True)
class StandingRow:
    """Where an affair stands.

    open: False once closed, not accepted, withdrawn, terminated or archived.
    last_at: the latest `occurred_at`. level: community, street or district.
    lead_unit: code of the unit whose turn it is; referral: the one it is offered to, or empty.
    assignee: the account responsible, since assigned_at; empty and None for nobody.
    units: codes of the units with an open joint task or referral, one for each.
    due_at, due_clock: the earliest running clock but timers; None and empty where none runs.
    to_visit: the clock of a return visit has started, and the resident may be asked and was
        neither reached since nor refused. Attempts that found nobody leave it owed.
    round: how often it was reopened. version: of the stream. position: of its last event.
    """

    affair_id: UUID
    open: bool
    state: str
    entered_at: datetime
    last_at: datetime
    level: str
    lead_unit: str
    assignee: str
    assigned_at: datetime | None
    referral: str
    units: tuple[str, ...]
    clocks: tuple[RunningClock, ...]
    due_at: datetime | None
    due_clock: str
    suspended: bool
    contact_wish: str
    to_visit: bool
    round: int
    version: int
    position: int


# What is kept as text must not tell an event that happens now from one read back from the log.
def utc(at: datetime) -> datetime:
    """The instant as the log writes it."""
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def begun(event: e.Registered, seen: Recorded) -> Columns:
    """All columns of `StandingRow` for a new affair."""
    columns: Columns = {
        "affair_id": seen.stream_id,
        "open": event.state not in SHUT,
        "state": event.state,
        "entered_at": event.occurred_at,
        "last_at": event.occurred_at,
        "level": "community",
        "lead_unit": event.community,
        "assignee": event.assignee,
        "assigned_at": event.occurred_at if event.assignee else None,
        "referral": "",
        "units": (),
        "suspended": False,
        "contact_wish": event.contact_wish,
        "to_visit": False,
        "round": 0,
        "version": seen.version,
        "position": seen.position,
    }
    columns.update(_clocks((), event.clocks))
    return columns


def moved(row: StandingRow, event: Any, seen: Recorded) -> Columns:
    """The columns of `StandingRow` that the event changes."""
    columns: Columns = {"version": seen.version, "position": seen.position}
    if event.occurred_at > row.last_at:
        columns["last_at"] = event.occurred_at
    if (move := MOVES.get(type(event))) is not None:
        columns.update(move(row, event))
    if changes := getattr(event, "clocks", ()):
        columns.update(_clocks(row.clocks, changes))
        if columns.get("open", row.open) and _owes_visit(changes):
            columns["to_visit"] = row.contact_wish == "contact"
    return columns


def corrected(event: e.Corrected) -> Columns:
    """The personal columns that a correction of the registration replaces."""
    if event.of_version != 1:
        return {}
    return {
        field.name: field.value
        for field in event.record
        if field.name in SEALED and isinstance(field.value, Personal)
    }


def _clocks(running: tuple[RunningClock, ...], changes: Iterable[ClockChange]) -> Columns:
    known = {clock.name: clock for clock in running}
    for change in changes:
        if change.due_at is None or change.warn_at is None:
            known.pop(change.name, None)
        elif change.change != "recounted" or change.name in known:
            known[change.name] = RunningClock(
                change.name,
                change.kind.value,
                utc(change.due_at),
                utc(change.warn_at),
                change.calendar.endswith("?"),
            )
    first: RunningClock | None = None
    for clock in known.values():
        if clock.kind != "timer" and (first is None or clock.due_at < first.due_at):
            first = clock
    return {
        "clocks": tuple(known.values()),
        "due_at": first.due_at if first else None,
        "due_clock": first.name if first else "",
    }


def _owes_visit(changes: Iterable[ClockChange]) -> bool:
    return any(change.name == RETURN_VISIT and change.change == "started" for change in changes)


def _into(row: StandingRow, state: str, at: datetime) -> Columns:
    columns: Columns = {"state": state, "entered_at": at, "open": state not in SHUT}
    if row.referral and state in NOT_OPEN:
        columns |= {"referral": "", "units": _without(row.units, row.referral)}
    if state in SHUT:
        columns |= {"to_visit": False, **NOBODY}
    return columns


def _led(row: StandingRow, unit: str) -> Columns:
    return {"lead_unit": unit} if unit == row.lead_unit else {"lead_unit": unit, **NOBODY}


def _step(row: StandingRow, event: e.StepTaken) -> Columns:
    columns = _into(row, event.to, event.occurred_at)
    if event.level:
        columns["level"] = event.level
    if event.lead_unit:
        columns |= _led(row, event.lead_unit)
    return columns


def _visited(_: StandingRow, event: e.ReturnVisitRecorded) -> Columns:
    return {"to_visit": False} if event.outcome in SETTLED else {}


def _reopened(row: StandingRow, event: e.Reopened) -> Columns:
    return {**_into(row, event.to, event.occurred_at), "round": event.round, "to_visit": False}


def _archived(row: StandingRow, event: e.Archived) -> Columns:
    return _into(row, "archived", event.occurred_at)


def _merged(row: StandingRow, event: e.Merged) -> Columns:
    return _into(row, event.to, event.occurred_at)


def _migrated(row: StandingRow, event: e.ProcedureMigrated) -> Columns:
    return {} if event.state == row.state else _into(row, event.state, event.occurred_at)


def _referred(row: StandingRow, event: e.Referred) -> Columns:
    return {"referral": event.unit, "units": (*row.units, event.unit)}


def _signed_in(row: StandingRow, event: e.SignedIn) -> Columns:
    units = _without(row.units, event.unit)
    return {"referral": "", "units": units, **_led(row, event.unit)}


def _refused(row: StandingRow, event: e.ReferralRefused) -> Columns:
    return {"referral": "", "units": _without(row.units, event.unit)}


def _joint_opened(row: StandingRow, event: e.JointOpened) -> Columns:
    return {"units": (*row.units, event.unit)}


def _joint_done(row: StandingRow, event: e.JointDone) -> Columns:
    return {"units": _without(row.units, event.unit)}


def _escalated(row: StandingRow, event: e.Escalated) -> Columns:
    return {"level": event.level, **_led(row, event.unit)}


def _assigned(_: StandingRow, event: e.Assigned) -> Columns:
    return {"assignee": event.account, "assigned_at": event.occurred_at}


def _recused(row: StandingRow, event: e.Recused) -> Columns:
    return NOBODY if row.assignee == event.account else {}


def _suspended(_row: StandingRow, _event: e.Suspended) -> Columns:
    return {"suspended": True}


def _resumed(_row: StandingRow, _event: e.Resumed) -> Columns:
    return {"suspended": False}


def _without(units: tuple[str, ...], unit: str) -> tuple[str, ...]:
    """The tasks left when one of the unit's is done."""
    if unit not in units:
        return units
    at = units.index(unit)
    return units[:at] + units[at + 1 :]


MOVES: dict[type, Callable[[Any, Any], Columns]] = {
    e.StepTaken: _step,
    e.ReturnVisitRecorded: _visited,
    e.Reopened: _reopened,
    e.Archived: _archived,
    e.Merged: _merged,
    e.ProcedureMigrated: _migrated,
    e.Referred: _referred,
    e.SignedIn: _signed_in,
    e.ReferralRefused: _refused,
    e.JointOpened: _joint_opened,
    e.JointDone: _joint_done,
    e.Escalated: _escalated,
    e.Assigned: _assigned,
    e.Recused: _recused,
    e.Suspended: _suspended,
    e.Resumed: _resumed,
}

LATER: tuple[type, ...] = tuple(
    event
    for event in vars(e).values()
    if "occurred_at" in getattr(event, "__dataclass_fields__", ()) and event is not e.Registered
)
"""Every event of an affair but its registration."""
