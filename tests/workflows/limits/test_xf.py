"""信访与物业民生诉求, of 2011 and of today: what stands still, is extended and ends of its limits,
counted by hand (those that only run are in `counted/xf.py`).

2011: 1 to 7 October off, 8 and 9 October worked. 2025: 1 to 8 October off, 11 October worked.
"""

from datetime import date

import pytest

from domain.errors import FieldInvalid, NotPermittedNow, StepNotOpen
from tests.builders import lines
from tests.builders.lived import PAPERS, Lived
from tests.workflows.limits.starting import instant
from workflows.machine import CompiledLine

OLD, NEW = lines.of("XF")
BOTH = pytest.mark.parametrize("line", [OLD, NEW], ids=["2011", "current"])

ASKED = {"request": "补发补贴", "facts": "七月起停发"}
OPINION = {"opinion": "not_supported", "opinion_number": "7", "opinion_basis": "不符合条件"}
MORE = {"clock": "handling", "reason": "情况复杂", "applicant_told": True}


def accepted(line: CompiledLine, at: str, matter: str = "XF01") -> Lived:
    more = {"XF01": {"facts": "七月起停发"}, "XF04": {"estate": "建新花园"}}
    more |= {"XF05": {"order_number": "12345-7"}}
    told = Lived(line, matter).registered(at, request="补发补贴", **more.get(matter, {}))
    return told.step("M1", "SC", at, notice_number="7")


def investigating(line: CompiledLine, at: str) -> Lived:
    return accepted(line, at).step("M12", "SC", at, interests_checked=True)


def opined(line: CompiledLine, at: str) -> Lived:
    return investigating(line, at).step("M17", "SL", at, **OPINION, review_told=True)


def reviewed(line: CompiledLine, at: str) -> Lived:
    told = opined(line, at).step("M19", "FD", at, review_reason="不服", signed_request=PAPERS)
    return told.step("M20", "DL", at, review_opinion="维持", review_number="3")


def warned(told: Lived, clock: str) -> str:
    found = told.now.clock(clock)
    assert found is not None
    return instant(found.warn_at)


def test_one_version_ends_where_the_other_begins() -> None:
    assert (OLD.spec.valid.since, OLD.spec.valid.to) == (date(2011, 7, 1), date(2022, 4, 30))
    assert (NEW.spec.valid.since, NEW.spec.valid.to) == (date(2022, 5, 1), None)


@pytest.mark.parametrize(
    ("line", "at", "suspended", "resumed", "due", "warn"),
    [
        # Due on 23 September; ten days more end on 3 October, off until the 8th. 44 days remain
        # after 25 August, four fifths of which are the 36th, 30 September.
        (
            *(OLD, "2011-07-25 10:00", "2011-08-15 10:00", "2011-08-25 10:00"),
            *("2011-10-08", "2011-09-30 09:00"),
        ),
        # Due on 9 October; ten days more end on Sunday the 19th, so on Monday. 30 days remain
        # after 20 September, four fifths of which are the 24th, 14 October.
        (
            *(NEW, "2025-08-06 10:00", "2025-09-10 10:00", "2025-09-20 10:00"),
            *("2025-10-20", "2025-10-14 09:00"),
        ),
    ],
)
def test_handling_moves_by_what_stood_still_for_a_hearing(
    line: CompiledLine, at: str, suspended: str, resumed: str, due: str, warn: str
) -> None:
    told = investigating(line, at)
    with pytest.raises(NotPermittedNow):
        told.act("suspend", "SL", suspended, cause="hearing")

    told.step("M14", "SL", suspended, hearing_ground="complex")
    told.act("suspend", "SL", suspended, cause="hearing").act("resume", "SL", resumed)

    assert told.running() == {"handling": due}
    assert warned(told, "handling") == warn


@pytest.mark.parametrize(
    ("line", "at", "late", "due"),
    [
        # Due on 8 October 2011: thirty days more end on 7 November.
        (OLD, "2011-08-03 10:00", "2011-10-09 00:00", "2011-11-07"),
        # Due on 9 October 2025: on Saturday 8 November, so on Monday.
        (NEW, "2025-08-06 10:00", "2025-10-10 00:00", "2025-11-10"),
    ],
)
def test_handling_is_extended_once_by_thirty_days_at_most(
    line: CompiledLine, at: str, late: str, due: str
) -> None:
    told = accepted(line, at)

    with pytest.raises(FieldInvalid) as refused:
        told.act("extend", "SL", at, count="31", **MORE)
    assert refused.value.field == "count"
    told.act("extend", "SL", at, count="30", **MORE)

    assert told.running() == {"handling": due}
    for again in (told, accepted(line, at)):
        with pytest.raises(NotPermittedNow):
            again.act("extend", "SL", late, count="1", **MORE)


@BOTH
@pytest.mark.parametrize("matter", ["XF01", "XF05"])
def test_handling_is_extended_by_the_head_of_the_organ_alone(
    line: CompiledLine, matter: str
) -> None:
    told = accepted(line, "2025-08-06 10:00", matter)

    with pytest.raises(NotPermittedNow) as refused:
        told.act("extend", "CD", "2025-08-07", count="3", **MORE)

    assert refused.value.own == (
        "办理期限由机关负责人批准，才能延长。",
        "Handling is extended only by approval of the head of the organ.",
    )
    assert told.act("extend", "DL", "2025-08-07", count="3", **MORE)


