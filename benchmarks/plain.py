"""A step without the product around it: the domain's decision, then the bare driver."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from adapters.event_store import StoredRow
from adapters.house import House
from benchmarks.tape import Bare, Step
from domain.affair import decide
from domain.affair.commands import Act, RecordEntry, TakeStep
from domain.affair.evolve import project
from domain.affair.state import Affair

DECISIONS: Mapping[type, Callable[..., list[Any]]] = {
    TakeStep: decide.take_step,
    RecordEntry: decide.record_entry,
    Act: decide.act,
}


class Plain:
    """Loads, decides, seals and encodes by the same functions as the desk of `house`.

    States stay in a dictionary, nobody's rights are asked, and the statements are given.
    """

    def __init__(self, house: House) -> None:
        self.bare = Bare(house.settings.log_url)
        self._desk, self._codec, self._keys = house.desk, house.codec, house.keys
        self._log_id = house.info.log_id
        self._states: dict[UUID, tuple[Affair, int]] = {}

    def run(self, command: Any, step: Step) -> None:
        """Store and decide: the statements are known, so that their order is all the same."""
        self.decide(command, self.bare.run(step))

    def decide(self, command: Any, found: list[list[Any]]) -> None:
        """What the step decides. found: the rows of its queries, for a state not known yet."""
        stream_id = command.affair_id
        affair, version = self._states.get(stream_id) or self._loaded(found)
        procedure = self._desk.procedure(affair, command.occurred_at)
        facts = self._desk.facts(procedure)
        events = DECISIONS[type(command)](affair, command, facts)
        sealed = self._keys.seal(
            events, log_id=self._log_id, stream_id=stream_id, first_version=version + 1
        )
        for event in sealed:
            self._codec.encode(event)
        after = project(affair, sealed)
        assert after is not None
        self._states[stream_id] = after, version + len(sealed)

    def _loaded(self, found: list[list[Any]]) -> tuple[Affair, int]:
        rows = next(rows for rows in found if len(rows[0]) == len(StoredRow.__struct_fields__))
        events = (self._codec.decode(topic, state, version=v) for _, _, v, topic, state, *_ in rows)
        affair = project(None, events)
        assert affair is not None
        return affair, len(rows)
