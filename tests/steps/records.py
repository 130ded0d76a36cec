"""What is recorded with a deed: a table of Chinese labels and values, read as the line asks."""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from adapters.demo import records
from adapters.demo.deeds import Deed, way
from domain.actor import Actor
from tests.builders import lines
from tests.steps.district import CODES
from tests.steps.world import World
from workflows.fields import FieldSpec
from workflows.machine import CompiledLine

_shots = itertools.count(1)


@dataclass(frozen=True)
class Around:
    """A scenario in which somebody records something about an affair, by a line.

    What its table leaves out and the line requires is filled in where it does not matter what is
    said. What decides is always told.
    """

    world: World
    line: CompiledLine
    actor: Actor
    subject: UUID

    @property
    def now(self) -> datetime:
        """The scenario's clock."""
        return self.world.clock.at

    def unit(self, name: str) -> str:
        """The code of a unit of the district."""
        return CODES[name]

    def account(self, name: str) -> str:
        """People are called by their accounts."""
        return name

    def affair(self, about: str) -> str:
        """An affair of the scenario."""
        return str(self.world.affairs[about])

    def offering(self, about: str) -> str:
        """An offering of the scenario."""
        return str(self.world.offerings[about])

    def photo(self) -> str:
        """A photo that is given to the affair."""
        return photo(self.world, self.subject)

    def paper(self) -> str:
        """A paper that is given to the affair."""
        return paper(self.world, self.subject)

    def plainly(self, spec: FieldSpec) -> str | None:
        """What does not matter."""
        return records.plainly(spec, self.actor.account, lines.deciding(self.line))


def record(around: Around, done: Deed, told: Mapping[str, str], matter: str) -> dict[str, object]:
    """The record of a deed."""
    known = way(around.line, done)
    return records.record(known, told, around, matter=matter, role=around.actor.role)


def photo(world: World, subject: UUID) -> str:
    """A photo that was given to the affair: one grey dot."""
    raw = zlib.compress(bytes((0, next(_shots) % 256)))
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", raw), (b"IEND", b""))
    )
    return str(world.house.attachments.put(subject, "现场.png", content).id)


def paper(world: World, subject: UUID) -> str:
    """A paper that was given to the affair: one line of text."""
    content = "废品已由物主搬走。\n".encode()
    return str(world.house.attachments.put(subject, "情况说明.txt", content).id)
