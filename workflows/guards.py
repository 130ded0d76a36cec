"""The guards that a line file may name. Each docstring is the handbook's entry, its example last.

Counts of steps, entries and visits are of this round: since the last reopening. What is asked
of the time is asked of the instant of the step, never of the wall.
"""

from typing import Literal

from domain.affair.state import Noted, Visited
from domain.clock import Unit, local_day
from workflows.conditions import (
    VOCABULARY,
    Ask,
    Attempts,
    Bare,
    Entries,
    Guard,
    Names,
    Number,
    Others,
    Share,
    Since,
    Steps,
    Values,
    all_compiled,
    compiled,
    guard,
)
from workflows.fields import Codes, Name
from workflows.line import Limit

__all__ = ["VOCABULARY", "Ask", "Guard", "all_compiled", "compiled"]


@guard("matter")
def matter_in(ask: Ask, matters: Codes) -> bool:
    """The affair's matter is one of these. `matter_in: [CG01, CG04]`"""
    return ask.affair.identity.matter in matters


@guard("state")
def state_in(ask: Ask, states: Codes) -> bool:
    """The affair stands in one of these states. `state_in: [resolved]`"""
    return ask.affair.standing.state in states


@guard()
def contact_wish_is_not(ask: Ask, wish: Values) -> bool:
    """The applicant's wish at registration is none of these. `contact_wish_is_not: contact`"""
    return ask.affair.identity.contact_wish not in wish


@guard()
def contact_wish_is(ask: Ask, wish: Values) -> bool:
    """The applicant's wish at registration is one of these. `contact_wish_is: contact`"""
    return ask.affair.identity.contact_wish in wish


@guard()
def return_visit_exempt(ask: Ask, bare: Bare) -> bool:
    """The matter is exempt from return visits. `return_visit_exempt`"""
    return ask.rules.return_visit_exempt(ask.affair.identity.matter)


@guard()
def not_suspended(ask: Ask, bare: Bare) -> bool:
    """The clocks do not stand still. `not_suspended`"""
    return ask.affair.standing.suspended_at is None


@guard()
def suspendable(ask: Ask, bare: Bare) -> bool:
    """The line lets affairs in this state be suspended. `suspendable`"""
    return ask.rules.suspendable(ask.affair.standing.state)


@guard()
def referral_open(ask: Ask, bare: Bare) -> bool:
    """A unit was asked to take the affair over and has not answered. `referral_open`"""
    return bool(ask.affair.work.referral)


@guard()
def redo_possible(ask: Ask, bare: Bare) -> bool:
    """The redo rules name a state to which this affair can return. `redo_possible`"""
    return bool(ask.rules.redo_state(ask.affair))


@guard()
def withdrawal_open(ask: Ask, bare: Bare) -> bool:
    """None of the line's `withdrawal_barred` holds. `withdrawal_open`"""
    return not ask.rules.withdrawal_barred(ask)


@guard()
def reopened_fewer_than(ask: Ask, count: Number) -> bool:
    """The affair was reopened fewer times than this. `reopened_fewer_than: 2`"""
    return ask.affair.standing.round < count


@guard()
def reopened_at_least(ask: Ask, count: Number) -> bool:
    """The affair was reopened this often or more. `reopened_at_least: 2`"""
    return ask.affair.standing.round >= count


@guard("role")
def actor_role_is(ask: Ask, roles: Codes) -> bool:
    """Who acts, acts in one of these roles. `actor_role_is: [DL]`"""
    return ask.by.role in roles


@guard()
def actor_is_not(ask: Ask, who: Literal["handler", "registrar", "investigator"] | Others) -> bool:
    """Who acts is none of them: a handler, who registered, an account in the field
    `investigators`, or who did the work named. `actor_is_not: {steps: [G12, G13]}`"""
    affair, account = ask.affair, ask.by.account
    if who == "handler":
        return account not in affair.handlers()
    if who == "registrar":
        return account != affair.identity.registered_by
    others = Others(fields=("investigators",)) if isinstance(who, str) else who
    return not (
        account in affair.actors_of(others.steps)
        or any(n.by == account and n.entry in others.entries for n in _entries(ask))
        or any(account in ask.fact(name).split(",") for name in others.fields)
    )


