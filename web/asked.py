"""What a page can be asked: the names in its address that its route knows, and no others."""

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request

from web.language import COOKIE

OF_ALL = frozenset({COOKIE, "done", "of_version"})
"""What every page may be asked: its language, the deed that led to it, the version it corrects."""


def only_known(request: Request) -> None:
    """Raises RequestValidationError for the names that the route does not know.

    A misspelt filter would otherwise show more than was asked for.
    """
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    unknown = sorted(request.query_params.keys() - OF_ALL.union(_known(route.dependant)))
    if unknown:
        raise RequestValidationError(
            [{"type": "extra_forbidden", "loc": ("query", name)} for name in unknown]
        )


def _known(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        shape = field.field_info.annotation
        if isinstance(shape, type) and issubclass(shape, BaseModel):
            yield from (one.alias or name for name, one in shape.model_fields.items())
        yield field.alias
    for inner in dependant.dependencies:
        yield from _known(inner)
