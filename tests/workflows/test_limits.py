"""Clocks: the story's deadlines, and what starts, stops and restarts them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from domain.clock import SHANGHAI, ClockKind, Unit
from domain.record import Record
from tests.workflows.played import (
    AFTER,
    CHECKS,
    PRAISED,
    SPOT,
    Told,
    closed,
    day,
    dispatched,
    filed,
    last,
    onsite,
    resolved,
)
from tests.workflows.scenes import CALENDAR, CG, PHOTO
from tests.workflows.small import SHARED, SMALL, small
from workflows.calendar import WorkingCalendar
from workflows.loading import read
from workflows.machine import CompiledLine


def test_the_story_of_the_scrap_heap() -> None:
    told = Told().registered("07-22 10:05")
    seen = [told.running()]
    acts: list[Callable[[], Told]] = [
        lambda: told.step("G1", "CW", "07-22 10:30", **SPOT, photos=[PHOTO]),
        lambda: told.step("G4", "CD", "07-22 10:50"),
        lambda: told.act("open_joint", "CD", "07-22 10:50", unit="370103008/hw"),
        lambda: told.entry("persuasion", "CW", "07-22 16:00", result="ineffective"),
        lambda: told.act("joint_done", "CW", "07-22 16:00"),
        lambda: told.step("G8", "CD", "07-25 08:50"),
        lambda: told.step("G9", "SC", "07-25 09:20", lead_unit="370103008/cg"),
        lambda: told.step("G12", "SC", "07-25 09:40"),
        lambda: told.step("G13", "SC", "07-25 15:30", **AFTER),
        lambda: told.step("G16", "CW", "07-26 09:00"),
        lambda: told.act("return_visit", "FD", "07-27 10:00", **PRAISED),
        lambda: told.step("X1", "FD", "07-27 10:01"),
    ]
    for act in acts:
        act()
        seen.append(told.running())

    assert seen == [
        {"acceptance": "07-25", "deemed": "07-29"},
        {"onsite": "07-25"},
        *[{"persuading": "07-25"}] * 4,
        {"filed": "07-25 14:00"},
        *[{"disposal": "07-26"}] * 2,
        {"checking": "07-26"},
        {"return_visit": "07-29"},
        {},
        {"archiving": "06-30"},
    ]
    found = told.now.clock("onsite")
    assert found is not None
    assert found.due_at == datetime.fromisoformat("2011-07-26T00:00+08:00")
    assert told.now.identity.accepted_at == day("07-22 10:30")
    assert told.now.standing.level == "street"
    told.step("X7", "FD", "12-30 09:00", **dict.fromkeys(CHECKS, True))
    assert told.now.standing.state == "archived"
    assert told.events[-1].retention == "10"


@pytest.mark.parametrize(
    ("matter", "category", "due"),
    [
        ("CG01", "piles", "07-26"),
        ("CG01", "rubble", "07-27"),
        ("CG02", "garbage", "07-25 14:20"),
        ("CG03", "trading", "07-26"),
        ("CG04", "structures", "08-22"),
        ("CG05", "facilities", "08-01"),
        ("CG06", "noise", "07-28"),
    ],
)
def test_each_matter_has_its_own_limit_of_disposal(matter: str, category: str, due: str) -> None:
    assert dispatched(matter, category).running() == {"disposal": due}


def test_a_recorded_due_day_goes_before_the_limit() -> None:
    told = dispatched(due="2011-08-05")

    clock = told.now.clock("disposal")

    assert told.running() == {"disposal": "08-05"}
    assert clock is not None
    assert (clock.unit, clock.kind, clock.calendar) == (Unit.WORKING_DAY, ClockKind.STAGE, "")
    assert clock.started_at < clock.warn_at < clock.due_at


def test_the_second_attempt_does_not_prolong_persuading() -> None:
    told = onsite().step("G4", "CD", "07-22 10:50")
    again = {"held_at": "2011-07-25T09:00:00+08:00", "partners": "环卫", "result": "ineffective"}

    told.step("G6", "CW", "07-25 09:30", **again)

    assert told.running() == {"persuading": "07-25"}


def test_dispatching_again_and_rework_start_disposal_anew() -> None:
    told = dispatched(due="2011-08-05").step("G11", "SC", "07-25 10:00", reason="不属本科职责")
    assert told.running() == {"filed": "07-25 15:00"}

    told.step("G9", "SC", "07-25 11:00", lead_unit="370103008/zf").step("G12", "SC", "07-25 13:00")
    told.step("G13", "SC", "07-25 16:00", **AFTER).step("G17", "CW", "07-26 09:00", reason="未清净")

    assert told.running() == {"disposal": "07-27"}


def test_a_referral_is_signed_in_within_a_working_day() -> None:
    told = onsite().act("refer", "CW", "07-22 15:00", unit="370103008/cg", reason="属城管")
    assert told.running() == {"onsite": "07-25", "referral": "07-25"}

    told.act("sign_in", "SC", "07-25 09:00")

    assert told.running() == {"onsite": "07-25"}


def test_a_reopened_affair_has_a_clock_of_its_own() -> None:
    told = resolved()
    low = {"outcome": "reached", "rating": 1, "solved": "no", "finding": "rework_due"}
    told.act("return_visit", "FD", "07-27 10:00", **low)

    told.step("X2", "SUP", "07-27 11:00", reason="垃圾未清")

    assert told.now.standing.state == "dispatched"
    assert told.now.standing.round == 1
    assert told.running() == {"disposal": "07-28", "reopened": "08-01"}
    told.step("G12", "SC", "07-27 14:00").step("G13", "SC", "07-27 15:00", **AFTER)
    told.step("G16", "CW", "07-28 09:00")
    assert told.running() == {"return_visit": "08-02"}


@pytest.mark.parametrize(
    ("matter", "new_due", "due"),
    [
        ("CG01", None, "08-01"),
        ("CG02", None, "08-01"),
        ("CG04", None, "08-10"),
        ("CG05", None, "08-01"),
        ("CG04", "2011-07-29", "07-29"),
    ],
)
def test_the_reopened_limit_is_half_the_old_one_but_three_days(
    matter: str, new_due: str | None, due: str
) -> None:
    told = resolved(matter)
    low = {"outcome": "reached", "rating": 2, "solved": "partly", "finding": "rework_due"}
    told.act("return_visit", "FD", "07-27 10:00", **low)

    told.step("X2", "SUP", "07-27 11:00", reason="未清净", new_due=new_due)

    assert told.running()["reopened"] == due


def test_an_affair_never_filed_returns_to_the_site() -> None:
    told = onsite().step("G2", "CW", "07-22 11:00", photos=[PHOTO], note="未见堆放")
    low = {"outcome": "reached", "rating": 1, "solved": "no", "finding": "rework_due"}
    told.act("return_visit", "FD", "07-25 10:00", **low)

    told.step("X2", "CD", "07-25 11:00", reason="夜间堆放")

    assert told.now.standing.state == "onsite"
    assert told.running() == {"onsite": "07-26", "reopened": "07-28"}


def test_an_exempt_affair_is_closed_at_once_by_the_system() -> None:
    told = (
        Told().registered("07-22 10:05", wish="anonymous").step("G1", "CW", "07-22 10:30", **SPOT)
    )
    told.step("G3", "CW", "07-22 11:00", before_photos=[PHOTO], after_photos=[PHOTO])

    clock = told.now.clock("exempt")

    assert clock is not None
    assert (clock.kind, clock.due_at) == (ClockKind.TIMER, day("07-22 11:00"))
    assert told.now.clock("return_visit") is None
    told.expired("exempt", "timer")
    assert told.now.standing.state == "closed"
    assert told.running() == {"archiving": "06-30"}


def test_a_suspended_affair_stands_still_and_is_resumed_after_sixty_days() -> None:
    told = dispatched("CG04").step("G12", "SC", "07-25 09:40")
    rights = {"order_number": "城执〔2011〕1号", "rights_told": True}
    told.act("refer", "SC", "07-25 10:00", unit="370103/cg", reason="区级权限")
    told.step("G14", "SC", "07-25 10:00", **rights)

    told.act("suspend", "SL", "07-25 11:00", cause="court")
    assert told.running() == {"suspension": "09-23"}

    told.expired("suspension", "timer")
    assert told.now.standing.suspended_at is None
    assert told.running() == {"referral": "09-26"}


def test_every_clock_stops_when_the_affair_ends_but_the_one_that_starts_with_it() -> None:
    told = dispatched().act("refer", "SC", "07-25 10:00", unit="370103/cg", reason="区级权限")
    assert set(told.running()) == {"disposal", "referral"}

    told.step("X8", "FD", "07-25 11:00", request="不再反映")

    assert told.running() == {"archiving": "06-30"}
    stopped = [clock for clock in told.now.clocks if clock.stopped_at == day("07-25 11:00")]
    assert {clock.name for clock in stopped} == {"disposal", "referral"}


@pytest.mark.parametrize(
    ("step", "role", "record"),
    [
        ("G0", "CD", {"outside_scope": True, "reason": "不属社区", "channel": "区城管局"}),
        ("X8", "FD", {"request": "不再反映"}),
        ("X9", "CD", {"ground": "moved_out", "reason": "已迁出"}),
    ],
)
def test_archiving_is_due_by_the_end_of_june_of_the_next_year(
    step: str, role: str, record: dict[str, Any]
) -> None:
    told = Told().registered("07-22 10:05").step(step, role, "07-22 11:00", **record)

    clock = told.now.clock("archiving")
    assert clock is not None
    assert clock.kind is ClockKind.PROMISE
    assert clock.due_at == datetime(2012, 7, 1, tzinfo=SHANGHAI)
    assert clock.warn_at == datetime(2012, 6, 21, tzinfo=SHANGHAI)


def test_archiving_is_no_longer_due_once_it_is_done() -> None:
    told = closed().step("X7", "FD", "07-28 10:00", **dict.fromkeys(CHECKS, True))

    assert told.now.standing.state == "archived"
    assert told.running() == {}


def test_a_reopened_affair_is_not_to_be_archived() -> None:
    told = closed()
    assert told.running() == {"archiving": "06-30"}

    told.step("X6", "CD", "07-28 10:00", new_facts="又堆了", evidence=[PHOTO])

    assert "archiving" not in told.running()


def test_archiving_that_is_late_is_warned_of() -> None:
    told = closed()

    told.expired("archiving", "yellow")
    assert told.now.work.orders == 0
    told.expired("archiving", "red")
    assert told.now.work.orders == 1


def test_a_refused_visit_is_no_longer_owed_and_an_unreachable_one_is() -> None:
    told = resolved().act("return_visit", "FD", "07-27 10:00", outcome="unreachable")
    assert told.running() == {"return_visit": "07-29"}

    told.act("return_visit", "FD", "07-27 15:00", outcome="refused")

    assert told.running() == {}


def test_new_facts_reopen_a_closed_affair() -> None:
    told = closed().step("X6", "CD", "08-26 10:00", new_facts="又见堆放", evidence=[PHOTO])

    assert told.now.standing.state == "dispatched"
    assert set(told.running()) == {"disposal", "reopened"}


def repaired(matter: str = "ZA01", limit: str = "{count: 9, unit: wd}") -> Told:
    """A line with a total limit and a clock stop, up to its clock stop."""
    line = CompiledLine(small("{count: 10, unit: wd}", limit))
    told = Told(line).registered("07-22 10:05", matter)
    order = {"ZA01": ("S1", "cw"), "ZA02": ("S2", "cw")}[matter]
    return told.step(order[0], "CW", "07-22 10:30", account=order[1])


def test_a_total_clock_starts_on_acceptance_once() -> None:
    told = repaired()
    assert told.running() == {"whole": "08-04"}

    told.step("S4", "CW", "07-25 09:00")
    assert told.running() == {"parts": "08-15", "return_visit": "07-28"}

    # Neither coming back nor stopping again starts anything anew.
    told.step("S6", "CW", "07-26 09:00").step("S4", "CW", "07-27 09:00")
    assert told.running() == {"parts": "08-16", "return_visit": "07-28"}


BACK = """\
  - id: S7
    from: repairing
    to: registered
    action: send_back
    label: {zh: 退回补正, en: Send back}
    by: [CW]
  - id: S6"""


def test_accepting_again_does_not_start_the_total_clock_anew() -> None:
    line = CompiledLine(small("  - id: S6", BACK))
    told = Told(line).registered("07-22 10:05", "ZA01").step("S1", "CW", "07-22 10:30")
    assert told.running() == {"whole": "08-05"}

    told.step("S7", "CW", "07-25 09:00").step("S1", "CW", "07-26 09:00")

    assert told.running() == {"whole": "08-05"}


def test_a_service_is_visited_when_it_starts_and_again_when_it_is_resolved() -> None:
    told = repaired().step("S4", "CW", "07-25 09:00")
    told.act("return_visit", "FD", "07-26 09:00", **PRAISED)
    assert set(told.running()) == {"parts"}

    told.step("S6", "CW", "07-27 09:00").step("S3", "CW", "07-28 09:00", cost="12.50")

    assert told.running() == {"return_visit": "08-02"}


def test_a_matter_that_is_exempt_is_closed_without_a_visit() -> None:
    told = repaired("ZA02").step("S3", "CW", "07-25 09:00", cost=0)

    assert told.running() == {"exempt": "07-25 09:00"}
    assert told.expired("exempt", "timer").now.standing.state == "closed"


def test_a_timer_fires_its_step_with_its_record() -> None:
    told = repaired("ZA02").step("S4", "CW", "07-25 09:00").expired("parts", "timer")

    assert told.now.standing.state == "terminated"
    assert [field.name for field in told.events[-1].record] == ["reason"]


@pytest.mark.parametrize(
    ("limit", "due", "unit"),
    [
        ("{count: 9, unit: wd}", "08-02", Unit.WORKING_DAY),
        ("{count: 10, unit: wd}", "08-02", Unit.WORKING_DAY),
        ("{count: 60, unit: d}", "08-25", Unit.DAY),
        ("{count: 4, unit: wh}", "07-29", Unit.WORKING_DAY),
    ],
)
def test_half_a_total_limit_is_rounded_up_and_keeps_its_unit(
    limit: str, due: str, unit: Unit
) -> None:
    told = repaired(limit=limit).step("S3", "CW", "07-25 09:00", cost=0)
    low = {"outcome": "reached", "rating": 1, "solved": "no", "finding": "rework_due"}
    told.act("return_visit", "FD", "07-26 10:00", **low)

    told.step("X2", "CD", "07-26 11:00", reason="又漏")

    clock = told.now.clock("reopened")
    assert clock is not None
    assert (last(clock.due_at), clock.unit) == (due, unit)


def test_a_question_has_its_clock_until_it_is_answered() -> None:
    told = repaired().act(
        "request_answer", "CW", "07-22 11:00", question="appraisal", unit="370103/fg"
    )
    assert told.running() == {"whole": "08-04", "means": "07-22"}

    told.act("receive_answer", "CW", "07-22 15:00", question="appraisal", answer="可修")
    told.entry("hazard", "CW", "07-22 16:00", grade="urgent")
    told.act("request_answer", "CW", "07-22 17:00", question="appraisal", unit="370103/fg")

    assert told.running() == {"whole": "08-04", "means": "07-23 17:00"}


def test_a_year_without_a_table_makes_clocks_provisional() -> None:
    told = onsite(calendar=WorkingCalendar())

    assert [c.calendar for c in told.now.clocks] == ["2011?", "2011?", "2011?"]


def due_in_2012(*years: int) -> Told:
    """Dispatched in 2011, due on 6 January 2012, with the tables of these years."""
    told = filed()
    told.calendar = WorkingCalendar(CALENDAR.tables[year] for year in years)
    return told.step("G9", "SC", "07-25 09:20", lead_unit="370103008/cg", due="2012-01-06")


def test_a_recorded_due_day_of_a_year_without_a_table_turns_nothing_red() -> None:
    told = due_in_2012(2011)

    clock = told.now.clock("disposal")

    assert clock is not None
    assert (clock.due_at, clock.calendar) == (datetime(2012, 1, 7, tzinfo=SHANGHAI), "2012?")
    told.expired("disposal", "yellow").expired("disposal", "red")
    assert [type(event).__name__ for event in told.events[-2:]] == ["StepTaken", "Warned"]


def test_a_recorded_due_day_is_final_by_the_table_of_its_own_year() -> None:
    told = due_in_2012(2012)

    clock = told.now.clock("disposal")

    assert clock is not None
    assert (clock.due_at, clock.provisional) == (datetime(2012, 1, 7, tzinfo=SHANGHAI), False)
    told.expired("disposal", "red")
    assert told.now.work.orders == 1


def test_a_recorded_instant_needs_no_table() -> None:
    field = "{name: agreed_at, kind: instant, label: {zh: 约定, en: Agreed}}"
    guard = "    when:\n      - not: {actor_is_not: registrar}\n"
    text = SMALL.replace("    kind: total\n", "    kind: total\n    due_field: agreed_at\n")
    text = text.replace(guard, f"    fields:\n      - {field}\n")
    line = CompiledLine(read(text, "ZA.yaml", SHARED))
    told = Told(line, WorkingCalendar()).registered("07-22 10:05", "ZA01")

    told.step("S1", "CW", "07-22 10:30", agreed_at="2011-07-25T09:00:00+08:00")

    clock = told.now.clock("whole")
    assert clock is not None
    assert (clock.due_at, clock.provisional) == (day("07-25 09:00"), False)


def test_a_provisional_clock_deems_nothing_accepted() -> None:
    told = Told(calendar=WorkingCalendar()).registered("07-22 10:05")

    told.expired("deemed", "timer")

    assert told.now.identity.accepted_at is None
    assert len(told.events) == 1


def test_what_nobody_asked_to_complete_counts_as_accepted_after_five_working_days() -> None:
    told = Told().registered("07-22 10:05").expired("deemed", "timer")

    assert told.now.identity.accepted_at == day("07-30 00:00")
    assert told.now.identity.line_version == CG.version
    assert told.now.standing.state == "registered"
    assert "deemed" not in told.running()
    assert told.now.handlers() == frozenset()


def test_what_is_deemed_accepted_is_not_accepted_again() -> None:
    told = Told().registered("07-22 10:05").expired("deemed", "timer")

    told.step("G1", "CW", "08-01 10:00", **SPOT)

    deemed, verified = told.events[2:]
    assert (deemed.step, deemed.marks, deemed.line_version) == ("X10", ("accepted",), CG.version)
    assert (verified.step, verified.marks, verified.line_version) == ("G1", (), "")
    assert told.now.identity.accepted_at == day("07-30 00:00")


def test_who_was_told_what_is_missing_is_not_deemed_accepted() -> None:
    told = Told().registered("07-22 10:05")
    told.entry("supplement_notice", "FD", "07-25 10:00", missing_list="现场照片")

    assert "deemed" not in told.running()
    told.expired("deemed", "timer")
    assert told.now.identity.accepted_at is None


def test_a_line_may_say_that_nothing_is_deemed_accepted() -> None:
    strict = CompiledLine(CG.spec.model_copy(update={"deemed_acceptance": False}))

    assert "deemed" not in Told(line=strict).registered("07-22 10:05").running()


def test_what_came_back_to_the_first_state_is_not_timed_again() -> None:
    again = CG.spec.transitions[1].model_copy(
        update={"id": "G99", "sources": ("onsite",), "to": "registered", "action": "return"}
    )
    back = CompiledLine(CG.spec.model_copy(update={"transitions": (*CG.spec.transitions, again)}))

    told = onsite(line=back).step("G99", "CW", "07-25 10:00", **SPOT)

    assert told.running() == {"acceptance": "07-26"}


def test_what_does_not_concern_clocks_changes_none() -> None:
    change = CG.clocks(
        onsite().now,
        matter="CG01",
        happening="remind",
        leaves="onsite",
        enters="onsite",
        record=Record(),
        at=day("07-22 12:00"),
        calendar=CALENDAR,
    )

    assert change == ()
