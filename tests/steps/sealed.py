"""What stays closed: masked on the page, off the portal, and not to be read in the log."""

from __future__ import annotations

from pytest_bdd import parsers, then

from adapters.demo import deeds
from domain.actor import Role
from domain.personal import Personal
from domain.record import Kind
from tests.steps.world import World
from web.masks import Opened

TEXT = r"“(?P<text>[^”]+)”"
LABEL = r"“(?P<label>[^”]+)”"


@then(parsers.re(f"经过中{LABEL}显示为{TEXT}"))
def shown_as(world: World, label: str, text: str) -> None:
    """How staff who may see the affair see what was recorded last under this label."""
    names = {
        spec.name: spec.kind
        for _, way in deeds.ways(world.line)
        for form in way.forms.values()
        for spec in form.own.specs
        if spec.label.zh == label
    }
    opened = Opened(
        world.house.reveal,
        world.affair_id,
        reader=Role.CD,
        erased="已依法删除",
        unreadable="无法读取",
    )
    found = [
        opened.field(field.name, field.value, Kind(field.kind))
        for seen in world.history()
        for field in getattr(seen.event, "record", ())
        if field.name in names and isinstance(field.value, Personal)
    ]
    assert found[-1:] == [text], found


@then(parsers.re(f"{LABEL}不对外公开"))
def kept_inside(world: World, label: str) -> None:
    """What happened under this name is in the story, and is never shown outside."""
    ways = dict(deeds.ways(world.line))
    told = [deeds.label(world.line, done) for done, way in ways.items() if way.spec.internal]
    assert label in told


@then(parsers.re(f"日志的字面上没有{TEXT}"))
def not_in_the_log(world: World, text: str) -> None:
    """Whoever reads the stored bytes of the affair does not find it."""
    rows = world.house.log.read_stream(world.affair_id)
    assert rows
    stored = b"".join(row.state for row in rows)
    for written in (text.encode(), text.encode("unicode_escape")):
        assert written not in stored
