"""Deadlines, as people read them: a date means until midnight."""

from __future__ import annotations

from datetime import datetime

from pytest_bdd import parsers, then

from domain.clock import Clock
from tests.steps import labels
from tests.steps.labels import CLOCK
from tests.steps.time import DEADLINE, UNTIL, told
from tests.steps.world import World


def called(world: World, name: str) -> str:
    """What the line of the affair calls that clock in its file."""
    return labels.clock(world.line, name, world.page().matter)


def _clock(world: World, name: str) -> Clock:
    found = world.state()[0].clock(called(world, name))
    assert found is not None, f"{name} has not begun"
    return found


@then(parsers.re(f"{CLOCK}(?:的期限)?到{DEADLINE}"), converters=UNTIL)
def due(world: World, clock: str, deadline: datetime) -> None:
    """The deadline on the affair's page."""
    running = {each.name: each.due_at for each in world.page().clocks}
    name = called(world, clock)
    assert name in running, f"{clock} does not run"
    assert told(running[name]) == told(deadline)


@then(parsers.re(f"{CLOCK}不再计时"))
def stopped(world: World, clock: str) -> None:
    """It ran and runs no more."""
    assert called(world, clock) not in [each.name for each in world.page().clocks]
    assert _clock(world, clock).stopped_at is not None


@then(parsers.re(f"{CLOCK}暂停计时"))
def paused(world: World, clock: str) -> None:
    """It stands still."""
    assert _clock(world, clock).paused_at is not None


@then(parsers.re(f"{CLOCK}没有开始计时"))
def never_began(world: World, clock: str) -> None:
    """It never ran."""
    assert world.state()[0].clock(called(world, clock)) is None
