"""What the steps of a scenario share: a real district, its people, the affair they speak of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from adapters.house import House
from adapters.people import People
from adapters.time import Told
from adapters.worker.promoter import Promoter
from adapters.worker.reactor import Reactor
from adapters.worker.recounter import Recounter
from adapters.worker.sweeper import Sweeper
from domain.account.state import Grant
from domain.actor import Actor, Role
from domain.affair.commands import Command
from domain.affair.state import Affair
from domain.clock import local_day
from domain.errors import Refusal
from domain.log import Receipt, Recorded
from projections.affair_page import AffairPageRow
from tests.steps.district import FOUNDED, found, open_copy
from workflows.machine import CompiledLine
from workflows.rights import EVERYWHERE, scope_of

HOUSEHOLDS = UUID("6f0c1b52-0b57-4a8b-9a52-5a8d9f3a2c11")


@dataclass(frozen=True)
class OnDuty:
    """Whoever is on duty, in the post held now; roles that were granted, as the log has them."""

    people: Mapping[str, Actor]
    granted: People

    def posts(self, account: str, on: date) -> Sequence[Actor]:
        """The one post of an account."""
        return [actor for actor in self.people.values() if actor.account == account]

    def who_holds(self, role: Role, unit: str, on: date) -> Sequence[Grant]:
        """The grants that the log has."""
        return self.granted.who_holds(role, unit, on)


@dataclass
class World:
    """A scenario as it goes on.

    affairs: by what they are about, the one last named last. refusal: of the last deed, until
    a step has looked at it. head: of the log before the last deed; head_seen: up to where
    reactions were made.
    """

    house: House
    clock: Told
    people: dict[str, Actor] = field(default_factory=dict)
    affairs: dict[str, UUID] = field(default_factory=dict)
    visits: dict[str, UUID] = field(default_factory=dict)
    offerings: dict[str, UUID] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    command: Command | None = None
    receipt: Receipt | None = None
    refusal: Refusal | None = None
    head: int = 0
    head_seen: int = 0

    # --- who, what, when -----------------------------------------------------------------------

    def person(self, name: str) -> Actor:
        """Somebody of the scenario's people."""
        assert name in self.people, f"{name} is not among the people of this feature"
        return self.people[name]

    def name_of(self, account: str) -> str:
        """The name people call an account by."""
        named = {actor.account: name for name, actor in self.people.items()}
        return named.get(account, "系统" if account == "SYS" else account)

    def household(self, door: str) -> UUID:
        """The household behind a door."""
        return uuid5(HOUSEHOLDS, door)

    def resident(self, name: str) -> UUID:
        """The data subject of that name."""
        return uuid5(HOUSEHOLDS, f"resident {name}")

    @property
    def line(self) -> CompiledLine:
        """The line of the affair spoken of, in the version that rules it today."""
        identity, lines = self.state()[0].identity, self.house.reference.lines
        if identity.accepted_at is not None:
            return lines.version(identity.line, identity.line_version)
        return lines.in_force(identity.line, local_day(self.clock.at))

    @property
    def affair_id(self) -> UUID:
        """The affair that was spoken of last."""
        assert self.affairs, "no affair was registered in this scenario"
        return list(self.affairs.values())[-1]

    def turn_to(self, summary: str) -> UUID:
        """Speak of this affair from now on."""
        assert summary in self.affairs, f"no affair about {summary}"
        self.affairs[summary] = self.affairs.pop(summary)
        return self.affair_id

    def at(self, moment: datetime) -> None:
        """Time goes on to this moment; the worker fires what falls due by then."""
        assert moment >= self.clock.at, f"{moment} lies before {self.clock.at}: time does not turn"
        self.clock.at = moment
        self.work()

    def work(self) -> None:
        """What the worker does: clocks whose year has come, all that is due, and what that makes
        for other affairs."""
        self.house.reference.refresh()
        Recounter(self.house).recount()
        while Sweeper(self.house).sweep() or self._reacted() or self._promoted():
            pass

    # Where no line reacts nobody needs to look, and where nothing was recorded neither.
    def _reacted(self) -> int:
        before, self.head_seen = self.head_seen, self.house.log.head()
        if self.head_seen == before or not self.house.reference.lines.reacting:
            return 0
        return Reactor(self.house).step()

    def _promoted(self) -> int:
        return Promoter(self.house).step() if self.offerings else 0

    def follow(self) -> None:
        """Let the views that follow come level with the log."""
        self.settled()
        while self.house.follower.step():
            pass
        assert not self.house.follower.parked()

    # --- what is done --------------------------------------------------------------------------

    def asked(self, who: str, occurred_at: datetime | None = None) -> dict[str, Any]:
        """What every command carries."""
        return {
            "command_id": self.house.new_id(),
            "by": self.person(who),
            "occurred_at": occurred_at or self.clock.at,
        }

    def run(self, command: Command) -> Receipt:
        """Carry it out; it must pass."""
        self.settled()
        receipt = self.house.desk.run(command)
        self.command, self.receipt = command, receipt
        self.work()
        return receipt

    def attempt(self, command: Command) -> None:
        """Carry it out, or keep the refusal for the step that expects it."""
        self.head = self.house.log.head()
        try:
            self.run(command)
        except Refusal as refusal:
            self.command, self.receipt, self.refusal = command, None, refusal

    def refused(self) -> Refusal:
        """The refusal of what was done last, which has stored nothing."""
        refusal, self.refusal = self.refusal, None
        assert refusal is not None, "it was not refused"
        assert self.house.log.head() == self.head, "a refused deed was stored"
        return refusal

    def settled(self) -> None:
        """No refusal may pass unnoticed."""
        if self.refusal is not None:
            raise AssertionError(f"refused: {self.refusal}") from self.refusal

    # --- what can be seen ----------------------------------------------------------------------

    def page(self, who: str = "") -> AffairPageRow:
        """The affair as a person sees it. Raises NotFound, NotAllowed."""
        self.settled()
        scope = scope_of(self.person(who), "view_affair") if who else EVERYWHERE
        return self.house.queries.affair(scope, self.affair_id)

    def state(self) -> tuple[Affair, int]:
        """The affair and its version as decisions see it."""
        self.settled()
        return self.house.affairs.get(self.affair_id)

    def history(self) -> list[Recorded]:
        """All that happened to the affair, in the order in which it was recorded."""
        self.settled()
        return self.house.history.stream(self.affair_id)


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district as it was founded, made once."""
    data_dir = tmp_path_factory.mktemp("district") / "var"
    found(data_dir)
    return data_dir


@pytest.fixture
def world(district: Path, tmp_path: Path) -> Iterator[World]:
    """A district of its own for the scenario."""
    clock = Told(FOUNDED)
    people: dict[str, Actor] = {}
    opened = open_copy(district, tmp_path / "var", clock)
    house = replace(opened, desk=replace(opened.desk, people=OnDuty(people, opened.people)))
    made = World(house, clock, people)
    yield made
    house.close()
    made.settled()
