"""`tenlines lines draft`, `drafts`, `diff`, `publish`: from a file to being in force."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli import telling
from adapters.cli.district import actor_of, opened
from adapters.cli.output import as_json, note, table, tell
from adapters.cli.times import shown
from adapters.cli.versions import standing_version, version_named
from adapters.cli.words import say

if TYPE_CHECKING:
    from datetime import date

    from adapters.house import House
    from domain.line import LineDrafted, LinePublished

Code = Annotated[
    str,
    typer.Argument(help=say("条线代码，如 CG", "code of a line, such as CG"), show_default=False),
]
Version = Annotated[str, typer.Argument(help=say("版本", "the version"), show_default=False)]
By = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="ACCOUNT",
        help=say("以哪个账号办理（须有此项权限）", "who does it: an account with the right"),
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))]


def draft(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=say("条线文件", "a line file"), show_default=False)],
    by: By,
    told: Annotated[
        str,
        typer.Option(
            "--note",
            help=say("一句话：改了什么、为什么", "in one line: what is new and why"),
            show_default=False,
        ),
    ],
    json: AsJson = False,
) -> None:
    """Enter a file as the draft of its version; drafted again, it takes the earlier one's place."""
    from domain.commands import DraftLine
    from domain.line import draft_of
    from workflows import loading
    from workflows.drafting import DRAFT
    from workflows.publication import defined
    from workflows.rights import Resource, authorise

    with opened(context) as house:
        actor = actor_of(house, by, DRAFT)
        # Asked before the file is read: who may not draft learns nothing else.
        authorise(actor, DRAFT, Resource())
        line = loading.load(file)
        receipt = house.desk.run(
            DraftLine(
                command_id=house.new_id(),
                by=actor,
                occurred_at=house.now(),
                note=told,
                **defined(line),
            )
        )
        house.reference.refresh()
        revision = receipt.versions[draft_of(line.code, line.version)]
        if json:
            as_json(_told(house, line.code, line.version))
            return
        tell(
            say(
                f"已起草 {line.code} {line.version}，第 {revision} 稿。",
                f"{line.code} {line.version} is drafted, draft {revision}",
            )
        )
        _notes(house, line.code, line.valid.since, line.valid.to)


def drafts(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help=say("只列此条线", "of this line only"))] = "",
    json: AsJson = False,
) -> None:
    """What was drafted and is not published."""
    with opened(context) as house:
        told = [
            _told(house, one.event.code, one.event.version)
            for one in house.reference.drafts.all(code)
        ]
    if json:
        as_json(told)
        return
    if not told:
        note(say("没有草案。", "there are no drafts"))
        return
    table(
        "",
        (
            say("条线", "line"),
            say("版本", "version"),
            say("第几稿", "draft"),
            say("施行", "from"),
            say("至", "to"),
            say("说明", "note"),
            say("何人", "who"),
            say("何时", "when"),
        ),
        (
            (
                one["code"],
                one["version"],
                str(one["draft"]),
                one["valid_from"],
                one["valid_to"] or "",
                one["note"],
                one["by"],
                one["drafted"],
            )
            for one in told
        ),
    )


def diff(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="CODE|FILE",
            help=say("条线代码或条线文件", "code of a line, or a line file"),
            show_default=False,
        ),
    ],
    versions: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[OLD] [NEW]",
            help=say(
                "两个版本或草案，先旧后新；只写一个即与现行的比较",
                "two versions or drafts, the old one first; one alone is compared with what is "
                "in force",
            ),
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """What one version says differently from another, in words, each with its law."""
    from adapters.cli.wording import differing
    from workflows import loading

    named = versions or []
    file = Path(what) if "." in what or Path(what).is_file() else None
    if not (0 if file else 1) <= len(named) <= (1 if file else 2):
        raise typer.BadParameter(
            say("请写 条线 旧版 新版，或 文件 旧版", "write CODE OLD NEW, or FILE OLD")
        )
    new = loading.load(file) if file else None
    with opened(context) as house:
        code = new.code if new else what
        if new is None:
            new = version_named(house, code, named.pop()).spec
        old = version_named(house, code, named[0]).spec if named else standing_version(house, code)
    found = differing(old, new)
    if json:
        as_json({"code": code, "old": old.version, "new": new.version,
                 "differences": [asdict(one) for one in found]})  # fmt: skip
        return
    tell(f"{code} {old.version} → {new.version}")
    if not found:
        note(say("没有不同。", "they say the same"))
        return
    table(
        say(f"{len(found)} 处不同", f"{len(found)} differences"),
        (
            "",
            say("何处", "where"),
            say("变化", "change"),
            say("原来", "was"),
            say("现在", "now"),
            say("依据", "law"),
        ),
        ((one.group, one.what, one.part or one.change, one.was, one.now, one.law) for one in found),
    )


