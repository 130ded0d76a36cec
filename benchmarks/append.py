"""How fast commands become durable, beside the stock recorders, the bare drivers and pgbench.

Every command of ours stores one event with its leaf hash, its command id and a row of an inline
view, after its expected version and its id were looked up under the writer's lock.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from adapters.event_store import EventLog
from benchmarks.places import folder, postgres
from benchmarks.report import Row, compared, interleaved
from benchmarks.stock import (
    pgbench,
    postgres_alone,
    sqlite_alone,
    sqlite_batches,
    stock_postgres,
    stock_sqlite,
    stock_writer,
)
from benchmarks.workload import WRITERS, Seen, alone, by_tasks, by_threads, log_writer

UNIT = "commands/s"


@contextmanager
def a_log(url: str) -> Iterator[EventLog]:
    """A new log with the inline view."""
    seen = Seen(sqlite=url.startswith("sqlite"))
    log = EventLog(url, now=lambda: datetime.now(UTC), inline=seen)
    log.create()
    yield log
    log.close()


def on_sqlite() -> Iterator[Row]:
    """The rows of SQLite."""
    with ExitStack() as stack:
        place = stack.enter_context(folder())
        log = stack.enter_context(a_log(f"sqlite:///{place}/log.db"))
        recorder = stack.enter_context(stock_sqlite(place))
        stock = [stock_writer(recorder) for _ in range(WRITERS)]
        writer = log_writer(log)
        yield compared(
            "32 writers / stock recorder, SQLite",
            interleaved(lambda: by_tasks(log), lambda: by_threads(stock)),
            target=6.0,
            unit=UNIT,
            note="ours await receipts in one event loop, the stock recorder has 32 threads",
        )
        yield compared(
            "32 writers / bare transactions of 32 commands, SQLite",
            interleaved(lambda: by_tasks(log), lambda: sqlite_batches(place)),
            target=0.5,
            unit=UNIT,
            note="the bare driver inserts the same rows: events, command ids, the view",
        )
        yield compared(
            "one writer alone / bare driver, SQLite",
            interleaved(lambda: alone(writer), lambda: sqlite_alone(place)),
            target=0.8,
            unit=UNIT,
        )


def on_postgres() -> Iterator[Row]:
    """The rows of PostgreSQL."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        log = stack.enter_context(a_log(server.database("ours")))
        recorder = stack.enter_context(stock_postgres(server.database("stock")))
        bare = server.database("bare")
        stock = [stock_writer(recorder) for _ in range(WRITERS)]
        writer = log_writer(log)
        yield compared(
            "32 writers / stock recorder, PostgreSQL",
            interleaved(lambda: by_tasks(log), lambda: by_threads(stock)),
            target=8.0,
            unit=UNIT,
            note="ours await receipts in one event loop, the stock recorder has 32 threads",
        )
        yield compared(
            "32 writers / pgbench, 32 clients, PostgreSQL",
            interleaved(lambda: by_tasks(log), lambda: pgbench(bare)),
            target=0.5,
            unit=UNIT,
            note="pgbench inserts the events alone, one statement each",
        )
        yield compared(
            "one writer alone / bare driver, PostgreSQL",
            interleaved(lambda: alone(writer), lambda: postgres_alone(bare)),
            target=0.8,
            unit=UNIT,
        )


def rows(large: bool = False) -> list[Row]:
    """Every row. `large` changes nothing here."""
    del large
    return [*on_sqlite(), *on_postgres()]
