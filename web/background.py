"""What runs beside the requests while the application is up: each in a thread, watched."""

import os
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from web.journal import Journal

Background = Callable[[threading.Event], None]
STOP_SECONDS = 15.0
THREADS = max(4, 2 * (os.cpu_count() or 1))
"""Pages drawn at once: more only take the processor from one another, a fifth of it at forty."""


def lifespan_of(
    wake: Callable[[], None], background: Sequence[Background], journal: Journal
) -> Any:
    """What an application does from start to end. wake: rouses whoever waits for the log."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        threads = [
            threading.Thread(target=_watched, args=(run, stop, journal), name=_name(run))
            for run in background
        ]
        for thread in threads:
            thread.start()
        current_default_thread_limiter().total_tokens = THREADS
        try:
            yield
        finally:
            stop.set()
            wake()
            for thread in threads:
                await run_in_threadpool(thread.join, STOP_SECONDS)

    return lifespan


def _name(run: Background) -> str:
    return getattr(run, "__qualname__", type(run).__name__)


RESTART_SECONDS = 1.0


# A thread that ends with an error begins anew: a database that was away comes back.
def _watched(run: Background, stop: threading.Event, journal: Journal) -> None:
    journal.began(_name(run))
    while not stop.is_set():
        try:
            run(stop)
            return
        except Exception as error:  # noqa: BLE001 (told, and begun anew)
            journal.stopped(_name(run), error)
            stop.wait(RESTART_SECONDS)
