"""社会治安综合治理 against its table, its limits counted by hand from the calendars of 2011 and
2026, and what neither the features nor the tests of all lines say of it.

2011: 10 to 12 September off (mid-autumn), 1 to 7 October off, 8 and 9 October worked.
2026: 15 to 23 February off, 14 and 28 February worked.
"""

import pytest

from domain.clock import ClockKind
from tests.workflows.limits.starting import line, started

ZZ = line("ZZ.yaml")

LABELS = """
E1 紧急报告 E2 分级受理 E3 不予受理 E4 升级 E5 查否 E6 当场消除 E7 整改提示 E8 纳入帮扶 E9 到期复查
E10 复查合格 E11 再限期 E12 移交 E13 移交 E14 险情解除 E15 当场登记 E16 结果回告
E17 期满无复发 E18 复发
"""


def test_the_steps_are_called_as_the_table_calls_them() -> None:
    words = LABELS.split()

    assert {s.id: s.label.zh for s in ZZ.spec.transitions} == dict(
        zip(words[::2], words[1::2], strict=True)
    )


def test_matters_are_kept_and_closed_as_the_table_says() -> None:
    told = {code: (m.retention, m.restricted) for code, m in ZZ.spec.matters.items()}

    plain, closed = ("10", False), ("30", True)
    assert told == {"ZZ01": plain, "ZZ02": plain, "ZZ03": plain, "ZZ04": closed, "ZZ05": closed}
    assert ZZ.spec.accepted_on == ("E1", "E2", "E15")
    assert {ZZ.spec.redo_targets(matter) for matter in told} == {("verifying",)}
    assert ZZ.spec.suspendable == ()


def test_what_the_system_does_is_timed() -> None:
    timed = {t.clock: t.fires for t in ZZ.spec.timers}

    assert timed == {"rectification": "E9", "watch": "E17"}
    assert all((clock.kind is ClockKind.TIMER) is (clock.name in timed) for clock in ZZ.spec.clocks)


def test_every_limit_says_its_law_or_that_it_is_ours() -> None:
    assert all(clock.law or clock.basis for clock in ZZ.spec.clocks)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2011-08-01 10:00", "2011-08-01 12:00"),
        # A Saturday night: two hours are two hours.
        ("2011-08-06 23:00", "2011-08-07 01:00"),
        ("2011-09-30 23:59", "2011-10-01 01:59"),
    ],
)
@pytest.mark.parametrize("matter", ["ZZ01", "ZZ03", "ZZ05"])
def test_a_red_danger_is_entered_within_two_hours(matter: str, at: str, due: str) -> None:
    clocks = started(ZZ, "register", at, matter=matter, record={"grade": "red"})

    assert clocks["emergency_entry"] == due


@pytest.mark.parametrize("grade", ["yellow", "blue"])
def test_what_is_not_red_need_not_be_entered_within_two_hours(grade: str) -> None:
    clocks = started(ZZ, "register", "2011-08-01 10:00", matter="ZZ01", record={"grade": grade})

    assert "emergency_entry" not in clocks
    assert "emergency_entry" not in started(ZZ, "register", "2011-08-01 10:00", matter="ZZ02")


@pytest.mark.parametrize(
    ("grade", "at", "due"),
    [
        ("yellow", "2011-08-01 11:00", "2011-08-02 11:00"),
        # Friday to Saturday.
        ("yellow", "2011-08-05 16:00", "2011-08-06 16:00"),
        ("yellow", "2011-09-30 16:00", "2011-10-01 16:00"),
        ("blue", "2011-08-01 11:00", "2011-08-04"),
        # Friday; Monday, Tuesday, Wednesday.
        ("blue", "2011-08-05 16:00", "2011-08-10"),
        # 8, 9 and 10 October.
        ("blue", "2011-09-30 16:00", "2011-10-10"),
        # 14, 24 and 25 February.
        ("blue", "2026-02-13 16:00", "2026-02-25"),
    ],
)
def test_the_check_on_site_goes_by_the_grade(grade: str, at: str, due: str) -> None:
    record = {"accepted_grade": grade}

    assert started(ZZ, "E2", at, matter="ZZ01", record=record) == {"verification": due}


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({"grade": "blue", "accepted_grade": "blue"}, "2011-08-25"),
        ({"grade": "red", "accepted_grade": "blue"}, "2011-08-23 20:00"),
        ({"grade": "red"}, "2011-08-23 20:00"),
    ],
)
def test_a_recurrence_is_checked_anew(facts: dict[str, str], due: str) -> None:
    clocks = started(ZZ, "E18", "2011-08-22 20:00", matter="ZZ01", facts=facts)

    assert clocks == {"verification": due}


@pytest.mark.parametrize(
    ("record", "at", "due"),
    [
        ({"rectify_by": "2011-08-08"}, "2011-08-01 15:00", "2011-08-08"),
        # What an officer names is not moved, though it be a Saturday.
        ({"rectify_by": "2011-08-06"}, "2011-08-01 15:00", "2011-08-06"),
        ({}, "2011-08-01 15:00", "2011-08-08"),
        # 1 October, a holiday until 7.
        ({}, "2011-09-24 15:00", "2011-10-08"),
    ],
)
@pytest.mark.parametrize("step", ["E7", "E11"])
def test_it_is_rectified_within_seven_days(
    step: str, record: dict[str, object], at: str, due: str
) -> None:
    assert started(ZZ, step, at, matter="ZZ01", record=record) == {"rectification": due}


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2011-08-10 10:00", "2011-09-09"),
        # 10 September, mid-autumn until 12.
        ("2011-08-11 10:00", "2011-09-13"),
        # 1 October, a holiday until 7.
        ("2011-09-01 10:00", "2011-10-08"),
        # 19 April, a Sunday.
        ("2026-03-20 10:00", "2026-04-20"),
    ],
)
@pytest.mark.parametrize("step", ["E14", "E16"])
def test_it_is_watched_for_thirty_days(step: str, at: str, due: str) -> None:
    assert started(ZZ, step, at, matter="ZZ01") == {"watch": due}


def test_support_is_watched_until_its_plan_ends() -> None:
    record = {"plan_until": "2011-10-31"}

    clocks = started(ZZ, "E8", "2011-08-01 14:00", matter="ZZ04", record=record)

    assert clocks == {"watch": "2011-10-31"}


@pytest.mark.parametrize(
    ("at", "due"),
    [
        # Four days, half of seven, are later than three working days.
        ("2011-08-01 11:00", "2011-08-05"),
        # Four days end on a Monday; three working days on the Tuesday.
        ("2011-08-04 11:00", "2011-08-09"),
    ],
)
def test_what_is_done_again_has_half_the_time_but_three_working_days(at: str, due: str) -> None:
    clocks = started(ZZ, "X2", at, matter="ZZ01", leaves="resolved", enters="verifying")

    assert clocks["reopened"] == due
