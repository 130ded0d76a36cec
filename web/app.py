"""The web application of one district: the API, the first pages, and what watches over both.

The only module of the web that knows the house; everything else asks it through `web.ports`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError

from adapters.event_store import StoredRow
from adapters.history import as_of
from adapters.house import House
from adapters.offerings import Offerings
from adapters.projector.state import OTHERS
from adapters.relations import Relations
from adapters.tallies import Counts, Tallies
from adapters.trail import TrailWanted
from adapters.trials import Trials
from domain.affair.commands import Command
from domain.affair.state import Affair
from domain.errors import Malformed, NotFound, Refusal, StorageUnavailable, Unreadable
from domain.line import LinePublished
from domain.log import Receipt, Recorded
from domain.offering import Offering, Place
from domain.personal import Erased, Personal
from domain.ports import Calendar
from projections.affair_page import AffairPageRow
from projections.catalogue import ALL
from projections.indicators import Figure
from projections.offerings import OfferingRow
from projections.visits import VisitFactRow
from projections.worklist import OPEN, Alike, Wanted, WorklistRow
from web import health, pages, problems
from web.answers import HistoryEntry, ProblemAnswer
from web.api.routers import ROUTERS
from web.background import Background, lifespan_of
from web.front import Front
from web.journal import Journal
from web.levels import Appends, Counted, Level
from web.metrics import Metrics
from web.openapi import complete
from web.people import People
from web.ports import AskedTrail, Listing, Paper, Trail, Unassigned, Unread
from web.rates import Rates
from workflows.booking import booking, offering_of
from workflows.machine import CompiledLine
from workflows.organisation import Organisation
from workflows.publication import Drafts
from workflows.rights import Scope


def create_app(
    house: House,
    *,
    background: Sequence[Background] = (),
    log: Any = None,
) -> FastAPI:
    """The application of an open house, which stays the caller's to close.

    background: what runs beside the requests while the application is up, each in a thread,
        until the event is set: the worker, where it is embedded.
    log: takes the record of requests; JSON lines on standard error by default.
    """
    journal, metrics = Journal(log), Metrics()
    office = HouseOffice(house, metrics)
    metrics.watch(office.level, office.due_backlog, office.appends)
    app = FastAPI(
        title="Tenlines 十条线",
        summary="Affairs of a community office: every affair a chain of events, every step with "
        "its law.",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,
        lifespan=lifespan_of(house.log.wake, (house.reference.follow, *background), journal),
    )
    app.state.office, app.state.metrics = office, metrics
    app.state.rates = Rates(house.settings.limits, metrics, house.porter.refused)
    app.state.problem_page = pages.problem_page
    problems.enter(app)
    for router in (*ROUTERS, health.router):
        # As they are, for the prefix stands in each: to include them costs every request a search.
        app.router.routes.extend(router.routes)
    pages.enter(app)
    complete(app, (ProblemAnswer, HistoryEntry))
    app.add_middleware(Front, journal=journal, metrics=metrics)
    return app


class HouseOffice:
    """A house as the routes ask it (`web.ports.Office`)."""

    def __init__(self, house: House, metrics: Metrics) -> None:
        self._house, self._metrics = house, metrics
        self.accounts, self.porter = house.people, house.porter
        self.preferences = house.door.preferences
        self._tallies = Tallies(house.log.database)
        self._relations = Relations(house.log.database, house.follower.database)
        self.trials = Trials(house.log.database, house.history, house.desk, house.now)

    @property
    def people(self) -> People:
        return self._house.people

    def now(self) -> datetime:
        return self._house.now()

    def new_id(self) -> UUID:
        return self._house.new_id()

    async def run(self, command: Command) -> Receipt:
        with self._metrics.command(type(command).__name__), _available():
            return await self._house.desk.run_async(command)

    def run_many(self, commands: Sequence[Command]) -> Sequence[Receipt | Refusal]:
        with self._metrics.command("Many"), _available():
            return self._house.desk.run_many(commands)

    @property
    def organisation(self) -> Organisation:
        return self._house.reference.organisation

    @property
    def calendar(self) -> Calendar:
        return self._house.reference.calendar

    def line_codes(self) -> Sequence[str]:
        return self._house.reference.lines.codes()

    def line_in_force(self, code: str, on: date) -> CompiledLine:
        return self._house.reference.lines.in_force(code, on)

    def line_version(self, code: str, version: str) -> CompiledLine:
        return self._house.reference.lines.version(code, version)

    def line_versions(self, code: str) -> Sequence[LinePublished]:
        return tuple(self._house.reference.lines.publications(code))

    @property
    def drafts(self) -> Drafts:
        return self._house.reference.drafts

    def lines_in_force(self, on: date) -> Sequence[CompiledLine]:
        found = []
        for code in sorted(self._house.reference.lines.codes()):
            try:
                found.append(self.line_in_force(code, on))
            except (NotFound, Unreadable):
                continue
        return found

    def worklist(self, scope: Scope, wanted: Wanted) -> Listing:
        with _available():
            page = self._house.queries.worklist(scope, wanted)
        return Listing(page.rows, page.next)

    def counts(
        self, scope: Scope, account: str, midnight: datetime, wanted: Wanted = OPEN
    ) -> Counts:
        with _available():
            return self._tallies(scope, account, self.now(), midnight, wanted)

    def affair(self, scope: Scope, key: UUID | str) -> AffairPageRow:
        with _available():
            return self._house.queries.affair(scope, key)

    def place(self, affair_id: UUID, affair: Affair) -> Place | None:
        line = self.procedure(affair)
        if line.places is None:
            return None
        with _available():
            booked = booking(self._house.desk, line, affair, affair_id, self.now())
        return booked.place if booked else None

    def offering(self, offering_id: UUID) -> tuple[Offering, int]:
        with _available():
            return offering_of(self._house.desk, offering_id)

    def offerings(self, matter: str) -> Sequence[OfferingRow]:
        with _available():
            return Offerings(self._house.log.database).coming(self.now(), matter=matter)

    def run_by(self, unit: str, since: datetime) -> Sequence[OfferingRow]:
        with _available():
            return Offerings(self._house.log.database).run_by(unit, since)

    def unassigned(self, scope: Scope) -> Sequence[Unassigned]:
        with _available():
            return self._house.queries.unassigned(scope)

    def related(self, scope: Scope, row: AffairPageRow) -> Sequence[tuple[str, WorklistRow]]:
        with _available():
            return self._relations.of(scope, row)

    def alike(self, scope: Scope, matter: str, place: str, since: datetime, aside: UUID) -> Alike:
        with _available():
            return self._relations.alike(scope, matter, place, since, aside)

    def visit(self, visit_id: UUID) -> VisitFactRow | None:
        with _available():
            return self._relations.visit(visit_id)

    def standing(self, affair_id: UUID) -> tuple[Affair, int]:
        with _available():
            return self._house.desk.affairs.get(affair_id)

    def procedure(self, affair: Affair) -> CompiledLine:
        identity = affair.identity
        if identity.accepted_at is not None:
            return self.line_version(identity.line, identity.line_version)
        try:
            procedure = self._house.desk.procedure(affair, self._house.now())
        except Malformed:
            # No version covers today: it is read by the one that it was registered under.
            return self.line_version(identity.line, identity.line_version)
        return self.line_version(procedure.line, procedure.version)

    def life(
        self,
        affair_id: UUID,
        occurred_by: datetime | None = None,
        known_by: datetime | None = None,
    ) -> Sequence[Recorded | Unread]:
        unread: list[Unread] = []

        def met(row: StoredRow, why: Unreadable) -> None:
            self._house.unread.met(why)
            unread.append(Unread(row.position, row.version, row.topic, row.recorded_at, why))

        with _available():
            read = self._house.history.batch(self._house.log.read_stream(affair_id), met)
        kept: list[Recorded | Unread] = [*as_of(read, occurred_by, known_by)]
        # When an unread event occurred is not known: it is told wherever it was known.
        kept += [one for one in unread if known_by is None or one.recorded_at <= known_by]
        return sorted(kept, key=lambda one: one.version)

    def statistics(
        self, scope: Scope, start: date, end: date, *, line: str, unit: str
    ) -> dict[str, Figure]:
        with _available():
            return self._house.queries.statistics(scope, start, end, line=line, unit=unit)

    def uncounted(self) -> int:
        with _available():
            return self._house.uncounted()

    def stale(self) -> frozenset[UUID]:
        with _available():
            return self._house.stale()

    def audit(self, scope: Scope, asked: AskedTrail) -> Trail:
        with _available():
            found = self._house.queries.audit(scope, TrailWanted(**asdict(asked)))
        return Trail(found.rows, found.numbers, found.lines, found.next)

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
            found = self._house.parked()
        parked = Counter(one.view for one in found)
        since = self.now() - waiting[0].recorded_at if waiting else None
        return Level(
            head=head,
            position=position,
            behind_events=max(0, head - position),
            behind_seconds=max(0.0, since.total_seconds()) if since else 0.0,
            parked={name: parked[name] for name in (*(view.name for view in ALL), *OTHERS)},
            parked_streams=len({one.stream_id for one in found}),
        )

    def due_backlog(self) -> int:
        with _available():
            return self._house.queries.due_backlog(self.now())

    def appends(self) -> Appends:
        measures = self._house.log.measures
        return Appends(
            *(Counted(one.up_to(), one.total) for one in (measures.seconds, measures.commands))
        )

    def describe(self) -> dict[str, Any]:
        with _available():
            info = self._house.info
        return {"kind": info.kind, "anchor": info.anchor}

    def check_keys(self) -> None:
        with _available():
            self._house.keys.check()

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
