"""The desk: load, authorise, decide, store; whoever else is at work, and whatever is repeated."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from adapters.demo.cast import CITY_MANAGEMENT, SANITATION
from domain.actor import Actor, Role
from domain.affair.commands import Command, RecordEntry
from domain.affair.evolve import project
from domain.affair.state import Affair
from domain.commands import RecordVisit
from domain.errors import (
    ClaimHeld,
    CommandReused,
    Conflict,
    FieldMissing,
    Malformed,
    NameUnknown,
    NotAfterTheLast,
    NotAllowed,
    NotFound,
    Refusal,
    StepNotOpen,
    VersionMismatch,
)
from domain.log import Receipt, Recorded
from tests.adapters.worker.office import (
    DIRECTOR,
    FRONT_DESK,
    STREET_OFFICER,
    WORKER,
    Office,
    office,
)
from workflows import desk as desks
from workflows.foundations import unit_stream


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """An office on a Friday morning."""
    with office(database_url, tmp_path) as opened:
        yield opened


def stored(desk: Office) -> tuple[int, ...]:
    """How many rows each table of the log and its views has."""
    database = desk.house.log.database
    with database.reading() as connection:
        names = sorted(sa.inspect(connection).get_table_names())
        return tuple(
            connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
            for name in names
        )


def agree(desk: Office, affair_id: UUID) -> Affair:
    """The state in memory, which is the one that replay gives."""
    replayed = project(None, [seen.event for seen in desk.history(affair_id)])
    state, version = desk.house.affairs.get(affair_id)
    assert state == replayed
    assert version == len(desk.history(affair_id))
    return state


# --- repeated --------------------------------------------------------------------------------


def same(first: Receipt, again: Receipt) -> bool:
    return replace(again, repeated=False) == first and again.repeated and not first.repeated


@pytest.mark.parametrize("by_another", [False, True], ids=["here", "elsewhere"])
def test_a_repeated_command_gets_the_first_answer(desk: Office, *, by_another: bool) -> None:
    other = desk.another() if by_another else desk
    register = desk.registration()
    verify = desk.verify(register.affair_id)
    persuade = desk.step(register.affair_id, "G4")
    attempt = desk.persuasion(register.affair_id)
    commands: list[Command] = [register, verify, persuade, attempt]

    first = [desk.run(command) for command in commands]
    before = stored(desk)
    again = [other.run(command) for command in commands]

    assert all(map(same, first, again))
    assert stored(desk) == before
    agree(desk, register.affair_id)
    agree(other, register.affair_id)


def test_a_command_that_is_repeated_later_gets_the_first_answer(desk: Office) -> None:
    affair = desk.persuading()
    attempt = desk.persuasion(affair, expected_version=3)
    first = desk.run(attempt)
    desk.later(hours=3)
    desk.run(desk.persuasion(affair))

    assert same(first, desk.run(attempt))
    assert same(first, asyncio.run(desk.house.desk.run_async(attempt)))


def test_of_the_same_command_at_once_one_is_stored(desk: Office) -> None:
    affair = desk.persuading()
    attempt = desk.persuasion(affair)
    offices = [desk, desk.another()]

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda n: offices[n % 2].run(attempt), range(8)))

    assert len({replace(answer, repeated=True).first for answer in answers}) == 1
    assert sum(not answer.repeated for answer in answers) == 1
    assert len(desk.history(affair)) == 4


@pytest.mark.parametrize(
    "change",
    [
        lambda c: replace(c, record={"result": "effective"}),
        lambda c: replace(c, occurred_at=c.occurred_at - timedelta(microseconds=1)),
        lambda c: replace(c, entry="supplement"),
        lambda c: replace(c, affair_id=uuid4()),
        lambda c: replace(c, expected_version=3),
        lambda c: replace(c, by=replace(WORKER, unit="370103008001-02")),
    ],
    ids=["record", "time", "entry", "affair", "version", "unit"],
)
def test_the_same_id_for_another_request_is_refused(
    desk: Office, change: Callable[[RecordEntry], RecordEntry]
) -> None:
    affair = desk.persuading()
    desk.later(minutes=5)
    attempt = desk.persuasion(affair)
    desk.run(attempt)
    before = stored(desk)

    with pytest.raises(CommandReused):
        desk.run(change(attempt))

    assert stored(desk) == before


def test_an_id_belongs_to_its_actor(desk: Office) -> None:
    affair = desk.persuading()
    attempt = desk.persuasion(affair)
    desk.run(attempt)

    assert not desk.run(replace(attempt, by=DIRECTOR)).repeated
    assert len(desk.history(affair)) == 5


# --- versions --------------------------------------------------------------------------------


def told(refusal: VersionMismatch) -> list[tuple[str, str]]:
    """What changed meanwhile, and by whom."""
    since = [seen for seen in refusal.since if isinstance(seen, Recorded)]
    assert len(since) == len(refusal.since)
    return [(seen.topic.split(".")[1], seen.metadata.actor) for seen in since]


@pytest.mark.parametrize("by_another", [False, True], ids=["here", "elsewhere"])
def test_a_stale_version_is_told_what_changed_and_by_whom(
    desk: Office, *, by_another: bool
) -> None:
    affair = desk.persuading()
    other = desk.another() if by_another else desk
    other.run(desk.persuasion(affair, by=DIRECTOR))
    other.take(affair, "G8", by=DIRECTOR)
    before = stored(desk)

    with pytest.raises(VersionMismatch) as refused:
        desk.run(desk.persuasion(affair, expected_version=3))

    assert told(refused.value) == [("entry_recorded", "zhoumin"), ("step_taken", "zhoumin")]
    assert (refused.value.expected, refused.value.actual) == (3, 5)
    assert refused.value.stream_id == affair
    assert stored(desk) == before


def test_the_version_that_was_read_is_enough(desk: Office) -> None:
    affair = desk.persuading()
    desk.another().run(desk.persuasion(affair))

    receipt = desk.run(desk.persuasion(affair, expected_version=4))

    assert receipt.versions == {affair: 5}


@pytest.mark.parametrize("expected", [0, 2, 4, 99])
def test_any_other_version_is_a_mismatch(desk: Office, expected: int) -> None:
    affair = desk.persuading()

    with pytest.raises(VersionMismatch) as refused:
        desk.run(desk.persuasion(affair, expected_version=expected))

    assert refused.value.actual == 3
    assert len(refused.value.since) == max(0, 3 - expected)


def meanwhile(
    desk: Office, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object], times: int = 1
) -> list[int]:
    """Have something happen between decision and append, the first `times` times."""
    plain, asked = type(desk.house.log).append, list[int]()

    def append(self: Any, append: Any) -> Receipt:
        if self is desk.house.log:
            asked.append(1)
            if len(asked) <= times:
                happens()
        return plain(self, append)

    monkeypatch.setattr(type(desk.house.log), "append", append)
    return asked


def test_a_conflict_without_a_version_is_tried_again(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    affair, other = desk.persuading(), desk.another()
    asked = meanwhile(
        desk, monkeypatch, lambda: other.run(desk.persuasion(affair, by=DIRECTOR)), times=3
    )

    receipt = desk.run(desk.persuasion(affair))

    assert len(asked) == 4
    assert receipt.versions == {affair: 7}
    agree(desk, affair)


def test_a_conflict_with_a_version_is_told_what_changed(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    affair, other = desk.persuading(), desk.another()
    asked = meanwhile(desk, monkeypatch, lambda: other.run(desk.persuasion(affair, by=DIRECTOR)))

    with pytest.raises(VersionMismatch) as refused:
        desk.run(desk.persuasion(affair, expected_version=3))

    assert len(asked) == 1
    assert told(refused.value) == [("entry_recorded", "zhoumin")]
    agree(desk, affair)


def test_what_is_no_longer_open_is_refused_after_the_conflict(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    affair, other = desk.registered(), desk.another()
    meanwhile(desk, monkeypatch, lambda: other.run(desk.verify(affair, by=DIRECTOR)))

    with pytest.raises(StepNotOpen):
        desk.run(desk.verify(affair))

    assert len(desk.history(affair)) == 2
    agree(desk, affair)


def test_conflicts_without_end_end(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "TRIES", 3)
    affair, other = desk.persuading(), desk.another()
    asked = meanwhile(
        desk, monkeypatch, lambda: other.run(desk.persuasion(affair, by=DIRECTOR)), times=99
    )

    with pytest.raises(Conflict):
        desk.run(desk.persuasion(affair))

    assert len(asked) == 3


# --- the states in memory --------------------------------------------------------------------


def test_a_state_that_another_process_moved_refuses_nothing(desk: Office) -> None:
    affair, other = desk.registered(), desk.another()
    other.run(desk.verify(affair))

    receipt = desk.take(affair, "G4")

    assert receipt.versions == {affair: 3}
    agree(desk, affair)


def test_a_right_that_another_process_gave_holds_here(desk: Office) -> None:
    affair, other = desk.registered(), desk.another()
    sweepers = Actor(account="hansong", role=Role.SRV, unit=SANITATION)
    with pytest.raises(NotFound):
        desk.run(desk.action(affair, "sign_in", {}, by=sweepers))
    other.run(desk.action(affair, "refer", {"unit": SANITATION, "reason": "归环卫所"}))

    receipt = desk.run(desk.action(affair, "sign_in", {}, by=sweepers))

    assert receipt.versions == {affair: 3}


def test_a_right_that_another_process_took_away_is_gone_here(desk: Office) -> None:
    affair, other = desk.registered(), desk.another()
    sweepers = Actor(account="hansong", role=Role.SRV, unit=SANITATION)
    other.run(desk.action(affair, "open_joint", {"unit": SANITATION}))
    assert desk.house.affairs.get(affair)[1] == 1
    desk.run(desk.action(affair, "joint_done", {"task": "1"}, by=sweepers))
    desk.house.affairs.get(affair)
    other.run(desk.action(affair, "open_joint", {"unit": SANITATION}))
    other.run(desk.action(affair, "joint_done", {"task": "2"}, by=sweepers))

    with pytest.raises(NotFound):
        desk.run(desk.action(affair, "joint_done", {}, by=sweepers, expected_version=5))


def test_a_clock_that_another_process_started_runs_out_here(desk: Office) -> None:
    affair, other = desk.registered(), desk.another()
    other.run(desk.verify(affair))
    desk.until("07-26 10:00")

    assert desk.sweeper.sweep() == 2
    warned = [
        seen.event.colour for seen in desk.history(affair) if seen.topic.endswith("warned.v1")
    ]
    assert warned == ["yellow", "red"]


def test_what_is_kept_in_memory_is_what_replay_gives(desk: Office) -> None:
    affair = desk.registered(record={"place": "117.0,36.6"}, telephone="13800001234")
    agree(desk, affair)
    desk.run(desk.verify(affair))
    agree(desk, affair)
    desk.take(affair, "G4", {"note": "好言相劝"})
    desk.take(
        affair,
        "G6",
        {"held_at": desk.clock.at, "partners": "环卫所", "result": "ineffective"},
    )
    agree(desk, affair)
    desk.run(desk.persuasion(affair))
    desk.run(desk.action(affair, "refer", {"unit": CITY_MANAGEMENT, "reason": "归城管科"}))
    agree(desk, affair)
    desk.take(affair, "G8", {"category": "rubble"}, by=DIRECTOR)
    agree(desk, affair)
    desk.take(affair, "G9", {"lead_unit": CITY_MANAGEMENT}, by=STREET_OFFICER)
    state = agree(desk, affair)

    assert state.standing.state == "dispatched"
    assert desk.house.affairs.get(affair)[0] == desk.another().house.affairs.get(affair)[0]


# --- at once ---------------------------------------------------------------------------------


@pytest.mark.parametrize("processes", [1, 2])
def test_one_affair_hammered_by_eight(desk: Office, processes: int) -> None:
    affair = desk.persuading()
    offices = [desk, *(desk.another() for _ in range(processes - 1))]
    start = threading.Barrier(8)
    receipts: list[Receipt] = []
    refusals: list[Exception] = []

    def hammer(number: int) -> None:
        here = offices[number % processes]
        start.wait(timeout=30)
        for turn in range(6):
            version = here.house.affairs.get(affair)[1] if (number + turn) % 2 else None
            by = (WORKER, DIRECTOR)[number % 2]
            asked: Command = desk.persuasion(affair, by=by, expected_version=version)
            if turn == 4:
                asked = desk.step(affair, "G8", by=DIRECTOR, expected_version=version)
            try:
                receipts.append(here.run(asked))
            except Refusal as refusal:
                refusals.append(refusal)

    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(hammer, number) for number in range(8)]:
            done.result(timeout=100)

    history = desk.history(affair)
    versions = sorted(receipt.versions[affair] for receipt in receipts)
    assert versions == list(range(4, 4 + len(receipts)))
    assert [seen.version for seen in history] == list(range(1, 4 + len(receipts)))
    assert len(receipts) + len(refusals) == 48
    assert {type(refusal) for refusal in refusals} <= {VersionMismatch, StepNotOpen, Conflict}
    assert sum(seen.topic == "affair.step_taken.v1" for seen in history) == 3
    for here in offices:
        here.house.affairs.forget(affair)
        agree(here, affair)


def test_affairs_registered_at_once_have_numbers_of_their_own(desk: Office) -> None:
    offices = [desk, desk.another()]

    with ThreadPoolExecutor(6) as threads:
        affairs = list(threads.map(lambda n: offices[n % 2].registered(), range(24)))

    numbers = {desk.house.affairs.get(affair)[0].identity.number for affair in affairs}
    assert len(numbers) == 24
    assert all(number.startswith("CG-2011-") for number in numbers)


def test_the_event_loop_is_answered_alike(desk: Office) -> None:
    affair, other = desk.persuading(), desk.another()

    async def several() -> list[Receipt | BaseException]:
        return await asyncio.gather(
            *(desk.house.desk.run_async(desk.persuasion(affair)) for _ in range(5)),
            desk.house.desk.run_async(desk.persuasion(affair, expected_version=1)),
            other.house.desk.run_async(desk.verify(affair)),
            return_exceptions=True,
        )

    answers = asyncio.run(several())

    receipts = [answer for answer in answers if isinstance(answer, Receipt)]
    assert sorted(receipt.versions[affair] for receipt in receipts) == [4, 5, 6, 7, 8]
    assert [type(answer) for answer in answers[5:]] == [VersionMismatch, StepNotOpen]
    agree(desk, affair)


# --- refusals --------------------------------------------------------------------------------


STRANGER = Actor(account="liuyang", role=Role.CW, unit="370103008002-01")
ELSEWHERE = Actor(account="liheng", role=Role.SUP, unit="370103")
MEDIATOR = Actor(account="tanhe", role=Role.MED, unit="370103008001")
REFUSED: list[tuple[str, Callable[[Office, UUID], Command], type[Refusal]]] = [
    ("a step of another state", lambda d, a: d.step(a, "G16"), StepNotOpen),
    ("a step nobody knows", lambda d, a: d.step(a, "G99"), NameUnknown),
    ("a guard", lambda d, a: d.step(a, "G8", by=DIRECTOR), StepNotOpen),
    ("a role", lambda d, a: d.step(a, "G8", by=FRONT_DESK), StepNotOpen),
    (
        "a role without the right",
        lambda d, a: d.step(a, "G8", by=replace(WORKER, role=Role.AUD)),
        NotAllowed,
    ),
    ("archiving without its right", lambda d, a: d.step(a, "X7", by=ELSEWHERE), NotAllowed),
    (
        "who works here but views only what is theirs",
        lambda d, a: d.step(a, "G6", by=MEDIATOR),
        NotFound,
    ),
    ("another community", lambda d, a: d.persuasion(a, by=STRANGER), NotFound),
    ("an affair nobody knows", lambda d, _: d.verify(uuid4()), NotFound),
    ("a unit's stream", lambda d, _: d.verify(unit_stream("370103008001")), NotFound),
    ("a field that is missing", lambda d, a: d.step(a, "G7"), FieldMissing),
    (
        "the future",
        lambda d, a: d.persuasion(a, occurred_at=d.clock.at + timedelta(seconds=1)),
        NotAfterTheLast,
    ),
    (
        "before the last",
        lambda d, a: d.persuasion(a, occurred_at=d.clock.at - timedelta(seconds=1)),
        NotAfterTheLast,
    ),
    ("a stale version", lambda d, a: d.persuasion(a, expected_version=1), VersionMismatch),
    ("registered elsewhere", lambda d, _: d.registration(by=STRANGER), NotFound),
    ("an affair that is there", lambda d, a: d.registration(a), Conflict),
]


def test_what_is_out_of_reach_answers_as_it_was_asked_for_and_like_nothing(desk: Office) -> None:
    affair, nothing = desk.registered(), uuid4()

    told = []
    for asked in (affair, nothing):
        with pytest.raises(NotFound) as refused:
            desk.run(desk.step(asked, "G1", by=STRANGER))
        told.append(str(refused.value).replace(str(asked), "it"))

    assert told[0] == told[1] == "no affair it"


def test_refusals_leave_everything_as_it_was(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "TRIES", 2)
    affair = desk.persuading()
    before, state = stored(desk), desk.house.affairs.get(affair)[0]

    for name, command, refusal in REFUSED:
        with pytest.raises(refusal) as refused:
            desk.run(command(desk, affair))
        assert type(refused.value) is refusal, name
        assert stored(desk) == before, name

    assert agree(desk, affair) == state
    assert desk.run(desk.persuasion(affair)).versions == {affair: 4}


def test_a_claim_that_another_holds_is_refused_at_once(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = meanwhile(desk, monkeypatch, lambda: None)
    household = uuid4()

    def visit() -> RecordVisit:
        return RecordVisit(
            command_id=uuid4(),
            by=WORKER,
            occurred_at=desk.clock.at,
            visit_id=uuid4(),
            household=household,
            area=WORKER.unit,
            light="yellow",
            kind="routine",
            outcome="met",
            started_at=desk.clock.at,
            ended_at=desk.clock.at,
        )

    desk.run(visit())

    with pytest.raises(ClaimHeld):
        desk.run(visit())
    assert len(asked) == 2


def test_an_affair_comes_from_what_is_there(desk: Office) -> None:
    first = desk.registered()

    second = desk.registered(origin_id=first)

    assert desk.history(second)[0].event.origin_id == first
    with pytest.raises(Malformed) as refused:
        desk.registered(origin_id=UUID(int=9))
    assert refused.value.field == "origin_id"


def test_what_one_may_not_see_is_no_origin(desk: Office) -> None:
    resident = Actor(account="jiangli", role=Role.RES)
    visited = RecordVisit(
        command_id=uuid4(),
        by=WORKER,
        occurred_at=desk.clock.at,
        visit_id=uuid4(),
        household=uuid4(),
        area=WORKER.unit,
        light="yellow",
        kind="routine",
        outcome="met",
        started_at=desk.clock.at,
        ended_at=desk.clock.at,
    )
    desk.run(visited)
    own = desk.registered(by=resident)

    assert desk.history(desk.registered(by=resident, origin_id=own))
    for origin in (desk.registered(), visited.visit_id):
        assert desk.history(desk.registered(origin_id=origin))
        with pytest.raises(Malformed) as refused:
            desk.registered(by=resident, origin_id=origin)
        assert refused.value.field == "origin_id"


# --- many at once ----------------------------------------------------------------------------


def test_commands_that_come_together_each_get_their_answer(desk: Office) -> None:
    affairs = [desk.persuading() for _ in range(3)]
    wrong = desk.persuasion(affairs[1], result="whatever")
    commands: list[Command] = [desk.persuasion(affairs[0]), wrong, desk.persuasion(affairs[2])]

    answers = desk.house.desk.run_many(commands)

    assert [isinstance(answer, Receipt) for answer in answers] == [True, False, True]
    assert [len(desk.history(affair)) for affair in affairs] == [4, 3, 4]
    for affair in affairs:
        agree(desk, affair)
    again = desk.house.desk.run_many(commands)
    assert [getattr(answer, "repeated", None) for answer in again] == [True, None, True]


def test_of_commands_that_come_together_the_slower_are_decided_anew(desk: Office) -> None:
    affairs = [desk.persuading() for _ in range(2)]
    desk.another().run(desk.persuasion(affairs[1]))
    commands: list[Command] = [
        *(desk.persuasion(affair) for affair in affairs),
        desk.persuasion(affairs[0]),
        desk.persuasion(affairs[1], expected_version=3),
    ]

    answers = desk.house.desk.run_many(commands)

    assert all(isinstance(answer, Receipt) for answer in answers[:3])
    assert isinstance(answers[3], VersionMismatch)
    assert told(answers[3])[0] == ("entry_recorded", WORKER.account)
    assert [len(desk.history(affair)) for affair in affairs] == [5, 5]
    for affair in affairs:
        agree(desk, affair)


def test_no_command_at_all_is_answered_by_nothing(desk: Office) -> None:
    assert desk.house.desk.run_many([]) == []
