"""民政救助: its files, and rules that neither the features nor the tests of all lines tell of."""

from datetime import timedelta
from typing import Any

import pytest

from domain.actor import SYSTEM, Actor, Role
from domain.errors import StepNotOpen
from tests.builders.relief import HELD, NEW, OLD, Played, granted
from tests.workflows.scenes import PHOTO
from workflows.machine import CompiledLine

BOTH = pytest.mark.parametrize("line", [OLD, NEW], ids=["2011", "current"])

# --- the files -----------------------------------------------------------------------------------

TABLE = """
B1 registered accepted accept SC 受理
B2 registered not_accepted decline SC 不予受理
B3 accepted emergency_aid aid_first SL 先行救助
B4 emergency_aid surveying regularise SC 补办手续
B5 accepted surveying start_survey SC 派员调查
B6 surveying reviewing convene_review SC/CD 提请评议
B7 surveying proposed propose SC 提出意见
B8 reviewing proposed conclude_review SC/CD 评议结论
B9 proposed noticing post_notice SL 公示
B10 proposed resolved refuse SL/DL 审核不同意
B11 noticing objected object RES/CD 提出异议
B12 objected surveying resurvey SC 重新调查
B13 objected reviewing review_objection SC/CD 异议评议
B14 noticing submitted submit SC 期满上报
B15 submitted surveying send_back DO/DL 退回核查
B16 submitted resolved confirm DL/SL 确认同意
B17 submitted resolved refuse_confirm DL/SL 不予确认
"""


@BOTH
def test_the_steps_are_those_of_the_table(line: CompiledLine) -> None:
    steps = [
        " ".join(
            [s.id, *s.sources, s.to, s.action, "/".join(role.value for role in s.by), s.label.zh]
        )
        for s in line.spec.transitions
    ]

    assert steps == TABLE.strip().splitlines()


@BOTH
def test_the_head_is_that_of_the_table(line: CompiledLine) -> None:
    spec = line.spec

    assert list(spec.matters) == ["MZ01", "MZ02", "MZ03", "MZ04", "MZ05"]
    assert {matter.retention for matter in spec.matters.values()} == {"30"}
    assert {matter.return_visit for matter in spec.matters.values()} == {"required"}
    assert spec.accepted_on == ("B1",)
    assert [rule.to for rule in spec.redo] == ["surveying"]
    assert spec.suspendable == ("accepted", "surveying", "submitted")


def test_one_version_follows_the_other_without_a_gap() -> None:
    until, since = OLD.spec.valid.to, NEW.spec.valid.since

    assert until is not None
    assert until + timedelta(days=1) == since
    assert NEW.spec.valid.to is None


@BOTH
def test_every_clock_says_on_what_it_stands(line: CompiledLine) -> None:
    assert [clock.name for clock in line.spec.clocks if not (clock.law or clock.basis)] == []


def test_the_versions_ask_for_the_same_and_differ_in_review_and_time_alone() -> None:
    def asked(line: CompiledLine) -> list[Any]:
        steps = [(step.id, step.fields) for step in line.spec.transitions]
        return [*steps, *((entry.name, entry.fields) for entry in line.spec.entries)]

    differing = [
        old.id
        for old, new in zip(OLD.spec.transitions, NEW.spec.transitions, strict=True)
        if old.when != new.when
    ]

    assert asked(OLD) == asked(NEW)
    assert OLD.spec.states == NEW.spec.states
    assert differing == ["B6", "B7"]


# --- what is recorded, and by whom ---------------------------------------------------------------


@BOTH
def test_a_review_of_a_grant_is_opened_by_the_street_or_by_another_line(line: CompiledLine) -> None:
    allowed = [
        role.value for role in Role if line.may_register("MZ05", Actor(account="a", role=role))
    ]

    assert allowed == ["SC", "SYS"]
    assert line.may_register("MZ05", SYSTEM)
    # Another line knows nothing of what its registration asks for.
    assert Played(line, "MZ05").registered("2011-08-01 09:00").now.standing.state == "registered"


@BOTH
def test_who_objects_stays_inside(line: CompiledLine) -> None:
    told = Played(line).noticing("2011-08-04 09:00")
    said = {"objector": "王秀珍", "grounds": "有出租房", "real_name": True}

    told.step("B11", "CD", "2011-08-05 09:00", **said)

    assert line.steps["B11"].spec.internal
    assert told.now.facts.get("objector", "") == ""
    sealed = [field for field in told.events[-1].record if field.kind in ("person", "note")]
    assert [field.name for field in sealed] == ["objector", "grounds"]
    assert all(field.value.clear for field in sealed)


