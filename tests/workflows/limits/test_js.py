"""卫生健康与计划生育: its limits, counted by hand, and what neither the features nor the tests
of all lines say of it.

2011: 12 September off; 1 to 7 October off, 8 and 9 October worked; 31 December worked. 2012: 1 to
3 January off. 2025: 1 to 8 October off, 28 September and 11 October worked. 2026: 15 to 23
February off, 14 and 28 February worked.
"""

from datetime import date
from typing import Any

import pytest

from domain.errors import FieldInvalid, Malformed, StepNotOpen
from domain.record import Kind
from tests.builders import lines
from tests.builders.lived import PAPERS, Lived
from workflows.machine import CompiledLine

OLD, NEW = lines.of("JS")
BOTH = pytest.mark.parametrize("line", [OLD, NEW], ids=["2011", "current"])

NOTICE = {"eligible": True, "notice_name": "张*", "notice_place": "公示栏"}
ISSUED = {"certificate_number": "370103-1"}


def born(line: CompiledLine, *, elsewhere: bool = False) -> dict[str, Any]:
    return {"birth_order": "first", "other_domicile": elsewhere}


def allowed(line: CompiledLine) -> dict[str, Any]:
    """What the version of 2011 asks besides."""
    return {"permitted": True} if line is OLD else {}


def checking(line: CompiledLine, at: str) -> Lived:
    told = Lived(line, "JS01").registered(at, **born(line, elsewhere=True))
    return told.step("D2", "SC", at, target_office="平原街道", **allowed(line))


def committed(line: CompiledLine, at: str) -> Lived:
    told = Lived(line, "JS01").registered(at, **born(line))
    proof = {"missing_proof": "结婚证", "commitment": PAPERS}
    return told.step("D3", "FD", at, **proof, **ISSUED, **allowed(line))


def reviewing(line: CompiledLine, at: str, matter: str = "JS02") -> Lived:
    told = Lived(line, matter).registered(at, only_child_certificate="1985-1")
    return told.step("D9", "CW", at)


def granted(line: CompiledLine, posted: str, at: str) -> Lived:
    told = reviewing(line, posted).step("D10", "SC", posted, **NOTICE).step("D13", "SC", at)
    return told.step("D14", "DL", at, amount="10", years="14")


def test_one_version_ends_where_the_other_begins() -> None:
    assert (OLD.spec.valid.since, OLD.spec.valid.to) == (date(2011, 7, 1), date(2021, 8, 19))
    assert (NEW.spec.valid.since, NEW.spec.valid.to) == (date(2021, 8, 20), None)


def test_the_cross_check_of_floating_people_is_of_2011() -> None:
    assert set(OLD.spec.matters) - set(NEW.spec.matters) == {"JS04"}
    assert set(NEW.spec.matters) < set(OLD.spec.matters)
    with pytest.raises(Malformed):
        Lived(NEW, "JS04").registered("2025-09-01")


@pytest.mark.parametrize(("line", "most"), [(OLD, "second"), (NEW, "third")])
def test_how_many_children_are_registered(line: CompiledLine, most: str) -> None:
    order = next(f for f in line.spec.matters["JS01"].fields if f.name == "birth_order")

    assert list(order.choices)[-1] == most
    with pytest.raises(FieldInvalid):
        Lived(line, "JS01").registered("2011-08-01", birth_order="fourth", other_domicile=False)


@BOTH
@pytest.mark.parametrize("matter", ["JS01", "JS05", "JS06"])
@pytest.mark.parametrize("at", ["2011-08-01", "2011-10-01"])
def test_on_the_spot_is_the_same_day(line: CompiledLine, matter: str, at: str) -> None:
    form = {"JS01": born(line), "JS06": {"institution": "卫生服务站"}}.get(matter, {})

    told = Lived(line, matter).registered(at, **form)

    assert told.running()["on_the_spot"] == at
    assert "check_sent" not in told.running()


@pytest.mark.parametrize(
    ("line", "at", "due"),
    [
        (OLD, "2011-08-01", "2011-08-10"),
        (OLD, "2011-09-28", "2011-10-12"),
        (NEW, "2025-09-26", "2025-10-13"),
    ],
)
def test_a_cross_check_is_to_be_sent(line: CompiledLine, at: str, due: str) -> None:
    told = Lived(line, "JS01").registered(at, **born(line, elsewhere=True))

    assert told.running()["check_sent"] == due
    assert "on_the_spot" not in told.running()


def test_the_check_of_floating_people_is_sent_in_the_same_time() -> None:
    told = Lived(OLD, "JS04").registered("2011-08-01", checked_person="李军", home_place="商丘")

    assert told.running()["check_sent"] == "2011-08-10"


