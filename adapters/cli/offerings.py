"""`tenlines offerings`: sessions and venues with places, opened, listed, resized and cancelled by
commands of an account that runs them.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from adapters.cli.district import actor_of, opened
from adapters.cli.output import as_json, table, tell
from adapters.cli.telling import plain
from adapters.cli.times import instant, shown
from adapters.cli.words import say
from domain.errors import NotFound

if TYPE_CHECKING:
    from adapters.house import House
    from projections.offerings import OfferingRow

app = typer.Typer(
    help=say("活动与场地的场次", "sessions and venues with places"),
    no_args_is_help=True,
)

Which = Annotated[
    str,
    typer.Argument(
        metavar="SESSION",
        help=say("场次编号或其开头", "id of the session, or its beginning"),
        show_default=False,
    ),
]
By = Annotated[
    str,
    typer.Option(
        "--as",
        "--by",
        metavar="ACCOUNT",
        help=say("由哪个账号办理", "the account that does it"),
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))]


@app.command("open", help=say("开放场次，可以报名。", "Open a session, whose places can be had."))
def open_(
    context: typer.Context,
    matter: Annotated[
        str, typer.Argument(help=say("事项，如 WT01", "matter, such as WT01"), show_default=False)
    ],
    unit: Annotated[
        str,
        typer.Option(
            help=say("社区、街道或区的代码", "code of the community, street or district"),
            show_default=False,
        ),
    ],
    title: Annotated[str, typer.Option(help=say("名称", "its title"), show_default=False)],
    venue: Annotated[str, typer.Option(help=say("地点", "where it is"), show_default=False)],
    capacity: Annotated[int, typer.Option(help=say("名额", "places"), show_default=False)],
    since: Annotated[
        datetime,
        typer.Option(
            "--from",
            parser=instant,
            metavar="TIME",
            help=say("开始，如 2011-07-29T09:00+08:00", "begins, as 2011-07-29T09:00+08:00"),
            show_default=False,
        ),
    ],
    until: Annotated[
        datetime,
        typer.Option(
            "--until",
            parser=instant,
            metavar="TIME",
            help=say("结束", "ends"),
            show_default=False,
        ),
    ],
    by: By,
    standby: Annotated[
        int, typer.Option(help=say("满员后可候补的人数", "how many may wait once it is full"))
    ] = 0,
    json: Json = False,
) -> None:
    """Open a session."""
    from domain.commands import OpenOffering

    with opened(context) as house:
        made = house.new_id()
        house.desk.run(
            OpenOffering(
                **_asked(house, by, made),
                matter=matter,
                unit=unit,
                title=title,
                venue=venue,
                capacity=capacity,
                standby=standby,
                starts_at=since,
                ends_at=until,
            )
        )
        one = _meant(house, str(made))
    _told(one, json, say(f"已开放“{one.title}”，编号 {made}", f"{one.title} is open: {made}"))


@app.command("list", help=say("列出未结束的场次。", "The sessions that are not over."))
def list_(
    context: typer.Context,
    unit: Annotated[
        str, typer.Option(help=say("只列该单位及其下的", "only of this unit and those below"))
    ] = "",
    every: Annotated[
        bool,
        typer.Option("--all", help=say("已结束和已取消的也列出", "those over or cancelled too")),
    ] = False,
    json: Json = False,
) -> None:
    """The next one first."""
    from adapters.offerings import Offerings

    with opened(context) as house:
        if unit and unit not in house.reference.organisation.units:
            raise NotFound("unit", unit)
        found = Offerings(house.log.database).run_by(unit, EVER if every else house.now())
        rows = [row for row in reversed(found) if every or not row.cancelled]
    if json:
        as_json([plain(row) for row in rows])
        return
    table(
        "",
        (
            say("编号", "session"),
            say("事项", "matter"),
            say("单位", "unit"),
            say("名称", "title"),
            say("地点", "venue"),
            say("开始", "from"),
            say("结束", "until"),
            say("已占/名额", "taken/places"),
            say("候补/上限", "waiting/standby"),
            say("取消", "cancelled"),
        ),
        (
            (
                str(row.offering_id),
                row.matter,
                row.unit,
                row.title,
                row.venue,
                shown(row.starts_at),
                shown(row.ends_at),
                f"{row.held + row.kept}/{row.capacity}",
                f"{row.waiting}/{row.standby}",
                say("是", "yes") if row.cancelled else "",
            )
            for row in rows
        ),
    )


@app.command(
    help=say(
        "调整名额和候补人数；空出的名额按候补次序递补。",
        "Change how many places there are, and how many may wait; free ones go to who waits.",
    )
)
def resize(
    context: typer.Context,
    session: Which,
    by: By,
    capacity: Annotated[
        int | None, typer.Option(help=say("名额；默认不变", "places; default: as it is"))
    ] = None,
    standby: Annotated[
        int | None, typer.Option(help=say("候补；默认不变", "standby; default: as it is"))
    ] = None,
    json: Json = False,
) -> None:
    """Another number of places."""
    from domain.commands import ResizeOffering

    if capacity is None and standby is None:
        wanted = say("请写 --capacity 或 --standby", "write --capacity or --standby")
        raise typer.BadParameter(wanted)
    with opened(context) as house:
        one = _meant(house, session)
        house.desk.run(
            ResizeOffering(
                **_asked(house, by, one.offering_id),
                capacity=one.capacity if capacity is None else capacity,
                standby=one.standby if standby is None else standby,
            )
        )
        one = _meant(house, str(one.offering_id))
    _told(
        one,
        json,
        say(
            f"“{one.title}”现有 {one.capacity} 个名额、{one.standby} 个候补",
            f"{one.title} has {one.capacity} places, and {one.standby} may wait",
        ),
    )


@app.command(
    help=say(
        "取消场次：候补的由系统终止，已有名额的逐件办理。",
        "Cancel a session. The system ends who waits; who has a place is told one by one.",
    )
)
def cancel(
    context: typer.Context,
    session: Which,
    by: By,
    reason: Annotated[str, typer.Option(help=say("理由", "why"), show_default=False)],
    json: Json = False,
) -> None:
    """It will not take place."""
    from domain.commands import CancelOffering

    with opened(context) as house:
        one = _meant(house, session)
        house.desk.run(CancelOffering(**_asked(house, by, one.offering_id), reason=reason))
        one = _meant(house, str(one.offering_id))
    _told(
        one,
        json,
        say(
            f"已取消“{one.title}”：{one.held + one.kept} 人已有名额，{one.waiting} 人候补",
            f"{one.title} is cancelled: {one.held + one.kept} have a place, {one.waiting} wait",
        ),
    )


# --- what they share -----------------------------------------------------------------------------

EVER = datetime(1900, 1, 1, tzinfo=UTC)


def _asked(house: "House", by: str, session: UUID) -> dict[str, Any]:
    from workflows.booking import RUN

    return {
        "command_id": house.new_id(),
        "by": actor_of(house, by, RUN),
        "occurred_at": house.now(),
        "offering_id": session,
    }


def _meant(house: "House", told: str) -> "OfferingRow":
    """The one session whose id begins so. Raises NotFound."""
    from adapters.offerings import Offerings

    rows = Offerings(house.log.database).run_by("", EVER)
    found = [row for row in rows if str(row.offering_id).startswith(told.lower())]
    if len(found) != 1 or not told:
        raise NotFound(say("唯一的场次：", "single session"), told)
    return found[0]


def _told(one: "OfferingRow", json: bool, words: str) -> None:
    if json:
        as_json(plain(one))
    else:
        tell(words)
