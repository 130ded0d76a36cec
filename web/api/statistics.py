"""The indicators of a period, in the shape of `tenlines stats --json`."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException

from domain.errors import Malformed
from web import answers as a
from web.api import PREFIX
from web.api.conditions import WAIT_SECONDS
from web.api.requests import StatisticsQuery
from web.api.routes import READING, known_unit, problems
from web.entrance import Caller, OfficeOf, reach

router = APIRouter(prefix=PREFIX, tags=["statistics"])


@router.get("/statistics", response_model_by_alias=True, responses=problems(*READING))
def statistics(
    query: Annotated[StatisticsQuery, Query()], who: Caller, office: OfficeOf
) -> a.Statistics:
    """What the period comes to within the asker's reach. `value` is null where nothing can be
    said. 503 where `after` was asked for and the views have not come so far in five seconds."""
    scope = reach(who, "statistics")
    if query.end < query.start:
        raise Malformed("to", f"not before {query.start}")
    unit = known_unit(office, query.unit)
    if query.after is not None:
        if query.after > office.head():
            raise Malformed("after", "a position that the log has")
        if not office.wait(query.after, WAIT_SECONDS):
            raise HTTPException(503, headers={"Retry-After": "2"})
    figures = office.statistics(scope, query.start, query.end, line=query.line or "", unit=unit)
    return a.Statistics(
        period=a.Period(start=query.start, end=query.end),
        scope=a.Cut(line=query.line or "", unit=unit),
        indicators={name: a.Figure(**figure) for name, figure in figures.items()},
    )
