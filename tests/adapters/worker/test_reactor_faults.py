"""Reactions, when others publish, move or spoil what they are about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.projector import state
from adapters.worker.reactor import NAME, Reactor
from domain.actor import SYSTEM
from domain.affair.events import Registered, Reminded
from domain.commands import PublishLine, RecordVisit
from domain.errors import OutcomeUnknown, StorageUnavailable
from tests.adapters.worker.office import DIRECTOR, WORKER, Office
from workflows import reactions
from workflows.loading import FOLDER, read
from workflows.publication import defined

REACTIONS = """
reactions:
  - id: garbage_too
    on: G4
    make:
      command: register
      line: CG
      matter: CG02
      summary: {zh: 同处另有暴露垃圾, en: Garbage at the same place}
  - id: tell_where_it_came_from
    on: G1
    when:
      - matter_in: [CG03]
    make:
      command: action
      name: remind
"""


def publish(desk: Office) -> None:
    """A version of CG with reactions, in force from now on."""
    text = (FOLDER / "CG.yaml").read_text("utf-8").replace('"2011.1"', '"2011.2"')
    common = (FOLDER / "common.yaml").read_text("utf-8")
    common = common.replace("by: [FD, CD, SC, SL, DO, DL, SUP]", "by: [FD, CD, SUP, SYS]")
    line = read(text + REACTIONS, "CG.yaml", common)
    desk.run(
        PublishLine(
            command_id=desk.house.new_id(),
            by=SYSTEM,
            occurred_at=desk.clock.at,
            **defined(line),
        )
    )
    desk.house.reference.refresh()


def made_of(desk: Office, origin: UUID) -> list[Registered]:
    """The affairs that came of another."""
    return [
        seen.event
        for seen in desk.house.history.batch(desk.house.log.read(0, 9999), lambda _r, _w: None)
        if isinstance(seen.event, Registered) and seen.event.origin_id == origin
    ]


def refused(desk: Office) -> list[UUID]:
    """The streams with a reaction that could not be carried out."""
    return [one.stream_id for one in desk.house.follower.parked() if one.view == NAME]


def test_a_line_that_another_process_published_reacts_from_its_first_event_on(
    desk: Office,
) -> None:
    other = desk.another()
    reactor = Reactor(desk.house)
    reactor.step()
    publish(other)
    affair = other.persuading()

    reactor.step()

    assert len(made_of(desk, affair)) == 1


def test_two_reactors_at_once_make_it_once(desk: Office) -> None:
    other = desk.another()
    publish(desk)
    other.house.reference.refresh()
    affairs = [desk.persuading() for _ in range(3)]

    Reactor(desk.house).step()
    Reactor(other.house).step()

    assert [len(made_of(desk, affair)) for affair in affairs] == [1, 1, 1]


def test_a_reactor_that_dies_before_its_checkpoint_makes_nothing_twice(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(desk)
    affair = desk.persuading()

    class Killed(BaseException):
        pass

    def dies(*_given: Any) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(state, "advance", dies)
        with pytest.raises(Killed):
            Reactor(desk.house).step()
    head = desk.house.log.head()
    Reactor(desk.another().house).step()

    assert len(made_of(desk, affair)) == 1
    assert desk.house.log.head() == head


def test_a_reaction_that_nobody_foresaw_does_not_stop_the_others(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(desk)
    odd, affair = desk.persuading(), desk.persuading()
    plain = reactions.reactions_for

    def reactions_for(line: Any, event: Any, before: Any, after: Any) -> Any:
        if after.identity.number.endswith("0001"):
            raise ZeroDivisionError
        return plain(line, event, before, after)

    monkeypatch.setattr("adapters.worker.reactor.reactions_for", reactions_for)

    Reactor(desk.house).step()

    assert len(made_of(desk, affair)) == 1
    assert refused(desk) == [odd]


@pytest.mark.parametrize(
    "away", [StorageUnavailable("the disk is full"), OutcomeUnknown(UUID(int=1))]
)
def test_while_the_database_is_away_nothing_is_parked_and_nothing_is_lost(
    desk: Office, monkeypatch: pytest.MonkeyPatch, away: Exception
) -> None:
    publish(desk)
    affair = desk.persuading()
    reactor = Reactor(desk.house)

    def run(*_given: Any) -> Any:
        raise away

    with monkeypatch.context() as broken:
        broken.setattr(type(desk.house.desk), "run", run)
        with pytest.raises(type(away)):
            reactor.step()
    assert refused(desk) == []

    reactor.step()

    assert len(made_of(desk, affair)) == 1


def test_what_was_refused_is_tried_again_from_that_event_on(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(desk)
    odd, affair = desk.persuading(), desk.persuading()
    reactor, plain = Reactor(desk.house), reactions.reactions_for
    with monkeypatch.context() as broken:

        def reactions_for(line: Any, event: Any, before: Any, after: Any) -> Any:
            if getattr(event, "step", "") == "G4":
                raise ZeroDivisionError
            return plain(line, event, before, after)

        broken.setattr("adapters.worker.reactor.reactions_for", reactions_for)
        reactor.step()
        assert refused(desk) == [odd, affair]
        reactor.again()
        # Nothing has been mended.
        assert refused(desk) == [odd, affair]
        assert made_of(desk, odd) == []

    for _ in range(2):
        reactor.again()

        assert refused(desk) == []
        assert [len(made_of(desk, one)) for one in (odd, affair)] == [1, 1]
    head = desk.house.log.head()
    reactor.step()
    assert len(made_of(desk, odd)) == 1
    assert desk.house.log.head() == head


def test_trying_again_makes_nothing_twice_and_leaves_other_views_parked(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(desk)
    affair = desk.persuading()
    reactor = Reactor(desk.house)
    reactor.step()
    head, first = desk.house.log.head(), desk.history(affair)[0]
    parked = [
        state.Parked(
            view=view,
            stream_id=affair,
            position=first.position,
            topic=first.topic,
            reason="spoilt",
        )
        for view in (NAME, "audit_trail")
    ]
    database = desk.house.follower.database
    with database.writing() as connection:
        state.park(connection, parked, sqlite=database.is_sqlite)

    reactor.again()

    assert desk.house.log.head() == head
    assert [one.view for one in desk.house.parked()] == ["audit_trail"]


def test_the_affair_it_came_from_may_have_been_moved_elsewhere(desk: Office) -> None:
    publish(desk)
    other = desk.another()
    parent = desk.persuading()
    child = desk.registered(matter="CG03", origin_id=parent)
    Reactor(desk.house).step()
    desk.house.affairs.get(parent)
    desk.later(minutes=5)
    other.run(desk.verify(child, by=DIRECTOR))
    desk.later(minutes=5)
    other.run(desk.persuasion(parent))

    Reactor(desk.house).step()

    assert refused(desk) == []
    last = desk.history(parent)[-1].event
    assert isinstance(last, Reminded)
    assert last.occurred_at == desk.clock.at
    assert last.occurred_at - timedelta(minutes=5) == desk.history(child)[-1].event.occurred_at


def test_an_end_is_told_to_nobody_who_does_not_ask(desk: Office) -> None:
    visit, parent = uuid4(), desk.registered()
    desk.run(
        RecordVisit(
            command_id=uuid4(),
            by=WORKER,
            occurred_at=desk.clock.at,
            visit_id=visit,
            household=uuid4(),
            area=WORKER.unit,
            light="green",
            kind="routine",
            outcome="not_home",
            started_at=desk.clock.at - timedelta(minutes=5),
            ended_at=desk.clock.at,
        )
    )
    ended = desk.registered(), *(desk.registered(origin_id=origin) for origin in (visit, parent))
    for affair in ended:
        desk.take(affair, "X9", {"ground": "moved_out", "reason": "迁出"}, by=DIRECTOR)
    before = desk.house.log.head()

    assert Reactor(desk.house).step() == 0

    assert refused(desk) == []
    assert desk.house.log.head() == before
