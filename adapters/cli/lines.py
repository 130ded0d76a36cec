"""`tenlines lines`: check line files, and show a line of service; what is done with versions of
lines stands beside it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli import drafts, trying
from adapters.cli.district import opened, settings_of
from adapters.cli.line_folders import folders_of
from adapters.cli.output import as_json, note, table, tell
from adapters.cli.refusals import fault, in_language
from adapters.cli.versions import version_named
from adapters.cli.words import language, say

if TYPE_CHECKING:
    from workflows.clockspec import ClockSpec
    from workflows.fields import Label
from workflows.line import Line, TransitionSpec

app = typer.Typer(
    no_args_is_help=True,
    help=say(
        "条线：检查、查看、起草、比较、发布、试算、迁移",
        "lines of service: check, show, draft, compare, publish, try, migrate",
    ),
)


@app.command(
    "check",
    help=say(
        "列出每处错误：文件:行号: 错在哪里（应如何写）。",
        "Every fault as FILE:LINE: what is wrong (what to write).",
    ),
)
def check(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help=say(
                "条线文件或目录；默认为随附的全部和 TENLINES_LINES_DIR 中的",
                "files or folders; default: those shipped and those of TENLINES_LINES_DIR",
            ),
            show_default=False,
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))] = False,
) -> None:
    """Every fault as `file:line: what is wrong (what to write)`."""
    faults, sound = _checked(files or folders_of(settings_of(context)))
    if json:
        as_json(
            {
                "sound": sound,
                "faults": [
                    dict(zip(("file", "line", "wrong", "remedy"), one, strict=True))
                    for one in faults
                ],
            }
        )
    else:
        for one in faults:
            tell(fault(*one))
        note(
            say(
                f"{len(sound)} 个文件无误，{len(faults)} 处错误。",
                f"{len(sound)} files are sound, {len(faults)} faults.",
            )
        )
    if faults:
        raise typer.Exit(1)


def _checked(given: Sequence[Path]) -> tuple[list[tuple[str, int, str, str]], list[str]]:
    from workflows import loading

    faults: list[tuple[str, int, str, str]] = []
    files: list[Path] = []
    for path in given:
        if not path.exists():
            wrong = say("没有这个文件或目录", "no such file or folder")
            faults.append((str(path), 0, wrong, say("请检查路径", "check the path")))
            continue
        within = loading.line_files(path) if path.is_dir() else [path]
        if not within:
            wrong = say("没有条线文件", "holds no line file")
            remedy = say("请写条线文件所在目录", "name a folder of line files")
            faults.append((str(path), 0, wrong, remedy))
        files += within
    found, wrong_ones = loading.load_each(files)
    return [*faults, *map(in_language, wrong_ones)], [str(path) for path, _ in found]


@app.command(
    "show",
    help=say(
        "状态、步骤、时钟及其依据；--json 输出完整定义。",
        "States, steps, clocks and their law; --json prints the whole definition.",
    ),
)
def show(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help=say("条线代码，如 CG", "code of a line, such as CG"))],
    version: Annotated[
        str,
        typer.Option(
            help=say("版本或草案，默认现行", "version or draft; default the one in force")
        ),
    ] = "",
    file: Annotated[
        Path | None, typer.Option(help=say("看这个文件而不是已发布的", "show this file instead"))
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))] = False,
) -> None:
    """States, steps, clocks and their law; `--json` prints the whole definition."""
    import msgspec

    from workflows import loading

    line = loading.load(file) if file is not None else _published(context, code, version)
    if line.code != code:
        raise typer.BadParameter(say(f"文件是 {line.code}", f"the file is of {line.code}"))
    if json:
        as_json(msgspec.Raw(loading.definition(line).encode()))
        return
    _head(line)
    _states(line)
    _steps(line)
    _clocks(line)


def _published(context: typer.Context, code: str, version: str) -> "Line":
    from domain.clock import local_day

    with opened(context) as house:
        if version:
            return version_named(house, code, version).spec
        return house.reference.lines.in_force(code, local_day(house.now())).spec


def _head(line: "Line") -> None:
    until = line.valid.to.isoformat() if line.valid.to else "…"
    tell(f"{line.code} {line.names.zh} {line.names.en}")
    tell(say("版本", "version") + f" {line.version} ({line.valid.since} — {until})")
    for text in (line.law, line.basis):
        if text:
            tell(text)
    tell(
        say("事项：", "matters: ")
        + "; ".join(
            f"{name} {matter.zh if language() == 'zh' else matter.en}"
            for name, matter in line.matters.items()
        )
    )


def _states(line: "Line") -> None:
    table(
        say("状态", "states"),
        (say("代码", "code"), say("名称", "name"), ""),
        (
            (
                state,
                _in(label),
                say("初始", "initial") if state == line.initial else "",
            )
            for state, label in line.all_states().items()
        ),
    )


def _steps(line: "Line") -> None:
    table(
        say("步骤", "steps"),
        (
            "",
            say("从", "from"),
            say("到", "to"),
            say("名称", "name"),
            say("谁", "who"),
            say("条件", "guards"),
            say("须填", "fields"),
            say("依据", "law"),
        ),
        (_step(step) for step in line.all_transitions()),
    )


def _step(step: "TransitionSpec") -> tuple[str, ...]:
    return (
        step.id,
        ",".join(step.sources),
        step.to,
        _in(step.label),
        "/".join(role.value for role in step.by),
        "; ".join(_guard(guard) for guard in step.when),
        ", ".join(field.name if field.required else f"({field.name})" for field in step.fields),
        step.law or step.basis or "",
    )


def _clocks(line: "Line") -> None:
    table(
        say("时钟", "clocks"),
        (
            "",
            say("名称", "name"),
            say("种类", "kind"),
            say("时限", "limit"),
            say("运行于", "runs in"),
            say("依据", "law"),
        ),
        (
            (
                clock.name,
                _in(clock.label),
                clock.kind.value,
                _limit(clock),
                ", ".join((*clock.runs_in, *clock.starts_on)),
                clock.law or clock.basis or "",
            )
            for clock in line.all_clocks()
        ),
    )


def _limit(clock: "ClockSpec") -> str:
    told = [f"{clock.limit.count} {clock.limit.unit.value}"] if clock.limit else []
    for case in clock.limits:
        of = "/".join((*case.matters, *(_guard(guard) for guard in case.when)))
        told.append(f"{of}: {case.count} {case.unit.value}" if of else f"{case.count} {case.unit}")
    return "; ".join(told)


def _guard(guard: object) -> str:
    import json

    assert isinstance(guard, dict)
    return ", ".join(
        name if value is True else f"{name}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in guard.items()
        if name != "told"
    )


def _in(label: "Label") -> str:
    return label.zh if language() == "zh" else label.en


for _name, (_run, _zh, _en) in {**drafts.COMMANDS, **trying.COMMANDS}.items():
    app.command(_name, help=say(_zh, _en))(_run)
