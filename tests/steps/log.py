"""What the log promises: one answer to one request, nothing overwritten, two axes of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from pytest_bdd import given, parsers, then, when

from adapters.demo import deeds
from adapters.demo.records import moment
from adapters.history import as_of
from domain import errors
from domain.affair.commands import RecordEntry, TakeStep
from domain.affair.evolve import project
from domain.affair.state import Affair
from domain.log import Recorded
from tests.steps.affair import WHO, command
from tests.steps.labels import DEED, STATE
from tests.steps.people import Table
from tests.steps.story import row, words
from tests.steps.time import MOMENT, WHEN, Converters
from tests.steps.world import World
from workflows.rights import scope_of

BOTH: Converters = {"moment": moment, "happened": moment}
HAPPENED = MOMENT.replace("moment", "happened")

# --- a request made twice ----------------------------------------------------------------------


@when(parsers.re(f"{WHO}没有收到答复，把同一请求再交了一次"))
def again(world: World, who: str) -> None:
    """The very same request comes in once more."""
    assert world.command is not None
    assert world.command.by == world.person(who)
    first, known = world.receipt, len(world.history())
    world.attempt(world.command)
    assert world.receipt is not None
    assert first is not None
    assert world.receipt == replace(first, repeated=True)
    assert len(world.history()) == known


@when(parsers.re(f"{WHO}于{MOMENT}把同一请求改为{DEED}再交"), converters=WHEN)
def reused(
    world: World,
    who: str,
    moment: datetime,
    apart: str | None,
    deed: str,
    datatable: Table | tuple[()] = (),
) -> None:
    """A request takes the place of another, under its id."""
    world.settled()
    earlier = world.command
    assert earlier is not None
    world.at(moment)
    other = command(world, who, deed, dict(datatable), apart=bool(apart))
    world.attempt(replace(other, command_id=earlier.command_id))


@then("得到与第一次相同的回执")
def same_receipt(world: World) -> None:
    """The first answer again."""
    world.settled()
    assert world.receipt is not None
    assert world.receipt.repeated


# --- an affair that has gone on meanwhile ------------------------------------------------------


@given(parsers.re(f"{WHO}查看了该事项"))
def looked(world: World, who: str) -> None:
    """Somebody has read the affair as it stands now."""
    world.seen[who] = world.page(who).version


@when(parsers.re(f"{WHO}于{MOMENT}按先前所见{DEED}"), converters=WHEN)
def does_as_seen(
    world: World,
    who: str,
    moment: datetime,
    apart: str | None,
    deed: str,
    datatable: Table | tuple[()] = (),
) -> None:
    """Somebody acts on what was read, whatever has happened since."""
    world.settled()
    world.at(moment)
    asked = command(world, who, deed, dict(datatable), apart=bool(apart))
    world.attempt(replace(asked, expected_version=world.seen[who]))


@then("被拒绝并告知其间的经过")
def moved_on(world: World, datatable: Table) -> None:
    """What changed meanwhile, by whom; the head is 时间, 人员, 办理."""
    refusal = world.refused()
    assert isinstance(refusal, errors.VersionMismatch), repr(refusal)
    since = [row(world, seen) for seen in refusal.since if isinstance(seen, Recorded)]
    assert [["时间", "人员", "办理"], *since] == datatable


# --- two axes of time --------------------------------------------------------------------------


@given(parsers.re(f"{WHO}于{MOMENT}补录{HAPPENED}的{DEED}"), converters=BOTH)
def recorded_late(
    world: World,
    who: str,
    moment: datetime,
    happened: datetime,
    apart: str | None,
    deed: str,
    datatable: Table | tuple[()] = (),
) -> None:
    """Something was recorded after it happened."""
    world.at(moment)
    told = dict(datatable)
    world.run(command(world, who, deed, told, apart=bool(apart), occurred_at=happened))


@when(parsers.re(f"{WHO}于{MOMENT}补录{HAPPENED}的{DEED}"), converters=BOTH)
def records_late(
    world: World,
    who: str,
    moment: datetime,
    happened: datetime,
    apart: str | None,
    deed: str,
    datatable: Table | tuple[()] = (),
) -> None:
    """Somebody records what happened earlier, or tries to."""
    world.settled()
    world.at(moment)
    told = dict(datatable)
    world.attempt(command(world, who, deed, told, apart=bool(apart), occurred_at=happened))


def as_it_was(world: World, axis: str, moment: datetime) -> list[Recorded]:
    """The events that had happened by then, or those that were known by then."""
    happened = axis == "按实际发生"
    return as_of(world.history(), moment if happened else None, None if happened else moment)


AXIS = "(?P<axis>按实际发生|按当时所知)"


@then(parsers.re(f"{AXIS}，该事项在{MOMENT}的状态为{STATE}"), converters=WHEN)
def stood_then(world: World, axis: str, moment: datetime, state: str) -> None:
    """The state at a moment, as it was or as it was known."""
    affair: Affair | None = project(None, (seen.event for seen in as_it_was(world, axis, moment)))
    assert affair is not None
    assert affair.standing.state == deeds.state(world.line, state)


@then(
    parsers.re(rf"{AXIS}，该事项截至{MOMENT}有(?P<times>\d+)次“(?P<what>[^”]+)”"), converters=WHEN
)
def counted_then(world: World, axis: str, moment: datetime, times: str, what: str) -> None:
    """How often something had been done by a moment."""
    told = [words(world.line, seen.event) for seen in as_it_was(world, axis, moment)]
    assert told.count(what) == int(times)


# --- who may know of it ------------------------------------------------------------------------


@then(parsers.re(f"{WHO}看得到该事项"))
def sees(world: World, who: str) -> None:
    """It is within reach."""
    assert world.page(who).affair_id == world.affair_id


@then(parsers.re(f"{WHO}看不到该事项，如同没有这件事"))
def sees_nothing(world: World, who: str) -> None:
    """The answer is the one for an affair that never was: same kind, same words."""
    world.settled()
    scope = scope_of(world.person(who), "view_affair")
    number = world.page().number
    unknown = f"{number[:-4]}9999"
    for here, nowhere in ((world.affair_id, world.house.new_id()), (number, unknown)):
        with pytest.raises(errors.NotFound) as real:
            world.house.queries.affair(scope, here)
        with pytest.raises(errors.NotFound) as unreal:
            world.house.queries.affair(scope, nowhere)
        assert str(real.value).replace(str(here), "") == str(unreal.value).replace(str(nowhere), "")


@then("被拒绝如同没有这件事")
def as_if_it_were_not(world: World) -> None:
    """The same request about an affair that never was gets an answer of the same kind."""
    refusal, asked = world.refused(), world.command
    assert isinstance(asked, TakeStep | RecordEntry)
    with pytest.raises(errors.NotFound) as unreal:
        world.house.desk.run(
            replace(asked, affair_id=world.house.new_id(), command_id=world.house.new_id())
        )
    assert type(refusal) is type(unreal.value) is errors.NotFound
