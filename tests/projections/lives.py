"""Lives of affairs for hypothesis: anything that the events allow, in any order of steps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from domain.affair import events as e
from domain.clock import ClockChange, ClockKind
from domain.record import Kind
from tests.projections.histories import (
    AREA,
    SANITATION,
    STREET,
    Case,
    Log,
    at,
    change,
    person,
    recorded,
)

CLOCKS = {
    "stage": ClockKind.STAGE,
    "second": ClockKind.STAGE,
    "whole": ClockKind.TOTAL,
    "return_visit": ClockKind.PROMISE,
    "renewal": ClockKind.TIMER,
}
STATES = ("onsite", "filed", "resolved", "closed", "terminated", "withdrawn", "not_accepted")
STEPS = ("G1", "G9", "X1", "X4", "X5")
UNITS = (STREET, SANITATION)
NOW = at("07-22 10:05")


class _Life:
    """One affair on its way; it knows which clocks run, so that every change is possible."""

    def __init__(self, draw: st.DrawFn, log: Log, now: datetime) -> None:
        self.draw, self.now, self.round, self.tasks = draw, now, 0, 0
        self.running: dict[str, bool] = {}
        number = draw(st.sampled_from(("CG-2011-0001", "MZ-2011-0001")))
        self.case: Case = log.affair(
            number,
            now.strftime("%Y-%m-%d %H:%M"),
            area=draw(st.sampled_from((AREA, ""))),
            contact_wish=draw(st.sampled_from(("contact", "anonymous"))),
            clocks=self.clocks(),
        )

    def clocks(self) -> tuple[ClockChange, ...]:
        return tuple(
            self._changed(name)
            for name in self.draw(
                st.lists(st.sampled_from(sorted(CLOCKS)), max_size=2, unique=True)
            )
        )

    def _changed(self, name: str) -> ClockChange:
        runs = self.running.get(name)
        ways = {None: ["started"], True: ["started", "stopped", "paused", "extended"]}
        how = self.draw(st.sampled_from(ways.get(runs, ["started", "resumed", "stopped"])))
        if how == "stopped":
            del self.running[name]
        else:
            self.running[name] = how != "paused"
        due = self._due() if how in ("started", "extended", "resumed") else None
        return self._change(name, how, due)

    def _due(self) -> datetime:
        later = self.now + timedelta(days=self.draw(st.integers(1, 9)))
        return later.replace(hour=0, minute=0)

    def _change(self, name: str, how: str, due: datetime | None) -> ClockChange:
        calendar = self.draw(st.sampled_from(("2011.1", "2011.1", "2011?")))
        return change(name, how, due, CLOCKS[name], calendar=calendar)

    def go_on(self) -> None:
        self.now += timedelta(hours=self.draw(st.integers(0, 60)))
        self.draw(st.sampled_from(WAYS))(self)

    def then(self, event: type, **given: Any) -> None:
        self.case.then(event, self.now, **given)

    def step(self) -> None:
        to = self.draw(st.sampled_from(STATES))
        self.then(
            e.StepTaken,
            step=self.draw(st.sampled_from(STEPS)),
            to=to,
            marks=self.draw(st.sampled_from(((), ("accepted",), ("accepted", "clock_stop")))),
            line_version="2011.2",
            level=self.draw(st.sampled_from(("", "", "street"))),
            lead_unit=self.draw(st.sampled_from(("", STREET))),
            handled_days_working=self.draw(st.sampled_from((None, 0, 3))),
            clocks=self.clocks(),
        )

    def visit(self) -> None:
        outcome = self.draw(st.sampled_from(("reached", "unreachable", "refused")))
        rating = self.draw(st.integers(1, 5)) if outcome == "reached" else 0
        self.then(e.ReturnVisitRecorded, outcome=outcome, rating=rating, clocks=self.clocks())

    def reopen(self) -> None:
        self.round += 1
        self.then(
            e.Reopened,
            step="X2",
            left="resolved",
            to="onsite",
            round=self.round,
            clocks=self.clocks(),
        )

    def recount(self) -> None:
        names = self.draw(st.lists(st.sampled_from(sorted(CLOCKS)), unique=True))
        known = [name for name in names if name in self.running]
        clocks = tuple(self._change(name, "recounted", self._due()) for name in known)
        self.then(e.ClocksRecounted, clocks=clocks)

    def other(self) -> None:
        self.tasks += 1
        unit = self.draw(st.sampled_from(UNITS))
        record = recorded(
            (self.draw(st.sampled_from(("grade", "place"))), Kind.TEXT, unit),
            ("note", Kind.NOTE, person("记")),
        )
        acts: tuple[tuple[type, dict[str, Any]], ...] = (
            (e.EntryRecorded, {"entry": "look", "record": record}),
            (e.Referred, {"unit": unit}),
            (e.SignedIn, {"unit": unit}),
            (e.ReferralRefused, {"unit": unit}),
            (e.JointOpened, {"task": self.tasks, "unit": unit}),
            (e.JointDone, {"task": self.tasks - 1, "unit": unit}),
            (e.Escalated, {"level": "district", "unit": unit}),
            (e.Supervised, {"order": self.tasks}),
            (e.SupervisionAnswered, {"order": 1}),
            (e.Reminded, {"record": record}),
            (e.SupervisionProposed, {"record": record}),
            (e.Assigned, {"account": "zhenglan", "record": record}),
            (e.Recused, {"account": "zhenglan", "ground": "relatives", "record": record}),
            (e.Suspended, {}),
            (e.Resumed, {"days_working": 1}),
            (e.AnswerRequested, {"question": "means", "unit": unit, "record": record}),
            (e.AnswerReceived, {"question": "means", "record": record}),
            (e.Warned, {"clock": "stage", "colour": "red", "due_at": self.now}),
            (e.Corrected, {"of_version": 2, "record": record}),
            (e.Merged, {"into": UUID(int=9), "to": "terminated"}),
            (e.Archived, {"step": "X7", "left": "closed"}),
            (
                e.ProcedureMigrated,
                {"from_version": "2011.2", "to_version": "2012.1", "state": "filed"},
            ),
        )
        event, given = self.draw(st.sampled_from(acts))
        self.then(event, **given)


WAYS = (_Life.step, _Life.step, _Life.visit, _Life.reopen, _Life.recount, _Life.other)


@st.composite
def logs(draw: st.DrawFn, affairs: int = 3, events: int = 14) -> Log:
    """A log of a few affairs, each told to its end before the next."""
    log = Log()
    for _ in range(draw(st.integers(1, affairs))):
        life = _Life(draw, log, NOW + timedelta(hours=draw(st.integers(0, 99))))
        for _ in range(draw(st.integers(0, events))):
            life.go_on()
    return log
