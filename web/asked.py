"""What a page can be asked: the names in its address that its route knows, each of them once."""

from collections import Counter
from collections.abc import Iterable, Iterator

from fastapi import Depends
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request

from web.language import COOKIE

OF_ALL = frozenset({COOKIE, "done", "of_version"})
"""What every page may be asked: its language, the deed that led to it, the version it corrects."""
CONDITIONS = ("Idempotency-Key", "If-Match")
"""Headers of which the first alone would be read."""


def only_known(request: Request) -> None:
    """Raises RequestValidationError for the names that the route does not know, and for those
    that stand twice, conditions too.

    A misspelt filter would otherwise show more than was asked for, and one of two be left out.
    """
    headers = request.headers
    faults = [("given_twice", "header", name) for name in CONDITIONS if headers.getlist(name)[1:]]
    route = request.scope.get("route")
    if request.query_params and isinstance(route, APIRoute):
        unknown = {*request.query_params}.difference(OF_ALL, known(route.dependant))
        faults += [("extra_forbidden", "query", name) for name in sorted(unknown)]
        faults += _repeated(request)
    _refuse(faults)


async def _only_known(request: Request) -> None:
    only_known(request)


async def _once(request: Request) -> None:
    _refuse(_repeated(request))


ONLY_KNOWN, ONCE = Depends(_only_known), Depends(_once)
"""For routes that do not ask first who is in; the second where others choose the names."""


async def _form_once(request: Request) -> None:
    if request.method == "POST":
        names = [name for name, _ in (await request.form()).multi_items()]
        _refuse([("given_twice", "body", name) for name in _twice(names)])


FORM_ONCE = Depends(_form_once)
"""For routes with a form of FastAPI's, which reads the last of two fields and leaves the other."""


def _repeated(request: Request) -> list[tuple[str, str, str]]:
    names = [name for name, _ in request.query_params.multi_items()]
    return [("given_twice", "query", name) for name in _twice(names)]


def _twice(names: list[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _refuse(faults: Iterable[tuple[str, str, str]]) -> None:
    if told := [{"type": kind, "loc": (place, name)} for kind, place, name in faults]:
        raise RequestValidationError(told)


def known(dependant: Dependant) -> Iterator[str]:
    """The names that a route knows in its address."""
    for field in dependant.query_params:
        shape = field.field_info.annotation
        if isinstance(shape, type) and issubclass(shape, BaseModel):
            yield from (one.alias or name for name, one in shape.model_fields.items())
        else:
            yield field.alias
    for inner in dependant.dependencies:
        yield from known(inner)
