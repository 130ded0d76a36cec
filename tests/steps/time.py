"""Dates and times as people write them, and the passing of time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from pytest_bdd import given, parsers, when

from adapters.demo.records import day, moment
from domain.clock import SHANGHAI
from tests.steps.world import World

DAY = r"(?P<day>\d{4}年\d{1,2}月\d{1,2}日)"
MOMENT = r"(?P<moment>\d{4}年\d{1,2}月\d{1,2}日\d{1,2}:\d{2})"
DEADLINE = r"(?P<deadline>\d{4}年\d{1,2}月\d{1,2}日(?:\d{1,2}:\d{2})?)"


def deadline(told: str) -> datetime:
    """The first late instant: `2011年7月25日` ends at midnight."""
    if re.fullmatch(DAY, told):
        return datetime.combine(day(told) + timedelta(days=1), datetime.min.time(), SHANGHAI)
    return moment(told)


def told(at: datetime) -> str:
    """As people write it."""
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日{local.hour}:{local.minute:02d}"


Converters = dict[str, Callable[[str], object]]
WHEN: Converters = {"moment": moment}
UNTIL: Converters = {"deadline": deadline}
PERIOD = f"{DAY.replace('day', 'first')}至{DAY.replace('day', 'last')}"
DAYS: Converters = {"first": day, "last": day}


@given(parsers.re(f"时间到了{MOMENT}"), converters=WHEN)
@when(parsers.re(f"时间到了{MOMENT}"), converters=WHEN)
def time_passes(world: World, moment: datetime) -> None:
    """Nobody does anything until then but the system itself."""
    world.at(moment)
