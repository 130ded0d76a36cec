"""What can happen to an affair. Lines differ by data, not by classes.

Shared fields: `occurred_at`, when it happened (instant with its zone); `by`, the account
that did it, kept where a later decision asks who; `clocks`, what the event did to the
affair's deadlines, with the calendar version used.
"""

from datetime import datetime
from uuid import UUID

from domain.clock import ClockChange
from domain.personal import Personal
from domain.record import Record
from domain.topics import event


@event("affair.registered.v1")
class Registered:
    """A request entered the house; the clock of acceptance may start.

    number: the number people quote, `CG-2011-0001`: line, year, running number.
    source: visit, hall, phone, message, mailbox, hotline, portal, reaction.
    origin_id: the visit, message or affair it came from, the nil id otherwise.
    restricted: only assigned staff may know of it.
    contact_wish: contact, anonymous, none (no way to reach), deceased, no_reply.
    summary: one line in the resident's words. It may name people, so it is sealed.
    assignee: account of the worker of the area, to whom it is assigned at first.
    """

    number: str
    line: str
    matter: str
    line_version: str
    state: str
    source: str
    origin_id: UUID
    community: str
    area: str
    assignee: str
    restricted: bool
    contact_wish: str
    summary: Personal
    applicant: Personal | None
    telephone: Personal | None
    address: Personal | None
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.step_taken.v1")
class StepTaken:
    """An officer moved the affair along its procedure.

    step: id in the line file, such as G8.
    marks: what the step counts as: accepted, clock_stop, referred.
    line_version: the version the affair is pinned to from its acceptance on; else empty.
    level: community, street or district where the step moves it there; else empty.
    lead_unit: the unit whose turn it becomes, where the step says so; else empty.
    handled_days_working: where the step ends the handling for the first time in its round:
        working days since acceptance (that day excluded, this one included), less those
        suspended; else None.
    """

    step: str
    action: str
    left: str
    to: str
    record: Record
    marks: tuple[str, ...]
    line_version: str
    level: str
    lead_unit: str
    handled_days_working: int | None
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.entry_recorded.v1")
class EntryRecorded:
    """Something was written down without a change of state: an attempt, a rating, minutes.

    entry: its name in the line file, such as persuasion.
    """

    entry: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.answer_requested.v1")
class AnswerRequested:
    """Another unit was asked: means check, cross-check, opinion.

    question: its name in the line file.
    """

    question: str
    unit: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.answer_received.v1")
class AnswerReceived:
    """The unit that was asked has answered."""

    question: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.referred.v1")
class Referred:
    """The affair was offered to another unit, which signs in or refuses within a working day."""

    unit: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.signed_in.v1")
class SignedIn:
    """The unit took the referral over: it leads from now on."""

    unit: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.referral_refused.v1")
class ReferralRefused:
    """The unit gave the referral back, with its reason."""

    unit: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.joint_opened.v1")
class JointOpened:
    """Another unit was asked to lend a hand; no resolving while its task is open.

    task: running number within the affair, from 1.
    """

    task: int
    unit: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.joint_done.v1")
class JointDone:
    """A joint unit has done its part."""

    task: int
    unit: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.escalated.v1")
class Escalated:
    """The affair was brought to the next level: community, street, district."""

    level: str
    unit: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.supervised.v1")
class Supervised:
    """A supervision order 督办 was opened, by a supervisor or by a red warning.

    order: running number within the affair, from 1.
    clock: the clock that ran out, empty where a person ordered it.
    """

    order: int
    clock: str
    record: Record
    by: str
    occurred_at: datetime


@event("affair.supervision_proposed.v1")
class SupervisionProposed:
    """An officer asked for a supervision order; a leader confirms or declines it."""

    record: Record
    by: str
    occurred_at: datetime


@event("affair.supervision_declined.v1")
class SupervisionDeclined:
    """A leader declined the supervision order that was proposed."""

    record: Record
    by: str
    occurred_at: datetime


@event("affair.supervision_answered.v1")
class SupervisionAnswered:
    """The unit reported on a supervision order."""

    order: int
    record: Record
    by: str
    occurred_at: datetime


@event("affair.reminded.v1")
class Reminded:
    """Somebody was reminded 催办."""

    record: Record
    by: str
    occurred_at: datetime


@event("affair.extended.v1")
class Extended:
    """A running clock was moved, once, before it was due, and the applicant was told."""

    clock: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.suspended.v1")
class Suspended:
    """The clocks stand still 中止, at most 60 days."""

    cause: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.resumed.v1")
class Resumed:
    """The clocks run again, moved by the suspended time.

    days_working: working days that they stood still.
    """

    days_working: int
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.warned.v1")
class Warned:
    """A clock turned yellow (four fifths used) or red (run out)."""

    clock: str
    colour: str
    due_at: datetime
    by: str
    occurred_at: datetime


@event("affair.clocks_recounted.v1")
class ClocksRecounted:
    """A calendar year that was missing is known: clocks that were provisional are told anew.

    clocks: each with its change `recounted`. Those still provisional lack another year.
    """

    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.return_visit_recorded.v1")
class ReturnVisitRecorded:
    """The resident was asked 回访, or could not be.

    outcome: reached, unreachable or refused.
    solved: yes, partly or no; empty unless reached.
    rating: 5 very satisfied … 1 very dissatisfied; 0 unless reached (国办发〔2019〕51号).
    finding: none, rework_due or lawfully_done.
    time_band: morning, afternoon or evening, of the attempt.
    """

    outcome: str
    solved: str
    rating: int
    finding: str
    time_band: str
    comment: Personal | None
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.reopened.v1")
class Reopened:
    """The affair went back to work: unsatisfied (X2) or on new facts (X6).

    round: 1 for the first reopening. Handlers are counted anew from here.
    """

    step: str
    left: str
    to: str
    round: int
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.assigned.v1")
class Assigned:
    """Somebody is responsible for the affair from now on 指派.

    It ends without an event of its own: when another is assigned, with the assignee's recusal,
    when another unit comes to lead, or when the affair ends.
    """

    account: str
    record: Record
    by: str
    occurred_at: datetime


@event("affair.recused.v1")
class Recused:
    """Somebody takes no part in the affair any more 回避, by themselves or by order.

    ground: own_interest, relatives or other.
    """

    account: str
    ground: str
    record: Record
    by: str
    occurred_at: datetime


@event("affair.corrected.v1")
class Corrected:
    """A recorded value was wrong. The wrong one stays in the log; this one is shown.

    of_version: version of the event that held it.
    """

    of_version: int
    record: Record
    by: str
    occurred_at: datetime


@event("affair.merged.v1")
class Merged:
    """The affair is a duplicate and goes on in another; it counts in no rate."""

    into: UUID
    left: str
    to: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.archived.v2")
class Archived:
    """The affair was filed: documents present, four checks 四性 passed.

    retention: permanent, 30 or 10 (years).
    """

    step: str
    left: str
    retention: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime


@event("affair.procedure_migrated.v1")
class ProcedureMigrated:
    """The affair was moved to another version of its line, with a reason."""

    from_version: str
    to_version: str
    state: str
    record: Record
    clocks: tuple[ClockChange, ...]
    by: str
    occurred_at: datetime
