"""Line CG and the rules of all lines: names, limits, and what they are for."""

from typing import Any

import pytest

from domain.errors import StepNotOpen
from tests.workflows.played import AFTER, Told, dispatched, onsite, resolved
from tests.workflows.scenes import CG, PHOTO

LABELS = """
G0 不予受理 G1 受理核实 G2 查否 G3 自行处置 G4 劝导 G5 立案上报 G6 再次劝导 G7 劝导有效
G8 劝导未果上报
G9 派遣 G10 退回补充 G11 退单 G12 签收 G13 处置反馈 G14 转执法 G15 执法完毕 G16 核查结案 G17 返工
X1 回访满意 X2 不满意重办 X3 不满意已释明 X4 未联系上 X5 免回访 X6 重新办理 X7 归档 X8 撤回 X9 终止
X10 视为受理
"""
LIMITS = {
    "acceptance": "1 wd",
    "onsite": "1 wd",
    "persuading": "1 wd",
    "filed": "4 wh",
    "checking": "1 wd",
    "referral": "1 wd",
    "return_visit": "3 wd",
    "suspension": "60 d",
    "deemed": "5 wd",
}


def test_the_steps_are_called_as_in_the_table() -> None:
    words = LABELS.split()

    assert {s.id: s.label.zh for s in CG.spec.all_transitions()} == dict(
        zip(words[::2], words[1::2], strict=True)
    )


def test_the_limits_are_those_of_the_table() -> None:
    clocks = {c.name: c.limit for c in CG.spec.all_clocks() if c.name in LIMITS}

    assert {n: f"{x.count} {x.unit}" for n, x in clocks.items() if x} == LIMITS


def test_every_limit_without_a_law_says_that_it_is_ours() -> None:
    assert all(clock.law or clock.basis for clock in CG.spec.clocks)


AGAIN: dict[str, Any] = {"held_at": "2011-07-22T11:30:00+08:00", "partners": "环卫所"}


def persuading() -> Told:
    return onsite().step("G4", "CD", "07-22 10:50")


def test_a_third_attempt_is_the_last() -> None:
    told = persuading()
    told.step("G6", "CW", "07-22 11:30", **AGAIN, result="effective")
    told.step("G6", "CW", "07-22 13:30", **AGAIN, result="ineffective")

    with pytest.raises(StepNotOpen) as refused:
        told.step("G6", "CW", "07-22 15:30", **AGAIN, result="ineffective")

    assert refused.value.because == "steps_fewer_than"


def test_filing_needs_a_failed_attempt() -> None:
    told = persuading()

    with pytest.raises(StepNotOpen) as refused:
        told.step("G8", "CD", "07-25 08:50")

    assert refused.value.because == "entries_at_least"
    told.entry("persuasion", "CW", "07-22 16:00", result="effective")
    with pytest.raises(StepNotOpen):
        told.step("G8", "CD", "07-25 08:50")
    told.step("G6", "CW", "07-22 16:30", **AGAIN, result="ineffective")
    assert told.step("G8", "CD", "07-25 08:50").now.standing.state == "filed"


def test_the_worker_cannot_dispatch() -> None:
    told = dispatched().step("G11", "SC", "07-25 10:00", reason="不属本科")

    with pytest.raises(StepNotOpen) as refused:
        told.step("G9", "CW", "07-25 11:00", lead_unit="370103008/cg")

    assert refused.value.because == "role"


def test_a_dispatch_is_refused_within_four_hours_of_work() -> None:
    with pytest.raises(StepNotOpen) as refused:
        dispatched().step("G11", "SC", "07-25 14:20", reason="不属本科")

    assert refused.value.because == "time_in_state_at_most"
    assert dispatched().step("G11", "SC", "07-25 14:19", reason="不属本科")


def test_the_handling_officer_does_not_check() -> None:
    told = dispatched().step("G12", "SC", "07-25 09:40")
    told.step("G13", "SC", "07-25 15:30", **AFTER)

    # The same account, acting as supervisor.
    for step in ("G16", "G17"):
        with pytest.raises(StepNotOpen) as refused:
            told.step(step, "SUP", "07-26 09:00", account="sc", reason="未清净")
        assert refused.value.because == "actor_is_not"


def test_the_worker_does_not_close() -> None:
    told = resolved().act("return_visit", "FD", "07-27 10:00", outcome="refused")

    with pytest.raises(StepNotOpen) as refused:
        told.step("X1", "CW", "07-27 10:01")

    assert refused.value.because == "role"


def test_what_is_not_accepted_says_why_and_where_to_go() -> None:
    told = Told().registered("07-22 10:05")

    told.step("G0", "CD", "07-22 10:30", outside_scope=True, reason="非城管事项", channel="12345")

    assert told.now.standing.state == "not_accepted"
    assert told.events[-1].record.text("channel") == "12345"


def test_signing_in_does_not_prolong_disposal() -> None:
    told = dispatched().step("G12", "SC", "07-26 09:00")

    assert told.running() == {"disposal": "07-26"}


def test_an_affair_with_an_open_joint_task_is_not_resolved() -> None:
    told = onsite().act("open_joint", "CD", "07-22 10:50", unit="370103008/hw")
    photos = [PHOTO]

    with pytest.raises(StepNotOpen) as refused:
        told.step("G2", "CW", "07-22 11:00", photos=photos, note="未见")

    assert refused.value.because == "no_open_joint_task"
    told.act("joint_done", "SRV", "07-22 11:10")
    assert told.step("G2", "CW", "07-22 11:20", photos=photos, note="未见")
