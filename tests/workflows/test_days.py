"""How old somebody is, and a day that is kept sealed."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.clock import SHANGHAI
from domain.errors import FieldInvalid, LineInvalid
from domain.personal import Personal
from domain.record import Field, Kind, Record
from tests.workflows.scenes import AFFAIR, CALENDAR, CG, Scene
from tests.workflows.small import SHARED, SMALL, faults
from tests.workflows.test_guards import scene
from tests.workflows.test_missing import missing
from workflows.conditions import Unknown, compiled
from workflows.days import Age, Rises
from workflows.fields import FieldSpec, Label, Reader
from workflows.guards import Ask
from workflows.loading import read

SIXTEEN = {"age_at_least": {"born": "birth_date", "years": 16}}
SIXTY = {"age_below": {"born": "birth_date", "years": 60}}
MEN = Age(born="b", years=60, rises=Rises(since=date(2025, 1, 1), every=4, to=63))
WOMEN_55 = Age(born="b", years=55, rises=Rises(since=date(2025, 1, 1), every=4, to=58))
WOMEN_50 = Age(born="b", years=50, rises=Rises(since=date(2025, 1, 1), every=2, to=55))


def holds(written: dict[str, Any], born: str, on: str, *, sealed: bytes = b"") -> bool:
    """Ask on a day at nine, with the day of birth told in that moment."""
    told: Scene = scene(at=datetime.fromisoformat(f"{on}T09:00").replace(tzinfo=SHANGHAI))
    value = Personal(AFFAIR, sealed=sealed, clear=born)
    record = Record((Field("birth_date", Kind.PERSON, value),) if born or sealed else ())
    ask = Ask(told.affair(), told.actor, record, told.at, CALENDAR, CG, frozenset({"birth_date"}))
    return compiled(written).holds(ask)


@pytest.mark.parametrize(
    ("born", "on", "reached"),
    [
        ("1995-07-22", "2011-07-21", False),
        ("1995-07-22", "2011-07-22", True),
        # Where the month has no such day, its last counts.
        ("1996-02-29", "2012-02-28", False),
        ("1996-02-29", "2012-02-29", True),
        ("1995-02-28", "2011-02-28", True),
    ],
)
def test_sixteen_is_reached_on_the_birthday(born: str, on: str, reached: bool) -> None:
    assert holds(SIXTEEN, born, on) is reached


def test_sixty_is_not_below_sixty() -> None:
    assert holds(SIXTY, "1951-07-23", "2011-07-22")
    assert not holds(SIXTY, "1951-07-22", "2011-07-22")


def test_the_last_day_of_february_is_the_birthday_of_a_leap_day() -> None:
    assert MEN.reached_on(date(1952, 2, 29)) == date(2012, 2, 29)
    assert WOMEN_55.reached_on(date(1952, 2, 29)) == date(2007, 2, 28)


def test_the_day_begins_at_midnight_in_shanghai() -> None:
    midnight = datetime(2011, 7, 22, tzinfo=SHANGHAI)
    before = scene(at=midnight - timedelta(seconds=1))
    value = Personal(AFFAIR, clear="1995-07-22")
    record = Record((Field("birth_date", Kind.PERSON, value),))

    asked = [
        compiled(SIXTEEN).holds(Ask(one.affair(), one.actor, record, one.at, CALENDAR, CG))
        for one in (before, scene(at=midnight))
    ]

    assert asked == [False, True]


def test_a_day_of_birth_that_is_not_told_or_sealed_already_says_nothing() -> None:
    for written in (SIXTEEN, SIXTY):
        assert not holds(written, "", "2011-07-22")
        assert not holds(written, "", "2011-07-22", sealed=b"sealed")


# Read off the tables that stand at the end of the State Council's measures of 2024.
@pytest.mark.parametrize(
    ("age", "born", "retires"),
    [
        (MEN, "1964-12-31", "2024-12-31"),
        (MEN, "1965-01-01", "2025-02-01"),
        (MEN, "1965-04-15", "2025-05-15"),
        (MEN, "1965-05-15", "2025-07-15"),
        (MEN, "1970-06-10", "2031-11-10"),
        (MEN, "1976-08-31", "2039-07-31"),
        (MEN, "1976-09-01", "2039-09-01"),
        (MEN, "1990-03-05", "2053-03-05"),
        (WOMEN_55, "1969-12-20", "2024-12-20"),
        (WOMEN_55, "1970-01-20", "2025-02-20"),
        (WOMEN_55, "1981-09-20", "2039-09-20"),
        (WOMEN_50, "1974-12-20", "2024-12-20"),
        (WOMEN_50, "1975-01-20", "2025-02-20"),
        (WOMEN_50, "1975-03-20", "2025-05-20"),
        (WOMEN_50, "1984-10-20", "2039-09-20"),
        (WOMEN_50, "1984-11-20", "2039-11-20"),
        (WOMEN_50, "1990-01-20", "2045-01-20"),
    ],
)
def test_the_ages_of_retirement_rise_step_by_step(age: Age, born: str, retires: str) -> None:
    assert age.reached_on(date.fromisoformat(born)) == date.fromisoformat(retires)


def test_a_refusal_tells_the_age() -> None:
    [found] = missing(SIXTEEN, scene())

    assert [(one.of, one.limit, one.need) for one in found.counts] == [("years", "at_least", 16)]
    assert [named.code for named in found.named] == ["birth_date"]


# --- a day that is kept sealed -------------------------------------------------------------------

BIRTH = FieldSpec(
    name="birth_date", kind=Kind.PERSON, form="date", label=Label(zh="出生日期", en="Day of birth")
)


def test_a_sealed_day_is_a_day_and_personal() -> None:
    record = Reader("C1", [BIRTH]).read({"birth_date": "1972-03-05"}, UUID(int=7))

    (found,) = record
    assert found.kind is Kind.PERSON
    assert found.value == Personal(UUID(int=7))
    assert isinstance(found.value, Personal)
    assert found.value.clear == "1972-03-05"


@pytest.mark.parametrize("wrong", ["张三", "1972-02-30", "19720305", "0001-01-01", 19720305])
def test_what_is_no_day_is_refused(wrong: object) -> None:
    with pytest.raises(FieldInvalid) as refused:
        Reader("C1", [BIRTH]).read({"birth_date": wrong}, UUID(int=7))

    assert refused.value.field == "birth_date"


# --- what a line may ask -------------------------------------------------------------------------

BY = "    action: go_on\n    label: {zh: 到料, en: Go on}\n    by: [CW]\n"
WHEN = "    when: [age_at_least: {born: birth_date, years: 16}]\n"
ASKED = "    fields: [{name: birth_date, kind: KIND, label: {zh: 出生日期, en: Day of birth}}]\n"


def told(kind: str, when: str = WHEN) -> list[str]:
    """What is wrong with a step that asks for the day in this way, and for its age."""
    return [wrong for _, _, wrong, _ in faults(BY, BY + when + ASKED.replace("KIND", kind))]


def test_a_step_that_asks_for_the_day_of_birth_may_ask_for_the_age() -> None:
    assert told("person, form: date") == []
    inside = "    when: [any_of: [matter_in: [ZA02], age_below: {born: birth_date, years: 60}]]\n"
    assert told("person, form: date", inside) == []


@pytest.mark.parametrize("kind", ["person", "date", "text"])
def test_a_day_that_is_not_sealed_is_no_day_of_birth(kind: str) -> None:
    wrong = "guard age_at_least: `birth_date` is no sealed day that is asked for here"

    assert told(kind) == [wrong]


def test_a_day_that_another_step_asked_for_is_sealed_by_then() -> None:
    elsewhere = BY + ASKED.replace("KIND", "person, form: date")
    place = "    action: repaired\n    label: {zh: 修复, en: Repaired}\n    by: [CW]\n"

    with pytest.raises(LineInvalid) as refused:
        read(SMALL.replace(BY, elsewhere).replace(place, place + WHEN), "ZA.yaml", SHARED)

    assert "no sealed day that is asked for here" in str(refused.value)


def test_a_clock_cannot_ask_for_an_age() -> None:
    clock = "    limit: {count: 20, unit: d}\n"

    wrong = [one for _, _, one, _ in faults(clock, clock + WHEN)]

    assert "guard age_at_least: `birth_date` is no sealed day that is asked for here" in wrong


def test_only_what_is_of_a_person_is_kept_sealed() -> None:
    assert told("date, form: date", "") == ["`birth_date` is no person's"]


@pytest.mark.parametrize(
    "parameter",
    [
        {"born": "birth_date"},
        {"born": "birth_date", "years": 0},
        {"born": "birth_date", "years": 60, "rises": {"since": "2025-13-01", "every": 4, "to": 63}},
        {"born": "birth_date", "years": 60, "rises": {"since": "2025-01-01", "every": 0, "to": 63}},
    ],
)
def test_an_age_that_is_written_wrongly_is_refused(parameter: dict[str, Any]) -> None:
    with pytest.raises(Unknown):
        compiled({"age_below": parameter})


def test_what_a_step_had_to_record_must_be_one_of_its_values() -> None:
    taken = "steps_at_least: {steps: [S3], where: {cost_kind: dear}, count: 1}"
    asked = (
        "    fields:\n      - {name: cost, kind: money, label: {zh: 费用, en: Cost}, max: 1000}\n"
    )
    choice = (
        "      - {name: cost_kind, kind: choice, label: {zh: 类别, en: Kind}, "
        "choices: {low: {zh: 低, en: Low}}}\n"
    )

    (fault,) = faults(asked, asked + choice + f"    when: [not: {{{taken}}}]\n")

    assert fault[2] == "guard steps_at_least: `cost_kind` is never `dear`"
