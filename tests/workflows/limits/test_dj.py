"""党建群团: what stands still, is extended and ends of its limits, counted by hand (those that only
run are in `counted/dj.py`).

2011: 1 to 7 October off, 8 and 9 October worked.
"""

import pytest

from domain.errors import FieldInvalid, NotPermittedNow, StepNotOpen
from tests.builders import lines
from tests.builders.lived import Lived
from tests.workflows.limits.starting import instant

(DJ,) = lines.of("DJ")

LETTER = {"dues_clear": True, "letter_number": "110", "target": "章丘市明水街道"}
HELPED = {"help_record": "灯已换好", "hours": "2", "resident_confirmed": True}
MORE = {"reason": "外地支部核实", "applicant_told": True}


def verifying(at: str) -> Lived:
    told = Lived(DJ, "DJ01").registered(at, member="张桂芬", target="章丘市明水街道")
    return told.step("A1", "FD", at, branch="第二支部", dues_month="2011年7月")


def matched(at: str) -> Lived:
    told = Lived(DJ, "DJ05").registered(at, wish="换一盏灯")
    return told.step("A2", "CW", at, helper="孙立", plan="周末上门")


def warned(told: Lived, clock: str) -> str:
    found = told.now.clock(clock)
    assert found is not None
    return instant(found.warn_at)


@pytest.mark.parametrize(
    ("suspended", "resumed", "due", "warn"),
    [
        # Due on 10 October. 30 September and Saturday 8 October stood still: the 12th. 9 to 12
        # October remain, four fifths of which are the fourth.
        ("2011-09-29 10:00", "2011-10-08 10:00", "2011-10-12", "2011-10-12 09:00"),
        # In the holidays alone nothing stood still; 8, 9, 10 October remain.
        ("2011-10-01 10:00", "2011-10-05 10:00", "2011-10-10", "2011-10-10 09:00"),
    ],
)
def test_verification_moves_by_what_stood_still(
    suspended: str, resumed: str, due: str, warn: str
) -> None:
    told = verifying("2011-09-28 10:00").act("suspend", "CD", suspended, cause="supplement")

    assert set(told.running()) == {"suspension"}
    told.act("resume", "CD", resumed)
    assert told.running() == {"verification": due}
    assert warned(told, "verification") == warn


def test_it_stands_still_in_no_other_state() -> None:
    for told in (Lived(DJ, "DJ05").registered("2011-07-25", wish="换灯"), matched("2011-07-25")):
        with pytest.raises(NotPermittedNow) as refused:
            told.act("suspend", "CD", "2011-07-26", cause="supplement")

        assert refused.value.because == "suspendable"


def test_verification_is_extended_once_and_before_it_is_due() -> None:
    # Due on 30 September; two working days more are 8 and 9 October, and the warning the second.
    told = verifying("2011-09-23 10:00")
    late = verifying("2011-09-23 10:00")

    told.act("extend", "SL", "2011-09-30 23:59", clock="verification", count="2", **MORE)

    assert told.running() == {"verification": "2011-10-09"}
    assert warned(told, "verification") == "2011-10-09 09:00"
    for again, at in ((told, "2011-10-08 10:00"), (late, "2011-10-01 00:00")):
        with pytest.raises(NotPermittedNow):
            again.act("extend", "SL", at, clock="verification", count="1", **MORE)


def test_help_is_extended_from_its_old_last_day() -> None:
    # Due on 24 August; ten days more end on Saturday 3 September, so on Monday the 5th.
    told = matched("2011-07-25 10:00")

    told.act("extend", "CD", "2011-08-20 10:00", clock="helping", count="10", **MORE)

    assert told.running() == {"helping": "2011-09-05"}
    assert warned(told, "helping") == "2011-09-01 09:00"


@pytest.mark.parametrize("step", ["A5", "A9"])
def test_a_letter_is_valid_for_ninety_days_at_most(step: str) -> None:
    # July 6, August 37, September 67: the ninetieth day is 23 October.
    told, letter = verifying("2011-07-25 10:00"), LETTER
    if step == "A9":
        told = verifying("2011-07-20 10:00")
        told.step("A5", "SC", "2011-07-20 11:00", **LETTER, valid_until="2011-07-24")
        told.step("A8", "SYS", "2011-07-25 00:00", "system")
        letter = {"explanation": "住院", "letter_number": "111"}

    for valid_until in ("2011-10-24", "2011-07-24"):
        with pytest.raises(FieldInvalid) as refused:
            told.step(step, "SC", "2011-07-25 10:00", **letter, valid_until=valid_until)
        assert refused.value.field == "valid_until"
    told.step(step, "SC", "2011-07-25 10:00", **letter, valid_until="2011-10-23")

    assert told.running() == {"letter": "2011-10-23"}


@pytest.mark.parametrize(
    ("valid_until", "before", "after"),
    [
        # A Sunday, and a day of the holidays: what is named is not moved.
        ("2011-10-23", "2011-10-23 23:59", "2011-10-24 00:00"),
        ("2011-10-03", "2011-10-03 23:59", "2011-10-04 00:00"),
    ],
)
def test_a_letter_is_overdue_when_its_last_day_is_over(
    valid_until: str, before: str, after: str
) -> None:
    told = verifying("2011-07-25 10:00")
    told.step("A5", "SC", "2011-07-25 11:00", **LETTER, valid_until=valid_until)

    with pytest.raises(StepNotOpen) as refused:
        told.step("A8", "SYS", before, "system")

    assert refused.value.because == "field_reached"
    assert told.step("A8", "SYS", after, "system").now.standing.state == "overdue"


def test_a_wish_done_again_has_half_of_its_own_thirty_days() -> None:
    # Half of thirty days, not of the five working days of a verification: the 16th.
    told = matched("2011-07-25 10:00").step("A11", "CW", "2011-07-29 10:00", **HELPED)

    told.reopened("2011-08-01 10:00")

    assert told.now.standing.state == "matched"
    assert told.running() == {"helping": "2011-08-31", "reopened": "2011-08-16"}
