"""The published lines of service: which versions there are, and which is in force on a day; and
those that are drafted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TypedDict
from uuid import UUID

from domain.errors import Malformed, NotFound, Refusal, Unreadable
from domain.line import LineDrafted, LinePublished, draft_of, version_of
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
        self._ruled = lru_cache(maxsize=512)(self._in_force)

    def codes(self) -> tuple[str, ...]:
        """The codes of the lines, in the order of their first publication."""
        return tuple(dict.fromkeys(event.code for event in self._published))

    def publications(self, code: str) -> Iterator[LinePublished]:
        """The versions of a line, oldest publication first."""
        return (event for event in self._published if event.code == code)

    @cached_property
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
        return self._ruled(code, on)

    def _in_force(self, code: str, on: date) -> CompiledLine:
        for event in reversed(self._published):
            until = event.valid_to or date.max
            if event.code == code and event.valid_from <= on <= until:
                return _made(event)
        for unread in self._unread.values():
            raise _again(unread)
        raise NotFound("line", f"{code} on {on}")

    def has(self, code: str, version: str) -> bool:
        """Whether a version was published, readable or not."""
        return (code, version) in self._versions or version_of(code, version) in self._unread

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


def covered(
    published: Iterable[LinePublished], since: date, to: date | None
) -> list[LinePublished]:
    """The versions of a line that another covers on some days, if it is published now: on those
    days the later publication counts."""
    until = to or date.max
    return [e for e in published if e.valid_from <= until and since <= (e.valid_to or date.max)]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it stands. revision: the version of its stream, which counts how often it was
    drafted."""

    event: LineDrafted
    revision: int

    def line(self) -> CompiledLine:
        """It as a procedure. Raises Unreadable where this program cannot make one of it."""
        return _procedure(self.event, draft_of(self.event.code, self.event.version), self.revision)


class Drafts:
    """What was drafted and is not published. Replaced as a whole, never changed."""

    def __init__(self, drafted: Iterable[Drafted], lines: Lines) -> None:
        self._drafts = {
            (one.event.code, one.event.version): one
            for one in drafted
            if not lines.has(one.event.code, one.event.version)
        }

    def all(self, code: str = "") -> list[Drafted]:
        """The drafts, of one line or of all, those drafted last at the end."""
        return [one for (of, _), one in self._drafts.items() if code in ("", of)]

    def get(self, code: str, version: str) -> Drafted:
        """A draft. Raises NotFound."""
        found = self._drafts.get((code, version))
        if found is None:
            raise NotFound("draft", f"{code} {version}")
        return found


def _again(unread: Unreadable) -> Unreadable:
    return Unreadable(unread.topic, unread.stream_id, unread.version, unread.because)


def _made(event: LinePublished) -> CompiledLine:
    return _procedure(event, version_of(event.code, event.version), 1)


def _procedure(event: LinePublished | LineDrafted, stream: UUID, version: int) -> CompiledLine:
    try:
        return _compiled(event.definition)
    except (Refusal, ValueError) as error:
        raise Unreadable(TOPIC_OF[type(event)], stream, version, str(error)) from error


# A definition is immutable and compiling it takes time: one compiled line serves every thread.
@lru_cache(maxsize=256)
def _compiled(text: str) -> CompiledLine:
    return CompiledLine(from_definition(text))


class Definition(TypedDict):
    """The arguments that `DraftLine` and `PublishLine` take of a line."""

    code: str
    version: str
    valid_from: date
    valid_to: date | None
    definition: str


def defined(line: Line) -> Definition:
    """What a draft or a publication of `line` says."""
    return {
        "code": line.code,
        "version": line.version,
        "valid_from": line.valid.since,
        "valid_to": line.valid.to,
        "definition": definition(line),
    }
