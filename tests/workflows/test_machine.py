"""A compiled line: what is open from here, for whom, and if not, why not."""

import ast
import inspect
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.actor import SYSTEM, Actor, Role
from domain.affair.neutral import ACTIONS
from domain.errors import (
    FieldInvalid,
    FieldMissing,
    Malformed,
    NameUnknown,
    NotPermittedNow,
    StepNotOpen,
)
from domain.ports import Procedure
from domain.record import Kind
from tests.workflows.scenes import AFFAIR, CALENDAR, CG, ME, NOON, OTHER, PHOTO, Scene
from tests.workflows.small import small
from workflows import machine
from workflows.line import REDO
from workflows.machine import CompiledLine
from workflows.ways import Option

SMALL = CompiledLine(small())


def scene(state: str, role: Role = Role.CW, **changes: Any) -> Scene:
    return replace(Scene(matter="CG01", state=state, role=role), **changes)


def require(told: Scene, step: str, record: Mapping[str, object] | None = None) -> Any:
    asked: dict[str, Any] = {"by": told.actor, "at": NOON, "calendar": CALENDAR, "subject": AFFAIR}
    return CG.require(step, told.affair(), record=record or told.record, **asked)


def act(told: Scene, action: str, line: CompiledLine = CG, **record: object) -> Any:
    asked: dict[str, Any] = {"by": told.actor, "at": NOON, "calendar": CALENDAR, "subject": AFFAIR}
    return line.action(action, told.affair(), record=record, **asked)


def options(told: Scene, line: CompiledLine = CG) -> dict[str, Option]:
    return {o.step: o for o in line.options(told.affair(), told.actor, NOON, CALENDAR)}


def test_it_is_the_procedure_that_deciders_ask() -> None:
    procedure: Procedure = CG

    assert (procedure.line, procedure.version, procedure.initial) == ("CG", "2011.1", "registered")


def test_the_worker_on_site_sees_what_leads_on() -> None:
    found = options(scene("onsite"))

    assert {step: option.because for step, option in found.items()} == {
        "G2": "",
        "G3": "",
        "G4": "",
        "G5": "role",
        "X8": "role",
        "X9": "role",
    }
    assert [option.open for option in found.values()] == [True, True, True, False, False, False]
    assert found["G5"].by == (Role.CD,)
    assert found["G5"].label.zh == "立案上报"
    assert found["G5"].to == "filed"


def test_what_the_record_will_decide_is_named_and_open() -> None:
    found = options(scene("onsite", Role.CD))

    assert found["G5"].open
    assert found["G5"].depends == ("field_true",)
    assert [field.name for field in found["G5"].fields] == ["beyond_means", "category", "note"]
    assert len(found["X9"].depends) == 3


def test_a_guard_in_the_way_is_named() -> None:
    told = scene("persuading")
    assert options(told)["G8"].because == "entries_at_least"

    told.noted("persuasion", result="ineffective")

    assert options(told)["G8"].open
    assert options(replace(told, suspended_at=NOON))["G8"].because == "not_suspended"


def test_combined_guards_are_named_with_their_parts() -> None:
    told = scene("resolved", Role.FD)

    assert options(told)["X4"].because == (
        "any_of: contact_attempts, all_of: visit_outcome, not: rating_at_least"
    )


def test_entries_and_actions_are_offered_too() -> None:
    told = scene("persuading")
    asked = (told.affair(), told.actor, NOON, CALENDAR)

    entries = {o.step: o.because for o in CG.entry_options(*asked)}
    actions = {o.step: o.because for o in CG.action_options(*asked)}

    assert entries == {"persuasion": "", "supplement": "entries_at_least"}
    assert actions["refer"] == actions["open_joint"] == ""
    assert actions["sign_in"] == "referral_open"
    assert actions["suspend"] == "role"
    assert actions["return_visit"] == "role"


def test_a_step_of_another_matter_is_not_offered() -> None:
    told = Scene(matter="ZA02", state="registered", role=Role.CW)

    assert [s for s in options(told, SMALL) if s.startswith("S")] == ["S2"]


def test_state_comes_before_role_and_role_before_guards_and_guards_before_fields() -> None:
    told = scene("onsite", Role.RES)
    told.record = {"no": "such field"}

    found = []
    for change in ({}, {"state": "persuading"}, {"role": Role.CW}):
        told = replace(told, **change)
        with pytest.raises(StepNotOpen) as refused:
            require(told, "G8")
        found.append(refused.value.because)

    assert found == ["state", "role", "entries_at_least"]
    told.noted("persuasion", result="ineffective")
    with pytest.raises(FieldInvalid, match="not asked for"):
        require(told, "G8")


def test_a_missing_field_comes_before_a_guard_that_reads_the_record() -> None:
    told = scene("onsite", Role.CD)

    with pytest.raises(FieldMissing) as missing:
        require(told, "G5", {"beyond_means": False})
    with pytest.raises(StepNotOpen) as refused:
        require(told, "G5", {"beyond_means": False, "category": "piles"})

    assert missing.value.field == "category"
    assert refused.value.because == "field_true"


