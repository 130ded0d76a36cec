"""The published lines of service: which versions there are, and which is in force on a day."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from domain.errors import NotFound
from domain.line import LinePublished
from workflows.line import Line
from workflows.loading import definition, from_definition
from workflows.machine import CompiledLine


class Lines:
    """All published versions, compiled when first asked for. Replaced as a whole, never changed.

    A later publication that covers a day counts before an earlier one.
    """

    def __init__(self, published: Iterable[LinePublished]) -> None:
        self._published = tuple(published)
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
        """A published version. Raises NotFound."""
        event = self._versions.get((code, version))
        if event is None:
            raise NotFound("line", f"{code} {version}")
        return _compiled(event.definition)

    def in_force(self, code: str, on: date) -> CompiledLine:
        """The version in force on a day. Raises NotFound."""
        for event in reversed(self._published):
            until = event.valid_to or date.max
            if event.code == code and event.valid_from <= on <= until:
                return _compiled(event.definition)
        raise NotFound("line", f"{code} on {on}")


# A definition is immutable and compiling it takes time: one compiled line serves every thread.
@lru_cache(maxsize=256)
def _compiled(text: str) -> CompiledLine:
    return CompiledLine(from_definition(text))


def defined(line: Line) -> dict[str, object]:
    """What a publication of `line` says: the arguments that `PublishLine` takes."""
    return {
        "code": line.code,
        "version": line.version,
        "valid_from": line.valid.since,
        "valid_to": line.valid.to,
        "definition": definition(line),
    }
