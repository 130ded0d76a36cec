"""`tenlines demo`: the story of the scrap heap and a working office, played on a log of its own."""

from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.district import settings_of
from adapters.cli.output import as_json, progress, table, tell
from adapters.cli.words import say

if TYPE_CHECKING:
    from pathlib import Path


def demo(
    context: typer.Context,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh",
            help=say("替换已有的演示数据", "replace a demonstration that is there"),
        ),
    ] = False,
    story_only: Annotated[
        bool,
        typer.Option(
            "--story-only",
            help=say("只演示废品堆的故事", "the story of the scrap heap, and no other affairs"),
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))] = False,
) -> None:
    """Play a story, and affairs of all lines in every state, into an empty data directory."""
    from adapters.demo import build, passwords, tokens

    with progress() as advance:
        built = build(settings_of(context), fresh=fresh, story_only=story_only, progress=advance)
    if json:
        as_json(
            {
                "data_dir": str(built.data_dir),
                "events": built.events,
                "affairs": built.numbers,
                "passwords": passwords(built.data_dir),
                "tokens": tokens(built.data_dir),
            }
        )
        return
    closed, still_open = built.numbers
    tell(
        say(
            f"演示数据在 {built.data_dir}：{built.affairs} 件事务，{built.events} 个事件。"
            f"{closed} 已归档，{still_open} 待核查、可继续办理。",
            f"The demonstration is in {built.data_dir}: {built.affairs} affairs, "
            f"{built.events} events. "
            f"{closed} is archived, {still_open} can be carried on.",
        )
    )
    people(built.data_dir)


def people(data_dir: "Path") -> None:
    """The accounts to try, with their passwords; nothing where they are not kept."""
    from adapters.demo import CAST, TOKENS, passwords

    known = passwords(data_dir)
    if not known:
        return
    table(
        say(
            f"可试用的账号；演示不设第二重验证（程序所用令牌在 {data_dir / TOKENS}）",
            f"Accounts to try, without a second factor (tokens of programs: {data_dir / TOKENS})",
        ),
        (say("账号", "account"), say("姓名", "name"), say("职责", "post"), say("密码", "password")),
        (
            (
                person.account,
                person.name,
                f"{person.role.value} {person.does}",
                known[person.account],
            )
            for person in CAST
            if person.account in known
        ),
    )