def test_a_name_that_the_line_does_not_have_is_told_with_those_it_has() -> None:
    told = scene("onsite")
    common: dict[str, Any] = {"at": NOON, "calendar": CALENDAR, "subject": AFFAIR}

    with pytest.raises(NameUnknown) as step:
        require(told, "G99")
    with pytest.raises(NameUnknown) as entry:
        CG.entry("none", told.affair(), by=told.actor, record={}, **common)
    with pytest.raises(NameUnknown) as action:
        act(scene("onsite"), "dance")

    assert (step.value.what, entry.value.what, action.value.what) == ("step", "entry", "action")
    assert step.value.known == ", ".join(CG.steps)


def test_what_a_step_becomes() -> None:
    moved = require(scene("registered"), "G1", {"place": "116.99,36.65"})
    filed = require(scene("onsite", Role.CD), "G5", {"beyond_means": True, "category": "piles"})

    assert (moved.step, moved.action, moved.kind, moved.to) == (
        "G1",
        "verify_onsite",
        "step",
        "onsite",
    )
    assert (moved.marks, moved.level, moved.retention) == (("accepted",), "", "10")
    assert (filed.marks, filed.level) == (("referred",), "street")


def test_a_duplicate_names_the_affair_it_goes_into_and_nothing_else_does() -> None:
    told = scene("onsite", Role.CD)
    duplicate = {"ground": "duplicate", "reason": "重复反映"}
    moved_out = {"ground": "moved_out", "reason": "已迁出"}

    taken = require(told, "X9", {**duplicate, "merged_into": str(OTHER)})

    assert taken.record.get("merged_into") == OTHER
    assert require(told, "X9", moved_out).to == "terminated"
    for record in (duplicate, {**moved_out, "merged_into": str(OTHER)}):
        with pytest.raises(StepNotOpen, match="any_of"):
            require(told, "X9", record)


def test_the_street_enters_a_residents_step_on_signed_request() -> None:
    told = scene("onsite", Role.SC)

    with pytest.raises(FieldMissing) as missing:
        require(told, "X8", {"request": "不再反映"})
    taken = require(told, "X8", {"request": "不再反映", "signed_request": [PHOTO]})

    assert missing.value.field == "signed_request"
    assert taken.to == "withdrawn"
    assert Role.SC in options(told)["X8"].by
    # The applicant's own step, and the front desk's, need no other paper.
    for role in (Role.RES, Role.FD):
        assert require(scene("onsite", role), "X8", {"request": "不再反映"}).to == "withdrawn"


def test_a_return_visit_is_recorded_by_nobody_who_handled_it() -> None:
    told = scene("resolved", Role.CD)
    assert act(told, "return_visit", outcome="unreachable").text("outcome") == "unreachable"

    told.done("G4", by=ME)

    with pytest.raises(NotPermittedNow) as refused:
        act(told, "return_visit", outcome="unreachable")
    assert refused.value.because == "actor_is_not"


def test_a_low_rating_needs_a_finding() -> None:
    told = scene("resolved", Role.FD)
    low: dict[str, Any] = {"outcome": "reached", "rating": 2, "solved": "no"}

    with pytest.raises(NotPermittedNow, match="any_of"):
        act(told, "return_visit", **low)
    record = act(told, "return_visit", **low, finding="rework_due")

    assert (record.get("rating"), record.get("finding")) == ("2", "rework_due")


def test_one_rating_is_final() -> None:
    told = scene("resolved", Role.FD)
    told.visited("unreachable")
    assert act(told, "return_visit", outcome="reached", rating=4, solved="yes")

    told.visited("reached", 4)

    with pytest.raises(NotPermittedNow, match="any_of"):
        act(told, "return_visit", outcome="reached", rating=1, solved="no", finding="rework_due")


def test_a_matter_says_who_may_open_it() -> None:
    matters = {
        code: matter.model_copy(update={"opened_by": (Role.SC,)})
        for code, matter in CG.spec.matters.items()
    }
    kept = CompiledLine(CG.spec.model_copy(update={"matters": matters}))

    assert CG.may_register("CG01", Actor(account=ME, role=Role.CW))
    assert not kept.may_register("CG01", Actor(account=ME, role=Role.CW))
    assert kept.may_register("CG01", Actor(account=ME, role=Role.SC))
    assert kept.may_register("CG01", SYSTEM)


def test_a_service_that_runs_is_visited_while_its_clock_runs() -> None:
    told = scene("handling", Role.FD)
    with pytest.raises(NotPermittedNow, match="any_of"):
        act(told, "return_visit", outcome="refused")

    told.clock("return_visit", due=NOON - NOON)

    assert act(told, "return_visit", outcome="refused").text("outcome") == "refused"


