"""What is recorded with a deed: a table of Chinese labels and values, read as the line asks."""

from __future__ import annotations

import itertools
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from domain.actor import Actor
from domain.clock import local_day
from domain.record import Kind
from tests.builders import lines
from tests.steps import time
from tests.steps.district import CODES
from tests.steps.labels import Deed, way
from tests.steps.world import World
from workflows.fields import FieldSpec
from workflows.machine import CompiledLine

PLACE = re.compile(r"东经([\d.]+)度，北纬([\d.]+)度")
ATTACHED = re.compile(r"(\d+)([张份])")
LATER = re.compile(r"当日|(\d+)日后")
NOTHING = "无"
YES, NO = "是", "否"

_shots = itertools.count(1)


@dataclass(frozen=True)
class Plain:
    """Who records something about which affair, by which line."""

    line: CompiledLine
    actor: Actor
    subject: UUID


def record(
    world: World, plain: Plain, done: Deed, told: Mapping[str, str], matter: str
) -> dict[str, object]:
    """The record of a deed.

    What the table leaves out and the line requires is filled in where it does not matter what is
    said: a photo, a place, a note, a flag that is set; and, where nothing in the line asks for
    it, a number, a sum, a day, an account. What decides is always told.
    """
    known = way(plain.line, done)
    if matter not in known.forms:
        # The matter knows no such deed: nothing is asked for.
        return {}
    return read(world, known.reader(matter, plain.actor.role).specs, told, plain)


def read(
    world: World, specs: tuple[FieldSpec, ...], told: Mapping[str, str], plain: Plain
) -> dict[str, object]:
    """The values of these fields."""
    known = {spec.label.zh: spec for spec in specs if not spec.filled}
    strangers = set(told) - set(known)
    assert not strangers, f"{strangers}: it asks for {', '.join(known)}"
    found: dict[str, object] = {}
    for label, spec in known.items():
        text = told.get(label)
        if text == NOTHING:
            continue
        if text is None and spec.required:
            text = _plainly(spec, plain)
        if text is not None:
            found[spec.name] = _value(world, spec, text, plain.subject)
    return found


# What is said where it does not matter what.
_PLAIN = {
    Kind.NOTE: "情况属实",
    Kind.PERSON: "张桂芬",
    Kind.FLAG: YES,
    Kind.PLACE: "东经116.99217度，北纬36.63458度",
}
TODAY, NOW = "当日", "当时"


def _plainly(spec: FieldSpec, plain: Plain) -> str | None:
    least = 1 if spec.min is None else spec.min
    match spec.kind:
        case Kind.TEXT:
            return "济市字第1号"[: spec.max].ljust(spec.min or 0, "号")
        case Kind.PHOTOS:
            return f"{least}张"
        case Kind.PAPERS:
            return f"{least}份"
        case Kind.CHOICE if len(spec.choices) == 1:
            return next(iter(spec.choices.values())).zh
        case _ if spec.kind in _PLAIN:
            return _PLAIN[spec.kind]
        case _ if spec.name in lines.deciding(plain.line):
            return None
        case Kind.NUMBER:
            return str(least)
        case Kind.MONEY:
            return str(spec.max if spec.max is not None and spec.max < 300 else max(300, least))
        case Kind.DATE:
            return TODAY
        case Kind.INSTANT:
            return NOW
        case Kind.ACCOUNT:
            return plain.actor.account
    return None


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
        case Kind.PERSON if spec.form == "date":
            return time.day(text).isoformat()
        case Kind.DATE:
            if later := LATER.fullmatch(text):
                days = timedelta(days=int(later.group(1) or 0))
                return local_day(world.clock.at) + days
            return time.day(text)
        case Kind.INSTANT:
            return world.clock.at if text == NOW else time.moment(text)
        case Kind.PLACE:
            found = PLACE.fullmatch(text)
            assert found, f"{spec.label.zh}: such as {_PLAIN[Kind.PLACE]}"
            return ",".join(found.groups())
        case Kind.PHOTOS | Kind.PAPERS:
            found = ATTACHED.fullmatch(text)
            assert found, f"{spec.label.zh}: such as 2张, 1份"
            hand_in = photo if found.group(2) == "张" else paper
            return [hand_in(world, subject) for _ in range(int(found.group(1)))]
        case Kind.REFERENCE:
            return str(world.affairs[text.strip("“”")])
        case Kind.OFFERING:
            return str(world.offerings[text.strip("“”")])
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


def paper(world: World, subject: UUID) -> str:
    """A paper that was given to the affair: one line of text."""
    content = "废品已由物主搬走。\n".encode()
    return str(world.house.attachments.put(subject, "情况说明.txt", content).id)
