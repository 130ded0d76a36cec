"""`tenlines backup`, `restore`, `verify`: copies of a district, and whether its log is whole."""

from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.district import opened, settings_of
from adapters.cli.output import as_json, note, progress, tell
from adapters.cli.words import say

AsJson = Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))]


def backup(
    context: typer.Context,
    target: Annotated[
        Path, typer.Argument(help=say("新建的目录，不能已存在", "a new folder, not there yet"))
    ],
    with_keys: Annotated[
        bool,
        typer.Option(
            help=say("同时复制密钥，单独成文件", "copy the keys too, into a file of their own")
        ),
    ] = True,
    json: AsJson = False,
) -> None:
    """Copy the district while it runs: log, attachments, keys."""
    from adapters.backup import back_up

    with opened(context, outdated=True) as house, progress() as advance:
        made = back_up(house, target, with_keys=with_keys, progress=advance)
        master = house.settings.master_key_path
    if with_keys:
        note(
            say(
                f"注意：{target}/keys.jsonl 含密钥，请单独存放、限期销毁；"
                "恢复旧密钥会使已删除的个人信息重新可读。",
                f"Mind: {target}/keys.jsonl holds keys. Keep it apart and not for long: "
                "to restore old keys undoes erasures.",
            )
        )
    note(
        say(
            f"主密钥和账号文件不在副本中。请另行保管 {master}，没有它个人信息无法读取。",
            f"The master key is in no copy. Keep {master} elsewhere: "
            "without it no personal value can be read.",
        )
    )
    if json:
        as_json(
            {
                "target": str(target),
                "events": made.events,
                "keys": made.keys,
                "attachments": made.attachments,
            }
        )
        return
    tell(
        say(
            f"已备份到 {target}：{made.events} 个事件，{made.attachments} 个附件",
            f"copied to {target}: {made.events} events, {made.attachments} attachments",
        )
    )


def restore(
    context: typer.Context,
    source: Annotated[
        Path, typer.Argument(help=say("备份目录", "the folder of a copy"), exists=True)
    ],
    with_keys: Annotated[
        bool,
        typer.Option(help=say("同时恢复密钥", "restore the keys too")),
    ] = True,
    json: AsJson = False,
) -> None:
    """Bring a copy back to an empty place, check every leaf hash, build the views."""
    from adapters.backup import restore as bring_back

    settings = settings_of(context)
    with progress() as advance:
        done = bring_back(source, settings, with_keys=with_keys, progress=advance)
    if json:
        as_json(
            {
                "log_id": done.log_id,
                "events": done.events,
                "keys": done.keys,
                "attachments": done.attachments,
            }
        )
        return
    tell(
        say(
            f"已恢复并逐条校验：{done.events} 个事件，{done.attachments} 个附件",
            f"restored and checked: {done.events} events, {done.attachments} attachments",
        )
    )


def verify(context: typer.Context, json: AsJson = False) -> None:
    """Compute every leaf hash anew and check positions, versions and times."""
    from adapters.verify import verify as check

    with opened(context, outdated=True) as house, progress() as advance:
        verdict = check(house.log, lambda done, total: advance("verify", done, total))
        log_id = house.info.log_id
    fault = verdict.fault
    limits = say(
        "本检查看不出末尾被截去的事件，也看不出连同叶哈希一起改写的事件；那需要事先签名的树头。",
        "This cannot tell events cut off at the end, nor events rewritten together with their "
        "leaf hashes: that takes a tree head signed before.",
    )
    if json:
        as_json(
            {
                "log_id": log_id,
                "ok": fault is None,
                "events": verdict.events,
                "head": verdict.head,
                "fault": fault,
                "cannot_tell": ["truncated", "rewritten"],
            }
        )
    elif fault is None:
        tell(
            say(
                f"共 {verdict.events} 个事件，逐条校验，未见改动。",
                f"{verdict.events} events checked one by one, none altered.",
            )
        )
        note(limits)
    else:
        tell(
            say(
                f"第 {fault.position} 条有误：{WRONG[fault.wrong][0]}（{fault.detail}）；"
                f"此前 {verdict.events} 条无误。",
                f"position {fault.position} is wrong: {WRONG[fault.wrong][1]} ({fault.detail}); "
                f"the {verdict.events} before it are right.",
            )
        )
        note(limits)
    if fault is not None:
        raise typer.Exit(1)


WRONG = {
    "altered": ("被改动", "altered"),
    "missing": ("缺失", "missing"),
    "version": ("在其流中次序不对", "out of order in its stream"),
    "time": ("记录时间倒退", "recorded before the one before it"),
    "unreadable": ("数据库读不出", "the database cannot give it out"),
}
