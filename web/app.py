"""The web application of one district: the API, the first pages, and what watches over both.

The only module of the web that knows the house; everything else asks it through `web.ports`.
"""

import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool

from adapters.history import as_of
from adapters.house import House
from adapters.queries import Wanted
from domain.affair.commands import Command
from domain.affair.state import Affair
from domain.errors import NotFound, StorageUnavailable
from domain.log import Receipt, Recorded
from domain.personal import Erased, Personal
from domain.ports import Calendar
from projections.affair_page import AffairPageRow
from projections.indicators import Figure
from web import health, pages, problems
from web.answers import HistoryEntry, ProblemAnswer
from web.api import affairs, attachments, commands, lines, statistics, visits
from web.front import Front
from web.journal import Journal
from web.metrics import Metrics
from web.openapi import complete
from web.ports import Asked, Level, Listing, Paper, Register, Unread
from workflows.machine import CompiledLine
from workflows.organisation import Organisation
from workflows.rights import Scope

Background = Callable[[threading.Event], None]
STOP_SECONDS = 15.0


def create_app(
    house: House,
    accounts: Register,
    *,
    background: Sequence[Background] = (),
    log: Any = None,
) -> FastAPI:
    """The application of an open house, which stays the caller's to close.

    background: what runs beside the requests while the application is up, each in a thread,
        until the event is set: the worker, where it is embedded.
    log: a structlog logger for the record of requests; JSON lines on stderr by default.
    """
    journal, metrics = Journal(log), Metrics()
    office = HouseOffice(house, accounts, metrics)
    metrics.watch(office.level, office.due_backlog)
    app = FastAPI(
        title="Tenlines 十条线",
        summary="Affairs of a community office: every affair a chain of events, every step with "
        "its law.",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,
        lifespan=_lifespan(house, (house.reference.follow, *background), journal),
    )
    app.state.office, app.state.metrics = office, metrics
    app.state.problem_page = pages.problem_page
    problems.enter(app)
    for router in (
        commands.router,
        affairs.router,
        attachments.router,
        visits.router,
        statistics.router,
        lines.router,
        health.router,
    ):
        # As they are, for the prefix stands in each: to include them costs every request a search.
        app.router.routes.extend(router.routes)
    pages.enter(app)
    complete(app, (ProblemAnswer, HistoryEntry))
    app.add_middleware(Front, journal=journal, metrics=metrics)
    return app


class HouseOffice:
    """A house as the routes ask it (`web.ports.Office`)."""

    def __init__(self, house: House, accounts: Register, metrics: Metrics) -> None:
        self._house, self._metrics = house, metrics
        self.accounts = accounts

    def now(self) -> datetime:
        return self._house.now()

    def new_id(self) -> UUID:
        return self._house.new_id()

    async def run(self, command: Command) -> Receipt:
        with self._metrics.command(type(command).__name__), _available():
            return await self._house.desk.run_async(command)

    @property
    def organisation(self) -> Organisation:
        return self._house.reference.organisation

    @property
    def calendar(self) -> Calendar:
        return self._house.reference.calendar

    def line_in_force(self, code: str, on: date) -> CompiledLine:
        return self._house.reference.lines.in_force(code, on)

    def line_version(self, code: str, version: str) -> CompiledLine:
        return self._house.reference.lines.version(code, version)

    def lines_in_force(self, on: date) -> Sequence[CompiledLine]:
        found = []
        for code in sorted(self._house.reference.lines.codes()):
            try:
                found.append(self.line_in_force(code, on))
            except NotFound:
                continue
        return found

    def worklist(self, scope: Scope, asked: Asked) -> Listing:
        with _available():
            page = self._house.queries.worklist(scope, Wanted(**asdict(asked)))
        return Listing(page.rows, page.next)

    def affair(self, scope: Scope, key: UUID | str) -> AffairPageRow:
        with _available():
            return self._house.queries.affair(scope, key)

    def standing(self, affair_id: UUID) -> tuple[Affair, int]:
        with _available():
            return self._house.desk.affairs.get(affair_id)

    def procedure(self, affair: Affair) -> CompiledLine:
        identity = affair.identity
        if identity.accepted_at is not None:
            return self.line_version(identity.line, identity.line_version)
        procedure = self._house.desk.procedure(affair, self._house.now())
        return self.line_version(procedure.line, procedure.version)

    def life(
        self,
        affair_id: UUID,
        occurred_by: datetime | None = None,
        known_by: datetime | None = None,
    ) -> Sequence[Recorded | Unread]:
        unread: list[Unread] = []
        with _available():
            rows = self._house.log.read_stream(affair_id)
            read = self._house.history.batch(
                rows,
                lambda row, why: unread.append(
                    Unread(row.position, row.version, row.topic, row.recorded_at, why)
                ),
            )
        kept: list[Recorded | Unread] = [*as_of(read, occurred_by, known_by)]
        # When an unread event occurred is not known: it is told wherever it was known.
        kept += [one for one in unread if known_by is None or one.recorded_at <= known_by]
        return sorted(kept, key=lambda one: one.version)

    def statistics(
        self, scope: Scope, start: date, end: date, *, line: str, unit: str
    ) -> dict[str, Figure]:
        with _available():
            return self._house.queries.statistics(scope, start, end, line=line, unit=unit)

    def reveal(self, value: Personal, stream_id: UUID) -> str | Erased:
        return self._house.keys.open(value, log_id=self._house.info.log_id, stream_id=stream_id)

    def keep(self, affair_id: UUID, name: str, content: bytes) -> Paper:
        return _paper(self._house.attachments.put(affair_id, name, content))

    def paper(self, id_: UUID) -> Paper:
        return _paper(self._house.attachments.about(id_))

    def content(self, id_: UUID) -> bytes | Erased:
        opened = self._house.attachments.open(id_)
        return opened if isinstance(opened, Erased) else opened[1]

    def wait(self, position: int, seconds: float) -> bool:
        with _available():
            return self._house.follower.wait_for(position, seconds)

    def head(self) -> int:
        with _available():
            return self._house.log.head()

    def level(self) -> Level:
        with _available():
            position, head = self._house.follower.position(), self._house.log.head()
            waiting = self._house.log.read(position, 1) if position < head else []
            parked = Counter(one.view for one in self._house.follower.parked())
        since = self.now() - waiting[0].recorded_at if waiting else None
        return Level(
            head=head,
            position=position,
            behind_events=max(0, head - position),
            behind_seconds=max(0.0, since.total_seconds()) if since else 0.0,
            parked={view.name: parked[view.name] for view in self._house.follower.views},
        )

    def due_backlog(self) -> int:
        with _available():
            return self._house.queries.due_backlog(self.now())

    def describe(self) -> dict[str, Any]:
        with _available():
            info = self._house.info
        return {"kind": info.kind, "anchor": info.anchor}

    def refresh(self) -> None:
        with _available():
            self._house.reference.refresh()


def _paper(kept: Any) -> Paper:
    return Paper(
        id=kept.id,
        subject=kept.subject,
        media_type=kept.media_type,
        size=kept.size,
        name=kept.name,
    )


# What a query raises where the database is away; the log has its own words for it.
@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StorageUnavailable(type(error).__name__) from error


def _lifespan(house: House, background: Sequence[Background], journal: Journal) -> Any:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        stop = threading.Event()
        threads = [
            threading.Thread(target=_watched, args=(run, stop, journal), name=_name(run))
            for run in background
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            house.log.wake()
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
