"""`tenlines audit`: who did what and when, read from the audit trail."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli import telling
from adapters.cli.district import opened, page_of
from adapters.cli.figures import level
from adapters.cli.output import as_json, note, progress, table
from adapters.cli.times import day, shown
from adapters.cli.words import language, say
from domain.clock import SHANGHAI

if TYPE_CHECKING:
    from uuid import UUID

    from adapters.house import House
    from adapters.trail import TrailWanted
    from projections.audit import AuditRow


def audit(
    context: typer.Context,
    affair: Annotated[
        str,
        typer.Option(metavar="NUMBER|ID", help=say("事务编号或 id", "number of an affair, or id")),
    ] = "",
    actor: Annotated[str, typer.Option(help=say("账号", "account"))] = "",
    kind: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            help=say(
                "事件种类，如 affair.step_taken；明文查看为 read",
                "kind of event, such as affair.step_taken; read for looks at masked values",
            ),
        ),
    ] = "",
    start: Annotated[
        date | None,
        typer.Option(
            "--from",
            parser=day,
            metavar="DATE",
            help=say("首日（按记录时间）", "first day, by when it was recorded"),
        ),
    ] = None,
    end: Annotated[
        date | None, typer.Option("--to", parser=day, metavar="DATE", help=say("末日", "last day"))
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, help=say("最多行数，最近的在前", "rows at most, the latest first"))
    ] = 50,
    door: Annotated[
        bool,
        typer.Option(
            "--door",
            help=say(
                "改列出入记录（登录、退出及被拒的尝试）",
                "the journal of the door instead: who came and went, and what was refused",
            ),
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))] = False,
) -> None:
    """One row for each event of every stream, the latest first."""
    from adapters.trail import TrailWanted

    if start is not None and end is not None and end < start:
        raise typer.BadParameter(say("--to 早于 --from", "--to lies before --from"))
    if door and (affair or kind):
        raise typer.BadParameter(
            say("--door 与 --affair、--kind 不能同用", "--door knows of no --affair or --kind")
        )
    if door:
        with opened(context) as house:
            _told_of_the_door(house, actor, start, end, limit, json=json)
        return
    with opened(context) as house, progress() as advance:
        stream = page_of(house, affair).affair_id if affair else None
        level(house, advance)
        rows, numbers = _read(
            house,
            TrailWanted(stream_id=stream, actor=actor, kind=kind, start=start, end=end),
            limit,
        )
        parked = sum(one.view == "audit_trail" for one in house.follower.parked())
    if parked:
        note(
            say(
                f"注意：有 {parked} 处事件无法读取，自该处起未列出（见 tenlines parked）。",
                f"Mind: {parked} streams are parked and not listed from there on "
                "(see tenlines parked).",
            )
        )
    if json:
        as_json([_plain(row, numbers.get(row.stream_id)) for row in rows])
        return
    table(
        "",
        ("序", "记录", "发生", "何人", "单位", "事务", "何事", "自", "至")
        if language() == "zh"
        else ("#", "recorded", "happened", "who", "unit", "affair", "what", "from", "to"),
        (
            (
                str(row.position),
                shown(row.recorded_at),
                shown(row.occurred_at),
                f"{row.actor} ({row.role})",
                row.unit,
                numbers.get(row.stream_id, str(row.stream_id)),
                row.action,
                row.left,
                row.to,
            )
            for row in rows
        ),
    )


def _told_of_the_door(
    house: "House",
    account: str,
    start: date | None,
    end: date | None,
    limit: int,
    *,
    json: bool,
) -> None:
    since = _midnight(start) if start else None
    until = _midnight(end + timedelta(days=1)) if end and end < date.max else None
    seen = house.door.journal.read(account=account, start=since, end=until, limit=limit)
    if json:
        as_json(
            [
                {
                    "minute": one.minute.isoformat(),
                    "account": one.account,
                    "what": one.what,
                    "why": one.why,
                    "times": one.times,
                }
                for one in seen
            ]
        )
        return
    table(
        "",
        ("时间", "何事", "缘由", "何人", "次数")
        if language() == "zh"
        else ("when", "what", "why", "who", "times"),
        ((shown(one.minute), one.what, one.why, one.account, str(one.times)) for one in seen),
    )


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, SHANGHAI)


def _read(
    house: "House", wanted: "TrailWanted", limit: int
) -> "tuple[list[AuditRow], dict[UUID, str]]":
    from adapters.queries import LARGEST_PAGE
    from workflows.rights import EVERYWHERE

    rows: list[AuditRow] = []
    numbers: dict[UUID, str] = {}
    before = None
    while len(rows) < limit:
        part = min(limit - len(rows), LARGEST_PAGE)
        page = house.queries.audit(EVERYWHERE, replace(wanted, before=before, limit=part))
        rows += page.rows
        numbers |= page.numbers
        before = page.next
        if before is None:
            break
    return rows, numbers


def _plain(row: "AuditRow", number: str | None) -> object:
    told = telling.plain(row)
    return {"position": told.pop("position"), "affair": number, **told}
