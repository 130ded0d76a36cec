"""The affair as it stands: what a later decision reads, and no more. Pure, never refuses.

The four nested parts have no slots, so that `domain.changed` can copy them fast.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from domain.clock import Clock

ENDS = ("closed", "not_accepted", "withdrawn", "terminated")
"""States from which only the archive is left."""

NOT_OPEN = ("resolved", *ENDS, "archived")
"""States in which nothing is left for another unit to take over: a referral lapses."""

HANDLED = ("resolved", "terminated")
"""States that end the handling, where no clock stop ended it before."""

LONGEST_SUSPENSION = 60
"""Days that the clocks of a round may stand still in all, the days of suspending left out."""

SEALED = ("summary", "applicant", "telephone", "address")
"""Personal values of a registration that stand beside its record; a correction may name them."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What does not change, but for the version of the line."""

    number: str
    line: str
    matter: str
    line_version: str
    community: str
    area: str
    restricted: bool
    contact_wish: str
    registered_by: str
    registered_at: datetime
    subject: UUID | None
    accepted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where it stands and whose turn it is.

    entered_at: when it came into its state. last_at: the latest `occurred_at`; acted_at: the
        same, warnings, the orders that they open and recounts aside.
    lead_unit: code of the unit that handles it; the community at first.
    assignee: the account responsible while that unit leads; empty for nobody.
    suspended_days_working, suspended_days, handled: of this round: how long the clocks stood
        still, in working days and in days, and whether the handling has ended (clock stop,
        resolved or terminated).
    """

    state: str
    entered_at: datetime
    last_at: datetime
    acted_at: datetime | None = None
    level: str = "community"
    lead_unit: str = ""
    assignee: str = ""
    round: int = 0
    suspended_at: datetime | None = None
    suspended_days_working: int = 0
    suspended_days: int = 0
    handled: bool = False
    reopened_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def suspension_left(self) -> int:
        """Days that the clocks may still stand still in this round, before a suspension began."""
        return LONGEST_SUSPENSION - self.suspended_days

    def suspended_until(self, at: datetime) -> datetime:
        """How far a suspension counts that is over at `at`: no longer than what was left."""
        assert self.suspended_at is not None
        return min(at, self.suspended_at + timedelta(days=self.suspension_left))


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was taken, with its facts that are not personal."""

    step: str
    by: str
    at: datetime
    round: int
    common: bool
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry that was recorded, with its facts that are not personal."""

    entry: str
    by: str
    at: datetime
    round: int
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Joint:
    """A task of a joint unit."""

    task: int
    unit: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class Visited:
    """A return visit or an attempt at one."""

    outcome: str
    rating: int
    finding: str
    band: str
    by: str
    at: datetime
    round: int


@dataclass(frozen=True, kw_only=True)
class Work:
    """What was done and what is still open besides the state.

    proposed_by: who proposed a supervision order that nobody gave yet. recused: accounts that
        take no part.
    """

    steps: tuple[Done, ...] = ()
    entries: tuple[Noted, ...] = ()
    joint: tuple[Joint, ...] = ()
    referral: str = ""
    questions: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    orders: int = 0
    orders_answered: int = 0
    proposed_by: str = ""
    recused: tuple[str, ...] = ()
    warned: tuple[tuple[str, str, datetime], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Affair:
    """One affair. `facts` are the latest recorded values that are not personal."""

    identity: Identity
    standing: Standing
    work: Work = field(default_factory=Work)
    visits: tuple[Visited, ...] = ()
    clocks: tuple[Clock, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def handlers(self) -> frozenset[str]:
        """Actors of its line's steps since the last reopening (domain reference 3.0)."""
        now = self.standing.round
        return frozenset(d.by for d in self.work.steps if d.round == now and not d.common)

    def actors_of(self, steps: tuple[str, ...]) -> frozenset[str]:
        """Who last took these steps in this round: the actors of the work to be checked."""
        now = self.standing.round
        return frozenset(d.by for d in self.work.steps if d.round == now and d.step in steps)

    def clock(self, name: str) -> Clock | None:
        """The clock of that name, running or not."""
        return next((c for c in self.clocks if c.name == name), None)

    def last_visit(self) -> Visited | None:
        """The latest return visit of this round."""
        now = self.standing.round
        return next((v for v in reversed(self.visits) if v.round == now), None)
