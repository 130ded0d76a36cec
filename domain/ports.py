"""What the inside asks of the world. Adapters fulfil these; tests use honest fakes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from domain.account.state import Grant
from domain.actor import Actor, Role
from domain.clock import ClockChange, Due, Unit
from domain.offering import Bar, Hold, Place
from domain.record import Record

if TYPE_CHECKING:
    from domain.affair.state import Affair


class Now(Protocol):
    """The clock. A demonstration's log ticks on from its anchor; production is the wall."""

    def __call__(self) -> datetime:
        """The present instant, UTC, with its zone."""
        ...


class Ids(Protocol):
    """Fresh stream and command ids, UUIDv7, so that indexes grow at one end."""

    def __call__(self) -> UUID:
        """A new id."""
        ...


class Calendar(Protocol):
    """The dated working-day table (make-up days 调休 included), Asia/Shanghai."""

    def due(self, start: datetime, count: int, unit: Unit) -> Due:
        """When a limit of `count` units that starts at `start` ends. Never refuses."""
        ...

    def moved(self, due_at: datetime, paused_at: datetime, until: datetime, unit: Unit) -> Due:
        """Where a deadline lies after standing still from `paused_at` to `until`."""
        ...

    def extended(self, due_at: datetime, count: int, unit: Unit) -> Due:
        """A deadline moved by `count` more units."""
        ...

    def time_band(self, at: datetime) -> str:
        """morning (until 12:00), afternoon (until 18:00) or evening, Asia/Shanghai."""
        ...

    def knows(self, year: int) -> bool:
        """Whether there is a table of the year."""
        ...

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; the same day is 0."""
        ...


class People(Protocol):
    """The accounts and their grants, as far as decisions ask."""

    def posts(self, account: str, on: date) -> Sequence[Actor]:
        """The roles that an account holds on a day, each as it acts in it; none for nobody."""
        ...

    def who_holds(self, role: Role, unit: str, on: date) -> Sequence[Grant]:
        """The grants of a role for exactly that unit that are in force on that day."""
        ...


class Move(Protocol):
    """A step that the procedure leaves open to this actor, with its record read."""

    @property
    def step(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def kind(self) -> str:
        """step, reopen, merge or archive: which event tells of it."""
        ...

    @property
    def to(self) -> str: ...
    @property
    def record(self) -> Record: ...
    @property
    def marks(self) -> tuple[str, ...]: ...
    @property
    def level(self) -> str: ...
    @property
    def retention(self) -> str: ...


class Timer(Protocol):
    """A step or an action, and its record, for when a clock runs out."""

    @property
    def fires(self) -> str: ...
    @property
    def record(self) -> Mapping[str, object]: ...


class Places(Protocol):
    """How the affairs of a line stand for places of offerings."""

    @property
    def field(self) -> str:
        """Of the registration: names the offering."""
        ...

    @property
    def missed_in(self) -> tuple[str, ...]:
        """States in which a place was taken and not used."""
        ...

    @property
    def offer(self) -> str | None:
        """The entry that keeps a place for the first of the queue."""
        ...

    @property
    def lapse(self) -> str | None:
        """The step that ends the waiting for what was cancelled."""
        ...

    @property
    def bar(self) -> Bar | None:
        """Who gets no place for a while."""
        ...

    def hold(self, state: str) -> Hold:
        """What an affair in a state has of its offering, as far as the state tells."""
        ...


class Procedure(Protocol):
    """One version of a line of service, as the decider asks it."""

    @property
    def line(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def since(self) -> date: ...
    @property
    def initial(self) -> str: ...
    @property
    def places(self) -> "Places | None": ...
    @property
    def open_states(self) -> frozenset[str]: ...
    @property
    def matters(self) -> frozenset[str]: ...

    def registration(self, matter: str, record: Mapping[str, object], subject: UUID) -> Record:
        """Read the fields of a registration; notes are sealed under `subject`.

        Raises FieldMissing, FieldInvalid, Malformed where the matter is unknown.
        """
        ...

    def filled(self, matter: str) -> Mapping[str, str]:
        """The fields of a registration that its offering tells, each with what of it."""
        ...

    def kind(self, step: str) -> str:
        """step, reopen or archive; `step` for one that is unknown."""
        ...

    def holdable(self, event: Any, matter: str) -> frozenset[str]:
        """The fields that an event of an affair of `matter` could hold."""
        ...

    def require(
        self,
        step: str,
        affair: "Affair",
        *,
        by: Actor,
        record: Mapping[str, object],
        at: datetime,
        calendar: Calendar,
        subject: UUID,
        place: Place | None = None,
    ) -> Move:
        """The step, if it is open; its notes are sealed under `subject`.

        Raises NameUnknown, StepNotOpen with the guard, role or state in the way, FieldMissing,
        FieldInvalid.
        """
        ...

    def entry(
        self,
        name: str,
        affair: "Affair",
        *,
        by: Actor,
        record: Mapping[str, object],
        subject: UUID,
        at: datetime,
        calendar: Calendar,
        place: Place | None = None,
    ) -> Record:
        """Read an entry of this line. Raises NameUnknown, StepNotOpen, FieldMissing,
        FieldInvalid."""
        ...

    def action(
        self,
        name: str,
        affair: "Affair",
        *,
        by: Actor,
        record: Mapping[str, object],
        at: datetime,
        calendar: Calendar,
        subject: UUID,
        place: Place | None = None,
    ) -> Record:
        """Read a state-neutral action. Raises NameUnknown, NotPermittedNow, FieldMissing,
        FieldInvalid."""
        ...

    def clocks(
        self,
        affair: "Affair | None",
        *,
        matter: str,
        happening: str,
        leaves: str,
        enters: str,
        record: Record,
        at: datetime,
        calendar: Calendar,
    ) -> tuple[ClockChange, ...]:
        """What `happening` (`register`, a step's id, `entry:NAME`, an action) does to the clocks.

        leaves, enters: the states before and after, equal where the state does not change.
        """
        ...

    def timer(self, clock: str) -> "Timer | None":
        """What a clock of kind timer does when it runs out; None for a clock of another kind."""
        ...

    def may_register(self, matter: str, by: Actor) -> bool:
        """False for a matter that only other roles may open."""
        ...

    def restricted(self, matter: str) -> bool:
        """True where only assigned staff may know of an affair of this matter."""
        ...

    def suspendable(self, state: str) -> bool:
        """True where an affair in `state` may be suspended."""
        ...

    def redo_state(self, affair: "Affair") -> str:
        """Where an affair returns to after an unsatisfied return visit; empty where nowhere."""
        ...
