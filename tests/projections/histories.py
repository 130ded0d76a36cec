"""Histories made by hand: a log of affairs and visits, told in a few words each."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain import offering as o
from domain.account import events as a
from domain.account.state import stream_of
from domain.affair import events as e
from domain.clock import SHANGHAI, ClockChange, ClockKind, Unit
from domain.log import Metadata, Recorded
from domain.personal import Personal
from domain.record import NOTHING, Field, Kind, Record, Value
from domain.topics import TOPIC_OF
from domain.visit import VisitRecorded

AREA = "370103008001-03"
COMMUNITY = "370103008001"
STREET = "370103008/cg"
SANITATION = "370103008/hw"
ZHANG = UUID("01900000-0000-7000-8000-00000000f001")
NIL = UUID(int=0)

EMPTY: dict[str, Any] = {
    "record": NOTHING,
    "clocks": (),
    "marks": (),
    "action": "",
    "left": "",
    "line_version": "",
    "level": "",
    "lead_unit": "",
    "handled_days_working": None,
    "clock": "",
    "unit": "",
    "cause": "",
    "solved": "",
    "rating": 0,
    "finding": "none",
    "time_band": "morning",
    "comment": None,
    "retention": "10",
    "by": "linxiaohe",
}


def at(moment: str) -> datetime:
    """`07-22 10:05` in 2011, or with its year, Asia/Shanghai."""
    whole = moment if moment[:2] == "20" else f"2011-{moment}"
    return datetime.fromisoformat(whole).replace(tzinfo=SHANGHAI)


def person(clear: str, origin: str = "1/summary") -> Personal:
    """A sealed value of Zhang Min; the seal is only a likeness."""
    return Personal(ZHANG, sealed=clear.encode()[::-1], origin=origin)


def recorded(*values: tuple[str, Kind, Value]) -> Record:
    """A record of these fields."""
    return Record(tuple(Field(*value) for value in values))


def change(
    name: str,
    how: str = "started",
    due: str | datetime | None = None,
    kind: ClockKind = ClockKind.STAGE,
    *,
    calendar: str = "2011.1",
) -> ClockChange:
    """What an event did to a clock. It warns a day before it is due."""
    due_at = at(due) if isinstance(due, str) else due
    return ClockChange(
        name=name,
        change=how,
        kind=kind,
        unit=Unit.WORKING_DAY,
        started_at=at("07-01 09:00"),
        due_at=due_at,
        warn_at=due_at - timedelta(days=1) if due_at else None,
        calendar=calendar,
    )


def stopped(name: str, kind: ClockKind = ClockKind.STAGE) -> ClockChange:
    """A clock that came to its end."""
    return change(name, "stopped", kind=kind)


class Log:
    """Events in the order of their recording, a minute after each happened."""

    def __init__(self) -> None:
        self.recorded: list[Recorded] = []
        self._versions: dict[UUID, int] = {}

    def add(self, stream_id: UUID, event: Any) -> Recorded:
        """Record the event as the next of its stream."""
        version = self._versions[stream_id] = self._versions.get(stream_id, 0) + 1
        position = len(self.recorded) + 1
        happened = getattr(event, "occurred_at", at("07-01 08:00"))
        seen = Recorded(
            position=position,
            stream_id=stream_id,
            version=version,
            topic=TOPIC_OF[type(event)],
            event=event,
            recorded_at=happened + timedelta(minutes=1),
            metadata=Metadata(
                actor=getattr(event, "by", "shangyun"),
                role="CW",
                unit=AREA,
                command_id=UUID(int=1000 + position),
                request_hash="5f" * 32,
                correlation_id=stream_id,
            ),
        )
        self.recorded.append(seen)
        return seen

    def affair(self, number: str = "CG-2011-0001", when: str = "07-22 10:05", **given: Any) -> Case:
        """Register an affair."""
        case = Case(self, UUID(int=0xA000 + len(self._versions)))
        values: dict[str, Any] = {
            "number": number,
            "line": number.partition("-")[0],
            "matter": "CG01",
            "line_version": "2011.1",
            "state": "registered",
            "source": "hall",
            "origin_id": NIL,
            "community": COMMUNITY,
            "area": AREA,
            "assignee": "linxiaohe",
            "restricted": False,
            "contact_wish": "contact",
            "summary": person("废品堆在大门口"),
            "applicant": person("张敏", "1/applicant"),
            "telephone": person("13800001234", "1/telephone"),
            "address": person("6号楼2-301", "1/address"),
            **given,
        }
        return case.then(e.Registered, when, **values)

    def visit(self, when: str, **given: Any) -> UUID:
        """Record a household visit, counted unless said otherwise."""
        values: dict[str, Any] = {
            "household": UUID(int=77),
            "area": AREA,
            "light": "yellow",
            "kind": "routine",
            "outcome": "met",
            "visitors": ("linxiaohe",),
            "started_at": at(when),
            "ended_at": at(when),
            "interviewee": None,
            "seen": None,
            "heard": None,
            "noted": None,
            "findings": (),
            "photos": (),
            "counted": True,
            "next_on": None,
            "by": "linxiaohe",
            "occurred_at": at(when),
            **given,
        }
        stream_id = UUID(int=0xB000 + len(self._versions))
        self.add(stream_id, VisitRecorded(**values))
        return stream_id


class Case:
    """An affair whose history goes on."""

    def __init__(self, log: Log, stream_id: UUID) -> None:
        self.log = log
        self.id = stream_id

    def then(self, event: type, when: str | datetime, **given: Any) -> Case:
        """Record an event; what is not given is empty."""
        happened = at(when) if isinstance(when, str) else when
        names = {field.name for field in fields(event)}
        values = {name: value for name, value in EMPTY.items() if name in names}
        self.log.add(self.id, event(**{**values, **given, "occurred_at": happened}))
        return self

    def step(self, step: str, to: str, when: str | datetime, **given: Any) -> Case:
        """Take a step."""
        return self.then(e.StepTaken, when, step=step, to=to, **given)

    def accepted(self, when: str = "07-22 10:30", **given: Any) -> Case:
        """Take the step that accepts."""
        return self.step("G1", "onsite", when, marks=("accepted",), line_version="2011.2", **given)

    def resolved(self, when: str, days: int | None = 0, **given: Any) -> Case:
        """Take a step that ends the handling; the return visit falls due four days later."""
        due = at(when).replace(hour=0, minute=0) + timedelta(days=4)
        visit = change("return_visit", due=due, kind=ClockKind.PROMISE)
        clocks = (*given.pop("clocks", ()), visit)
        return self.step("G16", "resolved", when, handled_days_working=days, clocks=clocks, **given)

    def asked(self, when: str, rating: int = 5, **given: Any) -> Case:
        """The resident was reached and rated."""
        clocks = (stopped("return_visit", ClockKind.PROMISE),)
        values = {"outcome": "reached", "solved": "yes", "clocks": clocks, **given}
        return self.then(e.ReturnVisitRecorded, when, rating=rating, **values)

    def missed(self, when: str, outcome: str = "unreachable") -> Case:
        """The resident could not be reached, or refused."""
        return self.then(e.ReturnVisitRecorded, when, outcome=outcome)

    def reopened(self, when: str, round: int = 1, step: str = "X2", **given: Any) -> Case:
        """It went back to work."""
        return self.then(
            e.Reopened, when, step=step, left="resolved", to="dispatched", round=round, **given
        )


def story() -> Log:
    """The scrap heap at the estate gate (domain reference 7), from the visit to the archive."""
    log = Log()
    visit = log.visit("07-22 09:40", findings=("complaint",))
    photos = tuple(UUID(int=0xF0 + n) for n in range(2))
    case = log.affair(
        source="visit", origin_id=visit, clocks=(change("acceptance", due="07-26 00:00"),)
    )
    case.accepted(
        action="verify_onsite",
        left="registered",
        record=recorded(
            ("photos", Kind.PHOTOS, photos),
            ("location", Kind.PLACE, "117.000923,36.675807"),
            ("arrived_at", Kind.INSTANT, at("07-22 10:20")),
        ),
        clocks=(stopped("acceptance"), change("onsite", due="07-26 00:00")),
    )
    case.step(
        "G4",
        "persuading",
        "07-22 10:50",
        action="persuade",
        left="onsite",
        clocks=(stopped("onsite"), change("persuading", due="07-26 00:00")),
        by="zhoumin",
    )
    case.then(e.JointOpened, "07-22 10:50", task=1, unit=SANITATION)
    case.then(
        e.EntryRecorded,
        "07-22 16:00",
        entry="persuasion",
        record=recorded(("result", Kind.CHOICE, "ineffective")),
    )
    case.then(e.JointDone, "07-22 16:00", task=1, unit=SANITATION)
    case.step(
        "G8",
        "filed",
        "07-25 08:50",
        action="escalate_file",
        left="persuading",
        level="street",
        marks=("referred",),
        clocks=(stopped("persuading"), change("filed", due="07-25 13:50")),
        by="zhoumin",
    )
    case.step(
        "G9",
        "dispatched",
        "07-25 09:20",
        action="dispatch",
        left="filed",
        lead_unit=STREET,
        clocks=(stopped("filed"), change("handling", due="07-27 00:00")),
        by="zhenglan",
    )
    case.step("G12", "handling", "07-25 09:40", action="sign_in", left="dispatched", by="zhenglan")
    case.step(
        "G13",
        "checking",
        "07-25 15:30",
        action="report_done",
        left="handling",
        record=recorded(("photos_after", Kind.PHOTOS, (UUID(int=0xFA), photos[0]))),
        clocks=(stopped("handling"), change("checking", due="07-27 00:00")),
        by="zhenglan",
    )
    case.resolved(
        "07-26 09:00",
        2,
        action="pass",
        left="checking",
        clocks=(stopped("checking"),),
    )
    case.asked("07-27 10:00", by="suqing")
    case.step(
        "X1", "closed", "07-27 10:01", action="confirm_satisfied", left="resolved", by="suqing"
    )
    case.then(e.Archived, "2012-06-15 10:00", step="X7", left="closed", by="suqing")
    return log


CREDENTIAL = UUID(int=0xCE)
GRANTS = tuple(UUID(int=0x6000 + n) for n in range(3))


def staff(log: Log | None = None) -> Log:
    """Two accounts: one is granted a role and stood in for by the other, then closed."""
    log = log or Log()
    lin, chen = stream_of("linxiaohe"), stream_of("chenyan")
    told: dict[str, Any] = {"by": "anning", "occurred_at": at("07-01 09:00")}

    def role(account: str, nth: int, unit: str, **given: Any) -> None:
        values: dict[str, Any] = {
            "valid_from": at("07-01 09:00").date(),
            "valid_until": None,
            "of": NIL,
            "deputy_for": "",
            "reason": None,
            **given,
        }
        log.add(
            stream_of(account),
            a.RoleGranted(
                account=account,
                grant=GRANTS[nth],
                role="CW",
                unit=unit,
                lines=(),
                **values,
                **told,
            ),
        )

    log.add(lin, a.AccountOpened(account="linxiaohe", name=person("林晓禾", "1/name"), **told))
    role("linxiaohe", 0, AREA)
    log.add(chen, a.AccountOpened(account="chenyan", name=person("陈砚", "1/name"), **told))
    role("chenyan", 1, f"{COMMUNITY}-02")
    role(
        "chenyan",
        2,
        AREA,
        valid_until=at("07-15 00:00").date(),
        of=GRANTS[0],
        deputy_for="linxiaohe",
        reason=person("林晓禾休假", "3/reason"),
    )
    log.add(lin, a.CredentialSet(credential=CREDENTIAL, kind="password", **told))
    log.add(lin, a.AccountRenamed(name=person("林禾", "4/name"), **told))
    log.add(chen, a.RoleWithdrawn(grant=GRANTS[2], reason=None, **told))
    log.add(lin, a.CredentialRemoved(credential=CREDENTIAL, **told))
    log.add(chen, a.SessionsEnded(**told))
    log.add(lin, a.AccountClosed(reason=person("调离", "6/reason"), **told))
    log.add(lin, a.AccountReopened(reason=None, **told))
    return log


def offered(log: Log | None = None) -> Log:
    """A class with one place: one has it and gives it up, the next is asked and comes."""
    log = log or Log()
    first, second = UUID(int=71), UUID(int=72)
    told: dict[str, Any] = {"by": "zhoumin", "occurred_at": at("07-01 09:00")}
    log.add(
        SESSION,
        o.OfferingOpened(
            matter="WT01",
            unit=COMMUNITY,
            title="书法课",
            venue="社区活动室",
            capacity=1,
            standby=2,
            starts_at=at("07-25 09:00"),
            ends_at=at("07-25 11:00"),
            **told,
        ),
    )
    log.add(SESSION, o.PlaceTaken(affair_id=first, had="none", **told))
    log.add(SESSION, o.PlaceAwaited(affair_id=second, **told))
    log.add(SESSION, o.PlaceLeft(affair_id=first, had="held", **told))
    log.add(SESSION, o.PlaceOffered(affair_id=second, **told))
    log.add(SESSION, o.PlaceTaken(affair_id=second, had="offered", **told))
    log.add(SESSION, o.OfferingResized(capacity=4, standby=1, **told))
    log.add(SESSION, o.OfferingCancelled(reason=person("老师生病", "8/reason"), **told))
    return log


SESSION = UUID(int=70)
