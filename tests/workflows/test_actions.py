"""What is offered is accepted, and what is not offered is refused: each action, each situation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.actor import Actor, Role
from domain.affair.neutral import ACTIONS
from tests.builders.affairs import (
    APART,
    AREA,
    CALENDAR,
    CG,
    CITY_MANAGEMENT,
    COMMUNITY,
    DIRECTOR,
    DISTRICT_OFFICER,
    FRONT_DESK,
    PROVIDER,
    REWORK_DUE,
    SANITATION,
    SATISFIED,
    STREET_LEADER,
    STREET_OFFICER,
    SUPERVISOR,
    WORKER,
    Case,
    a_scrap_heap,
    checking,
    handling,
    persuading,
    resolved,
)
from workflows.fields import Label
from workflows.line import QuestionSpec
from workflows.machine import CompiledLine

QUESTION = QuestionSpec(name="ownership", label=Label(zh="权属核查", en="Ownership"))
ASKING = CompiledLine(CG.spec.model_copy(update={"questions": (QUESTION,)}))
PEOPLE = (
    Actor(account="zhangguifen", role=Role.RES),
    WORKER,
    DIRECTOR,
    FRONT_DESK,
    STREET_OFFICER,
    STREET_LEADER,
    PROVIDER,
    DISTRICT_OFFICER,
    SUPERVISOR,
    Actor(account="tanhe", role=Role.MED, unit=COMMUNITY),
    Actor(account="hemei", role=Role.DL, unit="370103/cg", lines=("CG",)),
    Actor(account="bailu", role=Role.AUD, unit="370103"),
)


def onsite() -> Case:
    return a_scrap_heap().verified_onsite()


def joint() -> Case:
    return persuading().act(DIRECTOR, "open_joint", unit=SANITATION)


def street() -> Case:
    return onsite().act(DIRECTOR, "escalate", unit=CITY_MANAGEMENT, reason="涉及两个社区")


def suspended() -> Case:
    return handling().enforcing().act(STREET_LEADER, "suspend", cause="court")


def supervised() -> Case:
    return handling().act(SUPERVISOR, "supervise", reason="逾期")


def proposed() -> Case:
    return handling().act(STREET_OFFICER, "propose_supervision", reason="居民再次来电")


def recused() -> Case:
    given = handling().act(STREET_OFFICER, "recuse", recusal_ground="relatives")
    return given.act(STREET_LEADER, "recuse", account="zhoumin", recusal_ground="other")


def asked() -> Case:
    given = a_scrap_heap(ASKING).verified_onsite()
    return given.act(DIRECTOR, "request_answer", question="ownership", unit=CITY_MANAGEMENT)


def referred(unit: str) -> Case:
    return onsite().act(DIRECTOR, "refer", unit=unit, reason="由其管护")


def extended() -> Case:
    record = {"clock": "disposal", "count": "1", "reason": "雨天", "applicant_told": True}
    return handling().act(DIRECTOR, "extend", **record)


SITUATIONS = {
    "registered": a_scrap_heap(),
    "verified": onsite(),
    "referred to sanitation": referred(SANITATION),
    "referred to the area": referred(AREA),
    "signed in": referred(SANITATION).act(PROVIDER, "sign_in"),
    "joint task": joint(),
    "joint tasks": joint().act(DIRECTOR, "open_joint", unit="370103008/ga"),
    "joint task done": joint().act(PROVIDER, "joint_done"),
    "at the street": street(),
    "at the district": street().act(
        STREET_OFFICER, "escalate", unit="370103/cg", reason="涉及两个街道"
    ),
    "handling": handling(),
    "overdue": handling().later("08-15 10:00"),
    "extended": extended(),
    "enforcing": handling().enforcing(),
    "suspended": suspended(),
    "resumed": suspended().act(STREET_LEADER, "resume"),
    "supervised": supervised(),
    "supervision proposed": proposed(),
    "supervision confirmed": proposed().act(STREET_LEADER, "confirm_supervision"),
    "assigned": handling().act(SUPERVISOR, "assign", account="gaoyuan"),
    "recused": recused(),
    "reported": supervised().act(DIRECTOR, "answer_supervision", report="已派车"),
    "checking": checking(),
    "resolved": resolved(),
    "rated": resolved().rated(**SATISFIED),
    "rated low": resolved().rated(**REWORK_DUE),
    "reopened": resolved().reopened(),
    "closed": resolved().closed(),
    "to be asked": a_scrap_heap(ASKING).verified_onsite(),
    "asked": asked(),
    "answered": asked().act(DIRECTOR, "receive_answer", question="ownership", answer="无主"),
}


def complete(action: str, case: Case, at: datetime) -> dict[str, Any]:
    """All that the action asks for, as it would be right here."""
    affair = case.affair
    level = affair.standing.level
    runs = [c.name for c in affair.clocks if c.running and c.due_at > at and not c.extended]
    tasks = [str(task.task) for task in affair.work.joint if not task.done]
    records: dict[str, dict[str, Any]] = {
        "refer": {"unit": "370103008/xf", "reason": "归其管"},
        "refuse_referral": {"reason": "不归其管"},
        "open_joint": {"unit": "370103008/xf"},
        "joint_done": {"task": tasks[0]} if tasks else {},
        "escalate": {
            "unit": "370103008" if level == "community" else "370103",
            "reason": "超出职责",
        },
        "supervise": {"reason": "逾期"},
        "propose_supervision": {"reason": "逾期"},
        "decline_supervision": {"reason": "当天清运"},
        "assign": {"account": "liheng" if affair.standing.assignee == "luocheng" else "luocheng"},
        "recuse": {"recusal_ground": "relatives"},
        "answer_supervision": {"report": "已派车"},
        "extend": {
            "clock": next((name for name in runs if name not in TIMERS), "disposal"),
            "count": "1",
            "reason": "雨天",
            "applicant_told": True,
        },
        "suspend": {"cause": "court"},
        "return_visit": SATISFIED,
        "request_answer": {"question": "ownership", "unit": CITY_MANAGEMENT},
        "receive_answer": {"question": "ownership", "answer": "无主"},
        "correct": {"of_version": "1", "why": "写错", "summary": "废品堆在北门"},
    }
    return records.get(action, {})


TIMERS = tuple(spec.clock for spec in CG.spec.all_timers())


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who.role.value)
def test_what_is_offered_and_what_is_decided_never_differ(situation: str, who: Actor) -> None:
    case = SITUATIONS[situation]
    at = case.now + APART
    options = case.line.action_options(case.affair, who, at, CALENDAR)
    offered = {option.step for option in options if option.open}

    accepted = set()
    for action in ACTIONS:
        record = complete(action, case, at)
        if case.does(who, action, at, **record).refusal is None:
            accepted.add(action)

    assert offered == accepted


def test_every_action_is_offered_somewhere_and_somewhere_not() -> None:
    def open_in(name: str) -> set[str]:
        case = SITUATIONS[name]
        at = case.now + timedelta(minutes=10)
        return {
            option.step
            for who in PEOPLE
            for option in case.line.action_options(case.affair, who, at, CALENDAR)
            if option.open
        }

    found = [open_in(name) for name in SITUATIONS]

    assert set.union(*found) == set(ACTIONS)
    # Once it is archived, nothing is done any more.
    assert not set.intersection(*found) - {"correct", "assign", "recuse"}
