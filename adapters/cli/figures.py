"""`tenlines stats`: the indicators of a period, as the API tells them."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.district import opened
from adapters.cli.output import Advance, as_json, note, progress, table
from adapters.cli.times import day
from adapters.cli.words import language, say
from domain.errors import NotFound

if TYPE_CHECKING:
    from adapters.house import House

WAIT_SECONDS = 1.0


def stats(
    context: typer.Context,
    start: Annotated[
        date,
        typer.Option("--from", parser=day, metavar="DATE", help=say("首日", "first day")),
    ],
    end: Annotated[
        date, typer.Option("--to", parser=day, metavar="DATE", help=say("末日", "last day"))
    ],
    line: Annotated[str, typer.Option(help=say("条线代码", "code of a line"))] = "",
    unit: Annotated[str, typer.Option(help=say("单位代码", "code of a unit"))] = "",
    json: Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))] = False,
) -> None:
    """The indicators of a period, both days included."""
    from projections.indicators import definitions
    from workflows.rights import EVERYWHERE

    if end < start:
        raise typer.BadParameter(say("--to 早于 --from", "--to lies before --from"))
    with opened(context) as house, progress() as advance:
        if line and line not in house.reference.lines.codes():
            raise NotFound("line", line)
        if unit:
            house.reference.organisation.unit(unit)
        level(house, advance)
        figures = house.queries.statistics(EVERYWHERE, start, end, line=line, unit=unit)
        parked = house.uncounted()
    if parked:
        note(
            say(
                f"注意：有 {parked} 件事务的事件无法读取，未计入；见 tenlines parked。",
                f"Mind: {parked} streams are parked and not counted; see tenlines parked.",
            )
        )
    if json:
        as_json(
            {
                "period": {"from": start, "to": end},
                "scope": {"line": line, "unit": unit},
                "indicators": figures,
                "parked": parked,
            }
        )
        return
    zh = language() == "zh"
    table(
        f"{start} — {end}",
        (say("指标", "indicator"), say("数值", "value"), say("分子/分母", "of")),
        (
            (
                definition.zh if zh else definition.en,
                _value(figures[definition.name]["value"], definition.unit),
                _of(figures[definition.name]),
            )
            for definition in definitions()
        ),
    )


def level(house: "House", advance: Advance) -> None:
    """Bring the following views level with the log: here, where no worker leads."""
    from adapters.projector import state
    from adapters.worker import Worker
    from adapters.worker.worker import LEASE

    head, follower, worker = house.log.head(), house.follower, Worker(house)
    try:
        while (position := follower.position()) < head:
            advance("views", position, head)
            if worker.leads():
                follower.step()
            else:
                follower.wait_for(head, WAIT_SECONDS)
    finally:
        with follower.database.writing() as connection:
            state.drop_lease(connection, LEASE, worker.holder)


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return "—"
    return f"{value:.1%}" if unit == "ratio" else f"{value:g}"


def _of(figure: object) -> str:
    assert isinstance(figure, dict)
    below = figure["denominator"]
    return "" if below is None else f"{figure['numerator']}/{below}"