@guard("field")
def field_is(ask: Ask, values: dict[Name, Values]) -> bool:
    """Each of these fields holds one of its values. `field_is: {grade: [yellow, blue]}`"""
    return all(ask.fact(name) in wanted for name, wanted in values.items())


@guard("field")
def field_true(ask: Ask, names: Names) -> bool:
    """Each of these flags was set. `field_true: [signed_by_household, signed_by_officers]`"""
    return all(ask.fact(name) == "yes" for name in names)


@guard("field")
def field_given(ask: Ask, names: Names) -> bool:
    """Each of these fields was recorded. `field_given: merged_into`"""
    return all(ask.record.get(name) is not None or ask.fact(name) for name in names)


@guard("field")
def fields_differ(ask: Ask, names: Names) -> bool:
    """No two of these fields hold the same. `fields_differ: [investigator_1, investigator_2]`"""
    return len({ask.fact(name) for name in names}) == len(names)


@guard()
def share_at_least(ask: Ask, share: Share) -> bool:
    """One number is at least this share of another.
    `share_at_least: {part: attending, whole: members, numerator: 2, denominator: 3}`"""
    part, whole = (float(ask.fact(name) or 0) for name in (share.part, share.whole))
    return whole > 0 and part * share.denominator >= whole * share.numerator


@guard()
def entries_at_least(ask: Ask, wanted: Entries) -> bool:
    """So many entries were written, or more.
    `entries_at_least: {entry: persuasion, where: {result: ineffective}, count: 1}`"""
    return _counted(ask, wanted) >= wanted.count


@guard()
def entries_fewer_than(ask: Ask, wanted: Entries) -> bool:
    """Fewer entries were written. `entries_fewer_than: {entry: supplement_notice, count: 1}`"""
    return _counted(ask, wanted) < wanted.count


@guard()
def steps_at_least(ask: Ask, wanted: Steps) -> bool:
    """So many of these steps were taken, or more. `steps_at_least: {steps: [G6], count: 1}`"""
    return _taken(ask, wanted) >= wanted.count


@guard()
def steps_fewer_than(ask: Ask, wanted: Steps) -> bool:
    """Fewer of these steps were taken. `steps_fewer_than: {steps: [G4, G6], count: 3}`"""
    return _taken(ask, wanted) < wanted.count


@guard("step")
def step_taken(ask: Ask, steps: Codes) -> bool:
    """One of these steps was ever taken, in any round. `step_taken: [G5, G8]`"""
    return any(done.step in steps for done in ask.affair.work.steps)


@guard("step")
def step_never_taken(ask: Ask, steps: Codes) -> bool:
    """None of these steps was ever taken, in any round. `step_never_taken: [M17]`"""
    return not step_taken(ask, steps)


@guard()
def no_open_joint_task(ask: Ask, bare: Bare) -> bool:
    """Every joint unit has done its part. `no_open_joint_task`"""
    return all(task.done for task in ask.affair.work.joint)


@guard()
def no_open_question(ask: Ask, bare: Bare) -> bool:
    """Every unit that was asked has answered. `no_open_question`"""
    return not ask.affair.work.questions


@guard("question")
def answer_received(ask: Ask, questions: Codes) -> bool:
    """Each of these questions was answered. `answer_received: means_check`"""
    return all(one in ask.affair.work.answers for one in questions)


@guard()
def supervision_reported(ask: Ask, bare: Bare) -> bool:
    """There was a supervision order, and none waits for its report. `supervision_reported`"""
    return 0 < ask.affair.work.orders <= ask.affair.work.orders_answered


@guard()
def rating_at_least(ask: Ask, least: Number) -> bool:
    """The resident's last rating is this or better. `rating_at_least: 3`"""
    rated = _rated(ask)
    return rated is not None and rated.rating >= least


@guard()
def rating_at_most(ask: Ask, most: Number) -> bool:
    """The resident's last rating is this or worse. `rating_at_most: 2`"""
    rated = _rated(ask)
    return rated is not None and rated.rating <= most


@guard()
def finding_is(ask: Ask, findings: Values) -> bool:
    """What the last rated visit found is one of these. `finding_is: rework_due`"""
    rated = _rated(ask)
    return rated is not None and rated.finding in findings


@guard()
def visit_outcome(ask: Ask, outcomes: Values) -> bool:
    """The last visit came out as one of these. `visit_outcome: refused`"""
    visits = _visits(ask)
    return bool(visits) and visits[-1].outcome in outcomes


