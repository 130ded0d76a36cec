"""The indicators of a period, in the shape of `tenlines stats --json`."""

from typing import Annotated

from fastapi import APIRouter, Query

from domain.errors import Malformed
from web import answers as a
from web.api import PREFIX
from web.api.requests import StatisticsQuery
from web.api.routes import READING, known_line, known_unit, level, problems
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
    line, unit = known_line(office, query.line), known_unit(office, query.unit)
    level(office, query.after)
    figures = office.statistics(scope, query.start, query.end, line=line, unit=unit)
    return a.Statistics(
        period=a.Period(start=query.start, end=query.end),
        scope=a.Cut(line=line, unit=unit),
        indicators={name: a.Figure(**figure) for name, figure in figures.items()},
        parked=office.uncounted(),
    )
