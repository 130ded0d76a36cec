"""`tenlines rebuild`: a read model built anew beside the live one."""

from typing import Annotated

import typer

from adapters.cli.district import opened
from adapters.cli.output import Advance, as_json, note, progress, tell
from adapters.cli.words import say


def rebuild(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help=say("视图名称", "name of the view"), show_default=False)
    ] = "",
    every: Annotated[bool, typer.Option("--all", help=say("全部视图", "every view"))] = False,
    outdated: Annotated[
        bool,
        typer.Option(
            "--outdated",
            help=say(
                "版本与本程序不同的全部视图", "every view of another version than this program"
            ),
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))] = False,
) -> None:
    """Build a view anew from the log; pages read the old one until the switch."""
    from projections.catalogue import ALL

    known = [view.name for view in ALL]
    if [bool(name), every, outdated].count(True) != 1:
        raise typer.BadParameter(
            say(
                f"请写一个视图名称（{'、'.join(known)}）、--all 或 --outdated",
                f"name one view ({', '.join(known)}), or --all, or --outdated",
            )
        )
    done: dict[str, int] = {}
    with opened(context, outdated=True) as house, progress() as advance:
        if outdated:
            wanted = [refusal.view for refusal in house.outdated()]
        else:
            wanted = known if every else [name]
        for one in wanted:
            done[one] = house.rebuild(one, _of(one, advance))
        parked = {one.stream_id for one in house.parked() if one.view in done}
    if parked:
        note(
            say(
                f"注意：有 {len(parked)} 个流的事件无法读取，已搁置；见 tenlines parked。",
                f"Mind: {len(parked)} streams could not be read whole and are parked; "
                "see tenlines parked.",
            )
        )
    if json:
        as_json(done)
        return
    if not done:
        tell(say("各视图版本相符，无需重建。", "every view is of this version; nothing to do"))
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