@guard()
def contact_attempts(ask: Ask, wanted: Attempts) -> bool:
    """The resident was tried in vain so often and never reached.
    `contact_attempts: {count: 3, days: 3, bands: 2}`"""
    visits = _visits(ask)
    tried = [visit for visit in visits if visit.outcome == "unreachable"]
    return (
        _rated(ask) is None
        and len(tried) >= wanted.count
        and len({local_day(visit.at) for visit in tried}) >= wanted.days
        and len({visit.band for visit in tried}) >= wanted.bands
    )


@guard("clock")
def clock_running(ask: Ask, names: Codes) -> bool:
    """One of these clocks runs. `clock_running: return_visit`"""
    return any(clock.running and clock.name in names for clock in ask.affair.clocks)


@guard("clock", timed=True)
def clock_expired(ask: Ask, names: Codes) -> bool:
    """One of these clocks runs and has run out. `clock_expired: cross_check`"""
    clocks = ask.affair.clocks
    return any(c.running and c.name in names and c.due_at <= ask.at for c in clocks)


@guard("clock", timed=True)
def within_clock(ask: Ask, names: Codes) -> bool:
    """One of these clocks runs and has not run out. `within_clock: notice`"""
    clocks = ask.affair.clocks
    return any(c.running and c.name in names and ask.at < c.due_at for c in clocks)


@guard(timed=True)
def time_in_state_at_least(ask: Ask, limit: Limit) -> bool:
    """So much time has passed in full in this state.
    `time_in_state_at_least: {count: 30, unit: d}`"""
    return ask.reached(ask.affair.standing.entered_at, limit)


@guard(timed=True)
def time_in_state_at_most(ask: Ask, limit: Limit) -> bool:
    """No more time has passed in this state. `time_in_state_at_most: {count: 4, unit: wh}`"""
    return not ask.reached(ask.affair.standing.entered_at, limit)


@guard(timed=True)
def notice_days_passed(ask: Ask, days: Number | Limit) -> bool:
    """The notice has stood so many full days; working days are written
    `{count: 5, unit: wd}`. `notice_days_passed: 7`"""
    limit = days if isinstance(days, Limit) else Limit(count=days, unit=Unit.DAY)
    return ask.reached(ask.affair.standing.entered_at, limit)


@guard(timed=True)
def days_since_closing_at_most(ask: Ask, days: Number) -> bool:
    """The affair was closed no longer ago. `days_since_closing_at_most: 30`"""
    closed = ask.affair.standing.closed_at
    return closed is not None and not ask.reached(closed, Limit(count=days, unit=Unit.DAY))


@guard(timed=True)
def time_since_registered_at_most(ask: Ask, limit: Limit) -> bool:
    """The affair was registered no longer ago.
    `time_since_registered_at_most: {count: 5, unit: wd}`"""
    return not ask.reached(ask.affair.identity.registered_at, limit)


@guard(timed=True)
def time_since_entry_at_least(ask: Ask, since: Since) -> bool:
    """So much time has passed since the last entry of a name.
    `time_since_entry_at_least: {entry: supplement_notice, count: 30, unit: d}`"""
    noted = [entry.at for entry in _entries(ask) if entry.entry == since.entry]
    return bool(noted) and ask.reached(noted[-1], since)


def _entries(ask: Ask) -> list[Noted]:
    return [entry for entry in ask.affair.work.entries if ask.here(entry)]


def _counted(ask: Ask, wanted: Entries) -> int:
    told = [entry.facts for entry in _entries(ask) if entry.entry == wanted.entry]
    if any(ask.here(done) and done.step in wanted.steps for done in ask.affair.work.steps):
        told.append(ask.affair.facts)
    return sum(all(f.get(name) in v for name, v in wanted.where.items()) for f in told)


def _taken(ask: Ask, wanted: Steps) -> int:
    return sum(ask.here(done) and done.step in wanted.steps for done in ask.affair.work.steps)


# A service that runs for years is visited when it starts and again when it is resolved.
def _visits(ask: Ask) -> list[Visited]:
    since = ask.affair.standing.entered_at
    return [visit for visit in ask.affair.visits if ask.here(visit) and visit.at >= since]


def _rated(ask: Ask) -> Visited | None:
    return next((v for v in reversed(_visits(ask)) if v.outcome == "reached"), None)
