"""Scenes: an affair of any line in the middle of its life, who comes to it, and with what.

What makes a guard hold or fail in a scene is told in `tests.workflows.holding`; the scenes in
which a step is open are searched in `tests.workflows.searching`.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID

from adapters import calendars
from domain.actor import Actor, Role
from domain.affair.state import Affair, Done, Identity, Noted, Standing, Visited, Work
from domain.clock import SHANGHAI, Clock, ClockKind, Unit, local_day
from domain.offering import Place
from domain.record import Kind
from tests.builders import lines
from workflows.calendar import WorkingCalendar
from workflows.dated import next_month
from workflows.fields import FieldSpec

CALENDAR = WorkingCalendar.of(
    calendars.seed(range(2004, 2017), by="policy", occurred_at=datetime(2010, 1, 1, tzinfo=UTC))
)
CG = lines.of("CG")[-1]

AFFAIR = UUID("0197f3b2-0000-7000-8000-000000000001")
OTHER = UUID("0197f3b2-0000-7000-8000-000000000002")
PHOTO = "0197f3b2-0000-7000-8000-00000000000a"
NOON = datetime(2011, 7, 25, 12, 0, tzinfo=SHANGHAI)
ME, THEY = "me", "they"


@dataclass
class Scene:
    """An affair, who comes to it, when, and with what."""

    matter: str
    state: str
    role: Role
    account: str = ME
    unit: str = ""
    at: datetime = NOON
    record: dict[str, object] = field(default_factory=dict)
    steps: list[Done] = field(default_factory=list)
    entries: list[Noted] = field(default_factory=list)
    visits: list[Visited] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    work: Work = field(default_factory=Work)
    facts: dict[str, str] = field(default_factory=dict)
    level: str = "community"
    round: int = 0
    registered_by: str = THEY
    registered_at: datetime = NOON - timedelta(hours=3)
    entered_at: datetime = NOON - timedelta(hours=2)
    contact_wish: str = "contact"
    suspended_at: datetime | None = None
    suspended_days: int = 0
    accepted_at: datetime | None = None
    closed_at: datetime | None = NOON - timedelta(hours=1)
    place: Place | None = None

    @property
    def actor(self) -> Actor:
        return Actor(account=self.account, role=self.role, unit=self.unit)

    def copy(self) -> Self:
        """Another that can be changed by itself."""
        return replace(
            self,
            record=dict(self.record),
            steps=list(self.steps),
            entries=list(self.entries),
            visits=list(self.visits),
            clocks=list(self.clocks),
            facts=dict(self.facts),
        )

    def affair(self) -> Affair:
        """As the decider would hold it."""
        return Affair(
            identity=Identity(
                number=f"{self.matter[:2]}-2011-0001",
                line=self.matter[:2],
                matter=self.matter,
                line_version="2011.1",
                community="370103008001",
                area="370103008001-01",
                restricted=False,
                contact_wish=self.contact_wish,
                registered_by=self.registered_by,
                registered_at=self.registered_at,
                subject=None,
                accepted_at=self.accepted_at,
            ),
            standing=Standing(
                state=self.state,
                entered_at=self.entered_at,
                last_at=self.entered_at,
                level=self.level,
                round=self.round,
                suspended_at=self.suspended_at,
                suspended_days=self.suspended_days,
                closed_at=self.closed_at,
            ),
            work=replace(
                self.work,
                steps=tuple(replace(step, round=self.round) for step in self.steps),
                entries=tuple(replace(entry, round=self.round) for entry in self.entries),
            ),
            visits=tuple(replace(visit, round=self.round) for visit in self.visits),
            clocks=tuple(self.clocks),
            facts=self.facts,
        )

    def done(self, *steps: str, by: str = THEY, common: bool = False, **facts: str) -> None:
        at = self.entered_at
        self.steps += [Done(step, by, at, self.round, common, facts) for step in steps]

    def noted(self, entry: str, *, by: str = THEY, at: datetime = NOON, **facts: str) -> None:
        self.entries.append(Noted(entry, by, at, self.round, facts))

    def visited(
        self,
        outcome: str,
        rating: int = 0,
        finding: str = "none",
        hours: int = 0,
        band: str = "",
    ) -> None:
        at = self.entered_at + timedelta(hours=hours)
        self.visits.append(Visited(outcome, rating, finding, band, THEY, at, self.round))

    def clock(
        self, name: str, *, due: timedelta, stopped: bool = False, calendar: str = ""
    ) -> None:
        self.clocks = [clock for clock in self.clocks if clock.name != name]
        self.clocks.append(
            Clock(
                name,
                ClockKind.STAGE,
                Unit.DAY,
                self.entered_at,
                self.at + due,
                self.at,
                calendar,
                stopped_at=self.at if stopped else None,
            )
        )


def sample(field: FieldSpec, at: datetime = NOON) -> object:
    """A value that the field takes from who acts at that time."""
    least = 1 if field.min is None else field.min
    match field.kind:
        case Kind.CHOICE:
            return next(iter(field.choices), "")
        case Kind.NUMBER:
            return least
        case Kind.MONEY:
            return str(least if field.max is not None and field.max < 300 else max(300, least))
        case Kind.TEXT:
            return "370103-2011-7"[: field.max].ljust(field.min or 0, "0")
        case Kind.PERSON:
            return "1960-05-05" if field.form == "date" else "张三"
        case Kind.DATE:
            day = local_day(at)
            return (next_month(day) if field.next_month else day).isoformat()
        case Kind.INSTANT:
            return at.isoformat()
        case Kind.UNITS:
            return [f"370103008/u{number}" for number in range(least)]
        case Kind.PHOTOS | Kind.PAPERS:
            return [str(UUID(int=UUID(PHOTO).int + number)) for number in range(least)]
    return SAMPLES[field.kind]


SAMPLES: dict[Kind, object] = {
    Kind.ACCOUNT: "suqing",
    Kind.NOTE: "小区大门口堆放废品",
    Kind.FLAG: True,
    Kind.UNIT: "370103008/cg",
    Kind.PLACE: "116.99,36.65",
    Kind.REFERENCE: str(OTHER),
    Kind.OFFERING: str(OTHER),
}