def test_an_extension_names_a_clock_and_keeps_to_its_bound() -> None:
    bounded = CompiledLine(
        CG.spec.model_copy(
            update={
                "clocks": tuple(
                    clock.model_copy(update={"extension": 15}) for clock in CG.spec.clocks
                )
            }
        )
    )
    told = scene("handling", Role.SL)
    told.clock("disposal", due=timedelta(days=1))
    asked: dict[str, Any] = {"clock": "disposal", "reason": "天气", "applicant_told": True}

    assert act(told, "extend", bounded, **asked, count=15).text("count") == "15"
    with pytest.raises(FieldInvalid, match="15 or less"):
        act(told, "extend", bounded, **asked, count=16)
    with pytest.raises(NotPermittedNow, match="field_true"):
        act(told, "extend", **{**asked, "applicant_told": False}, count=1)
    with pytest.raises(FieldInvalid, match="one of"):
        act(told, "extend", **{**asked, "clock": "suspension"}, count=1)


def test_a_correction_takes_any_field_of_the_line() -> None:
    told = scene("filed", Role.SC)
    why: dict[str, Any] = {"of_version": 7, "why": "类别选错"}

    record = act(told, "correct", **why, category="rubble", due="2011-01-01")

    assert record.text("category") == "rubble"
    with pytest.raises(FieldInvalid, match="one of"):
        act(told, "correct", **why, category="gold")
    with pytest.raises(FieldInvalid, match="not asked for"):
        act(told, "correct", **why, colour="red")


def test_a_question_is_one_of_the_lines() -> None:
    told = Scene(matter="ZA01", state="repairing", role=Role.CW)
    asked: dict[str, Any] = {"unit": "370103/fg"}

    assert act(told, "request_answer", SMALL, question="appraisal", **asked).text("question")
    with pytest.raises(FieldInvalid, match="one of appraisal"):
        act(told, "request_answer", SMALL, question="weather", **asked)
    # Urban management asks nobody, so it offers no such action.
    with pytest.raises(NotPermittedNow, match="matter_in"):
        act(scene("onsite"), "request_answer", question="appraisal", **asked)


def test_an_entry_may_ask_the_time() -> None:
    early, late = (
        scene("registered", Role.FD, registered_at=NOON.replace(month=m)) for m in (7, 6)
    )
    asked: dict[str, Any] = {"by": early.actor, "record": {"missing_list": "身份证"}}
    asked |= {"subject": AFFAIR, "at": NOON, "calendar": CALENDAR}

    assert len(CG.entry("supplement_notice", early.affair(), **asked)) == 1
    with pytest.raises(StepNotOpen, match="time_since_registered_at_most"):
        CG.entry("supplement_notice", late.affair(), **asked)


def test_a_registration_is_read_by_matter() -> None:
    record = CG.registration("CG01", {"place": "116.99,36.65"}, AFFAIR)

    assert record.fields[0].kind is Kind.PLACE
    with pytest.raises(Malformed, match="CG01, CG02"):
        CG.registration("CG09", {}, AFFAIR)
    with pytest.raises(FieldInvalid, match="not asked for"):
        CG.registration("CG01", {"colour": "red"}, AFFAIR)


def test_what_else_a_line_says() -> None:
    assert [state for state in CG.states if CG.suspendable(state)] == ["enforcing"]
    assert not CG.restricted("CG01")
    timer = CG.timer("exempt")
    assert timer is not None
    assert (timer.fires, timer.record) == ("X5", {})
    assert CG.timer("disposal") is None
    clock = CG.clock("disposal")
    assert clock is not None
    assert clock.label.zh == "处置"
    assert CG.clock("none") is None
    assert CG.matter("CG04").zh == "违法搭建"


def test_the_machine_is_shared_and_bound_to_nothing() -> None:
    assert CG.machine.models == []
    assert not any(
        (t.conditions, t.before, t.after, t.prepare) != ([], [], [], [])
        for event in CG.machine.events.values()
        for found in event.transitions.values()
        for t in found
    )
    assert set(CG.machine.states) == set(CG.states)


def test_the_machine_holds_every_way_of_the_file() -> None:
    held = {
        (event.name, t.source, t.dest)
        for event in CG.machine.events.values()
        for found in event.transitions.values()
        for t in found
    }

    expected = {
        (way.action, source, to)
        for way in CG.steps.values()
        for source in way.sources
        for to in (CG.spec.redo_targets("CG01") if way.to == REDO else (way.to,))
    }
    assert held == expected
    assert ("reopen_unsatisfied", "resolved", "onsite") in held
    assert not {t for t in held if t[0].startswith("to_")}


def test_the_common_rules_speak_of_every_action_and_no_other() -> None:
    assert set(CG.actions) == set(ACTIONS)


def test_the_wall_is_never_asked() -> None:
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(inspect.getsource(machine)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    assert not called & {"now", "utcnow", "today", "time"}


def test_every_actor_is_answered_for_every_state() -> None:
    for state in CG.states:
        for role in Role:
            told = scene(state, role)
            told.account = "nobody"
            asked = (told.affair(), Actor(account="nobody", role=role), NOON, CALENDAR)
            found = [*CG.options(*asked), *CG.entry_options(*asked), *CG.action_options(*asked)]

            assert all(option.open is not bool(option.because) for option in found)
            assert all(option.open or option.because for option in found)
            assert all((role in option.by) or option.because == "role" for option in found)
    assert CG.options(scene("archived").affair(), told.actor, NOON, CALENDAR) == ()
