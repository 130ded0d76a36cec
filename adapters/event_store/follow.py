"""Following the log: every event once and in order, and then the next one when it comes."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from time import monotonic

import psycopg
from psycopg.sql import SQL, Identifier

from adapters.event_store.engine import Database
from adapters.event_store.reading import Reader, StoredRow
from adapters.event_store.signals import Signal

POLL_SECONDS = 1.0
"""A notice can be missed, so everyone looks by themselves as often as this."""


class Followers:
    """Those in this process who follow one log."""

    def __init__(
        self, database: Database, reader: Reader, signal: Signal, channel: str | None
    ) -> None:
        self._reader = reader
        self._signal = signal
        self._listener = None if channel is None else _Listener(database, signal, channel)

    def follow(
        self,
        after: int,
        batch: int,
        stop: threading.Event | None,
        topics: Sequence[str],
    ) -> Iterator[Sequence[StoredRow]]:
        """Contiguous batches above `after`, of these topics if any are named, until `stop`."""
        self._listen()
        wanted = frozenset(topics)
        while stop is None or not stop.is_set():
            heard = self._signal.heard
            rows: Sequence[StoredRow] = self._reader.after(after, batch)
            if not rows:
                self._signal.wait(heard, POLL_SECONDS, stop)
                continue
            assert rows[-1].position == after + len(rows), "the log has a gap"
            after = rows[-1].position
            if wanted:
                rows = [row for row in rows if row.topic in wanted]
            if rows:
                yield rows

    def wait_for(self, position: int, timeout: float, stop: threading.Event | None = None) -> bool:
        """Whether the log came so far within `timeout` seconds, and before `stop`."""
        self._listen()
        deadline = monotonic() + timeout
        while True:
            heard = self._signal.heard
            if self._reader.head() >= position:
                return True
            remaining = deadline - monotonic()
            if remaining <= 0 or (stop is not None and stop.is_set()):
                return False
            self._signal.wait(heard, min(remaining, POLL_SECONDS), stop)

    def _listen(self) -> None:
        if self._listener is not None:
            self._listener.start()

    def close(self) -> None:
        """Stop listening, and wake who waits."""
        if self._listener is not None:
            self._listener.close()
        self._signal.nudge()


class _Listener:
    """Hears what other processes commit to PostgreSQL, on a connection and thread of its own."""

    def __init__(self, database: Database, signal: Signal, channel: str) -> None:
        self._engine = database.engine
        self._signal = signal
        self._channel = channel
        self._mutex = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wake = (-1, -1)

    def start(self) -> None:
        if self._thread is not None:
            return
        with self._mutex:
            if self._thread is None:
                self._wake = os.pipe()
                self._thread = threading.Thread(target=self._run, name="log-listener", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            # Polling goes on while there is no connection to listen on.
            with suppress(psycopg.Error, OSError):
                if self._hear():
                    return
            if select.select([self._wake[0]], [], [], POLL_SECONDS)[0]:
                return

    def _hear(self) -> bool:
        """Listen until told to stop: True. Raises when the connection is lost."""
        url = self._engine.url
        arguments, options = self._engine.dialect.create_connect_args(url)
        with psycopg.connect(*arguments, **options, autocommit=True) as connection:
            connection.execute(SQL("LISTEN {}").format(Identifier(self._channel)))
            # What was committed before this is found by looking, not by listening.
            self._signal.nudge()
            while True:
                ready, _, _ = select.select([connection.fileno(), self._wake[0]], [], [])
                if self._wake[0] in ready:
                    return True
                for notice in connection.notifies(timeout=0):
                    self._signal.ring(int(notice.payload))

    def close(self) -> None:
        with self._mutex:
            thread, self._thread = self._thread, None
            if thread is None:
                return
            os.write(self._wake[1], b"x")
            thread.join()
            os.close(self._wake[0])
            os.close(self._wake[1])
