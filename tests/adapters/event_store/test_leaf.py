"""The leaf hash covers everything that is stored, in a form that is fixed for ever."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from adapters.event_store import EventLog
from adapters.event_store.instants import from_micros, to_micros
from adapters.event_store.leaf import LeafHasher
from tests.adapters.event_store.commands import command

LOG = UUID("01890000-0000-7000-8000-000000000001")
STREAM = UUID("01890000-0000-7000-8000-000000000002")


def by_the_book(*fields: bytes) -> bytes:
    """Zero, and then each field led by its length in four bytes."""
    return sha256(b"\x00" + b"".join(len(f).to_bytes(4, "big") + f for f in fields)).digest()


def test_a_known_leaf_keeps_its_hash() -> None:
    leaf = LeafHasher(LOG)(
        7, STREAM.bytes, 3, b"affair.step_taken.v1", 1311298200000000, b'{"actor":"SYS"}', b"{}"
    )

    assert leaf.hex() == "85a0d03017f3400d60583ee195e219c1bf41c514c50864ccf242f562ae86345d"


@given(
    position=st.integers(1, 2**63 - 1),
    version=st.integers(0, 2**63 - 1),
    topic=st.text(),
    recorded_at=st.integers(-(2**55), 2**55),
    metadata=st.binary(),
    state=st.binary(),
)
def test_any_leaf_is_hashed_by_the_book(
    position: int, version: int, topic: str, recorded_at: int, metadata: bytes, state: bytes
) -> None:
    encoded = topic.encode("utf-8", "replace")

    leaf = LeafHasher(LOG)(position, STREAM.bytes, version, encoded, recorded_at, metadata, state)

    assert leaf == by_the_book(
        LOG.bytes,
        position.to_bytes(8, "big"),
        STREAM.bytes,
        version.to_bytes(8, "big"),
        encoded,
        recorded_at.to_bytes(8, "big", signed=True),
        metadata,
        state,
    )


def test_stored_leaves_can_be_computed_from_what_is_read(log: EventLog) -> None:
    log.append(command(events=3, state='{"说明":"小区门口堆放废品"}'.encode()))

    rows = log.read(0, 10)

    hasher = LeafHasher(log.describe().log_id)
    for row in rows:
        assert row.leaf_hash == hasher(
            row.position,
            row.stream_id.bytes,
            row.version,
            row.topic.encode(),
            to_micros(row.recorded_at),
            row.metadata,
            row.state,
        )


@given(st.integers(-(2**55), 2**55))
def test_instants_keep_every_microsecond(micros: int) -> None:
    assert to_micros(from_micros(micros)) == micros
