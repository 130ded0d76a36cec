"""Members of one transaction: what they see of each other, and what they do not spoil."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from adapters.event_store import EventLog
from adapters.event_store.batch import Batch, Found
from adapters.event_store.checks import checked
from adapters.event_store.leaf import LeafHasher
from domain.errors import ClaimHeld, CommandReused, Conflict
from domain.log import Append, Claim, Draft, Receipt, Recorded
from tests.adapters.event_store.commands import command, metadata, now
from tests.adapters.event_store.load import together

POISON = b'"poison"'


class Notes:
    """An inline view with a row for each event; it fails on a poisoned one."""

    def __init__(self) -> None:
        self.tables = sa.MetaData()
        self._notes = sa.Table(
            "notes",
            self.tables,
            sa.Column("position", sa.BigInteger(), primary_key=True, autoincrement=False),
            sa.Column("stream", sa.Text(), nullable=False),
        )

    def apply(self, connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
        rows = [{"position": r.position, "stream": str(r.stream_id)} for r in recorded]
        connection.execute(sa.insert(self._notes), rows)
        if any(r.event == POISON for r in recorded):
            raise ZeroDivisionError("the view fails")

    def positions(self, log: EventLog) -> list[int]:
        with log.database.reading() as connection:
            return list(connection.scalars(sa.select(self._notes.c.position).order_by("position")))


def noted(state: bytes = b"{}") -> Append:
    """A command whose event the view is given."""
    stream = uuid4()
    draft = Draft(stream_id=stream, version=1, topic="test.noted.v1", state=state, event=state)
    return Append(drafts=(draft,), expected={stream: 0}, metadata=metadata())


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def viewed(database_url: str, notes: Notes) -> Iterator[EventLog]:
    with closing(EventLog(database_url, now=now, inline=notes)) as log:
        log.create()
        yield log


def test_a_view_is_written_with_its_events(viewed: EventLog, notes: Notes) -> None:
    viewed.append(noted())
    viewed.append_many([noted(), noted()])

    assert notes.positions(viewed) == [1, 2, 3]


def test_a_failing_view_stores_nothing_of_its_command(viewed: EventLog, notes: Notes) -> None:
    with pytest.raises(ZeroDivisionError):
        viewed.append(noted(POISON))

    assert viewed.head() == 0
    assert notes.positions(viewed) == []
    assert viewed.append(noted()).first == 1


def test_a_failing_view_does_not_spoil_the_neighbours(viewed: EventLog, notes: Notes) -> None:
    outcomes = viewed.append_many([noted(), noted(POISON), noted()])

    assert isinstance(outcomes[0], Receipt)
    assert isinstance(outcomes[1], ZeroDivisionError)
    assert isinstance(outcomes[2], Receipt)
    assert notes.positions(viewed) == [1, 2]


def test_concurrent_callers_get_their_own_result_when_a_view_fails(
    viewed: EventLog, notes: Notes
) -> None:
    stored: list[Receipt] = []
    failed: list[int] = []

    def work(index: int) -> None:
        for turn in range(10):
            try:
                stored.append(viewed.append(noted(POISON if (index + turn) % 7 == 0 else b"{}")))
            except ZeroDivisionError:
                failed.append(index)

    together(work, 8)

    assert len(stored) + len(failed) == 80
    assert failed
    assert sorted(receipt.first for receipt in stored) == list(range(1, len(stored) + 1))
    assert notes.positions(viewed) == list(range(1, len(stored) + 1))


def test_a_member_sees_what_the_members_before_it_stored(log: EventLog) -> None:
    stream, other = uuid4(), uuid4()
    command_id = uuid4()
    seat = Claim(name="seat/1", stream_id=stream)
    let_go = Claim(name="seat/1", stream_id=stream, held=False)

    outcomes = log.append_many(
        [
            command(stream, command_id=command_id, claims=[seat]),
            command(stream, command_id=command_id, claims=[seat]),
            command(other, command_id=command_id, request_hash="00" * 32),
            command(other, claims=[Claim(name="seat/1", stream_id=other)]),
            command(stream, 1, claims=[let_go]),
            command(other, claims=[Claim(name="seat/1", stream_id=other)]),
            command(stream, 1),
        ]
    )

    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [Receipt, Receipt, CommandReused, ClaimHeld, Receipt, Receipt, Conflict]
    first, again = outcomes[:2]
    assert isinstance(first, Receipt)
    assert isinstance(again, Receipt)
    assert (first.repeated, again.repeated) == (False, True)
    assert first.versions == again.versions == {stream: 1}
    assert log.head() == 3


def test_a_batch_needs_no_database_to_know_its_own_commands() -> None:
    batch = Batch(Found(4, 0), LeafHasher(UUID(int=1)), 0, recording=False)
    order = command(events=2)
    other = replace(order, metadata=replace(order.metadata, request_hash="00" * 32))

    outcomes = [batch.admit(checked(each)) for each in (order, order, other)]

    assert [type(outcome) for outcome in outcomes] == [Receipt, Receipt, CommandReused]
    assert [row[0] for row in batch.events] == [5, 6]
    assert len(batch.commands) == 1


def test_claims_of_one_command_are_taken_in_order(log: EventLog) -> None:
    one, other = uuid4(), uuid4()
    log.append(command(one, claims=[Claim(name="seat/1", stream_id=one)]))
    handed_on = Append(
        drafts=command(one, 1).drafts,
        expected={one: 1},
        metadata=metadata(),
        claims=(
            Claim(name="seat/1", stream_id=one, held=False),
            Claim(name="seat/1", stream_id=other),
        ),
    )

    log.append(handed_on)

    with pytest.raises(ClaimHeld) as refused:
        log.append(command(one, 2, claims=[Claim(name="seat/1", stream_id=one)]))
    assert refused.value.holder == other


def test_only_the_holder_lets_go_of_a_claim(log: EventLog) -> None:
    holder, other = uuid4(), uuid4()
    log.append(command(holder, claims=[Claim(name="seat/1", stream_id=holder)]))

    log.append(command(other, claims=[Claim(name="seat/1", stream_id=other, held=False)]))

    with pytest.raises(ClaimHeld):
        log.append(command(other, 1, claims=[Claim(name="seat/1", stream_id=other)]))


def test_a_refused_command_keeps_none_of_its_claims(log: EventLog) -> None:
    one, other = uuid4(), uuid4()
    log.append(command(one, claims=[Claim(name="seat/1", stream_id=one)]))
    wants = [Claim(name="seat/2", stream_id=other), Claim(name="seat/1", stream_id=other)]

    with pytest.raises(ClaimHeld):
        log.append(command(other, claims=wants))

    log.append(command(one, 1, claims=[Claim(name="seat/2", stream_id=one)]))


def test_a_large_batch_is_one_transaction(log: EventLog) -> None:
    stream = uuid4()

    outcomes = log.append_many([command(stream, n) for n in range(700)])

    assert all(isinstance(outcome, Receipt) for outcome in outcomes)
    rows = log.read_stream(stream)
    assert [row.version for row in rows] == list(range(1, 701))
    assert len({row.recorded_at for row in rows}) == 1


def test_a_command_without_events_is_remembered(log: EventLog) -> None:
    log.append(command())
    checked = uuid4()
    empty = Append(drafts=(), expected={checked: 0}, metadata=metadata())

    first, again = log.append(empty), log.append(empty)

    assert (first.first, first.last, first.versions) == (2, 1, {})
    assert again.repeated
    assert log.head() == 1


def test_recorded_at_never_decreases(database_url: str) -> None:
    noon = datetime(2011, 7, 22, 12, tzinfo=UTC)
    clock = iter([noon, noon, noon - timedelta(days=1), noon + timedelta(microseconds=1)])
    with closing(EventLog(database_url, now=lambda: next(clock))) as log:
        log.create("demonstration", anchor=noon.isoformat())

        receipts = [log.append(command()) for _ in range(3)]

    assert [receipt.recorded_at - noon for receipt in receipts] == [
        timedelta(0),
        timedelta(0),
        timedelta(microseconds=1),
    ]


@pytest.mark.parametrize("stream", [UUID(int=0), UUID(int=2**128 - 1)])
def test_any_uuid_names_a_stream(log: EventLog, stream: UUID) -> None:
    log.append(command(stream))

    (row,) = log.read_stream(stream)
    assert row.stream_id == stream