@BOTH
def test_what_a_review_orders_is_handled_in_sixty_days_again(line: CompiledLine) -> None:
    told = opined(line, "2011-07-06 10:00")
    told.step("M19", "FD", "2011-08-01", review_reason="不服", signed_request=PAPERS)
    assert told.running() == {"review": "2011-08-31"}

    told.step("M21", "DL", "2011-08-03 10:00", reason="事实不清")

    # The sixtieth day is 2 October, off until the 8th.
    assert told.running() == {"handling": "2011-10-08"}
    told.act("extend", "DL", "2011-08-04", count="30", **MORE)
    told.step("M17", "SL", "2011-10-09", **OPINION, review_told=True)
    assert told.running() == {"ask_review": "2011-11-08"}


@BOTH
def test_a_final_review_moves_by_what_stood_still_for_a_hearing(line: CompiledLine) -> None:
    told = reviewed(line, "2011-07-06 10:00")
    told.step("M23", "FD", "2011-07-20", final_reason="不服", signed_request=PAPERS)
    assert told.running() == {"final_review": "2011-08-19"}

    told.act("suspend", "DL", "2011-08-01", cause="hearing").act("resume", "DL", "2011-08-11")

    # Ten days more: 29 August.
    assert told.running() == {"final_review": "2011-08-29"}


@BOTH
def test_nothing_but_handling_and_an_end_is_a_ground_to_decline(line: CompiledLine) -> None:
    (ground,) = line.steps["M2"].forms["XF01"].own.specs[:1]

    assert list(ground.choices) == ["in_handling", "ended"]


@BOTH
def test_an_accusation_that_was_closed_is_taken_up_again_on_new_facts(line: CompiledLine) -> None:
    told = Lived(line, "XF03").registered("2011-07-04", request="收礼")
    told.step(
        *("M3", "SUP", "2011-07-05"),
        lead_unit="370103/rs",
        reason="移交",
        discipline_organ=True,
    )
    told.step("M25", "SC", "2011-07-08", organ_signed_in=True, petitioner_told=True)
    told.ran_out("exempt")

    told.step("X6", "SL", "2011-07-20", new_facts="新线索", evidence=PAPERS)

    assert told.now.standing.state == "accepted"


@pytest.mark.parametrize(
    ("line", "at", "before", "after"),
    [
        # 8 to 12 October.
        (OLD, "2011-09-30 16:00", "2011-10-12 23:59", "2011-10-13 00:00"),
        # 28, 29, 30 September, 9, 10 October.
        (NEW, "2025-09-26 09:00", "2025-10-10 23:59", "2025-10-11 00:00"),
    ],
)
def test_a_forwarding_is_returned_within_five_working_days(
    line: CompiledLine, at: str, before: str, after: str
) -> None:
    told = Lived(line, "XF01").registered(at, **ASKED)
    told.step("M3", "SC", at, lead_unit="370103/rs", reason="不属街道")

    with pytest.raises(StepNotOpen) as refused:
        told.step("M5", "DO", after, reason="不属本局")

    assert refused.value.because == "time_in_state_at_most"
    assert told.step("M5", "DO", before, reason="不属本局").now.standing.state == "registered"


LAST_DAY = pytest.mark.parametrize(
    ("line", "at", "before", "after"),
    [
        # The thirtieth day is 5 October, off until Saturday the 8th; 8 October, off until the 9th.
        (OLD, "2011-09-05 10:00", "2011-10-08 23:59", "2011-10-09 00:00"),
        (NEW, "2025-09-08 10:00", "2025-10-09 23:59", "2025-10-10 00:00"),
    ],
)


@LAST_DAY
def test_a_review_is_asked_for_within_thirty_days(
    line: CompiledLine, at: str, before: str, after: str
) -> None:
    asked = {"review_reason": "不服", "signed_request": PAPERS}
    told = opined(line, at)

    with pytest.raises(StepNotOpen):
        told.step("M18", "SYS", before, "system")
    with pytest.raises(StepNotOpen) as refused:
        told.step("M19", "FD", after, **asked)
    assert refused.value.because == "within_clock"

    assert opined(line, at).step("M19", "FD", before, **asked).now.standing.state == "reviewing"
    assert told.step("M18", "SYS", after, "system").now.standing.state == "resolved"


@LAST_DAY
def test_a_final_review_is_asked_for_within_thirty_days(
    line: CompiledLine, at: str, before: str, after: str
) -> None:
    asked = {"final_reason": "不服", "signed_request": PAPERS}
    told = reviewed(line, at)

    with pytest.raises(StepNotOpen):
        told.step("M22", "SYS", before, "system")
    with pytest.raises(StepNotOpen) as refused:
        told.step("M23", "FD", after, **asked)
    assert refused.value.because == "within_clock"

    assert reviewed(line, at).step("M23", "FD", before, **asked).now.standing.state == (
        "final_review"
    )
    assert told.step("M22", "SYS", after, "system").now.standing.state == "resolved"


@BOTH
def test_what_was_settled_is_investigated_again_in_half_the_time(line: CompiledLine) -> None:
    # Half of sixty days: 5 October, off until the 8th.
    paper = {"both_consent": True, "agreement": "补发", "agreement_papers": PAPERS}
    told = investigating(line, "2011-09-01 10:00").step("M16", "SC", "2011-09-02 10:00", **paper)

    told.reopened("2011-09-05 10:00")

    assert told.now.standing.state == "investigating"
    assert told.running() == {"reopened": "2011-10-08"}


@BOTH
@pytest.mark.parametrize("matter", [f"XF0{number}" for number in range(1, 7)])
def test_nothing_is_deemed_accepted(line: CompiledLine, matter: str) -> None:
    clocks = {clock.name for clock in accepted(line, "2011-07-25", matter).now.clocks}

    assert "deemed" not in clocks
