"""Figures, as reports print them."""

from __future__ import annotations

from datetime import date

from pytest_bdd import parsers, then

from projections.indicators import Figure, definitions
from tests.steps.affair import WHO
from tests.steps.people import Table
from tests.steps.time import DAYS, PERIOD
from tests.steps.world import World
from workflows.rights import EVERYWHERE, Scope, scope_of

NAMES = {each.zh: each.name for each in definitions()}


def printed(figure: Figure) -> str:
    """`1`, `100%（1/1）`, or a dash where nothing can be said."""
    value, below = figure["value"], figure["denominator"]
    if value is None:
        return "—"
    if below is None:
        return str(value)
    return f"{value:.0%}（{figure['numerator']}/{below}）"


def figures(world: World, scope: Scope, first: date, last: date) -> dict[str, Figure]:
    """The indicators, once the views are level with the log."""
    world.follow()
    return world.house.queries.statistics(scope, first, last)


def compare(told: dict[str, Figure], datatable: Table) -> None:
    """Rows of 指标 and 数值; the mean is told in working days."""
    head, *rows = datatable
    assert head == ["指标", "数值"]
    shown = {}
    for zh, name in NAMES.items():
        figure = told[name]
        mean = name == "mean_handling_working_days" and figure["value"] is not None
        shown[zh] = f"{figure['value']:g}个工作日" if mean else printed(figure)
    assert [[zh, shown[zh]] for zh, _ in rows] == rows


@then(parsers.re(f"{PERIOD}的统计为"), converters=DAYS)
def report(world: World, first: date, last: date, datatable: Table) -> None:
    """The figures of the whole district."""
    compare(figures(world, EVERYWHERE, first, last), datatable)


@then(parsers.re(f"{WHO}查得{PERIOD}的统计为"), converters=DAYS)
def report_of(world: World, who: str, first: date, last: date, datatable: Table) -> None:
    """The figures as far as somebody's right reaches."""
    scope = scope_of(world.person(who), "statistics")
    compare(figures(world, scope, first, last), datatable)
