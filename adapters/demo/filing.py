"""Plays the affairs that fill the community: each the plain way into its state, and what comes
beside it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from itertools import count
from uuid import UUID

from adapters.cli.foundation import Organisation
from adapters.demo import affairs, deeds, records
from adapters.demo.cases import Case, Session, when
from adapters.demo.cast import CAST, COMMUNITY, FRONT_DESK, POSTS, Person
from adapters.demo.telling import Deed, Teller
from adapters.demo.ways import Did, registrar, regulars, way
from adapters.house import House
from adapters.ids import derived
from adapters.time import Told
from domain.actor import Actor, Role
from domain.affair.commands import NIL, Register
from domain.clock import local_day
from domain.commands import OpenOffering, RecordVisit
from domain.record import Kind
from workflows.calendar import WorkingCalendar
from workflows.fields import FieldSpec
from workflows.machine import CompiledLine
from workflows.ways import fields_of

SOURCES = {
    "来访": "hall",
    "走访": "visit",
    "电话": "phone",
    "留言板": "message",
    "12345热线": "hotline",
    "网上申报": "portal",
}
VISITED = "走访"
FINDINGS = {"CG": "complaint", "ZZ": "hazard", "XF": "suggestion"}
AREAS = tuple(f"{COMMUNITY}-0{number}" for number in range(1, 6))


def office(house: House, clock: Told, organisation: Organisation) -> list[Teller]:
    """Whoever tells of the sessions and of the affairs of the ten lines."""
    units = {unit.name: unit.code for unit in organisation.units}
    sessions = [Opening(house, clock, session) for session in affairs.SESSIONS]
    offered = {one.session.title: one.offering_id for one in sessions}
    numbers = count(1)
    told = [
        Filing(house, clock, case, words, next(numbers), units, offered)
        for words, cases in affairs.every()
        for case in cases
    ]
    return [*sessions, *told]


def schedule(
    steps: Iterable[Did], at: datetime, pace: timedelta, calendar: WorkingCalendar, odd: int = 0
) -> list[datetime]:
    """When it was registered and when each was done, the last of them at that moment; all before
    it in office hours, no closer to the next than they must be.

    odd: makes the minutes look less alike.
    """
    times = [at]
    for number, did in enumerate(reversed(tuple(steps)), 1):
        apart = max(did.after, pace) if did.who else did.after
        minutes = timedelta(minutes=(odd * 7 + number * 11) % 19)
        times.append(_in_office(times[-1] - apart - minutes, calendar))
    return times[::-1]


# The latest that is not later: the day before, where it would be a holiday or too early.
def _in_office(at: datetime, calendar: WorkingCalendar) -> datetime:
    if at.hour == 12:
        at = at.replace(hour=11)
    if at.hour >= 17:
        at = at.replace(hour=16)
    while at.hour < 9 or not calendar.is_working(local_day(at)):
        at = (at - timedelta(days=1)).replace(hour=16)
    return at


def holder(code: str, name: str, area: str, units: Mapping[str, str]) -> Person:
    """Who of the cast does what a line's ways have somebody do.

    area: whose worker is meant where a worker is. Somebody else is named as in the cast.
    """
    post, unit = regulars(code).get(name, ("", ""))
    if not post:
        return next(person for person in CAST if person.name == name)
    role = POSTS[post]
    place = area if role is Role.CW else units[unit]
    found = [one for one in CAST if (one.role, one.unit) == (role, place)]
    assert found, f"nobody of the cast is {post} of {unit}"
    return next((one for one in found if one.name == name), found[0])


class Opening(Teller):
    """Opens a session."""

    def __init__(self, house: House, clock: Told, session: Session) -> None:
        super().__init__(house, clock)
        self.session, self.offering_id = session, house.new_id()

    def deeds(self) -> list[Deed]:
        """It is opened."""
        return [(when(self.session.opened), self._open)]

    def _open(self) -> None:
        told = self.session
        self.run(
            OpenOffering(
                **self.by(FRONT_DESK.actor),
                offering_id=self.offering_id,
                matter=told.matter,
                unit=COMMUNITY,
                title=told.title,
                venue=told.venue,
                capacity=told.capacity,
                standby=told.standby,
                starts_at=when(told.starts),
                ends_at=when(told.ends),
            )
        )


class Filing(Teller):
    """Tells of one affair.

    words: by the label of a field, what the line's affairs say there. number: of the affair among
    those that fill the community. units: codes by name. offered: ids of sessions by title.
    """

    def __init__(
        self,
        house: House,
        clock: Told,
        case: Case,
        words: Mapping[str, str],
        number: int,
        units: Mapping[str, str],
        offered: Mapping[str, UUID],
    ) -> None:
        super().__init__(house, clock)
        self.case, self.number, self.units, self.offered = case, number, units, offered
        self.code = case.matter[:2]
        masked = f"{case.resident[0]}*"
        self.told = {"公示姓名": masked, "公示姓名（脱敏）": masked, **case.words}
        self.words = {**words, **self.told}
        self.affair_id = house.new_id()
        self.visit_id = NIL

    @cached_property
    def line(self) -> CompiledLine:
        """The line in the version that rules the affair."""
        return self.house.reference.lines.in_force(self.code, local_day(when(self.case.at)))

    @property
    def area(self) -> str:
        """Where the resident lives."""
        return AREAS[self.case.area - 1]

    def who(self, name: str) -> Person:
        """Somebody of the cast."""
        return holder(self.code, name, self.area, self.units)

    def deeds(self) -> list[Deed]:
        """The registration, each deed of the way, and what comes beside it, as it comes."""
        case = self.case
        steps = way(self.code, self.line.version, case.matter, case.state)
        at = when(case.at)
        first, *times = schedule(steps, at, case.pace, self.house.reference.calendar, self.number)
        done = [
            (moment, partial(self._do, did.who, did.deed, did.told))
            for moment, did in zip(times, steps, strict=True)
            if did.who
        ]
        beside = [
            (when(then.at), partial(self._do, then.who, then.deed, then.told)) for then in case.then
        ]
        visit = [(first - timedelta(minutes=20), self._visit)] if case.source == VISITED else []
        return sorted([*visit, (first, self._register), *done, *beside], key=lambda deed: deed[0])

    def _visit(self) -> None:
        case, worker = self.case, self.who("林晓禾")
        self.visit_id = self.house.new_id()
        self.run(
            RecordVisit(
                **self.by(worker.actor),
                visit_id=self.visit_id,
                household=derived("household", COMMUNITY, case.door),
                area=self.area,
                light="green",
                kind="routine",
                outcome="met",
                started_at=self.clock.at - timedelta(minutes=25),
                ended_at=self.clock.at,
                interviewee=case.resident,
                seen="家中有人，同意走访。",
                heard=case.summary,
                noted=f"{case.resident}希望社区帮助办理，愿意接受回访。",
                findings=(FINDINGS.get(self.code, "need"),),
            )
        )

    def _register(self) -> None:
        case = self.case
        by = self._registrar().actor
        matter = self.line.matter(case.matter)
        specs = fields_of(self.line.spec, matter.fields, case.matter)
        self.run(
            Register(
                **self.by(by),
                affair_id=self.affair_id,
                matter=case.matter,
                source=SOURCES[case.source],
                origin_id=self.visit_id,
                community="",
                area=self.area,
                summary=case.summary,
                applicant=case.resident,
                subject=derived("resident", COMMUNITY, case.door),
                telephone=f"1380000{2000 + self.number}",
                address="建新小区{}号楼{}单元{}室".format(*case.door.split("-")),
                record=records.read(specs, {}, Meant(self, by)),
            )
        )

    def _registrar(self) -> Person:
        if self.case.by:
            return self.who(self.case.by)
        plain = registrar(self.code, self.case.matter)
        at_the_counter = plain == "林晓禾" and self.case.source != VISITED
        return FRONT_DESK if at_the_counter else self.who(plain)

    def _do(self, who: str, text: str, told: Mapping[str, str]) -> None:
        by, matter = self.who(who).actor, self.case.matter
        affair, _ = self.house.affairs.get(self.affair_id)
        done = deeds.deed(self.line, text, matter=matter, state=affair.standing.state)
        told = {label: self.told.get(label, said) for label, said in told.items()}
        record = records.record(
            deeds.way(self.line, done), told, Meant(self, by), matter=matter, role=by.role
        )
        asked = self.by(by)
        self.run(deeds.command(done, **asked, affair_id=self.affair_id, record=record))


@dataclass(frozen=True)
class Meant:
    """What names and words mean where somebody of the cast records something."""

    filing: Filing
    actor: Actor

    @property
    def now(self) -> datetime:
        return self.filing.clock.at

    def unit(self, name: str) -> str:
        return self.filing.units[name]

    def account(self, name: str) -> str:
        return self.filing.who(name).account

    def affair(self, about: str) -> str:
        raise AssertionError(f"no affair of the demonstration names another: {about}")

    def offering(self, about: str) -> str:
        return str(self.filing.offered[about])

    def photo(self) -> str:
        number = self.filing.number
        return self.filing.photo("现场.png", heap=number % 3 > 0, side=number % 2)

    def paper(self) -> str:
        case, filing = self.filing.case, self.filing
        content = f"{case.summary}\n\n申请人：{case.resident}\n".encode()
        return str(filing.house.attachments.put(filing.affair_id, "申请材料.txt", content).id)

    def plainly(self, spec: FieldSpec) -> str | None:
        label, filing = spec.label.zh, self.filing
        if label in filing.words:
            return filing.words[label].format(n=filing.number)
        if spec.kind is Kind.PERSON and spec.required and not spec.form:
            return filing.case.resident
        return records.plainly(spec, self.actor.account)
