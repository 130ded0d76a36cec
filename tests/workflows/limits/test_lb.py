"""劳动就业与社会保障: its limits, counted by hand, and what neither the features nor the tests
of all lines say of it.

2011: 12 September off; 1 to 7 October off, 8 and 9 October worked. 2012: 22 to 28 January off, 21
and 29 January worked. 2026: 15 to 23 February off, 14 and 28 February worked.
"""

from datetime import timedelta
from typing import Any

import pytest

from domain.affair.commands import NIL
from domain.errors import StepNotOpen
from domain.personal import Personal
from domain.record import ATTACHED
from tests.builders import lines
from tests.builders.lived import PAPERS, Lived, moment
from workflows.reactions import Reaction, reactions_for

(LB,) = lines.of("LB")

FORM = {"LB02": {"applied_as": "family"}, "LB04": {"insurance": "both"}}
FORM |= {"LB05": {"insurance": "both"}, "LB06": {"met_how": "counter"}}
SHOWN: dict[str, Any] = {"document": "id_card", "commitment": PAPERS}
BORN = {"birth_date": "1972-03-05", "retirement": "male"}
ENROLLED = {"unemployment_cause": "contract_ended", "skills": "收银", "wishes": "离家近"}
NOTICE = {"eligible": True, "notice_name": "张*", "notice_place": "公示栏"}
POST = {"post": "收银", "wage": "1500", "distance": "0.6", "suitable": True}
REFUSED = {"not_hired_cause": "refused", "on_allowance": True}


def accepted(matter: str, at: str) -> Lived:
    told = Lived(LB, matter).registered(at, **FORM.get(matter, {}))
    young = BORN if matter in ("LB01", "LB02", "LB03", "LB04") else {}
    return told.step("C1", "FD", at, **SHOWN, **young)


def enrolled(matter: str, at: str) -> Lived:
    return accepted(matter, at).step("C4", "SC", at, **ENROLLED)


def posted(matter: str, at: str, category: str = "zero_employment") -> Lived:
    return (
        accepted(matter, at).step("C6", "SC", at, category=category).step("C8", "SC", at, **NOTICE)
    )


def certified(at: str, category: str = "zero_employment") -> Lived:
    notice = f"{moment(at) - timedelta(days=10):%Y-%m-%d}"
    told = posted("LB02", notice, category)
    return told.step("C10", "DO", at, valid_until=f"{moment(at) + timedelta(days=365):%Y-%m-%d}")


@pytest.mark.parametrize(
    ("matter", "at", "due"),
    [
        ("LB01", "2011-07-25", "2011-07-28"),
        ("LB01", "2011-07-29", "2011-08-03"),
        ("LB01", "2011-09-30", "2011-10-10"),
        ("LB01", "2012-01-20", "2012-01-30"),
        ("LB01", "2026-02-13", "2026-02-25"),
        ("LB02", "2011-07-25", "2011-08-22"),
        ("LB04", "2011-09-20", "2011-10-21"),
        ("LB06", "2011-07-25", "2011-07-25"),
        ("LB06", "2011-07-30", "2011-07-30"),
        ("LB06", "2011-10-01", "2011-10-01"),
    ],
)
def test_the_whole_is_due(matter: str, at: str, due: str) -> None:
    assert accepted(matter, at).running()["total"] == due


@pytest.mark.parametrize("matter", ["LB03", "LB05"])
def test_what_has_no_limit_of_its_own_is_never_late(matter: str) -> None:
    assert "total" not in accepted(matter, "2011-07-25").running()


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2011-07-26", "2011-08-02"),
        ("2011-09-30", "2011-10-12"),
        ("2026-02-13", "2026-02-27"),
    ],
)
def test_the_first_contact_is_due(at: str, due: str) -> None:
    told = enrolled("LB01", at)

    assert told.running()["first_contact"] == due
    assert "total" not in told.running()


def test_the_first_contact_is_promised_once() -> None:
    told = enrolled("LB01", "2011-07-26")
    told.entry(
        "contact", "CW", "2011-07-28", contacted_at=moment("2011-07-28"), contact_means="visit"
    )
    told.step("C17", "SC", "2011-08-01", end_ground="employed").reopened("2011-08-02")

    told.step("C4", "SC", "2011-08-03", **ENROLLED)

    assert set(told.running()) == {"return_visit"}


@pytest.mark.parametrize(("matter", "promised"), [("LB01", True), ("LB03", False)])
def test_only_whoever_registers_is_promised_a_contact(matter: str, promised: bool) -> None:
    assert ("first_contact" in enrolled(matter, "2011-07-26").running()) is promised


@pytest.mark.parametrize("matter", ["LB02", "LB04"])
@pytest.mark.parametrize(
    ("at", "ends", "before", "after"),
    [
        ("2011-07-27", "2011-08-03", "2011-08-03 23:59", "2011-08-04 00:00"),
        ("2011-09-28", "2011-10-10", "2011-10-10 23:59", "2011-10-11 00:00"),
    ],
)
def test_a_notice_stands_five_working_days(
    matter: str, at: str, ends: str, before: str, after: str
) -> None:
    told = posted(matter, at)
    step = {"LB02": "C10", "LB04": "C11"}[matter]
    grant = {"LB02": {"valid_until": "2012-08-01"}, "LB04": {"amount": "320", "months": "12"}}

    assert told.running()["notice"] == ends
    with pytest.raises(StepNotOpen) as refused:
        told.step(step, "DO", before, **grant[matter])
    assert refused.value.because == "notice_days_passed"
    told.step(step, "DO", after, **grant[matter])
    assert "notice" not in told.running()


def test_a_family_without_employment_is_promised_a_post() -> None:
    assert certified("2011-08-04").running()["first_post"] == "2011-09-01"
    assert "first_post" not in certified("2011-08-04", "older").running()


