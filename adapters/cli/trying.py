"""`tenlines lines try` and `lines migrate`: affairs under another version of their line."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli import telling
from adapters.cli.district import actor_of, opened
from adapters.cli.drafts import AsJson, By, Code, Version
from adapters.cli.output import as_json, progress, table, tell
from adapters.cli.times import day, shown
from adapters.cli.versions import version_named
from adapters.cli.words import say
from workflows.trial import summed

if TYPE_CHECKING:
    from adapters.house import House
    from adapters.trials import Move, Trial, Trials
    from workflows.machine import CompiledLine
    from workflows.trial import Moved

From = Annotated[
    date,
    typer.Option(
        "--from", parser=day, metavar="DATE", help=say("首日", "first day"), show_default=False
    ),
]
To = Annotated[
    date,
    typer.Option(
        "--to", parser=day, metavar="DATE", help=say("末日", "last day"), show_default=False
    ),
]


def try_(
    context: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help=say("条线文件，或“CG 2012.1”这样的草案", "a line file, or a draft as 'CG 2012.1'"),
            show_default=False,
        ),
    ],
    start: From,
    end: To,
    json: AsJson = False,
) -> None:
    """Replay the affairs registered on these days under a draft; nothing is stored."""
    from workflows import loading
    from workflows.machine import CompiledLine
    from workflows.rights import EVERYWHERE

    if start > end:
        raise typer.BadParameter(say("--from 晚于 --to", "--from is later than --to"))
    code, _, version = file.partition(" ")
    own = None if version else CompiledLine(loading.load(Path(file)))
    with opened(context) as house, progress() as advance:
        line = own or version_named(house, code, version)
        trials = trials_of(house)
        affairs = trials.registered(EVERYWHERE, line.line, start, end)
        found = []
        for one in trials.tried(affairs, line):
            found.append(one)
            advance(say("试算", "tried"), len(found), len(affairs))
    if json:
        as_json(_tried(line, found))
        return
    _table_of_trials(line, found)


def migrate(
    context: typer.Context,
    code: Code,
    version: Version,
    by: By,
    reason: Annotated[
        str,
        typer.Option(
            "--reason", help=say("理由，记入每件事务", "why; recorded on each"), show_default=False
        ),
    ] = "",
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help=say("只列出会怎样，什么也不改", "tell what would change, and change nothing"),
        ),
    ] = False,
    since: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="VERSION",
            help=say("只迁移按此版本办理的", "only those that go by this version"),
        ),
    ] = "",
    json: AsJson = False,
) -> None:
    """Have the running affairs of a line go on under a published version, each by its own command.

    What cannot move is told, with why; done again, only what is left is moved.
    """
    from workflows.drafting import PUBLISH

    if not dry_run and not reason.strip():
        raise typer.BadParameter(say("请写明 --reason", "write --reason"))
    with opened(context) as house, progress() as advance:
        actor = actor_of(house, by, PUBLISH)
        line = house.reference.lines.version(code, version)
        trials = trials_of(house)
        affairs = trials.running(actor, code)
        found = []
        for done, move in enumerate(trials.moves(affairs, line, since=since), 1):
            found.append(move if dry_run else trials.move(move, line, actor, reason))
            advance(say("迁移", "moved"), done, len(affairs))
    if json:
        as_json(_moves(line, found, dry_run=dry_run))
    else:
        _table_of_moves(line, found, dry_run=dry_run)
    if not dry_run and any(one.refusal for one in found):
        raise typer.Exit(1)


COMMANDS: dict[str, tuple[Callable[..., None], str, str]] = {
    "try": (
        try_,
        "按草案重算一段时期登记的事务：哪些期限会变，哪些会逾期，哪些步骤不能再办。",
        "What if: affairs under a draft; which deadlines, delays and open steps would be others.",
    ),
    "migrate": (
        migrate,
        "把在办事务迁移到已发布的版本；--dry-run 先看会怎样。",
        "Have running affairs go on under a published version; --dry-run tells first.",
    ),
}


def trials_of(house: "House") -> "Trials":
    """What asks the affairs of an open district."""
    from adapters.trials import Trials

    return Trials(house.log.database, house.history, house.desk, house.now)


# --- what if -------------------------------------------------------------------------------------


def _tried(line: "CompiledLine", found: "Sequence[Trial]") -> dict[str, Any]:
    return {
        "code": line.line,
        "version": line.version,
        **asdict(summed([one.found for one in found])),
        "affairs": [{"number": one.affair.number, **_finding(one)} for one in found if _tells(one)],
    }


def _finding(one: "Trial") -> dict[str, Any]:
    if one.found is None:
        return {"unreadable": True}
    told: dict[str, Any] = telling.plain(one.found)
    return told


def _tells(one: "Trial") -> bool:
    return one.found is None or one.found.differs


def _table_of_trials(line: "CompiledLine", found: "Sequence[Trial]") -> None:
    labels, sums = _labels(line), summed([one.found for one in found])
    tell(
        say(
            f"{line.line} {line.version}：试算 {sums.tried} 件，{sums.differ} 件会有不同；"
            f"逾期 {sums.were_late} 件，会是 {sums.would_be_late} 件；"
            f"{sums.closed_steps} 步当时不能办；{sums.unreadable} 件无法读取。",
            f"{line.line} {line.version}: {sums.tried} tried, {sums.differ} would differ; "
            f"{sums.were_late} were late, {sums.would_be_late} would have been; "
            f"{sums.closed_steps} steps would not have been open; "
            f"{sums.unreadable} cannot be read",
        )
    )
    told = [one for one in found if _tells(one)]
    if not told:
        return
    table(
        "",
        (
            say("事务", "affair"),
            say("期限会变", "deadlines that would change"),
            say("逾期", "late"),
            say("不能再办的", "not open any more"),
        ),
        (
            (
                one.affair.number,
                _moved(one.found.moved, labels) if one.found else say("无法读取", "unreadable"),
                _late(one),
                _closed(one, labels),
            )
            for one in told
        ),
    )


def _late(one: "Trial") -> str:
    if one.found is None:
        return ""
    was, would = one.found.was_late, one.found.would_be_late
    if was and would:
        return say("照旧", "as before")
    if would:
        return say("会逾期", "would have been")
    return say("不再逾期", "no more") if was else ""


def _closed(one: "Trial", labels: dict[str, str]) -> str:
    from adapters.cli.wording import because

    return "; ".join(
        f"{_called(closed.name, labels)} {shown(closed.at)}: {because(closed.because)}"
        for closed in (one.found.closed if one.found else ())
    )


# --- moving --------------------------------------------------------------------------------------


def _moves(line: "CompiledLine", found: "Sequence[Move]", *, dry_run: bool) -> dict[str, Any]:
    return {
        "code": line.line,
        "version": line.version,
        "dry_run": dry_run,
        "move": sum(not one.found.because for one in found),
        "stay": sum(bool(one.found.because) for one in found),
        "affairs": [
            {
                "number": one.affair.number,
                "from": one.version,
                "moved": telling.plain(one.found.moved),
                "because": one.found.because,
            }
            for one in found
        ],
    }


def _table_of_moves(line: "CompiledLine", found: "Sequence[Move]", *, dry_run: bool) -> None:
    from adapters.cli.refusals import told
    from adapters.cli.words import language

    labels = _labels(line)
    stay = sum(bool(one.found.because) for one in found)
    tell(
        say(
            f"{line.line} {line.version}：{'将' if dry_run else '已'}迁移 {len(found) - stay} 件，"
            f"{stay} 件不能迁移。",
            f"{line.line} {line.version}: {len(found) - stay} "
            f"{'would move' if dry_run else 'moved'}, {stay} cannot",
        )
    )
    if not found:
        return
    table(
        "",
        (
            say("事务", "affair"),
            say("现按版本", "goes by"),
            say("期限会变" if dry_run else "期限的变化", "deadlines"),
            say("不能迁移的原因", "why it cannot move"),
        ),
        (
            (
                one.affair.number,
                one.version,
                _moved(one.found.moved, labels),
                told(one.found.because, language()),
            )
            for one in found
        ),
    )


# --- what they share -----------------------------------------------------------------------------


def _labels(line: "CompiledLine") -> dict[str, str]:
    from adapters.cli.wording import words

    spec, label = line.spec, words().label
    return {
        **{clock.name: label(clock.label) for clock in spec.all_clocks()},
        **{entry.name: label(entry.label) for entry in spec.all_entries()},
        **{step.id: label(step.label) for step in spec.all_transitions()},
    }


def _called(name: str, labels: dict[str, str]) -> str:
    return " ".join(filter(None, (name, labels.get(name, ""))))


def _moved(moved: "Sequence[Moved]", labels: dict[str, str]) -> str:
    return "; ".join(
        f"{_called(one.clock, labels)}: {shown(one.was) or '—'} → {shown(one.would_be) or '—'}"
        for one in moved
    )
