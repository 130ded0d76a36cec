"""The guards that a line file may name. Each docstring is the handbook's entry, its example last.

Counts of steps, entries and visits are of this round: since the last reopening. What is asked
of the time is asked of the instant of the step, never of the wall.
"""

from domain.affair.state import Done, Noted
from domain.clock import ClockKind, Unit
from workflows import acting, days, moments, named, placed, visited
from workflows.clockspec import Limit
from workflows.conditions import (
    VOCABULARY,
    Ask,
    Bare,
    Entries,
    Guard,
    Names,
    Number,
    Share,
    Since,
    Steps,
    Values,
    all_compiled,
    compiled,
    guard,
)
from workflows.fields import Codes, Name

__all__ = ["VOCABULARY", "Ask", "Guard", "all_compiled", "compiled"]
TOPICS = (acting, days, moments, named, placed, visited)
"""The modules that add to the vocabulary."""


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
def deemed_acceptance(ask: Ask, bare: Bare) -> bool:
    """The line takes an affair for accepted that nobody asked to complete.
    `deemed_acceptance`"""
    return ask.rules.deemed_acceptance


@guard()
def accepted(ask: Ask, bare: Bare) -> bool:
    """The affair was accepted, by whatever step. `accepted`"""
    return ask.affair.identity.accepted_at is not None


@guard(pending="fails")
def not_suspended(ask: Ask, bare: Bare) -> bool:
    """The clocks do not stand still. `not_suspended`"""
    return ask.affair.standing.suspended_at is None


@guard()
def suspendable(ask: Ask, bare: Bare) -> bool:
    """The line lets affairs in this state be suspended. `suspendable`"""
    return ask.rules.suspendable(ask.affair.standing.state)


@guard()
def suspension_left(ask: Ask, bare: Bare) -> bool:
    """Of the sixty days that this round may stand still, some are left. `suspension_left`"""
    return ask.affair.standing.suspension_left > 0


@guard(pending="holds")
def referral_open(ask: Ask, bare: Bare) -> bool:
    """A unit was asked to take the affair over and has not answered. `referral_open`"""
    return bool(ask.affair.work.referral)


@guard(acting=True)
def referred_to_actor(ask: Ask, bare: Bare) -> bool:
    """The unit that was asked to take the affair over is that of who acts, or the one above.
    `referred_to_actor`"""
    return ask.by.serves(ask.affair.work.referral)


@guard()
def level_above(ask: Ask, bare: Bare) -> bool:
    """The affair is not yet at the district. `level_above`"""
    return ask.affair.standing.level != "district"


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
    """So many entries were written, or more; with `in_state: true`, since it came into its state.
    `entries_at_least: {entry: persuasion, where: {result: ineffective}, count: 1}`"""
    return counted(ask, wanted) >= wanted.count


@guard()
def entries_fewer_than(ask: Ask, wanted: Entries) -> bool:
    """Fewer entries were written. `entries_fewer_than: {entry: supplement_notice, count: 1}`"""
    return counted(ask, wanted) < wanted.count


@guard()
def steps_at_least(ask: Ask, wanted: Steps) -> bool:
    """So many of these steps were taken, or more; with `where`, of those that recorded that.
    `steps_at_least: {steps: [G6], count: 1}`"""
    return taken(ask, wanted) >= wanted.count


@guard()
def steps_fewer_than(ask: Ask, wanted: Steps) -> bool:
    """Fewer of these steps were taken. `steps_fewer_than: {steps: [G4, G6], count: 3}`"""
    return taken(ask, wanted) < wanted.count


@guard("step")
def step_taken(ask: Ask, steps: Codes) -> bool:
    """One of these steps was ever taken, in any round. `step_taken: [G5, G8]`"""
    return any(done.step in steps for done in ask.affair.work.steps)


@guard("step")
def step_never_taken(ask: Ask, steps: Codes) -> bool:
    """None of these steps was ever taken, in any round. `step_never_taken: [M17]`"""
    return not step_taken(ask, steps)


@guard(pending="fails")
def no_open_joint_task(ask: Ask, bare: Bare) -> bool:
    """Every joint unit has done its part. `no_open_joint_task`"""
    return all(task.done for task in ask.affair.work.joint)


@guard(pending="fails")
def no_open_question(ask: Ask, bare: Bare) -> bool:
    """Every unit that was asked has answered. `no_open_question`"""
    return not ask.affair.work.questions


@guard()
def question_left(ask: Ask, bare: Bare) -> bool:
    """There is a question that nobody was asked, or that was answered. `question_left`"""
    asked = ask.affair.work.questions
    return any(one not in asked for one in ask.rules.questions(ask.affair.identity.matter))


@guard("question")
def answer_received(ask: Ask, questions: Codes) -> bool:
    """Each of these questions was answered. `answer_received: means_check`"""
    return all(one in ask.affair.work.answers for one in questions)


@guard()
def supervision_reported(ask: Ask, bare: Bare) -> bool:
    """There was a supervision order, and none waits for its report. `supervision_reported`"""
    return 0 < ask.affair.work.orders <= ask.affair.work.orders_answered


@guard(pending="holds")
def supervision_open(ask: Ask, bare: Bare) -> bool:
    """A supervision order waits for its report. `supervision_open`"""
    return ask.affair.work.orders > ask.affair.work.orders_answered


@guard(pending="holds")
def supervision_proposed(ask: Ask, bare: Bare) -> bool:
    """A supervision order was proposed, and nobody has given it. `supervision_proposed`"""
    return bool(ask.affair.work.proposed_by)


@guard(timed=True)
def clock_extendable(ask: Ask, bare: Bare) -> bool:
    """A clock runs, no timer, that is not due and was not extended yet. `clock_extendable`"""
    clocks = (clock for clock in ask.affair.clocks if clock.kind is not ClockKind.TIMER)
    return any(c.running and not c.extended and ask.at < c.due_at for c in clocks)


@guard("clock")
def clock_running(ask: Ask, names: Codes) -> bool:
    """One of these clocks runs. `clock_running: return_visit`"""
    return any(clock.running and clock.name in names for clock in ask.affair.clocks)


@guard("clock", timed=True)
def clock_expired(ask: Ask, names: Codes) -> bool:
    """One of these clocks runs and has run out. `clock_expired: cross_check`"""
    return any(c.name in names and c.expired(ask.at) for c in ask.affair.clocks)


@guard("clock", timed=True)
def within_clock(ask: Ask, names: Codes) -> bool:
    """One of these clocks runs and has not run out. `within_clock: notice`"""
    clocks = ask.affair.clocks
    return any(c.name in names and c.running and not c.expired(ask.at) for c in clocks)


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


def counted(ask: Ask, wanted: Entries) -> int:
    """How many such entries this round has."""
    told: list[Noted | Done] = [e for e in _entries(ask) if e.entry == wanted.entry]
    told += [d for d in ask.affair.work.steps if ask.here(d) and d.step in wanted.steps]
    if wanted.in_state:
        told = [one for one in told if one.at >= ask.affair.standing.entered_at]
    return sum(all(t.facts.get(name) in v for name, v in wanted.where.items()) for t in told)


def taken(ask: Ask, wanted: Steps) -> int:
    """How many of these steps this round has."""
    told = [d.facts for d in ask.affair.work.steps if ask.here(d) and d.step in wanted.steps]
    return sum(all(f.get(name) in v for name, v in wanted.where.items()) for f in told)