@pytest.mark.parametrize(
    ("line", "at", "due", "before", "after"),
    [
        (OLD, "2011-08-03", "2011-08-24", "2011-08-24 23:59", "2011-08-25 00:00"),
        (OLD, "2011-12-23", "2012-01-16", "2012-01-16 23:59", "2012-01-17 00:00"),
        (NEW, "2026-02-13", "2026-03-12", "2026-03-12 23:59", "2026-03-13 00:00"),
    ],
)
def test_an_answer_is_waited_for(
    line: CompiledLine, at: str, due: str, before: str, after: str
) -> None:
    told = checking(line, at)
    given = {"commitment": PAPERS, **ISSUED}

    assert told.running()["check_answered"] == due
    with pytest.raises(StepNotOpen) as refused:
        told.step("D7", "SC", before, **given)
    assert refused.value.because == "clock_expired"
    assert told.step("D7", "SC", after, **given).now.standing.state == "committed"


@BOTH
def test_nobody_here_is_late_where_another_place_does_not_answer(line: CompiledLine) -> None:
    clock = checking(line, "2025-09-02").now.clock("check_answered")

    assert clock is not None
    assert clock.kind == "timer"
    assert line.timer("check_answered") is None


@pytest.mark.parametrize(
    ("line", "at", "due"),
    [
        (OLD, "2011-08-01", "2011-08-29"),
        (OLD, "2011-08-25", "2011-09-23"),
        (NEW, "2026-02-13", "2026-03-19"),
    ],
)
def test_a_commitment_is_verified(line: CompiledLine, at: str, due: str) -> None:
    assert committed(line, at).running()["commitment_check"] == due


@pytest.mark.parametrize(
    ("line", "at", "due", "before", "after"),
    [
        (OLD, "2011-08-03", "2011-08-10", "2011-08-10 23:59", "2011-08-11 00:00"),
        # Seven days end within the holidays, and so on the first day that is worked again.
        (OLD, "2011-09-26", "2011-10-08", "2011-10-08 23:59", "2011-10-09 00:00"),
        (NEW, "2026-02-10", "2026-02-24", "2026-02-24 23:59", "2026-02-25 00:00"),
    ],
)
def test_a_notice_stands_seven_days(
    line: CompiledLine, at: str, due: str, before: str, after: str
) -> None:
    told = reviewing(line, at).step("D10", "SC", at, **NOTICE)

    assert told.running()["notice"] == due
    with pytest.raises(StepNotOpen) as refused:
        told.step("D13", "SC", before)
    assert refused.value.because == "notice_days_passed"
    assert told.step("D13", "SC", after).now.standing.state == "confirming"


@pytest.mark.parametrize("matter", ["JS02", "JS03"])
@pytest.mark.parametrize(
    ("line", "at", "due"),
    [(OLD, "2011-08-01", "2011-09-13"), (NEW, "2025-09-01", "2025-10-17")],
)
def test_a_reward_is_due(line: CompiledLine, matter: str, at: str, due: str) -> None:
    assert reviewing(line, at, matter).running()["total"] == due


@BOTH
def test_a_reopened_reward_has_half_its_limit(line: CompiledLine) -> None:
    told = granted(line, "2011-08-03", "2011-08-11").reopened("2011-08-15")

    assert told.now.standing.state == "reviewing"
    assert told.running()["reopened"] == "2011-09-05"


@BOTH
def test_what_is_done_on_the_spot_is_done_again_in_three_days(line: CompiledLine) -> None:
    told = Lived(line, "JS05").registered("2011-08-01")
    told.step("D1", "FD", "2011-08-01", data_match=True, **ISSUED).reopened("2011-08-02")

    assert told.now.standing.state == "registered"
    assert told.running() == {"reopened": "2011-08-05"}


@BOTH
def test_what_was_issued_is_revoked_and_never_withdrawn(line: CompiledLine) -> None:
    told = committed(line, "2011-08-01")

    with pytest.raises(StepNotOpen) as refused:
        told.step("X8", "FD", "2011-08-02", request="不要了")

    assert refused.value.because == "withdrawal_open"
    false = {"evidence": PAPERS, "reason": "没有婚姻登记", "certificate_void": True}
    assert told.step("D16", "SC", "2011-08-03", **false).now.standing.state == "terminated"


@BOTH
def test_what_tells_of_health_or_family_is_kept_sealed(line: CompiledLine) -> None:
    told = {"spouse", "family_situation", "person_served", "checked_person", "objector"}
    told |= {"missing_proof", "grounds", "note", "reason"}
    asked = [f for way in (*line.steps.values(), *line.entries.values()) for f in way.spec.fields]
    asked += [f for matter in line.spec.matters.values() for f in matter.fields]

    kinds = {field.kind for field in asked if field.name in told}

    assert kinds == {Kind.NOTE, Kind.PERSON}
