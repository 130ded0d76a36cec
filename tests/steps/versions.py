"""Versions of a line: drafted, compared, published, tried, and running affairs moved to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from pytest_bdd import given, parsers, then, when

from adapters.demo.records import day
from adapters.trials import Trials
from domain.actor import SYSTEM, Role
from domain.affair.commands import MigrateAffair
from domain.commands import DraftLine, PublishDraft, PublishLine
from tests.builders import lines
from tests.steps.affair import WHO
from tests.steps.labels import one_of
from tests.steps.people import Table
from tests.steps.time import DAY, MOMENT, WHEN, Converters
from tests.steps.world import World
from web.differing import told
from web.trying import closed_because
from web.words import words_of
from workflows.chinese import in_chinese
from workflows.line import Line, Validity
from workflows.machine import CompiledLine
from workflows.publication import defined
from workflows.rights import EVERYWHERE
from workflows.trial import Moved

VERSION = r"(?P<version>\d{4}\.\d)版"
CLOCKS = {clock.label.zh: clock.name for clock in lines.of("CG")[0].spec.clocks}
LIMIT = f"{one_of(CLOCKS, 'clock')}的期限改为(?P<count>\\d+)个工作日"
ROLES = {"社区主任": Role.CD}
STEPS = {"转入劝导": "G4"}
WHOSE = f"{one_of(STEPS, 'step')}改由{one_of(ROLES, 'role')}办理"
REASON = "理由是“(?P<reason>[^”]+)”"
ON: Converters = {**WHEN, "day": day}
SPAN: Converters = {"start": day, "end": day}
DAYS = DAY.replace("day", "start") + "至" + DAY.replace("day", "end")
ZH = words_of("zh")


def another(version: str, since: date, **changes: object) -> Line:
    """CG in another version."""
    spec = lines.of("CG")[0].spec
    return spec.model_copy(
        update={"version": version, "valid": Validity(**{"from": since}), **changes}
    )


def limited(clock: str, count: int) -> dict[str, object]:
    """Its clocks, one of them with another limit."""
    clocks = lines.of("CG")[0].spec.clocks
    return {
        "clocks": tuple(
            one.model_copy(update={"limit": one.limit.model_copy(update={"count": count})})
            if one.name == CLOCKS[clock] and one.limit
            else one
            for one in clocks
        )
    }


def drafts(world: World, who: str, moment: datetime, line: Line) -> None:
    """Somebody drafts it, or tries to."""
    world.at(moment)
    world.attempt(DraftLine(**world.asked(who), note="试行", **defined(line)))
    world.house.reference.refresh()


# --- drafting and publishing ---------------------------------------------------------------------


@given(parsers.re(f"{WHO}于{MOMENT}起草{VERSION}，自{DAY}起施行，{LIMIT}"), converters=ON)
@when(parsers.re(f"{WHO}于{MOMENT}起草{VERSION}，自{DAY}起施行，{LIMIT}"), converters=ON)
def with_a_limit(
    world: World, who: str, moment: datetime, version: str, day: date, clock: str, count: str
) -> None:
    """A draft in which a clock has another limit."""
    drafts(world, who, moment, another(version, day, **limited(clock, int(count))))


@when(parsers.re(f"{WHO}于{MOMENT}起草{VERSION}，自{DAY}起施行，{WHOSE}"), converters=ON)
def by_others(
    world: World, who: str, moment: datetime, version: str, day: date, step: str, role: str
) -> None:
    """A draft in which another role takes a step."""
    steps = tuple(
        one.model_copy(update={"by": (ROLES[role],)}) if one.id == STEPS[step] else one
        for one in lines.of("CG")[0].spec.transitions
    )
    drafts(world, who, moment, another(version, day, transitions=steps))


@when(parsers.re(f"{WHO}于{MOMENT}起草{VERSION}，劝导之后没有出路"), converters=WHEN)
def without_a_way_out(world: World, who: str, moment: datetime, version: str) -> None:
    """A draft in which nothing leads out of persuasion."""
    spec = lines.of("CG")[0].spec
    kept = tuple(one for one in spec.transitions if "persuading" not in one.sources)
    drafts(world, who, moment, another(version, moment.date(), transitions=kept))


@when(parsers.re(f"{WHO}于{MOMENT}发布{VERSION}(?:的第(?P<draft>\\d)稿)?"), converters=WHEN)
def publishes(world: World, who: str, moment: datetime, version: str, draft: str | None) -> None:
    """Somebody publishes what was drafted, as it was read."""
    world.at(moment)
    read = int(draft or 1)
    world.attempt(PublishDraft(**world.asked(who), code="CG", version=version, draft=read))
    world.house.reference.refresh()


@given(parsers.re(f"{LIMIT}的{VERSION}自{DAY}起施行"), converters=ON)
def stands(world: World, clock: str, count: str, version: str, day: date) -> None:
    """A version that was published."""
    line = another(version, day, **limited(clock, int(count)))
    id_, now = world.house.new_id(), world.clock.at
    world.run(PublishLine(command_id=id_, by=SYSTEM, occurred_at=now, **defined(line)))
    world.house.reference.refresh()


@then(parsers.re(f"{DAY}施行的是{VERSION}"), converters=ON)
def in_force(world: World, day: date, version: str) -> None:
    """Which version counts on a day."""
    world.settled()
    assert world.house.reference.lines.in_force("CG", day).version == version


@then(parsers.re(f"{VERSION}与(?P<old>[0-9.]+)版的不同为"))
def differ(world: World, version: str, old: str, datatable: Table) -> None:
    """The whole difference in words; the head is 何处, 变化, 原来, 现在."""
    world.settled()
    reference = world.house.reference
    new = reference.drafts.get("CG", version).line().spec
    found = told(reference.lines.version("CG", old).spec, new, ZH)
    head, *rows = datatable
    assert head == ["何处", "变化", "原来", "现在"]
    assert [[one.what, one.part or one.change, one.was, one.now] for one in found] == rows


# --- what if, and moving -------------------------------------------------------------------------


def trials(world: World) -> Trials:
    """What looks at recorded affairs under another version."""
    house = world.house
    return Trials(house.log.database, house.history, house.desk, house.now)


def title(world: World, number: str) -> str:
    """What the affair of that number is about."""
    pages = world.house.queries
    return next(
        about
        for about, id_ in world.affairs.items()
        if pages.affair(EVERYWHERE, id_).number == number
    )


def moved(changes: Iterable[Moved], line: CompiledLine) -> str:
    """`劝导：2011年7月25日改为2011年7月27日`."""

    def due(at: datetime | None) -> str:
        return ZH.deadline(at).removesuffix(" 24:00") if at else "不计时"

    names = {clock.name: clock.label.zh for clock in line.spec.all_clocks()}
    return "；".join(
        f"{names[one.clock]}：{due(one.was)}改为{due(one.would_be)}" for one in changes
    )


@then(parsers.re(f"{DAYS}登记的按{VERSION}试算为"), converters=SPAN)
def would_be(world: World, start: date, end: date, version: str, datatable: Table) -> None:
    """Every affair that would be otherwise; the head is 事项, 期限会变, 逾期, 不能再办."""
    world.settled()
    line = world.house.reference.drafts.get("CG", version).line()
    affairs = trials(world).registered(EVERYWHERE, "CG", start, end)
    rows = []
    for one in trials(world).tried(affairs, line):
        assert one.found is not None
        late = {(True, True): "照旧", (False, True): "会逾期", (True, False): "不再逾期"}
        rows.append(
            [
                title(world, one.affair.number),
                moved(one.found.moved, line),
                late.get((one.found.was_late, one.found.would_be_late), ""),
                "；".join(f"{c.name}：{closed_because(c.because, ZH)}" for c in one.found.closed),
            ]
        )
    assert [["事项", "期限会变", "逾期", "不能再办"], *rows] == datatable


@then(parsers.re(f"{DAYS}登记的按{VERSION}试算没有不同"), converters=SPAN)
def would_be_the_same(world: World, start: date, end: date, version: str) -> None:
    """Nothing would be otherwise."""
    world.settled()
    line = world.house.reference.drafts.get("CG", version).line()
    affairs = trials(world).registered(EVERYWHERE, "CG", start, end)
    assert not [one for one in trials(world).tried(affairs, line) if one.found is None
                or one.found.differs]  # fmt: skip


@then(parsers.re(f"迁移到{VERSION}会是"))
def would_move(world: World, version: str, datatable: Table) -> None:
    """Every affair that goes by another version; the head is 事项, 期限会变, 不能迁移的原因."""
    world.settled()
    line = world.house.reference.lines.version("CG", version)
    found = trials(world).moves(trials(world).running(SYSTEM, "CG"), line)
    rows = [
        [title(world, one.affair.number), moved(one.found.moved, line),
         in_chinese(one.found.because)]
        for one in found
    ]  # fmt: skip
    assert [["事项", "期限会变", "不能迁移的原因"], *rows] == datatable


@given(parsers.re(f"{WHO}于{MOMENT}迁移到{VERSION}，{REASON}"), converters=WHEN)
@when(parsers.re(f"{WHO}于{MOMENT}迁移到{VERSION}，{REASON}"), converters=WHEN)
def moves(world: World, who: str, moment: datetime, version: str, reason: str) -> None:
    """All running affairs go on under it."""
    world.at(moment)
    line, by = world.house.reference.lines.version("CG", version), world.person(who)
    found = list(trials(world).moves(trials(world).running(by, "CG"), line))
    assert found, "nothing was to be moved"
    for one in found:
        assert trials(world).move(one, line, by, reason).refusal is None
    world.work()


@then(parsers.re(f"没有要迁移到{VERSION}的"))
def nothing_to_move(world: World, version: str) -> None:
    """Every running affair goes by it."""
    line = world.house.reference.lines.version("CG", version)
    assert not list(trials(world).moves(trials(world).running(SYSTEM, "CG"), line))


@when(parsers.re(f"{WHO}于{MOMENT}迁移该事项到{VERSION}，{REASON}"), converters=WHEN)
def moves_one(world: World, who: str, moment: datetime, version: str, reason: str) -> None:
    """Somebody moves the affair, or tries to."""
    world.at(moment)
    affair_id = world.affair_id
    world.attempt(
        MigrateAffair(**world.asked(who), affair_id=affair_id, version=version, reason=reason)
    )
