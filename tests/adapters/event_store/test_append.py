"""What append promises, on both databases."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from adapters.event_store import EventLog
from domain.errors import ClaimHeld, CommandReused, Conflict
from domain.log import Append, Claim, Receipt
from tests.adapters.event_store.commands import command, draft, metadata


def test_events_get_positions_without_gaps(log: EventLog) -> None:
    stream = uuid4()

    first = log.append(command(stream, events=2))
    second = log.append(command(stream, after=2))

    assert (first.first, first.last) == (1, 2)
    assert (second.first, second.last) == (3, 3)
    assert second.versions == {stream: 3}
    assert [row.position for row in log.read(0, 10)] == [1, 2, 3]
    assert [row.version for row in log.read_stream(stream, after_version=1)] == [2, 3]


def test_a_stale_version_conflicts_and_stores_nothing(log: EventLog) -> None:
    stream = uuid4()
    log.append(command(stream))

    with pytest.raises(Conflict) as refused:
        log.append(command(stream))

    assert (refused.value.expected, refused.value.actual) == (0, 1)
    assert log.head() == 1


def test_several_streams_are_stored_together_or_not_at_all(log: EventLog) -> None:
    one, other = uuid4(), uuid4()
    log.append(command(other))
    both = Append(
        drafts=(draft(one, 1), draft(other, 1)),
        expected={one: 0, other: 0},
        metadata=metadata(),
    )

    with pytest.raises(Conflict):
        log.append(both)

    assert log.read_stream(one) == []


def test_the_same_command_is_answered_with_the_first_receipt(log: EventLog) -> None:
    order = command(events=2)
    first = log.append(order)
    log.append(command())

    again = log.append(order)

    assert again.repeated
    assert not first.repeated
    assert (again.first, again.last, again.versions) == (first.first, first.last, first.versions)
    assert again.recorded_at == first.recorded_at
    assert log.head() == 3


def test_a_command_id_is_not_used_for_another_request(log: EventLog) -> None:
    command_id = uuid4()
    log.append(command(command_id=command_id))

    with pytest.raises(CommandReused):
        log.append(command(command_id=command_id, request_hash="00" * 32))

    assert log.head() == 1


def test_a_claim_is_held_by_one_stream_until_it_lets_go(log: EventLog) -> None:
    holder, other = uuid4(), uuid4()
    log.append(command(holder, claims=[Claim(name="seat/3", stream_id=holder)]))

    with pytest.raises(ClaimHeld) as refused:
        log.append(command(other, claims=[Claim(name="seat/3", stream_id=other)]))
    log.append(command(holder, 1, claims=[Claim(name="seat/3", stream_id=holder)]))
    log.append(command(holder, 2, claims=[Claim(name="seat/3", stream_id=holder, held=False)]))
    log.append(command(other, claims=[Claim(name="seat/3", stream_id=other)]))

    assert refused.value.holder == holder


def test_one_refusal_in_a_batch_does_not_spoil_its_neighbours(log: EventLog) -> None:
    stream = uuid4()

    outcomes = log.append_many([command(stream), command(stream), command(stream, 1)])

    assert isinstance(outcomes[0], Receipt)
    assert isinstance(outcomes[1], Conflict)
    assert isinstance(outcomes[2], Receipt)
    assert [row.version for row in log.read_stream(stream)] == [1, 2]


@pytest.mark.anyio
async def test_appends_from_an_event_loop(log: EventLog) -> None:
    receipt = await log.append_async(command(UUID(int=1)))

    assert receipt.versions == {UUID(int=1): 1}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
