"""`tenlines rebuild`: a read model built anew beside the live one."""

from typing import Annotated

import typer

from adapters.cli.district import opened
from adapters.cli.output import Advance, as_json, progress, tell
from adapters.cli.words import say


def rebuild(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help=say("视图名称", "name of the view"), show_default=False)
    ] = "",
    every: Annotated[bool, typer.Option("--all", help=say("全部视图", "every view"))] = False,
    json: Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))] = False,
) -> None:
    """Build a view anew from the log; pages read the old one until the switch."""
    from projections.catalogue import ALL

    known = [view.name for view in ALL]
    if bool(name) == every:
        raise typer.BadParameter(
            say(
                f"请写一个视图名称（{'、'.join(known)}）或 --all",
                f"name one view ({', '.join(known)}) or --all",
            )
        )
    done: dict[str, int] = {}
    with opened(context) as house, progress() as advance:
        for one in known if every else [name]:
            done[one] = house.rebuild(one, _of(one, advance))
    if json:
        as_json(done)
        return
    for one, position in done.items():
        tell(say(f"{one} 已重建到第 {position} 条", f"{one} is level with position {position}"))


def _of(name: str, advance: Advance) -> "Folded":
    return Folded(name, advance)


class Folded:
    """Tells the progress of one view."""

    def __init__(self, name: str, advance: Advance) -> None:
        self._name, self._advance = name, advance

    def __call__(self, done: int, total: int) -> None:
        self._advance(self._name, done, total)
