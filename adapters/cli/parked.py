"""`tenlines parked`: the streams that a view cannot follow or whose work is refused, and what to
do about them.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli import telling
from adapters.cli.district import opened
from adapters.cli.output import Advance, as_json, note, progress, table, tell
from adapters.cli.times import shown
from adapters.cli.words import language, say
from domain.errors import NotFound

if TYPE_CHECKING:
    from adapters.house import House


def parked(
    context: typer.Context,
    retry: Annotated[
        bool,
        typer.Option(
            "--retry",
            help=say(
                "再试：重建所涉视图，重新执行所涉联动与到期处理",
                "try again: build the views anew, carry the reactions out, fire what is due",
            ),
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))] = False,
) -> None:
    """What is parked, oldest first. Ends with 1 where there is any."""
    with opened(context) as house, progress() as advance:
        if retry:
            _again(house, advance)
        found = [_told(house, one) for one in house.parked()]
    if json:
        as_json(found)
    elif found:
        _table(found)
        note(
            say(
                "查明原因并修复后，运行 tenlines parked --retry 再试。",
                "Mend the cause, then run tenlines parked --retry.",
            )
        )
    else:
        tell(say("没有搁置的流。", "nothing is parked"))
    if found:
        raise typer.Exit(1)


def _again(house: "House", advance: Advance) -> None:
    from adapters.cli.views import Folded
    from adapters.projector import state
    from adapters.worker.reactor import Reactor
    from adapters.worker.sweeper import Sweeper
    from projections.catalogue import ALL

    concerned = {one.view for one in house.parked()}
    for view in ALL:
        if view.name in concerned:
            house.rebuild(view.name, Folded(view.name, advance))
    if state.REACTIONS in concerned:
        Reactor(house).again()
    if state.TIMERS in concerned:
        Sweeper(house).again()
    if state.AFFAIRS in concerned:
        house.tried_again()


def _told(house: "House", one: Any) -> dict[str, Any]:
    from workflows.rights import EVERYWHERE

    try:
        number = house.queries.affair(EVERYWHERE, one.stream_id).number
    except NotFound:
        number = None
    (row,) = house.log.read(one.position - 1, 1)
    return {
        "view": one.view,
        "stream_id": str(one.stream_id),
        "affair": number,
        "position": one.position,
        "topic": one.topic,
        "reason": one.reason,
        "since": telling.plain(row.recorded_at),
    }


def _table(found: list[dict[str, Any]]) -> None:
    from datetime import datetime

    table(
        "",
        ("视图", "事务或流", "序", "事件", "自", "原因")
        if language() == "zh"
        else ("view", "affair or stream", "#", "event", "since", "reason"),
        (
            (
                one["view"],
                one["affair"] or one["stream_id"],
                str(one["position"]),
                one["topic"],
                shown(datetime.fromisoformat(one["since"])),
                one["reason"],
            )
            for one in found
        ),
    )
