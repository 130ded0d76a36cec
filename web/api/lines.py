"""Lines of service as they were published. They are public knowledge: any account may read."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from domain.clock import local_day
from web import answers as a
from web.api import PREFIX, drafts
from web.api.requests import LineQuery
from web.api.routes import problems
from web.entrance import Caller, OfficeOf
from web.telling import name_of
from workflows.loading import definition
from workflows.machine import CompiledLine

router = APIRouter(prefix=PREFIX, tags=["lines"])

router.routes.extend((*drafts.router.routes, *drafts.writing.routes))

CODE = r"^[A-Z]{2}$"


@router.get("/lines", responses=problems(401, 422, 500, 503))
def lines(who: Caller, office: OfficeOf) -> a.Lines:
    """The lines in force today."""
    in_force = office.lines_in_force(local_day(office.now()))
    return a.Lines(items=[a.LineSummary(**_summary(line)) for line in in_force])


@router.get("/lines/{code}", responses=problems(401, 404, 422, 500, 503))
def line(
    code: Annotated[str, Path(pattern=CODE)],
    query: Annotated[LineQuery, Query()],
    who: Caller,
    office: OfficeOf,
) -> a.LineDetail:
    """A line with its whole definition: the version named, or the one in force on a day."""
    if query.version is not None:
        found = office.line_version(code, query.version)
    else:
        found = office.line_in_force(code, query.on or local_day(office.now()))
    return a.LineDetail(**_summary(found), definition=json.loads(definition(found.spec)))


def _summary(line: CompiledLine) -> dict[str, Any]:
    spec = line.spec
    return {
        "code": spec.code,
        "version": spec.version,
        "name": name_of(spec.names),
        "valid_from": spec.valid.since,
        "valid_to": spec.valid.to,
        "matters": [
            a.Matter(
                code=code,
                name=name_of(matter),
                materials=[name_of(material) for material in matter.materials],
            )
            for code, matter in spec.matters.items()
        ],
    }