@pytest.mark.parametrize(
    ("start", "before", "after"),
    [
        ("2011-08-22", "2011-09-21 23:59", "2011-09-22 00:00"),
        # The thirtieth day is the 5th of October, and the next working day Saturday the 8th.
        ("2011-09-05", "2011-10-08 23:59", "2011-10-09 00:00"),
    ],
)
def test_thirty_days_in_post(start: str, before: str, after: str) -> None:
    told = enrolled("LB03", "2011-08-01").step("C12", "CW", "2011-08-02", **POST)
    told.step("C13", "SC", "2011-08-03", employer="便民超市", start_date=start)

    with pytest.raises(StepNotOpen) as refused:
        told.step("C15", "CW", before)

    assert refused.value.because == "time_since_day_at_least"
    assert told.step("C15", "CW", after).now.standing.state == "resolved"


@pytest.mark.parametrize(
    ("matter", "due"),
    [("LB01", "2011-09-29"), ("LB02", "2011-10-13"), ("LB03", "2011-09-29")],
)
def test_a_reopened_affair_has_half_the_limit_but_three_days(matter: str, due: str) -> None:
    told = certified("2011-09-20") if matter == "LB02" else enrolled(matter, "2011-09-20")
    told.step("C17", "SC", "2011-09-23", end_ground="employed").reopened("2011-09-26")

    assert told.now.standing.state == "verifying"
    assert told.running()["reopened"] == due


@pytest.mark.parametrize(("matter", "step"), [("LB01", "C4"), ("LB02", "C10"), ("LB03", "C4")])
def test_the_clock_stops_where_the_service_begins_and_not_again(matter: str, step: str) -> None:
    told = certified("2011-08-04") if matter == "LB02" else enrolled(matter, "2011-08-04")
    begun = next(e for e in told.events if getattr(e, "step", "") == step)
    assert "clock_stop" in begun.marks
    assert told.running()["return_visit"] == "2011-08-09"

    told.act("return_visit", "CD", "2011-08-05", outcome="reached", rating=5, solved="yes")
    told.step("C12", "CW", "2011-08-08", **POST)
    told.step("C14", "CW", "2011-08-09", not_hired_cause="employer_declined")

    assert "return_visit" not in told.running()
    assert told.now.standing.state == "in_service"


# --- what is asked for -------------------------------------------------------------------------


def test_registering_as_unemployed_asks_for_no_other_paper() -> None:
    on_the_way = [LB.steps[step].forms["LB01"].own.specs for step in ("C1", "C4")]
    asked = [spec for specs in (LB.spec.matters["LB01"].fields, *on_the_way) for spec in specs]

    assert [spec.name for spec in asked if spec.kind in ATTACHED] == ["commitment"]
    assert [m.zh for m in LB.spec.matters["LB01"].materials] == ["身份证或者社会保障卡", "书面承诺"]


def test_the_day_of_birth_is_kept_sealed() -> None:
    told = accepted("LB01", "2011-07-25")

    value = told.events[-1].record.get("birth_date")
    assert isinstance(value, Personal)
    assert "birth_date" not in told.now.facts
    assert "1972" not in str(told.events)


def test_the_age_of_retirement_is_that_of_the_day_of_birth() -> None:
    # Born in April 1965: at sixty and one month.
    given = {**SHOWN, "birth_date": "1965-04-15", "retirement": "male"}
    told = Lived(LB, "LB01").registered("2025-05-14 08:00")

    with pytest.raises(StepNotOpen) as refused:
        told.step("C1", "FD", "2025-05-15 00:00", **given)

    assert refused.value.own is not None
    assert refused.value.own[1].startswith("Whoever has reached the age of retirement")
    assert told.step("C1", "FD", "2025-05-14 23:59", **given).now.standing.state == "verifying"


# --- three refusals ----------------------------------------------------------------------------


def refusing(*refusals: dict[str, Any]) -> list[list[Reaction]]:
    """What each of these answers to a post makes, one a day."""
    told, made = enrolled("LB03", "2011-08-01"), []
    for number, refusal in enumerate(refusals):
        told.step("C12", "CW", f"2011-08-{number + 2:02} 09:00", **POST)
        before = told.now
        told.step("C14", "CW", f"2011-08-{number + 2:02} 10:00", **refusal)
        made.append(reactions_for(LB, told.events[-1], before, told.now))
    return made


def test_the_third_refusal_opens_a_review_and_no_other() -> None:
    *before, third, fourth = refusing(REFUSED, REFUSED, REFUSED, REFUSED)

    assert [before, fourth] == [[[], []], []]
    (review,) = third
    assert (review.command, review.line, review.matter) == ("register", "MZ", "MZ05")


@pytest.mark.parametrize(
    "other",
    [
        {"not_hired_cause": "good_reason"},
        {"not_hired_cause": "good_reason", "on_allowance": True},
        {"not_hired_cause": "employer_declined"},
        {"not_hired_cause": "refused", "on_allowance": False},
    ],
)
def test_only_refusals_of_who_receives_the_allowance_count(other: dict[str, Any]) -> None:
    assert refusing(REFUSED, REFUSED, other) == [[], [], []]
    # Nor does what is none open a second review after the third.
    assert refusing(REFUSED, REFUSED, REFUSED, other)[-1] == []
    assert len(refusing(REFUSED, other, REFUSED, REFUSED)[-1]) == 1


def test_the_review_is_one_that_its_line_takes() -> None:
    ((review,),) = (made for made in refusing(REFUSED, REFUSED, REFUSED) if made)

    versions = lines.of(review.line)
    assert versions
    for line in versions:
        record = line.registration(review.matter, review.record, NIL)
        assert record.text("trigger") == "work_refused"
