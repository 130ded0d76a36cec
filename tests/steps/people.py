"""The people of a feature: name, post and unit."""

from __future__ import annotations

from pytest_bdd import given, parsers

from adapters.demo.cast import POSTS
from domain.actor import Actor, Role
from tests.steps.district import CODES, FOUNDED, LINES, assign
from tests.steps.labels import one_of
from tests.steps.world import World

Table = list[list[str]]


@given("下列人员在岗")
def on_duty(world: World, datatable: Table) -> None:
    """Rows of 姓名, 职务, 单位; a community worker holds the area."""
    head, *rows = datatable
    assert head == ["姓名", "职务", "单位"]
    for name, post, unit in rows:
        join(world, name, post, unit)


def join(world: World, name: str, post: str, unit: str) -> None:
    """Somebody takes up a post."""
    actor = Actor(
        account=name,
        role=POSTS[post],
        unit=CODES[unit] if unit else "",
        lines=LINES.get(unit, ()),
    )
    world.people[name] = actor
    if actor.role is Role.CW:
        assign(world.house, actor.unit, actor.account, FOUNDED.date())


@given(
    parsers.re(
        f"(?P<name>[\\u4e00-\\u9fff]{{2,3}})兼任{one_of(CODES, 'unit')}的{one_of(POSTS, 'post')}"
    )
)
def also(world: World, name: str, unit: str, post: str) -> None:
    """The same account acts in another post from here on."""
    join(world, name, post, "第一责任片区" if POSTS[post] is Role.CW else unit)
