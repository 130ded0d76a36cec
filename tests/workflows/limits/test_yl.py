"""养老助老与残疾人服务: what stands still, is extended and ends of its limits, counted by hand
(those that only run are in `counted/yl.py`).

2011: 1 to 7 October off, 8 and 9 October worked. 2026: 15 to 23 February off, 14 and 28 February
worked.
"""

from typing import Any

import pytest

from domain.errors import NotPermittedNow, StepNotOpen
from tests.builders import lines
from tests.builders.lived import PAPERS, Lived
from tests.workflows.limits.starting import instant

(YL,) = lines.of("YL")

CARE = {"condition": "age", "living": "alone", "needs": "助浴"}
NOTICE = {"eligible": True, "grade": "二级", "tier": "一档", "notice_name": "刘*"}
MORE = {"clock": "approval", "reason": "会商", "applicant_told": True}


def accepted(matter: str, at: str, **record: Any) -> Lived:
    return Lived(YL, matter).registered(at, **record).step("K1", "FD", at, condition_met=True)


def assessing(at: str) -> Lived:
    return accepted("YL01", at, **CARE).step("K3", "SC", at, hospital="区人民医院")


def approving(at: str) -> Lived:
    return accepted("YL04", at, condition="age").step("K4", "SC", at, card_or_age=True)


def noticing(at: str) -> Lived:
    return assessing(at).step("K5", "SC", at, **NOTICE, notice_place="公示栏")


def serving(noticed: str, at: str) -> Lived:
    told = noticing(noticed).step("K7", "SC", at)
    told.step("K11", "DL", at, hours="30", lead_unit="370103008/fw")
    return told.step("K12", "CW", at, agreement_signed=True, started_at=f"{at[:10]}T09:00:00+08:00")


def warned(told: Lived, clock: str) -> str:
    found = told.now.clock(clock)
    assert found is not None
    return instant(found.warn_at)


def test_an_assessment_moves_by_what_stood_still() -> None:
    # Due on 13 October. 30 September, 8, 9 and 10 October stood still: 14, 17, 18, 19. Seven days
    # remain after the 10th, four fifths of which are the sixth.
    told = assessing("2011-09-26 10:00").act("suspend", "SL", "2011-09-29 16:00", cause="appraisal")

    told.act("resume", "SL", "2011-10-10 09:00")

    assert told.running() == {"assessment": "2011-10-19"}
    assert warned(told, "assessment") == "2011-10-18 09:00"


def test_an_approval_moves_by_what_stood_still() -> None:
    # Due on 4 March. 14 and 24 February stood still: the 6th. Nine days remain after the 24th,
    # four fifths of which are the eighth.
    told = approving("2026-02-12 10:00").act("suspend", "DL", "2026-02-13 10:00", cause="court")

    told.act("resume", "DL", "2026-02-24 10:00")

    assert told.running() == {"approval": "2026-03-06"}
    assert warned(told, "approval") == "2026-03-05 09:00"


def test_a_notice_does_not_stand_still() -> None:
    with pytest.raises(NotPermittedNow) as refused:
        noticing("2011-07-25 10:00").act("suspend", "SL", "2011-07-26", cause="appraisal")

    assert refused.value.because == "suspendable"


def test_an_approval_is_extended_once_and_before_it_is_due() -> None:
    # Due on 13 October; five working days more are 14, 17 to 20: the fourth is the 19th.
    told, late = approving("2011-09-26 10:00"), approving("2011-09-26 10:00")

    told.act("extend", "DL", "2011-10-13 23:59", count="5", **MORE)

    assert told.running() == {"approval": "2011-10-20"}
    assert warned(told, "approval") == "2011-10-19 09:00"
    for again in (told, late):
        with pytest.raises(NotPermittedNow):
            again.act("extend", "DL", "2011-10-14 00:00", count="1", **MORE)


