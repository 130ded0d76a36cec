"""`tenlines calendar`: bring the working-day table of a year, and see what is in force."""

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli import telling
from adapters.cli.district import actor_of, opened
from adapters.cli.output import as_json, note, table, tell
from adapters.cli.times import shown
from adapters.cli.words import say
from domain.errors import CalendarMissing

if TYPE_CHECKING:
    from adapters.house import House
    from domain.line import CalendarImported

app = typer.Typer(
    no_args_is_help=True,
    help=say("工作日历：导入、查看", "working-day tables: import and show"),
)

READ_AT_ONCE = 10_000
WEEKDAYS = ("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))

AsJson = Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))]


@app.command(
    "import",
    help=say(
        "导入一年的放假与调休日期；再次导入即为新的版次。",
        "Bring a year's days off and days made up; brought again, it is a new revision.",
    ),
)
def bring(
    context: typer.Context,
    year: Annotated[int, typer.Argument(help=say("年份", "the year"), show_default=False)],
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help=say("CSV 或 JSON 文件", "a CSV or JSON file"),
            show_default=False,
        ),
    ],
    by: Annotated[
        str,
        typer.Option(
            metavar="ACCOUNT",
            help=say("以哪个账号导入（须有此项权限）", "who brings it: an account with the right"),
        ),
    ],
    source: Annotated[
        str, typer.Option(help=say("通知文号；默认文件名", "the notice; default: the file's name"))
    ] = "",
    json: AsJson = False,
) -> None:
    """Read a file, check every line of it, and import it as a command of the account."""
    from adapters import calendars
    from domain.commands import ImportCalendar
    from workflows.rights import Resource, authorise

    with opened(context) as house:
        actor = actor_of(house, by, "import_calendar")
        # Asked before the file is read: who may not import learns nothing else.
        authorise(actor, "import_calendar", Resource(), year)
        before = _latest(house).get(year)
        read = calendars.read(
            file,
            year,
            by=actor.account,
            occurred_at=house.now(),
            revision=_next_revision(before),
            source=source,
        )
        same = before is not None and _days(before) == _days(read)
        if not same:
            house.desk.run(
                ImportCalendar(
                    command_id=house.new_id(),
                    by=actor,
                    occurred_at=read.occurred_at,
                    year=year,
                    version=read.version,
                    source=read.source,
                    holidays=read.holidays,
                    workdays=read.workdays,
                )
            )
    stands = before if same and before is not None else read
    if json:
        as_json({"imported": not same, **_told(stands)})
    elif same:
        note(
            say(
                f"{year} 年的日期与现行 {stands.version} 相同，未再导入。",
                f"the days of {year} are those of {stands.version} already; nothing was imported",
            )
        )
    else:
        tell(
            say(
                f"已导入 {stands.version}：放假 {len(stands.holidays)} 天，"
                f"调休上班 {len(stands.workdays)} 天，工作日 {_working(stands)} 天。",
                f"imported {stands.version}: {len(stands.holidays)} weekdays off, "
                f"{len(stands.workdays)} weekend days worked, {_working(stands)} working days",
            )
        )


@app.command(
    "show",
    help=say(
        "列出已导入的年份；写明年份则列出其放假与调休日期。",
        "The years there are; of one year, its days off and days made up.",
    ),
)
def show(
    context: typer.Context,
    year: Annotated[
        int | None, typer.Argument(help=say("年份", "the year"), show_default=False)
    ] = None,
    json: AsJson = False,
) -> None:
    """What is in force: of several imports of a year the last one."""
    with opened(context) as house:
        found = _latest(house)
    if year is None:
        _years(sorted(found.values(), key=lambda one: one.year), json)
    elif year in found:
        _year(found[year], json)
    else:
        raise CalendarMissing(year)


def _years(found: "list[CalendarImported]", json: bool) -> None:
    if json:
        as_json([_told(one) for one in found])
        return
    table(
        "",
        (
            say("年份", "year"),
            say("版次", "version"),
            say("工作日", "working days"),
            say("放假", "off"),
            say("调休上班", "made up"),
            say("依据", "source"),
            say("何人", "who"),
            say("何时", "when"),
        ),
        (
            (
                str(one.year),
                one.version,
                str(_working(one)),
                str(len(one.holidays)),
                str(len(one.workdays)),
                one.source,
                one.by,
                shown(one.occurred_at),
            )
            for one in found
        ),
    )


def _year(one: "CalendarImported", json: bool) -> None:
    if json:
        as_json(_told(one))
        return
    kinds = dict.fromkeys(one.holidays, say("放假", "off"))
    kinds |= dict.fromkeys(one.workdays, say("上班", "worked"))
    table(
        f"{one.version} · {one.source}",
        (say("日期", "day"), "", ""),
        ((day.isoformat(), _weekday(day), kinds[day]) for day in sorted(kinds)),
    )


def _latest(house: "House") -> "dict[int, CalendarImported]":
    """Of each year the import that counts; what cannot be read is left out, as in decisions."""
    from domain.line import CalendarImported
    from domain.topics import TOPIC_OF

    rows = house.log.select(0, READ_AT_ONCE, topics=(TOPIC_OF[CalendarImported],))
    recorded = house.history.batch(rows, lambda _row, _why: None)
    return {seen.event.year: seen.event for seen in recorded}


def _next_revision(before: "CalendarImported | None") -> int:
    if before is None:
        return 1
    _, _, revision = before.version.rpartition(".")
    return int(revision) + 1 if revision.isdecimal() else 1


def _days(one: "CalendarImported") -> tuple[set[date], set[date]]:
    return set(one.holidays), set(one.workdays)


def _told(one: "CalendarImported") -> dict[str, Any]:
    told: dict[str, Any] = telling.plain(one)
    return {**told, "working_days": _working(one)}


def _working(one: "CalendarImported") -> int:
    first, after = date(one.year, 1, 1), date(one.year + 1, 1, 1)
    weekdays = sum((first + timedelta(days=n)).weekday() < 5 for n in range((after - first).days))
    return weekdays - len(set(one.holidays)) + len(set(one.workdays))


def _weekday(day: date) -> str:
    zh, en = WEEKDAYS
    return say(f"周{zh[day.weekday()]}", en[day.weekday()])
