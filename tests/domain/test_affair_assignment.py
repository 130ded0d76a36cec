"""Who works on an affair and who may not: assignment, recusal, and orders that two must want."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.actor import Actor
from domain.affair.events import (
    Assigned,
    Recused,
    Supervised,
    SupervisionDeclined,
    SupervisionProposed,
)
from domain.errors import FieldInvalid, FieldMissing, MustRecuse, NotPermittedNow
from domain.record import NOTHING
from tests.builders.affairs import (
    APART,
    AUDITOR,
    CALENDAR,
    CG,
    CITY_MANAGEMENT,
    DIRECTOR,
    FRONT_DESK,
    PROVIDER,
    SANITATION,
    SATISFIED,
    STREET_LEADER,
    STREET_OFFICER,
    SUPERVISOR,
    WORKER,
    Case,
    Outcome,
    a_scrap_heap,
    handling,
    persuading,
    resolved,
)
from workflows.machine import CompiledLine

RESTRICTED = CompiledLine(
    CG.spec.model_copy(
        update={
            "matters": {
                code: matter.model_copy(update={"restricted": True})
                for code, matter in CG.spec.matters.items()
            }
        }
    )
)
RELATIVES = {"recusal_ground": "relatives"}


def invalid(outcome: Outcome) -> tuple[str, str]:
    refusal = outcome.is_refused()
    assert isinstance(refusal, FieldInvalid), repr(refusal)
    return refusal.field, refusal.because


def assigned() -> Case:
    return handling().act(STREET_LEADER, "assign", account="zhenglan")


# --- assignment --------------------------------------------------------------------------------


def test_an_affair_is_assigned_to_whoever_may_work_on_it() -> None:
    event = handling().does(STREET_LEADER, "assign", account="zhenglan", reason="熟悉情况").event()

    assert isinstance(event, Assigned)
    assert (event.account, event.by) == ("zhenglan", "gaoyuan")
    # Who it is stands in the event; the record holds the reason alone.
    assert [field.name for field in event.record] == ["reason"]
    assert assigned().affair.standing.assignee == "zhenglan"


def test_it_is_not_assigned_to_a_stranger_nor_to_who_may_not_work_on_it() -> None:
    wanted = ("account", "an account that may work on this affair")

    assert invalid(handling().does(STREET_LEADER, "assign", account="nobody")) == wanted
    assert invalid(handling().does(STREET_LEADER, "assign", account=AUDITOR.account)) == wanted
    missing = handling().does(STREET_LEADER, "assign").is_refused()
    assert isinstance(missing, FieldMissing)


def test_it_is_assigned_anew_but_not_to_the_same_again() -> None:
    assert invalid(assigned().does(STREET_LEADER, "assign", account="zhenglan"))[0] == "account"

    again = assigned().act(SUPERVISOR, "assign", account="gaoyuan")

    assert again.affair.standing.assignee == "gaoyuan"


def test_workers_and_providers_assign_nobody() -> None:
    for who in (WORKER, PROVIDER):
        refusal = handling().does(who, "assign", account="zhenglan").is_refused()
        assert isinstance(refusal, NotPermittedNow)
        assert refusal.because == "role"


def test_an_assignment_ends_when_another_unit_leads() -> None:
    given = persuading()
    assert given.affair.standing.assignee == WORKER.account

    signed = given.act(DIRECTOR, "refer", unit=SANITATION, reason="归其管").act(PROVIDER, "sign_in")

    assert signed.affair.standing.assignee == ""
    assert given.persuaded_in_vain().filed().affair.standing.assignee == ""
    reason = {"unit": CITY_MANAGEMENT, "reason": "超出职责"}
    assert given.act(DIRECTOR, "escalate", **reason).affair.standing.assignee == ""


def test_an_assignment_goes_on_while_the_same_unit_leads() -> None:
    given = assigned().reported_done()

    again = given.step(WORKER, "G17", reason="没有清完")
    assert again.affair.standing.assignee == "zhenglan"
    assert given.passed().affair.standing.assignee == "zhenglan"


def test_an_assignment_ends_with_the_affair_and_it_is_assigned_once_more_to_be_archived() -> None:
    closed = assigned().reported_done().passed().closed()

    assert closed.affair.standing.assignee == ""
    again = closed.act(DIRECTOR, "assign", account="suqing")
    assert again.affair.standing.assignee == "suqing"
    checks = ("documents_complete", "authentic", "integral", "usable", "safe")
    archived = again.step(FRONT_DESK, "X7", **dict.fromkeys(checks, True))
    assert archived.affair.standing.assignee == ""


def test_nobody_gives_a_restricted_affair_to_themselves() -> None:
    given = a_scrap_heap(RESTRICTED)
    assert given.affair.identity.restricted

    refused = invalid(given.does(DIRECTOR, "assign", account=DIRECTOR.account))

    assert refused == ("account", "another account: what is restricted is given")
    assert given.act(FRONT_DESK, "assign", account="zhoumin").affair.standing.assignee == "zhoumin"
    unrestricted = a_scrap_heap().act(DIRECTOR, "assign", account=DIRECTOR.account)
    assert unrestricted.affair.standing.assignee == DIRECTOR.account


# --- recusal -----------------------------------------------------------------------------------


def test_somebody_recuses_themselves() -> None:
    event = handling().does(STREET_OFFICER, "recuse", reason="是其表兄", **RELATIVES).event()

    assert isinstance(event, Recused)
    assert (event.account, event.ground, event.by) == ("zhenglan", "relatives", "zhenglan")
    named = handling().does(STREET_OFFICER, "recuse", account="zhenglan", **RELATIVES).event()
    assert named.account == "zhenglan"
    assert named.record == NOTHING


def test_a_leader_orders_it_for_another_and_nobody_else_does() -> None:
    event = handling().does(STREET_LEADER, "recuse", account="zhenglan", **RELATIVES).event()
    assert (event.account, event.by) == ("zhenglan", "gaoyuan")

    for who in (WORKER, FRONT_DESK, STREET_OFFICER, SUPERVISOR):
        refusal = handling().does(who, "recuse", account="hansong", **RELATIVES).is_refused()
        assert isinstance(refusal, NotPermittedNow)
        assert refusal.because == "any_of: actor_named, actor_role_is"


def test_a_recusal_names_somebody_who_is_known_and_takes_part_still() -> None:
    stranger = handling().does(DIRECTOR, "recuse", account="nobody", **RELATIVES)
    assert invalid(stranger) == ("account", "an account that is known")

    given = handling().act(DIRECTOR, "recuse", account="zhenglan", **RELATIVES)
    again = given.does(STREET_LEADER, "recuse", account="zhenglan", **RELATIVES).is_refused()

    assert isinstance(again, NotPermittedNow)
    assert again.because == "zhenglan was recused already"


def test_the_auditor_may_not_work_on_it_and_is_kept_out_all_the_same() -> None:
    given = handling().act(DIRECTOR, "recuse", account=AUDITOR.account, **RELATIVES)

    assert given.affair.work.recused == (AUDITOR.account,)


def test_the_recused_neither_step_nor_write_nor_act() -> None:
    given = handling().act(STREET_OFFICER, "recuse", **RELATIVES)

    outcomes = (
        given.takes(STREET_OFFICER, "G13", after_photos=["x"]),
        given.writes(STREET_OFFICER, "supplement", answers="补来"),
        given.does(STREET_OFFICER, "escalate", unit="370103", reason="超出职责"),
        given.does(STREET_OFFICER, "recuse", **RELATIVES),
    )

    for outcome in outcomes:
        refusal = outcome.is_refused()
        assert isinstance(refusal, MustRecuse)
        assert refusal.account == "zhenglan"


def test_the_recused_make_no_return_visit() -> None:
    given = resolved().act(FRONT_DESK, "recuse", **RELATIVES)

    assert isinstance(given.does(FRONT_DESK, "return_visit", **SATISFIED).is_refused(), MustRecuse)
    assert given.act(SUPERVISOR, "return_visit", **SATISFIED).affair.visits


def test_the_recused_are_assigned_nothing_and_what_they_had_is_over() -> None:
    given = assigned().act(DIRECTOR, "recuse", account="zhenglan", **RELATIVES)

    assert given.affair.standing.assignee == ""
    refusal = given.does(STREET_LEADER, "assign", account="zhenglan").is_refused()
    assert isinstance(refusal, MustRecuse)
    others = assigned().act(DIRECTOR, "recuse", account="hansong", **RELATIVES)
    assert others.affair.standing.assignee == "zhenglan"


def test_a_recusal_outlives_a_reopening() -> None:
    given = resolved().act(WORKER, "recuse", **RELATIVES).reopened()

    assert isinstance(given.takes(WORKER, "G16").is_refused(), MustRecuse)


def test_what_the_recused_are_offered_is_nothing() -> None:
    given = handling().act(STREET_OFFICER, "recuse", **RELATIVES)
    asked = (given.affair, STREET_OFFICER, given.now + APART, CALENDAR)

    offered = (*CG.options(*asked), *CG.entry_options(*asked), *CG.action_options(*asked))

    assert {option.because for option in offered} == {"recused"}
    assert not any(option.open for option in offered)


# --- supervision -------------------------------------------------------------------------------


def test_an_officer_proposes_supervision_and_a_leader_confirms_it() -> None:
    given = handling()
    event = given.does(STREET_OFFICER, "propose_supervision", reason="再次来电").event()
    assert isinstance(event, SupervisionProposed)

    proposed = given.act(STREET_OFFICER, "propose_supervision", reason="再次来电")
    assert (proposed.affair.work.orders, proposed.affair.work.proposed_by) == (0, "zhenglan")

    order = proposed.does(STREET_LEADER, "confirm_supervision", note="同意").event()
    assert isinstance(order, Supervised)
    assert (order.order, order.clock, order.by) == (1, "", "gaoyuan")
    confirmed = proposed.act(STREET_LEADER, "confirm_supervision")
    assert (confirmed.affair.work.orders, confirmed.affair.work.proposed_by) == (1, "")


def test_a_leader_declines_what_was_proposed_and_it_may_be_proposed_again() -> None:
    proposed = handling().act(STREET_OFFICER, "propose_supervision", reason="再次来电")

    event = proposed.does(STREET_LEADER, "decline_supervision", reason="当天清运").event()
    declined = proposed.act(STREET_LEADER, "decline_supervision", reason="当天清运")

    assert isinstance(event, SupervisionDeclined)
    assert (declined.affair.work.orders, declined.affair.work.proposed_by) == (0, "")
    again = declined.act(STREET_OFFICER, "propose_supervision", reason="仍未清运")
    assert again.affair.work.proposed_by == "zhenglan"


@pytest.mark.parametrize("who", [STREET_OFFICER, DIRECTOR, WORKER])
def test_an_officer_orders_no_supervision_alone(who: Actor) -> None:
    for action in ("supervise", "confirm_supervision", "decline_supervision"):
        given = handling().act(STREET_OFFICER, "propose_supervision", reason="再次来电")
        refusal = given.does(who, action, reason="逾期").is_refused()
        assert isinstance(refusal, NotPermittedNow)
        assert refusal.because == "role"


@pytest.mark.parametrize("action", ["confirm_supervision", "decline_supervision"])
def test_nobody_answers_their_own_proposal(action: str) -> None:
    given = handling().act(STREET_OFFICER, "propose_supervision", reason="再次来电")
    # The same account, in the leader's post.
    both = replace(STREET_LEADER, account=STREET_OFFICER.account)

    refusal = given.does(both, action, reason="不必").is_refused()

    assert isinstance(refusal, NotPermittedNow)
    assert refusal.because == "actor_is_not"


def test_there_is_one_proposal_at_a_time_and_none_to_answer_without() -> None:
    for action in ("confirm_supervision", "decline_supervision"):
        none = handling().does(STREET_LEADER, action, reason="不必").is_refused()
        assert isinstance(none, NotPermittedNow)
        assert none.because == "supervision_proposed"

    given = handling().act(STREET_OFFICER, "propose_supervision", reason="再次来电")
    again = given.does(STREET_OFFICER, "propose_supervision", reason="再次来电").is_refused()

    assert isinstance(again, NotPermittedNow)
    assert again.because == "not: supervision_proposed"


def test_an_order_by_a_person_settles_a_proposal_and_a_red_warning_does_not() -> None:
    given = handling().act(STREET_OFFICER, "propose_supervision", reason="再次来电")

    ordered = given.act(SUPERVISOR, "supervise", reason="逾期")
    assert ordered.affair.work.proposed_by == ""

    late = "08-15 10:00"
    warned = given.expires("disposal", "red", late).happened()
    assert any(isinstance(event, Supervised) for event in warned)
    after = given.given(*warned, now=given.now)
    assert (after.affair.work.orders, after.affair.work.proposed_by) == (1, "zhenglan")
