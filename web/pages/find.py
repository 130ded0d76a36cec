"""Search by number: straight to the affair, or plainly that there is none."""

import re
import unicodedata
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, StringConstraints
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain.errors import NotFound
from web.api.texts import one_line, storable
from web.entrance import OfficeOf, Visitor, reach
from web.pages.frame import render

router = APIRouter(include_in_schema=False)

_Number = Annotated[
    str, StringConstraints(max_length=64), AfterValidator(storable), AfterValidator(one_line)
]

_PARTS = re.compile(r"([A-Z]{2})[-\u2010-\u2015\u2212]?([0-9]{4})[-\u2010-\u2015\u2212]?([0-9]+)")
"""Line, year and number in the year, however they are kept apart."""


@router.get("/find")
def find(
    request: Request, who: Visitor, office: OfficeOf, number: Annotated[_Number, Query()] = ""
) -> Response:
    """The affair of that number. Out of reach is answered like one that does not exist."""
    scope = reach(who, "view_affair")
    wanted = told_number(number)
    if not wanted:
        return render(request, "find.html", who, number="", missing=False)
    try:
        row = office.affair(scope, wanted)
    except NotFound:
        return render(request, "find.html", who, status=404, number=wanted, missing=True)
    return RedirectResponse(f"/affairs/{row.number}", 303)


def told_number(typed: str) -> str:
    """A number as it is kept: `ｃｇ－2011－0001 `, `cg 2011 1`, `CG20110001` are CG-2011-0001."""
    typed = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    parts = _PARTS.fullmatch(typed)
    return "{}-{}-{:0>4}".format(*parts.groups()) if parts else typed