def test_an_earlier_investigator_of_this_round_does_not_decide_either() -> None:
    told = Played(NEW).surveying("2026-03-02 09:00").surveyed("2026-03-02 10:00", "dl")
    told.surveyed("2026-03-03 10:00").step(
        "B7", "SC", "2026-03-03 11:00", grounds="符合", opinion="eligible"
    )
    told.posted("2026-03-03 12:00").step("B14", "SC", "2026-03-11 09:00")

    with pytest.raises(StepNotOpen) as refused:
        granted(told, "2026-03-11 10:00")

    assert refused.value.because == "actor_is_not"
    assert granted(told, "2026-03-11 10:00", "dl-2").now.standing.state == "resolved"


def test_a_new_survey_is_needed_each_time_it_comes_back() -> None:
    told = Played(NEW).submitted("2026-03-30 09:00")
    told.step("B15", "DO", "2026-03-31 09:00", doubt="车辆", full_check_ordered=False)
    opinion = {"grounds": "符合", "opinion": "eligible"}

    with pytest.raises(StepNotOpen) as refused:
        told.step("B7", "SC", "2026-04-01 09:00", **opinion)

    assert refused.value.because == "entries_at_least"
    told.surveyed("2026-04-01 10:00").step("B7", "SC", "2026-04-01 11:00", **opinion)
    assert told.now.standing.state == "proposed"


def test_in_2011_what_was_reviewed_once_may_be_proposed_after_a_new_survey() -> None:
    told = Played(OLD).submitted("2011-08-30 09:00")
    told.step("B15", "DO", "2011-08-31 09:00", doubt="车辆", full_check_ordered=False)
    told.surveyed("2011-09-01 10:00")

    told.step("B7", "SC", "2011-09-01 11:00", grounds="符合", opinion="eligible")

    assert told.now.standing.state == "proposed"


@BOTH
def test_a_household_near_the_minimum_is_recognised_without_a_sum(line: CompiledLine) -> None:
    told = granted(Played(line, "MZ04").submitted("2011-08-30 09:00"), "2011-08-30 10:00")

    assert [field.name for field in told.events[-1].record] == ["certificate"]


def test_what_was_disputed_before_an_objection_is_settled_by_a_new_survey() -> None:
    told = Played(NEW).surveying("2026-03-02 09:00").surveyed("2026-03-02 10:00", disputed=True)
    minutes = {**HELD, "minutes": [PHOTO], "signed_by_members": True, "opinion": "eligible"}
    told.step("B6", "SC", "2026-03-02 11:00").step("B8", "CD", "2026-03-02 12:00", **minutes)
    told.posted("2026-03-02 13:00")
    said = {"objector": "王秀珍", "grounds": "有出租房", "real_name": True}
    told.step("B11", "CD", "2026-03-03 09:00", **said).step("B12", "SC", "2026-03-03 10:00")

    told.surveyed("2026-03-04 10:00").step(
        "B7", "SC", "2026-03-04 11:00", grounds="符合", opinion="eligible"
    )

    assert told.now.standing.state == "proposed"


@pytest.mark.parametrize(("line", "step"), [(OLD, "B6"), (NEW, "B7")], ids=["2011", "current"])
def test_a_full_check_that_is_ordered_again_is_made_again(line: CompiledLine, step: str) -> None:
    told = Played(line).submitted("2026-03-30 09:00")
    order = {"doubt": "车辆", "full_check_ordered": True}
    opinion = {"grounds": "符合", "opinion": "eligible"}
    told.step("B15", "DO", "2026-03-31 09:00", **order)
    told.surveyed("2026-03-31 10:00", full_home_check=True)
    told.step("B7", "SC", "2026-03-31 11:00", **opinion).posted("2026-03-31 12:00")
    told.step("B14", "SC", "2026-04-10 09:00").step("B15", "DO", "2026-04-10 10:00", **order)
    told.surveyed("2026-04-10 11:00")
    said = opinion if step == "B7" else {}

    with pytest.raises(StepNotOpen) as refused:
        told.step(step, "SC", "2026-04-10 12:00", **said)

    assert refused.value.because == "any_of: not: field_true, entries_at_least"
    told.surveyed("2026-04-10 13:00", full_home_check=True)
    assert told.step(step, "SC", "2026-04-10 14:00", **said).now.standing.state != "surveying"
