"""Affairs of a line, played through the real decider by days of any year. Each role is an account
where no other is told.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Self

from adapters import calendars
from domain.actor import SYSTEM, Actor, Role
from domain.affair import decide
from domain.affair.commands import Act, Expire, RecordEntry, Register, TakeStep
from domain.affair.decide import Facts
from domain.affair.evolve import evolve
from domain.affair.state import Affair
from domain.clock import SHANGHAI
from tests.workflows.scenes import AFFAIR, PHOTO
from workflows.calendar import WorkingCalendar
from workflows.machine import CompiledLine

PAPERS = [PHOTO]
LOW = {"outcome": "reached", "rating": 1, "solved": "no", "finding": "rework_due"}


@cache
def calendar() -> WorkingCalendar:
    """Every year of which the working days are known."""
    years = range(2011, calendars.seeded_years().stop)
    told = datetime(2010, 1, 1, tzinfo=UTC)
    return WorkingCalendar.of(calendars.seed(years, by="policy", occurred_at=told))


def moment(text: str) -> datetime:
    """`2011-07-25 14:00`, Jinan; nine o'clock where no time is told."""
    return datetime.fromisoformat(text if " " in text else f"{text} 09:00").replace(tzinfo=SHANGHAI)


@dataclass
class Lived:
    """An affair as it is played. registrar: the role that takes it in."""

    line: CompiledLine
    matter: str
    registrar: str = "FD"
    affair: Affair | None = None
    events: list[Any] = field(default_factory=list)

    @property
    def now(self) -> Affair:
        assert self.affair is not None
        return self.affair

    @property
    def facts(self) -> Facts:
        return Facts(procedure=self.line, calendar=calendar(), now=moment("2030-12-31"))

    def _take(self, events: list[Any]) -> Self:
        for event in events:
            self.affair = evolve(self.affair, event)
        self.events += events
        return self

    def _asked(self, role: str, at: str, account: Any, record: dict[str, Any]) -> dict[str, Any]:
        return {
            "command_id": AFFAIR,
            "by": Actor(account=account or role.lower(), role=Role(role), unit="370103008"),
            "occurred_at": moment(at),
            "affair_id": AFFAIR,
            "record": record,
        }

    def registered(self, at: str, **record: Any) -> Self:
        command = Register(
            **self._asked(self.registrar, at, "", record),
            matter=self.matter,
            source="hall",
            community="370103008001",
            area="370103008001-01",
            summary="来办事",
            telephone="13800001234",
            contact_wish="contact",
        )
        return self._take(decide.register(command, self.facts))

    def step(self, step: str, role: str, at: str, account: Any = "", **record: Any) -> Self:
        command = TakeStep(**self._asked(role, at, account, record), step=step)
        return self._take(decide.take_step(self.now, command, self.facts))

    def entry(self, entry: str, role: str, at: str, account: Any = "", **record: Any) -> Self:
        command = RecordEntry(**self._asked(role, at, account, record), entry=entry)
        return self._take(decide.record_entry(self.now, command, self.facts))

    def act(self, action: str, role: str, at: str, account: Any = "", **record: Any) -> Self:
        command = Act(**self._asked(role, at, account, record), action=action)
        return self._take(decide.act(self.now, command, self.facts))

    def ran_out(self, timer: str) -> Self:
        """A timer comes to its end, and fires."""
        clock = self.now.clock(timer)
        assert clock is not None
        command = Expire(
            command_id=AFFAIR,
            by=SYSTEM,
            occurred_at=clock.due_at,
            affair_id=AFFAIR,
            clock=timer,
            colour="timer",
            due_at=clock.due_at,
        )
        return self._take(decide.expire(self.now, command, self.facts))

    def reopened(self, at: str) -> Self:
        """Unsatisfied, and done again."""
        self.act("return_visit", "CD", at, **LOW)
        return self.step("X2", "SUP", at, reason="没有办好")

    def running(self) -> dict[str, str]:
        """The clocks that run, and their last day."""
        last = {c.name: c.due_at - timedelta(microseconds=1) for c in self.now.clocks if c.running}
        return {name: f"{at.astimezone(SHANGHAI):%Y-%m-%d}" for name, at in last.items()}
