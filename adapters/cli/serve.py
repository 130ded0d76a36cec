"""`tenlines serve` and `tenlines worker`: the processes of a district."""

import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer

from adapters.cli import logs
from adapters.cli.district import opened, settings_of
from adapters.cli.output import note, tell
from adapters.cli.words import say
from domain.errors import PlaceUnusable

GRACE_SECONDS = 10
"""How long requests that are being answered are waited for at the end."""
BACKLOG = 2048
STATEMENT_SECONDS = 30.0
"""No page holds a connection of PostgreSQL longer; rebuilds run in processes of their own."""


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help=say("监听地址", "address"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(help=say("端口", "port"), min=0, max=65535)] = 8000,
    worker: Annotated[
        bool | None,
        typer.Option(
            "--worker/--no-worker",
            help=say(
                "同时运行后台工作；默认仅 SQLite 时运行",
                "run the worker in this process; default: on SQLite only",
            ),
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve pages and the API until told to stop (Ctrl-C or SIGTERM)."""
    import uvicorn

    from adapters.cli.demonstration import people
    from adapters.cli.serving import Server
    from adapters.worker import Worker
    from web.app import create_app

    logs.configure(settings_of(context).log_level)
    with opened(context) as house, _listening(host, port) as listener:
        for database in (house.log.database, house.follower.database):
            database.bound(STATEMENT_SECONDS)
        embedded = house.log.database.is_sqlite if worker is None else worker
        app = create_app(house, background=(Worker(house).run,) if embedded else ())
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            loop="uvloop" if sys.platform != "win32" else "auto",
            http="httptools",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        shown, real_port = (f"[{host}]" if ":" in host else host), listener.getsockname()[1]
        if house.info.kind == "demonstration":
            people(house.settings.data_dir)
        # Uvicorn raises the signal again once it has stopped: it must find a handler.
        with _told_to_stop() as stop:
            tell(f"http://{shown}:{real_port}")
            Server(config, stop).run(sockets=[listener])


def worker(context: typer.Context) -> None:
    """Follow the log, fire timers and reactions. Of several, one works and the others wait."""
    from adapters.worker import Worker

    logs.configure(settings_of(context).log_level)
    with opened(context) as house, _told_to_stop(house.log.wake) as stop:
        Worker(house, told=_standing).run(stop)


def _standing(leads: bool) -> None:
    note(
        say("后台工作已开始。", "The worker has started.")
        if leads
        else say(
            "另一个后台工作正在运行；本进程等待，待其停止即接替。",
            "Another worker is at work; this one waits and takes over when that one ends.",
        )
    )


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise PlaceUnusable(f"{host}:{port}", error) from error
        listener.listen(BACKLOG)
        yield listener


@contextmanager
def _told_to_stop(wake: Callable[[], None] = lambda: None) -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; `wake` has sleepers look at it."""
    stop = threading.Event()

    def told(_: int, __: FrameType | None) -> None:
        stop.set()
        wake()

    before = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
