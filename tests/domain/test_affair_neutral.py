"""What leaves the state as it is: referral, joint work, levels, supervision, answers."""

from __future__ import annotations

from typing import Any

import pytest

from domain.affair.events import (
    AnswerReceived,
    AnswerRequested,
    Escalated,
    JointDone,
    JointOpened,
    ReferralRefused,
    Referred,
    Reminded,
    SignedIn,
    Supervised,
    SupervisionAnswered,
)
from domain.errors import FieldInvalid, FieldMissing, NameUnknown, NotPermittedNow
from tests.builders.affairs import (
    ANOTHER,
    AREA,
    CG,
    CITY_MANAGEMENT,
    COMMUNITY,
    DIRECTOR,
    DISTRICT_OFFICER,
    FRONT_DESK,
    PROVIDER,
    SANITATION,
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
from workflows.fields import Label
from workflows.line import QuestionSpec
from workflows.machine import CompiledLine

DISTRICT = "370103/cg"


def because(outcome: Outcome) -> str:
    refusal = outcome.is_refused()
    assert isinstance(refusal, NotPermittedNow), repr(refusal)
    return refusal.because


def invalid(outcome: Outcome) -> tuple[str, str]:
    refusal = outcome.is_refused()
    assert isinstance(refusal, FieldInvalid), repr(refusal)
    return refusal.field, refusal.because


def onsite() -> Case:
    return a_scrap_heap().verified_onsite()


def referred() -> Case:
    return onsite().act(DIRECTOR, "refer", unit=SANITATION, reason="由其管护")


def test_the_state_stays() -> None:
    given = onsite()

    after = referred()

    assert after.affair.standing.state == given.affair.standing.state
    assert after.affair.standing.entered_at == given.affair.standing.entered_at


# --- referral ----------------------------------------------------------------------------------


def test_a_referral_waits_for_its_unit() -> None:
    given = referred()

    assert isinstance(given.events[-1], Referred)
    assert given.affair.work.referral == SANITATION
    assert given.affair.standing.lead_unit == COMMUNITY


def test_signing_in_makes_the_unit_lead() -> None:
    after = referred().act(PROVIDER, "sign_in")

    assert isinstance(after.events[-1], SignedIn)
    assert (after.affair.standing.lead_unit, after.affair.work.referral) == (SANITATION, "")


def test_a_referral_that_was_refused_leaves_the_lead_where_it_was() -> None:
    after = referred().act(PROVIDER, "refuse_referral", reason="属物业管护")

    assert isinstance(after.events[-1], ReferralRefused)
    assert (after.affair.standing.lead_unit, after.affair.work.referral) == (COMMUNITY, "")


@pytest.mark.parametrize("action", ["sign_in", "refuse_referral"])
def test_only_the_unit_that_was_asked_answers(action: str) -> None:
    record = {} if action == "sign_in" else {"reason": "不属本单位"}

    assert because(referred().does(WORKER, action, **record)) == "referred_to_actor"


def test_one_referral_at_a_time() -> None:
    outcome = referred().does(DIRECTOR, "refer", unit=CITY_MANAGEMENT, reason="由其管护")

    assert because(outcome) == "not: referral_open"


@pytest.mark.parametrize("action", ["sign_in", "refuse_referral"])
def test_no_referral_no_answer_to_it(action: str) -> None:
    record = {} if action == "sign_in" else {"reason": "不属本单位"}

    assert because(onsite().does(PROVIDER, action, **record)) == "referral_open"


def test_a_referral_needs_its_unit() -> None:
    refusal = onsite().does(DIRECTOR, "refer", reason="由其管护").is_refused()

    assert isinstance(refusal, FieldMissing)
    assert refusal.field == "unit"


def test_a_referral_that_nobody_answered_lapses_with_the_resolution() -> None:
    given = referred()

    after = given.fixed_locally()

    assert given.affair.work.referral == SANITATION
    assert after.affair.work.referral == ""
    clock = after.affair.clock("referral")
    assert clock is not None
    assert not clock.running
    assert because(after.does(PROVIDER, "sign_in")) == "state"
    assert because(after.reopened().does(PROVIDER, "sign_in")) == "referral_open"


@pytest.mark.parametrize("ground", ["moved_out", "duplicate"])
def test_a_referral_that_nobody_answered_lapses_with_every_end(ground: str) -> None:
    merged = {"merged_into": str(ANOTHER)} if ground == "duplicate" else {}

    after = referred().step(DIRECTOR, "X9", ground=ground, reason="了结", **merged)

    assert after.affair.work.referral == ""
    assert not any(clock.running for clock in after.affair.clocks if clock.name == "referral")


def test_a_referral_stays_open_while_work_goes_on() -> None:
    assert referred().persuading().affair.work.referral == SANITATION


def test_nobody_is_asked_to_take_over_what_they_lead() -> None:
    signed_in = referred().act(PROVIDER, "sign_in")

    for given, leader in ((onsite(), COMMUNITY), (signed_in, SANITATION)):
        outcome = given.does(DIRECTOR, "refer", unit=leader, reason="由其管护")
        assert invalid(outcome) == ("unit", "another unit than the one that leads")


def test_another_unit_of_the_community_may_take_over() -> None:
    event = onsite().does(DIRECTOR, "refer", unit=AREA, reason="由片区办理").event()

    assert isinstance(event, Referred)


# --- joint work --------------------------------------------------------------------------------


def test_joint_tasks_are_numbered() -> None:
    given = persuading().act(DIRECTOR, "open_joint", unit=SANITATION)

    event = given.does(DIRECTOR, "open_joint", unit="370103008/ga").event()

    assert isinstance(event, JointOpened)
    assert (event.task, event.unit) == (2, "370103008/ga")


def test_the_only_open_task_is_meant() -> None:
    given = persuading().act(DIRECTOR, "open_joint", unit=SANITATION)

    event = given.does(PROVIDER, "joint_done").event()

    assert isinstance(event, JointDone)
    assert (event.task, event.unit) == (1, SANITATION)


def test_of_several_open_tasks_one_is_named() -> None:
    given = persuading().act(DIRECTOR, "open_joint", unit=SANITATION)
    given = given.act(DIRECTOR, "open_joint", unit="370103008/ga")

    assert because(given.does(DIRECTOR, "joint_done")) == "name one open task: 1, 2"
    assert because(given.does(DIRECTOR, "joint_done", task="3")) == "name one open task: 1, 2"
    after = given.act(DIRECTOR, "joint_done", task="2")
    assert [j.done for j in after.affair.work.joint] == [False, True]
    assert because(after.does(DIRECTOR, "joint_done", task="2")) == "name one open task: 1"


def test_a_joint_unit_ends_its_own_task_and_no_other() -> None:
    given = persuading().act(DIRECTOR, "open_joint", unit="370103008/ga")
    given = given.act(DIRECTOR, "open_joint", unit=SANITATION)

    assert because(given.does(PROVIDER, "joint_done", task="1")) == "the task of another unit"
    after = given.act(PROVIDER, "joint_done")
    assert [j.done for j in after.affair.work.joint] == [False, True]
    assert because(after.does(PROVIDER, "joint_done")) == "the task of another unit"


def test_no_task_no_end_of_it() -> None:
    assert because(persuading().does(DIRECTOR, "joint_done")) == "not: no_open_joint_task"


def test_who_leads_lends_no_hand() -> None:
    outcome = persuading().does(DIRECTOR, "open_joint", unit=COMMUNITY)

    assert invalid(outcome) == ("unit", "another unit than the one that leads")


def test_a_unit_is_asked_anew_once_its_task_is_done() -> None:
    given = persuading().act(DIRECTOR, "open_joint", unit=SANITATION)

    outcome = given.does(DIRECTOR, "open_joint", unit=SANITATION)

    assert invalid(outcome) == ("unit", f"another unit: the joint task of {SANITATION} is open")
    done = given.act(PROVIDER, "joint_done")
    assert done.does(DIRECTOR, "open_joint", unit=SANITATION).event().task == 2


# --- levels ------------------------------------------------------------------------------------


def test_a_level_at_a_time_up_to_the_district() -> None:
    given = onsite()

    street = given.act(DIRECTOR, "escalate", unit=CITY_MANAGEMENT, reason="涉及两个社区")
    district = street.act(STREET_OFFICER, "escalate", unit=DISTRICT, reason="涉及两个街道")

    assert isinstance(street.events[-1], Escalated)
    assert (street.affair.standing.level, street.affair.standing.lead_unit) == (
        "street",
        CITY_MANAGEMENT,
    )
    assert (district.affair.standing.level, district.affair.standing.lead_unit) == (
        "district",
        DISTRICT,
    )
    further = district.does(DISTRICT_OFFICER, "escalate", unit=DISTRICT, reason="再上报")
    assert because(further) == "level_above"


BESIDE_THE_STREET = (
    DISTRICT,
    "370103",
    "370103009",
    "370103009/cg",
    SANITATION,
    COMMUNITY,
    AREA,
    "370103008/xx",
)
BESIDE_THE_DISTRICT = ("370103008", "370103008/ga", "370104", COMMUNITY, "370103/jh")


@pytest.mark.parametrize("unit", BESIDE_THE_STREET)
def test_a_community_escalates_to_its_own_street(unit: str) -> None:
    outcome = onsite().does(DIRECTOR, "escalate", unit=unit, reason="涉及两个社区")

    assert invalid(outcome)[0] == "unit"


@pytest.mark.parametrize("unit", BESIDE_THE_DISTRICT)
def test_a_street_escalates_to_its_own_district(unit: str) -> None:
    street = onsite().act(DIRECTOR, "escalate", unit="370103008", reason="涉及两个社区")

    outcome = street.does(STREET_OFFICER, "escalate", unit=unit, reason="涉及两个街道")

    assert invalid(outcome)[0] == "unit"


# --- supervision -------------------------------------------------------------------------------


def test_orders_are_answered_one_by_one() -> None:
    given = handling().act(SUPERVISOR, "supervise", reason="居民再次来电")
    given = given.act(STREET_LEADER, "supervise", reason="逾期")

    first = given.act(STREET_OFFICER, "answer_supervision", report="已派车")
    second = first.act(STREET_OFFICER, "answer_supervision", report="已清走")

    ordered = [event.order for event in second.events if isinstance(event, Supervised)]
    answered = [event.order for event in second.events if isinstance(event, SupervisionAnswered)]
    assert (ordered, answered) == ([1, 2], [1, 2])
    assert because(second.does(STREET_OFFICER, "answer_supervision", report="又报")) == (
        "supervision_open"
    )


def test_whoever_works_on_it_orders_no_supervision() -> None:
    assert because(handling().does(STREET_OFFICER, "supervise", reason="督办")) == "role"


def test_a_reminder_changes_nothing() -> None:
    given = handling()

    event = given.does(FRONT_DESK, "remind", note="居民询问").event()

    assert isinstance(event, Reminded)
    after = given.given(event, now=given.now).affair
    assert (after.work, after.clocks) == (given.affair.work, given.affair.clocks)


# --- answers of other units --------------------------------------------------------------------


# The same line, where two questions can be put.
ASKING = CompiledLine(
    CG.spec.model_copy(
        update={
            "questions": (
                QuestionSpec(name="ownership", label=Label(zh="权属核查", en="Ownership")),
                QuestionSpec(name="planning", label=Label(zh="规划核查", en="Planning")),
            )
        }
    )
)


def asked() -> Case:
    given = a_scrap_heap(ASKING).verified_onsite()
    return given.act(DIRECTOR, "request_answer", question="ownership", unit=DISTRICT)


def test_a_question_stays_open_until_it_is_answered() -> None:
    given = asked()

    event = given.does(DIRECTOR, "receive_answer", question="ownership", answer="无主").event()
    after = given.given(event, now=given.now)

    assert isinstance(given.events[-1], AnswerRequested)
    assert given.affair.work.questions == ("ownership",)
    assert isinstance(event, AnswerReceived)
    assert (after.affair.work.questions, after.affair.work.answers) == ((), ("ownership",))


def test_one_open_question_of_a_name() -> None:
    outcome = asked().does(DIRECTOR, "request_answer", question="ownership", unit=DISTRICT)

    assert because(outcome) == "ownership was asked and is open"


def test_several_questions_of_different_names() -> None:
    given = asked().act(DIRECTOR, "request_answer", question="planning", unit=DISTRICT)

    after = given.act(DIRECTOR, "receive_answer", question="ownership", answer="无主")

    assert after.affair.work.questions == ("planning",)


def test_an_answer_was_asked_for() -> None:
    given = a_scrap_heap(ASKING).verified_onsite()
    answer = {"question": "planning", "answer": "合规"}

    assert because(given.does(DIRECTOR, "receive_answer", **answer)) == "not: no_open_question"
    assert because(asked().does(DIRECTOR, "receive_answer", **answer)) == "planning was not asked"


def test_an_answered_question_may_be_put_again() -> None:
    given = asked().act(DIRECTOR, "receive_answer", question="ownership", answer="待查")

    assert given.does(DIRECTOR, "request_answer", question="ownership", unit=DISTRICT).happened()


def test_a_line_without_questions_asks_none() -> None:
    outcome = onsite().does(DIRECTOR, "request_answer", question="means", unit=DISTRICT)

    assert because(outcome) == "matter_in"


# --- for every action --------------------------------------------------------------------------

BY: dict[str, Any] = {
    "refer": DIRECTOR,
    "open_joint": DIRECTOR,
    "escalate": DIRECTOR,
    "extend": DIRECTOR,
    "suspend": DIRECTOR,
}


@pytest.mark.parametrize("action", sorted(BY))
def test_an_affair_that_has_ended_is_left_alone(action: str) -> None:
    given = resolved().closed()

    assert because(given.does(BY[action], action)) == "state"


def test_an_unknown_action_is_refused() -> None:
    refusal = onsite().does(DIRECTOR, "cancel").is_refused()

    assert isinstance(refusal, NameUnknown)
    assert (refusal.what, refusal.key) == ("action", "cancel")
