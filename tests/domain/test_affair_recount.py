"""Clocks of a year whose calendar was missing, told anew once it is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from adapters import calendars
from domain.actor import SYSTEM, Actor, Role
from domain.affair import decide
from domain.affair.commands import Act, RecordEntry, Recount, TakeStep
from domain.affair.decide import Facts
from domain.affair.events import ClocksRecounted, Warned
from domain.affair.evolve import evolve, project
from domain.affair.recount import Past, recount
from domain.affair.state import Affair
from domain.clock import Clock
from domain.errors import NotAfterTheLast, Refusal
from tests.builders.affairs import AFFAIR, FRONT_DESK, SUPERVISOR, asks, at, registration
from tests.workflows.small import SHARED, SMALL
from workflows.calendar import WorkingCalendar, YearTable
from workflows.loading import read
from workflows.machine import CompiledLine

YEARS = {
    event.year: YearTable.of(event)
    for event in calendars.seed(range(2012, 2016), by="SYS", occurred_at=at("2012-07-01 09:00"))
}
KNOWN = WorkingCalendar(YEARS.values())
CLERK = Actor(account="linxiaohe", role=Role.CW, unit="370103008001-01")
LEADER = Actor(account="gaoyuan", role=Role.SL, unit="370103008")

# Limits of every kind: plain, by case, from a recorded date, in days, in working hours, halved.
WHOLE = """\
    due_field: due_on
    limits:
      - {when: [field_is: {grade: urgent}], count: 3, unit: wd}
      - {when: [field_is: {grade: usual}], count: 20, unit: d}
    limit: {count: 10, unit: wd}
    starts_on: [accepted]
  - name: looking
    label: {zh: 勘查, en: Looking}
    kind: stage
    limit: {count: 12, unit: wh}
    runs_in: [repairing]
"""
FIELDS = """\
      - not: {actor_is_not: registrar}
    fields:
      - {name: due_on, kind: date, required: false, label: {zh: 约定, en: Agreed}}
