"""What was once recorded is read for ever: no edit may make an old line unreadable.

`tests/histories/*.jsonl` holds events as they were stored, one to a line:

    topic, version, state   as in the log, the state as text
    personal                path, where it was sealed, and what it opens to
    becomes                 topic and state, where a newer shape has taken the old one's place

Lines are added, never changed or taken away. The values are sealed under a key made up here.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.codec import Codec, replaced
from adapters.keys import sealing
from domain.personal import Personal
from domain.record import NOTHING, Kind

FOLDER = Path(__file__).resolve().parent / "histories"
CODEC = Codec()
KEY = AESGCM(bytes(range(32)))
LOG = UUID("01313a9b-5c00-7000-8000-000000000001")
STREAM = UUID("01314fb1-2a48-7c31-9d0f-5b7a1c2e3f40")


@dataclass(frozen=True)
class Line:
    """A recorded event."""

    where: str
    topic: str
    version: int
    state: str
    personal: dict[str, str]
    becomes: tuple[str, str] | None = None

    def read(self) -> Any:
        return CODEC.decode(self.topic, self.state.encode(), version=self.version)


def recorded() -> list[Line]:
    return [
        Line(where=f"{path.name}:{number}", **json.loads(text))
        for path in sorted(FOLDER.glob("*.jsonl"))
        for number, text in enumerate(path.read_text("utf-8").splitlines(), 1)
    ]


LINES = recorded()


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.where}-{line.topic}")
def test_a_recorded_event_is_read_and_written_as_it_was(line: Line) -> None:
    topic, state = line.becomes or (line.topic, line.state)

    event = line.read()

    assert CODEC.encode(event) == (topic, state.encode())


@pytest.mark.parametrize(
    "line", [line for line in LINES if line.personal], ids=lambda line: line.where
)
def test_a_recorded_personal_value_opens_where_it_was_sealed(line: Line) -> None:
    opened: dict[str, str] = {}

    def note(personal: Personal, path: str) -> Personal:
        version, _, field = personal.origin.partition("/")
        assert int(version) == line.version
        assert sealing.key_version(personal.sealed) == 1
        bound = sealing.field_bound(sealing.stream_bound(LOG, STREAM), line.version, field)
        opened[field] = sealing.opened(KEY, personal.subject, personal.sealed, bound).decode()
        return personal

    replaced(line.read(), note)

    assert opened == line.personal


def test_every_event_of_the_allow_list_has_been_recorded() -> None:
    lacking = CODEC.topics - {line.topic for line in LINES}

    assert not lacking, f"add a line to tests/histories for {', '.join(sorted(lacking))}"


def test_every_kind_of_field_has_been_recorded() -> None:
    records = [getattr(line.read(), "record", NOTHING) for line in LINES]

    assert {field.kind for record in records for field in record} == set(Kind)
