"""One transaction per batch: lock, read, decide, views, store, commit; and what if it fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa

from adapters.event_store.batch import Batch, Outcome
from adapters.event_store.engine import Database
from adapters.event_store.faults import ATTEMPTS, Fault, classify
from adapters.event_store.instants import to_micros
from adapters.event_store.leaf import LeafHasher
from adapters.event_store.measures import Measures
from adapters.event_store.member import Member
from adapters.event_store.postgresql import PostgresWriter
from adapters.event_store.schema import Tables
from adapters.event_store.sqlite import SqliteWriter
from adapters.event_store.wanted import Wanted, Writer
from domain.errors import OutcomeUnknown, StorageUnavailable
from domain.log import Recorded


class InlineViews(Protocol):
    """Views written in the transaction of their events.

    tables: created with the log's own, in the same file or schema.
    """

    tables: sa.MetaData

    def apply(self, connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
        """Bring the views up to date with these events, in their order, without committing."""


@dataclass(slots=True)
class _Attempt:
    """How far a transaction came, for whoever must clear up after it."""

    batch: Batch | None = None
    outcomes: Sequence[Outcome] = ()
    committing: bool = False


class Committer:
    """Writes batches, one at a time: its caller sees to that."""

    def __init__(
        self,
        database: Database,
        tables: Tables,
        *,
        now: Callable[[], datetime],
        log_id: Callable[[], UUID],
        inline: InlineViews | None,
        committed: Callable[[int], None],
    ) -> None:
        self._database = database
        self._tables = tables
        self._now = now
        self._log_id = log_id
        self._inline = inline
        self._committed = committed
        self.measures = Measures()
        self._hasher: LeafHasher | None = None
        self._writer: Writer | None = None

    def commit(self, members: Sequence[Member]) -> None:
        """Give each member its outcome. Does not raise for anything that the database did."""
        tries = 0
        while True:
            attempt = _Attempt()
            try:
                self._transaction(members, attempt)
            except Exception as error:  # noqa: BLE001 - whatever it is, each caller is answered
                self._abandon()
                fault = classify(error)
                tries += 1
                if fault is Fault.LOST:
                    self._database.lost()
                    self.measures.lost += 1
                if fault is Fault.LOST and attempt.committing:
                    if self._was_stored(attempt, members):
                        return
                elif fault is Fault.OTHER and len(members) > 1:
                    for member in members:
                        self.commit([member])
                    return
                if fault is Fault.LOST and tries < ATTEMPTS:
                    time.sleep(0.05 * 2**tries)
                    continue
                if fault is not Fault.OTHER:
                    refused = StorageUnavailable(f"{type(error).__name__}: {error}")
                    refused.__cause__ = error
                    error = refused
                for member in members:
                    member.outcome = error
            except BaseException:
                self._abandon()
                for member in members:
                    member.outcome = OutcomeUnknown(member.metadata.command_id)
                raise
            return

    def _transaction(self, members: Sequence[Member], attempt: _Attempt) -> None:
        writer = self._writer or self._open()
        assert self._hasher is not None
        began = time.perf_counter()
        found = writer.enter(Wanted.by(members))
        batch = Batch(
            found, self._hasher, to_micros(self._now()), recording=self._inline is not None
        )
        outcomes = [batch.admit(member) for member in members]
        if batch.is_empty:
            writer.leave()
        else:
            if self._inline is not None and batch.recorded:
                self._inline.apply(writer.connection, batch.recorded)
            attempt.batch, attempt.outcomes, attempt.committing = batch, outcomes, True
            writer.commit(batch)
            self.measures.stored(len(members), time.perf_counter() - began)
            self._committed(batch.head)
        for member, outcome in zip(members, outcomes, strict=True):
            member.outcome = outcome

    def _open(self) -> Writer:
        self._hasher = LeafHasher(self._log_id())
        kind = SqliteWriter if self._database.is_sqlite else PostgresWriter
        self._writer = kind(self._database, self._tables)
        return self._writer

    def _was_stored(self, attempt: _Attempt, members: Sequence[Member]) -> bool:
        """Ask a new connection. True when every member has its outcome by now."""
        assert attempt.batch is not None
        for tries in range(ATTEMPTS):
            time.sleep(0.05 * 2**tries)
            try:
                writer = self._writer or self._open()
                stored = writer.holds(attempt.batch)
            except Exception as error:  # noqa: BLE001 - the answer stays unknown
                unknown = error
                self._abandon()
                continue
            if stored:
                self._committed(attempt.batch.head)
                for member, outcome in zip(members, attempt.outcomes, strict=True):
                    member.outcome = outcome
            return stored
        for member, outcome in zip(members, attempt.outcomes, strict=True):
            if isinstance(outcome, Exception) or outcome.repeated:
                member.outcome = outcome
            else:
                member.outcome = OutcomeUnknown(member.metadata.command_id)
                member.outcome.__cause__ = unknown
        return True

    def _abandon(self) -> None:
        """Roll back; keep the connection only if it is still good."""
        writer = self._writer
        if writer is None:
            return
        try:
            writer.abandon()
        except Exception:  # noqa: BLE001 - a connection that cannot roll back is thrown away
            self._writer = None
            with suppress(Exception):
                writer.connection.invalidate()
            with suppress(Exception):
                writer.close()

    def close(self) -> None:
        """Give the writer's connection back."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
