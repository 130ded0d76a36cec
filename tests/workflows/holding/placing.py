"""What the matter, the state, the role and the line decide; how the affair stands."""

from typing import Any

from tests.workflows.holding import (
    JUST_NOW,
    Ways,
    Where,
    all_hold,
    any_holds,
    each_way,
    entered,
    given,
    setting,
    working,
)
from workflows.guards import all_compiled
from workflows.line import for_matter


@entered("matter_in")
def _matter(where: Where, matters: Any) -> Ways:
    return given(where.matter in matters)


@entered("state_in")
def _state(where: Where, states: Any) -> Ways:
    return given(where.state in states)


@entered("actor_role_is")
def _role(where: Where, roles: Any) -> Ways:
    return given(where.role in roles)


@entered("deemed_acceptance")
def _deemed(where: Where, bare: Any) -> Ways:
    return given(where.line.deemed_acceptance)


@entered("return_visit_exempt")
def _exempt(where: Where, bare: Any) -> Ways:
    return given(where.line.return_visit_exempt(where.matter))


@entered("suspendable")
def _suspendable(where: Where, bare: Any) -> Ways:
    return given(where.line.suspendable(where.state))


@entered("withdrawal_open")
def _withdrawal(where: Where, bare: Any) -> Ways:
    holds, fails = any_holds(all_compiled(where.line.spec.withdrawal_barred), where)
    return fails, holds


@entered("redo_possible")
def _redo(where: Where, bare: Any) -> Ways:
    spec = where.line.spec
    if (own := spec.matters[where.matter].redo) is not None:
        return given(own != "none")
    rules = [rule for rule in spec.redo if for_matter(rule.matters, where.matter)]
    known = [all_hold(all_compiled(rule.when), where) for rule in rules]
    return [change for holds, _ in known for change in holds], each_way([f for _, f in known])


@entered("question_left")
def _question(where: Where, bare: Any) -> Ways:
    all_ = where.line.questions(where.matter)
    if not all_:
        return given(False)
    return [working(questions=())], [working(questions=all_)]


@entered("contact_wish_is")
def _wish(where: Where, wishes: Any) -> Ways:
    others = [wish for wish in ("contact", "anonymous", "none") if wish not in wishes]
    return [setting(contact_wish=one) for one in wishes], [
        setting(contact_wish=one) for one in others
    ]


@entered("contact_wish_is_not")
def _wish_not(where: Where, wishes: Any) -> Ways:
    holds, fails = _wish(where, wishes)
    return fails, holds


@entered("accepted")
def _accepted(where: Where, bare: Any) -> Ways:
    return [setting(accepted_at=JUST_NOW)], [setting(accepted_at=None)]


@entered("not_suspended")
def _suspended(where: Where, bare: Any) -> Ways:
    return [setting(suspended_at=None)], [setting(suspended_at=JUST_NOW)]


@entered("suspension_left")
def _left(where: Where, bare: Any) -> Ways:
    return [setting(suspended_days=59)], [setting(suspended_days=60)]


@entered("level_above")
def _level(where: Where, bare: Any) -> Ways:
    return [setting(level="community")], [setting(level="district")]


@entered("reopened_fewer_than")
def _fewer_rounds(where: Where, count: Any) -> Ways:
    return [setting(round=count - 1)], [setting(round=count)]


@entered("reopened_at_least")
def _more_rounds(where: Where, count: Any) -> Ways:
    return [setting(round=count)], [setting(round=count - 1)]
