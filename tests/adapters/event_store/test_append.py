"""What append promises, on both databases."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import msgspec
import pytest

from adapters.event_store import EventLog
from domain.errors import ClaimHeld, CommandReused, Conflict, Malformed
from domain.log import Append, Claim, Metadata, Receipt
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


@pytest.mark.parametrize("text", ["with\x00nul", "half \ud800"])
@pytest.mark.parametrize("field", ["actor", "role", "unit", "topic", "claim"])
def test_texts_that_no_database_holds_are_refused_by_name(
    log: EventLog, text: str, field: str
) -> None:
    good = command()
    (stream,) = good.expected
    of_whom = good.metadata
    bad = {
        "topic": replace(good, drafts=(replace(good.drafts[0], topic=text),)),
        "claim": replace(good, claims=(Claim(name=text, stream_id=stream),)),
        "actor": replace(good, metadata=replace(of_whom, actor=text)),
        "role": replace(good, metadata=replace(of_whom, role=text)),
        "unit": replace(good, metadata=replace(of_whom, unit=text)),
    }[field]

    with pytest.raises(Malformed) as refused:
        log.append(bad)

    assert refused.value.field == field
    assert log.append(good).first == 1


@pytest.mark.parametrize(
    "text", ["𠮷野家", "👩‍👩‍👧", "\u202eright to left", "x" * 100_000, "a\n\tb"]
)
def test_other_texts_are_stored_exactly(log: EventLog, text: str) -> None:
    good = command(state=msgspec.json.encode(text))
    (stream,) = good.expected
    told = replace(
        good,
        drafts=(replace(good.drafts[0], topic=text),),
        metadata=replace(good.metadata, unit=text),
        claims=(Claim(name=text[:1000], stream_id=stream),),
    )

    log.append(told)

    (row,) = log.read(0, 10)
    assert row.topic == text
    assert msgspec.json.decode(row.state) == text
    assert msgspec.json.decode(row.metadata, type=Metadata) == told.metadata


def test_versions_that_do_not_follow_are_a_bug(log: EventLog) -> None:
    good = command()

    with pytest.raises(ValueError, match="follows 0"):
        log.append(replace(good, drafts=(replace(good.drafts[0], version=2),)))
    with pytest.raises(ValueError, match="no expected version"):
        log.append(replace(good, expected={}))

    assert log.head() == 0