@pytest.mark.parametrize(
    ("at", "before", "after"),
    [
        ("2011-08-03 10:00", "2011-08-10 23:59", "2011-08-11 00:00"),
        # 3 October, off until Saturday the 8th; 17 February, off until the 24th.
        ("2011-09-26 10:00", "2011-10-08 23:59", "2011-10-09 00:00"),
        ("2026-02-10 10:00", "2026-02-24 23:59", "2026-02-25 00:00"),
    ],
)
def test_a_notice_stands_seven_full_days(at: str, before: str, after: str) -> None:
    told = noticing(at)

    with pytest.raises(StepNotOpen) as refused:
        told.step("K7", "SC", before)
    assert refused.value.because == "notice_days_passed"
    with pytest.raises(StepNotOpen) as refused:
        told.step("K6", "CD", after, grounds="不符合")
    assert refused.value.because == "within_clock"

    assert noticing(at).step("K6", "CD", before, grounds="不符合").now.standing.state == "assessing"
    assert told.step("K7", "SC", after).now.standing.state == "approving"


def test_a_service_is_asked_about_when_it_begins_and_assessed_in_a_year() -> None:
    # 8, 9, 10 October. To the end of September 2012 are 366 days: the 365th is Saturday the 29th,
    # made up.
    told = serving("2011-09-10 10:00", "2011-09-30 10:00")

    assert told.running() == {"return_visit": "2011-10-10", "reassessment": "2012-09-29"}


def test_it_is_assessed_again_after_a_year_or_on_change() -> None:
    # 31 July 2012 is the 365th day.
    told = serving("2011-07-20 10:00", "2011-08-01 10:00")

    with pytest.raises(StepNotOpen):
        told.step("K18", "SYS", "2012-07-31 23:59", "system")

    told.step("K18", "SYS", "2012-08-01 00:00", "system")
    # 1 August is the day itself; ten working days are the 2nd, 3rd, 6th to 10th, 13th to 15th.
    assert told.running()["assessment"] == "2012-08-15"
    changed = serving("2011-07-20 10:00", "2011-08-01 10:00")
    assert changed.step("K18", "SC", "2011-08-02", condition_changed=True)


@pytest.mark.parametrize(
    ("at", "due", "before", "after"),
    [
        # August 21, September 51, October 82.
        ("2011-08-10 10:00", "2011-11-08", "2011-11-08 23:59", "2011-11-09 00:00"),
        # The ninetieth day is Sunday 23 October, so Monday.
        ("2011-07-25 10:00", "2011-10-24", "2011-10-24 23:59", "2011-10-25 00:00"),
    ],
)
def test_a_pause_is_ninety_days_at_most(at: str, due: str, before: str, after: str) -> None:
    told = serving("2011-07-10 10:00", "2011-07-20 09:00")
    told.step("K15", "CW", at, pause_cause="hospital")

    assert told.running()["pausing"] == due
    with pytest.raises(StepNotOpen):
        told.step("K22", "CW", before)
    with pytest.raises(StepNotOpen) as refused:
        told.step("K16", "CW", after)
    assert refused.value.because == "time_in_state_at_most"

    assert told.step("K22", "CW", after).now.standing.state == "resolved"


def test_a_pause_ends_on_its_last_day() -> None:
    told = serving("2011-07-10 10:00", "2011-07-20 09:00")
    told.step("K15", "CW", "2011-08-10 10:00", pause_cause="hospital")

    assert told.step("K16", "CW", "2011-11-08 23:59").now.standing.state == "serving"


def test_what_serves_once_is_visited_once() -> None:
    told = accepted("YL05", "2011-07-10 10:00", condition="age", service="refit", needs="扶手")
    told.step("K3", "SC", "2011-07-10 10:00", hospital="区人民医院")
    told.step("K5", "SC", "2011-07-10 10:00", **NOTICE, notice_place="公示栏")
    told.step("K7", "SC", "2011-07-25 10:00")
    told.step("K11", "DL", "2011-07-25 10:00", hours="0", lead_unit="370103008/fw")

    assert told.running() == {"first_service": "2011-08-08"}
    told.step("K14", "CW", "2011-09-29 10:00", acceptance_photos=PAPERS)
    # 30 September, 8 and 9 October.
    assert told.running() == {"return_visit": "2011-10-09"}
