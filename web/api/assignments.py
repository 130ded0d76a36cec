"""Who is given which affairs: what waits for somebody, and many assigned at once."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.errors import Refusal
from domain.log import Receipt
from web import answers as a
from web.api import PREFIX
from web.api.direct import Call, CallOfNew
from web.api.requests import AssignmentRequest
from web.api.routes import WRITING, problems
from web.assigning import Assignment, Outcome, carried_out
from web.entrance import Caller, OfficeOf, reach
from web.language import language_of
from web.problems import problem_of
from web.words import Words, words_of
from workflows.rights import ASSIGN

router = APIRouter(prefix=PREFIX, tags=["affairs"])


@router.get("/assignments", responses=problems(401, 403, 422, 500, 503))
def unassigned(who: Caller, office: OfficeOf) -> a.Unassigned:
    """Affairs that the asker may assign and nobody is assigned to, those due first."""
    waiting = office.unassigned(reach(who, ASSIGN))
    return a.Unassigned(
        items=[
            a.UnassignedAffair(
                id=one.id,
                number=one.number,
                line=one.line,
                due_at=one.due_at,
                restricted=one.restricted,
            )
            for one in waiting
        ]
    )


@router.post(
    "/assignments",
    status_code=207,
    response_model=a.Assignments,
    responses={
        207: {"description": "Each affair by itself: stored, stored before, or refused."},
        **problems(*(status for status in WRITING if status not in (404, 409, 412))),
    },
)
def assign(body: AssignmentRequest, request: Request, call: CallOfNew) -> Response:
    """Make one account responsible for up to a hundred affairs. One that is refused spoils no
    other. The Idempotency-Key holds for each of them."""
    words = words_of(language_of(request))
    asked = Assignment(
        affairs=body.affairs,
        account=body.account,
        reason=body.reason,
        occurred_at=body.occurred_at,
        command_id=call.command,
    )
    results = [_told(one, call, words) for one in carried_out(call.office, call.who, asked)]
    return JSONResponse(a.Assignments(results=results).model_dump(mode="json"), 207)


def _told(outcome: Outcome, call: Call, words: Words) -> a.AssignmentResult:
    if isinstance(outcome.answer, Refusal):
        return _refused(outcome.key, outcome.answer, words)
    assert outcome.affair_id, "what was stored was found"
    return _stored(outcome.key, outcome.answer, outcome.affair_id, call)


def _stored(key: str, receipt: Receipt, id_: UUID, call: Call) -> a.AssignmentResult:
    affair, version = call.office.standing(id_)
    stored = a.AffairStored(
        command_id=receipt.command_id,
        position=receipt.last,
        version=receipt.versions.get(id_, version),
        recorded_at=receipt.recorded_at,
        repeated=receipt.repeated,
        affair_id=id_,
        number=affair.identity.number,
    )
    return a.AssignmentResult(affair=key, status=200, stored=stored, problem=None)


def _refused(key: str, refusal: Refusal, words: Words) -> a.AssignmentResult:
    problem = problem_of(refusal, words)
    told = a.ProblemAnswer(**problem.body())
    return a.AssignmentResult(affair=key, status=problem.status, stored=None, problem=told)