"""


def small() -> CompiledLine:
    text = SMALL
    for old, new in (
        ("    limit: {count: 10, unit: wd}\n    starts_on: [accepted]\n", WHOLE),
        ("      - not: {actor_is_not: registrar}\n", FIELDS),
        ("suspendable: [waiting]", "suspendable: [waiting, repairing]"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return CompiledLine(read(text, "ZA.yaml", SHARED))


LINE = small()
REQUEST: dict[str, Any] = {"matter": "ZA01", "by": CLERK}


def known(*years: int) -> WorkingCalendar:
    """A calendar that has the tables of these years."""
    return WorkingCalendar(YEARS[year] for year in years)


@dataclass
class Life:
    """An affair and what its district knows of the calendar."""

    calendar: WorkingCalendar
    now: datetime
    events: list[Any] = field(default_factory=list)

    @property
    def affair(self) -> Affair:
        affair = project(None, self.events)
        assert affair is not None
        return affair

    def clock(self, name: str) -> Clock:
        found = self.affair.clock(name)
        assert found is not None
        return found

    def facts(self) -> Facts:
        return Facts(procedure=LINE, calendar=self.calendar, now=self.now)

    def registered(self) -> Life:
        self.events += decide.register(registration(**REQUEST, occurred_at=self.now), self.facts())
        return self

    def asked(self, by: Actor, what: str, **record: object) -> list[Any]:
        """What a step, an entry or an action comes to. Raises Refusals."""
        given: dict[str, Any] = {**asks(by, self.now), "affair_id": AFFAIR, "record": record}
        if what in LINE.steps:
            return decide.take_step(self.affair, TakeStep(**given, step=what), self.facts())
        if what in LINE.entries:
            return decide.record_entry(self.affair, RecordEntry(**given, entry=what), self.facts())
        return decide.act(self.affair, Act(**given, action=what), self.facts())

    def does(self, by: Actor, what: str, when: str = "", **record: object) -> Life:
        """It happens."""
        self.now = at(when) if when else self.now
        self.events += self.asked(by, what, **record)
        return self

    def recounted(self, when: str = "", events: Iterable[Any] | None = None) -> list[Any]:
        """What the system decides when it looks at the clocks again."""
        self.now = at(when) if when else self.now
        asked = Recount(**asks(SYSTEM, at("2012-07-01 09:00")), affair_id=AFFAIR)
        past = Past(
            events=list(self.events if events is None else events),
            ruling=lambda before, event: LINE,
        )
        return recount(self.affair, asked, past, self.calendar, self.now)

    def imported(self, *years: int, when: str = "") -> Life:
        """Tables come in and the clocks are told anew."""
        self.calendar = WorkingCalendar(
            [*self.calendar.tables.values(), *(YEARS[year] for year in years)]
        )
        self.events += self.recounted(when)
        return self


def december(*years: int) -> Life:
    """Registered on Monday 2012-12-24, with the tables of these years."""
    return Life(known(*(years or (2012,))), at("2012-12-24 10:00")).registered()


def accepted(*years: int, **record: object) -> Life:
    """Under repair since 2012-12-25: the whole is due in January."""
    return december(*years).does(CLERK, "S1", "2012-12-25 10:00", **record)


def stands(life: Life) -> dict[str, Clock]:
    """The clocks that are not stopped."""
    return {clock.name: clock for clock in life.affair.clocks if clock.stopped_at is None}


def both(make: Any) -> tuple[Life, Life]:
    """The same life where the years to come were missing, and where they were known."""
    return make(2012), make(2012, 2013, 2014, 2015)


# --- each kind of limit ------------------------------------------------------------------------


def test_a_plain_limit_is_counted_anew() -> None:
    life, sure = both(accepted)
    assert life.clock("whole").provisional

    life.imported(2013, when="2012-12-28 09:00")

    # New Year's holiday is 1 to 3 January; 5 and 6 January are worked.
    assert life.clock("whole").due_at == sure.clock("whole").due_at == at("2013-01-10 00:00")
    assert stands(life) == stands(sure)
    (event,) = [each for each in life.events if isinstance(each, ClocksRecounted)]
    assert {change.change for change in event.clocks} == {"recounted"}
    assert (event.by, event.occurred_at) == ("SYS", at("2012-12-28 09:00"))


@pytest.mark.parametrize("grade", ["urgent", "usual"])
def test_a_limit_by_case_is_the_case_of_its_start(grade: str) -> None:
    def make(*years: int) -> Life:
        life = december(*years).does(CLERK, "hazard", "2012-12-28 09:00", grade=grade)
        life.does(CLERK, "S1", "2012-12-28 10:00")
        # What is recorded later chose nothing.
        other = "usual" if grade == "urgent" else "urgent"
        return life.does(CLERK, "hazard", "2012-12-28 11:00", grade=other)

    life, sure = both(make)

    assert stands(life.imported(2013)) == stands(sure)


def test_an_agreed_date_is_not_moved_and_is_final_once_its_year_is_known() -> None:
    # A Sunday.
    life, sure = both(lambda *years: accepted(*years, due_on=date(2013, 1, 20)))
    assert life.clock("whole").provisional
    assert not sure.clock("whole").provisional
    assert life.clock("whole").due_at == at("2013-01-21 00:00")

    life.imported(2014)
    assert life.clock("whole").provisional
    life.imported(2013)

    assert life.clock("whole").due_at == at("2013-01-21 00:00")
    assert stands(life) == stands(sure)


@pytest.mark.parametrize("back", ["2013-01-09 10:00", "2013-06-03 10:00"])
def test_what_becomes_of_an_agreed_date_is_counted_anew(back: str) -> None:
    def make(*years: int) -> Life:
        life = accepted(*years, due_on=date(2013, 1, 11))
        life.does(LEADER, "extend", "", clock="whole", **LONGER)
        life.does(LEADER, "suspend", "2012-12-31 10:00", cause="court")
        return life.does(LEADER, "resume", back)

    life, sure = both(make)
    assert life.clock("whole").provisional

    life.imported(2013)

    assert stands(life) == stands(sure)


def reopened(*years: int) -> Life:
    life = accepted(*years).does(CLERK, "S3", "2012-12-27 10:00", cost="20")
    told = {"outcome": "reached", "rating": "1", "solved": "no", "finding": "rework_due"}
    life.does(FRONT_DESK, "return_visit", "2012-12-28 10:00", **told)
    return life.does(SUPERVISOR, "X2", "2012-12-28 11:00", reason="又漏了")


def test_half_the_limit_of_the_line_is_counted_anew() -> None:
    life, sure = both(reopened)
    before = life.clock("reopened").due_at

    life.imported(2013)

    assert stands(life) == stands(sure)
    assert life.clock("reopened").due_at != before


LONGER: dict[str, Any] = {"count": "7", "reason": "等料", "applicant_told": True}


def test_an_extension_is_counted_anew_from_where_the_limit_ends_now() -> None:
    life, sure = both(
        lambda *years: accepted(*years).does(LEADER, "extend", "", clock="whole", **LONGER)
    )

    life.imported(2013)

    assert stands(life) == stands(sure)
    assert life.clock("whole").extended


def suspended(*years: int) -> Life:
    return accepted(*years).does(LEADER, "suspend", "2012-12-31 10:00", cause="court")


def test_a_clock_that_stands_still_goes_on_standing_still() -> None:
    life, sure = both(suspended)

    life.imported(2013, when="2013-01-02 09:00")

    assert stands(life) == stands(sure)
    assert life.clock("whole").paused_at == at("2012-12-31 10:00")
    resumed = [each.does(LEADER, "resume", "2013-01-09 10:00") for each in (life, sure)]
    assert stands(resumed[0]) == stands(resumed[1])


@pytest.mark.parametrize("back", ["2013-01-09 10:00", "2013-06-03 10:00"])
def test_a_suspension_that_is_over_is_counted_anew(back: str) -> None:
    life, sure = both(lambda *years: suspended(*years).does(LEADER, "resume", back))

    life.imported(2013)

    assert stands(life) == stands(sure)


# --- which clocks, and how often ---------------------------------------------------------------


def test_asked_again_it_decides_nothing() -> None:
    life = accepted().imported(2013)

    assert life.recounted("2013-01-04 09:00") == []


def test_without_the_year_it_decides_nothing() -> None:
    life = accepted()
    life.calendar = known(2012, 2014)

    assert life.recounted() == []


def test_where_nothing_was_missing_it_decides_nothing() -> None:
    assert accepted(2012, 2013).recounted() == []


def test_a_revised_table_of_a_year_that_was_known_changes_nothing() -> None:
    life, revised = accepted(2012, 2013), YEARS[2013]
    before = stands(life)
    life.calendar = WorkingCalendar(
        [YEARS[2012], replace(revised, version="2013.2", holidays=frozenset())]
    )

    assert life.recounted() == []
    assert stands(life) == before


def test_nor_does_it_where_another_year_is_still_missing() -> None:
    life = accepted()
    life.calendar = WorkingCalendar(
        [replace(YEARS[2012], version="2012.2", holidays=frozenset([date(2012, 12, 26)]))]
    )

    assert life.recounted() == []


def test_what_a_known_year_decided_stands_when_its_table_was_revised_meanwhile() -> None:
    life = Life(known(2012), at("2012-12-10 10:00")).registered().does(CLERK, "S1")
    counted = life.clock("whole")
    assert not life.clock("whole").provisional
    life.does(LEADER, "extend", clock="whole", **LONGER)
    assert life.clock("whole").provisional
    revised = replace(YEARS[2012], version="2012.2", holidays=frozenset([date(2012, 12, 12)]))
    life.calendar = WorkingCalendar([revised])

    life.imported(2013)

    longer = known(2012, 2013).extended(counted.due_at, 7, counted.unit)
    assert life.clock("whole").due_at == longer.at


def test_a_clock_that_was_stopped_stays_as_it_was() -> None:
    life = accepted().does(CLERK, "S3", "2012-12-27 10:00", cost="20")
    before = life.clock("whole")

    life.imported(2013)

    assert life.clock("whole") == before
    assert before.provisional
    assert not life.clock("return_visit").provisional


def test_of_several_missing_years_one_makes_it_truer_and_the_last_one_final() -> None:
    life, sure = both(
        lambda *years: accepted(*years).does(
            LEADER, "extend", clock="whole", **{**LONGER, "count": "260"}
        )
    )

    life.imported(2013, when="2013-01-04 09:00")
    halfway = life.clock("whole")
    life.imported(2014, when="2013-12-20 09:00")

    assert halfway.provisional
    assert halfway.calendar == "2013.1+2014?"
    assert stands(life) == stands(sure)
    assert [type(each) for each in life.events].count(ClocksRecounted) == 2


def test_an_extension_of_what_is_not_recounted_yet_is_provisional_too() -> None:
    life, sure = both(accepted)
    life.calendar = known(2012, 2013)

    for each in (life, sure):
        each.does(LEADER, "extend", clock="whole", **LONGER)

    assert life.clock("whole").provisional
    assert life.clock("whole").calendar == "2012.1+2013+2013.1?"
    life.events += life.recounted()
    assert stands(life) == stands(sure)


def test_a_start_that_the_line_cannot_tell_again_stays_provisional() -> None:
    life = accepted()
    odd = replace(life.events[-1], step="S99")
    life.events[-1] = odd
    before = life.clock("whole")
    life.calendar = known(2012, 2013)

    assert life.recounted() == []
    assert life.clock("whole") == before


# --- whose doing it is -------------------------------------------------------------------------


def test_what_people_did_before_it_may_still_be_entered_after_it() -> None:
    life = accepted().imported(2013, when="2012-12-28 09:00")

    assert life.affair.standing.last_at == at("2012-12-28 09:00")
    assert life.affair.standing.acted_at == at("2012-12-25 10:00")
    life.does(CLERK, "hazard", "2012-12-27 09:00", grade="usual")
    with pytest.raises(NotAfterTheLast):
        life.does(CLERK, "hazard", "2012-12-24 09:00", grade="usual")


def test_it_is_not_dated_before_what_happened_last() -> None:
    life = accepted()
    life.calendar = known(2012, 2013)

    (event,) = life.recounted("2012-12-25 09:00")

    assert event.occurred_at == at("2012-12-25 10:00")


def test_what_was_warned_of_is_warned_of_again_only_where_it_is_due_at_another_time() -> None:
    life = accepted()
    due_at = life.clock("whole").due_at
    life.events.append(
        Warned(clock="whole", colour="yellow", due_at=due_at, by="SYS", occurred_at=life.now)
    )

    life.imported(2013)

    assert life.affair.work.warned == (("whole", "yellow", due_at),)
    assert life.clock("whole").due_at != due_at


# --- as if the year had been known from the start ----------------------------------------------

DEEDS: tuple[tuple[Actor, str, dict[str, Any]], ...] = (
    (CLERK, "S1", {}),
    (CLERK, "S1", {"due_on": date(2013, 1, 20)}),
    (CLERK, "S3", {"cost": "20"}),
    (CLERK, "S4", {}),
    (CLERK, "S6", {}),
    (CLERK, "hazard", {"grade": "urgent"}),
    (CLERK, "hazard", {"grade": "usual"}),
    (LEADER, "suspend", {"cause": "court"}),
    (LEADER, "resume", {}),
    (
        FRONT_DESK,
        "return_visit",
        {"outcome": "reached", "rating": "1", "solved": "no", "finding": "rework_due"},
    ),
    (SUPERVISOR, "X2", {"reason": "又漏了"}),
    (LEADER, "refer", {"unit": "370103008/cg", "reason": "归其管"}),
    *(
        (LEADER, "extend", {**LONGER, "clock": clock, "count": count})
        for clock in ("whole", "looking", "reopened", "referral")
        for count in ("2", "260")
    ),
)


@settings(
    max_examples=300,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.data())
def test_recounted_it_stands_as_if_the_years_had_been_known_from_the_start(
    data: st.DataObject,
) -> None:
    start = at("2012-12-03 08:00") + timedelta(
        minutes=data.draw(st.integers(0, 60 * 24 * 40), label="start")
    )
    lacking = data.draw(
        st.sampled_from(((2013,), (2014,), (2013, 2014), (2012, 2013), (2013, 2014, 2015))),
        label="lacking",
    )
    rest = [year for year in YEARS if year not in lacking]
    life, sure = Life(known(*rest), start).registered(), Life(KNOWN, start).registered()
    life.does(CLERK, "S1"), sure.does(CLERK, "S1")
    waiting = list(data.draw(st.permutations(lacking), label="imports"))
    for _ in range(data.draw(st.integers(0, 12), label="deeds")):
        life.now += timedelta(minutes=data.draw(st.sampled_from((0, 45, 1500, 9000, 60000))))
        sure.now = life.now
        if waiting and data.draw(st.integers(0, 5), label="import") == 0:
            year = waiting.pop()
            life.calendar = WorkingCalendar([*life.calendar.tables.values(), YEARS[year]])
            if data.draw(st.booleans(), label="recounted at once"):
                life.events += life.recounted()
            continue
        by, what, record = data.draw(st.sampled_from(DEEDS), label="deed")
        try:
            happened = [each.asked(by, what, **record) for each in (life, sure)]
        except Refusal as refusal:
            note(f"refused: {refusal}")
            continue
        life.events += happened[0]
        sure.events += happened[1]

    life.imported(*waiting)

    assert stands(life) == stands(sure)
    assert life.recounted() == []
    affair: Affair | None = None
    for event in life.events:
        affair = evolve(affair, event)
    assert affair == life.affair
