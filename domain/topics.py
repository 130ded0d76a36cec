"""The allow-list of events: each class beside the one name under which the log keeps it.

A published event is never edited. A new shape gets a new topic; the old one is upcast.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")

TOPICS: dict[str, type] = {}
TOPIC_OF: dict[type, str] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(topic: str) -> Callable[[type[T]], type[T]]:
    """Make a frozen dataclass of the class and enter it in the allow-list under `topic`."""

    def enter(cls: type[T]) -> type[T]:
        assert topic not in TOPICS, topic
        made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        TOPICS[topic] = made
        TOPIC_OF[made] = topic
        return made

    return enter
