"""`tenlines init`: make a district, and enter what it cannot work without."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.district import settings_of
from adapters.cli.output import as_json, progress, table, tell
from adapters.cli.times import moment
from adapters.cli.words import say

if TYPE_CHECKING:
    from adapters.cli.foundation import Founded

YEARS = "2011-2026"


class KindOfLog(StrEnum):
    """production: its clock is the world's. demonstration: its clock starts at an anchor."""

    PRODUCTION = "production"
    DEMONSTRATION = "demonstration"


def span(text: str) -> range:
    """`2011-2026` or `2026`. Raises BadParameter."""
    first, _, last = text.partition("-")
    if first.isdecimal() and (last or first).isdecimal() and int(first) <= int(last or first):
        return range(int(first), int(last or first) + 1)
    raise typer.BadParameter(say(f"{text}：请写成 2011-2026", f"{text}: write 2011-2026"))


def init(
    context: typer.Context,
    kind: Annotated[
        KindOfLog, typer.Option(help=say("日志种类", "kind of log"))
    ] = KindOfLog.PRODUCTION,
    anchor: Annotated[
        datetime | None,
        typer.Option(
            parser=moment,
            metavar="TIME",
            help=say("演示日志的起始时刻", "where a demonstration's clock starts"),
        ),
    ] = None,
    lines_dir: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help=say(
                "条线文件目录，默认随附的和 TENLINES_LINES_DIR 中的",
                "folder of line files; default: those shipped and those of TENLINES_LINES_DIR",
            ),
        ),
    ] = None,
    years: Annotated[
        str, typer.Option(metavar="FIRST-LAST", help=say("工作日历年份", "working-day tables"))
    ] = YEARS,
    organisation: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help=say(
                "单位、片区和账号文件（YAML 或 JSON）",
                "file of units, areas and accounts (YAML or JSON)",
            ),
        ),
    ] = None,
    administrator: Annotated[
        str,
        typer.Option(
            metavar="CODE=NAME",
            help=say("首位系统管理员的账号和姓名", "account and name of the first administrator"),
        ),
    ] = "",
    security: Annotated[
        str,
        typer.Option(
            metavar="CODE=NAME",
            help=say(
                "首位安全管理员的账号和姓名", "account and name of the first security administrator"
            ),
        ),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))] = False,
) -> None:
    """Make the district: keys, log, tables, lines of service, calendars, units.

    Twice does no harm: what is there already is left as it is.
    """
    from adapters import calendars
    from adapters.cli.foundation import (
        Foundation,
        Organisation,
        first_accounts,
        open_accounts,
        read_organisation,
    )
    from adapters.cli.line_folders import folders_of
    from adapters.house import create
    from adapters.time import wall
    from domain.actor import SYSTEM
    from workflows.loading import load_folder

    if (kind is KindOfLog.DEMONSTRATION) != (anchor is not None):
        raise typer.BadParameter(
            say(
                "--anchor 与 --kind demonstration 须同时使用",
                "--anchor and --kind demonstration go together",
            )
        )
    wanted = span(years)
    # Everything that can be wrong is read before anything is made.
    settings = settings_of(context)
    lines = load_folder(*([lines_dir] if lines_dir else folders_of(settings)))
    if not lines:
        raise typer.BadParameter(
            say(f"{lines_dir} 中没有条线文件", f"{lines_dir} holds no line file"),
            param_hint="--lines-dir",
        )
    told = read_organisation(organisation) if organisation else Organisation(units=())
    tables = calendars.seed(wanted, by=SYSTEM.account, occurred_at=wall())
    house = create(settings, anchor=anchor)
    try:
        with progress() as advance:
            foundation = Foundation(house, by=SYSTEM, publisher=SYSTEM, progress=advance)
            made = foundation.lay(lines, tables, told.units)
        first = first_accounts(house, administrator, security)
        invitations = open_accounts(house, (*first, *told.accounts))
    finally:
        house.close()
    if json:
        as_json({**asdict(made), "invitations": invitations})
        return
    _tell(made)
    _tell_invitations(invitations)


def _tell(made: "Founded") -> None:
    nothing = say("无（已有的保持不变）", "none (what is there stays)")
    for zh, en, entered in (
        ("发布条线", "lines published", made.lines),
        ("导入日历", "calendars imported", made.years),
        ("登记单位", "units registered", made.units),
        ("分派片区", "areas assigned", made.areas),
    ):
        tell(say(f"{zh}：", f"{en}: ") + (", ".join(entered) or nothing))


def _tell_invitations(invitations: dict[str, str]) -> None:
    if not invitations:
        return
    table(
        say(
            "邀请（只显示这一次，三天内在浏览器打开）",
            "invitations (shown only this once; to be opened in a browser within three days)",
        ),
        (say("账号", "account"), say("地址", "address")),
        ((account, f"/invitation/{token}") for account, token in invitations.items()),
    )
