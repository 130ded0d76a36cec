"""What two versions of a line say differently, thing by thing. Pure; the words are elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from workflows.line import Line

Change = Literal["added", "gone", "changed"]
Place = tuple[tuple[str, str], ...]
"""From the outside in, what holds it and its name there: steps, G8; fields, note."""

ORDER = "order"
"""Stands for the part of a collection that is the order of what is in it."""

NAMED: Mapping[str, str] = {
    "matters": "",
    "states": "",
    "choices": "",
    "entering": "",
    "transitions": "id",
    "entries": "name",
    "actions": "name",
    "questions": "name",
    "clocks": "name",
    "timers": "clock",
    "reactions": "id",
    "fields": "name",
}
"""Collections whose members have names: by which of their keys, or by their key in it."""

PARTED = ("common", "department", "places", "bar", "make", "on_behalf", "every_move", "field")
"""Things that are told part by part."""

_LAW = ("law", "basis")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is otherwise.

    place: what it belongs to; empty for the line itself. part: which of its keys; empty where
        the whole of it was added or is gone.
    was, now: what a definition says, None where it says nothing. shared: by rules of all lines.
    law: of the nearest thing around it that names one, in the new version or else in the old.
    """

    place: Place
    part: str
    was: Any
    now: Any
    law: str = ""
    shared: bool = False

    @property
    def change(self) -> Change:
        """Whether it is new, gone, or another."""
        if self.part:
            return "changed"
        return "gone" if self.now is None else "added"


def differences(old: Line, new: Line) -> Iterator[Difference]:
    """All that is otherwise in `new`, the line's own first, then what is shared; nothing where
    both say the same."""
    was, now = (line.model_dump(mode="json", by_alias=True) for line in (old, new))
    shared = was.pop("common"), now.pop("common")
    yield from _parts(_Around((), "", shared=False), was, now)
    yield from _parts(_Around((), "", shared=True), *shared)


class _Around(NamedTuple):
    place: Place
    law: str
    shared: bool

    def within(self, key: str, name: str, *told: Any) -> "_Around":
        laws = (one.get(law) for one in reversed(told) if one for law in _LAW)
        law = next((law for law in laws if law), self.law)
        return _Around((*self.place, (key, name)), law, self.shared)

    def differs(self, part: str, was: Any, now: Any) -> Difference:
        return Difference(self.place, part, was, now, self.law, self.shared)


def _parts(around: _Around, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for key in dict.fromkeys((*now, *was)):
        before, after = was.get(key), now.get(key)
        old, new = _members(key, before), _members(key, after)
        if old is not None and new is not None:
            yield from _collection(around, key, old, new)
        elif key in PARTED and isinstance(before, dict) and isinstance(after, dict):
            yield from _parts(around.within(key, "", before, after), before, after)
        elif before != after:
            yield around.differs(key, before, after)


def _collection(
    around: _Around, key: str, was: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[Difference]:
    for name in dict.fromkeys((*now, *was)):
        before, after = was.get(name), now.get(name)
        inner = around.within(key, name, before, after)
        if before is None or after is None:
            yield inner.differs("", before, after)
        else:
            yield from _parts(inner, before, after)
    kept = [name for name in was if name in now], [name for name in now if name in was]
    if kept[0] != kept[1]:
        place = around.within(key, "")
        yield place.differs(ORDER, kept[0], kept[1])


def _members(key: str, told: Any) -> Mapping[str, Any] | None:
    """What a collection holds, by name; None where it is none, or a name stands twice."""
    by = NAMED.get(key)
    if by == "" and isinstance(told, Mapping):
        return told
    if by and isinstance(told, Sequence):
        found = {one[by]: one for one in told}
        return found if len(found) == len(told) else None
    return None
