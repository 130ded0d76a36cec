"""文化教育体育: what stands still, is extended and ends of its limits, counted by hand (those that
only run are in `counted/wt.py`).

2011: 1 to 7 October off, 8 and 9 October worked.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from domain.affair.decide import Facts
from domain.errors import NotPermittedNow, StepNotOpen
from domain.offering import Missed, Place, barred_until
from tests.builders import lines
from tests.builders.lived import PAPERS, Lived
from tests.workflows.limits.starting import instant, moment

(WT,) = lines.of("WT")

ORDERED: dict[str, Any] = {"tag_out_photos": PAPERS, "lead_unit": "370103008/cg"}
MORE = {"clock": "handling", "reason": "配件未到", "applicant_told": True}


class Booked(Lived):
    """An affair with a place of its offering."""

    @property
    def facts(self) -> Facts:
        place = Place(hold="none", left=True, first=False, standby_left=False, cancelled=False)
        return replace(super().facts, place=place)


def repairing(at: str) -> Lived:
    told = Lived(WT, "WT03").registered(at, equipment="双人漫步机")
    return told.step("H9", "CW", at, **ORDERED)


def missed(over: str) -> Lived:
    """Booked for a session that is over at that time, and not come."""
    session = {"session": str(UUID(int=7)), "starts_at": f"{over[:10]}T08:00:00+08:00"}
    told = Booked(WT, "WT01").registered(
        "2011-07-25 10:00", **session, ends_at=moment(over).isoformat()
    )
    told.step("H1", "FD", "2011-07-25 10:00")
    return told.step("H7", "SYS", over, "system")


def warned(told: Lived, clock: str) -> str:
    found = told.now.clock(clock)
    assert found is not None
    return instant(found.warn_at)


def test_a_repair_moves_by_what_stood_still() -> None:
    # Due on 13 October. 30 September, 8, 9 and 10 October stood still: 14, 17, 18, 19. Seven days
    # remain after the 10th, four fifths of which are the sixth.
    told = repairing("2011-09-26 10:00").act(
        "suspend", "CD", "2011-09-29 16:00", cause="force_majeure"
    )

    told.act("resume", "CD", "2011-10-10 09:00")

    assert told.running() == {"handling": "2011-10-19"}
    assert warned(told, "handling") == "2011-10-18 09:00"


def test_a_verification_does_not_stand_still() -> None:
    told = Lived(WT, "WT05").registered("2011-07-25", team="舞蹈队", head="王芳", members="12")
    told.step("H12", "FD", "2011-07-25", papers_complete=True)

    with pytest.raises(NotPermittedNow) as refused:
        told.act("suspend", "CD", "2011-07-26", cause="supplement")

    assert refused.value.because == "suspendable"


def test_a_repair_is_extended_once_and_before_it_is_due() -> None:
    # Due on 13 October; three working days more are 14, 17, 18.
    told, late = repairing("2011-09-26 10:00"), repairing("2011-09-26 10:00")

    told.act("extend", "CD", "2011-10-13 23:59", count="3", **MORE)

    assert told.running() == {"handling": "2011-10-18"}
    assert warned(told, "handling") == "2011-10-18 09:00"
    for again in (told, late):
        with pytest.raises(NotPermittedNow):
            again.act("extend", "CD", "2011-10-14 00:00", count="1", **MORE)


@pytest.mark.parametrize(
    ("over", "before", "after"),
    [
        # The seventh day is Saturday 13 August, so Monday.
        ("2011-08-06 16:00", "2011-08-15 23:59", "2011-08-16 00:00"),
        # 5 October, off until Saturday the 8th.
        ("2011-09-28 16:00", "2011-10-08 23:59", "2011-10-09 00:00"),
    ],
)
def test_an_excuse_is_waited_for_seven_days(over: str, before: str, after: str) -> None:
    told = missed(over)

    with pytest.raises(StepNotOpen) as refused:
        told.step("H11", "SYS", before, "system")

    assert refused.value.because == "time_in_state_at_least"
    assert told.step("H11", "SYS", after, "system").now.standing.state == "terminated"


@pytest.mark.parametrize(
    ("third", "until"),
    [
        # July 1, August 32, September 62: ninety days are 28 October; thirty more, 27 November.
        ("2011-10-28 16:00", "2011-11-27 16:00"),
        ("2011-10-28 16:01", None),
    ],
)
def test_three_missed_in_ninety_days_bar_for_thirty(third: str, until: str | None) -> None:
    events = [
        Missed(affair_id=UUID(int=n), by="system", occurred_at=moment(over))
        for n, over in enumerate(("2011-07-30 16:00", "2011-08-27 16:00", third))
    ]
    assert WT.places is not None
    assert WT.places.bar is not None

    found = barred_until(events, WT.places.bar, moment(third))

    assert (found and instant(found)) == until
    assert barred_until(events, WT.places.bar, moment("2011-11-27 16:00")) is None
