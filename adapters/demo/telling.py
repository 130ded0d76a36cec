"""Plays the demonstration through the desk, the clock told the time of each deed as it comes."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from adapters.demo import pictures
from adapters.demo.cast import AREA, CAST, COMMUNITY, WORKER
from adapters.demo.story import Moment, Tale
from adapters.house import House
from adapters.ids import derived
from adapters.time import Told
from adapters.worker import Worker
from adapters.worker.sweeper import Sweeper
from domain.actor import Actor
from domain.affair.commands import Act, Command, RecordEntry, Register, TakeStep
from domain.commands import RecordVisit

Progress = Callable[[str, int, int], None]
Deed = tuple[datetime, Callable[[], None]]

ACTORS = {person.account: person.actor for person in CAST}
SIDES = {"east": 0, "west": 1}


class Teller(ABC):
    """Tells of one affair, or of what affairs need."""

    def __init__(self, house: House, clock: Told) -> None:
        """clock: of the house."""
        self.house, self.clock = house, clock
        self.affair_id = UUID(int=0)

    @abstractmethod
    def deeds(self) -> list[Deed]:
        """What is done, with its time, in the order of time."""

    def by(self, actor: Actor) -> dict[str, Any]:
        """What every command carries."""
        return {"command_id": self.house.new_id(), "by": actor, "occurred_at": self.clock.at}

    def run(self, command: Command) -> None:
        """Carry it out. Raises the refusals of the desk."""
        self.house.desk.run(command)

    def photo(self, name: str, *, heap: bool, side: int) -> str:
        """A photo handed in for the affair; its id."""
        content = pictures.gate(heap=heap, side=side)
        return str(self.house.attachments.put(self.affair_id, name, content).id)


def tell(
    house: House, clock: Told, tellers: Sequence[Teller], *, until: datetime, progress: Progress
) -> None:
    """Play what they tell together, in the order of time.

    clock: of the house, told the time of each deed. Timers and warnings are fired when they are
    due, as the worker would have done. Raises the refusals of the desk.
    """
    deeds = [deed for teller in tellers for deed in teller.deeds()]
    # The sort is stable: what happens in one minute keeps its order.
    deeds.sort(key=lambda deed: deed[0])
    sweeper = Sweeper(house)
    for done, (at, deed) in enumerate(deeds, 1):
        _pass(house, clock, sweeper, at - timedelta(seconds=1))
        clock.at = at
        deed()
        progress("story", done, len(deeds))
    _pass(house, clock, sweeper, until)
    Worker(house).drain()


# From one thing that is due to the next: each is recorded when it happens.
def _pass(house: House, clock: Told, sweeper: Sweeper, until: datetime) -> None:
    while due := house.queries.due(until, 1):
        next_at = due[0].next_at
        assert next_at is not None
        clock.at = max(clock.at, next_at)
        if not sweeper.sweep():
            break
    clock.at = max(clock.at, until)


class StoryTeller(Teller):
    """Tells one tale."""

    def __init__(self, house: House, clock: Told, tale: Tale) -> None:
        super().__init__(house, clock)
        self._tale = tale
        self._visit_id = UUID(int=0)

    def deeds(self) -> list[Deed]:
        """The visit, the registration, and what came of it."""
        tale = self._tale
        return [
            (tale.visited[1], self._visit),
            (tale.registered_at, self._register),
            *((moment.at, partial(self._moment, moment)) for moment in tale.moments),
        ]

    def _visit(self) -> None:
        tale = self._tale
        self._visit_id = self.house.new_id()
        self.run(
            RecordVisit(
                **self.by(WORKER.actor),
                visit_id=self._visit_id,
                household=derived("household", COMMUNITY, tale.household),
                area=AREA,
                light="yellow",
                kind="routine",
                outcome="met",
                started_at=tale.visited[0],
                ended_at=tale.visited[1],
                interviewee=tale.resident,
                seen=tale.seen,
                heard=tale.heard,
                noted=tale.noted,
                findings=("complaint",),
            )
        )

    def _register(self) -> None:
        tale = self._tale
        self.affair_id = self.house.new_id()
        self.run(
            Register(
                **self.by(WORKER.actor),
                affair_id=self.affair_id,
                matter="CG01",
                source="visit",
                origin_id=self._visit_id,
                community=COMMUNITY,
                area=AREA,
                summary=tale.summary,
                applicant=tale.resident,
                subject=derived("resident", COMMUNITY, tale.household),
                telephone=tale.telephone,
                address=tale.address,
            )
        )

    def _moment(self, moment: Moment) -> None:
        kind, _, name = moment.does.rpartition(":")
        record = {**moment.record, **self._photos(moment)}
        common = {**self.by(ACTORS[moment.by]), "affair_id": self.affair_id, "record": record}
        match kind:
            case "entry":
                self.run(RecordEntry(**common, entry=name))
            case "action":
                self.run(Act(**common, action=name))
            case _:
                self.run(TakeStep(**common, step=name))

    def _photos(self, moment: Moment) -> dict[str, list[str]]:
        return {
            field: [self._photo(picture) for picture in shown]
            for field, shown in moment.photos.items()
        }

    def _photo(self, picture: str) -> str:
        when, side = picture.split()
        name = f"gate-{when}-{side}.png"
        return self.photo(name, heap=when == "before", side=SIDES[side])