def publish(
    context: typer.Context,
    code: Code,
    version: Version,
    revision: Annotated[
        int,
        typer.Option(
            "--draft",
            metavar="N",
            help=say(
                "读过的是第几稿（见 lines drafts）；此后又改过的不发布",
                "which draft was read (see lines drafts); one changed since is not published",
            ),
            show_default=False,
        ),
    ],
    by: By,
    json: AsJson = False,
) -> None:
    """Put a draft in force, by another person than who drafted it, exactly as it was read."""
    from domain.commands import PublishDraft
    from workflows.drafting import PUBLISH

    with opened(context) as house:
        actor = actor_of(house, by, PUBLISH)
        known = [one for one in house.reference.drafts.all(code) if one.event.version == version]
        over = _covered(house, known[0].event) if known else []
        house.desk.run(
            PublishDraft(
                command_id=house.new_id(),
                by=actor,
                occurred_at=house.now(),
                code=code,
                version=version,
                draft=revision,
            )
        )
        house.reference.refresh()
        line = house.reference.lines.version(code, version).spec
    if json:
        as_json(
            {
                "code": code,
                "version": version,
                "draft": revision,
                "valid_from": telling.plain(line.valid.since),
                "valid_to": telling.plain(line.valid.to),
                "covers": [one.version for one in over],
            }
        )
        return
    tell(
        say(
            f"已发布 {code} {version}，自 {line.valid.since} 起施行。",
            f"{code} {version} is published, in force from {line.valid.since}",
        )
    )
    _tell_covered(over)


COMMANDS: dict[str, tuple[Callable[..., None], str, str]] = {
    "draft": (
        draft,
        "把条线文件起草为新版本；再次起草即替换前一稿。",
        "Draft a version from its file; drafted again, it takes the earlier one's place.",
    ),
    "drafts": (drafts, "列出未发布的草案。", "What was drafted and is not published."),
    "diff": (
        diff,
        "用文字列出两个版本的不同，附依据。",
        "What one version says differently from another, in words, with its law.",
    ),
    "publish": (
        publish,
        "发布草案：由起草人以外的人，按读过的那一稿。",
        "Put a draft in force: by another than who drafted it, exactly as it was read.",
    ),
}


# --- what they share -----------------------------------------------------------------------------


def _told(house: "House", code: str, version: str) -> dict[str, Any]:
    one = house.reference.drafts.get(code, version)
    return {
        "code": code,
        "version": version,
        "draft": one.revision,
        "valid_from": telling.plain(one.event.valid_from),
        "valid_to": telling.plain(one.event.valid_to),
        "note": one.event.note,
        "by": one.event.by,
        "drafted": shown(one.event.occurred_at),
    }


def _notes(house: "House", code: str, since: "date", to: "date | None") -> None:
    """What whoever drafts should know before somebody publishes."""
    from adapters.cli.refusals import told
    from adapters.cli.words import language
    from domain.clock import local_day
    from workflows.drafting import begun_before
    from workflows.publication import covered

    published = list(house.reference.lines.publications(code))
    if begun := begun_before(since, local_day(house.now()), published):
        because = told(begun, language())
        note(say(f"施行日期{because}，现在不能发布。", f"it cannot be published: {because}"))
    _tell_covered(covered(published, since, to))


def _covered(house: "House", event: "LineDrafted") -> "list[LinePublished]":
    from workflows.publication import covered

    published = house.reference.lines.publications(event.code)
    return covered(published, event.valid_from, event.valid_to)


def _tell_covered(over: "list[LinePublished]") -> None:
    for one in over:
        until = one.valid_to.isoformat() if one.valid_to else "…"
        note(
            say(
                f"施行期间内以它为准，不再用 {one.version}（{one.valid_from} — {until}）；"
                "已受理的仍按受理时的版本。",
                f"while it is in force it counts before {one.version} ({one.valid_from} — "
                f"{until}); affairs accepted before keep the version they have",
            )
        )
