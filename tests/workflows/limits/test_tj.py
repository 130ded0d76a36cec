"""人民调解与法律服务 against its table, its limits counted by hand from the calendars of 2011 and
2026, and what neither the features nor the tests of all lines say of it.

2011: 1 to 7 October off, 8 and 9 October worked. 2026: 4 to 6 April off (tomb-sweeping).
"""

from datetime import date
from uuid import UUID

import pytest

from domain.clock import ClockKind
from domain.record import Kind
from tests.workflows.limits.starting import line, started
from workflows.machine import CompiledLine

OLD, NEW = line("TJ/2011.yaml"), line("TJ/current.yaml")
BOTH = pytest.mark.parametrize("tj", [OLD, NEW], ids=["2011", "current"])
DISPUTES = ("TJ01", "TJ02", "TJ03", "TJ04")

LABELS = """
F1 征询 F2 受理 F3 一方拒绝 F4 不属调解 F5 咨询答复 F6 达成协议 F7 调解不成 F8 当事人终止
F9 即时履行 F10 转履行 F11 申请确认 F12 确认有效 F13 撤回申请 F14 不予确认再调 F15 履行完毕
F16 变更协议 F17 反悔转诉
"""


@BOTH
def test_the_steps_are_called_as_the_table_calls_them(tj: CompiledLine) -> None:
    words = LABELS.split()

    assert {s.id: s.label.zh for s in tj.spec.transitions} == dict(
        zip(words[::2], words[1::2], strict=True)
    )


@BOTH
def test_matters_are_kept_and_done_again_as_the_table_says(tj: CompiledLine) -> None:
    again = {code: tj.spec.redo_targets(code) for code in tj.spec.matters}

    assert {m.retention for m in tj.spec.matters.values()} == {"30"}
    assert again == {**dict.fromkeys(DISPUTES, ("mediating",)), "TJ05": ()}
    assert tj.spec.accepted_on == ("F2", "F5")
    assert tj.spec.suspendable == ("mediating", "confirming")


def test_one_version_follows_the_other_without_gap_or_overlap() -> None:
    assert (OLD.spec.valid.since, OLD.spec.valid.to) == (date(2011, 7, 1), date(2012, 12, 31))
    assert (NEW.spec.valid.since, NEW.spec.valid.to) == (date(2013, 1, 1), None)


@BOTH
def test_nothing_is_charged(tj: CompiledLine) -> None:
    asked = (
        spec
        for ways in (tj.steps, tj.entries)
        for way in ways.values()
        for form in way.forms.values()
        for spec in form.own.specs
    )

    assert [spec.name for spec in asked if spec.kind is Kind.MONEY] == []


@BOTH
def test_every_limit_says_its_law(tj: CompiledLine) -> None:
    assert all(clock.law for clock in tj.spec.clocks)


@BOTH
def test_the_time_to_apply_is_late_for_nobody(tj: CompiledLine) -> None:
    kinds = {clock.name: clock.kind for clock in tj.spec.clocks}

    assert kinds["confirmation_window"] is ClockKind.TIMER
    assert tj.timer("confirmation_window") is None
    assert kinds["court_decision"] is ClockKind.PROMISE


@BOTH
@pytest.mark.parametrize(
    ("step", "at", "due"),
    [
        ("F2", "2011-08-02 10:00", "2011-09-01"),
        # 3 September, a Saturday.
        ("F2", "2011-08-04 10:00", "2011-09-05"),
        ("F14", "2011-08-29 10:00", "2011-09-28"),
        # 1 October, a holiday until 7.
        ("F16", "2011-09-01 10:00", "2011-10-08"),
        # 5 April, a holiday until 6.
        ("F2", "2026-03-06 10:00", "2026-04-07"),
    ],
)
def test_mediation_takes_thirty_days(tj: CompiledLine, step: str, at: str, due: str) -> None:
    assert started(tj, step, at, matter="TJ01") == {"mediation": due}


@BOTH
@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2011-08-09 10:00", "2011-09-08"),
        # 5 October, a holiday until 7.
        ("2011-09-05 10:00", "2011-10-08"),
        ("2026-03-02 10:00", "2026-04-01"),
    ],
)
def test_parties_apply_within_thirty_days_of_effect(tj: CompiledLine, at: str, due: str) -> None:
    assert started(tj, "F6", at, matter="TJ03") == {"confirmation_window": due}


@BOTH
def test_withdrawing_an_application_begins_no_new_thirty_days(tj: CompiledLine) -> None:
    assert started(tj, "F13", "2011-08-22 09:00", matter="TJ03") == {}


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2011-08-15 09:00", "2011-08-18"),
        # 21 August, a Sunday.
        ("2011-08-18 09:00", "2011-08-22"),
    ],
)
def test_in_2011_a_court_says_in_three_days_whether_it_takes_it_on(at: str, due: str) -> None:
    assert started(OLD, "F11", at, matter="TJ03") == {"court_acceptance": due}


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2011-08-16 15:00", "2011-08-31"),
        # 20 August, a Saturday.
        ("2011-08-05 15:00", "2011-08-22"),
    ],
)
def test_in_2011_a_court_decides_in_fifteen_days(at: str, due: str) -> None:
    clock = OLD.clock("court_decision")

    assert started(OLD, "entry:court_accepted", at, matter="TJ03") == {"court_decision": due}
    assert clock is not None
    assert clock.extension == 10


@pytest.mark.parametrize("happening", ["F11", "entry:court_accepted"])
@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-03-02 09:00", "2026-04-01"),
        # 5 April, a holiday until 6.
        ("2026-03-06 15:00", "2026-04-07"),
    ],
)
def test_today_a_court_decides_in_thirty_days(happening: str, at: str, due: str) -> None:
    assert started(NEW, happening, at, matter="TJ03") == {"court_decision": due}


@BOTH
@pytest.mark.parametrize("step", ["F10", "F12"])
def test_performance_is_due_on_the_day_that_was_agreed(tj: CompiledLine, step: str) -> None:
    record = {"perform_by": "2011-10-01"}

    clocks = started(tj, step, "2011-08-29 10:00", matter="TJ04", record=record)

    assert clocks == {"performance": "2011-10-01"}
    if step == "F12":
        assert started(tj, step, "2011-08-29 10:00", matter="TJ04") == {}


@BOTH
def test_what_is_mediated_again_has_fifteen_days(tj: CompiledLine) -> None:
    clocks = started(
        tj, "X2", "2011-08-10 11:00", matter="TJ01", leaves="resolved", enters="mediating"
    )

    assert clocks["reopened"] == "2011-08-25"


@BOTH
def test_public_safety_takes_what_a_risk_of_violence_makes(tj: CompiledLine) -> None:
    safety = line("ZZ.yaml")
    made = {rule.id: rule.make for rule in tj.spec.reactions}

    assert {id_: make.matter for id_, make in made.items()} == {
        "violence_in_family": "ZZ05",
        "violence": "ZZ01",
    }
    for make in made.values():
        copied = dict.fromkeys(make.copied, "第0805号")
        record = safety.registration(str(make.matter), {**make.record, **copied}, UUID(int=0))
        assert (record.text("grade"), record.text("receipt")) == ("red", "第0805号")
