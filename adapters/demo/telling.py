"""Plays the story through the desk, the clock told the time of each moment as it comes."""

from collections.abc import Callable, Iterable
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
from domain.affair.commands import Act, Command, RecordEntry, Register, TakeStep
from domain.commands import RecordVisit

Progress = Callable[[str, int, int], None]

ACTORS = {person.account: person.actor for person in CAST}
SIDES = {"east": 0, "west": 1}


def tell(
    house: House, clock: Told, tales: Iterable[Tale], *, until: datetime, progress: Progress
) -> list[UUID]:
    """Play the tales together, in the order of time; the ids of their affairs, in their order.

    clock: of the house, told the time of each moment. Just before it, timers and warnings that
    are due by then are fired, as the worker would have done. Raises the refusals of the desk.
    """
    worker = Worker(house)
    tellers = [_Teller(house, clock, tale) for tale in tales]
    deeds = [deed for teller in tellers for deed in teller.deeds()]
    # The sort is stable: what happens in one minute keeps its order.
    deeds.sort(key=lambda deed: deed[0])
    for done, (at, deed) in enumerate(deeds, 1):
        clock.at = at - timedelta(seconds=1)
        worker.drain()
        clock.at = at
        deed()
        progress("story", done, len(deeds))
    clock.at = until
    worker.drain()
    return [teller.affair_id for teller in tellers]


class _Teller:
    """Tells one tale."""

    def __init__(self, house: House, clock: Told, tale: Tale) -> None:
        self._house, self._clock, self._tale = house, clock, tale
        self._visit_id = self.affair_id = UUID(int=0)

    def deeds(self) -> list[tuple[datetime, Callable[[], None]]]:
        """What is done, with its time, in the order of the tale."""
        tale = self._tale
        return [
            (tale.visited[1], self._visit),
            (tale.registered_at, self._register),
            *((moment.at, partial(self._moment, moment)) for moment in tale.moments),
        ]

    def _visit(self) -> None:
        tale = self._tale
        self._visit_id = self._house.new_id()
        self._run(
            RecordVisit(
                **self._by(WORKER.account),
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
        self.affair_id = self._house.new_id()
        self._run(
            Register(
                **self._by(WORKER.account),
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
        common = {**self._by(moment.by), "affair_id": self.affair_id, "record": record}
        match kind:
            case "entry":
                self._run(RecordEntry(**common, entry=name))
            case "action":
                self._run(Act(**common, action=name))
            case _:
                self._run(TakeStep(**common, step=name))

    def _photos(self, moment: Moment) -> dict[str, list[str]]:
        return {
            field: [self._photo(picture) for picture in shown]
            for field, shown in moment.photos.items()
        }

    def _photo(self, picture: str) -> str:
        when, side = picture.split()
        content = pictures.gate(heap=when == "before", side=SIDES[side])
        name = f"gate-{when}-{side}.png"
        return str(self._house.attachments.put(self.affair_id, name, content).id)

    def _by(self, account: str) -> dict[str, Any]:
        return {
            "command_id": self._house.new_id(),
            "by": ACTORS[account],
            "occurred_at": self._clock.at,
        }

    def _run(self, command: Command) -> None:
        self._house.desk.run(command)
