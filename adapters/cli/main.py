"""The command `tenlines`: what it offers, and how it ends.

Exit codes: 0 done, 1 refused or found wrong, 2 bad usage, 130 interrupted.
"""

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import structlog
import typer
from sqlalchemy.exc import InterfaceError, OperationalError

from adapters.cli import (
    account,
    audit,
    calendar,
    copies,
    demonstration,
    figures,
    founding,
    lines,
    logs,
    offerings,
    parked,
    replay,
    serve,
    views,
)
from adapters.cli.district import Chosen
from adapters.cli.output import note, tell
from adapters.cli.refusals import sentence
from adapters.cli.words import language, say
from domain.errors import Malformed, Refusal, StorageUnavailable

app = typer.Typer(
    name="tenlines",
    help=say(
        "十条线：社区综合管理服务。每件事务是一串事件，每一步都有依据。",
        "Tenlines: affairs of a community office; every affair a chain of events, every step "
        "with its law.",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        tell(f"tenlines {version('tenlines')}")
        raise typer.Exit


@app.callback()
def before(
    context: typer.Context,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            help=say(
                "数据目录（默认 TENLINES_DATA_DIR，否则 var）",
                "where the data lie (default TENLINES_DATA_DIR, else var)",
            )
        ),
    ] = None,
    _: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help=say("显示版本并退出", "show the version and exit"),
        ),
    ] = False,
) -> None:
    context.obj = Chosen(data_dir)
    logs.configure(os.environ.get("TENLINES_LOG_LEVEL", "WARNING"))


COMMANDS: dict[str, tuple[Callable[..., None], str, str]] = {
    "init": (
        founding.init,
        "建立辖区：密钥、日志、数据表、条线、日历、单位。重复执行无妨。",
        "Make the district: keys, log, tables, lines, calendars, units. Twice does no harm.",
    ),
    "demo": (
        demonstration.demo,
        "把 2011 年废品堆放一案演入空的数据目录；其时钟自 2012-06-15 18:00 起走。",
        "Play the scrap heap of 2011 into an empty data directory; its clock starts in 2012.",
    ),
    "serve": (
        serve.serve,
        "提供网页与 API，直到 Ctrl-C 或 SIGTERM。",
        "Serve pages and the API until Ctrl-C or SIGTERM.",
    ),
    "worker": (
        serve.worker,
        "后台工作：跟随日志、到期提醒、联动。多个时一个工作，其余等待。",
        "Follow the log, fire timers and reactions. Of several, one works, the others wait.",
    ),
    "replay": (
        replay.replay,
        "按序回放一件事务的全部事件和由此得出的状态；个人信息遮蔽。",
        "Every event of an affair, and the state they make. Personal values are masked.",
    ),
    "rebuild": (
        views.rebuild,
        "重建视图；切换之前页面照常使用旧表。",
        "Build a view anew; pages read the old one until the switch.",
    ),
    "parked": (
        parked.parked,
        "列出搁置的流：视图读不出的事件、未能执行的联动；--retry 再试。",
        "Streams that a view cannot follow, reactions that were refused; --retry tries again.",
    ),
    "stats": (
        figures.stats,
        "一段时期的各项指标，首末两日都算在内。",
        "The indicators of a period, both days included.",
    ),
    "audit": (
        audit.audit,
        "审计记录：何人、何时、做了什么，最近的在前。",
        "The audit trail: who did what and when, the latest first.",
    ),
    "verify": (
        copies.verify,
        "逐条重算叶哈希，检查序号、版次和时间。",
        "Compute every leaf hash anew; check positions, versions and times.",
    ),
    "backup": (
        copies.backup,
        "运行中复制整个辖区：日志、附件、密钥。",
        "Copy the district while it runs: log, attachments, keys.",
    ),
    "restore": (
        copies.restore,
        "把备份恢复到空处，逐条校验，重建全部视图。",
        "Bring a copy back to an empty place, check every leaf hash, build the views.",
    ),
}

for _name, (_run, _zh, _en) in COMMANDS.items():
    app.command(_name, help=say(_zh, _en))(_run)
app.add_typer(lines.app, name="lines")
app.add_typer(calendar.app, name="calendar")
app.add_typer(account.app, name="account")
app.add_typer(offerings.app, name="offerings")


def app_entry(arguments: Sequence[str] | None = None) -> None:
    """The console script. Never a traceback, unless TENLINES_DEBUG=1."""
    try:
        app(arguments)
    except Refusal as refusal:
        _traced()
        note(sentence(refusal, language()))
        sys.exit(1)
    except (OperationalError, InterfaceError) as error:
        _traced()
        told = " ".join(str(error.orig).split())
        note(sentence(StorageUnavailable(told), language()))
        sys.exit(1)
    except UnicodeEncodeError:
        # What was typed is no text: the terminal sends another encoding.
        _traced()
        note(sentence(Malformed("argument", "half of a surrogate pair"), language()))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 (the last one who can say it in words)
        _traced()
        kind, place = type(error).__name__, _place(error)
        # Important: not the error's own text, which may hold what somebody typed.
        structlog.get_logger("tenlines").error("unexpected", error=kind, place=place)
        note(
            say(
                f"出错了：{kind}（{place}）。设置 TENLINES_DEBUG=1 可看到详情。",
                f"something went wrong: {kind} ({place}). TENLINES_DEBUG=1 shows the details.",
            )
        )
        sys.exit(1)


def _traced() -> None:
    if os.environ.get("TENLINES_DEBUG") == "1":
        traceback.print_exc()


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
