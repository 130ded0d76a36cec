"""What an affair has to do with: other affairs that the reader may see, the visit or affair it
came from, the orders of supervision."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.affair.commands import NIL
from domain.affair.events import Supervised, SupervisionAnswered
from domain.clock import local_day
from domain.errors import NotFound
from domain.log import Recorded
from projections.worklist import WorklistRow
from web.entrance import OfficeOf, Visitor
from web.inside import outside
from web.pages.case import Case, Key, case_of, show
from web.pages.rows import tag_of
from web.pages.worklist import shortened
from web.timeline import Moment
from workflows.machine import CompiledLine

router = APIRouter(include_in_schema=False)

HOW = ("into", "from", "origin", "opened", "applicant")


@dataclass(frozen=True, slots=True)
class Related:
    """Another affair."""

    number: str
    line: str
    title: str
    matter: str
    state: str
    tag: str
    registered: str


@router.get("/affairs/{affair}/relations")
def relations(affair: Key, request: Request, who: Visitor, office: OfficeOf) -> Response:
    """Other affairs by how they belong to this one; where it came from; supervision."""
    case = case_of(request, who, office, affair)
    found = office.related(case.scope, case.row)
    groups = [
        (how, [_related(case, row) for kind, row in found if kind == how])
        for how in HOW
        if any(kind == how for kind, _ in found)
    ]
    return show(
        request,
        case,
        "relations",
        groups=groups,
        elsewhere=_elsewhere(case, {kind for kind, _ in found}),
        source=_source(case),
        orders=_orders(case),
        outside=outside(who.actor.role),
    )


def _related(case: Case, row: WorklistRow) -> Related:
    words, line = case.words, _line(case, row.line)
    summary = case.teller.opened(row.affair_id).field("summary", row.summary)
    return Related(
        number=row.number,
        line=row.line,
        title=shortened(summary),
        matter=words.label(line.spec.matters[row.matter])
        if line and row.matter in line.spec.matters
        else row.matter,
        state=words.label(line.states[row.state])
        if line and row.state in line.states
        else row.state,
        tag=tag_of(row, case.watch.of_row(row, line)),
        registered=words.moment(row.registered_at),
    )


def _line(case: Case, code: str) -> CompiledLine | None:
    try:
        return case.office.line_in_force(code, local_day(case.watch.now))
    except NotFound:
        return None


# That it goes on elsewhere is said by its own record; where, only to who may see the other one.
def _elsewhere(case: Case, kinds: set[str]) -> bool:
    return case.row.merged_into is not None and "into" not in kinds


def _source(case: Case) -> str:
    row, words = case.row, case.words
    told = words(f"source.{row.source}")
    visit = case.office.visit(row.origin_id) if row.origin_id != NIL else None
    if visit is None:
        return told
    return words(
        "relations.visit",
        source=told,
        moment=words.moment(visit.occurred_at),
        who=case.teller.staff(visit.by),
    )


def _orders(case: Case) -> list[Moment]:
    storyteller = case.storyteller()
    return [
        storyteller.moment(seen)
        for seen in reversed(case.life)
        if isinstance(seen, Recorded) and isinstance(seen.event, Supervised | SupervisionAnswered)
    ]
