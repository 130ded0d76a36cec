"""Which version of a line a command means."""

from typing import TYPE_CHECKING

from domain.errors import NotFound

if TYPE_CHECKING:
    from adapters.house import House
    from workflows.line import Line
    from workflows.machine import CompiledLine


def version_named(house: "House", code: str, version: str) -> "CompiledLine":
    """A version that was published, or else drafted. Raises NotFound, Unreadable."""
    reference = house.reference
    if reference.lines.has(code, version):
        return reference.lines.version(code, version)
    try:
        return reference.drafts.get(code, version).line()
    except NotFound:
        # Not of drafts alone: it may be no version either.
        raise NotFound("version", f"{code} {version}") from None


def standing_version(house: "House", code: str) -> "Line":
    """The version in force today, else the one published last. Raises NotFound."""
    from domain.clock import local_day

    try:
        return house.reference.lines.in_force(code, local_day(house.now())).spec
    except NotFound:
        published = list(house.reference.lines.publications(code))
        if not published:
            raise
        return house.reference.lines.version(code, published[-1].version).spec
