"""How events of an old shape are read as the new one. The stored bytes never change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Step:
    topic: str
    change: Callable[[State], State]
    moved: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lifted:
    """An old state in the newest shape.

    moved: path of a personal value now to the path under which it was sealed.
    """

    topic: str
    state: State
    moved: Mapping[str, str]


@dataclass(slots=True)
class Upcasters:
    """The chain from each old topic to the topic that replaced it."""

    _steps: dict[str, _Step] = field(default_factory=dict)

    def register(
        self,
        old: str,
        new: str,
        change: Callable[[State], State],
        *,
        moved: Mapping[str, str] | None = None,
    ) -> None:
        """Read events stored as `old` through `change` as `new`.

        change: from the stored object, as plain JSON values, to the new one; pure.
        moved: new path to old path of each personal value that `change` renames. Its
            ciphertext is bound to the old path and opens nowhere else.
        """
        assert old not in self._steps, old
        assert all(topic != old for topic in (new, *self._chain(new))), f"{old} would never end"
        self._steps[old] = _Step(new, change, dict(moved or {}))

    def __contains__(self, topic: str) -> bool:
        return topic in self._steps

    def lift(self, topic: str, state: State) -> Lifted:
        """Follow the chain from `topic` to its end."""
        paths: dict[str, str] = {}
        while topic in self._steps:
            step = self._steps[topic]
            topic, state = step.topic, step.change(state)
            gone = set(step.moved.values())
            kept = {now: then for now, then in paths.items() if now not in gone}
            paths = kept | {now: paths.get(then, then) for now, then in step.moved.items()}
        return Lifted(topic, state, paths)

    def _chain(self, topic: str) -> list[str]:
        chain = []
        while topic in self._steps:
            topic = self._steps[topic].topic
            chain.append(topic)
        return chain


UPCASTERS = Upcasters()
"""The product's own: one for each shape that a published event has had before."""

# Nothing ran on after the end, before archiving had a deadline of its own.
UPCASTERS.register(
    "affair.archived.v1", "affair.archived.v2", lambda state: {**state, "clocks": []}
)
