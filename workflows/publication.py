"""The published lines of service: which versions there are, and which is in force on a day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import TypedDict
from uuid import UUID

from domain.errors import Malformed, NotFound, Refusal, Unreadable
from domain.line import LinePublished, version_of
from domain.topics import TOPIC_OF
from workflows.line import Line
from workflows.loading import definition, from_definition
from workflows.machine import CompiledLine


class Lines:
    """All published versions, compiled when first asked for. Replaced as a whole, never changed.

    A later publication that covers a day counts before an earlier one. unread: by stream, the
    publications that cannot be read: nobody is told that there is no such version.
    """

    def __init__(
        self,
        published: Iterable[LinePublished],
        unread: Mapping[UUID, Unreadable] = MappingProxyType({}),
    ) -> None:
        self._published, self._unread = tuple(published), unread
        self._versions = {(event.code, event.version): event for event in self._published}

    def codes(self) -> tuple[str, ...]:
        """The codes of the lines, in the order of their first publication."""
        return tuple(dict.fromkeys(event.code for event in self._published))

    def publications(self, code: str) -> Iterator[LinePublished]:
        """The versions of a line, oldest publication first."""
        return (event for event in self._published if event.code == code)

    def reacting(self) -> bool:
        """True where any version has a reaction: without one, nobody needs to look."""
        return any('"reactions":[{' in event.definition for event in self._published)

    def version(self, code: str, version: str) -> CompiledLine:
        """A published version. Raises NotFound, Unreadable."""
        event = self._versions.get((code, version))
        if event is not None:
            return _made(event)
        unread = self._unread.get(version_of(code, version))
        if unread is not None:
            raise _again(unread)
        raise NotFound("line", f"{code} {version}")

    def in_force(self, code: str, on: date) -> CompiledLine:
        """The version in force on a day. Raises NotFound; Unreadable where none is known, and
        one that cannot be read may be it.
        """
        for event in reversed(self._published):
            until = event.valid_to or date.max
            if event.code == code and event.valid_from <= on <= until:
                return _made(event)
        for unread in self._unread.values():
            raise _again(unread)
        raise NotFound("line", f"{code} on {on}")

    def unread(self) -> dict[UUID, Unreadable]:
        """By stream, what was published and cannot be read, or not be made into a procedure."""
        found = dict(self._unread)
        for event in self._published:
            try:
                _made(event)
            except Unreadable as refusal:
                found[refusal.stream_id] = refusal
        return found

    def ruling(self, code: str, on: date) -> CompiledLine:
        """The version by which something is entered that happened on a day.

        Raises NotFound for a line that is none, Malformed where none of its versions covers the
        day.
        """
        if fault := day_fault(tuple(self.publications(code)), on):
            raise Malformed("occurred_at", fault)
        return self.in_force(code, on)


def day_fault(published: Sequence[LinePublished], on: date) -> str:
    """Which days the versions of a line cover, where none covers `on`; else empty."""
    if not published or any(e.valid_from <= on <= (e.valid_to or date.max) for e in published):
        return ""
    if later := [event.valid_from for event in published if event.valid_from > on]:
        return f"{min(later)} or later: {published[0].code} is in force from then"
    last = max(event.valid_to or date.max for event in published)
    return f"{last} or earlier: {published[0].code} was in force until then"


def _again(unread: Unreadable) -> Unreadable:
    return Unreadable(unread.topic, unread.stream_id, unread.version, unread.because)


def _made(event: LinePublished) -> CompiledLine:
    try:
        return _compiled(event.definition)
    except (Refusal, ValueError) as error:
        stream = version_of(event.code, event.version)
        raise Unreadable(TOPIC_OF[LinePublished], stream, 1, str(error)) from error


# A definition is immutable and compiling it takes time: one compiled line serves every thread.
@lru_cache(maxsize=256)
def _compiled(text: str) -> CompiledLine:
    return CompiledLine(from_definition(text))


class Definition(TypedDict):
    """The arguments that `PublishLine` takes of a line."""

    code: str
    version: str
    valid_from: date
    valid_to: date | None
    definition: str


def defined(line: Line) -> Definition:
    """What a publication of `line` says."""
    return {
        "code": line.code,
        "version": line.version,
        "valid_from": line.valid.since,
        "valid_to": line.valid.to,
        "definition": definition(line),
    }
