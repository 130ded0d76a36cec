"""What is recorded with a deed: a table of Chinese labels and values, read as the line asks."""

from __future__ import annotations

import itertools
import re
import struct
import zlib
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from domain.actor import Actor
from domain.record import Kind
from tests.steps import time
from tests.steps.district import CODES
from tests.steps.labels import Deed, way
from tests.steps.world import World
from workflows.fields import FieldSpec

Table = list[list[str]]

PLACE = re.compile(r"东经([\d.]+)度，北纬([\d.]+)度")
PHOTOS = re.compile(r"(\d+)张")
NOTHING = "无"
YES, NO = "是", "否"

_shots = itertools.count(1)


def record(
    world: World, actor: Actor, done: Deed, told: Mapping[str, str], *, subject: UUID, matter: str
) -> dict[str, object]:
    """The record of a deed.

    What the table leaves out and the line requires is filled in where only one plain value is
    possible: a photo, a place, a note, a flag that is set. What decides is always told.
    """
    known = way(done)
    if matter not in known.forms:
        # The matter knows no such deed: nothing is asked for.
        return {}
    return read(world, known.reader(matter, actor.role).specs, told, subject)


def read(
    world: World, specs: tuple[FieldSpec, ...], told: Mapping[str, str], subject: UUID
) -> dict[str, object]:
    """The values of these fields."""
    known = {spec.label.zh: spec for spec in specs}
    strangers = set(told) - set(known)
    assert not strangers, f"{strangers}: it asks for {', '.join(known)}"
    found: dict[str, object] = {}
    for label, spec in known.items():
        text = told.get(label)
        if text == NOTHING:
            continue
        if text is not None:
            found[spec.name] = _value(world, spec, text, subject)
        elif spec.required and spec.kind in _PLAIN:
            found[spec.name] = _value(world, spec, _PLAIN[spec.kind], subject)
    return found


# What is said where it does not matter what.
_PLAIN = {
    Kind.NOTE: "情况属实",
    Kind.PERSON: "张桂芬",
    Kind.TEXT: "济市城管字第1号",
    Kind.FLAG: YES,
    Kind.PLACE: "东经116.99217度，北纬36.63458度",
    Kind.PHOTOS: "1张",
}


def _value(world: World, spec: FieldSpec, text: str, subject: UUID) -> object:
    match spec.kind:
        case Kind.FLAG:
            assert text in (YES, NO), f"{spec.label.zh}: {YES} or {NO}"
            return text == YES
        case Kind.CHOICE:
            codes = {label.zh: code for code, label in spec.choices.items()}
            assert text in codes, f"{spec.label.zh}: one of {', '.join(codes)}"
            return codes[text]
        case Kind.UNIT:
            return CODES[text]
        case Kind.UNITS:
            return [CODES[one] for one in text.split("、")]
        case Kind.NUMBER | Kind.MONEY:
            return str(Decimal(text))
        case Kind.DATE:
            return time.day(text)
        case Kind.INSTANT:
            return time.moment(text)
        case Kind.PLACE:
            found = PLACE.fullmatch(text)
            assert found, f"{spec.label.zh}: such as {_PLAIN[Kind.PLACE]}"
            return ",".join(found.groups())
        case Kind.PHOTOS:
            found = PHOTOS.fullmatch(text)
            assert found, f"{spec.label.zh}: such as 2张"
            return [photo(world, subject) for _ in range(int(found.group(1)))]
        case Kind.REFERENCE:
            return str(world.affairs[text.strip("“”")])
        case _:
            return text


def photo(world: World, subject: UUID) -> str:
    """A photo that was given to the affair: one grey dot."""
    raw = zlib.compress(bytes((0, next(_shots) % 256)))
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", raw), (b"IEND", b""))
    )
    return str(world.house.attachments.put(subject, "现场.png", content).id)
