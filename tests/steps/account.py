"""Accounts and roles: opened, granted, stood in for, withdrawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from pytest_bdd import given, parsers, then, when

from adapters.demo.cast import POSTS
from adapters.demo.records import day as day_of
from domain.account import commands as c
from domain.account.state import Grant, evolve, stream_of
from domain.affair.commands import Command
from domain.clock import local_day
from tests.steps.district import CODES, NAMES
from tests.steps.labels import one_of
from tests.steps.people import Table
from tests.steps.time import DAY
from tests.steps.world import World

ACCOUNTS = {
    "石磊": "shilei",
    "安宁": "anning",
    "周敏": "zhoumin",
    "林晓禾": "linxiaohe",
    "陈砚": "chenyan",
    "苏青": "suqing",
    "王芳": "wangfang",
}
"""The codes of their accounts."""

HOLDERS = {account: name for name, account in ACCOUNTS.items()}
TITLES = {role: title for title, role in POSTS.items()}

BY = one_of(ACCOUNTS, "by")
WHOSE = one_of(ACCOUNTS, "whose")
ROLE = f"{one_of(CODES, 'unit')}的{one_of(POSTS, 'post')}"
DAYS = "(?:，自(?P<since>[^至起]+)(?:至(?P<until>.+)|起))?"


def asked(world: World, by: str, whose: str) -> dict[str, Any]:
    """What every command about an account carries."""
    told = world.asked(by)
    return {
        **told,
        "by": replace(told["by"], account=ACCOUNTS[by]),
        "account": ACCOUNTS[whose],
    }


def grant_of(world: World, whose: str, unit: str, post: str) -> UUID:
    """The grant of that role there, as the log has it."""
    state = None
    for seen in world.house.history.stream(stream_of(ACCOUNTS[whose])):
        state = evolve(state, seen.event)
    held: tuple[Grant, ...] = state.grants if state else ()
    return next(h.grant for h in held if (h.unit, h.role) == (CODES[unit], POSTS[post]))


def changed(world: World, by: str, deed: str, whose: str) -> Command:
    """Somebody opens, closes or reopens an account."""
    told = asked(world, by, whose)
    match deed:
        case "开立":
            return c.OpenAccount(**told, name=whose)
        case "停用":
            return c.CloseAccount(**told)
        case _:
            return c.ReopenAccount(**told)


def granted(
    world: World, by: str, whose: str, unit: str, post: str, since: str | None, until: str | None
) -> Command:
    """Somebody grants a role."""
    return c.GrantRole(
        **asked(world, by, whose),
        role=POSTS[post],
        unit=CODES[unit],
        valid_from=day_of(since) if since else local_day(world.clock.at),
        valid_until=day_of(until) if until else None,
    )


def deputed(
    world: World, by: str, deputy: str, whose: str, unit: str, post: str, since: str, until: str
) -> Command:
    """Somebody has one stand in for another."""
    return c.AppointDeputy(
        **asked(world, by, deputy),
        principal=ACCOUNTS[whose],
        of=grant_of(world, whose, unit, post),
        valid_from=day_of(since),
        valid_until=day_of(until),
    )


CHANGES = "(?P<deed>开立|停用|恢复)"
DEPUTES = f"{one_of(ACCOUNTS, 'deputy')}代理{WHOSE}{ROLE}，自(?P<since>[^至]+)至(?P<until>.+)"


@given(parsers.re(f"{BY}已{CHANGES}{WHOSE}的账号"))
def was_changed(world: World, by: str, deed: str, whose: str) -> None:
    """It was so before."""
    world.run(changed(world, by, deed, whose))


@when(parsers.re(f"{BY}{CHANGES}{WHOSE}的账号"))
def change(world: World, by: str, deed: str, whose: str) -> None:
    """It is tried."""
    world.attempt(changed(world, by, deed, whose))


@given(parsers.re(f"{BY}已授予{WHOSE}{ROLE}{DAYS}"))
def was_granted(
    world: World, by: str, whose: str, unit: str, post: str, since: str | None, until: str | None
) -> None:
    """It was so before."""
    world.run(granted(world, by, whose, unit, post, since, until))


@when(parsers.re(f"{BY}授予{WHOSE}{ROLE}{DAYS}"))
def grant(
    world: World, by: str, whose: str, unit: str, post: str, since: str | None, until: str | None
) -> None:
    """It is tried."""
    world.attempt(granted(world, by, whose, unit, post, since, until))


@when(parsers.re(f"{BY}收回{WHOSE}{ROLE}"))
def withdraw(world: World, by: str, whose: str, unit: str, post: str) -> None:
    """It is tried."""
    held = grant_of(world, whose, unit, post)
    world.attempt(c.WithdrawRole(**asked(world, by, whose), grant=held))


@given(parsers.re(f"{BY}已委托{DEPUTES}"))
def was_deputed(
    world: World, by: str, deputy: str, whose: str, unit: str, post: str, since: str, until: str
) -> None:
    """It was so before."""
    world.run(deputed(world, by, deputy, whose, unit, post, since, until))


@when(parsers.re(f"{BY}委托{DEPUTES}"))
def depute(
    world: World, by: str, deputy: str, whose: str, unit: str, post: str, since: str, until: str
) -> None:
    """It is tried."""
    world.attempt(deputed(world, by, deputy, whose, unit, post, since, until))


@then(parsers.re(f"{WHOSE}在{DAY}没有角色"))
def nothing_held(world: World, whose: str, day: str) -> None:
    """Nothing is in force for the account on that day."""
    world.settled()
    assert world.house.people.grants(ACCOUNTS[whose], day_of(day)) == ()


@then(parsers.re(f"{WHOSE}在{DAY}的角色为"))
def held(world: World, whose: str, day: str, datatable: Table) -> None:
    """Rows of 角色, 单位, 代理: what is in force for the account on that day."""
    world.settled()
    head, *rows = datatable
    assert head == ["角色", "单位", "代理"]
    assert rows == [
        [TITLES[one.role], NAMES[one.unit], HOLDERS.get(one.deputy_for, "")]
        for one in world.house.people.grants(ACCOUNTS[whose], day_of(day))
    ]
